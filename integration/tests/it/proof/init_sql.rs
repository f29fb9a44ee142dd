//! Generates `integration/init.sql`: its rows, and the link of the chain that proves them.

use std::fmt::Write as _;
use std::path::Path;

use data_encoding::HEXLOWER;
use uuid::{Uuid, uuid};
use wallet_domain::testing::InMemoryStore;
use wallet_domain::testing::fixtures::NOW;
use wallet_domain::{ChainEnd, ReadSet, Timestamp, WriteSet, decide};
use wallet_integration::store::TestStore;
use wallet_ledger::demo;

/// The lane of the link: random, and used only here.
const LANE: Uuid = uuid!("3a5f0d0c-1b1e-4a6f-8f52-7f2c9d1e4b60");

const HEAD: &str = "\
-- The demo data in SQL, for PostgreSQL: six accounts, two each of USD, EUR and BTC, and the four
-- deposits that fund them. `wallet-api demo` loads the same through the domain, and a test compares
-- the two.
--
-- Prerequisite: the schema (`wallet-api migrate`). If the ledger has any of the demo accounts,
-- nothing changes. All timestamps are at the beginning of 2026, because the last statement inserts
-- a link of the chain: the link has the hash of all these rows, so that `wallet-api verify` proves
-- the ledger.
--
-- Made by: WALLET_WRITE_INIT_SQL=1 cargo test -p wallet-integration --test it init_sql
--
--     psql --set ON_ERROR_STOP=1 --file integration/init.sql \"host=… dbname=…\"

";

fn writes() -> WriteSet {
    let commands = demo::commands().unwrap();
    let snapshot = InMemoryStore::new().snapshot(&ReadSet::from_commands(&commands));
    decide(&commands, snapshot, NOW).writes
}

/// The whole file.
fn generate() -> String {
    let writes = writes();
    let ids: Vec<String> = writes
        .accounts_opened
        .iter()
        .map(|it| quoted(it.id.as_uuid()))
        .collect();
    let mut sql = HEAD.to_owned();
    write!(
        sql,
        "WITH missing AS (\n    \
         SELECT 1 WHERE NOT EXISTS (SELECT FROM accounts WHERE id IN (\n        \
         {}\n    ))\n),\n",
        ids.join(",\n        ")
    )
    .unwrap();
    sql.push_str(
        "-- An account with money has version 1: its deposit is the first part of its history.\n",
    );
    insert(
        &mut sql,
        "opened",
        "accounts (id, currency_code, balance, version, created_at, updated_at, listed_at)",
        account_rows(&writes),
    );
    insert(
        &mut sql,
        "recorded",
        "operator_actions (id, kind, subject, number, created_at)",
        action_rows(&writes),
    );
    sql.push_str("-- type 1 is a deposit; it has no sender.\n");
    insert(
        &mut sql,
        "deposited",
        "transfers (id, type, currency_code, amount, receiver_account_id, receiver_version, \
         created_at)",
        deposit_rows(&writes),
    );
    sql.push_str("-- Direction 1 is incoming.\n");
    insert(
        &mut sql,
        "parts",
        "transfer_parts (account_id, version, transfer_id, type, direction, amount, balance, \
         created_at)",
        part_rows(&writes),
    );
    sql.truncate(sql.trim_end().trim_end_matches(',').len());
    insert_link(&mut sql, &writes);
    sql
}

fn account_rows(writes: &WriteSet) -> Vec<String> {
    let rows = writes.accounts_opened.iter().map(|it| {
        let (code, balance, version) = (it.currency_code, &it.balance, it.version);
        let (opened, updated) = (time(it.created_at), time(it.updated_at));
        let id = quoted(it.id.as_uuid());
        format!("({id}, '{code}', {balance}, {version}, {opened}, {updated}, {opened})")
    });
    rows.collect()
}

fn action_rows(writes: &WriteSet) -> Vec<String> {
    let rows = writes.operator_actions.iter().map(|it| {
        let (id, kind, subject) = (quoted(it.id()), it.kind.as_str(), &it.subject);
        format!(
            "({id}, '{kind}', '{subject}', {}, {})",
            it.number,
            time(it.created_at)
        )
    });
    rows.collect()
}

fn deposit_rows(writes: &WriteSet) -> Vec<String> {
    let rows = writes.transfers.iter().map(|it| {
        let (id, part) = (quoted(it.id.as_uuid()), &it.parts[0]);
        let (code, amount, account) = (
            it.currency_code,
            &it.amount,
            quoted(part.account_id.as_uuid()),
        );
        format!(
            "({id}, 1, '{code}', {amount}, {account}, 1, {})",
            time(it.created_at)
        )
    });
    rows.collect()
}

fn part_rows(writes: &WriteSet) -> Vec<String> {
    let rows = writes.transfers.iter().map(|it| {
        let (id, part) = (quoted(it.id.as_uuid()), &it.parts[0]);
        let (account, amount) = (quoted(part.account_id.as_uuid()), &part.amount);
        format!(
            "({account}, 1, {id}, 1, 1, {amount}, {}, {})",
            part.balance,
            time(it.created_at)
        )
    });
    rows.collect()
}

/// The statement that inserts the link of the chain.
fn insert_link(sql: &mut String, writes: &WriteSet) {
    let link = ChainEnd::start(LANE).append(writes);
    let entries = HEXLOWER.encode(&link.entries);
    let entries: Vec<&str> = entries
        .as_bytes()
        .chunks(66)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    write!(
        sql,
        "\nINSERT INTO chain_links (lane, number, hash, entries)\nSELECT\n    \
         {},\n    {},\n    '\\x{}'::bytea,\n    \
         decode(\n        '{}',\n        'hex'\n    )\nFROM missing;\n",
        quoted(link.lane),
        link.number,
        link.hash,
        entries.join("'\n        '")
    )
    .unwrap();
}

/// A part of the statement that inserts rows where they are missing.
fn insert(sql: &mut String, name: &str, table: &str, rows: Vec<String>) {
    write!(
        sql,
        "{name} AS (\n    INSERT INTO {table}\n    \
         SELECT row.* FROM missing, (VALUES\n        \
         {}\n    ) AS row\n),\n",
        rows.join(",\n        ")
    )
    .unwrap();
}

fn quoted(id: Uuid) -> String {
    format!("'{id}'::uuid")
}

fn time(at: Timestamp) -> String {
    let micros = at.as_micros() - NOW.as_micros();
    format!("'2026-01-01T00:00:00Z'::timestamptz + {micros} * interval '1 microsecond'")
}

#[test]
fn init_sql_is_what_the_demo_decides() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("init.sql");
    let generated = generate();
    if std::env::var_os("WALLET_WRITE_INIT_SQL").is_some() {
        std::fs::write(&path, generated).unwrap();
        return;
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == generated,
        "integration/init.sql is not what is made of the demo; write it anew with \
         WALLET_WRITE_INIT_SQL=1 cargo test -p wallet-integration --test it init_sql"
    );
}

#[test]
fn a_ledger_loaded_with_init_sql_is_proved() {
    let store = TestStore::postgres();
    let ledger = store.open().unwrap();
    for _ in ["the first time", "a second time, which is harmless"] {
        store.run_sql(include_str!("../../../init.sql")).unwrap();
        let proved = super::proved(&ledger).unwrap();
        assert_eq!((proved.accounts, proved.parts, proved.links), (6, 4, 1));
    }
}
