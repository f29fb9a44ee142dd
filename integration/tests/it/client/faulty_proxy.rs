//! Payments over a line that loses, cuts, delays and doubles requests and answers.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use bigdecimal::BigDecimal;
use futures_util::TryStreamExt as _;
use tokio::task::JoinSet;
use uuid::Uuid;
use wallet_client::{
    Client, ClientOptions, Money, NewTransfer, NewVerification, TransferFilter, Verification,
    VerificationStatus,
};
use wallet_integration::books;
use wallet_integration::faulty_proxy::{Fault, FaultRates, FaultyProxy};
use wallet_integration::fund::{Funded, fund};
use wallet_integration::judged_line::JudgedLine;
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use super::{PATIENCE, client, run};
use crate::load::exclusive;

each_store!(ten_thousand_payments_over_a_bad_line_are_each_done_once);

const PAYMENTS: usize = 10_000;
/// How many are on their way at once.
const AT_ONCE: usize = 32;
const ACCOUNTS: usize = 20;
/// The opening balance of each account: no payment is refused.
const OPENING_BALANCE: u32 = 1_000_000;
const CENTS_MAX: u64 = 10_000;
/// The most time for an attempt. An answer that is late comes after it.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(1);

const BADNESS: FaultRates = FaultRates {
    each_per_mille: 15,
    late: Duration::from_millis(1_200),
    seed: 7,
};

/// How many requests have each fault at least: half of those to expect.
const FAULTS_MIN: usize = PAYMENTS * 15 / 1000 / 2;

fn ten_thousand_payments_over_a_bad_line_are_each_done_once(store: &TestStore) {
    let _turn = exclusive();
    let accounts: Vec<Uuid> = (0..ACCOUNTS).map(|_| Uuid::now_v7()).collect();
    let funded = |&id: &Uuid| Funded {
        id,
        currency_code: "USD",
        balance: OPENING_BALANCE.into(),
    };
    fund(store, accounts.iter().map(funded)).unwrap();
    let before = books::prove(store).unwrap().transfer_ids;

    let service = Service::start(store).unwrap();
    let judged = JudgedLine::start(service.address()).unwrap();
    let line = FaultyProxy::start(judged.address(), BADNESS).unwrap();
    let payments = payments(&accounts);
    let replays = run(pay(&client_over(&line), payments.clone()));
    for fault in Fault::ALL {
        let count = line.faults(fault);
        assert!(
            count >= FAULTS_MIN,
            "{fault:?}: {count} of {}",
            line.requests()
        );
    }
    // A write of which the answer was lost is a replay when it is answered.
    assert!(replays >= FAULTS_MIN, "{replays} replays");

    run(judge(&client(&judged), &payments, before.len()));
    assert!(judged.assert_right() >= PAYMENTS);
    service.stop().unwrap();
    let proved = books::prove(store).unwrap();
    let ids = payments.iter().map(|payment| payment.id);
    let expected: HashSet<Uuid> = ids.chain(before).collect();
    assert_eq!(proved.transfer_ids, expected);
    let balances = balances_after(&payments);
    for account in proved.accounts {
        assert_eq!(account.balance, balances[&account.id], "{}", account.id);
    }
}

fn client_over(line: &FaultyProxy) -> Client {
    let mut options = ClientOptions::default();
    options.attempt_timeout = ATTEMPT_TIMEOUT;
    options.retry.attempts_max = 50;
    options.retry.time_max = PATIENCE;
    options.retry.wait_first = Duration::from_millis(4);
    options.retry.wait_max = Duration::from_millis(200);
    Client::new(&format!("http://{}", line.address()), options).unwrap()
}

/// Payments of random amounts between random accounts.
fn payments(accounts: &[Uuid]) -> Vec<NewTransfer> {
    let mut random = fastrand::Rng::with_seed(11);
    let payment = |_| {
        let sender = random.usize(..accounts.len());
        let receiver = (sender + random.usize(1..accounts.len())) % accounts.len();
        let cents = BigDecimal::new(random.u64(1..CENTS_MAX).into(), 2);
        NewTransfer::new(accounts[sender], accounts[receiver], cents.into(), "USD")
    };
    (0..PAYMENTS).map(payment).collect()
}

/// Sends all of them; returns how many of the answers were those of replays.
async fn pay(client: &Client, payments: Vec<NewTransfer>) -> usize {
    let mut workers = JoinSet::new();
    for share in payments.chunks(payments.len().div_ceil(AT_ONCE)) {
        let (client, share) = (client.clone(), share.to_vec());
        workers.spawn(async move {
            let mut replays = 0;
            for payment in share {
                let written = client.transfer(&payment).await.unwrap();
                let made = written.value;
                assert_eq!((made.id, &made.amount), (payment.id, &payment.amount));
                assert_eq!(made.parts[0].account_id, payment.sender_account_id);
                assert_eq!(made.parts[1].account_id, payment.receiver_account_id);
                replays += usize::from(written.is_replay);
            }
            replays
        });
    }
    workers.join_all().await.into_iter().sum()
}

/// Compares what the service says with what was paid, and lets it prove its books.
async fn judge(client: &Client, payments: &[NewTransfer], before: usize) {
    let transfers = client.transfers(TransferFilter::default()).items();
    let listed: Vec<Uuid> = transfers.map_ok(|it| it.id).try_collect().await.unwrap();
    assert_eq!(listed.len(), payments.len() + before);
    let listed: HashSet<Uuid> = listed.into_iter().collect();
    assert_eq!(listed.len(), payments.len() + before);
    assert!(payments.iter().all(|payment| listed.contains(&payment.id)));

    for (id, balance) in balances_after(payments) {
        let account = client.read_account(id).await.unwrap();
        assert_eq!(account.balance, Money::from(balance), "{id}");
    }
    let proof = verified(client).await;
    assert_eq!(proof.status, VerificationStatus::Passed, "{proof:?}");
    assert!(proof.head.is_some());
}

/// Starts a verification and waits for its end.
pub(super) async fn verified(client: &Client) -> Verification {
    let new = NewVerification::new();
    let mut proof = client.start_verification(&new).await.unwrap().value;
    while proof.status == VerificationStatus::Running {
        tokio::time::sleep(Duration::from_millis(20)).await;
        proof = client.read_verification(new.id).await.unwrap();
    }
    proof
}

fn balances_after(payments: &[NewTransfer]) -> BTreeMap<Uuid, BigDecimal> {
    let mut balances = BTreeMap::new();
    for payment in payments {
        let amount = payment.amount.as_decimal();
        let sides = [
            (payment.sender_account_id, -amount),
            (payment.receiver_account_id, amount.clone()),
        ];
        for (id, change) in sides {
            let balance = balances.entry(id);
            *balance.or_insert_with(|| OPENING_BALANCE.into()) += change;
        }
    }
    balances
}
