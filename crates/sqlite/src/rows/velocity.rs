//! Velocity limits as stored, and rows of the spendings that they are checked against.

use diesel::deserialize;
use diesel::prelude::*;
use serde_json::json;
use wallet_domain::{Amount, Spending, VelocityLimit};

use super::{Id, Moment, Money, Version};

/// Velocity limits as stored; [`limits`] reads them.
pub(crate) fn stored_limits(limits: &[VelocityLimit]) -> String {
    let limits = limits.iter().map(|limit| {
        let most = limit.amount_max.as_ref().map(Amount::to_string);
        json!([limit.window_seconds, limit.count_max, most])
    });
    serde_json::Value::Array(limits.collect()).to_string()
}

/// Velocity limits as they were stored.
pub(super) fn limits(stored: &str) -> deserialize::Result<Vec<VelocityLimit>> {
    let rows: Vec<(u32, u32, Option<String>)> = serde_json::from_str(stored)?;
    let limits = rows.into_iter().map(|(window_seconds, count_max, most)| {
        let amount_max = most.map(|text| Amount::parse(&text)).transpose()?;
        Ok(VelocityLimit {
            window_seconds,
            count_max,
            amount_max,
        })
    });
    limits.collect()
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
            account_id: self.account_id.account()?,
            version: self.version.0,
            amount: self.amount.0,
            created_at: self.created_at.0,
        })
    }
}
