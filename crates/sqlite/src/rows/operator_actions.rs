//! Operator actions as stored.

use diesel::deserialize;
use diesel::prelude::*;
use wallet_domain::OperatorAction;

use super::{Id, MetadataText, Moment, Version, actor, metadata_or_default};

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
        // Lists continue after the stored id, so it must be the id of the action.
        match action.id() == self.id.0 {
            true => Ok(action),
            false => Err("the id of an operator action is not made of what it says".into()),
        }
    }
}
