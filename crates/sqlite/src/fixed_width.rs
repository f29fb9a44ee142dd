//! Many rows as one bound value: fixed-width records.
//!
//! SQLite has no arrays. A statement with a placeholder for each value differs for each number of
//! rows, and would be parsed again for every batch. Instead, one blob of fixed-width records holds
//! all rows of a batch. The statement never changes and is prepared once. It cuts the blob into
//! columns: the recursive table `record` counts the offsets `at` of the records, and [`Field`]
//! defines how to cut out a column. The same layout writes the records and the SQL, so they cannot
//! disagree.
//!
//! Diesel caches a prepared statement by the type of a query with a static `QueryId`, and otherwise
//! by its text, unless the query reports that its text changes on each call. Inserts of several
//! rows and `sql_query` report that. This is why there is a query type here, [`Over`]. It has a
//! static id, so not even its text is built again.

use std::fmt::{Display, Write};
use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Binary;
use diesel::sqlite::Sqlite;
use uuid::Uuid;

/// The width of an integer: the longest `i64` in decimal digits, with its sign.
const INTEGER: usize = 20;

/// How a column is written into a record and cut out of it.
#[derive(Clone, Copy)]
pub(crate) enum Field {
    /// 16 bytes.
    Id,
    /// 16 bytes; all zero for `NULL`, because no id is nil.
    OptionalId,
    /// Decimal digits, padded with spaces on the left.
    Integer,
    /// The same; zero for `NULL`.
    OptionalInteger,
    /// The same; only spaces for `NULL`, for columns in which zero is a value.
    OptionalNumber,
    /// Text without spaces at its end, padded with spaces on the right up to a width.
    Text(usize),
    /// The same; empty for `NULL`.
    OptionalText(usize),
}

impl Field {
    fn width(self) -> usize {
        match self {
            Self::Id | Self::OptionalId => 16,
            Self::Integer | Self::OptionalInteger | Self::OptionalNumber => INTEGER,
            Self::Text(width) | Self::OptionalText(width) => width,
        }
    }

    fn cut(self, offset: usize) -> String {
        let bytes = format!("substr(?1, at + {offset}, {})", self.width());
        match self {
            Self::Id => bytes,
            Self::OptionalId => format!("nullif({bytes}, zeroblob(16))"),
            Self::Integer => format!("CAST({bytes} AS INTEGER)"),
            Self::OptionalInteger => format!("nullif(CAST({bytes} AS INTEGER), 0)"),
            Self::OptionalNumber => format!("CAST(nullif(trim({bytes}), '') AS INTEGER)"),
            Self::Text(_) => format!("rtrim({bytes})"),
            Self::OptionalText(_) => format!("nullif(rtrim({bytes}), '')"),
        }
    }
}

/// The columns of a record, in order.
pub(crate) type Layout = [(&'static str, Field)];

/// The beginning of every statement: the table `record`, with a row for each record of `?1`.
pub(crate) fn with_record(layout: &Layout) -> String {
    let width: usize = layout.iter().map(|(_, field)| field.width()).sum();
    format!(
        "WITH RECURSIVE record(at) AS (\
         SELECT 1 UNION ALL SELECT at + {width} FROM record WHERE at + {width} < length(?1)) "
    )
}

/// `INSERT INTO table (…) SELECT … FROM record`, for all columns of a layout.
pub(crate) fn insert(table: &str, layout: &Layout) -> String {
    let mut names = Vec::new();
    let mut values = Vec::new();
    let mut offset = 0;
    for (name, field) in layout {
        names.push(*name);
        values.push(field.cut(offset));
        offset += field.width();
    }
    format!(
        "{} INSERT OR FAIL INTO {table} ({}) SELECT {} FROM record",
        with_record(layout),
        names.join(", "),
        values.join(", "),
    )
}

/// The same, for a table whose key is the first column. For existing rows, it updates the columns
/// in `changed`.
pub(crate) fn upsert(table: &str, layout: &Layout, changed: &[&str]) -> String {
    let key = layout.first().map_or("", |(name, _)| name);
    let assignments = changed
        .iter()
        .map(|name| format!("{name} = excluded.{name}"));
    let assignments: Vec<String> = assignments.collect();
    format!(
        // Without WHERE, SQLite parses ON as the beginning of a join.
        "{} WHERE true ON CONFLICT ({key}) DO UPDATE SET {}",
        insert(table, layout),
        assignments.join(", "),
    )
}

/// `UPDATE table SET … FROM record`, for the row that the first column of a layout names.
pub(crate) fn update(table: &str, layout: &Layout) -> String {
    let mut assignments = Vec::new();
    let mut offset = 0;
    for (name, field) in layout {
        assignments.push(format!("{name} = {}", field.cut(offset)));
        offset += field.width();
    }
    let key = assignments.remove(0);
    format!(
        "{} UPDATE OR FAIL {table} SET {} FROM record WHERE {table}.{key}",
        with_record(layout),
        assignments.join(", "),
    )
}

/// Writes records, field by field, in the order of their layout.
#[derive(Default)]
pub(crate) struct Records {
    bytes: Vec<u8>,
    text: String,
}

impl Records {
    pub(crate) fn id(&mut self, id: Uuid) {
        self.bytes.extend_from_slice(id.as_bytes());
    }

    pub(crate) fn optional_id(&mut self, id: Option<Uuid>) {
        self.id(id.unwrap_or_default());
    }

    pub(crate) fn integer(&mut self, value: impl Into<i64>) {
        self.pad(&value.into(), INTEGER, Pad::Left);
    }

    pub(crate) fn text(&mut self, value: impl Display, width: usize) {
        self.pad(&value, width, Pad::Right);
    }

    pub(crate) fn optional_text(&mut self, value: Option<impl Display>, width: usize) {
        match value {
            Some(value) => self.text(value, width),
            None => self.text("", width),
        }
    }

    pub(crate) fn optional_number(&mut self, value: Option<impl Into<i64>>) {
        self.optional_text(value.map(Into::<i64>::into), INTEGER);
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn pad(&mut self, value: &dyn Display, width: usize, side: Pad) {
        self.text.clear();
        let _ = write!(self.text, "{value}");
        // A longer value would shift every record after it. The types of the domain rule that out.
        assert!(self.text.len() <= width, "{value} is wider than {width}");
        let spaces = std::iter::repeat_n(b' ', width.saturating_sub(self.text.len()));
        match side {
            Pad::Left => self.bytes.extend(spaces.chain(self.text.bytes())),
            Pad::Right => self.bytes.extend(self.text.bytes().chain(spaces)),
        }
    }
}

enum Pad {
    Left,
    Right,
}

/// A statement whose text never changes, over the records of `?1`.
pub(crate) trait Statement: 'static {
    /// The types of the columns that it returns.
    type SqlType;

    fn sql() -> &'static str;
}

/// A [`Statement`] and its records, as a query for Diesel.
pub(crate) struct Over<'a, S> {
    records: &'a [u8],
    statement: PhantomData<S>,
}

impl<'a, S> Over<'a, S> {
    fn new(records: &'a Records) -> Self {
        Self {
            records: records.bytes(),
            statement: PhantomData,
        }
    }
}

impl<S: Statement> QueryFragment<Sqlite> for Over<'_, S> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        // Diesel writes a placeholder as "?". The first one is number 1, and "?1" refers to it
        // again.
        let (before, after) = S::sql().split_once("?1").unwrap_or((S::sql(), ""));
        out.push_sql(before);
        out.push_bind_param::<Binary, _>(self.records)?;
        out.push_sql(after);
        Ok(())
    }
}

/// One type has one text, so Diesel can cache the prepared statement.
impl<S: Statement> QueryId for Over<'_, S> {
    type QueryId = Over<'static, S>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<S: Statement> Query for Over<'_, S> {
    type SqlType = S::SqlType;
}

impl<S> RunQueryDsl<SqliteConnection> for Over<'_, S> {}

/// Runs a statement that returns rows.
pub(crate) fn load<'q, S, Row>(
    connection: &mut SqliteConnection,
    records: &'q Records,
) -> QueryResult<Vec<Row>>
where
    S: Statement,
    Over<'q, S>: diesel::query_dsl::LoadQuery<'q, SqliteConnection, Row>,
{
    Over::<S>::new(records).load(connection)
}

/// Runs a statement that changes rows, and returns their number.
pub(crate) fn execute<S: Statement>(
    connection: &mut SqliteConnection,
    records: &Records,
) -> QueryResult<usize> {
    Over::<S>::new(records).execute(connection)
}
