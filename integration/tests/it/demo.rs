//! The six demo accounts, on which the README, the contract tests and `init.sql` build.

use serde_json::Value;
use uuid::Uuid;
use wallet_integration::books::Ledger;
use wallet_integration::service::{Launch, Service};
use wallet_integration::store::TestStore;

/// Holds 1000 USD.
pub(crate) const RICH_USD: &str = "1836981e-7bce-4356-99a5-a001073e51fe";
/// Holds 100 USD.
pub(crate) const POOR_USD: &str = "8ff54aaa-31d7-4a04-908a-6fa375030432";

/// A service on a store with the demo accounts.
pub(crate) fn service(store: &TestStore) -> Service {
    Launch::on(store).arg("--demo").start().unwrap()
}

/// A new id, as text.
pub(crate) fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// The entries of `GET /accounts/`.
pub(crate) fn accounts(service: &Service) -> Vec<Value> {
    let answer = service.client().get("/accounts/").unwrap();
    answer.json()["payload"]
        .as_array()
        .cloned()
        .unwrap_or_else(|| panic!("{}", answer.text))
}

/// The balance of an account, as it is printed.
pub(crate) fn balance(service: &Service, account: &str) -> String {
    let accounts = accounts(service);
    let account = accounts
        .iter()
        .find(|entry| entry["id"] == account)
        .unwrap();
    account["balance"].as_str().unwrap().to_owned()
}

/// An account with this currency, other than the two above.
pub(crate) fn account_in(service: &Service, currency: &str) -> String {
    let accounts = accounts(service);
    let account = accounts
        .iter()
        .find(|entry| entry["currency_code"] == currency)
        .unwrap();
    account["id"].as_str().unwrap().to_owned()
}

each_store!(demo_twice_is_harmless, the_readme_moves_money);

fn demo_twice_is_harmless(store: &TestStore) {
    service(store).stop().unwrap();
    let once = sorted(Ledger::load(store).unwrap());
    assert_eq!(once.accounts.len(), 6);
    assert_eq!(once.transfer_ids().len(), 4);

    let again = Launch::new(["demo"]);
    let again = store.flags().into_iter().fold(again, Launch::arg);
    let ended = again
        .run_to_end(std::time::Duration::from_secs(30))
        .unwrap();
    assert!(ended.status.success(), "{}", ended.stderr);
    let twice = sorted(Ledger::load(store).unwrap());
    assert_eq!(once.accounts, twice.accounts);
    assert_eq!(once.parts, twice.parts);
}

fn the_readme_moves_money(store: &TestStore) {
    let service = service(store);
    let mut client = service.client();
    let mut body = serde_json::json!({
        "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
        "amount": "100.111", "currency_code": "USD",
    });
    for _ in ["the first time", "the same request again"] {
        assert_eq!(
            client.post_transfer(&body).unwrap().text,
            r#"{"result":"OK"}"#
        );
        assert_eq!(balance(&service, RICH_USD), "899.89");
        assert_eq!(balance(&service, POOR_USD), "200.11");
    }
    body["id"] = new_id().into();
    body["amount"] = "1001".into();
    assert_eq!(
        client.post_transfer(&body).unwrap().code(),
        "insufficient_funds"
    );
    service.stop().unwrap();
    wallet_integration::books::prove(store).unwrap();
}

/// `init.sql` and `wallet-api demo` leave the same books.
#[test]
fn init_sql_is_the_demo_in_sql() {
    let by_demo = TestStore::postgres();
    service(&by_demo).stop().unwrap();

    let by_sql = TestStore::postgres();
    let migrate = Launch::new(["migrate"]);
    let migrate = by_sql
        .flags_without_migration()
        .into_iter()
        .fold(migrate, Launch::arg);
    let ended = migrate
        .run_to_end(std::time::Duration::from_secs(30))
        .unwrap();
    assert!(ended.status.success(), "{}", ended.stderr);
    let script = include_str!("../../init.sql");
    for _ in ["the first time", "a second time, which is harmless"] {
        by_sql.run_sql(script).unwrap();
    }

    let (by_demo, by_sql) = (
        Ledger::load(&by_demo).unwrap(),
        Ledger::load(&by_sql).unwrap(),
    );
    let (by_demo, by_sql) = (sorted(by_demo), sorted(by_sql));
    assert_eq!(by_demo.accounts, by_sql.accounts);
    assert_eq!(by_demo.parts, by_sql.parts);
}

fn sorted(mut ledger: Ledger) -> Ledger {
    ledger.accounts.sort_by_key(|account| account.id);
    ledger
}
