//! What operators did, as it is stored.

use diesel::deserialize;
use diesel::pg::data_types::PgTimestamp;
use diesel::prelude::*;
use wallet_domain::OperatorAction;

use super::{actor, metadata, time};

/// A row of `operator_actions`, without the id, which is made of the rest.
#[derive(Queryable)]
pub(crate) struct OperatorActionRow {
    kind: String,
    subject: String,
    number: i64,
    created_at: PgTimestamp,
    created_by: Option<String>,
    metadata: Option<String>,
}

impl OperatorActionRow {
    pub(crate) fn into_action(self) -> deserialize::Result<OperatorAction> {
        Ok(OperatorAction {
            kind: self.kind.parse()?,
            subject: self.subject,
            number: self.number.try_into()?,
            created_at: time(self.created_at),
            created_by: self.created_by.as_deref().map(actor).transpose()?,
            metadata: metadata(self.metadata.as_deref())?,
        })
    }
}
