//! The queue as the store is asked for it.

use gongkai::store::{Key, QueueFilter, Sort};

/// Every case of an agency, those first that are due first, at most so many.
pub fn all_of(agency: Key, limit: i64) -> QueueFilter {
    QueueFilter {
        agency,
        departments: None,
        stage: None,
        status: None,
        light: None,
        clock: None,
        owed: None,
        department: None,
        assignee: None,
        channel: None,
        outcome: None,
        due_before: None,
        received_from: None,
        received_to: None,
        number: None,
        search: None,
        sort: Sort::DueOn,
        after: None,
        limit,
    }
}
