//! The public keys of an identity provider: a JSON Web Key Set (RFC 7517).

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// How many keys of a set are read.
const KEYS_MAX: usize = 100;

/// The smallest RSA modulus, in bytes: 2,048 bits.
const MODULUS_BYTES_MIN: usize = 256;

/// A public key, and the one algorithm that it is for.
pub(super) struct Key {
    pub(super) kid: String,
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// The keys that can be used; never more than [`KEYS_MAX`].
pub(super) struct KeySet(Vec<Arc<Key>>);

#[derive(Deserialize)]
struct Listed {
    keys: Vec<Value>,
}

/// A key of a set, as the provider describes it.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Parses a set. Keys of other kinds and for other purposes are skipped: a provider lists all
    /// that it has.
    pub(super) fn parse(text: &[u8]) -> Result<Self, serde_json::Error> {
        let listed: Listed = serde_json::from_slice(text)?;
        let keys = listed.keys.into_iter().take(KEYS_MAX);
        Ok(Self(keys.filter_map(key).map(Arc::new).collect()))
    }

    pub(super) fn find(&self, kid: &str) -> Option<Arc<Key>> {
        self.0.iter().find(|key| key.kid == kid).cloned()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

fn key(listed: Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(listed).ok()?;
    let signs = jwk.purpose.as_deref().is_none_or(|it| it == "sig");
    let operations = jwk.key_ops.as_deref();
    let verifies = operations.is_none_or(|them| them.iter().any(|it| it == "verify"));
    if !signs || !verifies {
        return None;
    }
    let curve = jwk.crv.as_deref().unwrap_or_default();
    let (algorithm, word, key) = match (&*jwk.kty, curve) {
        ("RSA", _) => {
            let n = number(jwk.n.as_deref()?)?;
            if n.len() < MODULUS_BYTES_MIN {
                return None;
            }
            let e = number(jwk.e.as_deref()?)?;
            let key = DecodingKey::from_rsa_raw_components(&n, &e);
            (Algorithm::RS256, "RS256", key)
        }
        ("EC", "P-256") => {
            let key = DecodingKey::from_ec_components(jwk.x.as_deref()?, jwk.y.as_deref()?);
            (Algorithm::ES256, "ES256", key.ok()?)
        }
        ("OKP", "Ed25519") => {
            let key = DecodingKey::from_ed_components(jwk.x.as_deref()?);
            (Algorithm::EdDSA, "EdDSA", key.ok()?)
        }
        _ => return None,
    };
    // A key for RS512 is not one for RS256.
    let fits = jwk.alg.as_deref().is_none_or(|alg| alg == word);
    let kid = jwk.kid;
    fits.then_some(Key {
        kid,
        algorithm,
        key,
    })
}

/// The bytes of a number without leading zeros, which some providers write and ring rejects.
fn number(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=').as_bytes();
    let bytes = BASE64URL_NOPAD.decode(text).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Some(bytes[zeros..].to_vec())
}
