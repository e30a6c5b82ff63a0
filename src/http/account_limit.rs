//! How often one account may search for people: a burst, and a rate in the long run (OWASP ASVS 2.4.1). Kept in memory, so
//! each instance counts for itself.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::problem::Failure;
use crate::domain::ids::AccountId;

/// How many searches for people an account may make in a minute, at once or one by one. A clerk who looks up whoever stands
/// before him needs a few; whoever goes through a list of names needs thousands.
pub const PEOPLE_PER_MINUTE: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// How many accounts are remembered before those who have rested are forgotten.
const MANY_ACCOUNTS: usize = 4096;

type Limiter<C> =
    RateLimiter<AccountId, HashMapStateStore<AccountId>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The limit of searches for people. The clock is another one in tests.
pub struct AccountLimit<C: Clock = DefaultClock> {
    limiter: Limiter<C>,
    clock: C,
}

impl AccountLimit {
    /// The limit that holds.
    pub fn new() -> Self {
        Self::with_clock(DefaultClock::default())
    }

    /// Lets an account search once more, or tells when it may.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn admit(&self, account: AccountId) -> Result<(), Failure> {
        self.take(account).map_err(Failure::too_often)
    }
}

impl<C: Clock + Clone> AccountLimit<C> {
    fn with_clock(clock: C) -> Self {
        let limiter = RateLimiter::hashmap_with_clock(Quota::per_minute(PEOPLE_PER_MINUTE), clock.clone());
        Self { limiter, clock }
    }

    fn take(&self, account: AccountId) -> Result<(), u32> {
        if self.limiter.len() > MANY_ACCOUNTS {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&account).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            let whole = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
            whole.saturating_add(u32::from(wait.subsec_nanos() > 0)).max(1)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_account_has_its_own_thirty_a_minute() {
        let clock = FakeRelativeClock::default();
        let limit = AccountLimit::with_clock(clock.clone());
        let (one, other) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        assert_eq!((0..40).filter(|_| limit.take(one).is_ok()).count(), 30);
        assert_eq!((limit.take(one), limit.take(other)), (Err(2), Ok(())));
        clock.advance(Duration::from_secs(2));
        assert_eq!((limit.take(one), limit.take(one)), (Ok(()), Err(2)));
    }
}
