//! What the holder of a key shows: `wallet_<prefix>_<secret>`.
//!
//! The secret has 256 random bits, so one round of SHA-256 is all the hash that it needs: there is nothing to guess
//! (OWASP, "Cryptographic Storage": slow hashes are for what people choose). The first word lets scanners of leaked
//! secrets find it.

use std::fmt::{self, Write as _};

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::records::SecretHash;

/// The random bytes that a token is made of.
pub const TOKEN_BYTES: usize = PREFIX_BYTES + SECRET_BYTES;

const PREFIX_BYTES: usize = 6;

const SECRET_BYTES: usize = 32;

/// A key in its holder's hands. Its debug text has no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    prefix: String,
    secret: String,
}

impl Token {
    /// A new token of bytes that nobody can guess.
    #[must_use]
    pub fn from_random(random: [u8; TOKEN_BYTES]) -> Self {
        let (prefix, secret) = random.split_at(PREFIX_BYTES);
        Self {
            prefix: hexadecimal(prefix),
            secret: hexadecimal(secret),
        }
    }

    /// What every token begins with, and nothing else that is shown to prove oneself.
    pub const BEGINNING: &str = "wallet_";

    /// Reads a token; `None` if it does not look like one.
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

    /// The part that is no secret.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What the ledger keeps of it.
    #[must_use]
    pub fn secret_hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(&self.secret).into())
    }

    /// The whole, to be shown to its holder once.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{}{}_{}", Self::BEGINNING, self.prefix, self.secret)
    }

    /// Whether this is the token of a key; takes the same time however much of the hash is right.
    pub(super) fn opens(&self, prefix: &str, hash: &SecretHash) -> bool {
        self.prefix == prefix && bool::from(self.secret_hash().0.ct_eq(&hash.0))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, and a secret)", self.prefix)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
