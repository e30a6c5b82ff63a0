//! What was tried: sign-ins, refused sign-ins, and what signed-in people were refused (GB/T 22239-2019, 8.1.4.3: the result of each
//! event, also the refused). It is noted in memory while the answer goes out, and written together a second later: equal attempts of
//! a minute are one row, two at most, so that nobody fills the disk by asking.
//!
//! When it cannot be written, the answer was a refusal all the same, and nothing was allowed by it; the log says how many were lost.
//! A good sign-in is written with the stay that it opens: without its record nobody comes in.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::App;
use super::error::AppError;
use super::sign_in::is_locked;
use crate::audit::attempts::{Attempt, AttemptVerifier, SealedAttempt};
use crate::audit::chain::{ChainId, Head, Link, Suite};
use crate::audit::verify::Finding;
use crate::crypto::framed::hmac_sha256;
use crate::crypto::hex;
use crate::crypto::secret::SecretKey;
use crate::crypto::token::RefreshToken;
use crate::domain::role::Actor;
use crate::store::{At, AttemptRow, CameIn, Key};

/// Equal attempts of so long are one row.
const WINDOW: TimeDelta = TimeDelta::minutes(1);
/// So many kinds of attempts of one account, or from one address without one, are told apart within a minute.
const MOST_KINDS: usize = 32;
/// So many of people who are not signed in, and of those who are.
const MOST_STRANGERS: usize = 256;
const MOST_KNOWN: usize = 1_024;
/// So many attempts are read at once.
const PAGE: i64 = 1_000;
/// The chain of what concerns no account.
pub const NOBODY: Uuid = Uuid::nil();

/// What somebody showed who is not signed in.
#[derive(Clone)]
pub enum Shown {
    /// A sign-in name. It may be a password: it leaves memory as a keyed hash only, unless it is an account's.
    Name(Zeroizing<String>),
    /// A refresh token.
    Refresh(Zeroizing<String>),
    /// A portal's id, with a secret.
    Portal(Zeroizing<String>),
}

/// Where somebody comes in.
pub struct Door {
    /// His address.
    pub address: Option<IpAddr>,
    /// The network to which it belongs, as attempts are told apart.
    pub network: Option<String>,
    /// The operation, such as `POST /api/v1/auth/login`.
    pub operation: String,
}

/// Who tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Account { agency: Uuid, account: Uuid },
    Name([u8; 8]),
    Refresh([u8; 8]),
    Portal([u8; 8]),
}

/// What makes attempts equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Same {
    who: Who,
    from: Option<[u8; 8]>,
    operation: String,
    status: u16,
}

impl Same {
    fn is_known(&self) -> bool {
        matches!(self.who, Who::Account { .. })
    }

    /// Whose number of kinds it counts towards.
    fn source(&self) -> (Option<Uuid>, Option<[u8; 8]>) {
        match self.who {
            Who::Account { account, .. } => (Some(account), None),
            Who::Name(_) | Who::Refresh(_) | Who::Portal(_) => (None, self.from),
        }
    }
}

struct Counted {
    began: DateTime<Utc>,
    waiting: u64,
    fresh: bool,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
    shown: Option<Shown>,
}

/// What was noted and not yet written.
pub struct Attempts {
    key: SecretKey,
    noted: Mutex<BTreeMap<Same, Counted>>,
    lost: AtomicU64,
}

impl Attempts {
    /// Nothing yet; `key` makes the hashes.
    pub fn new(key: SecretKey) -> Self {
        Self { key, noted: Mutex::default(), lost: AtomicU64::new(0) }
    }

    /// How many could not be written since the start.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    fn hash(&self, of: &str, text: &str) -> [u8; 8] {
        let whole = hmac_sha256(&self.key, format!("{of}\0{text}").as_bytes());
        whole.first_chunk().copied().unwrap_or_default()
    }

    fn note(&self, same: Same, shown: Option<Shown>, now: DateTime<Utc>) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let crowded = |same: &Same| {
            let most = if same.is_known() { MOST_KNOWN } else { MOST_STRANGERS };
            noted.keys().filter(|key| key.is_known() == same.is_known()).count() >= most
                || noted.keys().filter(|key| key.source() == same.source()).count() >= MOST_KINDS
        };
        let same = if noted.contains_key(&same) || !crowded(&same) { same } else { without_kind(same) };
        let shown = shown.filter(|_| same.operation != MANY);
        let fresh = Counted { began: now, waiting: 0, fresh: true, first: now, last: now, shown };
        let counted = noted.entry(same).or_insert(fresh);
        if counted.waiting == 0 {
            counted.first = now;
        }
        counted.waiting = counted.waiting.saturating_add(1);
        counted.last = now;
    }

    /// What is due: the first of each kind at once, those that followed when their minute is over.
    fn take(&self, now: DateTime<Utc>, all: bool) -> Vec<(Same, Counted)> {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        noted.retain(|same, counted| {
            let over = now.signed_duration_since(counted.began) >= WINDOW || now < counted.began;
            if counted.waiting > 0 && (counted.fresh || over || all) {
                due.push((same.clone(), Counted { shown: counted.shown.clone(), ..*counted }));
                counted.waiting = 0;
                counted.fresh = false;
            }
            !over
        });
        due
    }
}

/// The operation of what is counted without its kind.
const MANY: &str = "*";

fn without_kind(same: Same) -> Same {
    let who = match same.who {
        Who::Name(_) => Who::Name([0; 8]),
        Who::Refresh(_) => Who::Refresh([0; 8]),
        Who::Portal(_) => Who::Portal([0; 8]),
        who @ Who::Account { .. } => who,
    };
    Same { who, from: None, operation: MANY.to_owned(), status: same.status }
}

impl App {
    /// Notes that somebody who is signed in was refused.
    pub fn note_denied(&self, actor: &Actor, from: Option<&str>, operation: &str, status: u16) {
        let who = Who::Account { agency: actor.agency.0, account: actor.account.0 };
        self.note(who, None, from, operation, status);
    }

    /// Notes that a sign-in was refused, or a refresh token.
    pub fn note_shown(&self, shown: Shown, from: Option<&str>, operation: &str, status: u16) {
        let who = match &shown {
            Shown::Name(name) => Who::Name(self.attempts.hash("name", name)),
            Shown::Refresh(token) => Who::Refresh(self.attempts.hash("refresh", token)),
            Shown::Portal(portal) => Who::Portal(self.attempts.hash("portal", portal)),
        };
        self.note(who, Some(shown), from, operation, status);
    }

    fn note(&self, who: Who, shown: Option<Shown>, from: Option<&str>, operation: &str, status: u16) {
        let from = from.map(|address| self.attempts.hash("address", address));
        let same = Same { who, from, operation: operation.to_owned(), status };
        self.attempts.note(same, shown, self.clock.now());
    }

    /// The record of a sign-in, which is written with the stay that it opens, or there is none.
    pub(super) fn came_in(&self, (agency, account): (Key, Key), door: &Door, now: DateTime<Utc>) -> CameIn {
        let address = door.network.as_ref().map(|network| self.attempts.hash("address", network));
        let attempt = Attempt {
            kind: "signed_in".to_owned(),
            account: Some(account.0),
            name_hash: None,
            address_hash: address.map(|hash| hex::encode(&hash)),
            operation: door.operation.clone(),
            status: 200,
            count: 1,
            first_at: micros(now),
            last_at: micros(now),
        };
        CameIn { agency, attempt }
    }

    /// Writes what is due, or all that waits; how many rows. What cannot be written is counted and told in the log.
    pub async fn write_attempts(&self, all: bool) -> usize {
        let (now, mut written) = (self.clock.now(), 0_usize);
        let mut by_agency: BTreeMap<Uuid, Vec<Attempt>> = BTreeMap::new();
        for (same, counted) in self.attempts.take(now, all) {
            let count = counted.waiting;
            match self.attempt_of(same, counted).await {
                Ok((agency, attempt)) => by_agency.entry(agency).or_default().push(attempt),
                Err(error) => self.lose(count, &error),
            }
        }
        for (agency, new) in by_agency {
            let (rows, count) = (new.len(), new.iter().map(|attempt| attempt.count).sum());
            match self.store.attempts_append(Key(agency), At(now), new).await {
                Ok(()) => written = written.saturating_add(rows),
                Err(error) => self.lose(count, &AppError::Store(error)),
            }
        }
        written
    }

    fn lose(&self, count: u64, error: &AppError) {
        let before = self.attempts.lost.fetch_add(count, Ordering::Relaxed);
        tracing::error!(%error, lost = before.saturating_add(count), "attempts could not be recorded");
    }

    /// The attempt with its agency: which account it was, is asked only now, behind the answer.
    async fn attempt_of(&self, same: Same, counted: Counted) -> Result<(Uuid, Attempt), AppError> {
        let mut name_hash = None;
        let (agency, account, kind) = match (same.who, counted.shown) {
            (Who::Account { agency, account }, _) => (agency, Some(account), "denied"),
            (Who::Name(hash), shown) => {
                let found = match shown {
                    Some(Shown::Name(name)) => self.store.account_by_username(name.to_string()).await?,
                    Some(Shown::Refresh(_) | Shown::Portal(_)) | None => None,
                };
                let locked = found.as_ref().is_some_and(|account| is_locked(account, counted.last));
                let kind = if locked { "locked_out" } else { "sign_in_refused" };
                if let Some(account) = found {
                    (account.agency_id.0, Some(account.id.0), kind)
                } else {
                    name_hash = Some(hash);
                    (NOBODY, None, kind)
                }
            }
            (Who::Refresh(_), Some(Shown::Refresh(token))) => {
                let owner = match RefreshToken::parse(&token) {
                    Ok(token) => self.store.refresh_owner(token.hash().to_vec()).await?,
                    Err(_) => None,
                };
                match owner {
                    Some(owner) if owner.used => (owner.agency.0, Some(owner.account.0), "refresh_reused"),
                    Some(owner) => (owner.agency.0, Some(owner.account.0), "refresh_refused"),
                    None => (NOBODY, None, "refresh_refused"),
                }
            }
            (Who::Refresh(_), Some(Shown::Name(_) | Shown::Portal(_)) | None) => {
                (NOBODY, None, "refresh_refused")
            }
            (Who::Portal(hash), _) => {
                name_hash = Some(hash);
                (NOBODY, None, "portal_refused")
            }
        };
        let attempt = Attempt {
            kind: kind.to_owned(),
            account,
            name_hash: name_hash.filter(|hash| *hash != [0; 8]).map(|hash| hex::encode(&hash)),
            address_hash: same.from.map(|hash| hex::encode(&hash)),
            operation: same.operation,
            status: same.status,
            count: counted.waiting,
            first_at: micros(counted.first),
            last_at: micros(counted.last),
        };
        Ok((agency, attempt))
    }

    /// A page of attempts behind `after`, after all that waits was written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn attempts_page(
        &self,
        agency: Uuid,
        after: i64,
        limit: i64,
    ) -> Result<Vec<SealedAttempt>, AppError> {
        self.write_attempts(false).await;
        let rows = self.store.attempts_after(Key(agency), after, limit).await?;
        Ok(rows.into_iter().map(sealed).collect())
    }

    /// What is wrong with an agency's chain of attempts, which must pass through what signed checkpoints say.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn verify_attempts(
        &self,
        agency: Uuid,
        witnessed: Vec<(String, Head)>,
    ) -> Result<Vec<Finding>, AppError> {
        let through = self.attempts_head(agency).await?;
        let (mut verifier, mut after, mut seen) = (AttemptVerifier::new(agency, witnessed), 0, None);
        loop {
            let page = self.store.attempts_after(Key(agency), after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for row in page.into_iter().map(sealed) {
                if through.is_some_and(|head| head.seq == row.seq) {
                    seen = Some(row.link);
                }
                verifier.push(&row);
            }
        }
        let end = self.attempts_head(agency).await?;
        Ok(verifier.finish(through, end, seen))
    }

    /// Where a chain of attempts ends; where it would begin, when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn attempts_end(&self, agency: Uuid) -> Result<Head, AppError> {
        let start = || Head::start(Suite::CURRENT, &ChainId::Attempts(agency));
        Ok(self.attempts_head(agency).await?.unwrap_or_else(start))
    }

    async fn attempts_head(&self, agency: Uuid) -> Result<Option<Head>, AppError> {
        let head = self.store.attempts_head(Key(agency)).await?;
        Ok(head.map(|(seq, link)| Head { seq: place(seq), link: link_of(&link) }))
    }
}

/// As instants are written.
fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// A column that cannot be one becomes a value that verification finds.
fn sealed(row: AttemptRow) -> SealedAttempt {
    SealedAttempt {
        seq: place(row.seq),
        kind: row.kind,
        recorded_at: row.recorded_at.0,
        account: row.account_id.map(|account| account.0),
        suite: i16::try_from(row.suite).unwrap_or(i16::MAX),
        record: row.record,
        link: link_of(&row.link),
    }
}

fn place(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}

fn link_of(bytes: &[u8]) -> Link {
    Link::try_from(bytes).unwrap_or(Link::from_bytes([0; 32]))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use uuid::Uuid;

    use super::{Attempts, MANY, MOST_KINDS, MOST_STRANGERS, Same, Who};
    use crate::crypto::secret::SecretKey;

    fn attempts() -> Attempts {
        Attempts::new(SecretKey::from_bytes([7; 32]))
    }

    fn denied(operation: &str) -> Same {
        let who = Who::Account { agency: Uuid::from_u128(1), account: Uuid::from_u128(2) };
        Same { who, from: None, operation: operation.to_owned(), status: 403 }
    }

    fn counts(taken: Vec<(Same, super::Counted)>) -> Vec<u64> {
        taken.into_iter().map(|(_, counted)| counted.waiting).collect()
    }

    /// The first at once, the others of the minute together, and then anew.
    #[test]
    fn equal_attempts_of_a_minute_are_two_rows_at_most() {
        let (attempts, start) = (attempts(), DateTime::<Utc>::UNIX_EPOCH);
        for second in 0..60 {
            let now = start + TimeDelta::seconds(second);
            attempts.note(denied("GET /a"), None, now);
            let taken = counts(attempts.take(now, false));
            assert_eq!(taken, if second == 0 { vec![1] } else { vec![] }, "second {second}");
        }
        assert_eq!(counts(attempts.take(start + TimeDelta::seconds(60), false)), [59]);
        assert_eq!(counts(attempts.take(start + TimeDelta::seconds(61), true)), Vec::<u64>::new());
        attempts.note(denied("GET /a"), None, start + TimeDelta::seconds(62));
        assert_eq!(counts(attempts.take(start + TimeDelta::seconds(62), false)), [1]);
    }

    /// However many kinds, names and addresses there are: what is kept is bounded, and every attempt counted.
    #[test]
    fn a_flood_is_counted_and_not_kept() {
        let (attempts, now) = (attempts(), DateTime::<Utc>::UNIX_EPOCH);
        for n in 0..10_000_u64 {
            attempts.note(denied(&format!("GET /{n}")), None, now);
            let from = Some((n / 20).to_be_bytes());
            let same = Same { who: Who::Name(n.to_be_bytes()), from, operation: String::new(), status: 401 };
            attempts.note(same, None, now);
        }
        let taken = attempts.take(now, false);
        assert_eq!(taken.len(), MOST_KINDS + 1 + MOST_STRANGERS + 1);
        assert_eq!(taken.iter().map(|(_, counted)| counted.waiting).sum::<u64>(), 20_000);
        assert_eq!(taken.iter().filter(|(same, _)| same.operation == MANY).count(), 2);
        assert!(attempts.take(now + TimeDelta::minutes(2), false).is_empty());
        assert!(attempts.noted.lock().unwrap().is_empty(), "nothing is remembered for longer");
    }
}
