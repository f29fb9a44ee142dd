//! `wallet-api verify`: proves books that are right, and names what is wrong with others.

use std::time::Duration;

use serde_json::json;
use wallet_integration::service::{Ended, Launch};
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD, new_id};
use crate::holds::post;

each_store!(
    books_that_were_kept_are_proved,
    a_changed_amount_is_named,
    a_deleted_part_is_named,
    a_cut_tail_is_named,
    two_swapped_rows_are_named,
    a_deleted_transfer_is_named,
    a_released_hold_is_named,
);

const PATIENCE: Duration = Duration::from_secs(60);

/// The demo's books, with a transfer, a hold and a capture.
fn keep_books(store: &TestStore) {
    let service = demo::service(store);
    let mut client = service.client();
    let movement = |amount: &str| {
        json!({
            "id": new_id(), "sender_account_id": RICH_USD, "receiver_account_id": POOR_USD,
            "amount": amount, "currency_code": "USD",
        })
    };
    let hold = movement("30");
    let captures = format!("/v1/holds/{}/captures", hold["id"].as_str().unwrap());
    let writes = [
        ("/v1/transfers", movement("20")),
        ("/v1/transfers", movement("7")),
        ("/v1/holds", hold),
        (&*captures, json!({"id": new_id(), "amount": "10"})),
    ];
    for (path, body) in writes {
        let answer = post(&mut client, path, &body);
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    service.stop().unwrap();
}

fn verify(store: &TestStore) -> Ended {
    let launch = store.flags().into_iter();
    let launch = launch.fold(Launch::with(["verify"]), Launch::and);
    launch.run_to_end(PATIENCE).unwrap()
}

/// Keeps books, changes them by SQL, and expects the proof to fail with this.
#[track_caller]
fn expect_finding(store: &TestStore, damage: &str, finding: &str) {
    keep_books(store);
    store.run_sql(damage).unwrap();
    let ended = verify(store);
    assert!(!ended.status.success(), "{ended:?}");
    let told = format!("{}{}", ended.stdout, ended.stderr);
    assert!(told.contains(finding), "{told}");
}

/// The parts of the rich account, in SQL of both stores: it is the one that was paid 1000.
const RICH: &str = "account_id = (SELECT account_id FROM transfer_parts WHERE balance = '1000')";

fn books_that_were_kept_are_proved(store: &TestStore) {
    keep_books(store);
    let ended = verify(store);
    assert!(ended.status.success(), "{ended:?}");
    let expected = "accounts: 6, parts: 11, transfers: 8, open holds: 1\n  \
                    BTC: all balances are 1, as are deposits less withdrawals";
    assert!(ended.stdout.contains(expected), "{}", ended.stdout);
    assert!(
        ended.stdout.contains("USD: all balances are 1100,"),
        "{}",
        ended.stdout
    );
}

fn a_changed_amount_is_named(store: &TestStore) {
    let damage = format!("UPDATE transfer_parts SET amount = '21' WHERE {RICH} AND version = 2");
    let finding = format!("account {RICH_USD}, version 2: the balance is 980, it should be 979");
    expect_finding(store, &damage, &finding);
}

fn a_deleted_part_is_named(store: &TestStore) {
    let damage = format!("DELETE FROM transfer_parts WHERE {RICH} AND version = 2");
    let finding = format!("account {RICH_USD}, version 3: the version after the one before is 2");
    expect_finding(store, &damage, &finding);
}

fn a_cut_tail_is_named(store: &TestStore) {
    // Its transfer still has the other part.
    let damage = format!("DELETE FROM transfer_parts WHERE {RICH} AND version > 3");
    // On SQLite the account is what its last part says: what is missing is found by its holds.
    let finding = match store.file() {
        Some(_) => format!("account {RICH_USD}: 0 is held, its open holds hold 20"),
        None => format!("account {RICH_USD}: its version is 5, its last part is 3"),
    };
    expect_finding(store, &damage, &finding);
}

fn two_swapped_rows_are_named(store: &TestStore) {
    let damage = format!(
        "UPDATE transfer_parts SET transfer_id = (SELECT other.transfer_id FROM transfer_parts other \
         WHERE other.account_id = transfer_parts.account_id \
         AND other.version = 5 - transfer_parts.version) WHERE {RICH} AND version IN (2, 3)"
    );
    let finding = format!("account {RICH_USD}, version 2: transfer ");
    expect_finding(store, &damage, &finding);
}

fn a_deleted_transfer_is_named(store: &TestStore) {
    let damage = "DELETE FROM transfers WHERE type = 3 AND amount = '20'";
    let finding = format!("account {RICH_USD}, version 2: it is a part of transfer ");
    expect_finding(store, damage, &finding);
}

fn a_released_hold_is_named(store: &TestStore) {
    let finding = format!("account {RICH_USD}: 20 is held, its open holds hold 0");
    expect_finding(store, "UPDATE holds SET state = 3", &finding);
}
