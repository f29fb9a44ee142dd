//! Tokens, good and bad: each row of these tables has been accepted by some service.

mod claims;
mod signatures;
mod signer;

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use wallet_domain::Scope;

use super::*;
use signer::{Signer, base64};

const ISSUER: &str = "https://id.example.com/";
const AUDIENCE: &str = "wallet";

/// A provider whose keys are in a file: one of each kind, with its algorithm as its id.
struct House {
    provider: IdentityProvider,
    signers: [Signer; 3],
    folder: TempDir,
}

impl House {
    fn new() -> Self {
        let signers = [Signer::rsa(), Signer::ec(), Signer::ed()];
        let keys: Vec<Value> = signers.iter().map(|it| it.jwk(it.algorithm())).collect();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jwks.json");
        fs::write(&file, json!({"keys": keys}).to_string()).unwrap();
        let provider = IdentityProvider::start(KeySource::File(file), ISSUER, AUDIENCE).unwrap();
        Self {
            provider,
            signers,
            folder,
        }
    }

    fn ed(&self) -> &Signer {
        &self.signers[2]
    }

    fn lists(&self, keys: &[Value]) {
        let file = self.folder.path().join("jwks.json");
        fs::write(file, json!({"keys": keys}).to_string()).unwrap();
    }

    fn ask(&self, token: &str) -> Result<Caller, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        let asked = async {
            let deadline = Instant::now() + Duration::from_secs(60);
            self.provider.caller(token, deadline).await
        };
        let caller = runtime.unwrap().block_on(asked);
        caller.map_err(|error| match error {
            ApiError::Unauthorized(why) => why.to_owned(),
            error => panic!("{error}"),
        })
    }

    #[track_caller]
    fn refuses(&self, token: &str, why: &str) {
        assert_eq!(self.ask(token), Err(why.to_owned()), "{token}");
    }
}

fn now() -> i64 {
    crate::request::time::now().as_micros() / 1_000_000
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "auth0|1234", "exp": now() + 60, "nbf": now(),
        "iat": now(), "scope": "openid wallet:read wallet:transfer",
    })
}

/// The claims with some of them changed; `null` takes one away.
fn but(changes: Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims
                .as_object_mut()
                .unwrap()
                .insert(name.clone(), value.clone()),
        };
    }
    claims
}

fn header(algorithm: &str) -> Value {
    json!({"alg": algorithm, "typ": "JWT", "kid": algorithm})
}

fn good(signer: &Signer) -> String {
    signer.token(&header(signer.algorithm()), &claims())
}

#[test]
fn a_token_of_each_kind_of_key_becomes_a_caller() {
    let house = House::new();
    for signer in &house.signers {
        let caller = house.ask(&good(signer)).unwrap();
        assert_eq!(caller.actor, Actor::new("auth0|1234"));
        assert_eq!(caller.scopes, [Scope::Read, Scope::Transfer].into());
        assert_eq!(caller.accounts, None);
    }
}

#[test]
fn keys_that_are_for_something_else_are_left_out() {
    let ed = Signer::ed();
    let usable = ed.jwk("EdDSA");
    let small = base64(&[0xc1; 128]);
    let mut keys = vec![
        json!({"kty": "RSA", "kid": "small", "n": small, "e": "AQAB"}),
        json!({"kty": "oct", "kid": "secret", "k": "c2VjcmV0"}),
        json!({"kty": "AKP", "kid": "of the future", "alg": "ML-DSA-44", "pub": "AA"}),
        json!({"kty": "EC", "kid": "other curve", "crv": "P-384", "x": "AA", "y": "AA"}),
        json!("not even an object"),
    ];
    for (name, value) in [
        ("use", json!("enc")),
        ("alg", json!("ES256")),
        ("key_ops", json!(["encrypt"])),
        ("kid", Value::Null),
        ("x", json!("not base64!")),
    ] {
        let mut key = usable.clone();
        key[name] = value;
        keys.push(key);
    }
    let parse =
        |keys: &[Value]| key_set::KeySet::parse(json!({"keys": keys}).to_string().as_bytes());
    assert_eq!(parse(&keys).unwrap().len(), 0);
    keys.push(usable);
    assert_eq!(parse(&keys).unwrap().len(), 1);
    for text in ["", "[]", "{}", r#"{"keys": 1}"#, "<html>"] {
        assert!(key_set::KeySet::parse(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn a_file_that_changes_is_read_again_and_one_that_is_damaged_changes_nothing() {
    let house = House::new();
    let first = good(house.ed());
    house.ask(&first).unwrap();
    let second = Signer::ed();
    let token = second.token(&header("EdDSA"), &claims());
    house.refuses(&token, "the token's signature is wrong");
    house.lists(&[second.jwk("EdDSA")]);
    let patience = std::time::Instant::now() + Duration::from_secs(60);
    while house.ask(&token).is_err() {
        assert!(std::time::Instant::now() < patience, "not read again");
        std::thread::sleep(Duration::from_millis(50));
    }
    house.refuses(&first, "the token's signature is wrong");

    let file = house.folder.path().join("jwks.json");
    fs::write(&file, "{\"keys\": [").unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    house.ask(&token).unwrap();
    fs::remove_file(&file).unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    house.ask(&token).unwrap();
    // Who takes all keys away means it.
    house.lists(&[]);
    let patience = std::time::Instant::now() + Duration::from_secs(60);
    while house.ask(&token).is_ok() {
        assert!(std::time::Instant::now() < patience, "not read again");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_source_that_cannot_be_trusted_is_refused_and_a_file_that_is_not_there_too() {
    for text in ["/etc/jwks.json", "jwks.json", "./http:/x"] {
        assert_eq!(KeySource::parse(text), Ok(KeySource::File(text.into())));
    }
    for text in [
        "https://id.example.com/.well-known/jwks.json",
        "http://localhost:8080/jwks",
        "http://127.0.0.1/jwks",
        "http://[::1]:80/jwks",
    ] {
        let source = KeySource::parse(text).unwrap();
        assert_eq!(source.to_string(), text);
    }
    for text in [
        "",
        "http://id.example.com/jwks",
        "http://localhost.example.com/jwks",
        "ftp://id.example.com/jwks",
        "file:///etc/jwks.json",
        "https://user:password@id.example.com/jwks",
        "https://",
    ] {
        assert!(KeySource::parse(text).is_err(), "{text}");
    }
    let shown = KeySource::parse("https://id.example.com/jwks?key=secret").unwrap();
    assert!(!shown.to_string().contains("secret"), "{shown}");
    let missing = KeySource::File("/nowhere/jwks.json".into());
    IdentityProvider::start(missing, ISSUER, AUDIENCE).unwrap_err();
}
