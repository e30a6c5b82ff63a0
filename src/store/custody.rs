//! Which cases somebody finds in an agency: those that came to it, without those that it handed over, with those that it took over; of
//! these, those that bear no label above his clearance. A condition upon every list, count and figure, so that none can differ from
//! another about it.

use super::search::is_condition;
use super::types::Key;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::QueryId;
use diesel::sql_types::Bool;

/// What an agency handles, as far as somebody may read it.
#[derive(Clone, Debug)]
pub(super) struct Holding {
    pub agency: Key,
    /// To which agencies its cases came, itself among them, once any case was handed over to it or by it. `None` while that
    /// never happened: then its cases are those that came to it, and are found as if nothing could be handed over.
    pub origins: Option<Vec<Key>>,
    /// What bears a label above this level is left out. `None` while there is no such case: then nothing has to be looked at.
    pub readable: Option<i32>,
}

impl Holding {
    /// What came to the agency, whoever handles it now.
    pub fn plain(agency: Key) -> Self {
        Self { agency, origins: None, readable: None }
    }

    /// The condition that a case of the query is handled there.
    pub fn cases(&self) -> Held {
        Held { holding: self.clone(), table: None }
    }

    /// The condition that a row of a table, which has the columns `agency_id` and `case_id`, is about such a case.
    pub fn rows_of(&self, table: &'static str) -> Held {
        Held { holding: self.clone(), table: Some(table) }
    }
}

/// The condition itself. It names its tables, and so may stand in any query that reads them.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub holding: Holding,
    pub table: Option<&'static str>,
}

is_condition!(Held, Bool);
