//! `wallet-api verify`: proves sound books, and names the damage in others.

use std::time::Duration;

use serde_json::json;
use wallet_integration::service::{Ended, Launch};
use wallet_integration::store::TestStore;

use crate::demo::{self, POOR_USD, RICH_USD, new_id};
use crate::holds::post;

each_store!(
    sound_books_are_proved,
    a_changed_amount_is_named,
    a_deleted_part_is_named,
    a_cut_tail_is_named,
    two_swapped_rows_are_named,
    a_deleted_transfer_is_named,
    a_released_hold_is_named,
    a_forged_reference_is_named_by_the_chain,
    a_removed_link_is_named,
    an_empty_head_is_a_usage_error,
    a_cleanly_truncated_ledger_is_named_by_the_published_head,
);

const PATIENCE: Duration = Duration::from_secs(60);

/// The demo's books, with a transfer, a hold and a capture.
pub(crate) fn write_books(store: &TestStore) {
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
    verify_with(store, &[])
}

pub(crate) fn verify_with(store: &TestStore, more: &[&str]) -> Ended {
    let flags = store.flags().into_iter();
    let launch = flags.fold(Launch::new(["verify"]), Launch::arg);
    let launch = more.iter().fold(launch, |launch, flag| launch.arg(*flag));
    launch.run_to_end(PATIENCE).unwrap()
}

/// The head that a proof printed.
pub(crate) fn head(ended: &Ended) -> String {
    assert!(ended.status.success(), "{ended:?}");
    let (_, head) = ended.stdout.split_once("head: ").unwrap();
    head.trim().to_owned()
}

/// Writes books, changes them by SQL, and expects the proof to fail with this finding.
#[track_caller]
fn expect_finding(store: &TestStore, damage: &str, finding: &str) {
    write_books(store);
    store.run_sql(damage).unwrap();
    let ended = verify(store);
    assert!(!ended.status.success(), "{ended:?}");
    let output = format!("{}{}", ended.stdout, ended.stderr);
    assert!(output.contains(finding), "{output}");
}

/// The parts of the rich account, in SQL of both stores: it is the one that was paid 1000.
pub(crate) const RICH: &str =
    "account_id = (SELECT account_id FROM transfer_parts WHERE balance = '1000')";

fn sound_books_are_proved(store: &TestStore) {
    write_books(store);
    let ended = verify(store);
    assert!(ended.status.success(), "{ended:?}");
    let expected = "accounts: 6, parts: 11, transfers: 8, open holds: 1, links: ";
    assert!(ended.stdout.contains(expected), "{}", ended.stdout);
    let expected = "BTC: all balances are 1, as are deposits less withdrawals";
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
        "UPDATE transfer_parts SET transfer_id = (\
         SELECT other.transfer_id FROM transfer_parts other \
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

fn a_forged_reference_is_named_by_the_chain(store: &TestStore) {
    let damage = "UPDATE transfers SET reference = 'forged' WHERE type = 3 AND amount = '20'";
    expect_finding(store, damage, "it is not as it was written, says link ");
}

fn a_removed_link_is_named(store: &TestStore) {
    let damage = "DELETE FROM chain_links WHERE number = (SELECT max(number) FROM chain_links)";
    expect_finding(store, damage, "no link of the chain has it");
}

/// As an empty file of a recipe, or a variable that is not set.
fn an_empty_head_is_a_usage_error(store: &TestStore) {
    write_books(store);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "\n").unwrap();
    let in_file = format!("@{}", file.path().display());
    for expected in ["", " ", ",", in_file.as_str()] {
        let ended = verify_with(store, &["--expect-head", expected]);
        assert_eq!(ended.status.code(), Some(2), "{expected:?}: {ended:?}");
        assert!(ended.stderr.contains("--expect-head"), "{ended:?}");
        assert!(ended.stderr.contains("the head is empty"), "{ended:?}");
    }
}

/// Deletes everything that the last batch wrote, and its link: the remaining books balance.
fn a_cleanly_truncated_ledger_is_named_by_the_published_head(store: &TestStore) {
    write_books(store);
    let before = head(&verify(store));
    let service = demo::service(store);
    let account = json!({"id": new_id(), "currency_code": "USD"});
    let answer = post(&mut service.client(), "/v1/accounts", &account);
    assert_eq!(answer.status, 201, "{answer:?}");
    service.stop().unwrap();
    let published = head(&verify_with(store, &["--expect-head", &before]));
    assert_ne!(published, before);

    let id = account["id"].as_str().unwrap();
    let first_byte = match store.file() {
        Some(_) => "substr(entries, 1, 1) = x'01'",
        None => "get_byte(entries, 0) = 1",
    };
    let cut = match store.file() {
        Some(_) => format!("DELETE FROM accounts WHERE id = x'{}'", id.replace('-', "")),
        None => format!("DELETE FROM accounts WHERE id = '{id}'"),
    };
    store.run_sql(&cut).unwrap();
    let action = format!("DELETE FROM operator_actions WHERE subject = '{id}'");
    store.run_sql(&action).unwrap();
    // The account, and who opened it.
    let link = format!("DELETE FROM chain_links WHERE length(entries) = 66 AND {first_byte}");
    store.run_sql(&link).unwrap();
    assert_eq!(head(&verify(store)), before);

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{published}\n")).unwrap();
    let in_file = format!("@{}", file.path().display());
    for expected in [published.as_str(), in_file.as_str()] {
        let ended = verify_with(store, &["--expect-head", expected]);
        assert!(!ended.status.success(), "{ended:?}");
        let output = format!("{}{}", ended.stdout, ended.stderr);
        assert!(
            output.contains("it was published with the hash"),
            "{output}"
        );
    }
}
