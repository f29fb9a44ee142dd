//! Tokens of an identity provider, together with keys: from a file, and from a URL that changes,
//! fails and recovers.
//!
//! A table in `crates/http` covers which tokens are refused; here a real service meets a provider
//! that changes.

mod provider;
mod signer;

use std::fs;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use wallet_integration::client::Client;
use wallet_integration::service::{Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo::{POOR_USD, RICH_USD, new_id};
use crate::keys::{create_key, guarded};
use provider::Provider;

pub(crate) use signer::Signer;

each_store!(a_token_and_a_key_work_side_by_side);

const ISSUER: &str = "https://id.example.com/";
const AUDIENCE: &str = "wallet";
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn jwks(signers: &[&Signer]) -> String {
    let keys: Vec<Value> = signers.iter().map(|it| it.jwk()).collect();
    json!({"keys": keys}).to_string()
}

/// The launch, with a provider whose keys are at `jwks`.
pub(crate) fn with_provider(launch: Launch, jwks: &str) -> Launch {
    let flags = ["--auth-jwks", jwks, "--auth-issuer", ISSUER];
    let flags = flags.into_iter().chain(["--auth-audience", AUDIENCE]);
    flags.fold(launch, Launch::arg)
}

fn client_with(service: &Service, token: &str) -> Client {
    service.client().with_token(token)
}

fn status(service: &Service, token: &str) -> u16 {
    let answer = client_with(service, token).get("/v1/accounts").unwrap();
    answer.status
}

#[track_caller]
fn wait_for(service: &Service, token: &str, expected: u16) {
    let begun = Instant::now();
    loop {
        let found = status(service, token);
        if found == expected {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{found}, and not {expected}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn transfer(sender: &str, receiver: &str) -> String {
    json!({
        "id": new_id(), "sender_account_id": sender, "receiver_account_id": receiver,
        "amount": "1", "currency_code": "USD",
    })
    .to_string()
}

fn a_token_and_a_key_work_side_by_side(store: &TestStore) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jwks.json");
    let signer = Signer::new("one");
    fs::write(&file, jwks(&[&signer])).unwrap();
    // Required on the loopback interface, too: a service with a provider always authenticates.
    let launch = with_provider(Launch::on(store).arg("--demo"), file.to_str().unwrap());
    let service = launch.start().unwrap();
    assert_eq!(service.client().get("/v1/accounts").unwrap().status, 401);

    let key = create_key(store, "--name shop --scope read,transfer");
    let all = signer.token(json!({"scope": "openid wallet:read wallet:transfer"}));
    for (token, actor) in [(&key, "shop"), (&all, "ada")] {
        let mut client = client_with(&service, token);
        assert_eq!(client.get("/v1/accounts").unwrap().status, 200);
        assert_eq!(client.get("/accounts/").unwrap().status, 200);
        let body = transfer(RICH_USD, POOR_USD);
        let mut post = || {
            client
                .post("/v1/transfers", "application/json", &body)
                .unwrap()
        };
        let booked = post();
        assert_eq!(booked.json()["created_by"], actor, "{booked:?}");
        let again = post();
        assert!(again.is_replay && again.text == booked.text, "{again:?}");
        let refused = client.post("/v1/currencies", "application/json", "{}");
        assert_eq!(refused.unwrap().status, 403);
    }

    let reads = signer.token(json!({"scope": "wallet:read"}));
    let refused = client_with(&service, &reads).post("/transfers/", "application/json", "{}");
    assert_eq!(refused.unwrap().status, 403);
    let nothing = signer.token(json!({"scope": "read transfer operate"}));
    assert_eq!(status(&service, &nothing), 403);

    let owner = signer.token(json!({
        "sub": "owner", "scope": "wallet:read wallet:transfer", "wallet_accounts": [POOR_USD],
    }));
    let mut owner = client_with(&service, &owner);
    let own = owner.get(&format!("/v1/accounts/{POOR_USD}")).unwrap();
    let other = owner.get(&format!("/v1/accounts/{RICH_USD}")).unwrap();
    assert_eq!((own.status, other.status), (200, 404));
    let stolen = transfer(RICH_USD, POOR_USD);
    let stolen = owner
        .post("/v1/transfers", "application/json", &stolen)
        .unwrap();
    assert_eq!(stolen.json()["code"], "sender_account_not_found");

    let expired = signer.token(json!({"exp": 1_700_000_000, "scope": "wallet:read"}));
    let elsewhere = signer.token(json!({"aud": "shop", "scope": "wallet:read"}));
    for (token, detail) in [
        (&*expired, "the token has expired"),
        (&*elsewhere, "the token is for another audience"),
        (
            "a.b.c",
            "neither a key of this service nor a token that can be checked",
        ),
    ] {
        let answer = client_with(&service, token).get("/v1/accounts").unwrap();
        assert_eq!(
            (answer.status, &answer.json()["detail"]),
            (401, &json!(detail))
        );
    }

    // The provider adds its next key, then removes the first one.
    let next = Signer::new("two");
    let token = next.token(json!({"scope": "wallet:read"}));
    assert_eq!(status(&service, &token), 401);
    fs::write(&file, jwks(&[&signer, &next])).unwrap();
    wait_for(&service, &token, 200);
    assert_eq!(status(&service, &reads), 200);
    fs::write(&file, jwks(&[&next])).unwrap();
    wait_for(&service, &reads, 401);
    service.stop().unwrap();
}

fn free_listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

#[test]
fn a_new_key_is_fetched_and_forged_ones_cost_the_provider_nothing() {
    let store = TestStore::sqlite();
    let [first, next, third] = ["one", "two", "three"].map(Signer::new);
    let provider = Provider::start(free_listener(), jwks(&[&first]), None);
    let url = format!("http://{}/jwks", provider.address);
    let service = with_provider(guarded(&store), &url).start().unwrap();
    let reads = |signer: &Signer| signer.token(json!({"scope": "wallet:read"}));
    assert_eq!(status(&service, &reads(&first)), 200);
    assert_eq!(provider.asked(), 1);

    // The first token with an unknown key makes the service fetch the keys, and waits for the
    // answer.
    provider.answers(jwks(&[&first, &next]));
    assert_eq!(status(&service, &reads(&next)), 200);
    assert_eq!(provider.asked(), 2);
    // From now on, no token makes the service fetch the keys again for half a minute.
    provider.answers(jwks(&[&first, &next, &third]));
    let begun = Instant::now();
    for _ in 0..20 {
        assert_eq!(status(&service, &reads(&third)), 401);
        assert_eq!(status(&service, &reads(&first)), 200);
    }
    // If that took longer than half a minute on a slow machine, one more fetch each time is
    // allowed.
    let asked = 2 + begun.elapsed().as_secs() / 30;
    assert!((2..=asked).contains(&(provider.asked() as u64)));

    // Unreachable, then damaged: the keys that were read last stay valid.
    let address = provider.stop();
    assert_eq!(status(&service, &reads(&next)), 200);
    let provider = Provider::start(
        TcpListener::bind(address).unwrap(),
        "<html>".to_owned(),
        None,
    );
    assert_eq!(status(&service, &reads(&next)), 200);
    assert_eq!(provider.asked(), 0);
    service.stop().unwrap();
}

#[test]
fn keys_work_while_the_provider_is_unreachable_at_the_start() {
    let store = TestStore::sqlite();
    let address = free_listener().local_addr().unwrap();
    let service = with_provider(guarded(&store), &format!("http://{address}/jwks"))
        .start()
        .unwrap();
    let key = create_key(&store, "--name shop --scope read");
    assert_eq!(status(&service, &key), 200);
    let signer = Signer::new("one");
    let token = signer.token(json!({"scope": "wallet:read"}));
    let answer = client_with(&service, &token).get("/v1/accounts").unwrap();
    assert_eq!(answer.status, 503, "{answer:?}");
    let log = service.log();
    let warnings = log.matches("keys cannot be read yet").count();
    assert_eq!(warnings, 1, "{log}");
    let listener = TcpListener::bind(address).unwrap();
    let _provider = Provider::start(listener, jwks(&[&signer]), None);
    wait_for(&service, &token, 200);
    service.stop().unwrap();
}

#[test]
fn a_provider_is_trusted_over_tls_if_the_machine_trusts_its_certificate() {
    let signer = Signer::new("one");
    let token = signer.token(json!({"scope": "wallet:read"}));
    let names = ["localhost".to_owned()];
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let certificate = rcgen::CertificateParams::new(names).unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    let private = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let provider = Provider::start(free_listener(), jwks(&[&signer]), Some(Arc::new(config)));
    let url = format!("https://localhost:{}/jwks", provider.address.port());

    let folder = tempfile::tempdir().unwrap();
    let trusted = folder.path().join("trusted.pem");
    for (text, expected) in [
        (certificate.pem(), 200),
        (
            rcgen::generate_simple_self_signed(["localhost".to_owned()])
                .unwrap()
                .cert
                .pem(),
            503,
        ),
    ] {
        fs::write(&trusted, text).unwrap();
        let store = TestStore::sqlite();
        let launch = with_provider(guarded(&store), &url)
            .environment("SSL_CERT_FILE", trusted.to_str().unwrap())
            .environment("NO_PROXY", "localhost");
        let service = launch.start().unwrap();
        assert_eq!(status(&service, &token), expected, "{}", service.log());
        service.stop().unwrap();
    }
}

#[test]
fn an_unusable_key_set_is_named_before_a_ledger_is_created() {
    let store = TestStore::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jwks.json");
    let file = file.to_str().unwrap();
    for (text, reason) in [
        (None, "cannot be read"),
        (Some("{}"), "not a JSON Web Key Set"),
    ] {
        if let Some(text) = text {
            fs::write(file, text).unwrap();
        }
        let ended = with_provider(guarded(&store), file)
            .run_to_end(PATIENCE)
            .unwrap();
        assert!(!ended.status.success(), "{ended:?}");
        for expected in [file, reason] {
            assert!(ended.stderr.contains(expected), "{}", ended.stderr);
        }
        assert!(!store.file().unwrap().exists());
    }
}
