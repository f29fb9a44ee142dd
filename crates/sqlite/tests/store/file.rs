//! The content of the file, seen by a connection that knows nothing of the store.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use wallet_domain::testing::fixtures::{NOW, deposit, internal, open};
use wallet_domain::{Command, LedgerQueries, execute};
use wallet_sqlite::SqliteStore;

use crate::new_store;

fn stranger(store: &SqliteStore) -> SqliteConnection {
    SqliteConnection::establish(store.path().to_str().expect("a text")).expect("connects")
}

#[test]
fn no_column_holds_a_floating_point_number() {
    let (store, _folder) = new_store();
    execute(
        &store,
        &[
            open(1, "USD"),
            open(2, "USD"),
            deposit(1, 1, "99999999999999.99"),
            deposit(2, 1, "0.1"),
            internal(3, 1, 2, "10000000000000"),
        ],
        NOW,
    )
    .unwrap();
    let mut stranger = stranger(&store);
    let mut looked_at = 0;
    for (table, column, wanted) in [
        ("account_states", "balance", "text"),
        ("transfers", "amount", "text"),
        ("transfer_parts", "amount", "text"),
        ("transfer_parts", "balance", "text"),
        ("account_states", "updated_at", "integer"),
        ("transfers", "created_at", "integer"),
        ("transfer_parts", "version", "integer"),
        ("transfer_parts", "transfer_id", "blob"),
    ] {
        let types: Vec<String> = sql::<Text>(&format!("SELECT typeof({column}) FROM {table}"))
            .load(&mut stranger)
            .unwrap();
        assert!(!types.is_empty());
        assert!(
            types.iter().all(|found| found == wanted),
            "{table}.{column}: {types:?}"
        );
        looked_at += 1;
    }
    assert_eq!(looked_at, 8);
    let strict: i64 = sql::<BigInt>(
        "SELECT count(*) FROM pragma_table_list WHERE strict AND name IN \
         ('currencies', 'accounts', 'transfers', 'transfer_parts')",
    )
    .get_result(&mut stranger)
    .unwrap();
    assert_eq!(strict, 4);
}

#[test]
fn the_write_ahead_log_stays_small_under_load_and_the_file_is_sound() {
    let (store, _folder) = new_store();
    let accounts: Vec<Command> = (1..=200).map(|number| open(number, "USD")).collect();
    execute(&store, &accounts, NOW).unwrap();
    let log = store.path().with_extension("db-wal");
    let mut longest = 0;
    for batch in 0..120_u128 {
        // Ids all over the table, like random ones.
        let id = |number: u128| {
            (batch * 500 + number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
        };
        let deposits: Vec<Command> = (0..500)
            .map(|number| deposit(id(number), 1 + number % 200, "1.01"))
            .collect();
        execute(&store, &deposits, NOW.plus_micros(batch as i64 * 1_000)).unwrap();
        longest = longest.max(log.metadata().unwrap().len());
    }
    assert!(longest > 1 << 20, "a log was written: {longest}");
    assert!(longest < 256 << 20, "the log grew to {longest} bytes");

    let mut stranger = stranger(&store);
    let mut ask = |pragma: &str| -> String {
        sql::<Text>(&format!("PRAGMA {pragma}"))
            .get_result(&mut stranger)
            .unwrap()
    };
    assert_eq!(ask("journal_mode"), "wal");
    assert_eq!(ask("integrity_check"), "ok");
}

#[test]
fn a_short_list_of_accounts_is_a_prefix_of_the_whole_list_even_if_its_index_is_behind() {
    let (store, _folder) = new_store();
    for number in 1..=60_u128 {
        let opened = NOW.plus_micros(number as i64 * 100_000);
        execute(&store, &[open(number, "USD")], opened).unwrap();
    }
    // The oldest accounts change again soon, some of them before their place in the list is
    // updated.
    for step in 0..90_u128 {
        let account = 1 + step * step % 47;
        let at = NOW.plus_micros(6_100_000 + step as i64 * 150_000);
        execute(&store, &[deposit(1 + step, account, "1")], at).unwrap();
        let whole = store.accounts_least_recently_updated(1_000).unwrap();
        assert_eq!(whole.len(), 60);
        assert!(whole.is_sorted_by_key(|account| (account.updated_at, account.id)));
        for limit in [1, 2, 3, 5] {
            let list = store.accounts_least_recently_updated(limit).unwrap();
            assert_eq!(list, whole[..limit as usize], "after step {step}");
        }
    }
}
