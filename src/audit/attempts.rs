//! The chain of attempts: sign-ins, and what was refused. Sealed and verified as events are, in a chain of each agency's own: a flood
//! of refusals must not lengthen the record of what was done.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::canonical::{CanonicalError, canonical_json, parse_canonical};
use super::chain::{ChainId, Head, Link, Suite, link};
use super::verify::{Finding, FindingKind};

/// What was tried, how often within a minute, and what came of it. Ids, codes and keyed hashes: no name, no word, no address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// `denied`, `signed_in`, `sign_in_refused`, `locked_out`, `refresh_reused`, `refresh_refused`, `portal_refused`.
    pub kind: String,
    /// The account, when there is one.
    pub account: Option<Uuid>,
    /// A keyed hash of the name that is no account's: somebody's password typed into the wrong field is not kept.
    pub name_hash: Option<String>,
    /// A keyed hash of the address from which it came: equal ones are equal.
    pub address_hash: Option<String>,
    /// Method and path of the operation, its parameters unnamed; `*` when there were too many kinds within the minute.
    pub operation: String,
    /// The status that was answered.
    pub status: u16,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first_at: DateTime<Utc>,
    /// The last of them.
    pub last_at: DateTime<Utc>,
}

/// As it is hashed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    agency: Uuid,
    seq: u64,
    suite: i16,
    at: String,
    attempt: Attempt,
}

/// An attempt as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedAttempt {
    /// Its place in the chain, from 1.
    pub seq: u64,
    /// As the record says.
    pub kind: String,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// As the record says.
    pub account: Option<Uuid>,
    /// The number of the suite of the link.
    pub suite: i16,
    /// Canonical JSON.
    pub record: String,
    /// Its link.
    pub link: Link,
}

/// Seals an attempt at the end of an agency's chain of them, which moves on.
///
/// # Errors
/// When it is not to be written as canonical JSON: never, in practice.
pub fn seal(
    agency: Uuid,
    head: &mut Head,
    at: DateTime<Utc>,
    attempt: Attempt,
) -> Result<SealedAttempt, CanonicalError> {
    let (kind, account, suite) = (attempt.kind.clone(), attempt.account, Suite::CURRENT);
    let seq = head.seq.saturating_add(1);
    let at_text = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let record = Record { agency, seq, suite: suite.id(), at: at_text, attempt };
    let record = canonical_json(&serde_json::to_value(&record).unwrap_or_default())?;
    let link = link(suite, &ChainId::Attempts(agency), seq, &head.link, record.as_bytes());
    *head = Head { seq, link };
    Ok(SealedAttempt { seq, kind, recorded_at: at, account, suite: suite.id(), record, link })
}

/// What a stored record says.
pub fn read(record: &str) -> Option<Attempt> {
    let value = parse_canonical(record).ok()?;
    serde_json::from_value::<Record>(value).ok().map(|record| record.attempt)
}

/// Verifies a chain of attempts, one after the other.
pub struct AttemptVerifier {
    agency: Uuid,
    head: Head,
    witnessed: BTreeMap<u64, Vec<(String, Link)>>,
    findings: Vec<Finding>,
}

impl AttemptVerifier {
    /// Of an agency, before its first attempt. The chain must pass through each of these heads, said by whom the words name.
    pub fn new(agency: Uuid, witnessed: Vec<(String, Head)>) -> Self {
        let head = Head::start(Suite::CURRENT, &ChainId::Attempts(agency));
        let mut by_seq: BTreeMap<u64, Vec<(String, Link)>> = BTreeMap::new();
        for (place, head) in witnessed {
            by_seq.entry(head.seq).or_default().push((place, head.link));
        }
        Self { agency, head, witnessed: by_seq, findings: Vec::new() }
    }

    /// Where the chain stands.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Takes the next one. Behind the first that is wrong, nothing new is said.
    pub fn push(&mut self, row: &SealedAttempt) {
        if !self.findings.is_empty() {
            return;
        }
        let seq = self.head.seq.saturating_add(1);
        if row.seq != seq {
            return self.wrong(seq, "it is missing");
        }
        let Some(suite) = Suite::from_id(row.suite) else { return self.wrong(seq, "its suite is not known") };
        let next = link(suite, &ChainId::Attempts(self.agency), seq, &self.head.link, row.record.as_bytes());
        if next != row.link {
            return self
                .wrong(seq, "its link does not follow: it was changed, or the one before was replaced");
        }
        let record = parse_canonical(&row.record).ok();
        let Some(record) = record.and_then(|value| serde_json::from_value::<Record>(value).ok()) else {
            return self.wrong(seq, "it is no record of an attempt");
        };
        let says =
            (record.agency, record.seq, record.suite, record.attempt.kind.as_str(), record.attempt.account);
        let at = row.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true);
        if says != (self.agency, seq, row.suite, row.kind.as_str(), row.account) || record.at != at {
            return self.wrong(seq, "a column says something else than its record");
        }
        self.head = Head { seq, link: row.link };
        let here = self.witnessed.remove(&seq).unwrap_or_default();
        if let Some((place, _)) = here.iter().find(|(_, link)| *link != row.link) {
            self.wrong(
                seq,
                &format!("{place} holds another link here: it, or one before it, was written anew"),
            );
        }
    }

    /// The chain has ended; it must pass through the first of these heads, and end at the second: others write on meanwhile.
    pub fn finish(mut self, through: Option<Head>, end: Option<Head>, seen: Option<Link>) -> Vec<Finding> {
        let last = self.head.seq;
        let furthest = self.witnessed.iter().next_back().filter(|(seq, _)| **seq > last);
        if self.findings.is_empty()
            && let Some((seq, (place, _))) =
                furthest.and_then(|(seq, told)| Some((*seq, told.first()?.clone())))
        {
            let missing = format!(
                "it is missing, and what followed up to attempt {seq}, which {place} has seen: the end was cut off"
            );
            self.wrong(last.saturating_add(1), &missing);
        }
        if self.findings.is_empty() {
            let (last, remembered) = (self.head.seq, end.map_or(0, |head| head.seq));
            let first = through.map_or(0, |head| head.seq);
            if last < first {
                self.wrong(last.saturating_add(1), "it is missing from the end");
            } else if last > remembered {
                self.wrong(remembered.saturating_add(1), "it is behind the remembered end");
            } else if through.is_some_and(|head| head.seq > 0 && seen != Some(head.link)) {
                self.wrong(first, "it is not the one that is remembered as the last");
            }
        }
        self.findings
    }

    fn wrong(&mut self, seq: u64, what: &str) {
        self.findings.push(Finding {
            agency_seq: None,
            case: None,
            case_seq: None,
            kind: FindingKind::Attempts,
            message: format!("attempt {seq} of agency {}: {what}", self.agency),
        });
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};
    use uuid::Uuid;

    use super::{Attempt, AttemptVerifier, SealedAttempt, read, seal};
    use crate::audit::chain::{ChainId, Head, Suite};

    const AGENCY: Uuid = Uuid::from_u128(0xa);

    fn attempt(n: u64) -> Attempt {
        let at = Utc.with_ymd_and_hms(2026, 11, 22, 2, 0, 0).unwrap();
        Attempt {
            kind: "denied".to_owned(),
            account: Some(Uuid::from_u128(7)),
            name_hash: None,
            address_hash: Some("00".to_owned()),
            operation: "GET /api/v1/cases/{case_id}".to_owned(),
            status: 404,
            count: n,
            first_at: at,
            last_at: at,
        }
    }

    fn chain(length: u64) -> (Vec<SealedAttempt>, Head) {
        let mut head = Head::start(Suite::CURRENT, &ChainId::Attempts(AGENCY));
        let at = Utc.with_ymd_and_hms(2026, 11, 22, 2, 1, 0).unwrap();
        let rows = (1..=length).map(|n| seal(AGENCY, &mut head, at, attempt(n)).unwrap()).collect();
        (rows, head)
    }

    fn told(rows: &[SealedAttempt], head: Head) -> Vec<String> {
        let mut verifier = AttemptVerifier::new(AGENCY, Vec::new());
        for row in rows {
            verifier.push(row);
        }
        let seen = rows.iter().find(|row| row.seq == head.seq).map(|row| row.link);
        verifier.finish(Some(head), Some(head), seen).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn what_is_sealed_is_sound_and_read_back() {
        let (rows, head) = chain(5);
        assert_eq!(told(&rows, head), Vec::<String>::new());
        assert_eq!(read(&rows[2].record), Some(attempt(3)));
        assert_eq!(told(&[], Head::start(Suite::CURRENT, &ChainId::Attempts(AGENCY))), Vec::<String>::new());
    }

    /// What somebody does who has every right in the database, the end and its links included.
    #[test]
    fn a_chain_cut_off_or_written_anew_is_told_by_who_has_seen_it() {
        let (rows, head) = chain(5);
        let seen = |seq: usize| Head { seq: rows[seq - 1].seq, link: rows[seq - 1].link };
        let told = |rows: &[SealedAttempt], witnessed: &[Head]| {
            let said = witnessed.iter().map(|head| ("the checkpoint".to_owned(), *head)).collect();
            let mut verifier = AttemptVerifier::new(AGENCY, said);
            for row in rows {
                verifier.push(row);
            }
            let end = rows.last().map(|row| Head { seq: row.seq, link: row.link });
            let found = verifier.finish(end, end, end.map(|head| head.link));
            found.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        let start = Head::start(Suite::CURRENT, &ChainId::Attempts(AGENCY));
        assert_eq!(told(&rows, &[start, seen(2), seen(4), head]), Vec::<String>::new());
        for kept in 0..4 {
            let found = told(&rows[..kept], &[seen(2), seen(4)]);
            let place = format!(
                "attempt {} of agency {AGENCY}: it is missing, and what followed up to attempt 4",
                kept + 1
            );
            assert!(found.len() == 1 && found[0].starts_with(&place), "{kept}: {found:?}");
        }
        assert_eq!(
            told(&rows[..4], &[seen(2), seen(4)]),
            Vec::<String>::new(),
            "behind the last nobody has seen it"
        );
        let mut head = seen(2);
        let at = rows[2].recorded_at;
        let anew: Vec<SealedAttempt> =
            (13..=15).map(|n| seal(AGENCY, &mut head, at, attempt(n)).unwrap()).collect();
        let found = told(&[&rows[..2], &anew].concat(), &[seen(2), seen(4)]);
        assert!(
            found.len() == 1
                && found[0].starts_with("attempt 4 of agency")
                && found[0].contains("another link"),
            "{found:?}"
        );
    }

    /// Whatever is changed is told at its place.
    #[test]
    fn each_change_is_told_at_its_place() {
        let (rows, head) = chain(5);
        let wrong = |n: usize, change: &dyn Fn(&mut Vec<SealedAttempt>)| {
            let mut rows = rows.clone();
            change(&mut rows);
            let told = told(&rows, head);
            assert!(told.len() == 1 && told[0].starts_with(&format!("attempt {n} of")), "{n}: {told:?}");
        };
        for n in 0..5 {
            wrong(n + 1, &|rows| rows[n].record = rows[n].record.replace("404", "200"));
            wrong(n + 1, &|rows| rows[n].kind = "signed_in".to_owned());
            wrong(n + 1, &|rows| rows[n].account = None);
            wrong(n + 1, &|rows| rows[n].suite = 2);
            wrong(n + 1, &|rows| rows[n].recorded_at += chrono::TimeDelta::seconds(1));
            wrong(n + 1, &|rows| drop(rows.remove(n)));
            wrong(n + 1, &|rows| rows.truncate(n));
        }
        wrong(2, &|rows| rows.swap(1, 2));
        let (longer, _) = chain(6);
        assert_eq!(
            told(&longer, head),
            [format!("attempt 6 of agency {AGENCY}: it is behind the remembered end")]
        );
    }
}
