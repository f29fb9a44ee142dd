//! The statement that writes a batch.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use wallet_domain::{ChainLink, WriteSet};

use crate::columns::{AccountStates, Details, Links, Rules, TransferParts, Transfers};

/// Stores new transfers with their parts, and the accounts and holds that they change. One
/// statement writes all tables, in one round trip.
pub(crate) fn batch_write(
    connection: &mut PgConnection,
    writes: &WriteSet,
    links: &[ChainLink],
) -> QueryResult<usize> {
    BatchWrite {
        accounts: AccountStates::new(writes.accounts_changed.iter())?,
        transfers: Transfers::new(&writes.transfers)?,
        parts: TransferParts::new(&writes.transfers)?,
        details: Details::new(&writes.transfers)?,
        rules: Rules::new(writes),
        links: Links::new(links)?,
    }
    .execute(connection)
}

/// Most transfers have no details, and most accounts have no holds and no rules. Columns that are
/// not written cost nothing, so the text has four forms, and each is prepared once.
struct BatchWrite<'a> {
    accounts: AccountStates<'a>,
    transfers: Transfers<'a>,
    parts: TransferParts<'a>,
    details: Option<Details<'a>>,
    rules: Option<Rules<'a>>,
    links: Links<'a>,
}

/// The text varies, so the text is the key of the prepared statement.
impl QueryId for BatchWrite<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for BatchWrite<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH ");
        if let Some(rules) = &self.rules {
            self.holds(rules, &mut out)?;
            out.push_sql(", ");
        }
        self.transfers(&mut out)?;
        out.push_sql(", ");
        self.parts(&mut out)?;
        out.push_sql(", ");
        self.links(&mut out)?;
        out.push_sql(" ");
        self.accounts(&mut out)
    }
}

impl BatchWrite<'_> {
    /// If another writer has changed a hold since the snapshot, the key of the sender's part is
    /// violated and the whole statement is undone.
    fn holds<'b>(&'b self, rules: &'b Rules<'b>, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "changed_holds AS (\
             INSERT INTO holds \
             (id, sender_account_id, receiver_account_id, currency_code, amount, captured, \
             state, created_at, expires_at) SELECT * FROM unnest(",
        );
        rules.holds.push(out)?;
        out.push_sql(
            ") ON CONFLICT (id) DO UPDATE SET amount = excluded.amount, \
             captured = excluded.captured, state = excluded.state)",
        );
        Ok(())
    }

    fn transfers<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "new_transfers AS (\
             INSERT INTO transfers \
             (id, type, currency_code, amount, sender_account_id, sender_version, \
             receiver_account_id, receiver_version, created_at",
        );
        if self.details.is_some() {
            out.push_sql(", reference, metadata, effective_at, reverses, created_by");
        }
        if self.rules.is_some() {
            out.push_sql(
                ", hold_id, hold_amount, hold_captured, hold_state, hold_created_at, \
                 hold_expires_at, credit_limit, status, leader_id, followers, quote_id",
            );
        }
        out.push_sql(") SELECT * FROM unnest(");
        self.transfers.push(out)?;
        if let Some(details) = &self.details {
            out.push_sql(", ");
            details.push(out)?;
        }
        if let Some(rules) = &self.rules {
            out.push_sql(", ");
            rules.transfers.push(out)?;
        }
        out.push_sql("))");
        Ok(())
    }

    fn parts<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "new_parts AS (\
             INSERT INTO transfer_parts \
             (account_id, version, transfer_id, type, corresponding_account_id, direction, \
             amount, balance, created_at",
        );
        if self.details.is_some() {
            out.push_sql(", effective_at");
        }
        if self.rules.is_some() {
            out.push_sql(", held, credit_limit, status");
        }
        out.push_sql(") SELECT * FROM unnest(");
        self.parts.push(out)?;
        if self.details.is_some() {
            out.push_sql(", ");
            self.parts.push_effective_at(out)?;
        }
        if let Some(rules) = &self.rules {
            out.push_sql(", ");
            rules.parts.push(out)?;
        }
        out.push_sql("))");
        Ok(())
    }

    fn links<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "new_links AS (INSERT INTO chain_links (lane, number, hash, entries) \
             SELECT * FROM unnest(",
        );
        self.links.push(out)?;
        out.push_sql("))");
        Ok(())
    }

    fn accounts<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "UPDATE accounts SET balance = row.balance, version = row.version, \
             updated_at = row.updated_at, \
             listed_at = CASE WHEN row.updated_at > listed_at + interval '10 seconds' \
             THEN row.updated_at ELSE listed_at END",
        );
        if self.rules.is_some() {
            out.push_sql(", held = row.held, credit_limit = row.credit_limit, status = row.status");
        }
        out.push_sql(" FROM unnest(");
        self.accounts.push(out)?;
        if let Some(rules) = &self.rules {
            out.push_sql(", ");
            rules.accounts.push(out)?;
        }
        out.push_sql(") AS row (id, balance, version, updated_at");
        if self.rules.is_some() {
            out.push_sql(", held, credit_limit, status");
        }
        out.push_sql(") WHERE accounts.id = row.id");
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for BatchWrite<'_> {}
