//! The statement that reads what a batch needs.
//!
//! Under READ COMMITTED, each statement has its own snapshot. So one statement reads everything:
//! each table is a value of its one row, in columns ([`columnar`]) or as an array of records. A
//! command is then decided, or refused, on one state of the ledger. It never sees the effects of a
//! write whose id it has missed.
//!
//! Accounts and transfers are always read. Other tables are optional sections of the statement's
//! text, which are there if a command needs them. Diesel caches one prepared statement for each
//! text.

mod columnar;
mod sections;

use diesel::deserialize::{self, FromSql, Queryable};
use diesel::pg::data_types::PgTimestamp;
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{
    Array, BigInt, Nullable, Numeric, Record, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use uuid::Uuid;
use wallet_domain::{AccountId, QuoteId, RateId, ReadSet, ShortText, TransferId};

use columnar::{Columnar, ColumnarRow};
use sections::{Exchange, Names, push_columns, push_spendings, push_transfers};

use crate::rows::{
    AccountRow, CurrencyRow, HoldRow, QuoteRow, RateRow, SpendingRow, TransferRow, stored_time,
};
use crate::schema::{currencies, quotes, rates, spendings};

/// The rows of a read set that exist, from one snapshot.
#[derive(Queryable)]
pub(crate) struct Loaded {
    pub(crate) accounts: Columnar<AccountRow>,
    pub(crate) transfers: Vec<TransferRow>,
    pub(crate) spendings: Option<Vec<SpendingRow>>,
    pub(crate) holds: Option<Columnar<HoldRow>>,
    pub(crate) rates: Option<Vec<RateRow>>,
    pub(crate) current_rates: Option<Vec<RateRow>>,
    pub(crate) quotes: Option<Vec<QuoteRow>>,
    pub(crate) external_ids: Option<Vec<(String, Uuid)>>,
    pub(crate) currencies: Option<Vec<CurrencyRow>>,
}

/// Reads the rows of a read set that exist. Of the currencies, it reads only those in `unseen`. It
/// reads spendings only if `with_spendings` is set: most batches touch no account with velocity
/// limits.
pub(crate) fn batch_load(
    connection: &mut PgConnection,
    reads: &ReadSet,
    unseen: &[&str],
    with_spendings: bool,
) -> QueryResult<Loaded> {
    let pairs = reads.pairs.iter();
    let (bases, counters) = pairs
        .map(|pair| (pair.base.as_str(), pair.counter.as_str()))
        .unzip();
    let exchange = Exchange {
        rates: reads.rates.iter().map(RateId::as_uuid).collect(),
        bases,
        counters,
        quotes: reads.quotes.iter().map(QuoteId::as_uuid).collect(),
    };
    let names = Names {
        external_ids: reads.external_ids.iter().map(ShortText::as_str).collect(),
        currencies: unseen.to_vec(),
    };
    let limited = reads.spendings.iter().map(AccountId::as_uuid);
    let holds = reads.holds.iter().map(TransferId::as_uuid);
    BatchLoad {
        accounts: reads.accounts.iter().map(AccountId::as_uuid).collect(),
        transfers: reads.transfers.iter().map(TransferId::as_uuid).collect(),
        limited: with_spendings.then(|| limited.collect()),
        around: stored_time(reads.spendings_around()),
        holds: (!reads.holds.is_empty()).then(|| holds.collect()),
        exchange: exchange.is_needed().then_some(exchange),
        names: names.is_needed().then_some(names),
    }
    .get_result(connection)
}

/// Those of the transfers that exist, each with the balances of its parts.
pub(crate) fn transfer_load(
    connection: &mut PgConnection,
    ids: impl IntoIterator<Item = Uuid>,
) -> QueryResult<Vec<TransferRow>> {
    TransferLoad(ids.into_iter().collect()).get_result(connection)
}

/// Rows of a table, as one value.
type Rows<Columns> = Array<Record<Columns>>;

type SideColumns = (
    Nullable<SqlUuid>,
    Nullable<BigInt>,
    Nullable<Numeric>,
    Nullable<Numeric>,
    Nullable<Numeric>,
    Nullable<SmallInt>,
);

type DetailsColumns = (
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Timestamptz>,
    Nullable<Text>,
);

type HoldOfTransferColumns = (
    Nullable<SqlUuid>,
    Nullable<Numeric>,
    Nullable<Numeric>,
    Nullable<SmallInt>,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
);

type TransferColumns = (
    SqlUuid,
    SmallInt,
    Text,
    Numeric,
    Timestamptz,
    Record<SideColumns>,
    Record<SideColumns>,
    Record<DetailsColumns>,
    Nullable<SqlUuid>,
    Nullable<Numeric>,
    Record<HoldOfTransferColumns>,
    Record<(Nullable<Numeric>, Nullable<SmallInt>, Nullable<Text>)>,
    Record<(Nullable<SqlUuid>, Nullable<SmallInt>, Nullable<SqlUuid>)>,
);

/// Reads a record of these columns like a row.
macro_rules! rows_from_records {
    ($($Row:ty: $Columns:ty,)+) => {$(
        impl FromSql<Record<$Columns>, Pg> for $Row {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                let columns = FromSql::<Record<$Columns>, Pg>::from_sql(value)?;
                <Self as Queryable<$Columns, Pg>>::build(columns)
            }
        }
    )+};
}

rows_from_records! {
    TransferRow: TransferColumns,
    SpendingRow: spendings::SqlType,
    RateRow: rates::SqlType,
    QuoteRow: quotes::SqlType,
    CurrencyRow: currencies::SqlType,
}

struct BatchLoad<'a> {
    accounts: Vec<Uuid>,
    transfers: Vec<Uuid>,
    /// Accounts that may get velocity limits. Their spendings are read, and those of accounts with
    /// limits.
    limited: Option<Vec<Uuid>>,
    /// The time around which spendings are read.
    around: PgTimestamp,
    holds: Option<Vec<Uuid>>,
    exchange: Option<Exchange<'a>>,
    names: Option<Names<'a>>,
}

/// The text depends on the sections, so the text is the key of the prepared statement.
impl QueryId for BatchLoad<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for BatchLoad<'_> {
    type SqlType = (
        <AccountRow as ColumnarRow>::SqlType,
        Rows<TransferColumns>,
        Nullable<Rows<spendings::SqlType>>,
        Nullable<<HoldRow as ColumnarRow>::SqlType>,
        Nullable<Rows<rates::SqlType>>,
        Nullable<Rows<rates::SqlType>>,
        Nullable<Rows<quotes::SqlType>>,
        Nullable<Rows<(Text, SqlUuid)>>,
        Nullable<Rows<currencies::SqlType>>,
    );
}

impl RunQueryDsl<PgConnection> for BatchLoad<'_> {}

impl QueryFragment<Pg> for BatchLoad<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        push_columns::<AccountRow>(&self.accounts, &mut out)?;
        out.push_sql(", ");
        push_transfers(&self.transfers, &mut out)?;
        out.push_sql(", ");
        match &self.limited {
            Some(limited) => {
                push_spendings(&self.accounts, limited, &self.around, &mut out)?;
            }
            None => out.push_sql("NULL"),
        }
        out.push_sql(", ");
        match &self.holds {
            Some(holds) => push_columns::<HoldRow>(holds, &mut out)?,
            None => out.push_sql("NULL"),
        }
        out.push_sql(", ");
        match &self.exchange {
            Some(exchange) => exchange.push(&mut out)?,
            None => out.push_sql("NULL, NULL, NULL"),
        }
        out.push_sql(", ");
        match &self.names {
            Some(names) => names.push(&mut out),
            None => {
                out.push_sql("NULL, NULL");
                Ok(())
            }
        }
    }
}

struct TransferLoad(Vec<Uuid>);

impl QueryId for TransferLoad {
    type QueryId = TransferLoad;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for TransferLoad {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        push_transfers(&self.0, &mut out)
    }
}

impl Query for TransferLoad {
    type SqlType = Rows<TransferColumns>;
}

impl RunQueryDsl<PgConnection> for TransferLoad {}
