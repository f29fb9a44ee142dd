//! The read side: lists and instants, each read from one consistent committed state.
//!
//! | file | holds |
//! |---|---|
//! | `queries.rs` | single rows |
//! | `queries/accounts.rs` | lists of accounts |
//! | `queries/exchange.rs` | rates and quotes |
//! | `queries/transfers.rs` | lists of transfers |
//! | `queries/transfer_parts.rs` | histories by version |
//! | `queries/holds.rs` | holds |
//! | `queries/places.rs` | places in lists |
//! | `queries/totals.rs` | sums over a range of versions |
//! | `queries/instants.rs` | versions and balances at an instant |
//! | `queries/whole_ledger.rs` | the reads of a verification and of a copy |

mod accounts;
mod exchange;
mod holds;
mod instants;
mod places;
mod totals;
mod transfer_parts;
mod transfers;
mod whole_ledger;

use diesel::prelude::*;
use wallet_domain::{
    Account, AccountFilter, AccountId, Amount, ChainEnd, ChainLink, Currency, CurrencyPair,
    DescribedHold, Hold, HoldFilter, Lane, LedgerQueries, Quote, QuoteFilter, QuoteId, QuotePlace,
    Rate, StatementLine, StoreError, TimeAxis, Timestamp, TransferFilter, TransferId, TransferPart,
    TransferPlace, TransferState,
};

use crate::chain;
use crate::readers::{Readers, is_in_transaction};
use crate::rows::{AccountRow, CurrencyRow, TransferRow, into_query_result, stored_version};
use crate::schema::{accounts as accounts_table, currencies};
use crate::statements;

impl LedgerQueries for Readers {
    fn accounts_least_recently_updated(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        self.read("list the accounts", |connection| {
            // Two statements that must read the same state.
            in_one_snapshot(connection, |connection| {
                accounts::least_recently_updated(connection, limit)
            })
        })
    }

    fn currencies(&self) -> Result<Vec<Currency>, StoreError> {
        self.look_up("list the currencies", |connection| {
            let rows = currencies::table.order(currencies::code);
            let rows: Vec<CurrencyRow> = rows.load(connection)?;
            let rows = rows.into_iter();
            rows.map(|row| into_query_result(row.into_currency()))
                .collect()
        })
    }

    fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.look_up("read an account", |connection| {
            let row: Option<AccountRow> = accounts_table::table
                .find(id.as_uuid())
                .select(accounts::COLUMNS)
                .first(connection)
                .optional()?;
            let account = row.map(|row| into_query_result(row.into_account()));
            account.transpose()
        })
    }

    fn accounts(
        &self,
        filter: &AccountFilter,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        self.read("list the accounts", |connection| {
            accounts::by_id(connection, filter, after, limit)
        })
    }

    fn transfer(&self, id: TransferId) -> Result<Option<TransferState>, StoreError> {
        self.look_up("read a transfer", |connection| {
            let rows = statements::transfer_load(connection, [id.as_uuid()])?;
            let mut states = rows.into_iter().map(TransferRow::into_state);
            states.next().map(into_query_result).transpose()
        })
    }

    fn transfers(
        &self,
        filter: &TransferFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<TransferState>, StoreError> {
        self.read("list the transfers", |connection| {
            in_one_snapshot(connection, |connection| {
                transfers::newest(connection, filter, after, limit)
            })
        })
    }

    fn transfer_parts_newest(
        &self,
        account_id: AccountId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        self.read("list the transfer parts of an account", |connection| {
            transfer_parts::newest(connection, account_id, below, limit)
        })
    }

    fn moving_parts_newest(
        &self,
        account_id: AccountId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        self.read(
            "list the parts of an account that moved money",
            |connection| transfer_parts::moving_newest(connection, account_id, below, limit),
        )
    }

    fn transfer_parts_oldest(
        &self,
        account_id: AccountId,
        above: u64,
        limit: u32,
    ) -> Result<Vec<TransferPart>, StoreError> {
        self.read("list the transfer parts of an account", |connection| {
            transfer_parts::oldest(connection, account_id, above, limit)
        })
    }

    fn statement_lines(
        &self,
        account_id: AccountId,
        above: u64,
        limit: u32,
    ) -> Result<Vec<StatementLine>, StoreError> {
        self.read("list the lines of a statement", |connection| {
            transfer_parts::lines(connection, account_id, above, limit)
        })
    }

    fn hold(&self, id: TransferId) -> Result<Option<Hold>, StoreError> {
        self.look_up("read a hold", |connection| holds::by_id(connection, id))
    }

    fn holds(
        &self,
        filter: &HoldFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<Hold>, StoreError> {
        self.read("list the holds", |connection| {
            in_one_snapshot(connection, |connection| {
                holds::newest(connection, filter, after, limit)
            })
        })
    }

    fn described_hold(&self, id: TransferId) -> Result<Option<DescribedHold>, StoreError> {
        self.look_up("read a hold", |connection| {
            // A transfer never changes, so these need not read the same state.
            let hold = holds::by_id(connection, id)?;
            Ok(holds::described(connection, hold.into_iter().collect())?.pop())
        })
    }

    fn described_holds(
        &self,
        filter: &HoldFilter,
        after: Option<TransferPlace>,
        limit: u32,
    ) -> Result<Vec<DescribedHold>, StoreError> {
        self.read("list the holds", |connection| {
            in_one_snapshot(connection, |connection| {
                let page = holds::newest(connection, filter, after, limit)?;
                holds::described(connection, page)
            })
        })
    }

    fn holds_due(&self, at: Timestamp, limit: u32) -> Result<Vec<Hold>, StoreError> {
        self.read_in_background("list the holds that are due", |connection| {
            holds::expired(connection, at, limit)
        })
    }

    fn current_rates(
        &self,
        after: Option<CurrencyPair>,
        limit: u32,
    ) -> Result<Vec<Rate>, StoreError> {
        self.read("list the rates", |connection| {
            exchange::current(connection, after, limit)
        })
    }

    fn rates(
        &self,
        pair: CurrencyPair,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Rate>, StoreError> {
        self.read("list the rates of a pair", |connection| {
            exchange::rates_of_pair(connection, pair, below, limit)
        })
    }

    fn quote(&self, id: QuoteId) -> Result<Option<Quote>, StoreError> {
        self.look_up("read a quote", |connection| exchange::quote(connection, id))
    }

    fn quotes_newest(
        &self,
        filter: &QuoteFilter,
        at: Timestamp,
        after: Option<QuotePlace>,
        limit: u32,
    ) -> Result<Vec<Quote>, StoreError> {
        self.read("list the quotes", |connection| {
            exchange::newest_quotes(connection, filter, at, after, limit)
        })
    }

    fn chain_ends(&self) -> Result<Vec<ChainEnd>, StoreError> {
        self.read("read the ends of the chain", chain::ends)
    }

    fn chain_links(
        &self,
        after: Option<(Lane, u64)>,
        limit: u32,
    ) -> Result<Vec<ChainLink>, StoreError> {
        self.read("read the chain", |connection| {
            chain::links(connection, after, limit)
        })
    }

    fn total_incoming(
        &self,
        account_id: AccountId,
        above: u64,
        last: u64,
    ) -> Result<Amount, StoreError> {
        self.read("add up the incoming parts of an account", |connection| {
            let (above, last) = (stored_version(above)?, stored_version(last)?);
            totals::incoming(connection, account_id, above, last)
        })
    }

    fn version_at(&self, account_id: AccountId, at: Timestamp) -> Result<u64, StoreError> {
        self.read(
            "find an instant in the history of an account",
            |connection| {
                let version = instants::version_at(connection, account_id, at)?;
                into_query_result(u64::try_from(version))
            },
        )
    }

    fn balance_at(
        &self,
        account_id: AccountId,
        at: Timestamp,
        axis: TimeAxis,
    ) -> Result<Option<Amount>, StoreError> {
        self.read("read a balance at an instant", |connection| {
            in_one_snapshot(connection, |connection| {
                instants::balance_at(connection, account_id, at, axis)
            })
        })
    }
}

/// Runs statements that must read the same state.
fn in_one_snapshot<T>(
    connection: &mut PgConnection,
    statements: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    if is_in_transaction(connection)? {
        return statements(connection);
    }
    let transaction = connection.build_transaction();
    transaction.read_only().repeatable_read().run(statements)
}
