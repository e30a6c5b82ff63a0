//! After an older copy was put back: what was lost is told by the second place, and accepted by somebody who answers for it.

use super::second_place::outside;
use super::{When, internal};
use crate::app::App;
use crate::app::error::{AppError, FieldError};
use crate::app::set_up::Change;
use crate::audit::verify::Claim;
use crate::crypto::hex;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::By;
use crate::domain::ids::{AgencyId, PersonId};
use crate::domain::record_event::RestoreAccepted;
use crate::domain::role::Role;
use crate::store::{Key, SetUpChange};

impl App {
    /// Accepts that the end of an agency's record was lost: an event names who answers for it and the gap, signed by the key of
    /// the checkpoints. Then checkpoints are made again.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when there is no second place, when nothing is missing, and when `username` is not one of the agency's
    /// system administrators.
    pub async fn accept_restore(
        &self,
        agency: AgencyId,
        username: &str,
    ) -> Result<RestoreAccepted, AppError> {
        let Some(folder) = self.checkpoint_dir.clone() else {
            return Err(invalid(
                "/checkpoints",
                "没有检查点第二存放处。",
                "There is no second place (GONGKAI_CHECKPOINT_DIR).",
            ));
        };
        let known = self.agency(agency).await?;
        let operator = self.operator(agency, username).await?;
        let (read, id) = (folder.clone(), agency.0);
        let found = tokio::task::spawn_blocking(move || outside(&read, id)).await.map_err(internal)?;
        let claims = found.map_err(internal)?.claims;
        let Some(lost) = claims.last().map(|claim| claim.signed.checkpoint.clone()) else {
            return Err(nothing_missing());
        };
        let (kept, kept_link) = self.last_common(agency, &claims).await?;
        if kept == lost.head.seq {
            return Err(nothing_missing());
        }
        let keys = self.signing_keys(&known).await?;
        let mut accepted = RestoreAccepted {
            kept,
            kept_link,
            lost: lost.head.seq,
            lost_link: lost.head.link.to_string(),
            lost_at: lost.at,
            operator,
            signature: String::new(),
        };
        let key = keys.last().ok_or_else(|| internal("there is no key"))?;
        let signature = key.sign(accepted.statement(agency).as_bytes()).map_err(internal)?;
        accepted.signature = hex::encode(&signature);
        self.change(Change {
            agency,
            zone: known.zone,
            // Whoever sits at the server says so; that it was this person, the event claims and does not prove.
            by: By::Operator,
            events: vec![AgencyEvent::RestoreAccepted(accepted.clone())],
            rows: SetUpChange::Nothing,
            retry: None,
        })
        .await?;
        self.checkpoints_now(&known, When::Now).await?;
        self.go_on_from(agency, &folder, i64::try_from(kept).map_err(internal)?).await?;
        Ok(accepted)
    }

    /// The newest checkpoint outside through which the chain still passes; event 0 and no link when there is none.
    async fn last_common(&self, agency: AgencyId, claims: &[Claim]) -> Result<(u64, String), AppError> {
        for claim in claims.iter().rev() {
            let head = claim.signed.checkpoint.head;
            let seq = i64::try_from(head.seq).map_err(internal)?;
            let row = self.store.events_between(Key(agency.0), seq.saturating_sub(1), seq).await?.pop();
            if row.is_some_and(|row| row.agency_seq == seq && row.agency_link == head.link.as_bytes()) {
                return Ok((head.seq, head.link.to_string()));
            }
        }
        Ok((0, String::new()))
    }

    /// The person with this sign-in name, who must be a system administrator there.
    async fn operator(&self, agency: AgencyId, username: &str) -> Result<PersonId, AppError> {
        let wrong = || {
            let en = "This is no system administrator of the agency.";
            invalid("/operator", "该用户不是本机关的系统管理员。", en)
        };
        let account = self.store.account_by_username(username.to_owned()).await?.ok_or_else(wrong)?;
        let grants = self.store.grants_of_person(account.person_id).await?;
        let is_one = grants.iter().any(|grant| {
            grant.agency_id == Key(agency.0) && Role::parse(&grant.role) == Some(Role::SystemAdmin)
        });
        if is_one { Ok(PersonId(account.person_id.0)) } else { Err(wrong()) }
    }
}

fn nothing_missing() -> AppError {
    invalid("/checkpoints", "没有缺失的事件。", "No event is missing: there is nothing to accept.")
}

fn invalid(pointer: &str, zh: &str, en: &str) -> AppError {
    AppError::Invalid(vec![FieldError::new(pointer, "unknown_value", zh, en)])
}
