//! One step along a chain.

use crate::audit::chain::{ChainId, Head, Suite, genesis, link};

/// How an event does not follow its predecessor.
pub(super) enum Flaw {
    /// In its place, but not with its link.
    Link,
    /// Some are missing before it.
    Gap { first: u64, last: u64 },
    /// Its place was taken before.
    Order { after: u64 },
}

/// Follows a chain by one event: where it stands then, and what is wrong. An event out of order does not move it.
pub(super) fn follow(
    chain: &ChainId,
    before: Option<Head>,
    claimed: Head,
    suite: Option<Suite>,
    record: &str,
) -> (Head, Option<Flaw>) {
    let last = before.map_or(0, |head| head.seq);
    let next = last.saturating_add(1);
    if claimed.seq < next {
        return (before.unwrap_or(claimed), Some(Flaw::Order { after: last }));
    }
    if claimed.seq > next {
        return (claimed, Some(Flaw::Gap { first: next, last: claimed.seq.saturating_sub(1) }));
    }
    // Without a suite the link cannot be checked, which is a finding of its own.
    let follows = suite.is_none_or(|suite| {
        let prev = before.map_or_else(|| genesis(suite, chain), |head| head.link);
        link(suite, chain, claimed.seq, &prev, record.as_bytes()) == claimed.link
    });
    (claimed, if follows { None } else { Some(Flaw::Link) })
}

/// `event 5 is` or `events 5 to 7 are`.
pub(super) fn numbers(first: u64, last: u64) -> String {
    if first == last { format!("event {first} is") } else { format!("events {first} to {last} are") }
}
