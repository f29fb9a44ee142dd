//! The sections of the statement that reads, one for each table.

use diesel::pg::Pg;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;
use wallet_domain::VELOCITY_COUNT_MAX;

use super::columnar::ColumnarRow;

/// The reads of exchanges.
pub(super) struct Exchange<'a> {
    pub(super) rates: Vec<Uuid>,
    pub(super) bases: Vec<&'a str>,
    pub(super) counters: Vec<&'a str>,
    pub(super) quotes: Vec<Uuid>,
}

impl Exchange<'_> {
    pub(super) fn is_needed(&self) -> bool {
        !(self.rates.is_empty() && self.bases.is_empty() && self.quotes.is_empty())
    }
}

/// The reads by name.
pub(super) struct Names<'a> {
    pub(super) external_ids: Vec<&'a str>,
    pub(super) currencies: Vec<&'a str>,
}

impl Names<'_> {
    pub(super) fn is_needed(&self) -> bool {
        !(self.external_ids.is_empty() && self.currencies.is_empty())
    }
}

/// The rows with these ids, as an array for each column.
pub(super) fn push_columns<'b, Row: ColumnarRow>(
    ids: &'b [Uuid],
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    out.push_sql(Row::SELECT);
    out.push_sql(" WHERE id = ANY(");
    out.push_bind_param::<Array<SqlUuid>, _>(ids)?;
    out.push_sql("))");
    Ok(())
}

pub(super) fn push_transfers<'b>(
    ids: &'b [Uuid],
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
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

/// Reads as many spendings of an account as its most generous limit lets through, or as any limit
/// may: of those up to a time, and of those after it.
pub(super) fn push_spendings<'b>(
    ids: &'b [Uuid],
    limited: &'b [Uuid],
    around: &'b PgTimestamp,
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
        ")) AS a CROSS JOIN LATERAL (\
         (SELECT * FROM spendings WHERE account_id = a.id AND a.count > 0 AND created_at <= ",
    );
    out.push_bind_param::<Timestamptz, _>(around)?;
    out.push_sql(
        " ORDER BY created_at DESC, version DESC LIMIT a.count) UNION ALL \
         (SELECT * FROM spendings WHERE account_id = a.id AND a.count > 0 AND created_at > ",
    );
    out.push_bind_param::<Timestamptz, _>(around)?;
    out.push_sql(
        " ORDER BY created_at, version LIMIT a.count)) AS s ORDER BY s.account_id, s.version)",
    );
    Ok(())
}

const COUNT_MAX: i64 = VELOCITY_COUNT_MAX as i64;

impl Exchange<'_> {
    pub(super) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
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
    pub(super) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("ARRAY(SELECT ROW(external_id, id) FROM accounts WHERE external_id = ANY(");
        out.push_bind_param::<Array<Text>, _>(&self.external_ids)?;
        out.push_sql(")), ARRAY(SELECT ROW(code, precision) FROM currencies WHERE code = ANY(");
        out.push_bind_param::<Array<Text>, _>(&self.currencies)?;
        out.push_sql("))");
        Ok(())
    }
}
