//! A key of an identity provider, and the tokens that are made with it.

use std::time::{SystemTime, UNIX_EPOCH};

use rcgen::{KeyPair, PublicKeyData, SigningKey};
use serde_json::{Value, json};

use super::{AUDIENCE, ISSUER};

/// A key of the provider.
pub(crate) struct Signer {
    kid: &'static str,
    key: KeyPair,
}

impl Signer {
    pub(crate) fn new(kid: &'static str) -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        Self { kid, key }
    }

    pub(crate) fn jwk(&self) -> Value {
        let x = base64(self.key.der_bytes());
        json!({"kty": "OKP", "crv": "Ed25519", "kid": self.kid, "x": x, "use": "sig"})
    }

    /// A token with these claims, in addition to the common ones.
    pub(crate) fn token(&self, claims: Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let mut all = json!({
            "iss": ISSUER, "aud": AUDIENCE, "exp": now.as_secs() + 300, "sub": "ada",
        });
        for (name, value) in claims.as_object().unwrap() {
            all[name] = value.clone();
        }
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": self.kid});
        let [header, all] = [header, all].map(|it| base64(it.to_string().as_bytes()));
        let message = format!("{header}.{all}");
        let signature = self.key.sign(message.as_bytes()).unwrap();
        format!("{message}.{}", base64(&signature))
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(char::from(letter));
        }
    }
    text
}
