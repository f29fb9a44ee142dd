//! Access keys, end to end: the command creates, lists and revokes them while the service runs, the
//! service requires them wherever others can reach it, and they are rotated without a pause.
//!
//! Tests in `crates/http` cover which scope each route needs; these cover what needs the real
//! binary.

mod limited;

use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wallet_integration::client::{Answer, Client, Replicas};
use wallet_integration::service::{Ended, Launch, Service};
use wallet_integration::store::TestStore;

use crate::demo::{POOR_USD, RICH_USD, new_id};

each_store!(
    the_command_creates_lists_and_revokes_keys_while_the_service_runs,
    a_key_allows_what_its_scopes_say_and_nothing_else,
    an_expired_key_is_refused,
    a_second_key_of_a_name_continues_where_the_first_one_ends,
    a_key_is_required_only_where_other_machines_can_reach_the_service,
    disabling_authentication_needs_a_flag_and_logs_a_warning,
);

const PATIENCE: Duration = Duration::from_secs(30);

/// The documented limit: this long after the command, every replica refuses a revoked key.
const REVOKED_WITHIN: Duration = Duration::from_secs(5);

/// A service with the demo accounts that requires keys, although it listens on the loopback
/// interface.
pub(crate) fn guarded(store: &TestStore) -> Launch {
    Launch::on(store).arg("--demo").arg("--auth").arg("keys")
}

/// Runs `wallet-api keys` on a store, with these arguments.
pub(crate) fn keys(store: &TestStore, words: &str) -> Ended {
    let launch = Launch::new(["keys"].into_iter().chain(words.split_whitespace()));
    let flags = store.flags_without_migration().into_iter();
    let launch = flags.fold(launch, Launch::arg);
    launch.run_to_end(PATIENCE).unwrap()
}

/// Creates a key; returns its token.
pub(crate) fn create_key(store: &TestStore, words: &str) -> String {
    let ended = keys(store, &format!("create {words}"));
    assert!(ended.status.success(), "{ended:?}");
    let token = ended.stdout.trim().to_owned();
    assert!(token.starts_with("wallet_"), "{ended:?}");
    assert!(!ended.stderr.contains(&token), "{ended:?}");
    token
}

/// The part of a token that is not secret.
pub(crate) fn prefix(token: &str) -> &str {
    token.split('_').nth(1).unwrap()
}

fn revoke(store: &TestStore, token: &str) {
    let ended = keys(store, &format!("revoke {}", prefix(token)));
    assert!(ended.status.success(), "{ended:?}");
}

fn client(address: SocketAddr, token: &str) -> Client {
    Client::new(&Replicas::new(&[address])).with_token(token)
}

fn post(client: &mut Client, path: &str, body: &Value) -> Answer {
    let body = body.to_string();
    client.post(path, "application/json", &body).unwrap()
}

fn transfer() -> Value {
    json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": "1", "currency_code": "USD",
    })
}

/// Waits until every replica refuses the key.
pub(crate) fn wait_until_refused(replicas: &[&Service], token: &str) {
    let deadline = Instant::now() + REVOKED_WITHIN;
    for replica in replicas {
        let mut client = client(replica.address(), token);
        loop {
            // The guarantee is about when a request is sent; its answer may be slow.
            let asked = Instant::now();
            let answer = client.get("/v1/accounts").unwrap();
            if answer.status == 401 {
                let detail = answer.json()["detail"].clone();
                assert_eq!(detail, "the key was revoked", "{answer:?}");
                break;
            }
            assert_eq!(answer.status, 200, "{answer:?}");
            assert!(asked < deadline, "still let in");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn no_command_about_keys_creates_a_ledger() {
    let store = TestStore::sqlite();
    for words in [
        "create --name shop --scope read",
        "list",
        "revoke 000000000000",
    ] {
        let ended = keys(&store, words);
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
        let why = "no such ledger file";
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
        assert!(!store.file().unwrap().exists(), "{words}");
    }
}

/// If the refused open ended the locks of the first one, the command would take the ledger for
/// unused, and remove the log that the first one still writes to.
#[test]
fn a_refused_open_leaves_the_locks_of_a_ledger_that_the_same_process_has_open() {
    let store = TestStore::sqlite();
    let ledger = store.open().unwrap();
    let file = store.file().unwrap();
    assert!(is_locked(file));
    let refused = store.open().err().unwrap();
    assert!(format!("{refused:#}").contains("in use"), "{refused:#}");
    assert!(is_locked(file));
    create_key(&store, "--name shop --scope read");
    assert_eq!(ledger.keys().access_keys().unwrap().len(), 1);
}

/// Whether a process has a lock of SQLite's kind on a file, by the list of the system.
fn is_locked(file: &Path) -> bool {
    let inode = format!(":{} ", std::fs::metadata(file).unwrap().ino());
    let locks = std::fs::read_to_string("/proc/locks").unwrap();
    let mut of_file = locks.lines().filter(|line| line.contains(&inode));
    of_file.any(|line| line.contains("POSIX"))
}

fn the_command_creates_lists_and_revokes_keys_while_the_service_runs(store: &TestStore) {
    let service = guarded(store).start().unwrap();
    let shop = create_key(store, "--name shop --scope read,transfer");
    let till = create_key(store, "--name till --scope transfer --expires-in 30days");
    let listed = keys(store, "list").stdout;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 2, "{listed}");
    let expected = [
        format!("key {}, name till, scope transfer", prefix(&till)),
        format!("key {}, name shop, scope read,transfer", prefix(&shop)),
    ];
    for (line, expected) in lines.iter().zip(&expected) {
        assert!(line.starts_with(expected), "{listed}");
    }
    assert!(lines[0].contains(", expires 2"), "{listed}");
    for token in [&shop, &till] {
        let secret = token.rsplit('_').next().unwrap();
        assert!(!listed.contains(secret), "{listed}");
    }

    let mut shopping = client(service.address(), &shop);
    assert_eq!(shopping.get("/v1/accounts").unwrap().status, 200);
    revoke(store, &shop);
    wait_until_refused(&[&service], &shop);
    let listed = keys(store, "list").stdout;
    assert!(listed.lines().nth(1).unwrap().contains(", revoked 2"));
    assert_eq!(listed.matches("revoked").count(), 1, "{listed}");

    let ended = keys(store, "revoke 000000000000");
    assert!(!ended.status.success(), "{ended:?}");
    let expected = "there is no key 000000000000";
    assert!(ended.stderr.contains(expected), "{ended:?}");
    for (words, expected) in [
        ("create --name shop --scope all", "--scope = all"),
        ("create --name sh/op --scope read", "--name = sh/op"),
        (
            "create --name shop --scope read --expires-in soon",
            "--expires-in = soon",
        ),
    ] {
        let ended = keys(store, words);
        assert!(!ended.status.success(), "{ended:?}");
        assert!(ended.stderr.contains(expected), "{ended:?}");
    }
    service.stop().unwrap();
}

fn a_key_allows_what_its_scopes_say_and_nothing_else(store: &TestStore) {
    let service = guarded(store).start().unwrap();
    let [reads, moves, runs] = ["read", "transfer", "operate"]
        .map(|scope| create_key(store, &format!("--name {scope} --scope {scope}")));
    let unknown = format!("wallet_{}_{}", "0".repeat(12), "0".repeat(64));
    let altered = match reads.strip_suffix('0') {
        Some(start) => format!("{start}1"),
        None => format!("{}0", &reads[..reads.len() - 1]),
    };
    let currency = || json!({"code": "XTS", "precision": 2});
    // Reading, moving money, and running the ledger; reading and moving money on the classic
    // routes.
    for (token, expected) in [
        (None, [401; 5]),
        (Some("wallet"), [401; 5]),
        (Some(&*unknown), [401; 5]),
        (Some(&*altered), [401; 5]),
        (Some(&*reads), [200, 403, 403, 200, 403]),
        (Some(&*moves), [403, 201, 403, 403, 200]),
        (Some(&*runs), [403, 403, 201, 403, 403]),
    ] {
        let mut client = service.client();
        if let Some(token) = token {
            client = client.with_token(token);
        }
        let answers = [
            client.get("/v1/accounts").unwrap(),
            post(&mut client, "/v1/transfers", &transfer()),
            post(&mut client, "/v1/currencies", &currency()),
            client.get("/accounts/").unwrap(),
            client.post_transfer(&transfer()).unwrap(),
        ];
        assert_eq!(answers.each_ref().map(|it| it.status), expected);
        for answer in answers {
            let code = match answer.status {
                401 => "unauthorized",
                403 => "forbidden",
                _ => continue,
            };
            assert!(answer.text.contains(code), "{answer:?}");
        }
    }
    // An orchestrator has no key.
    let mut anonymous = service.client();
    assert_eq!(anonymous.get("/healthz").unwrap().status, 200);
    assert_eq!(anonymous.get("/readyz").unwrap().status, 200);
    service.stop().unwrap();
}

fn an_expired_key_is_refused(store: &TestStore) {
    let service = guarded(store).start().unwrap();
    let life = Duration::from_secs(3);
    let begun = Instant::now();
    let token = create_key(store, "--name brief --scope read --expires-in 3s");
    let made = Instant::now();
    let mut brief = client(service.address(), &token);
    loop {
        let asked = Instant::now();
        let answer = brief.get("/v1/accounts").unwrap();
        if answer.status == 401 {
            assert_eq!(answer.json()["detail"], "the key has expired");
            assert!(begun.elapsed() >= life, "refused before its end");
            break;
        }
        assert_eq!(answer.status, 200, "{answer:?}");
        // Some timestamps have a resolution of one second.
        assert!(asked < made + life + Duration::from_secs(1), "{answer:?}");
        thread::sleep(Duration::from_millis(20));
    }
    assert!(keys(store, "list").stdout.contains(", expired 2"));
    service.stop().unwrap();
}

fn a_second_key_of_a_name_continues_where_the_first_one_ends(store: &TestStore) {
    let service = guarded(store).start().unwrap();
    let first = create_key(store, "--name shop --scope read,transfer");
    let body = transfer();
    let mut old = client(service.address(), &first);
    let booked = post(&mut old, "/v1/transfers", &body);
    assert_eq!(booked.status, 201, "{booked:?}");
    assert_eq!(booked.json()["created_by"], "shop");

    let second = create_key(store, "--name shop --scope read,transfer");
    let mut new = client(service.address(), &second);
    for time in ["both keys are there", "the first one is revoked"] {
        let again = post(&mut new, "/v1/transfers", &body);
        assert_eq!((again.status, again.is_replay), (201, true), "{time}");
        assert_eq!(again.text, booked.text, "{time}");
        let path = format!("/v1/transfers/{}", body["id"].as_str().unwrap());
        let read = new.get(&path).unwrap().json();
        assert_eq!(read["created_by"], "shop", "{time}");
        revoke(store, &first);
        wait_until_refused(&[&service], &first);
    }
    // A repetition by another caller reveals nothing.
    let till = create_key(store, "--name till --scope transfer");
    let other = post(
        &mut client(service.address(), &till),
        "/v1/transfers",
        &body,
    );
    assert_eq!(other.status, 409, "{other:?}");
    assert_eq!(other.json()["code"], "id_already_used");
    assert!(!other.text.contains(RICH_USD), "{other:?}");
    service.stop().unwrap();
}

/// A service that other machines could reach, on a free port, with these flags.
fn reachable(store: &TestStore, flags: &[&str]) -> Service {
    let launch = Launch::new(["--host", "0.0.0.0", "--port", "0"]);
    let launch = store.flags().into_iter().fold(launch, Launch::arg);
    let launch = flags.iter().fold(launch, |launch, flag| launch.arg(*flag));
    launch.start().unwrap()
}

fn a_key_is_required_only_where_other_machines_can_reach_the_service(store: &TestStore) {
    let service = reachable(store, &[]);
    let local = SocketAddr::from(([127, 0, 0, 1], service.address().port()));
    let mut anonymous = Client::new(&Replicas::new(&[local]));
    for path in ["/v1/accounts", "/accounts/"] {
        assert_eq!(anonymous.get(path).unwrap().status, 401, "{path}");
    }
    let token = create_key(store, "--name shop --scope read");
    let answer = client(local, &token).get("/v1/accounts").unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    service.stop().unwrap();

    let service = Service::start(store).unwrap();
    assert_eq!(service.client().get("/v1/accounts").unwrap().status, 200);
    assert!(!service.log().contains("--auth off"), "{}", service.log());
    service.stop().unwrap();
}

fn disabling_authentication_needs_a_flag_and_logs_a_warning(store: &TestStore) {
    let service = reachable(store, &["--auth", "off"]);
    let local = SocketAddr::from(([127, 0, 0, 1], service.address().port()));
    let mut anonymous = Client::new(&Replicas::new(&[local]));
    assert_eq!(anonymous.get("/v1/accounts").unwrap().status, 200);
    let log = service.log();
    let warning = log.lines().find(|line| line.contains("--auth off"));
    let warning = warning.unwrap_or_else(|| panic!("no warning: {log}"));
    assert!(warning.contains("\"WARN\""), "{warning}");
    assert!(warning.contains("move all money"), "{warning}");
    service.stop().unwrap();
}

#[test]
fn two_replicas_refuse_a_revoked_key_in_time() {
    let store = TestStore::postgres();
    let replicas = [(); 2].map(|()| guarded(&store).start().unwrap());
    let token = create_key(&store, "--name shop --scope read");
    let mut clients = replicas
        .each_ref()
        .map(|replica| client(replica.address(), &token));
    // Both cache the key just before it is revoked.
    for client in &mut clients {
        assert_eq!(client.get("/v1/accounts").unwrap().status, 200);
    }
    revoke(&store, &token);
    wait_until_refused(&replicas.each_ref(), &token);
    for client in &mut clients {
        assert_eq!(client.get("/v1/accounts").unwrap().status, 401);
    }
}
