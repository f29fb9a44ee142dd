//! The tables of a ledger, as its database describes them, and their rows, as literals of SQL.

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::sql_types::{Bool, Text};
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl as _, SqliteConnection};
use wallet_integration::store::TestStore;

/// Between the columns of a row, in one text.
const SEPARATOR: char = '\u{1f}';

/// A connection of the test's own, next to the service's.
pub(crate) enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub(crate) struct Column {
    #[diesel(sql_type = Text)]
    pub(crate) table_name: String,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = Text)]
    pub(crate) type_name: String,
    #[diesel(sql_type = Bool)]
    pub(crate) may_be_null: bool,
    #[diesel(sql_type = Bool)]
    pub(crate) is_key: bool,
}

/// A table with all of its rows.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// One literal for each column.
    pub(super) rows: Vec<Vec<String>>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, p.name AS name, p.type AS type_name, \
    p.\"notnull\" = 0 AS may_be_null, p.pk > 0 AS is_key \
    FROM sqlite_master m JOIN pragma_table_info(m.name) p \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' \
    AND m.name <> '__diesel_schema_migrations' AND m.name NOT LIKE 'kept_%' ORDER BY m.name, p.cid";

const POSTGRES_COLUMNS: &str = "SELECT c.table_name::text, c.column_name::text AS name, \
    c.udt_name::text AS type_name, c.is_nullable = 'YES' AS may_be_null, \
    EXISTS (SELECT FROM pg_index i JOIN pg_attribute a \
        ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) \
        WHERE i.indrelid = c.table_name::regclass AND i.indisprimary \
        AND a.attname = c.column_name) AS is_key \
    FROM information_schema.columns c \
    JOIN information_schema.tables t USING (table_schema, table_name) \
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
    AND c.table_name <> '__diesel_schema_migrations' AND c.table_name NOT LIKE 'kept_%' \
    ORDER BY c.table_name, c.ordinal_position";

impl Database {
    /// Of a store whose schema is there.
    pub(crate) fn new(store: &TestStore) -> Self {
        match store.file() {
            Some(file) => {
                let mut connection = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
                let settings = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = OFF";
                connection.batch_execute(settings).unwrap();
                Self::Sqlite(connection)
            }
            None => {
                let mut connection = PgConnection::establish(&store.url()).unwrap();
                let settings = "SET synchronous_commit = off; SET client_min_messages = error";
                connection.batch_execute(settings).unwrap();
                Self::Postgres(connection)
            }
        }
    }

    pub(super) fn execute(&mut self, sql: &str) -> QueryResult<()> {
        match self {
            Self::Sqlite(connection) => connection.batch_execute(sql),
            Self::Postgres(connection) => connection.batch_execute(sql),
        }
    }

    pub(crate) fn columns(&mut self) -> Vec<Column> {
        match self {
            Self::Sqlite(connection) => diesel::sql_query(SQLITE_COLUMNS).load(connection),
            Self::Postgres(connection) => diesel::sql_query(POSTGRES_COLUMNS).load(connection),
        }
        .unwrap()
    }

    /// Every table, with its rows in the order of the key.
    pub(super) fn tables(&mut self) -> Vec<Table> {
        let columns = self.columns();
        let tables = columns.chunk_by(|one, next| one.table_name == next.table_name);
        tables
            .map(|columns| Table {
                name: columns[0].table_name.clone(),
                columns: columns.to_vec(),
                rows: self.rows(columns),
            })
            .collect()
    }

    fn rows(&mut self, columns: &[Column]) -> Vec<Vec<String>> {
        let quoted = columns.iter().map(|column| match self {
            Self::Sqlite(_) => format!("quote(\"{}\")", column.name),
            Self::Postgres(_) => format!("quote_nullable(\"{}\"::text)", column.name),
        });
        let separator = match self {
            Self::Sqlite(_) => " || char(31) || ",
            Self::Postgres(_) => " || chr(31) || ",
        };
        let line = quoted.collect::<Vec<_>>().join(separator);
        let key = columns.iter().filter(|column| column.is_key);
        let key: Vec<String> = key.map(|column| format!("\"{}\"", column.name)).collect();
        let sql = format!(
            "SELECT {line} AS line FROM {} ORDER BY {}",
            columns[0].table_name,
            key.join(", ")
        );
        let lines: Vec<Line> = match self {
            Self::Sqlite(connection) => diesel::sql_query(sql).load(connection),
            Self::Postgres(connection) => diesel::sql_query(sql).load(connection),
        }
        .unwrap();
        let lines = lines.into_iter();
        lines
            .map(|it| it.line.split(SEPARATOR).map(str::to_owned).collect())
            .collect()
    }
}

impl Table {
    /// The condition that only this row fulfils.
    pub(super) fn is_row(&self, row: &[String]) -> String {
        let columns = self.columns.iter().zip(row);
        let keys = columns.filter(|(column, _)| column.is_key);
        let keys = keys.map(|(column, value)| format!("\"{}\" = {value}", column.name));
        keys.collect::<Vec<_>>().join(" AND ")
    }

    /// Keeps the rows aside.
    pub(super) fn keep(&self, database: &mut Database) {
        let name = &self.name;
        let sql = format!("CREATE TABLE kept_{name} AS SELECT * FROM {name}");
        database.execute(&sql).unwrap();
    }

    /// Puts the rows back that were kept.
    pub(super) fn put_back(&self, database: &mut Database) {
        let name = &self.name;
        let sql = format!(
            "BEGIN; DELETE FROM {name}; INSERT INTO {name} SELECT * FROM kept_{name}; COMMIT"
        );
        database.execute(&sql).unwrap();
    }
}
