//! Many rows as one bound value.
//!
//! SQLite has no arrays. A statement that lists a placeholder for each value is another statement for
//! each number of rows, and would be parsed anew for every batch. Instead, all rows of a batch travel in
//! one blob of records of a fixed width, and the statement, always the same and prepared once, cuts them
//! apart: the recursive table `record` counts the places `at` where records begin, and [`Field`] says how
//! a column is cut out. The same layout writes the records and the SQL, so they cannot disagree.
//!
//! diesel keeps a prepared statement for each type of query that has a static `QueryId`, and else for each
//! text, unless the query says that its text differs each time; inserts of several rows and `sql_query` say so.
//! Hence a query type of our own, [`Over`]. It has a static id, so that its text is not even made again.

use std::fmt::{Display, Write};
use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Binary;
use diesel::sqlite::Sqlite;
use uuid::Uuid;

/// How wide an integer is: the longest `i64` in decimal digits, with its sign.
const INTEGER: usize = 20;

/// How a column is written into a record and cut out of it.
#[derive(Clone, Copy)]
pub(crate) enum Field {
    /// 16 bytes.
    Id,
    /// 16 bytes; all zero for `NULL`, which no id is.
    OptionalId,
    /// Decimal digits, spaces in front.
    Integer,
    /// The same; zero for `NULL`.
    OptionalInteger,
    /// The same; only spaces for `NULL`, where zero is something.
    OptionalNumber,
    /// Text with spaces behind, up to a width; the text itself has none.
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

/// The beginning of every statement: the table `record` with a row for each record of `?1`.
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

/// The same, for a table whose first column is its key: rows that are there are changed in the columns that `changed`
/// names.
pub(crate) fn upsert(table: &str, layout: &Layout, changed: &[&str]) -> String {
    let key = layout.first().map_or("", |(name, _)| name);
    let assignments = changed
        .iter()
        .map(|name| format!("{name} = excluded.{name}"));
    let assignments: Vec<String> = assignments.collect();
    format!(
        // Without WHERE, SQLite takes ON for the beginning of a join.
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

    pub(crate) fn integer(&mut self, value: i64) {
        self.pad(&value, INTEGER, Side::Front);
    }

    pub(crate) fn text(&mut self, value: impl Display, width: usize) {
        self.pad(&value, width, Side::Behind);
    }

    pub(crate) fn optional_text(&mut self, value: Option<impl Display>, width: usize) {
        match value {
            Some(value) => self.text(value, width),
            None => self.text("", width),
        }
    }

    pub(crate) fn optional_number(&mut self, value: Option<i64>) {
        self.optional_text(value, INTEGER);
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn pad(&mut self, value: &dyn Display, width: usize, side: Side) {
        self.text.clear();
        let _ = write!(self.text, "{value}");
        // A longer value would shift every record behind it; the domain's types do not let one through.
        assert!(self.text.len() <= width, "{value} is wider than {width}");
        let spaces = std::iter::repeat_n(b' ', width.saturating_sub(self.text.len()));
        match side {
            Side::Front => self.bytes.extend(spaces.chain(self.text.bytes())),
            Side::Behind => self.bytes.extend(self.text.bytes().chain(spaces)),
        }
    }
}

enum Side {
    Front,
    Behind,
}

/// A statement whose text never changes, over the records of `?1`.
pub(crate) trait Statement: 'static {
    /// The types of the columns that it gives.
    type SqlType;

    fn sql() -> &'static str;
}

/// A [`Statement`] with the records that it is about, as diesel sees it.
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
        // diesel writes a placeholder as "?"; the first one is number 1, and "?1" means it again.
        let (before, after) = S::sql().split_once("?1").unwrap_or((S::sql(), ""));
        out.push_sql(before);
        out.push_bind_param::<Binary, _>(self.records)?;
        out.push_sql(after);
        Ok(())
    }
}

/// One type, one text: this is what lets diesel keep the prepared statement.
impl<S: Statement> QueryId for Over<'_, S> {
    type QueryId = Over<'static, S>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<S: Statement> Query for Over<'_, S> {
    type SqlType = S::SqlType;
}

impl<S> RunQueryDsl<SqliteConnection> for Over<'_, S> {}

/// Runs a statement that gives rows.
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

/// Runs a statement that changes rows; gives their number.
pub(crate) fn execute<S: Statement>(
    connection: &mut SqliteConnection,
    records: &Records,
) -> QueryResult<usize> {
    Over::<S>::new(records).execute(connection)
}
