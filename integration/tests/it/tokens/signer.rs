//! A key of an identity provider, and the tokens that are made with it.

use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::BASE64URL_NOPAD;
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
        let x = BASE64URL_NOPAD.encode(self.key.der_bytes());
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
        let [header, all] = [header, all].map(|it| it.to_string());
        let [header, all] = [header, all].map(|it| BASE64URL_NOPAD.encode(it.as_bytes()));
        let message = format!("{header}.{all}");
        let signature = self.key.sign(message.as_bytes()).unwrap();
        format!("{message}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}
