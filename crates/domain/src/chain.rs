//! The chain: what proves that nothing was changed, taken out or slipped in since it was written.
//!
//! With each batch a store keeps one [`ChainLink`]: which records the batch wrote, a digest of each, and a hash over
//! them and the link before. Whoever changes the past has to rewrite every link after it, and then the end of the chain is
//! another one than the [`ChainHead`] that was published before. A link costs its batch one row; a transfer has no part in
//! it but 33 bytes.
//!
//! Writers that do not wait for each other cannot share one chain. So there are [lanes](Lane): each writer continues one
//! of its own while it writes. The key of a link, its lane and number, keeps two writers from continuing the same.
//!
//! It contains accounts as they were opened, transfers with their parts, rates, quotes as they were
//! made, currencies, keys of the API as they were made, and what operators did
//! ([`OperatorAction`](crate::OperatorAction)). None of these ever change. What does change follows
//! from them, and [`verify`](crate::verify()) recomputes it: balances, holds, what was taken back,
//! metadata, revocations.
//!
//! Keys are made and revoked beside the service, by another process. Their links are in a lane of
//! their own, [`KEYS_LANE`], which no writer of batches continues; so are those of what was
//! [adopted](crate::adopt()).

mod digest;
mod head;
mod lanes;

use std::fmt;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::access::AccessKey;
use crate::operator::OperatorAction;
use crate::snapshot::WriteSet;

pub(crate) use digest::{
    of_account, of_action, of_currency, of_key, of_quote, of_rate, of_transfer,
};
pub use head::{ChainHead, ParseHeadError};
pub use lanes::Lanes;

/// The id of a lane.
pub type Lane = Uuid;

/// The lane of the links that making, revoking and adopting keys appends. Random, and never to
/// change.
pub const KEYS_LANE: Lane = Uuid::from_u128(0xc7d1_0f6e_2b94_4d3a_8e51_90ab_3f27_6c58);

/// The bytes of a [`ChainEntry`]: its kind, its id, its digest.
const ENTRY_BYTES: usize = 1 + 16 + 16;

/// What a batch wrote, and what was before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    /// The lane that it is in.
    pub lane: Lane,
    /// Its number there: 1 for the first, then without a gap.
    pub number: u64,
    /// SHA-256 over the hash before it (32 zeros for the first), the lane, the number (8 bytes, the highest first) and
    /// the entries.
    pub hash: ChainHash,
    /// The records, as [`ChainEntry::to_bytes`] writes them.
    pub entries: Vec<u8>,
}

/// The last link of a lane, without what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainEnd {
    /// The lane.
    pub lane: Lane,
    /// The number of the link; 0 for a lane without links.
    pub number: u64,
    /// The hash of the link.
    pub hash: ChainHash,
}

/// The hash of a link.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainHash(pub [u8; 32]);

/// A record that a link proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainEntry {
    /// What it is.
    pub kind: RecordKind,
    /// Its id; for a currency its code and for a key its prefix, filled up with zeros.
    pub id: [u8; 16],
    /// The first half of the SHA-256 of what it says.
    pub digest: [u8; 16],
}

/// Kinds of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// An account, as it was opened.
    Account,
    /// A transfer, with its parts.
    Transfer,
    /// A rate.
    Rate,
    /// A quote, as it was made.
    Quote,
    /// A currency.
    Currency,
    /// A key of the API, as it was made.
    Key,
    /// What an operator did.
    OperatorAction,
}

impl ChainEnd {
    /// Where a new lane begins.
    #[must_use]
    pub fn start(lane: Lane) -> Self {
        Self {
            lane,
            number: 0,
            hash: ChainHash::default(),
        }
    }

    /// The link of a batch that comes next.
    #[must_use]
    pub fn append(&self, writes: &WriteSet) -> ChainLink {
        let transfers = writes.transfers.iter().map(of_transfer);
        let accounts = writes.accounts_opened.iter().map(of_account);
        let rates = writes.rates.iter().map(of_rate);
        let quotes = writes.quotes_made.iter().map(of_quote);
        let currencies = writes.currencies.iter().map(of_currency);
        let actions = writes.operator_actions.iter().map(of_action);
        let rare = accounts.chain(rates).chain(quotes).chain(currencies);
        self.next(rare.chain(actions).chain(transfers))
    }

    /// The link that comes next, of what was done beside the batches: the keys that were made or
    /// found, and the actions.
    #[must_use]
    pub fn append_actions(&self, keys: &[AccessKey], actions: &[OperatorAction]) -> ChainLink {
        self.next(keys.iter().map(of_key).chain(actions.iter().map(of_action)))
    }

    fn next(&self, entries: impl Iterator<Item = ChainEntry>) -> ChainLink {
        let entries: Vec<u8> = entries.flat_map(|entry| entry.to_bytes()).collect();
        let number = self.number + 1;
        ChainLink {
            lane: self.lane,
            number,
            hash: self.hash_of_next(&entries),
            entries,
        }
    }

    /// The hash that a link with these entries has behind this one.
    pub(crate) fn hash_of_next(&self, entries: &[u8]) -> ChainHash {
        let mut hash = Sha256::new();
        hash.update(self.hash.0);
        hash.update(self.lane.as_bytes());
        hash.update((self.number + 1).to_be_bytes());
        hash.update(entries);
        ChainHash(hash.finalize().into())
    }
}

impl ChainLink {
    /// Where the lane ends with this link.
    #[must_use]
    pub fn end(&self) -> ChainEnd {
        ChainEnd {
            lane: self.lane,
            number: self.number,
            hash: self.hash,
        }
    }

    /// The records; `None` in the place of what cannot be read.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Option<ChainEntry>> {
        self.entries.chunks(ENTRY_BYTES).map(ChainEntry::of_bytes)
    }
}

impl ChainEntry {
    /// The kind, the id and the digest, one after the other.
    #[must_use]
    pub fn to_bytes(self) -> [u8; ENTRY_BYTES] {
        let mut bytes = [0; ENTRY_BYTES];
        bytes[0] = self.kind.number();
        bytes[1..17].copy_from_slice(&self.id);
        bytes[17..].copy_from_slice(&self.digest);
        bytes
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (&kind, rest) = bytes.split_first()?;
        let (id, digest) = rest.split_at_checked(16)?;
        let mut kinds = RecordKind::ALL.into_iter();
        Some(Self {
            kind: kinds.find(|known| known.number() == kind)?,
            id: id.try_into().ok()?,
            digest: digest.try_into().ok()?,
        })
    }
}

/// `transfer 0192f0c1-…`
impl fmt::Display for ChainEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.kind.word();
        match self.kind {
            RecordKind::Currency | RecordKind::Key => {
                let text = String::from_utf8_lossy(&self.id);
                write!(f, "{word} {}", text.trim_end_matches('\0'))
            }
            _ => write!(f, "{word} {}", Uuid::from_bytes(self.id)),
        }
    }
}

impl RecordKind {
    const ALL: [Self; 7] = [
        Self::Account,
        Self::Transfer,
        Self::Rate,
        Self::Quote,
        Self::Currency,
        Self::Key,
        Self::OperatorAction,
    ];

    const fn number(self) -> u8 {
        match self {
            Self::Account => 1,
            Self::Transfer => 2,
            Self::Rate => 3,
            Self::Quote => 4,
            Self::Currency => 5,
            Self::Key => 6,
            Self::OperatorAction => 7,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Transfer => "transfer",
            Self::Rate => "rate",
            Self::Quote => "quote",
            Self::Currency => "currency",
            Self::Key => "key",
            Self::OperatorAction => "operator action",
        }
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
