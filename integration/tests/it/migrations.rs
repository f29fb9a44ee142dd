//! A migration must not stop the service: every PostgreSQL step after the newest released one
//! follows the rules of `migrations/README.md`.
//!
//! SQLite needs no such rules: its one process migrates before it serves.

mod rules;
mod statements;

use std::fs;
use std::path::{Path, PathBuf};

use rules::{Schema, broken_rules};

/// The newest released step, updated with each release. It and those before it created their tables
/// in an empty database.
const NEWEST_RELEASED: &str = "2026-01-01-000000_create_ledger";

fn migrations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations")
}

fn steps() -> Vec<PathBuf> {
    let entries = fs::read_dir(migrations().join("postgres")).unwrap();
    let mut steps: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    steps.sort();
    steps
}

fn name(step: &Path) -> &str {
    step.file_name().unwrap().to_str().unwrap()
}

fn is_in_transaction(step: &Path) -> bool {
    let settings = fs::read_to_string(step.join("metadata.toml")).unwrap_or_default();
    let settings: String = settings.split_whitespace().collect();
    !settings.contains("run_in_transaction=false")
}

#[test]
fn no_step_since_the_last_release_stops_the_service() {
    let mut schema = Schema::default();
    let mut broken = Vec::new();
    for step in steps().iter().filter(|step| name(step) > NEWEST_RELEASED) {
        let sql = fs::read_to_string(step.join("up.sql")).unwrap();
        let found = broken_rules(&sql, is_in_transaction(step), &mut schema);
        let describe = |(rule, statement)| format!("{}: {rule}: {statement}", name(step));
        broken.extend(found.into_iter().map(describe));
    }
    assert!(
        broken.is_empty(),
        "these block a service that runs; \
         migrations/README.md says what to do instead of each:\n{}",
        broken.join("\n")
    );
}

#[test]
fn the_newest_released_step_is_there_and_each_step_can_be_taken_back() {
    let steps = steps();
    assert!(steps.iter().any(|step| name(step) == NEWEST_RELEASED));
    for step in &steps {
        assert!(step.join("down.sql").exists(), "{}", name(step));
    }
}

#[test]
fn the_rule_page_documents_every_rule() {
    let page = fs::read_to_string(migrations().join("README.md")).unwrap();
    for (_, _, rules) in TABLE {
        for rule in rules.split_whitespace() {
            assert!(
                page.contains(&format!("`{rule}`")),
                "{rule} is not documented"
            );
        }
    }
}

/// Inside a transaction.
const IN: bool = true;
/// Outside of one.
const OUT: bool = false;

/// Steps, and the rules that each breaks. They share no schema.
const TABLE: &[(bool, &str, &str)] = &[
    (IN, "CREATE INDEX i ON transfers (amount)", "index"),
    (
        IN,
        "create unique index if not exists i on only transfers (amount)",
        "index",
    ),
    (OUT, "CREATE INDEX CONCURRENTLY i ON transfers (amount)", ""),
    (
        OUT,
        "CREATE UNIQUE INDEX CONCURRENTLY i ON transfers (amount)",
        "",
    ),
    (
        IN,
        "CREATE INDEX CONCURRENTLY i ON transfers (amount)",
        "transaction",
    ),
    (
        OUT,
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON transfers (amount)",
        "if-not-exists",
    ),
    (
        OUT,
        "SET lock_timeout = 0; CREATE INDEX CONCURRENTLY i ON transfers (amount)",
        "unknown alone",
    ),
    (
        IN,
        "CREATE TABLE keys (id uuid PRIMARY KEY); CREATE INDEX i ON keys (id); \
         ALTER TABLE keys ADD UNIQUE (id)",
        "",
    ),
    (
        IN,
        "CREATE TABLE IF NOT EXISTS keys (a int); INSERT INTO keys SELECT 1",
        "",
    ),
    (
        IN,
        "CREATE TABLE keys (account uuid REFERENCES accounts)",
        "reference",
    ),
    (IN, "DROP INDEX transfers_by_time", "index"),
    (OUT, "DROP INDEX CONCURRENTLY transfers_by_time", ""),
    (IN, "REINDEX TABLE transfers", "index"),
    (IN, "ALTER TABLE transfers ADD COLUMN made_by text", ""),
    (
        IN,
        "ALTER TABLE IF EXISTS ONLY transfers ADD made_by text, \
         ADD COLUMN IF NOT EXISTS b bigint DEFAULT 0",
        "",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN seen bigint NOT NULL DEFAULT 0",
        "",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN seen timestamptz NOT NULL DEFAULT now()",
        "",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN price numeric(38, 2) DEFAULT 0.5",
        "",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN key uuid DEFAULT gen_random_uuid()",
        "default",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN at timestamptz DEFAULT clock_timestamp()",
        "default",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN number bigserial",
        "default",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN n bigint GENERATED ALWAYS AS (version * 2) STORED",
        "default",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN made_by text NOT NULL",
        "not-null",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN made_by text UNIQUE",
        "constraint",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN made_by text CHECK (made_by <> '')",
        "constraint",
    ),
    (
        IN,
        "ALTER TABLE transfers ALTER COLUMN amount TYPE text",
        "type",
    ),
    (
        IN,
        "ALTER TABLE transfers ALTER amount SET DATA TYPE text USING amount::text",
        "type",
    ),
    (
        IN,
        "ALTER TABLE transfers ALTER COLUMN reference SET NOT NULL",
        "not-null",
    ),
    (
        IN,
        "ALTER TABLE transfers ALTER COLUMN reference SET DEFAULT ''",
        "",
    ),
    (
        IN,
        "ALTER TABLE transfers ALTER COLUMN reference DROP NOT NULL",
        "",
    ),
    (IN, "ALTER TABLE transfers SET (fillfactor = 80)", ""),
    (
        IN,
        "ALTER TABLE transfers ADD CONSTRAINT c CHECK (amount > 0)",
        "constraint",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD CHECK (amount > 0) NOT VALID",
        "constraint",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD CONSTRAINT c CHECK (amount > 0) NOT VALID",
        "",
    ),
    (
        IN,
        "ALTER TABLE transfers ADD CONSTRAINT c CHECK (amount > 0) NOT VALID; \
         ALTER TABLE transfers VALIDATE CONSTRAINT c",
        "validation",
    ),
    (IN, "ALTER TABLE transfers VALIDATE CONSTRAINT c", ""),
    (
        IN,
        "ALTER TABLE holds ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES transfers",
        "constraint",
    ),
    (
        IN,
        "ALTER TABLE holds ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES transfers NOT VALID",
        "",
    ),
    (
        IN,
        "ALTER TABLE holds ADD CONSTRAINT u UNIQUE (id)",
        "constraint",
    ),
    (
        IN,
        "ALTER TABLE holds ADD CONSTRAINT u UNIQUE USING INDEX holds_by_id",
        "",
    ),
    (
        IN,
        "ALTER TABLE holds RENAME COLUMN amount TO sum",
        "rename",
    ),
    (IN, "ALTER TABLE holds RENAME TO reservations", "rename"),
    (IN, "ALTER TABLE holds DROP COLUMN amount", "removal"),
    (
        IN,
        "-- allowed: removal: no release since 0.3 reads it\nALTER TABLE holds DROP COLUMN amount",
        "",
    ),
    (
        IN,
        "-- allowed: removal: no release since 0.3 reads it\n\
         ALTER TABLE holds DROP a; DROP TABLE holds",
        "removal",
    ),
    (
        IN,
        "-- allowed: rename: \nALTER TABLE holds DROP COLUMN amount",
        "removal",
    ),
    (IN, "DROP TABLE holds", "removal"),
    (IN, "INSERT INTO currencies VALUES ('JPY', 0)", ""),
    (IN, "INSERT INTO holds SELECT * FROM old_holds", "rows"),
    (IN, "UPDATE transfers SET made_by = 'x'", "rows"),
    (IN, "DELETE FROM holds", "rows"),
    (
        IN,
        "DO $$ BEGIN UPDATE transfers SET amount = 1; END $$",
        "unknown",
    ),
    (IN, "LOCK TABLE transfers", "unknown"),
    (IN, "VACUUM FULL transfers", "unknown"),
    (IN, "ALTER TABLE transfers SET UNLOGGED", "unknown"),
    (
        IN,
        "ALTER TABLE transfers ADD COLUMN a text, ALTER COLUMN b TYPE text, RENAME c TO d",
        "type rename",
    ),
    (
        IN,
        "CREATE OR REPLACE VIEW v AS SELECT 1; COMMENT ON VIEW v IS 'a; b'",
        "",
    ),
    (
        IN,
        "-- CREATE INDEX i ON transfers (amount);\n/* DROP TABLE holds; */",
        "",
    ),
];

#[test]
fn the_table_of_steps() {
    for (is_in_transaction, sql, expected) in TABLE {
        let found = broken_rules(sql, *is_in_transaction, &mut Schema::default());
        let rules: Vec<_> = found.iter().map(|(rule, _)| *rule).collect();
        assert_eq!(rules.join(" "), *expected, "{sql}");
    }
}

#[test]
fn a_column_becomes_not_null_in_three_steps() {
    let mut schema = Schema::default();
    let mut step = |sql| broken_rules(sql, IN, &mut schema).len();
    let set = "ALTER TABLE transfers ALTER COLUMN reference SET NOT NULL";
    let check = "ALTER TABLE transfers ADD CONSTRAINT c CHECK (reference IS NOT NULL) NOT VALID";
    assert_eq!(step(check), 0);
    assert_eq!(step(set), 1, "it was not validated");
    assert_eq!(step("ALTER TABLE transfers VALIDATE CONSTRAINT c"), 0);
    assert_eq!(step(set), 0);
    assert_eq!(
        step("ALTER TABLE holds ALTER COLUMN reference SET NOT NULL"),
        1
    );
}
