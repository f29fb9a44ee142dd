//! The list of accounts: exact even if its index is behind, and cheap however many accounts there
//! are.

use wallet_domain::LedgerQueries;

use crate::new_store;

/// Stores accounts with these SQL expressions for `updated_at` and `listed_at`, of a number `n`.
fn fill(count: u32, updated_at: &str, listed_at: &str) -> String {
    format!(
        "TRUNCATE accounts;
         INSERT INTO accounts
             (id, currency_code, balance, version, created_at, updated_at, listed_at)
         SELECT gen_random_uuid(), 'USD', 0, 0, {listed_at}, {updated_at}, {listed_at}
         FROM generate_series(1, {count}) n;
         ANALYZE accounts;"
    )
}

#[test]
fn the_list_is_exact_even_if_its_index_is_behind() {
    let (store, database) = new_store();
    let spread = "timestamptz '2026-01-01' + n * interval '1 ms'";
    let behind = format!("{spread} + hashint4(n) % 9900 * interval '1 ms'");
    let same = "timestamptz '2026-01-01'";
    for (updated_at, listed_at) in [
        (spread, spread),
        // A negative remainder moves some accounts behind their place in the list, and the rest
        // ahead of it.
        (&format!("greatest({spread}, {behind})"), spread),
        (same, same),
        (&format!("{same} + n % 3 * interval '1 s'"), same),
    ] {
        database.psql(&fill(20_000, updated_at, listed_at)).unwrap();
        let listed = store.accounts_least_recently_updated(100).unwrap();
        let listed: Vec<String> = listed
            .iter()
            .map(|account| account.id.as_uuid().to_string())
            .collect();
        let ids = database
            .psql("SELECT id FROM accounts ORDER BY updated_at, id LIMIT 100")
            .unwrap();
        assert_eq!(listed, ids.lines().collect::<Vec<_>>(), "{updated_at}");
    }
}

#[test]
fn the_list_reads_few_of_many_accounts() {
    let (store, database) = new_store();
    let spread = "timestamptz '2026-01-01' + n * interval '60 us'";
    database.psql(&fill(300_000, spread, spread)).unwrap();
    database.psql("SELECT pg_stat_reset()").unwrap();
    store.accounts_least_recently_updated(100).unwrap();
    // Sessions report their statistics when they have been idle for a while, or end.
    drop(store);
    let read =
        "SELECT seq_tup_read, idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'accounts'";
    for _ in 0..100 {
        let read = database.psql(read).unwrap();
        let (scanned, fetched) = read.trim().split_once('|').unwrap();
        if fetched != "0" {
            assert_eq!(scanned, "0");
            assert!(fetched.parse::<u32>().unwrap() < 3_000, "{fetched} rows");
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("the statistics never came");
}
