//! Search as a condition upon the cases of a query. What it finds is a plain scan of `case_search.words`; how each
//! database's index finds the candidates is in `sqlite.rs` and `postgres.rs`.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::QueryId;
use diesel::sql_types::{BigInt, Bool};

use super::types::Key;
use crate::domain::ids::AgencyId;
use crate::domain::search::{Query, agency_token, tokens};

/// Up to so many cases are looked up one by one in the index and then put in order. More stand so close in any order that a
/// walk in that order, which looks at each case, soon fills a page: at 100,000 cases both take about as long here.
pub(super) const FEW: i64 = 2_000;
/// More than that.
pub(super) const FEW_AND_ONE: i64 = FEW + 1;

/// How cases are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The index gives all that match; the query begins with them.
    FromIndex,
    /// The query walks the cases in its order, and each is looked at.
    Walk,
}

/// The condition that a case of the agency matches a query.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub agency: Key,
    /// Each word as a row of tokens, a space before and after it.
    pub words: Vec<String>,
    /// Every token, the agency's too: what a case must have for one index.
    pub tokens: Vec<String>,
    /// The rows of tokens and the agency, as the other index is asked for them.
    pub phrases: String,
    pub way: Way,
}

/// How many cases match, counted up to one more than [`FEW`].
#[derive(Clone, Debug)]
pub(super) struct CountFound(pub Found);

impl Found {
    /// The condition for a query, in the first way.
    pub fn of(agency: Key, query: &Query) -> Self {
        let rows: Vec<String> = query.words().iter().map(|word| tokens(word)).collect();
        let own = agency_token(AgencyId(agency.0));
        let mut all: Vec<String> = rows.iter().flat_map(|row| row.split(' ')).map(str::to_owned).collect();
        all.push(own.clone());
        all.sort_unstable();
        all.dedup();
        // Marks of ASCII were folded away, so that no row can end its quotation.
        let quoted = rows.iter().chain(std::iter::once(&own)).map(|row| format!("\"{row}\""));
        Self {
            agency,
            phrases: quoted.collect::<Vec<_>>().join(" AND "),
            words: rows.iter().map(|row| format!(" {row} ")).collect(),
            tokens: all,
            way: Way::FromIndex,
        }
    }

    /// The same, in the way that is quick for so many.
    pub fn of_so_many(self, found: i64) -> Self {
        Self { way: if found > FEW { Way::Walk } else { Way::FromIndex }, ..self }
    }
}

/// So many of the newest cases that have any of the words are looked at.
pub(super) const LOOKED_AT: i64 = 5_000;
/// So many of those that have most of the words are compared.
pub(super) const MOST_LIKE: i64 = 100;

/// The condition that a case is among those of the agency that have most of some words.
#[derive(Clone, Debug)]
pub(super) struct LikeSome {
    pub agency: Key,
    /// The words as rows of tokens, one of which a case must have.
    pub words: Vec<String>,
    /// For each word, its tokens and the agency's.
    pub tokens: Vec<Vec<String>>,
    /// The rows of tokens and the agency, as the other index is asked for them.
    pub phrases: String,
}

impl LikeSome {
    /// The condition for normalised words.
    pub fn of(agency: Key, parts: &[String]) -> Self {
        let rows: Vec<String> = parts.iter().map(|part| tokens(part)).collect();
        let own = agency_token(AgencyId(agency.0));
        let quoted: Vec<String> = rows.iter().map(|row| format!("\"{row}\"")).collect();
        let of_row = |row: &String| {
            row.split(' ').chain(std::iter::once(own.as_str())).map(str::to_owned).collect::<Vec<_>>()
        };
        Self {
            agency,
            phrases: format!("({}) AND \"{own}\"", quoted.join(" OR ")),
            tokens: rows.iter().map(of_row).collect(),
            words: rows.iter().map(|row| format!(" {row} ")).collect(),
        }
    }
}

/// It names its tables itself, and so may stand in any query that reads `cases`.
macro_rules! is_condition {
    ($name:ty, $kind:ty) => {
        impl Expression for $name {
            type SqlType = $kind;
        }
        impl ValidGrouping<()> for $name {
            type IsAggregate = is_aggregate::Never;
        }
        // The words and the way make the statement: it is known by its text.
        impl QueryId for $name {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
        impl<Source> AppearsOnTable<Source> for $name {}
        impl<Source> SelectableExpression<Source> for $name {}
    };
}

pub(super) use is_condition;

is_condition!(Found, Bool);
is_condition!(CountFound, BigInt);
is_condition!(LikeSome, Bool);
