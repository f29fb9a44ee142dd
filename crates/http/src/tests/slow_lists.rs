//! Lists that are slow keep no write waiting: neither the look-up of its key, nor those of what it
//! names.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::json;
use uuid::Uuid;
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::{NOW, access_key, deposit, hold, open, token};
use wallet_domain::{
    AccessKey, AccessKeys as _, Account, AccountFilter, AccountId, Actor, Amount, ChainEnd,
    ChainLink, Currency, CurrencyPair, DescribedHold, Hold, HoldFilter, Lane, LedgerQueries,
    LedgerSnapshots, Outcome, Quote, QuoteFilter, QuoteId, QuotePlace, Rate, ReaderShares, Scope,
    SnapshotUse, StatementLine, StoreError, TimeAxis, Timestamp, TransferFilter, TransferId,
    TransferPart, TransferPlace, TransferState, WholeLedger, execute,
};

use super::limits::gated;
use super::support::{TestServer, ledger_over, options};
use crate::{Access, HttpOptions};

const LISTS: usize = 16;
const READERS: usize = 8;

/// Look-ups from a store in memory, lists from elsewhere.
struct Apart {
    look_ups: Arc<InMemoryStore>,
    lists: Arc<dyn LedgerQueries>,
}

/// Methods of the port, each with the field that answers it.
macro_rules! forward {
    ($($field:ident.$name:ident($($argument:ident: $Type:ty),*) -> $Found:ty;)+) => {$(
        fn $name(&self, $($argument: $Type),*) -> Result<$Found, StoreError> {
            self.$field.$name($($argument),*)
        }
    )+};
}

impl LedgerQueries for Apart {
    forward! {
        look_ups.currencies() -> Vec<Currency>;
        look_ups.account(id: AccountId) -> Option<Account>;
        look_ups.transfer(id: TransferId) -> Option<TransferState>;
        look_ups.hold(id: TransferId) -> Option<Hold>;
        look_ups.described_hold(id: TransferId) -> Option<DescribedHold>;
        look_ups.quote(id: QuoteId) -> Option<Quote>;
        lists.accounts_least_recently_updated(limit: u32) -> Vec<Account>;
        lists.accounts(filter: &AccountFilter, after: Option<AccountId>, limit: u32)
            -> Vec<Account>;
        lists.transfers(filter: &TransferFilter, after: Option<TransferPlace>, limit: u32)
            -> Vec<TransferState>;
        lists.transfer_parts_newest(id: AccountId, below: Option<u64>, limit: u32)
            -> Vec<TransferPart>;
        lists.moving_parts_newest(id: AccountId, below: Option<u64>, limit: u32)
            -> Vec<TransferPart>;
        lists.transfer_parts_oldest(id: AccountId, above: u64, limit: u32) -> Vec<TransferPart>;
        lists.statement_lines(id: AccountId, above: u64, limit: u32) -> Vec<StatementLine>;
        lists.holds(filter: &HoldFilter, after: Option<TransferPlace>, limit: u32) -> Vec<Hold>;
        lists.described_holds(filter: &HoldFilter, after: Option<TransferPlace>, limit: u32)
            -> Vec<DescribedHold>;
        lists.holds_due(at: Timestamp, limit: u32) -> Vec<Hold>;
        lists.current_rates(after: Option<CurrencyPair>, limit: u32) -> Vec<Rate>;
        lists.rates(pair: CurrencyPair, below: Option<u64>, limit: u32) -> Vec<Rate>;
        lists.quotes_newest(
            filter: &QuoteFilter, at: Timestamp, after: Option<QuotePlace>, limit: u32
        ) -> Vec<Quote>;
        lists.chain_ends() -> Vec<ChainEnd>;
        lists.chain_links(after: Option<(Lane, u64)>, limit: u32) -> Vec<ChainLink>;
        lists.total_incoming(id: AccountId, above: u64, last: u64) -> Amount;
        lists.version_at(id: AccountId, at: Timestamp) -> u64;
        lists.balance_at(id: AccountId, at: Timestamp, axis: TimeAxis) -> Option<Amount>;
    }
}

impl LedgerSnapshots for Apart {
    fn snapshot(&self, usage: SnapshotUse) -> Result<Box<dyn WholeLedger>, StoreError> {
        LedgerSnapshots::snapshot(&*self.look_ups, usage)
    }
}

fn key(store: &InMemoryStore, byte: u8, scopes: &[Scope]) -> String {
    let key = AccessKey {
        actor: Actor::new(&format!("actor-{byte}")).unwrap(),
        scopes: scopes.iter().copied().collect(),
        ..access_key(byte)
    };
    store.add_access_key(&key, None).unwrap();
    token(byte).expose()
}

fn request(method: &str, path: &str, token: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

#[test]
fn a_payment_does_not_wait_for_slow_lists() {
    let store = Arc::new(InMemoryStore::new());
    let commands = [
        open(1, "USD"),
        open(2, "USD"),
        deposit(1, 1, "100"),
        hold(2, 1, 2, "10"),
    ];
    for outcome in execute(&*store, &commands, NOW).unwrap() {
        assert!(matches!(outcome, Outcome::Created(_)), "{outcome:?}");
    }
    let reader = key(&store, 1, &[Scope::Read]);
    let payer = key(&store, 2, &[Scope::Read, Scope::Transfer]);
    let (gate, begun, lists) = gated();
    let queries = Arc::new(Apart {
        look_ups: Arc::clone(&store),
        lists,
    });
    let options = HttpOptions {
        workers: NonZeroUsize::MIN,
        read_threads: NonZeroUsize::new(READERS).unwrap(),
        ..options()
    };
    let access = Access::Keys(store.clone());
    let server = TestServer::guarded(options, ledger_over(&store), queries, access);
    let list = request("GET", "/v1/transfers?reference=none", &reader, "");
    let mut slow: Vec<_> = (0..LISTS).map(|_| server.connect()).collect();
    for connection in &mut slow {
        connection.write(list.as_bytes());
    }
    while begun.load(Ordering::SeqCst) < ReaderShares::new(READERS).lists {
        std::thread::yield_now();
    }
    // None of these ends while the lists wait, unless it has a place of its own.
    let id = |number| Uuid::from_u128(number).to_string();
    let capture = json!({"id": id(3)}).to_string();
    let path = format!("/v1/holds/{}/captures", id(2));
    let captured = server.send(&request("POST", &path, &payer, &capture));
    assert_eq!(captured.status, 201, "{captured:?}");
    let path = format!("/v1/accounts/{}", id(1));
    let account = server.send(&request("GET", &path, &payer, ""));
    assert_eq!(account.status, 200, "{account:?}");
    let running = begun.load(Ordering::SeqCst);
    assert_eq!(running, ReaderShares::new(READERS).lists, "lists at a time");
    drop(gate);
    for mut connection in slow {
        assert_eq!(connection.answer().status, 500);
    }
}
