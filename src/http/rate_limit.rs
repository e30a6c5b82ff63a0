//! How often one address may ask what anybody may ask: a burst, and a rate in the long run. Kept in memory, so each
//! instance counts for itself.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::problem::Failure;
use crate::config::PublicLimits;

/// How many addresses are remembered before new and old ones share one limit: some 5 MiB. Who has rested is forgotten,
/// so so many are there only when the server is flooded.
const MOST_ADDRESSES: usize = 65_536;
/// After how many requests those who have rested are forgotten.
const SWEEP_AFTER: u32 = 4096;

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whose {
    V4([u8; 4]),
    /// The network: a subscriber has at least 64 bits to himself.
    V6([u16; 4]),
    /// Everybody, when there are too many to remember, and who has no address.
    Everybody,
}

impl Whose {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.octets()),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self::V6([a, b, c, d])
            }
        }
    }
}

type Limiter<C> = RateLimiter<Whose, HashMapStateStore<Whose>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The limit of the public operations. The clock is another one in tests.
pub struct RateLimit<C: Clock = DefaultClock> {
    limiter: Limiter<C>,
    clock: C,
    limits: PublicLimits,
    asked: AtomicU32,
    crowded: AtomicBool,
}

impl RateLimit {
    /// By the settings.
    pub fn new(limits: PublicLimits) -> Self {
        Self::with_clock(limits, DefaultClock::default())
    }

    /// From which address, or network of one subscriber, a request comes.
    pub fn network(&self, req: &HttpRequest) -> Option<String> {
        match Whose::of(self.caller(req)?) {
            Whose::V4(octets) => Some(format!("{octets:?}")),
            Whose::V6(network) => Some(format!("{network:?}")),
            Whose::Everybody => None,
        }
    }

    /// Lets a request pass, or tells when the next will.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn admit(&self, req: &ServiceRequest) -> Result<(), Failure> {
        self.take(self.caller(req.request())).map_err(Failure::too_often)
    }

    /// The caller's address, as the connection and the trusted proxies tell it.
    pub fn caller(&self, req: &HttpRequest) -> Option<IpAddr> {
        let forwarded: Vec<&str> = req
            .headers()
            .get_all("x-forwarded-for")
            .map(|value| value.to_str().unwrap_or_default())
            .collect();
        req.peer_addr().map(|peer| self.limits.caller(peer.ip(), &forwarded.join(",")))
    }
}

impl<C: Clock + Clone> RateLimit<C> {
    fn with_clock(limits: PublicLimits, clock: C) -> Self {
        let quota = Quota::per_minute(limits.per_minute).allow_burst(limits.burst);
        Self {
            limiter: RateLimiter::hashmap_with_clock(quota, clock.clone()),
            clock,
            limits,
            asked: AtomicU32::new(1),
            crowded: AtomicBool::new(false),
        }
    }

    /// Counts a request; when it is one too many, the seconds until the next may come.
    fn take(&self, caller: Option<IpAddr>) -> Result<(), u32> {
        if self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP_AFTER) {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
            self.crowded.store(self.limiter.len() > MOST_ADDRESSES, Ordering::Relaxed);
        }
        let crowded = self.crowded.load(Ordering::Relaxed);
        let whose = caller.filter(|_| !crowded).map_or(Whose::Everybody, Whose::of);
        self.limiter.check_key(&whose).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            let whole = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
            whole.saturating_add(u32::from(wait.subsec_nanos() > 0)).max(1)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::num::NonZeroU32;
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn limit(per_minute: u32, burst: u32) -> (RateLimit<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let limits = PublicLimits {
            per_minute: NonZeroU32::new(per_minute).unwrap(),
            burst: NonZeroU32::new(burst).unwrap(),
            trusted_proxies: Vec::new(),
        };
        (RateLimit::with_clock(limits, clock.clone()), clock)
    }

    fn from(address: &str) -> Option<IpAddr> {
        address.parse().ok()
    }

    #[test]
    fn a_burst_passes_and_what_follows_waits_its_turn() {
        let (limit, clock) = limit(120, 120);
        for _ in 0..120 {
            assert_eq!(limit.take(from("192.0.2.1")), Ok(()));
        }
        assert_eq!(limit.take(from("192.0.2.1")), Err(1));
        assert_eq!(limit.take(from("192.0.2.2")), Ok(()), "another address has a limit of its own");
        clock.advance(Duration::from_secs(1));
        assert_eq!([(); 3].map(|()| limit.take(from("192.0.2.1"))), [Ok(()), Ok(()), Err(1)]);
        clock.advance(Duration::from_mins(1));
        assert_eq!((0..121).filter(|_| limit.take(from("192.0.2.1")).is_ok()).count(), 120);
    }

    #[test]
    fn the_wait_is_told_in_whole_seconds() {
        let (limit, clock) = limit(2, 1);
        assert_eq!(limit.take(None), Ok(()));
        clock.advance(Duration::from_millis(500));
        assert_eq!(limit.take(None), Err(30));
    }

    #[test]
    fn an_ipv6_network_counts_as_one_and_a_mapped_address_as_ipv4() {
        let (limit, _) = limit(1, 1);
        assert_eq!(limit.take(from("2001:db8:1:2::1")), Ok(()));
        assert!(limit.take(from("2001:db8:1:2:ffff::9")).is_err());
        assert_eq!(limit.take(from("2001:db8:1:3::1")), Ok(()));
        assert_eq!(limit.take(from("192.0.2.1")), Ok(()));
        assert!(limit.take(from("::ffff:192.0.2.1")).is_err());
    }

    #[test]
    fn a_flood_of_addresses_is_not_remembered_without_bound() {
        let (limit, clock) = limit(1, 2);
        let address = |n: u32| Some(IpAddr::V4(Ipv4Addr::from_bits(n)));
        for n in 0..200_000 {
            let _ = limit.take(address(n));
        }
        let remembered = limit.limiter.len();
        assert!(remembered <= MOST_ADDRESSES + 4096 + 1, "{remembered}");
        // They rest, are forgotten, and everybody has a limit of his own again.
        clock.advance(Duration::from_mins(5));
        for n in 0..2 * SWEEP_AFTER {
            let _ = limit.take(address(n % 8));
        }
        assert!(limit.limiter.len() <= 9, "{}", limit.limiter.len());
        assert_eq!(limit.take(address(1_000_000)), Ok(()));
    }
}
