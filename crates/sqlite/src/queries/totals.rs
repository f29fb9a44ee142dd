//! Sums over a range of an account's versions.
//!
//! Amounts are text, which SQLite would add as floating-point numbers. So they are added here, row
//! by row.

use bigdecimal::BigDecimal;
use diesel::prelude::*;
use wallet_domain::{AccountId, Amount, Direction};

use crate::list_time;
use crate::rows::{Money, Number, into_query_result, stored_id};
use crate::schema::transfer_parts;

/// The sum of the incoming parts with versions above `above`, up to `last`.
pub(super) fn incoming(
    connection: &mut SqliteConnection,
    account_id: AccountId,
    above: i64,
    last: i64,
) -> QueryResult<Amount> {
    let rows = transfer_parts::table
        .filter(transfer_parts::account_id.eq(stored_id(account_id.as_uuid())))
        .filter(transfer_parts::version.gt(above))
        .filter(transfer_parts::version.le(last))
        .select((transfer_parts::direction, transfer_parts::amount))
        .load_iter::<(Number<Direction>, Money), _>(connection)?;
    let mut total = BigDecimal::default();
    for row in rows {
        list_time::check()?;
        let (direction, amount) = row?;
        if direction.0 == Direction::Incoming {
            total += amount.0.as_decimal();
        }
    }
    into_query_result(Amount::from_decimal(total))
}
