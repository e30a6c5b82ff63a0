//! Who may do what, as an agency's events say it and as its rows say it. The rows decide at every request; whoever writes the database
//! can change them, and cannot change the events. So the two are compared (`gongkai audit verify`).
//!
//! Not compared, since no event says it: names, passwords, the secrets themselves, and to whom at the identity provider an account
//! is bound.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;

use crate::domain::agency_event::{AgencyEvent, RoleHeld};
use crate::domain::ids::{AccountId, DelegationId, DepartmentId, PersonId, PortalId};
use crate::domain::role::Role;
use crate::domain::sensitivity::Sensitivity;

/// One thing that holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// There is this account, and whose it is.
    Account(AccountId, PersonId),
    /// It holds a role, in one department or in all.
    Role(AccountId, String, Option<DepartmentId>),
    /// It holds a role as somebody who is not its person. No event says so of anybody.
    RoleAsAnother(AccountId, String, PersonId),
    /// It may not sign in.
    Disabled(AccountId),
    /// It may read cases up to this label, which is not the lowest.
    Clearance(AccountId, Sensitivity),
    /// It has a second factor.
    SecondFactor(AccountId),
    /// It is bound to somebody at the identity provider.
    Bound(AccountId),
    /// Somebody's steps of review are delegated.
    Delegation(DelegationId, PersonId, PersonId, NaiveDate, NaiveDate),
    /// A delegation was ended before its last day.
    DelegationEnded(DelegationId),
    /// There is this portal, with its account.
    Portal(PortalId, AccountId),
    /// It is closed.
    PortalClosed(PortalId),
    /// It got its secret of this number.
    PortalSecret(PortalId, i32),
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account, person) => write!(f, "account {account} is person {person}'s"),
            Self::Role(account, role, None) => write!(f, "account {account} is {role}"),
            Self::Role(account, role, Some(department)) => {
                write!(f, "account {account} is {role} in department {department}")
            }
            Self::RoleAsAnother(account, role, person) => {
                write!(f, "account {account} is {role} as person {person}, whose it is not")
            }
            Self::Disabled(account) => write!(f, "account {account} is disabled"),
            Self::Clearance(account, to) => write!(f, "account {account} is cleared up to {}", to.code()),
            Self::SecondFactor(account) => write!(f, "account {account} has a second factor"),
            Self::Bound(account) => write!(f, "account {account} is bound at the identity provider"),
            Self::Delegation(id, from, to, starts, ends) => {
                write!(f, "delegation {id} from person {from} to person {to}, {starts} to {ends}")
            }
            Self::DelegationEnded(id) => write!(f, "delegation {id} was ended early"),
            Self::Portal(portal, account) => write!(f, "portal {portal} has account {account}"),
            Self::PortalClosed(portal) => write!(f, "portal {portal} is closed"),
            Self::PortalSecret(portal, n) => write!(f, "portal {portal} has a secret of number {n}"),
        }
    }
}

/// All that holds at an agency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights(BTreeSet<Right>);

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

impl Rights {
    /// What an event makes of them.
    ///
    /// ```
    /// use gongkai::audit::rights::Rights;
    /// use gongkai::domain::agency_event::{AgencyEvent, DisabledWhy};
    /// use gongkai::domain::ids::AccountId;
    ///
    /// let account = AccountId(uuid::Uuid::from_u128(7));
    /// let mut rights = Rights::default();
    /// rights.after(&AgencyEvent::AccountDisabled { account, why: DisabledWhy::Administrator });
    /// assert_eq!(rights.unlike(&Rights::default()).len(), 1, "the rows say that it may sign in");
    /// ```
    pub fn after(&mut self, event: &AgencyEvent) {
        match event {
            AgencyEvent::AccountCreated { account, person, roles } => {
                self.0.insert(Right::Account(*account, *person));
                self.hold(*account, roles);
            }
            AgencyEvent::RolesChanged { account, roles } => {
                self.0.retain(|right| !matches!(right, Right::Role(holder, ..) if holder == account));
                self.hold(*account, roles);
            }
            AgencyEvent::ClearanceSet { account, from: _, to } => {
                self.0.retain(|right| !matches!(right, Right::Clearance(holder, _) if holder == account));
                self.put(Right::Clearance(*account, *to), *to > Sensitivity::Ordinary);
            }
            AgencyEvent::AccountDisabled { account, why: _ } => self.put(Right::Disabled(*account), true),
            AgencyEvent::AccountEnabled { account } => self.put(Right::Disabled(*account), false),
            AgencyEvent::SecondFactorSet { account } => self.put(Right::SecondFactor(*account), true),
            AgencyEvent::SecondFactorReset { account } => self.put(Right::SecondFactor(*account), false),
            AgencyEvent::AccountBound { account } => self.put(Right::Bound(*account), true),
            AgencyEvent::AccountUnbound { account } => self.put(Right::Bound(*account), false),
            AgencyEvent::ReviewDelegated { delegation, from, to, starts_on, ends_on } => {
                self.put(Right::Delegation(*delegation, *from, *to, *starts_on, *ends_on), true);
            }
            AgencyEvent::DelegationEnded { delegation } => {
                self.put(Right::DelegationEnded(*delegation), true);
            }
            AgencyEvent::PortalOpened { portal, account } => {
                self.put(Right::Portal(*portal, *account), true);
                self.put(Right::Role(*account, Role::Portal.code().to_owned(), None), true);
            }
            AgencyEvent::PortalSecretIssued { portal, n, overlap_hours: _ } => {
                self.put(Right::PortalSecret(*portal, *n), true);
            }
            AgencyEvent::PortalClosed { portal } => self.close(*portal),
            AgencyEvent::AgencyCreated { .. }
            | AgencyEvent::DepartmentCreated { .. }
            | AgencyEvent::PasswordChanged { .. }
            | AgencyEvent::PasswordReset { .. }
            | AgencyEvent::SessionsEnded { .. }
            | AgencyEvent::ApplicantSearched { .. }
            | AgencyEvent::PersonalDataRevealed { .. }
            | AgencyEvent::IdentityProofOpened { .. }
            | AgencyEvent::CaseExported { .. }
            | AgencyEvent::AttachmentOpened(_)
            | AgencyEvent::CaseExportedWithFiles(_)
            | AgencyEvent::AccessesReported { .. }
            | AgencyEvent::KeyRotated { .. }
            | AgencyEvent::KeyRetired { .. }
            | AgencyEvent::ArchiveShelfSet { .. }
            | AgencyEvent::ReviewRouteSet { .. }
            | AgencyEvent::RemedyBodiesSet { .. }
            | AgencyEvent::LedgerImported { .. }
            | AgencyEvent::ReportEntered { .. }
            | AgencyEvent::DigestMade { .. }
            | AgencyEvent::NoticeSent { .. }
            | AgencyEvent::NoticeAnswered { .. }
            | AgencyEvent::NoticeReturned { .. }
            | AgencyEvent::NoticeClosed { .. }
            | AgencyEvent::ReportFrozen { .. }
            | AgencyEvent::Reorganised(_)
            | AgencyEvent::CasesTakenOver(_)
            | AgencyEvent::ReorganisationFinished(_)
            | AgencyEvent::CheckpointKeyMade(_)
            | AgencyEvent::RestoreAccepted(_) => {}
        }
    }

    fn put(&mut self, right: Right, holds: bool) {
        if holds {
            self.0.insert(right);
        } else {
            self.0.remove(&right);
        }
    }

    fn hold(&mut self, account: AccountId, roles: &[RoleHeld]) {
        self.0.extend(
            roles.iter().map(|held| Right::Role(account, held.role.code().to_owned(), held.department)),
        );
    }

    /// A portal that is closed signs in no more.
    fn close(&mut self, portal: PortalId) {
        let account = self.0.iter().find_map(|right| {
            if let Right::Portal(id, account) = right
                && *id == portal
            {
                Some(*account)
            } else {
                None
            }
        });
        self.put(Right::PortalClosed(portal), true);
        if let Some(account) = account {
            self.put(Right::Disabled(account), true);
        }
    }

    /// In what the rows are unlike these, which the events say: a sentence for each.
    pub fn unlike(&self, rows: &Self) -> Vec<String> {
        let only_events =
            self.0.difference(&rows.0).map(|it| format!("the events say, and no row does: {it}"));
        let only_rows = rows.0.difference(&self.0).map(|it| format!("a row says, and no event does: {it}"));
        only_events.chain(only_rows).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::agency_event::DisabledWhy;

    fn after(events: &[AgencyEvent]) -> Rights {
        let mut rights = Rights::default();
        for event in events {
            rights.after(event);
        }
        rights
    }

    #[test]
    fn roles_are_those_of_the_last_change() {
        let (account, person) = (AccountId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let held = |role| vec![RoleHeld { role, department: None }];
        let made = AgencyEvent::AccountCreated { account, person, roles: held(Role::Clerk) };
        let changed = AgencyEvent::RolesChanged { account, roles: held(Role::Approver) };
        let rows = |role: Role| -> Rights {
            [Right::Account(account, person), Right::Role(account, role.code().to_owned(), None)]
                .into_iter()
                .collect()
        };
        assert_eq!(after(&[made.clone(), changed.clone()]), rows(Role::Approver));
        let told = after(&[made, changed]).unlike(&rows(Role::Clerk));
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("the events say") && told[0].ends_with("is approver"), "{told:?}");
        assert!(told[1].starts_with("a row says") && told[1].ends_with("is clerk"), "{told:?}");
    }

    #[test]
    fn what_was_taken_away_holds_no_more() {
        let account = AccountId(Uuid::from_u128(1));
        let cleared = |from, to| AgencyEvent::ClearanceSet { account, from, to };
        let (low, high) = (Sensitivity::Ordinary, Sensitivity::HIGHEST);
        let events = [
            AgencyEvent::AccountDisabled { account, why: DisabledWhy::Dormant },
            AgencyEvent::AccountEnabled { account },
            AgencyEvent::SecondFactorSet { account },
            AgencyEvent::SecondFactorReset { account },
            AgencyEvent::AccountBound { account },
            AgencyEvent::AccountUnbound { account },
            cleared(low, high),
            cleared(high, low),
        ];
        assert_eq!(after(&events), Rights::default());
        for n in [1, 3, 5, 7] {
            assert_eq!(after(&events[..n]).unlike(&Rights::default()).len(), 1, "{n}");
        }
    }

    #[test]
    fn a_closed_portal_signs_in_no_more() {
        let (portal, account) = (PortalId(Uuid::from_u128(3)), AccountId(Uuid::from_u128(4)));
        let opened = AgencyEvent::PortalOpened { portal, account };
        let closed = after(&[opened, AgencyEvent::PortalClosed { portal }]);
        assert!(
            closed.0.contains(&Right::Disabled(account)) && closed.0.contains(&Right::PortalClosed(portal))
        );
    }
}
