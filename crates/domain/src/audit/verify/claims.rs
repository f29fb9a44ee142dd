//! Compares state that changes after it was written with its changes.
//!
//! Each side claims something about a subject, for example a hold: its row claims what the hold is
//! now, and the transfers that placed and changed it claim what they made of it. Claims of rows are
//! added, claims of changes are subtracted, so each subject sums up to zero if both agree. Changes
//! come in any order: a change of a hold subtracts the hold after it and adds the hold before it
//! again, and all of these but the last cancel each other out.
//!
//! Only sums over many subjects are kept. If one of them is not zero, everything is read again,
//! with a separate sum for each subject in it: that finds the row. The keys of the sums are random
//! for each proof, so no one can prepare rows that cancel each other out. For the same reason the
//! sums are remainders modulo a prime: modulo a power of two, an amount that is wrong by a large
//! power of two could count as zero, whatever the keys.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};

use super::{Contradiction, Verification, VerifyError, check};
use crate::audit::walk;
use crate::ports::{HoldFilter, TransferState};
use crate::records::{
    AccessKey, Hold, HoldState, OperatorAction, OperatorActionKind, Quote, Spending, Transfer,
    TransferType,
};
use crate::values::{AccountId, Amount, DIGITS_MAX, QuoteId, TransferId};

/// The number of sums, which take one MiB.
const BUCKETS: usize = 1 << 16;

/// A Mersenne prime, above every amount: the modulus of all sums.
const PRIME: u128 = (1 << 127) - 1;

/// The subject of claims.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// How much of a transfer was reversed.
    Reversed(TransferId),
    /// A hold, as it is now.
    Hold(TransferId),
    /// The exchange that used a quote.
    Quote(QuoteId),
    /// A spending of an account that has velocity limits, by its version.
    Spending(AccountId, u64),
    /// The index entries by which a transfer is found.
    MetadataIndex(TransferId),
    /// How often the metadata of an account was changed.
    MetadataVersion(String),
    /// When a key was revoked.
    Revocation(String),
}

/// The source of a claim.
#[derive(Clone, Copy, Debug)]
pub(super) enum Side {
    /// The row that changes.
    Row,
    /// The records that changed it.
    Changes,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reversed(id) | Self::MetadataIndex(id) => write!(f, "transfer {}", id.as_uuid()),
            Self::Hold(id) => write!(f, "hold {}", id.as_uuid()),
            Self::Quote(id) => write!(f, "quote {}", id.as_uuid()),
            Self::Spending(id, version) => {
                let id = id.as_uuid();
                write!(f, "spending of account {id}, version {version}")
            }
            Self::MetadataVersion(id) => write!(f, "account {id}"),
            Self::Revocation(prefix) => write!(f, "key {prefix}"),
        }
    }
}

impl Place {
    fn finding(&self) -> &'static str {
        match self {
            Self::Reversed(_) => "what was taken back of it is not the sum of its reversals",
            Self::Hold(_) => "it is not as the transfers that placed and changed it left it",
            Self::Quote(_) => "it was used by another exchange than it says, or by none",
            Self::Spending(..) => "it is not what the account's history says, or is missing",
            Self::MetadataIndex(_) => "the index of metadata has other entries than its metadata",
            Self::MetadataVersion(_) => "its metadata was changed more or less often than it says",
            Self::Revocation(_) => "it was revoked at another time than it says, or never",
        }
    }
}

/// The sums.
pub(super) struct Claims {
    place: RandomState,
    keys: [RandomState; 2],
    buckets: Vec<u128>,
    /// The subjects of one bucket, each with its own sum.
    within: Option<(usize, BTreeMap<Place, u128>)>,
}

impl Claims {
    pub(super) fn new() -> Self {
        Self {
            place: RandomState::new(),
            keys: [RandomState::new(), RandomState::new()],
            buckets: vec![0; BUCKETS],
            within: None,
        }
    }

    /// Claims something about a subject; equal claims from both sides cancel out.
    pub(super) fn say(&mut self, side: Side, place: Place, content: impl Hash) {
        let value = self.value((&place, content));
        self.add(side, place, value);
    }

    /// Claims an amount; amounts of one side add up.
    fn say_amount(&mut self, side: Side, place: Place, amount: &Amount) {
        let (units, scale) = amount.units_and_scale();
        let zeros = DIGITS_MAX.saturating_sub(scale.into());
        let shifted = times(units.cast_unsigned() % PRIME, 10_u128.pow(zeros));
        let value = times(self.value(&place), shifted);
        self.add(side, place, value);
    }

    /// Claims a count; counts of one side add up.
    pub(super) fn say_count(&mut self, side: Side, place: Place, count: u64) {
        let value = times(self.value(&place), count.into());
        self.add(side, place, value);
    }

    /// Not zero, and below the prime.
    fn value(&self, content: impl Hash) -> u128 {
        let [high, low] = &self.keys;
        let hash = u128::from(high.hash_one(&content)) << 64 | u128::from(low.hash_one(&content));
        (hash % PRIME).max(1)
    }

    fn add(&mut self, side: Side, place: Place, value: u128) {
        // The remainder is below the number of buckets.
        let bucket = (self.place.hash_one(&place) % BUCKETS as u64) as usize;
        let value = match side {
            Side::Row => value,
            Side::Changes => (PRIME - value) % PRIME,
        };
        self.buckets[bucket] = plus(self.buckets[bucket], value);
        if let Some((within, sums)) = &mut self.within
            && *within == bucket
        {
            let sum = sums.entry(place).or_default();
            *sum = plus(*sum, value);
        }
    }

    fn first_difference(&self) -> Option<usize> {
        self.buckets.iter().position(|sum| *sum != 0)
    }

    /// Empty sums with the same keys, which keep the subjects of a bucket apart.
    fn looking_into(&self, bucket: usize) -> Self {
        Self {
            place: self.place.clone(),
            keys: self.keys.clone(),
            buckets: vec![0; BUCKETS],
            within: Some((bucket, BTreeMap::new())),
        }
    }

    /// Adds the claims of a transfer about other rows. Most make none.
    pub(super) fn transfer(&mut self, state: &TransferState) {
        let TransferState {
            transfer,
            reversed_amount,
        } = state;
        if reversed_amount.is_positive() {
            self.say_amount(Side::Row, Place::Reversed(transfer.id), reversed_amount);
        }
        if let Some(reversed) = transfer.reverses {
            self.say_amount(Side::Changes, Place::Reversed(reversed), &transfer.amount);
        }
        if let Some(hold) = &transfer.hold {
            self.hold(Side::Changes, hold);
            if let Some(before) = hold_before(transfer, hold) {
                self.hold(Side::Row, &before);
            }
        }
        if let Some(quote_id) = transfer.quote_id {
            self.say(Side::Changes, Place::Quote(quote_id), transfer.id);
        }
        for entry in transfer.details.metadata.entries() {
            let place = Place::MetadataIndex(transfer.id);
            self.say(Side::Changes, place, (entry, transfer.created_at));
        }
    }

    pub(super) fn spending(&mut self, side: Side, spending: &Spending) {
        let Spending {
            account_id,
            version,
            amount,
            // The clock of the decision; the time of the part may be ahead of it.
            created_at: _,
        } = spending;
        let place = Place::Spending(*account_id, *version);
        self.say(side, place, amount);
    }

    fn hold(&mut self, side: Side, hold: &Hold) {
        let Hold {
            id,
            sender_account_id,
            receiver_account_id,
            currency_code,
            amount,
            captured,
            state,
            created_at,
            expires_at,
        } = hold;
        let parties = (sender_account_id, receiver_account_id, currency_code);
        let content = (parties, amount, captured, state, created_at, expires_at);
        self.say(side, Place::Hold(*id), content);
    }

    pub(super) fn quote(&mut self, quote: &Quote) {
        if let Some(exchange_id) = quote.exchange_id {
            self.say(Side::Row, Place::Quote(quote.id), exchange_id);
        }
    }

    pub(super) fn key(&mut self, key: &AccessKey) {
        if let Some(at) = key.revoked_at {
            self.say(Side::Row, Place::Revocation(key.prefix.clone()), at);
        }
    }

    pub(super) fn action(&mut self, action: &OperatorAction) {
        let subject = || action.subject.clone();
        match action.kind {
            OperatorActionKind::MetadataChanged | OperatorActionKind::MetadataAdopted => {
                self.say_count(Side::Changes, Place::MetadataVersion(subject()), 1);
            }
            OperatorActionKind::KeyRevoked | OperatorActionKind::RevocationAdopted => {
                self.say(
                    Side::Changes,
                    Place::Revocation(subject()),
                    action.created_at,
                );
            }
            OperatorActionKind::CurrencyCreated
            | OperatorActionKind::AccountOpened
            | OperatorActionKind::RateSet
            | OperatorActionKind::QuoteCreated
            | OperatorActionKind::KeyCreated
            | OperatorActionKind::KeyAdopted => {}
        }
    }
}

/// The hold before a transfer changed it: it was open, or no change would have been possible.
/// `None` for the transfer that placed it.
fn hold_before(transfer: &Transfer, hold: &Hold) -> Option<Hold> {
    let mut before = Hold {
        state: HoldState::Open,
        ..hold.clone()
    };
    match transfer.transfer_type {
        TransferType::HoldIncrease => before.amount = hold.amount.checked_sub(&transfer.amount)?,
        TransferType::Capture => before.captured = hold.captured.checked_sub(&transfer.amount)?,
        TransferType::Void | TransferType::Expire => {}
        _ => return None,
    }
    Some(before)
}

impl Verification<'_> {
    /// Adds the claims of rows that only their own lists contain.
    pub(super) fn rows_of_state(&mut self) -> Result<(), VerifyError> {
        let whole = self.whole;
        walk::holds(whole, &HoldFilter::default(), |holds| {
            holds
                .iter()
                .for_each(|hold| self.claims.hold(Side::Row, hold));
            Ok::<_, VerifyError>(())
        })?;
        walk::spendings(whole, |spendings| {
            let mut spendings = spendings.iter();
            spendings.try_for_each(|it| {
                self.claims.spending(Side::Row, it);
                Ok::<_, VerifyError>(())
            })
        })?;
        walk::metadata_index(whole, |entries| {
            for entry in &entries {
                let place = Place::MetadataIndex(entry.transfer_id);
                let content = ((&entry.key, &entry.value), entry.created_at);
                self.claims.say(Side::Row, place, content);
            }
            Ok::<_, VerifyError>(())
        })
    }

    /// Checks that all changing state is the result of its changes.
    pub(super) fn state(&mut self) -> Result<(), VerifyError> {
        match self.claims.first_difference() {
            None => Ok(()),
            Some(bucket) => self.name_the_place(bucket),
        }
    }

    /// Reads everything again, to find the wrong subject.
    fn name_the_place(&self, bucket: usize) -> Result<(), VerifyError> {
        let mut progress = |_: &super::Verified| {};
        let mut again = Verification::new(self.whole, &mut progress);
        again.claims = self.claims.looking_into(bucket);
        again.accounts()?;
        again.transfers()?;
        again.rows_of_state()?;
        again.records()?;
        let sums = again.claims.within.into_iter().flat_map(|(_, sums)| sums);
        let mut wrong = sums.filter(|(_, sum)| *sum != 0).map(|(place, _)| place);
        let wrong = wrong.next();
        // If it has disappeared, a writer was active during the proof.
        check(false, || match &wrong {
            Some(subject) => Contradiction {
                place: subject.to_string(),
                finding: subject.finding().to_owned(),
            },
            None => Contradiction {
                place: "the books".to_owned(),
                finding: "the ledger changed while it was verified; \
                          verify a snapshot, or stop all writers"
                    .to_owned(),
            },
        })
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

#[cfg(test)]
mod tests;
