//! Fees, splits and exchange on the real binary: a bank of two currencies.

mod at_once;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bigdecimal::BigDecimal;
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_integration::books;
use wallet_integration::client::{Answer, Client, Replicas};
use wallet_integration::fund::{Funded, fund};
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use crate::bank::NO_DEADLOCKS;
use crate::demo::new_id;
use crate::holds::post;
use crate::load::{exclusive, opening_time};

const CURRENCIES: [&str; 2] = ["USD", "EUR"];
const CLIENTS: u64 = 8;
/// Of each currency.
const ACCOUNTS: usize = 6;
const OPENING_BALANCE: u32 = 200;
const LIQUIDITY: u32 = 500;
/// How long a client continues until it has done enough.
const PATIENCE: Duration = Duration::from_secs(150);
/// The minimum of each kind, without which the run proves nothing.
const EACH_MIN: usize = 10;
/// How often each client does each kind, however long that takes.
const EACH_OF_A_CLIENT: usize = 2;
/// The kinds of writes, and the refusal of a quote that two clients use.
const KINDS: [&str; 5] = [
    "transfers",
    "splits",
    "exchanges",
    "rates",
    "quote_already_used",
];

/// The refusals that this load provokes: others were first, or the money is elsewhere.
const CODES: [&str; 3] = [
    "insufficient_funds",
    "liquidity_not_available",
    "quote_already_used",
];

type Counts = BTreeMap<String, usize>;

#[test]
fn a_bank_of_two_currencies_on_sqlite_is_consistent() {
    let store = TestStore::sqlite();
    assert_consistent(&store, || [Service::start(&store).unwrap()]);
}

#[test]
fn a_bank_of_two_currencies_and_two_replicas_on_postgresql_is_consistent() {
    let store = TestStore::postgres();
    assert_consistent(&store, || [1, 2].map(|_| Service::start(&store).unwrap()));
}

/// Runs the bank on these replicas, started after the accounts are funded.
pub(super) fn assert_consistent<const N: usize>(
    store: &TestStore,
    replicas: impl FnOnce() -> [Service; N],
) {
    let _turn = exclusive();
    let accounts = CURRENCIES.map(|currency_code| {
        let ids: Vec<Uuid> = (0..ACCOUNTS).map(|_| Uuid::now_v7()).collect();
        let funded = |&id: &Uuid| Funded {
            id,
            currency_code,
            balance: OPENING_BALANCE.into(),
        };
        fund(store, ids.iter().map(funded)).unwrap();
        ids
    });
    let services = replicas();
    let addresses: Vec<_> = services.iter().map(Service::address).collect();
    let replicas = Replicas::new(&addresses);
    let mut client = Client::new(&replicas);
    make_exchange(&mut client);

    let counts = run(&replicas, &accounts);
    println!("{counts:?}");
    for done in KINDS {
        let count = counts.get(done).copied().unwrap_or_default();
        assert!(count >= EACH_MIN, "{done}: {counts:?}");
    }
    let spread = client.get("/v1/transfers?type=spread&limit=100").unwrap();
    let spread = spread.json()["data"].as_array().unwrap().len();
    assert!(spread >= EACH_MIN, "{spread} exchanges had a spread");
    for service in services {
        service.stop().unwrap();
    }
    if store.file().is_none() {
        store.run_sql(NO_DEADLOCKS).unwrap();
    }
    // Proves that each currency adds up to deposits minus withdrawals, and that no balance is
    // negative.
    books::prove(store).unwrap();
}

/// Sets the first rate, and funds the liquidity accounts.
pub(super) fn make_exchange(client: &mut Client) {
    let answer = post(client, "/v1/rates", &rate("1.08", "1.1"));
    assert_eq!(answer.status, 201, "{answer:?}");
    for currency in CURRENCIES {
        let account = client.get(&format!("/v1/currencies/{currency}")).unwrap();
        let deposit = json!({
            "id": new_id(), "account_id": account.json()["liquidity_account_id"],
            "amount": LIQUIDITY.to_string(), "currency_code": currency,
        });
        let answer = post(client, "/v1/deposits", &deposit);
        assert_eq!(answer.status, 201, "{answer:?}");
    }
}

fn rate(bid: &str, ask: &str) -> Value {
    json!({
        "id": new_id(), "base_currency_code": "EUR", "counter_currency_code": "USD",
        "bid": bid, "ask": ask,
    })
}

/// Runs the clients for a while, together with readers.
fn run(replicas: &Replicas, accounts: &[Vec<Uuid>; 2]) -> Counts {
    let is_done = AtomicBool::new(false);
    let mut counts = Counts::new();
    thread::scope(|scope| {
        let readers = [0, 1].map(|_| scope.spawn(|| read_until(replicas, &is_done)));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|seed| scope.spawn(move || client(seed, replicas, accounts)))
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
fn client(seed: u64, replicas: &Replicas, accounts: &[Vec<Uuid>; 2]) -> Counts {
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
        let (path, body) = match random.u8(..10) {
            0..3 => ("/v1/transfers", with_fee(&mut random, accounts)),
            3..5 => ("/v1/splits", split(&mut random, accounts)),
            5 => {
                let price = random.u32(105..115);
                let (bid, ask) = (
                    format!("1.{price}"),
                    format!("1.{}", price + random.u32(..3)),
                );
                ("/v1/rates", rate(&bid, &ask))
            }
            _ => {
                let exchange = exchange(&mut random, &mut client, accounts);
                if random.u8(..3) == 0 {
                    // Another exchange uses the same quote, on another replica.
                    let mut rival = exchange.clone();
                    rival["id"] = json!(new_id());
                    count(
                        &mut counts,
                        "/v1/exchanges",
                        &rival,
                        &post(&mut client, "/v1/exchanges", &rival),
                    );
                }
                ("/v1/exchanges", exchange)
            }
        };
        let answer = post(&mut client, path, &body);
        count(&mut counts, path, &body, &answer);
        if answer.status == 201 && random.u8(..10) == 0 {
            let again = post(&mut client, path, &body);
            assert!(again.is_replay, "{path} {body}: {again:?}");
            assert_eq!(again.text, answer.text);
        }
    }
    counts
}

fn count(counts: &mut Counts, path: &str, body: &Value, answer: &Answer) {
    let counted = match answer.status {
        201 => path.rsplit('/').next().unwrap().to_owned(),
        422 => answer.json()["code"].as_str().unwrap().to_owned(),
        _ => panic!("{path} {body}: {answer:?}"),
    };
    let is_expected = answer.status == 201 || CODES.contains(&&*counted);
    assert!(is_expected, "{path} {body}: {answer:?}");
    *counts.entry(counted).or_default() += 1;
}

fn money(random: &mut fastrand::Rng, max: u64) -> String {
    BigDecimal::new(random.u64(1..max).into(), 2).to_plain_string()
}

/// Three different accounts of one currency.
fn three(random: &mut fastrand::Rng, accounts: &[Vec<Uuid>; 2]) -> (&'static str, [String; 3]) {
    let currency = random.usize(..2);
    let first = random.usize(..ACCOUNTS);
    let step = random.usize(1..ACCOUNTS - 1);
    let places = [first, first + step, first + step + 1];
    let ids = places.map(|place| accounts[currency][place % ACCOUNTS].to_string());
    (CURRENCIES[currency], ids)
}

fn with_fee(random: &mut fastrand::Rng, accounts: &[Vec<Uuid>; 2]) -> Value {
    let (currency, [sender, receiver, collector]) = three(random, accounts);
    let fee = match random.bool() {
        true => json!({"account_id": collector, "basis_points": random.u32(..500)}),
        false => json!({"account_id": collector, "amount": "0.01"}),
    };
    json!({
        "id": new_id(), "sender_account_id": sender, "receiver_account_id": receiver,
        "amount": money(random, 80_00), "currency_code": currency, "fee": fee,
    })
}

fn split(random: &mut fastrand::Rng, accounts: &[Vec<Uuid>; 2]) -> Value {
    let (currency, [sender, one, other]) = three(random, accounts);
    let mut share = || random.u32(1..10);
    let receivers = json!([
        {"account_id": one, "share": share()}, {"account_id": other, "share": share()},
    ]);
    let whole = BigDecimal::new(random.u64(100..90_00).into(), 2).to_plain_string();
    json!({
        "id": new_id(), "sender_account_id": sender, "currency_code": currency, "amount": whole,
        "receivers": receivers,
    })
}

/// Requests a quote; returns the exchange that uses it.
fn exchange(random: &mut fastrand::Rng, client: &mut Client, accounts: &[Vec<Uuid>; 2]) -> Value {
    let sell = random.usize(..2);
    let mut account = |currency: usize| accounts[currency][random.usize(..ACCOUNTS)].to_string();
    let (sender, receiver) = (account(sell), account(1 - sell));
    let fixed = if random.bool() {
        "sell_amount"
    } else {
        "buy_amount"
    };
    let quote = json!({
        "id": new_id(), "sell_currency_code": CURRENCIES[sell],
        "buy_currency_code": CURRENCIES[1 - sell],
        fixed: BigDecimal::new(random.u64(10..40_00).into(), 2).to_plain_string(),
    });
    let answer = post(client, "/v1/quotes", &quote);
    assert_eq!(answer.status, 201, "{quote}: {answer:?}");
    json!({
        "id": new_id(), "quote_id": quote["id"], "sender_account_id": sender,
        "receiver_account_id": receiver,
    })
}

/// Reads all accounts repeatedly, and adds up each currency; returns the number of reads.
fn read_until(replicas: &Replicas, is_done: &AtomicBool) -> usize {
    let mut client = Client::new(replicas);
    let number =
        |account: &Value| -> BigDecimal { account["balance"].as_str().unwrap().parse().unwrap() };
    let all = BigDecimal::from(OPENING_BALANCE * ACCOUNTS as u32 + LIQUIDITY);
    let mut reads = 0;
    while !is_done.load(Ordering::SeqCst) || reads < EACH_MIN {
        let page = client.get("/v1/accounts?limit=100").unwrap().json();
        for currency in CURRENCIES {
            let accounts = page["data"].as_array().unwrap().iter();
            let of_currency = accounts.filter(|it| it["currency_code"] == currency);
            let sum: BigDecimal = of_currency.map(number).sum();
            assert_eq!(sum, all, "{currency}: {page}");
        }
        reads += 1;
        thread::sleep(Duration::from_millis(20));
    }
    reads
}
