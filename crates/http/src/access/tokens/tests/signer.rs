//! An identity provider's private keys, and what can be made with them, right and wrong.

use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RsaKeyPair, RsaPublicKeyComponents,
};
use serde_json::{Value, json};

/// A key of 2,048 bits that is used for nothing else; ring makes no keys of RSA.
const RSA: &[u8] = include_bytes!("rsa.pk8");

pub(super) enum Signer {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    /// A shared secret, which no provider has.
    Secret(Vec<u8>),
    /// No signature at all.
    Nothing,
}

impl Signer {
    pub(super) fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::from_pkcs8(RSA).unwrap())
    }

    pub(super) fn ec() -> Self {
        let (way, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(way, &random).unwrap();
        Self::Ec(EcdsaKeyPair::from_pkcs8(way, key.as_ref(), &random).unwrap())
    }

    pub(super) fn ed() -> Self {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Ed(Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap())
    }

    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::Ec(_) => "ES256",
            Self::Ed(_) => "EdDSA",
            Self::Secret(_) => "HS256",
            Self::Nothing => "none",
        }
    }

    /// The public key as it is listed.
    pub(super) fn jwk(&self, kid: &str) -> Value {
        match self {
            Self::Rsa(key) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(key.public());
                let (n, e) = (base64(&public.n), base64(&public.e));
                json!({"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": n, "e": e})
            }
            Self::Ec(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                let (x, y) = (base64(x), base64(y));
                json!({"kty": "EC", "kid": kid, "crv": "P-256", "x": x, "y": y})
            }
            Self::Ed(key) => {
                let x = base64(key.public_key().as_ref());
                json!({"kty": "OKP", "kid": kid, "crv": "Ed25519", "x": x, "key_ops": ["verify"]})
            }
            Self::Secret(_) | Self::Nothing => unreachable!("nothing public"),
        }
    }

    /// The bytes of the public key as a provider publishes it.
    pub(super) fn public(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key) => key.public_key().as_ref().to_vec(),
            Self::Ec(key) => key.public_key().as_ref().to_vec(),
            Self::Ed(key) => key.public_key().as_ref().to_vec(),
            Self::Secret(_) | Self::Nothing => unreachable!("nothing public"),
        }
    }

    pub(super) fn token(&self, header: &Value, claims: &Value) -> String {
        let text = |value: &Value| base64(value.to_string().as_bytes());
        self.signed(&format!("{}.{}", text(header), text(claims)))
    }

    /// A token of two parts that are encoded already.
    pub(super) fn signed(&self, message: &str) -> String {
        let random = SystemRandom::new();
        let bytes = message.as_bytes();
        let signature = match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature)
                    .unwrap();
                signature
            }
            Self::Ec(key) => key.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Self::Ed(key) => key.sign(bytes).as_ref().to_vec(),
            Self::Secret(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
                hmac::sign(&key, bytes).as_ref().to_vec()
            }
            Self::Nothing => Vec::new(),
        };
        format!("{message}.{}", base64(&signature))
    }
}

pub(super) fn base64(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}
