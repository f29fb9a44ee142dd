//! Operator actions as stored.

use diesel::deserialize;
use diesel::prelude::*;
use wallet_domain::OperatorAction;
use wallet_domain::storage::{actor, checked_action};

use super::{Id, MetadataText, Moment, Version, metadata_or_default};

/// A row of `operator_actions`.
#[derive(Queryable)]
pub(crate) struct OperatorActionRow {
    id: Id,
    kind: String,
    subject: String,
    number: Version,
    created_at: Moment,
    created_by: Option<String>,
    metadata: Option<MetadataText>,
}

impl OperatorActionRow {
    pub(crate) fn into_action(self) -> deserialize::Result<OperatorAction> {
        let action = OperatorAction {
            kind: self.kind.parse()?,
            subject: self.subject,
            number: self.number.0,
            created_at: self.created_at.0,
            created_by: self.created_by.as_deref().map(actor).transpose()?,
            metadata: metadata_or_default(self.metadata),
        };
        Ok(checked_action(self.id.0, action)?)
    }
}
