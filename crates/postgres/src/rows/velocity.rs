//! Velocity limits as stored, and rows of the spendings that they are checked against.

use bigdecimal::BigDecimal;
use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;
use wallet_domain::storage::{self, account_id, velocity_limits};
use wallet_domain::{Amount, Spending, VelocityLimit};

use super::time;

/// Velocity limits as stored: a JSON array of arrays; [`limits`] reads them.
pub(crate) fn stored_limits(limits: &[VelocityLimit]) -> String {
    json!(storage::stored_velocity_limits(limits)).to_string()
}

/// Velocity limits as they were stored.
pub(super) fn limits(stored: &str) -> deserialize::Result<Vec<VelocityLimit>> {
    Ok(velocity_limits(serde_json::from_str(stored)?)?)
}

/// A row of `spendings`.
#[derive(Queryable, QueryableByName)]
#[diesel(table_name = crate::schema::spendings)]
pub(crate) struct SpendingRow {
    account_id: Uuid,
    version: i64,
    amount: BigDecimal,
    created_at: PgTimestamp,
}

impl SpendingRow {
    pub(crate) fn into_spending(self) -> deserialize::Result<Spending> {
        Ok(Spending {
            account_id: account_id(self.account_id)?,
            version: self.version.try_into()?,
            amount: Amount::from_decimal(self.amount)?,
            created_at: time(self.created_at),
        })
    }
}
