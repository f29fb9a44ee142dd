//! The sums of claims.
//!
//! Only sums over many subjects are kept. If one of them is not zero, everything is read again,
//! with a separate sum for each subject in it: that finds the row. The keys of the sums are random
//! for each proof, so no one can prepare rows that cancel each other out. For the same reason the
//! sums are remainders modulo a prime: modulo a power of two, an amount that is wrong by a large
//! power of two could count as zero, whatever the keys.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash, RandomState};

use super::{Side, Subject};
use crate::values::{Amount, DIGITS_MAX};

/// The number of sums, which take one MiB.
const BUCKETS: usize = 1 << 16;

/// A Mersenne prime, above every amount: the modulus of all sums.
const PRIME: u128 = (1 << 127) - 1;

/// The sums of all claims.
pub(in crate::audit::verify) struct Claims {
    bucket_key: RandomState,
    value_keys: [RandomState; 2],
    buckets: Vec<u128>,
    /// The subjects of one bucket, each with its own sum.
    pub(super) within: Option<(usize, BTreeMap<Subject, u128>)>,
}

impl Claims {
    pub(in crate::audit::verify) fn new() -> Self {
        Self {
            bucket_key: RandomState::new(),
            value_keys: [RandomState::new(), RandomState::new()],
            buckets: vec![0; BUCKETS],
            within: None,
        }
    }

    /// Claims something about a subject; equal claims from both sides cancel out.
    pub(in crate::audit::verify) fn claim(
        &mut self,
        side: Side,
        subject: Subject,
        content: impl Hash,
    ) {
        let value = self.value((&subject, content));
        self.add(side, subject, value);
    }

    /// Claims an amount; amounts of one side add up.
    pub(super) fn claim_amount(&mut self, side: Side, subject: Subject, amount: &Amount) {
        let (units, scale) = amount.units_and_scale();
        let zeros = DIGITS_MAX.saturating_sub(scale.into());
        let shifted = times(units.cast_unsigned() % PRIME, 10_u128.pow(zeros));
        let value = times(self.value(&subject), shifted);
        self.add(side, subject, value);
    }

    /// Claims a count; counts of one side add up.
    pub(in crate::audit::verify) fn claim_count(
        &mut self,
        side: Side,
        subject: Subject,
        count: u64,
    ) {
        let value = times(self.value(&subject), count.into());
        self.add(side, subject, value);
    }

    /// Not zero, and below the prime.
    fn value(&self, content: impl Hash) -> u128 {
        let [high, low] = &self.value_keys;
        let hash = u128::from(high.hash_one(&content)) << 64 | u128::from(low.hash_one(&content));
        (hash % PRIME).max(1)
    }

    fn add(&mut self, side: Side, subject: Subject, value: u128) {
        // The remainder is below the number of buckets.
        let bucket = (self.bucket_key.hash_one(&subject) % BUCKETS as u64) as usize;
        let value = match side {
            Side::Row => value,
            Side::Changes => (PRIME - value) % PRIME,
        };
        self.buckets[bucket] = plus(self.buckets[bucket], value);
        if let Some((within, sums)) = &mut self.within
            && *within == bucket
        {
            let sum = sums.entry(subject).or_default();
            *sum = plus(*sum, value);
        }
    }

    pub(super) fn first_difference(&self) -> Option<usize> {
        self.buckets.iter().position(|sum| *sum != 0)
    }

    /// Empty sums with the same keys, which keep the subjects of a bucket apart.
    pub(super) fn within_bucket(&self, bucket: usize) -> Self {
        Self {
            bucket_key: self.bucket_key.clone(),
            value_keys: self.value_keys.clone(),
            buckets: vec![0; BUCKETS],
            within: Some((bucket, BTreeMap::new())),
        }
    }
}

/// The sum of two remainders.
fn plus(a: u128, b: u128) -> u128 {
    // Both are below 2^127.
    (a + b) % PRIME
}

/// The product of two remainders. Few rows need one, so doubling is fast enough.
fn times(mut a: u128, mut b: u128) -> u128 {
    let mut product = 0;
    while b > 0 {
        if b & 1 == 1 {
            product = plus(product, a);
        }
        a = plus(a, a);
        b >>= 1;
    }
    product
}
