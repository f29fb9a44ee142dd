//! The bank with holds: few accounts, many clients that pay, place, capture, increase and void at
//! random, holds that expire, and readers that check that the total amount of money never changes.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use bigdecimal::BigDecimal;
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_integration::books::Ledger;
use wallet_integration::client::{Client, Replicas};
use wallet_integration::fund::{Funded, fund};
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use super::post;
use crate::bank::NO_DEADLOCKS;
use crate::demo::new_id;
use crate::load::{exclusive, opening_time};

const CLIENTS: u64 = 8;
const ACCOUNTS: usize = 10;
/// What each account has in the beginning.
const OPENING_BALANCE: u32 = 100;
/// How long a client continues until it has done enough.
const PATIENCE: Duration = Duration::from_secs(150);
/// The minimum of each kind, without which the run proves nothing.
const EACH_MIN: usize = 10;
/// How often each client does each kind, however long that takes.
const EACH_OF_A_CLIENT: usize = 2;

/// The kinds of writes.
const KINDS: [&str; 5] = ["transfers", "holds", "captures", "increases", "voids"];

/// The refusals that this load provokes: others were first, or the hold has expired.
const CODES: [&str; 5] = [
    "insufficient_funds",
    "capture_exceeds_hold",
    "hold_already_captured",
    "hold_already_voided",
    "hold_expired",
];

/// How often what was done, by path or code.
type Counts = BTreeMap<String, usize>;

#[test]
fn a_bank_with_holds_on_sqlite_is_consistent() {
    assert_consistent(&TestStore::sqlite(), 1);
}

#[test]
fn a_bank_with_holds_and_two_replicas_on_postgresql_is_consistent() {
    assert_consistent(&TestStore::postgres(), 2);
}

fn assert_consistent(store: &TestStore, replicas: usize) {
    let _turn = exclusive();
    let accounts: Vec<Uuid> = (0..ACCOUNTS).map(|_| Uuid::now_v7()).collect();
    let funded = |&id: &Uuid| Funded {
        id,
        currency_code: "USD",
        balance: OPENING_BALANCE.into(),
    };
    fund(store, accounts.iter().map(funded)).unwrap();
    let services: Vec<_> = (0..replicas)
        .map(|_| Service::start(store).unwrap())
        .collect();
    let addresses: Vec<_> = services.iter().map(Service::address).collect();
    let replicas = Replicas::new(&addresses);

    let counts = run(&replicas, &accounts);
    println!("{counts:?}");
    for done in KINDS {
        assert!(
            counts.get(done).is_some_and(|it| *it >= EACH_MIN),
            "{done}: {counts:?}"
        );
    }
    let mut client = Client::new(&replicas);
    wait_until_nothing_is_due(&mut client);
    let expired = client.get("/v1/transfers?type=expire&limit=100").unwrap();
    let expired = expired.json()["data"].as_array().unwrap().len();
    assert!(expired >= EACH_MIN, "{expired} holds ended by themselves");

    for service in services {
        service.stop().unwrap();
    }
    if store.file().is_none() {
        store.run_sql(NO_DEADLOCKS).unwrap();
    }
    // Proves that the held amounts match the open holds, that versions are dense, and that no
    // balance is negative.
    let ledger = Ledger::load(store).unwrap();
    let sum: BigDecimal = ledger.accounts.iter().map(|it| &it.balance).sum();
    assert_eq!(sum, all_money());
}

fn all_money() -> BigDecimal {
    (OPENING_BALANCE * ACCOUNTS as u32).into()
}

/// Runs the clients for a while, and one reader for every two of them.
fn run(replicas: &Replicas, accounts: &[Uuid]) -> Counts {
    let is_done = AtomicBool::new(false);
    let holds = Mutex::new(Vec::new());
    let mut counts = Counts::new();
    thread::scope(|scope| {
        let readers = [0, 1].map(|_| scope.spawn(|| read_until(replicas, &is_done)));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|seed| {
                let holds = &holds;
                scope.spawn(move || client(seed, replicas, accounts, holds))
            })
            .collect();
        let ended: Vec<_> = clients.into_iter().map(|client| client.join()).collect();
        // The readers must end even if a client failed, or the test would hang.
        is_done.store(true, Ordering::SeqCst);
        for one in ended {
            for (name, count) in one.unwrap() {
                *counts.entry(name).or_default() += count;
            }
        }
        for reader in readers {
            assert!(reader.join().unwrap() >= EACH_MIN, "too few reads");
        }
    });
    counts
}

/// One client: random writes, some of them twice, on either replica.
fn client(seed: u64, replicas: &Replicas, accounts: &[Uuid], holds: &Mutex<Vec<String>>) -> Counts {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut client = Client::new(replicas);
    let mut counts = Counts::new();
    let end = Instant::now() + opening_time();
    let enough = |counts: &Counts| {
        let of = |kind| counts.get(kind).copied().unwrap_or_default();
        KINDS.iter().all(|&kind| of(kind) >= EACH_OF_A_CLIENT)
    };
    while Instant::now() < end || !enough(&counts) {
        assert!(Instant::now() < end + PATIENCE, "{counts:?}");
        let (path, body) = write(&mut random, accounts, holds);
        let answer = post(&mut client, &path, &body);
        let what = path.rsplit('/').next().unwrap();
        let counted = match answer.status {
            201 => what.to_owned(),
            422 => answer.json()["code"].as_str().unwrap().to_owned(),
            _ => panic!("{path} {body}: {answer:?}"),
        };
        assert!(
            answer.status == 201 || CODES.contains(&&*counted),
            "{path} {body}: {answer:?}"
        );
        if answer.status == 201 {
            if what == "holds" {
                let id = body["id"].as_str().unwrap().to_owned();
                holds.lock().unwrap().push(id);
            }
            if random.u8(..10) == 0 {
                let again = post(&mut client, &path, &body);
                assert!(again.is_replay, "{path} {body}: {again:?}");
                assert_eq!(again.text, answer.text);
            }
        }
        *counts.entry(counted).or_default() += 1;
    }
    counts
}

/// A random write.
fn write(
    random: &mut fastrand::Rng,
    accounts: &[Uuid],
    holds: &Mutex<Vec<String>>,
) -> (String, Value) {
    let cents = |random: &mut fastrand::Rng, max: u64| {
        BigDecimal::new(random.u64(1..max).into(), 2).to_plain_string()
    };
    let kind = random.u8(..10);
    let known = {
        // A recent one: older holds have expired.
        let holds = holds.lock().unwrap();
        let from = holds.len().saturating_sub(30);
        (from < holds.len()).then(|| holds[random.usize(from..holds.len())].clone())
    };
    if let (7.., Some(hold)) = (kind, known) {
        let (what, body) = match random.u8(..10) {
            0..4 => (
                "captures",
                json!({"amount": cents(random, 20_00), "final": random.u8(..4) == 0}),
            ),
            4..6 => ("captures", json!({})),
            6..8 => ("increases", json!({"amount": cents(random, 5_00)})),
            _ => ("voids", json!({})),
        };
        let mut body = body;
        body["id"] = json!(new_id());
        return (format!("/v1/holds/{hold}/{what}"), body);
    }
    let first = random.usize(..ACCOUNTS);
    let second = (first + random.usize(1..ACCOUNTS)) % ACCOUNTS;
    let mut body = json!({
        "id": new_id(), "sender_account_id": accounts[first].to_string(),
        "receiver_account_id": accounts[second].to_string(),
        "amount": cents(random, 40_00), "currency_code": "USD",
    });
    if kind < 4 {
        return ("/v1/transfers".to_owned(), body);
    }
    // Most expire soon, so that money does not stay held; captures and voids end the others.
    if random.u8(..8) > 0 {
        let time = Duration::from_millis(random.u64(200..1_500));
        let end = humantime::format_rfc3339_micros(SystemTime::now() + time);
        body["expires_at"] = json!(end.to_string());
    }
    ("/v1/holds".to_owned(), body)
}

/// Reads all accounts repeatedly; returns the number of reads.
fn read_until(replicas: &Replicas, is_done: &AtomicBool) -> usize {
    let mut client = Client::new(replicas);
    let number = |account: &Value, field: &str| -> BigDecimal {
        account[field].as_str().unwrap().parse().unwrap()
    };
    let mut reads = 0;
    while !is_done.load(Ordering::SeqCst) || reads < EACH_MIN {
        let page = client.get("/v1/accounts?limit=100").unwrap().json();
        let accounts = page["data"].as_array().unwrap();
        assert_eq!(accounts.len(), ACCOUNTS);
        let sum: BigDecimal = accounts.iter().map(|it| number(it, "balance")).sum();
        assert_eq!(sum, all_money(), "{page}");
        for account in accounts {
            let (balance, available) = (
                number(account, "balance"),
                number(account, "available_balance"),
            );
            assert!(
                available >= BigDecimal::default() && available <= balance,
                "{account}"
            );
        }
        reads += 1;
        thread::sleep(Duration::from_millis(20));
    }
    reads
}

/// Waits until the service has released every expired hold, so that only clients can release the
/// rest.
fn wait_until_nothing_is_due(client: &mut Client) {
    let given_up = Instant::now() + PATIENCE;
    loop {
        let open = client
            .get("/v1/holds?status=open&limit=100")
            .unwrap()
            .json();
        let open = open["data"].as_array().unwrap().clone();
        if open.iter().all(|hold| hold["expires_at"].is_null()) {
            return;
        }
        assert!(Instant::now() < given_up, "{open:?}");
        thread::sleep(Duration::from_millis(50));
    }
}
