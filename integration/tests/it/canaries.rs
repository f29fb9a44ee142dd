//! Secrets in every place where clients and operators put them, rightly or wrongly, at the most
//! verbose log level: none of them appears in a log, a metric, an answer or the process list.
//!
//! The text fields of a transfer are the caller's own, and are returned as they were sent.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use wallet_integration::client::exchange;
use wallet_integration::service::{Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo::{POOR_USD, RICH_USD, new_id};
use crate::keys::{create_key, guarded, keys};
use crate::tokens::{self, Signer};

const PATIENCE: Duration = Duration::from_secs(30);

/// The password of the database. The test server accepts any.
const PASSWORD: &str = "canary-6c1f-of-the-database";

/// A secret that must not be found, whole or in part.
struct Canary {
    name: &'static str,
    secret: String,
}

impl Canary {
    fn new(name: &'static str, secret: impl Into<String>) -> Self {
        let secret = secret.into();
        assert!(
            secret.len() >= 2 * Self::PART,
            "{name}: too short for a match to prove a leak"
        );
        Self { name, secret }
    }

    /// This many characters of either end are a leak, too: a message may truncate what it quotes.
    const PART: usize = 12;

    #[track_caller]
    fn is_not_in(&self, place: &str, text: &str) {
        let (start, end) = (
            &self.secret[..Self::PART],
            &self.secret[self.secret.len() - Self::PART..],
        );
        for part in [start, end] {
            let found = text.lines().find(|line| line.contains(part));
            assert_eq!(found, None, "{} is in {place}", self.name);
        }
    }
}

/// The secret part of a key, or the signature of a JWT; the part before it is not secret.
fn secret_of(token: &str) -> &str {
    let separator = if token.starts_with("wallet_") {
        '_'
    } else {
        '.'
    };
    token.rsplit(separator).next().unwrap()
}

/// Sends a head and a body, and returns everything that comes back; nothing, if the service closes
/// without an answer.
fn ask(address: SocketAddr, head: &str, body: &str) -> String {
    let length = body.len();
    let request = format!("{head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    let answer = exchange(address, request.as_bytes(), PATIENCE);
    answer.map_or_else(
        |_| String::new(),
        |answer| format!("{:?}\n{}", answer.headers, answer.text),
    )
}

/// Requests with this token in every place where a caller may put it.
fn heads(token: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let paths = [
        "GET /v1/accounts",
        "GET /accounts/",
        "POST /v1/transfers",
        "POST /transfers/",
        "POST /v1/batches",
        "POST /v1/currencies",
        "PUT /v1/accounts",
        "GET /metrics",
        "GET /nowhere",
    ];
    for path in paths {
        for header in [
            format!("authorization: Bearer {token}"),
            format!("authorization: bearer  {token} "),
            format!("authorization: Bearer {token}, Bearer {token}"),
            format!("authorization: Basic {token}"),
            format!("authorization: {token}"),
            format!("authorization: Bearer {token}\r\nauthorization: Bearer {token}"),
            format!("x-api-key: {token}"),
            format!("cookie: session={token}"),
        ] {
            heads.push(format!("{path} HTTP/1.1\r\nhost: test\r\n{header}"));
        }
    }
    // In headers that the service reads, next to the right one.
    for name in [
        "x-request-id",
        "idempotency-key",
        "if-match",
        "prefer",
        "content-type",
        "accept",
        "traceparent",
        "origin",
        "user-agent",
        "referer",
        "x-forwarded-for",
    ] {
        for path in ["GET /v1/accounts", "POST /v1/transfers", "POST /transfers/"] {
            heads.push(format!(
                "{path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n{name}: {token}"
            ));
        }
    }
    // In the target.
    for target in [
        format!("/nowhere?key={token}"),
        format!("/nowhere?{token}"),
        format!("/{token}"),
        format!("/metrics?key={token}"),
        format!("/readyz?key={token}"),
        format!("/openapi.json?key={token}"),
        format!("/accounts/?key={token}"),
        format!("/accounts/{token}/transfers/"),
        format!("/v1/accounts?key={token}"),
        format!("/v1/accounts?{token}=1"),
        format!("/v1/accounts?cursor={token}"),
        format!("/v1/accounts?currency_code={token}&limit={token}"),
        format!("/v1/accounts/{token}"),
        format!("/v1/currencies/{token}"),
        format!("/v1/transfers?account_id={token}&type={token}"),
        format!("http://wallet:{token}@test/v1/accounts"),
    ] {
        for header in [
            "x-none: 1".to_owned(),
            format!("authorization: Bearer {token}"),
        ] {
            heads.push(format!("GET {target} HTTP/1.1\r\nhost: test\r\n{header}"));
        }
    }
    heads.push(format!("GET /v1/accounts HTTP/1.1\r\nhost: {token}"));
    heads.push(format!("{token} /v1/accounts HTTP/1.1\r\nhost: test"));
    heads.push(format!("GET /v1/accounts {token}\r\nhost: test"));
    heads
}

/// Sends every kind of request with a token; returns the answers in order.
fn send_all(service: &Service, token: &str) -> Vec<String> {
    let good = format!(
        "{{\"id\":\"{}\",\"sender_account_id\":\"{RICH_USD}\",\
         \"receiver_account_id\":\"{POOR_USD}\",\"amount\":\"0.01\",\"currency_code\":\"USD\"}}",
        new_id()
    );
    let mut answers = Vec::new();
    for head in heads(token) {
        for body in [&*good, "{"] {
            if body.len() > 1 || head.starts_with("POST") {
                answers.push(ask(service.address(), &head, body));
            }
        }
    }
    answers
}

/// Starts the service with the most verbose settings.
fn verbose(store: &TestStore, password: Option<&str>) -> Launch {
    let mut flags = store.flags();
    let launch = guarded(store).arg("--log-level").arg("trace");
    match password {
        None => launch,
        // Where the documentation puts it: not among the arguments.
        Some(password) => {
            let url = format!("{} password={password}", flags.remove(1));
            flags.remove(0);
            let rest = ["--demo", "--auth", "keys", "--log-level", "trace"];
            let launch = Launch::serving(flags).environment("WALLET_DB", &url);
            rest.iter().fold(launch, |launch, flag| launch.arg(*flag))
        }
    }
}

#[track_caller]
fn assert_none(canaries: &[Canary], place: &str, text: &str) {
    for canary in canaries {
        canary.is_not_in(place, text);
    }
}

/// Sends the tokens to the service, causes `trouble`, then searches every output for the canaries.
fn search_outputs(store: &TestStore, password: Option<&str>, trouble: impl FnOnce(&Service, &str)) {
    let folder = tempfile::tempdir().unwrap();
    let (file, signer) = (folder.path().join("jwks.json"), Signer::new("one"));
    fs::write(&file, tokens::jwks(&[&signer])).unwrap();
    let launch = verbose(store, password);
    let launch = tokens::with_provider(launch, file.to_str().unwrap());
    let service = launch.start().unwrap();
    let jwt = signer.token(json!({"scope": "wallet:read wallet:transfer wallet:operate"}));
    let expired = signer.token(json!({"exp": 1_700_000_000}));
    let forged = Signer::new("one").token(json!({"scope": "wallet:read"}));
    let good = create_key(store, "--name shop --scope read,transfer,operate");
    let revoked = create_key(store, "--name gone --scope read");
    let prefix = revoked.split('_').nth(1).unwrap();
    keys(store, &format!("revoke {prefix}"));
    let wrong = format!("{}{}", &good[..good.len() - 64], "5".repeat(64));
    let mut canaries = vec![
        Canary::new("the key", secret_of(&good)),
        Canary::new("the revoked key", secret_of(&revoked)),
        Canary::new("the wrong key", secret_of(&wrong)),
        Canary::new("the JWT", secret_of(&jwt)),
        Canary::new("the expired JWT", secret_of(&expired)),
        Canary::new("the forged JWT", secret_of(&forged)),
    ];
    canaries.extend(password.map(|password| Canary::new("the password", password)));

    let arguments = fs::read(format!("/proc/{}/cmdline", service.pid())).unwrap();
    let arguments = String::from_utf8_lossy(&arguments).replace('\0', "\n");
    assert!(arguments.contains("trace"), "{arguments}");
    assert_none(&canaries, "the arguments of the process", &arguments);

    let mut count = 0;
    for token in [&good, &revoked, &wrong, &jwt, &expired, &forged] {
        for answer in send_all(&service, token) {
            assert_none(&canaries, "an answer", &answer);
            count += usize::from(!answer.is_empty());
        }
    }
    assert!(count > 1_000, "only {count} answers");
    trouble(&service, &good);

    let metrics = format!("GET /metrics HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {good}");
    let metrics = ask(service.address(), &metrics, "");
    assert!(metrics.contains("wallet_"), "{metrics}");
    assert_none(&canaries, "the metrics", &metrics);
    assert_none(&canaries, "the list of keys", &keys(store, "list").stdout);
    assert_none(&canaries, "stdout", &service.stdout());
    let log = service.log();
    let taken = log.matches("a token was taken").count();
    assert!(taken > 10, "only {taken} tokens were taken");
    for level in ["\"TRACE\"", "\"DEBUG\""] {
        assert!(log.contains(level), "nothing at {level}");
    }
    let lines = log.matches(r#""message":"request""#).count();
    assert!(lines > 700, "only {lines} requests are in the log");
    assert_none(&canaries, "the log", &log);
    service.stop().unwrap();
}

#[test]
fn no_token_comes_out_of_a_service_on_sqlite() {
    let store = TestStore::sqlite();
    search_outputs(&store, None, |_, _| {});
}

#[test]
fn neither_a_token_nor_the_password_comes_out_of_a_service_on_postgresql() {
    let store = TestStore::dedicated_postgres();
    search_outputs(&store, Some(PASSWORD), |service, good| {
        // Without its database, a service logs the most.
        store.server().unwrap().stop();
        let secrets = [
            Canary::new("the key", secret_of(good)),
            Canary::new("the password", PASSWORD),
        ];
        for path in ["GET /v1/accounts", "GET /accounts/"] {
            let head = format!("{path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {good}");
            let answer = ask(service.address(), &head, "");
            assert!(answer.contains("service_unavailable"), "{answer}");
            assert_none(&secrets, "an answer", &answer);
        }
        store.server().unwrap().restart().unwrap();
        assert!(service.log().contains("\"WARN\""), "nothing to warn of");
    });
}

/// What an operator sees after a mistake in the variable, the file or the command line.
#[test]
fn a_password_in_invalid_settings_is_not_printed() {
    let canary = Canary::new("the password", PASSWORD);
    let folder = tempfile::tempdir().unwrap();
    for url in [
        format!("postgres://wallet:{PASSWORD}@127.0.0.1:1/wallet"),
        format!("postgres://wallet:{PASSWORD}@127.0.0.1:1/wallet?password={PASSWORD}"),
        format!("host=127.0.0.1 port=1 user=wallet password={PASSWORD}"),
        format!("host=127.0.0.1 port=1 password='{PASSWORD}"),
        format!("host=127.0.0.1 port=1 nonsense=1 password = {PASSWORD}"),
        format!("mysql://wallet:{PASSWORD}@127.0.0.1:1/wallet"),
        format!("postgres:/wallet:{PASSWORD}@127.0.0.1:1/wallet"),
        format!("//wallet:{PASSWORD}@127.0.0.1/wallet"),
        format!("wallet:{PASSWORD}@127.0.0.1/wallet"),
    ] {
        let file = folder.path().join("wallet.toml");
        fs::write(&file, format!("db = \"{url}\"\ndb_retry_count = 1\n")).unwrap();
        let verbose = ["--log-level", "trace", "--db-retry-count", "1"];
        for launch in [
            Launch::new(verbose).environment("WALLET_DB", &url),
            Launch::new(verbose)
                .arg("--config")
                .arg(file.to_str().unwrap()),
            Launch::new(verbose).arg("--db").arg(&*url),
            Launch::new(["keys", "list", "--db", &url, "--db-retry-count", "1"]),
        ] {
            let ended = launch.run_to_end(PATIENCE).unwrap();
            assert!(!ended.status.success(), "{url}: {ended:?}");
            assert!(!ended.stderr.is_empty(), "{url}: {ended:?}");
            canary.is_not_in(&url, &ended.stderr);
            canary.is_not_in(&url, &ended.stdout);
        }
    }
}
