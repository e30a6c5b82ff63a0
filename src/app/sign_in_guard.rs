//! What stands before the hashing of passwords: how often one address, and one name, may be tried, and from which addresses somebody
//! is known. Kept in memory of a fixed size, so each instance counts for itself, and a start forgets.
//!
//! Three rules, in this order:
//!
//! 1. An address (of IPv6, a network of 64 bits) may try so often a minute. What is refused here counts nowhere else: one address cannot
//!    use up the tries of a name.
//! 2. A name may be tried so often in a quarter of an hour, whether or not there is such an account.
//! 3. An address from which the account was opened before is **known**: it has tries of its own, which strangers cannot use up, and the
//!    lock that strangers cause does not hold there. Five wrong passwords in a row from it, and it is a stranger again. So an attacker
//!    who locks an account again and again keeps nobody from his desk.
//!
//! Counting is the generic cell rate algorithm on a table of four rows, each with its own secret hash; a key's worth is the least of its
//! four cells. A key is never counted too low, whatever else is counted; too high only when others share all four of its cells.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::config::SignInLimits;

/// Cells of a row: four rows are 1 MiB.
const CELLS: usize = 1 << 15;
const ROWS: usize = 4;
/// The span in which an address has its tries.
const MINUTE: Duration = Duration::from_mins(1);
/// The span in which a name has its tries.
const QUARTER: Duration = Duration::from_mins(15);
/// So many addresses of accounts are known at most; the one used longest ago goes.
const MOST_KNOWN: usize = 16_384;
/// Wrong passwords in a row after which an address is known no more.
const MOST_FAILURES: u8 = 5;

/// Who tries: a name, and where from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    name: String,
    place: Option<IpAddr>,
}

impl Attempt {
    /// From the caller's address, as the trusted proxies tell it.
    pub fn new(name: &str, from: Option<IpAddr>) -> Self {
        Self { name: name.to_owned(), place: from.map(network) }
    }
}

/// An IPv4 address, or the network of 64 bits of an IPv6 one: a subscriber has at least so many to himself.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

/// The guard.
pub struct SignInGuard {
    started: Instant,
    state: Mutex<State>,
}

struct State {
    addresses: Sieve,
    names: Sieve,
    desks: Sieve,
    known: HashMap<Attempt, Desk>,
}

/// An address from which an account was opened.
struct Desk {
    failures: u8,
    used: Duration,
}

impl SignInGuard {
    /// With nothing counted.
    pub fn new(limits: SignInLimits) -> Self {
        let state = State {
            addresses: Sieve::new(limits.per_address, MINUTE),
            names: Sieve::new(limits.per_name, QUARTER),
            desks: Sieve::new(limits.per_name, QUARTER),
            known: HashMap::new(),
        };
        Self { started: Instant::now(), state: Mutex::new(state) }
    }

    /// Counts an attempt; whether it comes from an address that is known.
    ///
    /// # Errors
    /// When it is one too many: the seconds until the next may come.
    pub fn admit(&self, attempt: &Attempt) -> Result<bool, u32> {
        self.with(|state, now| state.admit(attempt, now)).map_err(whole_seconds)
    }

    /// Counts an attempt with no name: somebody goes to the identity provider, or comes back.
    ///
    /// # Errors
    /// As [`SignInGuard::admit`].
    pub fn admit_address(&self, from: Option<IpAddr>) -> Result<(), u32> {
        self.with(|state, now| state.addresses.take(&from.map(network), now)).map_err(whole_seconds)
    }

    /// Whether it comes from an address that is known still.
    pub fn knows(&self, attempt: &Attempt) -> bool {
        self.with(|state, _| state.known.contains_key(attempt))
    }

    /// The account was opened: from now on the address is known.
    pub fn opened(&self, attempt: Attempt) {
        self.with(|state, now| state.opened(attempt, now));
    }

    /// It was not: the password, or the code, was wrong.
    pub fn failed(&self, attempt: &Attempt) {
        self.with(|state, _| state.failed(attempt));
    }

    /// The password was asked for once more within a stay, and was wrong: that counts for every address from which the account is known.
    pub fn failed_within(&self, name: &str) {
        self.with(|state, _| {
            let own: Vec<Attempt> =
                state.known.keys().filter(|attempt| attempt.name == name).cloned().collect();
            for attempt in &own {
                state.failed(attempt);
            }
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut State, Duration) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut state, self.started.elapsed())
    }
}

impl State {
    fn admit(&mut self, attempt: &Attempt, now: Duration) -> Result<bool, Duration> {
        self.addresses.take(&attempt.place, now)?;
        let known = self.known.contains_key(attempt);
        if known {
            self.desks.take(attempt, now)?;
        } else {
            self.names.take(&attempt.name, now)?;
        }
        Ok(known)
    }

    fn opened(&mut self, attempt: Attempt, now: Duration) {
        if attempt.place.is_none() {
            return;
        }
        if self.known.len() >= MOST_KNOWN && !self.known.contains_key(&attempt) {
            let oldest = self.known.iter().min_by_key(|(_, desk)| desk.used).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| self.known.remove(&oldest));
        }
        self.known.insert(attempt, Desk { failures: 0, used: now });
    }

    fn failed(&mut self, attempt: &Attempt) {
        if let Some(desk) = self.known.get_mut(attempt) {
            desk.failures = desk.failures.saturating_add(1);
            if desk.failures >= MOST_FAILURES {
                self.known.remove(attempt);
            }
        }
    }
}

fn whole_seconds(wait: Duration) -> u32 {
    let whole = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
    whole.saturating_add(u32::from(wait.subsec_nanos() > 0)).max(1)
}

/// Counts keys without remembering them. A cell holds the instant at which its tries are all back, in nanoseconds.
struct Sieve {
    /// How long one try takes to come back.
    each: u64,
    /// How much may be missing for one more try.
    slack: u64,
    rows: [(RandomState, Vec<u64>); ROWS],
}

impl Sieve {
    /// So many tries at once, and as many again in each span.
    fn new(tries: NonZeroU32, span: Duration) -> Self {
        let each = nanos(span).div_euclid(u64::from(tries.get())).max(1);
        let slack = each.saturating_mul(u64::from(tries.get().saturating_sub(1)));
        Self { each, slack, rows: std::array::from_fn(|_| (RandomState::new(), vec![0; CELLS])) }
    }

    /// Takes a try, or tells how long until there is one.
    fn take(&mut self, key: &impl Hash, now: Duration) -> Result<(), Duration> {
        let now = nanos(now);
        let mut cells = self.rows.each_mut().map(|(hash, row)| {
            let at = usize::try_from(hash.hash_one(key)).unwrap_or_default().rem_euclid(CELLS);
            row.get_mut(at)
        });
        let worth = cells.iter().flatten().map(|cell| **cell).min().unwrap_or(0).max(now);
        let missing = worth.saturating_sub(now);
        if missing > self.slack {
            return Err(Duration::from_nanos(missing.saturating_sub(self.slack)));
        }
        let worth = worth.saturating_add(self.each);
        for cell in cells.iter_mut().flatten() {
            **cell = worth.max(**cell);
        }
        Ok(())
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn limits(per_address: u32, per_name: u32) -> SignInLimits {
        let limit = |n| NonZeroU32::new(n).unwrap();
        SignInLimits { per_address: limit(per_address), per_name: limit(per_name) }
    }

    fn attempt(name: &str, from: &str) -> Attempt {
        Attempt::new(name, from.parse().ok())
    }

    fn tries(sieve: &mut Sieve, key: &str, now: u64) -> usize {
        (0..1000).take_while(|_| sieve.take(&key, Duration::from_secs(now)).is_ok()).count()
    }

    #[test]
    fn tries_come_back_one_by_one() {
        let mut sieve = Sieve::new(NonZeroU32::new(30).unwrap(), QUARTER);
        assert_eq!(tries(&mut sieve, "a", 0), 30);
        assert_eq!(sieve.take(&"a", Duration::from_secs(1)), Err(Duration::from_secs(29)));
        assert_eq!([29, 30, 60, 150].map(|now| tries(&mut sieve, "a", now)), [0, 1, 1, 3]);
        assert_eq!(tries(&mut sieve, "a", 150 + 900), 30);
        assert_eq!(tries(&mut sieve, "b", 0), 30, "another key has its own");
    }

    #[test]
    fn of_many_at_once_exactly_as_many_get_through_as_may() {
        for _ in 0..20 {
            let guard = SignInGuard::new(limits(40, 7));
            let through = AtomicU32::new(0);
            std::thread::scope(|scope| {
                for n in 0..64 {
                    let (guard, through) = (&guard, &through);
                    scope.spawn(move || {
                        if guard.admit(&attempt("clerk", &format!("192.0.2.{n}"))).is_ok() {
                            through.fetch_add(1, Ordering::Relaxed);
                        }
                    });
                }
            });
            assert_eq!(through.into_inner(), 7);
        }
    }

    #[test]
    fn an_address_that_is_refused_uses_up_nobody_elses_tries() {
        let guard = SignInGuard::new(limits(3, 5));
        let from = |address: &str| guard.admit(&attempt("clerk", address)).is_ok();
        assert_eq!((0..50).filter(|_| from("192.0.2.1")).count(), 3);
        assert_eq!((0..50).filter(|_| from("192.0.2.2")).count(), 2);
        assert!(guard.admit(&attempt("other", "192.0.2.3")).is_ok());
    }

    #[test]
    fn an_ipv6_network_is_one_address_and_a_mapped_one_is_ipv4() {
        let guard = SignInGuard::new(limits(1, 100));
        let from = |address: &str| guard.admit(&attempt("clerk", address)).is_ok();
        assert!(from("2001:db8:1:2::1") && !from("2001:db8:1:2:ffff::9") && from("2001:db8:1:3::1"));
        assert!(from("192.0.2.1") && !from("::ffff:192.0.2.1"));
    }

    #[test]
    fn strangers_use_up_nothing_of_a_known_address() {
        let guard = SignInGuard::new(limits(1000, 5));
        let desk = attempt("clerk", "192.0.2.1");
        assert_eq!(guard.admit(&desk), Ok(false));
        guard.opened(desk.clone());
        while guard.admit(&attempt("clerk", "203.0.113.9")).is_ok() {}
        assert_eq!(guard.admit(&desk), Ok(true));
        assert!(guard.admit(&attempt("clerk", "192.0.2.2")).is_err(), "the neighbour is a stranger");
        // Four wrong ones are forgiven, a right one begins anew, five are not.
        (0..4).for_each(|_| guard.failed(&desk));
        guard.opened(desk.clone());
        (0..4).for_each(|_| guard.failed(&desk));
        assert!(guard.knows(&desk));
        guard.failed(&desk);
        assert!(!guard.knows(&desk) && guard.admit(&desk).is_err());
    }

    #[test]
    fn who_is_flooded_forgets_the_oldest_desk_and_shuts_out_hardly_anybody() {
        let mut state = SignInGuard::new(limits(10, 3)).state.into_inner().unwrap();
        for n in 0..20_000_u32 {
            let desk = Attempt::new(&n.to_string(), Some(IpAddr::V4(n.into())));
            state.opened(desk, Duration::from_secs(n.into()));
        }
        assert_eq!(state.known.len(), MOST_KNOWN);
        assert!(!state.known.contains_key(&Attempt::new("3615", Some(IpAddr::V4(3615.into())))));
        assert!(state.known.contains_key(&Attempt::new("3616", Some(IpAddr::V4(3616.into())))));
        let mut sieve = Sieve::new(NonZeroU32::new(3).unwrap(), QUARTER);
        for n in 0..10_000_u32 {
            while sieve.take(&n, Duration::ZERO).is_ok() {}
        }
        let shut_out =
            (0..1000_u32).filter(|n| sieve.take(&(n + 1_000_000), Duration::ZERO).is_err()).count();
        // Each of four rows is full at 26 %: one in 200.
        assert!(shut_out < 30, "{shut_out}");
    }
}
