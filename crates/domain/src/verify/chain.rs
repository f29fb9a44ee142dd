//! The chain, compared with the records that there are.
//!
//! Neither is looked up in the other: each side is read once, in its own order, and summed up in [`Tally`]. Only where the sums
//! differ, both are read again, and of them only one bucket is kept in memory: that names the record.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::{Contradiction, PAGE, Verification, VerifyError, check};
use crate::chain::{
    ChainEnd, ChainEntry, ChainHead, ChainLink, RecordKind, of_account, of_currency, of_quote,
    of_rate, of_transfer,
};
use crate::currency::Currency;
use crate::exchange::{QuoteId, Rate};
use crate::ports::StoreError;
use crate::queries::{AccountFilter, TransferFilter};

/// Links read at a time; one has 33 bytes for each record of a batch.
const LINKS: u32 = 100;

/// Buckets of a [`Tally`], which are a MiB.
const BUCKETS: usize = 1 << 16;

/// Sums over entries, by bucket: what is found is added, what was written is taken off. They are all zero if both are
/// the same. The keys are made up anew for each proof, so nobody can prepare records that cancel each other out.
pub(super) struct Tally {
    place: RandomState,
    keys: [RandomState; 2],
    buckets: Vec<u128>,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self {
            place: RandomState::new(),
            keys: [RandomState::new(), RandomState::new()],
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

    /// Of a record, whatever it says.
    fn bucket(&self, entry: &ChainEntry) -> usize {
        // The remainder is below the number of buckets.
        (self.place.hash_one((entry.kind, entry.id)) % BUCKETS as u64) as usize
    }

    fn value(&self, entry: &ChainEntry) -> u128 {
        let [high, low] = &self.keys;
        u128::from(high.hash_one(entry)) << 64 | u128::from(low.hash_one(entry))
    }
}

impl Verification<'_> {
    pub(super) fn chain(&mut self, published: &ChainHead) -> Result<(), VerifyError> {
        let mut tally = std::mem::replace(&mut self.tally, Tally::new());
        self.each_rate(|rate| tally.found(&of_rate(rate)))?;
        let currencies = self.queries.currencies()?;
        let mut missing = published.ends().to_vec();
        let mut ends: Vec<ChainEnd> = Vec::new();
        self.each_link(|this, link| {
            let end = match ends.last() {
                Some(end) if end.lane == link.lane => *end,
                _ => ChainEnd::start(link.lane),
            };
            check_link(&end, link)?;
            for entry in link.entries() {
                let entry = entry.ok_or_else(|| unreadable(link))?;
                match entry.kind {
                    RecordKind::Account | RecordKind::Transfer | RecordKind::Rate => {
                        tally.written(&entry);
                    }
                    RecordKind::Quote | RecordKind::Currency => {
                        this.look_up(&entry, &currencies, link)?;
                    }
                }
            }
            missing.retain(|published| *published != link.end());
            if ends.last().is_some_and(|end| end.lane == link.lane) {
                ends.pop();
            }
            ends.push(link.end());
            this.so_far.links += 1;
            (this.progress)(&this.so_far);
            Ok(())
        })?;
        if let Some(bucket) = tally.first_difference() {
            return self.name_the_difference(&tally, bucket);
        }
        if let Some(ChainEnd { lane, number, hash }) = missing.first() {
            return Err(VerifyError::Contradiction(Contradiction {
                place: format!("lane {lane} of the chain, link {number}"),
                finding: format!(
                    "it was published with the hash {hash}, and is not there: what was written at the end was cut off, or the \
                     chain was made anew"
                ),
            }));
        }
        self.so_far.head = ChainHead::of(ends);
        Ok(())
    }

    /// Whether a record that only can be looked up is as it was written.
    fn look_up(
        &self,
        written: &ChainEntry,
        currencies: &[Currency],
        link: &ChainLink,
    ) -> Result<(), VerifyError> {
        let found = match written.kind {
            RecordKind::Quote => {
                let id = QuoteId::new(uuid::Uuid::from_bytes(written.id));
                let quote = id.map(|id| self.queries.quote(id)).transpose()?;
                quote.flatten().as_ref().map(of_quote)
            }
            _ => {
                let mut entries = currencies.iter().map(of_currency);
                entries.find(|found| found.id == written.id)
            }
        };
        compare(written, found.as_ref(), link)
    }

    /// Finds a record of a bucket that is not as it was written.
    fn name_the_difference(&mut self, tally: &Tally, bucket: usize) -> Result<(), VerifyError> {
        let mut found = HashMap::new();
        let mut keep = |entry: ChainEntry| {
            if tally.bucket(&entry) == bucket {
                found.insert((entry.kind, entry.id), entry);
            }
        };
        self.each_account(&mut keep)?;
        self.each_transfer(&mut keep)?;
        self.each_rate(|rate| keep(of_rate(rate)))?;
        self.each_link(|_, link| {
            for written in link.entries().flatten() {
                if tally.bucket(&written) == bucket && is_counted(written.kind) {
                    let entry = found.remove(&(written.kind, written.id));
                    compare(&written, entry.as_ref(), link)?;
                }
            }
            Ok(())
        })?;
        let slipped_in = found.into_values().min();
        Err(VerifyError::Contradiction(Contradiction {
            place: slipped_in.map_or_else(|| "the chain".to_owned(), |entry| entry.to_string()),
            finding: "no link of the chain has it: the ledger did not write it".to_owned(),
        }))
    }

    fn each_link(
        &mut self,
        mut each: impl FnMut(&mut Self, &ChainLink) -> Result<(), VerifyError>,
    ) -> Result<(), VerifyError> {
        let mut after = None;
        loop {
            let links = self.queries.chain_links(after, LINKS)?;
            let Some(last) = links.last() else {
                return Ok(());
            };
            after = Some((last.lane, last.number));
            for link in &links {
                each(self, link)?;
            }
        }
    }

    fn each_account(&self, mut each: impl FnMut(ChainEntry)) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let filter = AccountFilter::default();
            let accounts = self.queries.accounts(&filter, after, PAGE)?;
            let Some(last) = accounts.last() else {
                return Ok(());
            };
            after = Some(last.id);
            accounts.iter().map(of_account).for_each(&mut each);
        }
    }

    fn each_transfer(&self, mut each: impl FnMut(ChainEntry)) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let filter = TransferFilter::default();
            let states = self.queries.transfers(&filter, after, PAGE)?;
            let Some(last) = states.last() else {
                return Ok(());
            };
            after = Some((last.transfer.created_at, last.transfer.id));
            let transfers = states.iter().map(|state| &state.transfer);
            transfers.map(of_transfer).for_each(&mut each);
        }
    }

    fn each_rate(&self, mut each: impl FnMut(&Rate)) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let current = self.queries.current_rates(after, PAGE)?;
            let Some(last) = current.last() else {
                return Ok(());
            };
            after = Some(last.pair);
            for pair in current.iter().map(|rate| rate.pair) {
                let mut below = None;
                loop {
                    let rates = self.queries.rates(pair, below, PAGE)?;
                    let Some(last) = rates.last() else {
                        break;
                    };
                    below = Some(last.version);
                    rates.iter().for_each(&mut each);
                }
            }
        }
    }
}

/// Whether all records of a kind can be walked through, so that one which is in no link is found.
fn is_counted(kind: RecordKind) -> bool {
    match kind {
        RecordKind::Account | RecordKind::Transfer | RecordKind::Rate => true,
        RecordKind::Quote | RecordKind::Currency => false,
    }
}

/// Whether a link continues its lane.
fn check_link(end: &ChainEnd, link: &ChainLink) -> Result<(), VerifyError> {
    let wrong = |finding: String| Contradiction {
        place: name_of(link),
        finding,
    };
    check(link.number == end.number + 1, || {
        wrong(format!("the link before it is {}", end.number))
    })?;
    check(link.hash == end.hash_of_next(&link.entries), || {
        wrong("its hash is not that of what it says and of the link before".to_owned())
    })
}

fn compare(
    written: &ChainEntry,
    found: Option<&ChainEntry>,
    link: &ChainLink,
) -> Result<(), VerifyError> {
    let finding = match found {
        Some(found) if found == written => return Ok(()),
        Some(_) => "it is not as it was written, says",
        None => "it is gone; it was written, says",
    };
    Err(VerifyError::Contradiction(Contradiction {
        place: written.to_string(),
        finding: format!("{finding} {}", name_of(link)),
    }))
}

fn unreadable(link: &ChainLink) -> VerifyError {
    VerifyError::Contradiction(Contradiction {
        place: name_of(link),
        finding: "what it says cannot be read".to_owned(),
    })
}

fn name_of(link: &ChainLink) -> String {
    format!("link {} of lane {} of the chain", link.number, link.lane)
}
