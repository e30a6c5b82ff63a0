//! Verifying the record where it is stored: each agency's chain from its first event to its remembered head, and
//! each case's chain to the head its queue row remembers. An export is verified without a database (`audit::verify`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use uuid::Uuid;

use super::App;
use super::attempts::NOBODY;
use super::checkpoints::{internal, read_row, saved};
use super::error::AppError;
use super::progress::{Phase, Progress, Step};
use crate::audit::chain::{ChainId, Head, Link};
use crate::audit::checkpoint::CheckpointKey;
use crate::audit::rights::{Right, Rights};
use crate::audit::verify::{
    AttemptsWitnessed, Claim, ExpectedHeads, Finding, FindingKind, Report, SealedEvent, Verifier,
};
use crate::domain::ids::{AccountId, AgencyId, DelegationId, DepartmentId, PersonId, PortalId};
use crate::domain::sensitivity::Sensitivity;
use crate::store::{
    AgencyRow, CheckpointRow, EventRow, HeadRow, Key, RightsRows, Walker, recorded_of_agency,
};

/// What verification found at one agency.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The agency.
    pub agency: AgencyId,
    /// Its code.
    pub code: String,
    /// What its record amounts to, or what is wrong with it.
    pub outcome: Result<Report, Vec<Finding>>,
}

/// Which remembered ends the chains are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The agency's and those of all its cases.
    All,
    /// The agency's only: queue rows are not trusted, as when they are about to be derived again.
    AgencyOnly,
}

/// What a record is held against.
#[derive(Clone, Debug)]
pub struct Against {
    /// The remembered ends.
    pub ends: Ends,
    /// The second place, with the checkpoints that were written there.
    pub folder: Option<PathBuf>,
    /// The keys of checkpoints that count; those that the chain names when it is not said.
    pub keys: Option<Vec<CheckpointKey>>,
}

impl From<Ends> for Against {
    fn from(ends: Ends) -> Self {
        Self { ends, folder: None, keys: None }
    }
}

impl App {
    /// Verifies the record of every agency, in the order of their codes.
    ///
    /// # Errors
    /// When the database fails. What is wrong with the record is in the result.
    pub async fn verify_all(
        &self,
        against: impl Into<Against>,
        progress: &Progress,
    ) -> Result<Vec<Verified>, AppError> {
        let (against, mut verified, mut witnessed) = (against.into(), Vec::new(), Vec::new());
        for agency in self.store.agencies_all().await? {
            let (one, attempts) = self.verify_one(&agency, against.clone(), progress).await?;
            witnessed.extend(
                attempts
                    .into_iter()
                    .map(|told| (format!("{} (agency {})", told.place, agency.code), told.heads.nobody)),
            );
            verified.push(one);
        }
        let nobody = self.verify_attempts(NOBODY, witnessed).await?;
        if !nobody.is_empty() {
            let code = "(no agency)".to_owned();
            verified.push(Verified { agency: AgencyId(NOBODY), code, outcome: Err(nobody) });
        }
        Ok(verified)
    }

    /// Verifies the record of one agency, as it stands at one instant.
    ///
    /// # Errors
    /// When the database fails. What is wrong with the record is in the result.
    pub async fn verify_agency(
        &self,
        agency: &AgencyRow,
        against: impl Into<Against>,
        progress: &Progress,
    ) -> Result<Verified, AppError> {
        Ok(self.verify_one(agency, against.into(), progress).await?.0)
    }

    /// The same, and what its checkpoints say of attempts.
    async fn verify_one(
        &self,
        agency: &AgencyRow,
        against: Against,
        progress: &Progress,
    ) -> Result<(Verified, Vec<AttemptsWitnessed>), AppError> {
        let Against { ends, folder, keys } = against;
        let mut verifier = Verifier::new(ChainId::Agency(agency.id.0));
        if let Some(folder) = folder {
            let id = agency.id.0;
            let read = tokio::task::spawn_blocking(move || saved(&folder, id)).await;
            let found =
                read.map_err(internal)?.map_err(|error| internal(format!("the second place: {error}")))?;
            found.unreadable.into_iter().for_each(|message| verifier.unreadable(None, message));
            verifier.claim(found.claims);
        }
        if let Some(keys) = keys {
            verifier.trust(keys);
        }
        let walk = Walk {
            verifier,
            head: None,
            end: None,
            cases: (ends == Ends::All).then(BTreeMap::new),
            rights: Rights::default(),
            rows: Rights::default(),
            done: 0,
            total: 0,
            progress: progress.clone(),
        };
        let mut walk = self.store.agency_walk(agency.id, walk).await?;
        let end = walk.end.take();
        let rights = if ends == Ends::All { walk.other_rights() } else { Vec::new() };
        let (outcome, witnessed) = walk.finish();
        let forged = self.forged_end(agency, end).await?;
        let own = witnessed.iter().map(|told| (told.place.clone(), told.heads.own)).collect();
        let attempts = self.verify_attempts(agency.id.0, own).await?;
        let outcome = match outcome {
            Ok(report) if attempts.is_empty() && forged.is_empty() && rights.is_empty() => Ok(report),
            Ok(_) => Err([forged, rights, attempts].concat()),
            Err(findings) => Err([findings, forged, rights, attempts].concat()),
        };
        let verified = Verified { agency: AgencyId(agency.id.0), code: agency.code.clone(), outcome };
        Ok((verified, witnessed))
    }
}

impl App {
    /// What is wrong with the seal on the end of an agency's chain.
    async fn forged_end(&self, agency: &AgencyRow, end: Option<HeadRow>) -> Result<Vec<Finding>, AppError> {
        let Some(end) = end else { return Ok(Vec::new()) };
        let id = AgencyId(agency.id.0);
        self.agency(id).await?;
        if self.is_sealed(id, &end)? {
            return Ok(Vec::new());
        }
        Ok(vec![Finding {
            agency_seq: Some(place(end.seq)),
            case: None,
            case_seq: None,
            kind: FindingKind::HeadForged,
            message: "the end of the chain is not sealed by this program: what stands behind the last checkpoint may be forged"
                .to_owned(),
        }])
    }
}

/// A verification on its way through an agency's record.
struct Walk {
    verifier: Verifier,
    head: Option<Head>,
    /// The same as it is stored, with its seal.
    end: Option<HeadRow>,
    cases: Option<BTreeMap<Uuid, Head>>,
    /// Who may do what, as the events say it, and as the rows do.
    rights: Rights,
    rows: Rights,
    done: u64,
    total: u64,
    progress: Progress,
}

impl Walker for Walk {
    fn head(&mut self, head: Option<HeadRow>) {
        self.head = head.as_ref().map(|row| Head { seq: place(row.seq), link: link(&row.link) });
        self.end = head;
        self.total = self.head.map_or(0, |head| head.seq);
    }

    fn checkpoints(&mut self, rows: Vec<CheckpointRow>) {
        for row in rows {
            match read_row(&row) {
                Ok(kept) => {
                    let claim = Claim { place: "the database".to_owned(), signed: kept.signed };
                    self.verifier.claim([claim]);
                }
                Err(reason) => {
                    let message = format!("the checkpoint of the database at event {}: {reason}", row.size);
                    self.verifier.unreadable(u64::try_from(row.size).ok(), message);
                }
            }
        }
    }

    fn rights(&mut self, rows: RightsRows) {
        self.rows = rights_of(&rows);
    }

    fn events(&mut self, events: Vec<EventRow>) {
        for row in events {
            self.done = self.done.saturating_add(1);
            // One that cannot be read is found below.
            if row.case_id.is_none()
                && let Ok(event) = recorded_of_agency(&row)
            {
                self.rights.after(&event);
            }
            self.verifier.push(&sealed(row));
        }
        let total = self.total.max(self.done);
        (self.progress)(Step { phase: Phase::Verifying, done: self.done, total });
    }

    fn wants_cases(&self) -> bool {
        self.cases.is_some()
    }

    fn case_ends(&mut self, ends: Vec<(Key, i32, Vec<u8>)>) {
        let heads = ends
            .into_iter()
            .map(|(case, version, bytes)| (case.0, Head { seq: place(version.into()), link: link(&bytes) }));
        if let Some(cases) = &mut self.cases {
            cases.extend(heads);
        }
    }
}

impl Walk {
    /// Where the rows give other rights than the events.
    fn other_rights(&self) -> Vec<Finding> {
        let finding = |message| Finding {
            agency_seq: None,
            case: None,
            case_seq: None,
            kind: FindingKind::Rights,
            message,
        };
        self.rights.unlike(&self.rows).into_iter().map(finding).collect()
    }

    fn finish(self) -> (Result<Report, Vec<Finding>>, Vec<AttemptsWitnessed>) {
        let expected = ExpectedHeads { agency: self.head, cases: self.cases };
        let (outcome, witnessed) = self.verifier.finish_with_attempts(&expected);
        if self.head.is_some() {
            return (outcome, witnessed);
        }
        // Without it, a chain whose end was cut off would pass.
        let mut findings = outcome.err().unwrap_or_default();
        findings.push(Finding {
            agency_seq: None,
            case: None,
            case_seq: None,
            kind: FindingKind::TailMissing,
            message: "the end of the agency's chain is not remembered".to_owned(),
        });
        (Err(findings), witnessed)
    }
}

/// The rights that rows give. A portal's account has no event of its own, and is told by its portal.
fn rights_of(rows: &RightsRows) -> Rights {
    let account = |key: Key| AccountId(key.0);
    let of_portals: BTreeSet<Key> = rows.portals.iter().map(|portal| portal.account_id).collect();
    let mut all = Vec::new();
    for row in &rows.accounts {
        let id = account(row.id);
        let cleared = Sensitivity::of_level(row.clearance).filter(|level| *level > Sensitivity::Ordinary);
        all.extend((!of_portals.contains(&row.id)).then_some(Right::Account(id, PersonId(row.person_id.0))));
        all.extend(row.disabled.then_some(Right::Disabled(id)));
        all.extend(cleared.map(|level| Right::Clearance(id, level)));
        all.extend(row.totp_confirmed_at.map(|_| Right::SecondFactor(id)));
    }
    all.extend(rows.grants.iter().map(|row| {
        let department = row.department_id.map(|department| DepartmentId(department.0));
        Right::Role(account(row.account_id), row.role.clone(), department)
    }));
    let people: BTreeMap<Key, Key> = rows.accounts.iter().map(|row| (row.id, row.person_id)).collect();
    all.extend(rows.grants.iter().filter(|row| people.get(&row.account_id) != Some(&row.person_id)).map(
        |row| Right::RoleAsAnother(account(row.account_id), row.role.clone(), PersonId(row.person_id.0)),
    ));
    all.extend(rows.bound.iter().map(|bound| Right::Bound(account(*bound))));
    for row in &rows.delegations {
        let (id, from, to) = (DelegationId(row.id.0), row.from_person_id, row.to_person_id);
        let (from, to) = (PersonId(from.0), PersonId(to.0));
        all.push(Right::Delegation(id, from, to, row.starts_on, row.ends_on));
        all.extend(row.ended_at.map(|_| Right::DelegationEnded(id)));
    }
    for row in &rows.portals {
        all.push(Right::Portal(PortalId(row.id.0), account(row.account_id)));
        all.extend(row.closed_at.map(|_| Right::PortalClosed(PortalId(row.id.0))));
    }
    all.extend(rows.secrets.iter().map(|(portal, n)| Right::PortalSecret(PortalId(portal.0), *n)));
    all.into_iter().collect()
}

/// A stored event as verification takes it. A column that cannot be one becomes a value that verification finds:
/// place 0, an unknown suite, a link of zeros.
pub(super) fn sealed(row: EventRow) -> SealedEvent {
    SealedEvent {
        agency: row.agency_id.0,
        agency_seq: place(row.agency_seq),
        case: row.case_id.map(|case| case.0),
        case_seq: row.case_seq.map(|seq| place(seq.into())),
        suite: i16::try_from(row.suite).unwrap_or(i16::MAX),
        id: row.id.0,
        event_type: row.event_type,
        recorded_at: row.recorded_at.0,
        record: row.record,
        agency_link: link(&row.agency_link),
        case_link: row.case_link.as_deref().map(link),
    }
}

fn place(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}

fn link(bytes: &[u8]) -> Link {
    Link::try_from(bytes).unwrap_or(Link::from_bytes([0; 32]))
}
