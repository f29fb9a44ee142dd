//! Velocity limits as stored, and rows of the spendings that they are checked against.

use diesel::deserialize;
use diesel::prelude::*;
use serde_json::json;
use wallet_domain::storage::{self, account_id, velocity_limits};
use wallet_domain::{Spending, VelocityLimit};

use super::{Id, Moment, Money, Version};

/// Velocity limits as stored: a JSON array of arrays; [`limits`] reads them.
pub(crate) fn stored_limits(limits: &[VelocityLimit]) -> String {
    json!(storage::stored_velocity_limits(limits)).to_string()
}

/// Velocity limits as they were stored.
pub(super) fn limits(stored: &str) -> deserialize::Result<Vec<VelocityLimit>> {
    Ok(velocity_limits(serde_json::from_str(stored)?)?)
}

/// A row of `spendings`.
#[derive(QueryableByName)]
#[diesel(table_name = crate::schema::spendings)]
pub(crate) struct SpendingRow {
    account_id: Id,
    version: Version,
    amount: Money,
    created_at: Moment,
}

impl SpendingRow {
    pub(crate) fn into_spending(self) -> deserialize::Result<Spending> {
        Ok(Spending {
            account_id: account_id(self.account_id.0)?,
            version: self.version.0,
            amount: self.amount.0,
            created_at: self.created_at.0,
        })
    }
}
