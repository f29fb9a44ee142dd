//! The token that the holder of a key presents: `wallet_<prefix>_<secret>`.
//!
//! The secret has 256 random bits, so one round of SHA-256 is a sufficient hash: there is nothing
//! to guess (OWASP, "Cryptographic Storage": slow hashes are for secrets that people choose). The
//! prefix `wallet_` lets scanners of leaked secrets find a token.

use std::fmt;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::records::SecretHash;

/// The number of random bytes in a token.
pub const TOKEN_BYTES: usize = PREFIX_BYTES + SECRET_BYTES;

const PREFIX_BYTES: usize = 6;

const SECRET_BYTES: usize = 32;

/// A token, including its secret. The secret is redacted in the debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    prefix: String,
    secret: String,
}

impl Token {
    /// Creates a token from unpredictable random bytes.
    #[must_use]
    pub fn from_random(random: [u8; TOKEN_BYTES]) -> Self {
        let (prefix, secret) = random.split_at(PREFIX_BYTES);
        Self {
            prefix: HEXLOWER.encode(prefix),
            secret: HEXLOWER.encode(secret),
        }
    }

    /// The start of every token, and of no other credential.
    pub const BEGINNING: &str = "wallet_";

    /// Parses a token; `None` if the text does not look like one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, secret) = text.strip_prefix(Self::BEGINNING)?.split_once('_')?;
        let is_hexadecimal = |text: &str, bytes: usize| {
            let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            text.len() == 2 * bytes && text.bytes().all(is_digit)
        };
        let is_token = is_hexadecimal(prefix, PREFIX_BYTES) && is_hexadecimal(secret, SECRET_BYTES);
        is_token.then(|| Self {
            prefix: prefix.to_owned(),
            secret: secret.to_owned(),
        })
    }

    /// The part that is not secret.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The hash that the ledger stores.
    #[must_use]
    pub fn secret_hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(&self.secret).into())
    }

    /// The whole token, to be displayed to its holder once.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{}{}_{}", Self::BEGINNING, self.prefix, self.secret)
    }

    /// Whether this is the token of a key. Runs in constant time, however much of the hash matches.
    pub(super) fn authenticates(&self, prefix: &str, hash: &SecretHash) -> bool {
        self.prefix == prefix && bool::from(self.secret_hash().0.ct_eq(&hash.0))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, and a secret)", self.prefix)
    }
}
