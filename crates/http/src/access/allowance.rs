//! How many requests a caller may send: a token bucket for each caller, refilled evenly.
//!
//! A bucket is stored as one time, at which it will be full again (the generic cell rate
//! algorithm). Each process has its own buckets: behind a load balancer, a caller gets the
//! allowance of each replica.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;
use wallet_domain::Actor;

use crate::request::time::whole_seconds;

/// How many callers have a bucket. A caller with a full bucket does not need one.
const CALLERS_MAX: usize = 10_000;

/// How many new callers there must be before full buckets are removed again. A removal visits all
/// buckets, so each new caller pays for ten of them.
const NEWCOMERS_MIN: usize = CALLERS_MAX / 10;

/// How many requests each caller may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The average rate per second; at least 1.
    pub per_second: u32,
    /// How many at once after a pause; at least 1.
    pub burst: u32,
}

/// The buckets of all callers.
pub(crate) struct Allowances {
    allowance: Allowance,
    buckets: Mutex<Buckets>,
}

/// The buckets that may not be full, at most [`CALLERS_MAX`].
#[derive(Default)]
struct Buckets {
    /// When each will be full.
    full_at: HashMap<Actor, Instant>,
    /// Callers without a bucket since full ones were last removed.
    newcomers: usize,
}

/// What is left of a caller's allowance, for the headers of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    allowance: Allowance,
    /// Requests, now.
    requests: u32,
    /// Until there is the whole burst again.
    full_in: Duration,
}

impl Allowances {
    pub(crate) fn new(allowance: Allowance) -> Self {
        Self {
            allowance: Allowance {
                per_second: allowance.per_second.max(1),
                burst: allowance.burst.max(1),
            },
            buckets: Mutex::default(),
        }
    }

    /// Takes a token. Returns what is left, and an error with the time until there is a token if
    /// there is none.
    pub(super) fn take(&self, actor: &Actor, now: Instant) -> (Left, Result<(), Duration>) {
        let Allowance { per_second, burst } = self.allowance;
        let token = Duration::from_secs(1) / per_second;
        let bucket = token * burst;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let Buckets { full_at, newcomers } = &mut *buckets;
        let known = full_at.get(actor).copied();
        let empty = known.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        let taken = if empty + token > bucket {
            Err(empty + token - bucket)
        } else {
            *newcomers += usize::from(known.is_none());
            if full_at.len() >= CALLERS_MAX && *newcomers >= NEWCOMERS_MIN {
                full_at.retain(|_, at| *at > now);
                *newcomers = 0;
            }
            // If all places are in use, the new caller is not counted, so that no known caller pays
            // for it.
            if known.is_some() || full_at.len() < CALLERS_MAX {
                full_at.insert(actor.clone(), now + empty + token);
            }
            Ok(())
        };
        let full_in = if taken.is_ok() { empty + token } else { empty };
        let left = bucket.saturating_sub(full_in).as_nanos() / token.as_nanos().max(1);
        let left = Left {
            allowance: self.allowance,
            requests: u32::try_from(left).unwrap_or(u32::MAX),
            full_in,
        };
        (left, taken)
    }
}

impl Left {
    /// Adds the headers of draft-ietf-httpapi-ratelimit-headers-10.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let Allowance { per_second, burst } = self.allowance;
        let window = burst.div_ceil(per_second);
        let (left, full_in) = (self.requests, whole_seconds(self.full_in));
        let policy = format!("\"default\";q={burst};w={window}");
        let limit = format!("\"default\";r={left};t={full_in}");
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", limit)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(name: &str) -> Actor {
        Actor::new(name).unwrap()
    }

    #[test]
    fn a_burst_is_admitted_and_then_one_at_a_time() {
        let (per_second, burst) = (10, 5);
        let buckets = Allowances::new(Allowance { per_second, burst });
        let (shop, now) = (actor("shop"), Instant::now());
        for left in (0..5).rev() {
            let (rest, taken) = buckets.take(&shop, now);
            assert_eq!((rest.requests, taken), (left, Ok(())));
        }
        let (rest, taken) = buckets.take(&shop, now);
        assert_eq!(taken, Err(Duration::from_millis(100)));
        assert_eq!(
            (rest.requests, rest.full_in),
            (0, Duration::from_millis(500))
        );
        // Another one is not concerned.
        assert_eq!(buckets.take(&actor("bank"), now).1, Ok(()));
        let later = now + Duration::from_millis(100);
        assert_eq!(buckets.take(&shop, later).1, Ok(()));
        assert!(buckets.take(&shop, later).1.is_err());
        let much_later = now + Duration::from_secs(60);
        assert_eq!(buckets.take(&shop, much_later).0.requests, 4);
    }

    /// As many callers as are remembered, each with a bucket that is full again within a second.
    fn callers(now: Instant) -> Allowances {
        let (per_second, burst) = (10, 5);
        let buckets = Allowances::new(Allowance { per_second, burst });
        for number in 0..CALLERS_MAX {
            let caller = actor(&format!("caller-{number}"));
            buckets.take(&caller, now).1.unwrap();
        }
        buckets
    }

    fn count(buckets: &Allowances) -> usize {
        buckets.buckets.lock().unwrap().full_at.len()
    }

    #[test]
    fn callers_that_have_all_of_their_allowance_are_forgotten_when_there_are_many() {
        let now = Instant::now();
        let buckets = callers(now);
        let later = now + Duration::from_secs(1);
        buckets.take(&actor("newcomer"), later).1.unwrap();
        assert_eq!(count(&buckets), 1);
    }

    #[test]
    fn a_newcomer_pays_for_a_few_of_the_others_buckets_and_not_for_all() {
        let now = Instant::now();
        let (buckets, newcomer) = (callers(now), actor("newcomer"));
        buckets.take(&newcomer, now).1.unwrap();
        let later = now + Duration::from_secs(1);
        for _ in 1..NEWCOMERS_MIN {
            buckets.take(&newcomer, later).1.unwrap();
            assert_eq!(count(&buckets), CALLERS_MAX);
        }
        buckets.take(&newcomer, later).1.unwrap();
        assert_eq!(count(&buckets), 1);
    }

    #[test]
    fn what_is_left_is_in_the_headers_of_the_draft() {
        let buckets = Allowances::new(Allowance {
            per_second: 10,
            burst: 25,
        });
        let (left, _) = buckets.take(&actor("shop"), Instant::now());
        let mut headers = HeaderMap::new();
        left.write(&mut headers);
        let value = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(value("ratelimit-policy"), "\"default\";q=25;w=3");
        assert_eq!(value("ratelimit"), "\"default\";r=24;t=1");
    }
}
