//! Sums over a range of an account's versions.

use bigdecimal::BigDecimal;
use diesel::dsl::sum;
use diesel::prelude::*;
use wallet_domain::storage::Numbered;
use wallet_domain::{AccountId, Amount, Direction};

use crate::rows::into_query_result;
use crate::schema::transfer_parts;

/// The sum of the incoming parts with versions above `above`, up to `last`.
pub(super) fn incoming(
    connection: &mut PgConnection,
    account_id: AccountId,
    above: i64,
    last: i64,
) -> QueryResult<Amount> {
    let total: Option<BigDecimal> = transfer_parts::table
        .filter(transfer_parts::account_id.eq(account_id.as_uuid()))
        .filter(transfer_parts::version.gt(above))
        .filter(transfer_parts::version.le(last))
        .filter(transfer_parts::direction.eq(Direction::Incoming.number()))
        .select(sum(transfer_parts::amount))
        .first(connection)?;
    into_query_result(Amount::from_decimal(total.unwrap_or_default()))
}
