//! Generates `schema.rs` of both stores from the databases that the migrations make, so that Diesel
//! and the database never disagree about a column.
//!
//! It is not `diesel print-schema`, which would have to be installed for the tests, and which reads
//! every `INTEGER` of SQLite as one of 32 bits.

use std::path::Path;

use wallet_integration::store::TestStore;

use crate::proof::{Column, Database};

/// Starts what follows the generated part: views and joins, by hand.
const BY_HAND: &str = "// By hand: ";

/// A table, and those of its columns that statements in Diesel's language read. With all of them it
/// would need Diesel's support for more than 16 columns, which takes twice as long to build.
const WIDE: [(&str, &[&str]); 1] = [(
    "transfers",
    &[
        "id",
        "type",
        "currency_code",
        "created_at",
        "reference",
        "metadata",
        "effective_at",
        "reversed_amount",
        "created_by",
    ],
)];

/// Numbers of 16 bits in PostgreSQL: SQLite has one type for all.
const SMALL: [&str; 7] = [
    "direction",
    "fixed_side",
    "followers",
    "precision",
    "state",
    "status",
    "type",
];

#[test]
fn diesel_knows_the_tables_that_the_migrations_make() {
    for (store, adapter) in [
        (TestStore::sqlite(), "sqlite"),
        (TestStore::postgres(), "postgres"),
    ] {
        drop(store.open().unwrap());
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../crates/{adapter}/src/schema.rs"));
        let known = std::fs::read_to_string(&path).unwrap();
        let (_, by_hand) = known.split_once(BY_HAND).expect("a part by hand");
        let columns = Database::new(&store).columns();
        let made = format!("{}{BY_HAND}{by_hand}", generated(adapter, &columns));
        if std::env::var_os("WALLET_WRITE_SCHEMA").is_some() {
            std::fs::write(&path, made).unwrap();
            continue;
        }
        assert!(
            known == made,
            "{}: run WALLET_WRITE_SCHEMA=1 cargo test -p wallet-integration --test it schema",
            path.display()
        );
    }
}

fn generated(adapter: &str, columns: &[Column]) -> String {
    let mut text = format!(
        "//! The tables as Diesel knows them, as `migrations/{adapter}` makes them.\n//!\n\
         //! Made by: WALLET_WRITE_SCHEMA=1 cargo test -p wallet-integration --test it schema\n\n"
    );
    for columns in columns.chunk_by(|one, next| one.table_name == next.table_name) {
        let name = &columns[0].table_name;
        let key = columns.iter().filter(|column| column.is_key);
        let key: Vec<&str> = key.map(|column| column.name.as_str()).collect();
        let kept = WIDE.iter().find(|(table, _)| table == name);
        let is_kept = |column: &&Column| {
            kept.is_none_or(|(_, columns)| columns.contains(&column.name.as_str()))
        };
        let lines: String = columns.iter().filter(is_kept).map(line).collect();
        let key = key.join(", ");
        text += &format!("diesel::table! {{\n    {name} ({key}) {{\n{lines}    }}\n}}\n\n");
    }
    text
}

fn line(column: &Column) -> String {
    let diesel_type = match column.type_name.as_str() {
        "uuid" => "Uuid",
        "bytea" | "BLOB" => "Binary",
        "text" | "TEXT" => "Text",
        "numeric" => "Numeric",
        "timestamptz" => "Timestamptz",
        "int2" => "SmallInt",
        "INTEGER" if SMALL.contains(&column.name.as_str()) => "Integer",
        "int8" | "INTEGER" => "BigInt",
        other => panic!("{}: what is {other} in Diesel?", column.name),
    };
    let diesel_type = match column.may_be_null {
        true => format!("Nullable<{diesel_type}>"),
        false => diesel_type.to_owned(),
    };
    // A word of Rust's.
    match column.name.as_str() {
        "type" => {
            format!("        #[sql_name = \"type\"]\n        transfer_type -> {diesel_type},\n")
        }
        name => format!("        {name} -> {diesel_type},\n"),
    }
}
