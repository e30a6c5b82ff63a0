//! Documents that several applicants ask for (Art. 44): counted, and the cases behind a count. No applicant's data.

use chrono::NaiveDate;

use super::App;
use super::error::AppError;
use super::ledger::Period;
use super::publications::Conversion;
use super::queue::{QueueItem, reach};
use crate::domain::case::document::Document;
use crate::domain::ids::AgencyId;
use crate::domain::outcome::Outcome;
use crate::domain::policy::{Action, scope};
use crate::domain::role::Actor;
use crate::domain::sensitivity::Sensitivity;
use crate::store::{AskingFilter, Key, OftenFilter, statute_of};

/// 多个申请人 (Art. 44): two are several. An office that wants to see only what many ask for says so.
pub const SEVERAL: u16 = 2;

/// What is asked about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OftenRequested {
    /// By what it is known, for [`App::cases_asking`].
    pub key: String,
    /// Its title and number, as one of the cases has them.
    pub document: Document,
    /// How many cases ask for it.
    pub cases: u64,
    /// How many different applicants. Two are two when their numbers of identity differ, or their names; who gave no number is
    /// nobody else than whoever has his name, so that the figure is never too high. Who was erased does not count.
    pub applicants: u64,
    /// In how many of the cases something was released.
    pub released: u64,
    /// How far its conversion to proactive publication has come, once it was proposed.
    pub conversion: Option<Conversion>,
}

/// Which page of the list.
#[derive(Clone, Debug)]
pub struct OftenQuery {
    /// The first and the last day of receipt, see [`Period::asked`].
    pub period: (Option<NaiveDate>, Option<NaiveDate>),
    /// By at least so many different applicants.
    pub applicants: u16,
    /// Where the page before ended.
    pub after: Option<(u64, String)>,
    /// How many rows, 1 to 200.
    pub limit: u16,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct OftenPage {
    /// The period.
    pub period: Period,
    /// The documents, those asked for by most first.
    pub items: Vec<OftenRequested>,
    /// Where the next page begins, when there is one.
    pub next: Option<(u64, String)>,
}

/// Which page of the cases that ask for a document.
#[derive(Clone, Debug)]
pub struct AskingQuery {
    /// The document's key.
    pub key: String,
    /// The first and the last day of receipt.
    pub period: (Option<NaiveDate>, Option<NaiveDate>),
    /// Where the page before ended.
    pub after: Option<(NaiveDate, Key)>,
    /// How many rows, 1 to 200.
    pub limit: u16,
}

/// A page of the cases that ask for a document.
#[derive(Debug)]
pub struct AskingPage {
    /// The cases, those received last first.
    pub items: Vec<QueueItem>,
    /// Where the next page begins, when there is one.
    pub next: Option<(NaiveDate, Key)>,
    /// The day for which the lights hold.
    pub today: NaiveDate,
}

impl App {
    /// A page of the documents that several applicants asked an agency for, in cases received in a period.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a period that is none, [`AppError::NotFound`] for an unknown agency.
    pub async fn often_requested(
        &self,
        (agency, clearance): (AgencyId, Sensitivity),
        query: OftenQuery,
    ) -> Result<OftenPage, AppError> {
        let known = self.agency(agency).await?;
        let period = Period::asked(query.period.0, query.period.1, self.today(&known))?;
        let law = self.store.law();
        let pack = statute_of(&law, &known.row.statute).map(|(pack, _)| pack);
        let releasing = Outcome::ALL
            .iter()
            .filter(|outcome| pack.is_some_and(|pack| pack.releases_something(**outcome)))
            .map(|outcome| outcome.code());
        let after = query.after.map(|(n, key)| (i64::try_from(n).unwrap_or(i64::MAX), key));
        let filter = OftenFilter {
            agency: Key(agency.0),
            clearance,
            from: period.from,
            to: period.to,
            applicants: i64::from(query.applicants),
            releasing: releasing.collect(),
            after,
            limit: i64::from(query.limit).saturating_add(1),
        };
        let mut rows = self.store.often_requested(filter).await?;
        let more = rows.len() > usize::from(query.limit);
        rows.truncate(usize::from(query.limit));
        let keys: Vec<String> = rows.iter().map(|row| row.document_key.clone()).collect();
        let conversions = self.conversions((Key(agency.0), clearance), &keys).await?;
        let items: Vec<OftenRequested> = rows
            .into_iter()
            .zip(conversions)
            .map(|(row, conversion)| OftenRequested {
                key: row.document_key,
                document: Document { title: row.title, number: row.number },
                cases: row.cases.unsigned_abs(),
                applicants: row.applicants.unsigned_abs(),
                released: row.released.unsigned_abs(),
                conversion,
            })
            .collect();
        let next = items.last().filter(|_| more).map(|last| (last.applicants, last.key.clone()));
        Ok(OftenPage { period, items, next })
    }

    /// A page of the cases of the actor's agency that ask for a document, within his scope.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when he may see no cases at all; [`AppError::Invalid`] for a period that is none.
    pub async fn cases_asking(&self, actor: &Actor, query: AskingQuery) -> Result<AskingPage, AppError> {
        let reach = reach(actor, scope(actor, Action::ReadCase, actor.agency))?;
        let agency = self.agency(actor.agency).await?;
        let today = self.today(&agency);
        let period = Period::asked(query.period.0, query.period.1, today)?;
        let filter = AskingFilter {
            agency: Key(agency.id.0),
            reach,
            document_key: query.key,
            from: period.from,
            to: period.to,
            after: query.after,
            limit: i64::from(query.limit).saturating_add(1),
        };
        let mut lines = self.store.cases_asking(filter).await?;
        let more = lines.len() > usize::from(query.limit);
        lines.truncate(usize::from(query.limit));
        let next = lines.last().filter(|_| more).map(|line| (line.row.received_sort, line.row.id));
        let items = lines.into_iter().map(|line| QueueItem::of(line, today)).collect();
        Ok(AskingPage { items, next, today })
    }
}
