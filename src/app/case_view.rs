//! Reading one case: loading it from its events, and what a caller is shown of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::App;
use super::directory::Agency;
use super::error::AppError;
use super::people::{Applicant, mask_words, open_applicant, open_text};
use super::reply_view::{self, RemediesTold};
use crate::audit::chain::Head;
use crate::domain::attachment::FileType;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::case::attachments::Attachment;
use crate::domain::case::clock;
use crate::domain::case::command::CommandKind;
use crate::domain::case::decide::{Context, prechecks};
use crate::domain::case::document::Document;
use crate::domain::case::event::{Digest, TextRef};
use crate::domain::case::projection::{Projection, project};
use crate::domain::case::remedies::Remedy;
use crate::domain::case::{Case, Recorded, RefusalCode, fold};
use crate::domain::ids::{AgencyId, ApplicantId, AttachmentId, CaseId, DepartmentId};
use crate::domain::policy::{Action, Facts, Verdict, permits};
use crate::domain::reply::{Basis, Fault};
use crate::domain::role::Actor;
use crate::domain::statute::StatutePack;
use crate::domain::time_limit::{Light, Rules, remedy_answer};
use crate::store::{Before, CaseRow, EventRow, Key, PublicationWords, StoreError, recorded};

/// A case as it was loaded: the state its events leave, and where its chain ends.
pub struct Loaded {
    /// The agency to which it came: its keys, its chain.
    pub agency: Arc<Agency>,
    /// The agency that handles it: its departments, its settings, its people.
    pub custodian: Arc<Agency>,
    /// Its state, row and chain head.
    pub before: Before,
    /// Its events.
    pub events: Vec<Recorded>,
    /// Its events as they are stored.
    pub rows: Vec<EventRow>,
}

/// The words a case is shown with. What was erased is absent.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Who asks, in clear; masked before it is shown.
    pub applicant: Option<Applicant>,
    /// Everybody whom the record ever named as the applicant: what is known of them is masked in all words.
    pub named: Vec<Applicant>,
    /// The applicant's own words.
    pub description: Option<String>,
    /// The newest version of the reply.
    pub reply: Option<String>,
    /// What it says besides.
    pub basis: Basis<Option<String>>,
    /// Of its proactive publications, by their numbers.
    pub publications: Vec<PublicationWords>,
    /// Of each file that goes out with it, its name and the SHA-256 of its content.
    pub files: BTreeMap<AttachmentId, (Option<String>, Option<String>)>,
}

/// A file that goes out with the reply, as it is shown.
#[derive(Clone, Debug)]
pub struct ReplyFile {
    /// The file.
    pub id: AttachmentId,
    /// What its content is.
    pub file_type: FileType,
    /// Bytes.
    pub size: u64,
    /// The keyed hash of its content: what the hash of the submission covers.
    pub content: Digest,
    /// The SHA-256 of its content; `None` when that was erased.
    pub sha256: Option<String>,
    /// Its name, personal data masked; `None` when that was erased.
    pub name: Option<String>,
}

/// Why a caller may not give a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// His role does not allow it.
    Role,
    /// The rules do not, now or to this person.
    Rule(RefusalCode),
}

/// A case as one caller is shown it.
#[derive(Clone, Debug)]
pub struct CaseDetail {
    /// The state.
    pub case: Case,
    /// The summary without personal data.
    pub subject: Option<String>,
    /// The documents asked for.
    pub documents: Vec<Document>,
    /// What the queue shows.
    pub projection: Projection,
    /// How the limit stands today; `None` when no reply is owed.
    pub light: Option<Light>,
    /// Working days of the period left, today and excluded days not counted; negative when overdue.
    pub working_days_left: Option<i64>,
    /// Who asks, masked.
    pub applicant: Option<Applicant>,
    /// The applicant's own words, personal data masked.
    pub description: Option<String>,
    /// The newest version of the reply, personal data masked.
    pub reply: Option<String>,
    /// For each remedy that stands and has a period: its number, the last day of our answer, the article.
    pub answers: Vec<(u32, NaiveDate, String)>,
    /// What it says besides, personal data masked.
    pub basis: Basis<Option<String>>,
    /// The files that go out with it: as they were submitted, once they were.
    pub reply_files: Vec<ReplyFile>,
    /// What the newest draft still lacks, while it may be drafted.
    pub lacking: Vec<Fault>,
    /// How it tells the remedies: the article, and the clause in Chinese and in English.
    pub remedies: Option<RemediesTold>,
    /// Every command, and what stands in this caller's way.
    pub commands: Vec<(CommandKind, Option<Obstacle>)>,
    /// The names of the documents that are, or are to be, published, and where they are, by number. They are public.
    pub publications: Vec<PublicationWords>,
}

/// The agencies in which somebody may see cases.
pub fn agencies_of(actor: &Actor) -> Vec<Key> {
    let mut agencies: Vec<Key> = actor.grants.iter().map(|grant| Key(grant.agency.0)).collect();
    agencies.sort_unstable();
    agencies.dedup();
    agencies
}

/// The departments that work on a case, the lead first.
pub fn departments_of(case: &Case) -> Vec<DepartmentId> {
    case.state.work().map_or_else(Vec::new, |work| {
        std::iter::once(&work.lead).chain(&work.helpers).map(|assignment| assignment.department).collect()
    })
}

/// The policy's answer for a command on a case. For a department's own task (acknowledging, drafting) the department
/// whose task it is counts.
pub fn verdict(actor: &Actor, action: Action, case: &Case, task_of: Option<DepartmentId>) -> Verdict {
    let departments = departments_of(case);
    let task_of = task_of.or_else(|| departments.first().copied());
    permits(
        actor,
        action,
        &Facts { agency: case.custodian, departments: &departments, task_of, sensitivity: case.sensitivity },
    )
}

impl App {
    /// Loads a case that the actor may read.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the actor may not know of it.
    pub async fn load(&self, actor: &Actor, id: CaseId) -> Result<Loaded, AppError> {
        let found = self.store.case_by_id(agencies_of(actor), Key(id.0)).await?;
        let (row, rows) = found.ok_or(AppError::NotFound)?;
        let loaded = self.loaded(row, rows).await?;
        match verdict(actor, Action::ReadCase, &loaded.before.case, None) {
            Verdict::Allow => Ok(loaded),
            Verdict::Forbidden | Verdict::Hidden => Err(AppError::NotFound),
        }
    }

    /// Folds a case's rows.
    ///
    /// # Errors
    /// When a row holds what this program never writes.
    pub async fn loaded(&self, row: CaseRow, rows: Vec<EventRow>) -> Result<Loaded, AppError> {
        let agency = self.agency(AgencyId(row.agency_id.0)).await?;
        let events = rows.iter().map(recorded).collect::<Result<Vec<_>, StoreError>>()?;
        let wrong = |reason: &str| {
            AppError::Store(StoreError::Inconsistent {
                table: "cases",
                row: row.id.0.to_string(),
                reason: reason.to_owned(),
            })
        };
        let case = fold(agency.id, CaseId(row.id.0), &events)
            .ok_or_else(|| wrong("its events do not begin with its receipt"))?;
        let last = rows.last().and_then(|row| row.case_link.as_deref());
        let link = last
            .and_then(|link| link.try_into().ok())
            .ok_or_else(|| wrong("its newest event has no link"))?;
        if u32::try_from(row.version).ok() != Some(case.version) {
            return Err(wrong("its version is not the number of its events"));
        }
        let head = Head { seq: u64::from(case.version), link };
        let stayed = case.custodian == agency.id;
        let custodian = if stayed { Arc::clone(&agency) } else { self.agency(case.custodian).await? };
        Ok(Loaded { agency, custodian, before: Before { case, row, head }, events, rows })
    }

    /// The words a case is shown with.
    ///
    /// # Errors
    /// When a row was swapped or edited.
    pub async fn words(&self, loaded: &Loaded) -> Result<Words, AppError> {
        let case = &loaded.before.case;
        let agency = &loaded.agency;
        let draft = case.state.draft();
        let refs: Vec<&TextRef> = std::iter::once(&case.description)
            .chain(draft.map(|draft| &draft.text))
            .chain(draft.iter().flat_map(|draft| draft.basis.texts()))
            .chain(case.files_of_reply().into_iter().flat_map(|file| [&file.name, &file.sha256]))
            .chain(case.publications.iter().map(|one| &one.document))
            .chain(case.publications.iter().filter_map(|one| one.published.as_ref().map(|at| &at.place)))
            .collect();
        let ids = refs.iter().map(|text| Key(text.id.0)).collect();
        let rows = self.store.case_texts_by_id(Key(agency.id.0), ids).await?;
        let rows: BTreeMap<_, _> = rows.iter().map(|row| (row.id.0, row)).collect();
        let opened = |wanted: &TextRef| rows.get(&wanted.id.0).map(|row| open_text(agency, row)).transpose();
        let named = self.named(loaded).await?;
        let applicant = named.iter().find(|(id, _)| *id == case.applicant.id);
        let mut files = BTreeMap::new();
        for file in case.files_of_reply() {
            files.insert(file.id, (opened(&file.name)?, opened(&file.sha256)?));
        }
        let publications = case.publications.iter().map(|one| {
            let place = one.published.as_ref().map(|at| opened(&at.place)).transpose()?.flatten();
            Ok(PublicationWords { document: opened(&one.document)?, place })
        });
        Ok(Words {
            publications: publications.collect::<Result<_, AppError>>()?,
            applicant: applicant.map(|(_, applicant)| applicant.clone()),
            named: named.into_iter().map(|(_, applicant)| applicant).collect(),
            description: opened(&case.description)?,
            reply: draft.map(|draft| opened(&draft.text)).transpose()?.flatten(),
            basis: draft
                .map(|draft| draft.basis.try_map(|_, text| opened(text)))
                .transpose()?
                .unwrap_or_default(),
            files,
        })
    }

    /// Everybody whom the record ever named as the applicant. Who was erased is absent.
    ///
    /// # Errors
    /// When a row was swapped or edited.
    pub async fn named(&self, loaded: &Loaded) -> Result<Vec<(ApplicantId, Applicant)>, AppError> {
        let agency = &loaded.agency;
        let mut named = Vec::new();
        for reference in loaded.events.iter().filter_map(|recorded| recorded.event.applicant()) {
            let row = self.store.applicant_by_id(Key(agency.id.0), Key(reference.id.0)).await?;
            if let Some(row) = row {
                named.push((reference.id, open_applicant(agency, reference.kind, &row)?));
            }
        }
        Ok(named)
    }

    /// A case as the actor is shown it today.
    ///
    /// # Errors
    /// When the law book lacks the case's statute.
    pub fn detail(
        &self,
        actor: &Actor,
        case: &Case,
        row: &CaseRow,
        words: &Words,
        today: NaiveDate,
    ) -> Result<CaseDetail, AppError> {
        let (pack, calendar) = &Self::statute_of_case(&self.store.law(), case)?;
        let projection = project(case, pack, calendar);
        let context = Context { today, pack, calendar, person: Some(actor.person) };
        let basis = reply_view::masked(&words.basis, &words.named);
        Ok(CaseDetail {
            light: projection.limit.as_ref().map(|limit| limit.light(today)),
            // As the explanation counts them: days that are excluded are not left.
            working_days_left: projection.limit.as_ref().and_then(|_| left(case, pack, calendar, today)),
            projection,
            subject: row.subject.clone(),
            documents: Document::read(row.documents.as_deref().unwrap_or_default()),
            applicant: words.applicant.as_ref().map(Applicant::masked),
            description: words.description.as_deref().map(|text| mask_words(text, &words.named)),
            reply: words.reply.as_deref().map(|text| mask_words(text, &words.named)),
            answers: answers(case, &Rules::of(pack, calendar)),
            remedies: reply_view::remedies(case, pack, &basis),
            reply_files: case.files_of_reply().into_iter().map(|file| reply_file(file, words)).collect(),
            lacking: reply_view::lacking(case, &context),
            basis,
            commands: commands(actor, case, &context),
            publications: words.publications.clone(),
            case: case.clone(),
        })
    }

    /// Reads one case.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the actor may not know of it.
    pub async fn read_case(&self, actor: &Actor, id: CaseId) -> Result<CaseDetail, AppError> {
        let loaded = self.load(actor, id).await?;
        let words = self.words(&loaded).await?;
        let today = self.today(&loaded.agency);
        self.detail(actor, &loaded.before.case, &loaded.before.row, &words, today)
    }
}

fn reply_file(file: &Attachment, words: &Words) -> ReplyFile {
    let (name, sha256) = words.files.get(&file.id).cloned().unwrap_or_default();
    ReplyFile {
        id: file.id,
        file_type: file.file_type,
        size: file.size,
        content: file.content,
        sha256,
        name: name.map(|name| mask_words(&name, &words.named)),
    }
}

/// Working days of the period left today, by the timeline that explains the case.
fn left(case: &Case, pack: &StatutePack, calendar: &WorkingCalendar, today: NaiveDate) -> Option<i64> {
    let facts = clock::facts(case);
    let timeline = clock::case_timeline(&facts, &Rules::of(pack, calendar), today).ok().flatten()?;
    timeline.working_days_left
}

/// When each answer to whoever examines a reply is (or was) due.
fn answers(case: &Case, rules: &Rules) -> Vec<(u32, NaiveDate, String)> {
    let due = |remedy: &Remedy| {
        let found = remedy_answer((remedy.kind, remedy.procedure), remedy.received_on, rules).ok().flatten();
        found.map(|(due_on, article)| (remedy.n, due_on, article.to_owned()))
    };
    case.remedies.standing().filter_map(due).collect()
}

/// Each command tried against the policy and the rules.
fn commands(actor: &Actor, case: &Case, context: &Context) -> Vec<(CommandKind, Option<Obstacle>)> {
    prechecks(case, context)
        .into_iter()
        .map(|(kind, checked)| {
            let obstacle = match checked {
                Err(code) => Some(Obstacle::Rule(code)),
                Ok(()) if any_task_allows(actor, kind, case) => None,
                Ok(()) => Some(Obstacle::Role),
            };
            (kind, obstacle)
        })
        .collect()
}

/// A helper's department may acknowledge or return its own task, not the lead's.
fn any_task_allows(actor: &Actor, kind: CommandKind, case: &Case) -> bool {
    let tasks: Vec<Option<DepartmentId>> = match kind {
        CommandKind::Acknowledge | CommandKind::Return => {
            std::iter::once(None).chain(departments_of(case).into_iter().map(Some)).collect()
        }
        CommandKind::Confirm
        | CommandKind::Register
        | CommandKind::Assign
        | CommandKind::AssignCoHandling
        | CommandKind::Draft
        | CommandKind::Submit
        | CommandKind::ReviewLegal
        | CommandKind::ReviewSecrecy
        | CommandKind::SignOff
        | CommandKind::Reply(_)
        | CommandKind::Issue
        | CommandKind::Dispatch
        | CommandKind::Serve
        | CommandKind::Withdraw
        | CommandKind::Archive
        | CommandKind::Amend
        | CommandKind::AmendReceipt
        | CommandKind::Clock(_)
        | CommandKind::Remedy(_)
        | CommandKind::Disposal(_)
        | CommandKind::Label(_)
        | CommandKind::Relation(_)
        | CommandKind::Contact(_)
        | CommandKind::Publication(_)
        | CommandKind::Attachment(_) => vec![None],
    };
    tasks.into_iter().any(|task| verdict(actor, Action::Command(kind), case, task) == Verdict::Allow)
}

#[cfg(test)]
mod tests {
    use crate::domain::time_limit::{Fact, Rules, timeline};
    use crate::law::LawBook;

    /// Received on Saturday 28 February 2026, a make-up workday: due on Friday 27 March.
    #[test]
    fn a_limit_that_has_passed_leaves_less_than_nothing() {
        let law = LawBook::embedded().unwrap();
        let rules = Rules::of(law.pack("cn-ogi-2019").unwrap(), law.calendar("cn").unwrap());
        let facts = [Fact::received("2026-02-28".parse().unwrap())];
        let left = |today: &str| {
            timeline(&facts, &rules, today.parse().unwrap()).unwrap().working_days_left.unwrap()
        };
        assert_eq!([left("2026-03-20"), left("2026-03-26"), left("2026-03-27")], [5, 1, 0]);
        // Saturday, Sunday, Monday, Tuesday.
        assert_eq!(["2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31"].map(left), [-1, -1, -1, -2]);
    }
}
