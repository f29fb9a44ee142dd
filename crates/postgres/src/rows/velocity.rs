//! Velocity limits as stored, and rows of the spendings that they are checked against.

use bigdecimal::BigDecimal;
use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;
use wallet_domain::{Amount, Spending, VelocityLimit};

use super::{account_id, time};

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
