//! Operator actions as stored.

use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use uuid::Uuid;
use wallet_domain::OperatorAction;
use wallet_domain::storage::{actor, checked_action};

use super::{metadata, time};

/// A row of `operator_actions`.
#[derive(Queryable)]
pub(crate) struct OperatorActionRow {
    id: Uuid,
    kind: String,
    subject: String,
    number: i64,
    created_at: PgTimestamp,
    created_by: Option<String>,
    metadata: Option<String>,
}

impl OperatorActionRow {
    pub(crate) fn into_action(self) -> deserialize::Result<OperatorAction> {
        let action = OperatorAction {
            kind: self.kind.parse()?,
            subject: self.subject,
            number: self.number.try_into()?,
            created_at: time(self.created_at),
            created_by: self.created_by.as_deref().map(actor).transpose()?,
            metadata: metadata(self.metadata.as_deref())?,
        };
        Ok(checked_action(self.id, action)?)
    }
}
