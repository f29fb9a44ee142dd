//! The statement that reads what a batch needs.
//!
//! Under READ COMMITTED, each statement has a snapshot of its own. So everything is read by one statement: each
//! table is an array of records, and the whole is one row. A command is then decided, and refused, on one state
//! of the ledger, never on the id of a write from before its commit and on its effects from after it.
//!
//! Accounts and transfers are always read. The rest is there where a command names it, as a section that the
//! statement's text has or has not; diesel keeps one prepared statement for each text.

use diesel::deserialize::{self, FromSql, Queryable};
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{
    Array, BigInt, Nullable, Numeric, Record, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use uuid::Uuid;
use wallet_domain::{
    AccountId, QuoteId, RateId, ReadSet, ShortText, TransferId, VELOCITY_COUNT_MAX,
};

use crate::rows::{AccountRow, CurrencyRow, HoldRow, QuoteRow, RateRow, SpendingRow, TransferRow};
use crate::schema::{currencies, holds, quotes, rates, spendings};

/// What exists of a read set, all of it as of one moment.
pub(crate) type Loaded = (
    Vec<AccountRow>,
    Vec<TransferRow>,
    Option<Vec<SpendingRow>>,
    Option<Vec<HoldRow>>,
    Option<Vec<RateRow>>,
    Option<Vec<RateRow>>,
    Option<Vec<QuoteRow>>,
    Option<Vec<(String, Uuid)>>,
    Option<Vec<CurrencyRow>>,
);

/// Reads what exists of a read set; of the currencies those in `unseen`. What left accounts is read only where
/// `with_spendings` says so: most batches are about accounts without velocity limits.
pub(crate) fn load(
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
    Load {
        accounts: reads.accounts.iter().map(AccountId::as_uuid).collect(),
        transfers: reads.transfers.iter().map(TransferId::as_uuid).collect(),
        limited: with_spendings.then(|| limited.collect()),
        holds: (!reads.holds.is_empty()).then(|| holds.collect()),
        exchange: exchange.is_needed().then_some(exchange),
        names: names.is_needed().then_some(names),
    }
    .get_result(connection)
}

/// The transfers of these ids, whichever exist, each with the balances of its parts.
pub(crate) fn load_transfers(
    connection: &mut PgConnection,
    ids: impl IntoIterator<Item = Uuid>,
) -> QueryResult<Vec<TransferRow>> {
    LoadTransfers(ids.into_iter().collect()).get_result(connection)
}

/// Rows of a table, as one value.
type Rows<Columns> = Array<Record<Columns>>;

type AccountColumns = (
    SqlUuid,
    Text,
    Numeric,
    BigInt,
    Timestamptz,
    Timestamptz,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    BigInt,
    Nullable<Numeric>,
    Nullable<Numeric>,
    Nullable<SmallInt>,
    Nullable<Text>,
);

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

/// A record of these columns is read like a row of them.
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
    AccountRow: AccountColumns,
    TransferRow: TransferColumns,
    SpendingRow: spendings::SqlType,
    HoldRow: holds::SqlType,
    RateRow: rates::SqlType,
    QuoteRow: quotes::SqlType,
    CurrencyRow: currencies::SqlType,
}

struct Load<'a> {
    accounts: Vec<Uuid>,
    transfers: Vec<Uuid>,
    /// Accounts that may get velocity limits; what left them is read, and what left those that have some.
    limited: Option<Vec<Uuid>>,
    holds: Option<Vec<Uuid>>,
    exchange: Option<Exchange<'a>>,
    names: Option<Names<'a>>,
}

/// What exchanges need.
struct Exchange<'a> {
    rates: Vec<Uuid>,
    bases: Vec<&'a str>,
    counters: Vec<&'a str>,
    quotes: Vec<Uuid>,
}

impl Exchange<'_> {
    fn is_needed(&self) -> bool {
        !(self.rates.is_empty() && self.bases.is_empty() && self.quotes.is_empty())
    }
}

/// What is found by a name.
struct Names<'a> {
    external_ids: Vec<&'a str>,
    currencies: Vec<&'a str>,
}

impl Names<'_> {
    fn is_needed(&self) -> bool {
        !(self.external_ids.is_empty() && self.currencies.is_empty())
    }
}

/// The text depends on the sections, so it is what the prepared statement is found by.
impl QueryId for Load<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Load<'_> {
    type SqlType = (
        Rows<AccountColumns>,
        Rows<TransferColumns>,
        Nullable<Rows<spendings::SqlType>>,
        Nullable<Rows<holds::SqlType>>,
        Nullable<Rows<rates::SqlType>>,
        Nullable<Rows<rates::SqlType>>,
        Nullable<Rows<quotes::SqlType>>,
        Nullable<Rows<(Text, SqlUuid)>>,
        Nullable<Rows<currencies::SqlType>>,
    );
}

impl RunQueryDsl<PgConnection> for Load<'_> {}

impl QueryFragment<Pg> for Load<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        push_accounts(&self.accounts, &mut out)?;
        out.push_sql(", ");
        push_transfers(&self.transfers, &mut out)?;
        out.push_sql(", ");
        match &self.limited {
            Some(limited) => push_spendings(&self.accounts, limited, &mut out)?,
            None => out.push_sql("NULL"),
        }
        out.push_sql(", ");
        match &self.holds {
            Some(holds) => push_holds(holds, &mut out)?,
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

fn push_accounts<'b>(ids: &'b Vec<Uuid>, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql(
        "ARRAY(SELECT ROW(id, currency_code, balance, version, created_at, updated_at, \
         external_id, opening_metadata, metadata, metadata_version, \
         held, credit_limit, status, velocity_limits) \
         FROM accounts WHERE id = ANY(",
    );
    out.push_bind_param::<Array<SqlUuid>, _>(ids)?;
    out.push_sql("))");
    Ok(())
}

fn push_transfers<'b>(ids: &'b Vec<Uuid>, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql(
        "ARRAY(SELECT ROW(t.id, t.type, t.currency_code, t.amount, t.created_at, \
         ROW(t.sender_account_id, t.sender_version, s.balance, \
         s.held, s.credit_limit, s.status), \
         ROW(t.receiver_account_id, t.receiver_version, r.balance, \
         r.held, r.credit_limit, r.status), \
         ROW(t.reference, t.metadata, t.effective_at, t.created_by), \
         t.reverses, t.reversed_amount, \
         ROW(t.hold_id, t.hold_amount, t.hold_captured, t.hold_state, t.hold_created_at, \
         t.hold_expires_at), \
         ROW(t.credit_limit, t.status, t.velocity_limits), \
         ROW(t.leader_id, t.followers, t.quote_id)) \
         FROM transfers t \
         LEFT JOIN transfer_parts s \
         ON s.account_id = t.sender_account_id AND s.version = t.sender_version \
         LEFT JOIN transfer_parts r \
         ON r.account_id = t.receiver_account_id AND r.version = t.receiver_version \
         WHERE t.id = ANY(",
    );
    out.push_bind_param::<Array<SqlUuid>, _>(ids)?;
    out.push_sql("))");
    Ok(())
}

/// As many of an account as the most generous of its limits lets through, or as any limit may.
fn push_spendings<'b>(
    ids: &'b Vec<Uuid>,
    limited: &'b Vec<Uuid>,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    out.push_sql(
        "ARRAY(SELECT ROW(s.account_id, s.version, s.amount, s.created_at) \
         FROM (SELECT id, CASE WHEN id = ANY(",
    );
    out.push_bind_param::<Array<SqlUuid>, _>(limited)?;
    out.push_sql(") THEN ");
    out.push_bind_param::<BigInt, _>(&COUNT_MAX)?;
    out.push_sql(
        " ELSE (SELECT max((entry->>1)::bigint) \
         FROM json_array_elements(velocity_limits::json) AS entry) END AS count \
         FROM accounts WHERE id = ANY(",
    );
    out.push_bind_param::<Array<SqlUuid>, _>(ids)?;
    out.push_sql(
        ")) AS a \
         CROSS JOIN LATERAL (SELECT * FROM spendings WHERE account_id = a.id AND a.count > 0 \
         ORDER BY version DESC LIMIT a.count) AS s ORDER BY s.account_id, s.version)",
    );
    Ok(())
}

const COUNT_MAX: i64 = VELOCITY_COUNT_MAX as i64;

fn push_holds<'b>(ids: &'b Vec<Uuid>, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_sql(
        "ARRAY(SELECT ROW(id, sender_account_id, receiver_account_id, currency_code, amount, \
         captured, state, created_at, expires_at) FROM holds WHERE id = ANY(",
    );
    out.push_bind_param::<Array<SqlUuid>, _>(ids)?;
    out.push_sql("))");
    Ok(())
}

impl Exchange<'_> {
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "ARRAY(SELECT ROW(base_currency_code, counter_currency_code, version, id, bid, ask, \
             created_at) FROM rates WHERE id = ANY(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.rates)?;
        out.push_sql(
            ")), ARRAY(SELECT ROW(newest.base_currency_code, newest.counter_currency_code, \
             newest.version, newest.id, newest.bid, newest.ask, newest.created_at) FROM unnest(",
        );
        out.push_bind_param::<Array<Text>, _>(&self.bases)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.counters)?;
        out.push_sql(
            ") AS pair (base, counter) \
             CROSS JOIN LATERAL (SELECT * FROM rates WHERE base_currency_code = pair.base \
             AND counter_currency_code = pair.counter ORDER BY version DESC LIMIT 1) AS newest), \
             ARRAY(SELECT ROW(id, rate_id, sell_currency_code, sell_amount, buy_currency_code, \
             buy_amount, spread_amount, fixed_side, created_at, expires_at, exchange_id) \
             FROM quotes WHERE id = ANY(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.quotes)?;
        out.push_sql("))");
        Ok(())
    }
}

impl Names<'_> {
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("ARRAY(SELECT ROW(external_id, id) FROM accounts WHERE external_id = ANY(");
        out.push_bind_param::<Array<Text>, _>(&self.external_ids)?;
        out.push_sql(")), ARRAY(SELECT ROW(code, precision) FROM currencies WHERE code = ANY(");
        out.push_bind_param::<Array<Text>, _>(&self.currencies)?;
        out.push_sql("))");
        Ok(())
    }
}

struct LoadTransfers(Vec<Uuid>);

impl QueryId for LoadTransfers {
    type QueryId = LoadTransfers;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for LoadTransfers {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        push_transfers(&self.0, &mut out)
    }
}

impl Query for LoadTransfers {
    type SqlType = Rows<TransferColumns>;
}

impl RunQueryDsl<PgConnection> for LoadTransfers {}
