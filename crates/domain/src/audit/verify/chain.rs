//! Compares the chain with the records.
//!
//! Neither side is looked up in the other: each is read once, in its own order, and summed up in a
//! [`Tally`]. Only if the sums differ are both read again, with only one bucket of them in memory:
//! that finds the record.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::heads::missing_end;
use super::{Contradiction, Verification, VerifyError, check};
use crate::audit::walk;
use crate::chain::{
    ChainHead, account_entry, action_entry, currency_entry, key_entry, quote_entry, rate_entry,
    transfer_entry,
};
use crate::records::{ChainEnd, ChainEntry, ChainLink, RecordKind};
use crate::values::Currency;

/// Buckets of a [`Tally`], which take one MiB.
const BUCKETS: usize = 1 << 16;

/// Sums over entries, by bucket: records that were found are added, records that were written are
/// subtracted. All sums are zero if both sides are equal. The keys are random for each proof, so no
/// one can prepare records that cancel each other out.
pub(super) struct Tally {
    bucket_key: RandomState,
    value_keys: [RandomState; 2],
    buckets: Vec<u128>,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self {
            bucket_key: RandomState::new(),
            value_keys: [RandomState::new(), RandomState::new()],
            buckets: vec![0; BUCKETS],
        }
    }

    pub(super) fn found(&mut self, entry: &ChainEntry) {
        let (bucket, value) = (self.bucket(entry), self.value(entry));
        self.buckets[bucket] = self.buckets[bucket].wrapping_add(value);
    }

    fn written(&mut self, entry: &ChainEntry) {
        let (bucket, value) = (self.bucket(entry), self.value(entry));
        self.buckets[bucket] = self.buckets[bucket].wrapping_sub(value);
    }

    fn first_difference(&self) -> Option<usize> {
        self.buckets.iter().position(|sum| *sum != 0)
    }

    /// The bucket of a record, whatever its content.
    fn bucket(&self, entry: &ChainEntry) -> usize {
        // The remainder is below the number of buckets.
        (self.bucket_key.hash_one((entry.kind, entry.id)) % BUCKETS as u64) as usize
    }

    fn value(&self, entry: &ChainEntry) -> u128 {
        let [high, low] = &self.value_keys;
        u128::from(high.hash_one(entry)) << 64 | u128::from(low.hash_one(entry))
    }
}

impl Verification<'_> {
    /// Reads the records other than accounts and transfers.
    pub(super) fn records(&mut self) -> Result<(), VerifyError> {
        let whole = self.whole;
        if let Some(place) = whole.stray_row()? {
            let finding = "they belong to no transfer: the ledger did not write them".to_owned();
            return Err(VerifyError::Contradiction(Contradiction { place, finding }));
        }
        walk::rates(whole, |rates| {
            rates
                .iter()
                .for_each(|rate| self.tally.found(&rate_entry(rate)));
            Ok::<_, VerifyError>(())
        })?;
        walk::quotes(whole, |quotes| {
            for quote in &quotes {
                self.tally.found(&quote_entry(quote));
                self.claims.quote(quote);
            }
            Ok::<_, VerifyError>(())
        })?;
        for currency in whole.currencies()? {
            self.tally.found(&currency_entry(&currency));
        }
        for key in whole.all_keys()? {
            self.tally.found(&key_entry(&key));
            self.claims.key(&key);
        }
        walk::operator_actions(whole, |actions| {
            for action in &actions {
                self.tally.found(&action_entry(action));
                self.claims.action(action);
                self.so_far.adopted += u64::from(action.kind.is_adoption());
            }
            Ok::<_, VerifyError>(())
        })
    }

    pub(super) fn chain(&mut self, published: &ChainHead) -> Result<(), VerifyError> {
        let whole = self.whole;
        for currency in Currency::built_in() {
            self.tally.written(&currency_entry(&currency));
        }
        let mut missing = published.ends().to_vec();
        // Links where other ones were published.
        let mut replaced: Vec<ChainEnd> = Vec::new();
        let mut ends: Vec<ChainEnd> = Vec::new();
        walk::links(whole, |links| {
            for link in &links {
                let end = ends.pop_if(|end| end.lane == link.lane);
                check_link(&end.unwrap_or_else(|| ChainEnd::start(link.lane)), link)?;
                for entry in link.entries() {
                    let entry = entry.ok_or_else(|| unreadable(link))?;
                    self.tally.written(&entry);
                }
                let link_end = link.end();
                missing.retain(|published| *published != link_end);
                let mut others = missing.iter();
                if others.any(|it| (it.lane, it.number) == (link.lane, link.number)) {
                    replaced.push(link_end);
                }
                ends.push(link.end());
                self.so_far.links += 1;
            }
            (self.progress)(&self.so_far);
            Ok::<_, VerifyError>(())
        })?;
        if let Some(bucket) = self.tally.first_difference() {
            return self.report_difference(bucket);
        }
        if let Some(published) = missing.first() {
            return Err(missing_end(published, &replaced, &ends));
        }
        self.so_far.head = ChainHead::new(ends);
        Ok(())
    }

    /// Finds a record that differs from what was written, if there is one, without any other check.
    pub(super) fn report_changed_record(&self) -> Result<(), VerifyError> {
        let mut progress = |_: &super::Verified| {};
        let mut again = Verification::new(self.whole, &mut progress);
        walk::accounts(self.whole, |accounts| {
            let mut entries = accounts.iter().map(account_entry);
            entries.try_for_each(|entry| {
                again.tally.found(&entry);
                Ok::<_, VerifyError>(())
            })
        })?;
        walk::transfers(self.whole, |states| {
            let mut entries = states.iter().map(|state| transfer_entry(&state.transfer));
            entries.try_for_each(|entry| {
                again.tally.found(&entry);
                Ok::<_, VerifyError>(())
            })
        })?;
        again.records()?;
        again.chain(&ChainHead::default())
    }

    /// Finds a record of a bucket that differs from what was written.
    fn report_difference(&self, bucket: usize) -> Result<(), VerifyError> {
        let whole = self.whole;
        let mut found = self.records_in_bucket(bucket)?;
        for currency in Currency::built_in() {
            let written = currency_entry(&currency);
            if self.tally.bucket(&written) == bucket {
                let entry = found.remove(&(written.kind, written.id));
                let by = "and every ledger has it";
                compare(&written, entry.as_ref(), || by.to_owned())?;
            }
        }
        walk::links(whole, |links| {
            for link in &links {
                for written in link.entries().flatten() {
                    if self.tally.bucket(&written) == bucket {
                        let entry = found.remove(&(written.kind, written.id));
                        let by = || format!("says {}", link_name(link));
                        compare(&written, entry.as_ref(), by)?;
                    }
                }
            }
            Ok::<_, VerifyError>(())
        })?;
        let inserted = found.into_values().min();
        Err(VerifyError::Contradiction(Contradiction {
            place: inserted.map_or_else(|| "the chain".to_owned(), |entry| entry.to_string()),
            finding: "no link of the chain has it: the ledger did not write it".to_owned(),
        }))
    }

    /// The records of a bucket, as they are.
    fn records_in_bucket(
        &self,
        bucket: usize,
    ) -> Result<HashMap<(RecordKind, [u8; 16]), ChainEntry>, VerifyError> {
        let whole = self.whole;
        let mut found = HashMap::new();
        let mut keep = |entry: ChainEntry| {
            if self.tally.bucket(&entry) == bucket {
                found.insert((entry.kind, entry.id), entry);
            }
        };
        walk::accounts(whole, |accounts| {
            accounts.iter().map(account_entry).for_each(&mut keep);
            Ok::<_, VerifyError>(())
        })?;
        walk::transfers(whole, |states| {
            let transfers = states.iter().map(|state| &state.transfer);
            transfers.map(transfer_entry).for_each(&mut keep);
            Ok::<_, VerifyError>(())
        })?;
        walk::rates(whole, |rates| {
            rates.iter().map(rate_entry).for_each(&mut keep);
            Ok::<_, VerifyError>(())
        })?;
        walk::quotes(whole, |quotes| {
            quotes.iter().map(quote_entry).for_each(&mut keep);
            Ok::<_, VerifyError>(())
        })?;
        whole
            .currencies()?
            .iter()
            .map(currency_entry)
            .for_each(&mut keep);
        whole.all_keys()?.iter().map(key_entry).for_each(&mut keep);
        walk::operator_actions(whole, |actions| {
            actions.iter().map(action_entry).for_each(&mut keep);
            Ok::<_, VerifyError>(())
        })?;
        Ok(found)
    }
}

/// Checks that a link continues its lane.
fn check_link(end: &ChainEnd, link: &ChainLink) -> Result<(), VerifyError> {
    let wrong = |finding: String| Contradiction {
        place: link_name(link),
        finding,
    };
    check(link.number == end.number + 1, || {
        wrong(format!("the link before it is {}", end.number))
    })?;
    check(link.hash == end.hash_of_next(&link.entries), || {
        wrong("its hash is not that of what it says and of the link before".to_owned())
    })
}

/// Checks that a record is as it was written; `by` names the link that wrote it.
fn compare(
    written: &ChainEntry,
    found: Option<&ChainEntry>,
    by: impl FnOnce() -> String,
) -> Result<(), VerifyError> {
    let finding = match found {
        Some(found) if found == written => return Ok(()),
        Some(_) => "it is not as it was written,",
        None => "it is gone; it was written,",
    };
    Err(VerifyError::Contradiction(Contradiction {
        place: written.to_string(),
        finding: format!("{finding} {}", by()),
    }))
}

fn unreadable(link: &ChainLink) -> VerifyError {
    VerifyError::Contradiction(Contradiction {
        place: link_name(link),
        finding: "what it says cannot be read".to_owned(),
    })
}

fn link_name(link: &ChainLink) -> String {
    format!("link {} of lane {} of the chain", link.number, link.lane)
}
