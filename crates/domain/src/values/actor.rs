//! Actors, and the scopes that a key or a token grants.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The maximum number of characters of an [`Actor`].
pub const ACTOR_MAX: usize = 64;

/// Who did something: the name of a key, or the subject of an identity provider's token. Keys that
/// replace each other have the same one, so it outlives them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(Arc<str>);

impl Actor {
    /// `None` unless the text has 1 to [`ACTOR_MAX`] characters, all of them ASCII letters and
    /// digits or one of `-_.:@|`.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:@|".contains(&byte);
        let fits = (1..=ACTOR_MAX).contains(&text.len()) && text.bytes().all(is_usual);
        fits.then(|| Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The purpose of a key. No scope includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// To read.
    Read,
    /// To move money between accounts, into the ledger and out of it.
    Transfer,
    /// To run the ledger: currencies, accounts and their rules, rates.
    Operate,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Read, Self::Transfer, Self::Operate];

    /// The stable name of this scope.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Transfer => "transfer",
            Self::Operate => "operate",
        }
    }
}

/// Why a text is not a [`Scope`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no scope")]
pub struct ParseScopeError(String);

impl FromStr for Scope {
    type Err = ParseScopeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut scopes = Self::ALL.into_iter();
        let found = scopes.find(|scope| scope.as_str() == text);
        found.ok_or_else(|| ParseScopeError(text.to_owned()))
    }
}
