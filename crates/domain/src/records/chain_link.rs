//! Links of the chain, and the entries that they prove. [`chain`](crate::chain) creates them.

use std::fmt;

use data_encoding::HEXLOWER;
use uuid::Uuid;

/// The id of a lane.
pub type Lane = Uuid;

/// The lane of the links for created, revoked and adopted keys. Random, and must never change.
pub const KEYS_LANE: Lane = Uuid::from_u128(0xc7d1_0f6e_2b94_4d3a_8e51_90ab_3f27_6c58);

/// The bytes of a [`ChainEntry`]: its kind, its id, its digest.
const ENTRY_BYTES: usize = 1 + 16 + 16;

/// The link of a batch: what it wrote, and the previous link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    /// The lane of the link.
    pub lane: Lane,
    /// Its number in the lane: 1 for the first, then without a gap.
    pub number: u64,
    /// SHA-256 over the previous hash (32 zeros for the first), the lane, the number (8 bytes,
    /// big-endian) and the entries.
    pub hash: ChainHash,
    /// The records, in the encoding of [`ChainEntry::to_bytes`].
    pub entries: Vec<u8>,
}

/// The last link of a lane, without its entries.
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
    /// The kind of the record.
    pub kind: RecordKind,
    /// Its id; for a currency its code and for a key its prefix, padded with zeros.
    pub id: [u8; 16],
    /// The first half of the SHA-256 of its content.
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
    /// A quote, as it was created.
    Quote,
    /// A currency.
    Currency,
    /// An API key, as it was created.
    Key,
    /// An action of an operator.
    OperatorAction,
}

impl ChainLink {
    /// The end of the lane with this link.
    #[must_use]
    pub fn end(&self) -> ChainEnd {
        ChainEnd {
            lane: self.lane,
            number: self.number,
            hash: self.hash,
        }
    }

    /// The records; `None` for an entry that cannot be parsed.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Option<ChainEntry>> {
        self.entries.chunks(ENTRY_BYTES).map(ChainEntry::from_bytes)
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

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
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
        let word = self.kind.as_str();
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

    const fn as_str(self) -> &'static str {
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
        HEXLOWER.encode_display(&self.0).fmt(f)
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
