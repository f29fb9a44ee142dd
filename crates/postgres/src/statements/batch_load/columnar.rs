//! Rows of a table as one array for each column.
//!
//! One statement can read several tables only as values. `ARRAY(SELECT ROW(…))` is the obvious
//! value, but PostgreSQL sends the type of each field of each record with it, which costs about
//! three times as much of its time as plain rows. An array for each column costs as much as plain
//! rows. So the tables of which a batch reads many rows are read in this way.

use bigdecimal::BigDecimal;
use diesel::deserialize::{self, FromSql, FromSqlRow, Queryable};
use diesel::pg::data_types::PgTimestamp;
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::{
    Array, BigInt, Nullable, Numeric, Record, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use uuid::Uuid;

use crate::rows::{AccountRow, HoldRow};

/// Rows that were read as columns.
#[derive(FromSqlRow)]
pub(crate) struct Columnar<T>(pub(crate) Vec<T>);

/// A row that can be read as columns.
pub(super) trait ColumnarRow {
    /// The SQL type of its table.
    type SqlType;

    /// The expression that reads its table; the condition follows.
    const SELECT: &'static str;
}

/// For each row: its table, and its columns in the order of its fields, with their types in Rust
/// and in SQL.
macro_rules! columnar_rows {
    ($($Row:ty, $table:literal {
        $first:ident: $FirstType:ty as $FirstSql:ty,
        $($column:ident: $Type:ty as $Sql:ty,)+
    })+) => {$(
        impl ColumnarRow for $Row {
            type SqlType = Record<(
                Nullable<Array<$FirstSql>>,
                $(Nullable<Array<$Sql>>,)+
            )>;

            const SELECT: &'static str = concat!(
                "(SELECT ROW(array_agg(", stringify!($first), ")",
                $(", array_agg(", stringify!($column), ")",)+
                ") FROM ", $table,
            );
        }

        impl FromSql<<$Row as ColumnarRow>::SqlType, Pg> for Columnar<$Row> {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                type Columns = (Option<Vec<$FirstType>>, $(Option<Vec<$Type>>,)+);
                let columns = FromSql::<<$Row as ColumnarRow>::SqlType, Pg>::from_sql(value)?;
                let ($first, $($column,)+): Columns = columns;
                // No rows make no array, and all arrays have the same length.
                $(let mut $column = $column.into_iter().flatten();)+
                let rows = $first.into_iter().flatten().map_while(|first| {
                    let row = (first, $($column.next()?,)+);
                    Some(<$Row as Queryable<($FirstSql, $($Sql,)+), Pg>>::build(row))
                });
                Ok(Self(rows.collect::<deserialize::Result<_>>()?))
            }
        }
    )+};
}

columnar_rows! {
    AccountRow, "accounts" {
        id: Uuid as SqlUuid,
        currency_code: String as Text,
        balance: BigDecimal as Numeric,
        version: i64 as BigInt,
        created_at: PgTimestamp as Timestamptz,
        updated_at: PgTimestamp as Timestamptz,
        external_id: Option<String> as Nullable<Text>,
        opening_metadata: Option<String> as Nullable<Text>,
        metadata: Option<String> as Nullable<Text>,
        metadata_version: i64 as BigInt,
        held: Option<BigDecimal> as Nullable<Numeric>,
        credit_limit: Option<BigDecimal> as Nullable<Numeric>,
        status: Option<i16> as Nullable<SmallInt>,
        velocity_limits: Option<String> as Nullable<Text>,
    }

    HoldRow, "holds" {
        id: Uuid as SqlUuid,
        sender_account_id: Uuid as SqlUuid,
        receiver_account_id: Uuid as SqlUuid,
        currency_code: String as Text,
        amount: BigDecimal as Numeric,
        captured: BigDecimal as Numeric,
        state: i16 as SmallInt,
        created_at: PgTimestamp as Timestamptz,
        expires_at: Option<PgTimestamp> as Nullable<Timestamptz>,
    }
}
