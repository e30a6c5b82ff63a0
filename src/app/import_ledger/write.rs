//! Turning accepted rows into commits, one by one while the store writes them.

use std::sync::Arc;

use super::super::App;
use super::super::directory::Agency;
use super::super::error::AppError;
use super::super::people::{Applicant, Sealer, TextKind};
use super::super::progress::{Phase, Progress, Step};
use super::check::{Accepted, Checked, imported};
use super::{Reconciliation, length};
use crate::crypto::random;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::decide::{Context, import};
use crate::domain::case::{By, Origin};
use crate::domain::ids::{AgencyId, CaseId, EventId};
use crate::domain::text::mask_text;
use crate::law::LawBook;
use crate::store::{At, Commit, DepartmentRow, Import, Key, Meta, SetUp, SetUpChange, StoreError};

/// The longest subject, in characters.
const SUBJECT_CHARS: usize = 200;
/// So many cases are written between two reports of progress.
const STRIDE: u64 = 500;

impl App {
    /// Writes the accepted rows, the departments they need and the agency's event about them.
    pub(super) async fn write_rows(
        &self,
        agency: &Arc<Agency>,
        by: By,
        checked: Checked,
        result: &Reconciliation,
        progress: &Progress,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let meta = Meta { at: now, by, origin: Origin::LedgerImport };
        let on = self.today(agency);
        let set_up = |events: Vec<AgencyEvent>, change: SetUpChange| SetUp {
            agency: agency.id,
            events: events.into_iter().map(|event| (EventId(random::new_id(now)), event)).collect(),
            meta,
            on,
            change,
            retry: None,
        };
        let departments = &checked.new_departments;
        let rows = departments.iter().map(|(name, id)| DepartmentRow {
            agency_id: Key(agency.id.0),
            id: Key(id.0),
            name: name.clone(),
            created_at: At(now),
        });
        let made = departments.values().map(|id| AgencyEvent::DepartmentCreated { department: *id });
        let before = (!departments.is_empty())
            .then(|| set_up(made.collect(), SetUpChange::Departments(rows.collect())));
        let about = AgencyEvent::LedgerImported {
            accepted: narrow(result.accepted),
            unchanged: narrow(result.unchanged),
            refused: narrow(result.rows_refused),
        };
        let total = length(checked.accepted.len());
        let law = Arc::clone(&checked.law);
        let maker = Maker { agency: Arc::clone(agency), law: Arc::clone(&law), meta, today: on };
        let progress = Arc::clone(progress);
        let commits = checked.accepted.into_iter().zip(1_u64..).map(move |(accepted, done)| {
            if done % STRIDE == 0 || done == total {
                progress(Step { phase: Phase::Writing, done, total });
            }
            maker.commit(&accepted)
        });
        let import = Import {
            agency: agency.id,
            before,
            commits: Box::new(commits),
            about: set_up(vec![about], SetUpChange::Nothing),
            law,
        };
        self.store.import(import).await.map_err(|error| raced(error, agency.id))
    }
}

/// A uniqueness rule that the rows kept when they were checked, broken when they were written: somebody else was
/// writing.
fn raced(error: StoreError, agency: AgencyId) -> AppError {
    if matches!(error, StoreError::LawChanged) {
        return AppError::Internal(format!("{error}; nothing was stored, run the import again"));
    }
    if let StoreError::Taken { constraint } = &error {
        return AppError::Internal(format!(
            "another command changed agency {agency} meanwhile ({constraint}); nothing was stored, run the import again"
        ));
    }
    error.into()
}

fn narrow(rows: u64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

/// Makes the commit of a row.
struct Maker {
    agency: Arc<Agency>,
    law: Arc<LawBook>,
    meta: Meta,
    today: chrono::NaiveDate,
}

impl Maker {
    fn commit(&self, accepted: &Accepted) -> Result<Commit, StoreError> {
        let Accepted { row, digest, department } = accepted;
        let failed = |reason: String| StoreError::Internal(format!("line {}: {reason}", row.line));
        let agency = &self.agency;
        let at = self.meta.at;
        let id = CaseId(random::new_id(at));
        let applicant = Applicant {
            kind: row.applicant_kind,
            name: row.applicant_name.clone(),
            identity: None,
            phone: None,
            email: None,
            address: None,
        };
        let subject = subject_of(&row.description, &row.applicant_name);
        let mut sealer = Sealer::new(agency, id, At(at));
        let sealed = |error: AppError| failed(error.to_string());
        let applicant = sealer.applicant(&applicant).map_err(sealed)?;
        let description = sealer.text(TextKind::Description, &row.description).map_err(sealed)?;
        let subject_ref = sealer.text(TextKind::Subject, &subject).map_err(sealed)?;
        let (pack, calendar) = &App::statute_on(&self.law, agency, row.received_on).map_err(sealed)?;
        let context = Context { today: self.today, pack, calendar, person: None };
        let row = imported(row, applicant, description, subject_ref, *department, *digest);
        let events =
            import(row, &context).map_err(|code| failed(code.message(crate::domain::lang::Lang::En)))?;
        Ok(Commit {
            agency: agency.id,
            case: id,
            before: None,
            events: events.into_iter().map(|event| (EventId(random::new_id(at)), event)).collect(),
            meta: self.meta,
            texts: sealer.texts,
            applicant: sealer.applicant,
            portal_request: None,
            attachment: None,
            subject: Some(subject),
            documents: None,
            publications: None,
            number_pattern: agency.number_pattern.clone(),
            retry: None,
            law: Arc::clone(&self.law),
        })
    }
}

/// The summary that lists show of an imported case, from what was asked: one line of at most 200 characters, without
/// the applicant's own name and with numbers and addresses that identify people masked.
///
/// ```
/// use gongkai::app::import_ledger::subject_of;
///
/// assert_eq!(subject_of("张伟申请公开\n征地批复，电话13812345678", "张伟"), "申请人申请公开 征地批复，电话138****5678");
/// ```
pub fn subject_of(description: &str, applicant_name: &str) -> String {
    let named = applicant_name.trim();
    // A name of one character is part of other words and names nobody.
    let nameless = if named.chars().nth(1).is_some() {
        description.replace(named, "申请人")
    } else {
        description.to_owned()
    };
    let masked = mask_text(&nameless);
    let line = masked.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().nth(SUBJECT_CHARS).is_none() {
        return line;
    }
    line.chars().take(SUBJECT_CHARS - 1).chain(std::iter::once('…')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::find_personal_data;

    #[test]
    fn a_subject_names_nobody_and_is_one_short_line() {
        assert_eq!(subject_of("某某批复", "张"), "某某批复");
        assert_eq!(subject_of("  一、公告；\r\n二、方案 ", "张伟"), "一、公告； 二、方案");
        let long = format!("{}11010519491231002X", "文".repeat(195));
        let subject = subject_of(&long, "张伟");
        assert_eq!(subject.chars().count(), 200);
        assert!(subject.ends_with("110*…"), "masked before it is cut: {subject}");
        assert_eq!(subject_of(&"文".repeat(200), "张伟"), "文".repeat(200));
        let subject =
            subject_of("淮安某某有限公司要求公开，联系 13800000000、a@example.com", "淮安某某有限公司");
        assert!(subject.starts_with("申请人要求公开"), "{subject}");
        assert_eq!(find_personal_data(&subject), []);
    }
}
