//! Who saw whose data, when and why (个人信息保护法第51、54条): each reveal, search, opening of a file and export is
//! in the agency's chain and in the table of accesses before anything is shown. No record, no data.

use chrono::{DateTime, Utc};

use super::App;
use super::access_reason::{Reason, reason_place};
use super::applicant_search::{Known, index_of, searched_by};
use super::case_view::{Loaded, agencies_of, verdict};
use super::directory::{Agency, at_origin};
use super::error::AppError;
use super::execute::by;
use super::people::{Applicant, Identity, mask_words, open, utf8};
use crate::crypto::random;
use crate::domain::access::{AccessKind, OPENINGS_AN_HOUR, RevealField};
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::By;
use crate::domain::case::refusal::{ArchiveRefusal, Refusal};
use crate::domain::ids::{AccountId, AgencyId, AttachmentId, CaseId, EventId, PersonId};
use crate::domain::policy::{Action, Facts, Verdict, permits, told_up_to};
use crate::domain::role::Actor;
use crate::domain::sensitivity::Sensitivity;
use crate::store::{AccessFilter, AccessRow, AccessesOf, At, Key, Meta, SetUp, SetUpChange, StoreError};

/// What a reveal shows: the fields asked for, where they are there.
pub struct Revealed {
    /// Of the record.
    pub id: EventId,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// What was asked for.
    pub fields: Vec<RevealField>,
    /// The applicant, in clear: only what was asked for is to be shown.
    pub applicant: Option<Applicant>,
    /// The request in his words.
    pub description: Option<String>,
    /// The newest version of the reply.
    pub reply: Option<String>,
}

impl Revealed {
    fn asked(&self, field: RevealField) -> Option<&Applicant> {
        self.applicant.as_ref().filter(|_| self.fields.contains(&field))
    }

    /// The applicant's name, when it was asked for.
    pub fn name(&self) -> Option<&str> {
        self.asked(RevealField::Name).map(|it| it.name.as_str())
    }

    /// His proof of identity, when it was asked for.
    pub fn identity(&self) -> Option<&Identity> {
        self.asked(RevealField::Identity)?.identity.as_ref()
    }

    /// His telephone number, when it was asked for.
    pub fn phone(&self) -> Option<&str> {
        self.asked(RevealField::Phone)?.phone.as_deref()
    }

    /// His e-mail address, when it was asked for.
    pub fn email(&self) -> Option<&str> {
        self.asked(RevealField::Email)?.email.as_deref()
    }

    /// His postal address, when it was asked for.
    pub fn address(&self) -> Option<&str> {
        self.asked(RevealField::Address)?.address.as_deref()
    }
}

/// One access, as it is told.
#[derive(Clone, Debug)]
pub struct Access {
    /// Of the record.
    pub id: EventId,
    /// The case.
    pub case: CaseId,
    /// Its registration number, when it has one.
    pub number: Option<String>,
    /// In which way.
    pub kind: AccessKind,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: the account and the person; the operator at the server when neither.
    pub by: Option<(AccountId, PersonId)>,
    /// Which data were shown unmasked.
    pub fields: Vec<RevealField>,
    /// Why, as he said.
    pub reason: Option<String>,
    /// The file that he opened.
    pub attachment: Option<AttachmentId>,
}

/// A page of accesses, the newest first, and where the next begins.
pub type AccessPage = (Vec<Access>, Option<(Key, Key)>);

/// What is recorded of an access.
pub(super) struct Seen {
    /// The event of the agency's chain.
    pub event: AgencyEvent,
    /// In which way.
    pub kind: AccessKind,
    /// Of which cases, each with the agency to which it came.
    pub cases: Vec<(AgencyId, CaseId)>,
    /// Which data were shown unmasked.
    pub fields: Vec<RevealField>,
    /// The reason, sealed, for the id under which it was.
    pub reason: Option<(EventId, Vec<u8>)>,
    /// The file that was opened.
    pub attachment: Option<AttachmentId>,
}

impl App {
    /// Shows personal data of a case unmasked, after it has recorded who is shown which, and why.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`]; a reason that names somebody; [`AppError::TooOften`]; and whatever keeps
    /// the record from being written, which keeps the data from being shown.
    pub async fn reveal(
        &self,
        actor: &Actor,
        id: CaseId,
        mut fields: Vec<RevealField>,
        reason: &str,
    ) -> Result<Revealed, AppError> {
        let loaded = self.load(actor, id).await?;
        let case = &loaded.before.case;
        match verdict(actor, Action::RevealPersonalData, case, None) {
            Verdict::Allow => {}
            Verdict::Forbidden => return Err(AppError::Forbidden),
            Verdict::Hidden => return Err(AppError::NotFound),
        }
        still_there(&loaded)?;
        fields.sort_unstable();
        fields.dedup();
        let Reason { at, id: event, commitment, sealed } = self.reason(&loaded, reason).await?;
        let seen = Seen {
            event: AgencyEvent::PersonalDataRevealed { case: id, fields: fields.clone(), reason: commitment },
            kind: AccessKind::Reveal,
            cases: vec![(loaded.agency.id, id)],
            fields: fields.clone(),
            reason: Some((event, sealed)),
            attachment: None,
        };
        self.record_access(&loaded.agency, by(actor), at, seen).await?;
        // Opened now that it is recorded, and as it stands now.
        let words = self.words(&loaded).await?;
        let asked = |field| fields.contains(&field);
        Ok(Revealed {
            id: event,
            at,
            applicant: words.applicant,
            description: words.description.filter(|_| asked(RevealField::Description)),
            reply: words.reply.filter(|_| asked(RevealField::Reply)),
            fields,
        })
    }

    /// Writes an access into the agency's chain and the table of accesses: both, or neither.
    pub(super) async fn record_access(
        &self,
        agency: &Agency,
        by: By,
        at: DateTime<Utc>,
        seen: Seen,
    ) -> Result<(), AppError> {
        let (id, sealed) = match seen.reason {
            Some((id, sealed)) => (id, Some(sealed)),
            None => (EventId(random::new_id(at)), None),
        };
        let (account_id, person_id) = match by {
            By::Account { account, person } => (Some(Key(account.0)), Some(Key(person.0))),
            By::Operator => (None, None),
        };
        let codes: Vec<&str> = seen.fields.iter().map(|field| field.code()).collect();
        let row = |(came_to, case): (AgencyId, CaseId)| AccessRow {
            agency_id: Key(came_to.0),
            case_id: Key(case.0),
            id: Key(id.0),
            kind: seen.kind.code().to_owned(),
            recorded_at: At(at),
            account_id,
            person_id,
            fields: codes.join(" "),
            sealed: sealed.clone(),
            attachment_id: seen.attachment.map(|it| Key(it.0)),
        };
        let openings = self.files.as_ref().map_or(OPENINGS_AN_HOUR, |files| files.limits.openings);
        let change = SetUp {
            agency: agency.id,
            events: vec![(id, seen.event)],
            meta: Meta { at, by, origin: self.origin },
            on: self.today(agency),
            change: SetUpChange::Accesses(seen.cases.into_iter().map(row).collect(), openings),
            retry: None,
        };
        Ok(self.store.set_up(change).await?)
    }

    /// The accesses to a case, for who controls them.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`] for who may know the case and not this.
    pub async fn accesses_of_case(
        &self,
        actor: &Actor,
        id: CaseId,
        before: Option<(Key, Key)>,
        limit: u16,
    ) -> Result<AccessPage, AppError> {
        let row =
            self.store.case_row_by_id(agencies_of(actor), Key(id.0)).await?.ok_or(AppError::NotFound)?;
        let agency = self.agency(AgencyId(row.custodian_agency_id.0)).await?;
        if !controls(actor, &agency) {
            // Who may read the case is told that this is not his; to everybody else there is none.
            self.load(actor, id).await?;
            return Err(AppError::Forbidden);
        }
        let told = told_up_to(actor, Action::ReadAccesses);
        if row.sensitivity > told.level() {
            return Err(AppError::NotFound);
        }
        self.page_of((&agency, told), AccessesOf::Case(Key(id.0)), before, limit).await
    }

    /// The accesses to all cases of one applicant at the actor's agency. That it was asked is recorded before it is answered.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] to who does not control them.
    pub async fn accesses_of_applicant(
        &self,
        actor: &Actor,
        known: &Known,
        before: Option<(Key, Key)>,
        limit: u16,
    ) -> Result<AccessPage, AppError> {
        let agency = self.agency(actor.agency).await?;
        if !controls(actor, &agency) {
            return Err(AppError::Forbidden);
        }
        let of = AccessesOf::Applicant(index_of(&self.origins(&agency).await?, known));
        let told = told_up_to(actor, Action::ReadAccesses);
        let page = self.page_of((&agency, told), of, before, limit).await?;
        let found = u32::try_from(page.0.len()).unwrap_or(u32::MAX);
        let event = AgencyEvent::AccessesReported { known: searched_by(known), found };
        let at = self.clock.now();
        let change = SetUp {
            agency: agency.id,
            events: vec![(EventId(random::new_id(at)), event)],
            meta: Meta { at, by: by(actor), origin: self.origin },
            on: self.today(&agency),
            change: SetUpChange::Nothing,
            retry: None,
        };
        self.store.set_up(change).await?;
        Ok(page)
    }

    async fn page_of(
        &self,
        (agency, clearance): (&Agency, Sensitivity),
        of: AccessesOf,
        before: Option<(Key, Key)>,
        limit: u16,
    ) -> Result<AccessPage, AppError> {
        let filter = AccessFilter {
            agency: Key(agency.id.0),
            clearance,
            of,
            before,
            limit: i64::from(limit).saturating_add(1),
        };
        let mut rows = self.store.accesses(filter).await?;
        let more = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        let next = rows.last().filter(|_| more).map(|(row, _)| (row.id, row.case_id));
        let origins = self.origins(agency).await?;
        let told =
            rows.into_iter().map(|(row, number)| told(at_origin(&origins, row.agency_id)?, row, number));
        Ok((told.collect::<Result<_, _>>()?, next))
    }
}

/// Who controls accesses does so for the whole agency: a department's own head would control himself.
fn controls(actor: &Actor, agency: &Agency) -> bool {
    let facts = Facts::of_agency(agency.id);
    permits(actor, Action::ReadAccesses, &facts) == Verdict::Allow
}

/// Nothing is said about a case whose words were erased.
fn still_there(loaded: &Loaded) -> Result<(), AppError> {
    match loaded.before.case.archive.disposed_on {
        Some(on) => Err(AppError::Refused(Refusal {
            code: ArchiveRefusal::Disposed { on }.into(),
            allowed: Vec::new(),
        })),
        None => Ok(()),
    }
}

fn told(agency: &Agency, row: AccessRow, number: Option<String>) -> Result<Access, AppError> {
    let wrong = |reason: &str| {
        AppError::Store(StoreError::Inconsistent {
            table: "accesses",
            row: row.id.0.to_string(),
            reason: reason.to_owned(),
        })
    };
    let id = EventId(row.id.0);
    let kind = AccessKind::parse(&row.kind).ok_or_else(|| wrong("an unknown kind of access"))?;
    let fields = row.fields.split_whitespace().map(RevealField::parse).collect::<Option<Vec<_>>>();
    let reason = match &row.sealed {
        None => None,
        Some(sealed) => {
            let place = reason_place(agency, id);
            let plain = open(&agency.keys, &place, sealed)?;
            Some(mask_words(&utf8(&place, plain.get(16..).unwrap_or_default())?, &[]))
        }
    };
    Ok(Access {
        id,
        case: CaseId(row.case_id.0),
        number,
        kind,
        at: row.recorded_at.0,
        by: row
            .account_id
            .zip(row.person_id)
            .map(|(account, person)| (AccountId(account.0), PersonId(person.0))),
        fields: fields.ok_or_else(|| wrong("an unknown field"))?,
        reason,
        attachment: row.attachment_id.map(|id| AttachmentId(id.0)),
    })
}
