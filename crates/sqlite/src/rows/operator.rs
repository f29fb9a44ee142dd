//! What operators did, as it is stored.

use diesel::deserialize;
use diesel::prelude::*;
use wallet_domain::OperatorAction;

use super::{Moment, Version, Words, actor, words};

/// A row of `operator_actions`, without the id, which is made of the rest.
#[derive(Queryable)]
pub(crate) struct OperatorActionRow {
    kind: String,
    subject: String,
    number: Version,
    created_at: Moment,
    created_by: Option<String>,
    metadata: Option<Words>,
}

impl OperatorActionRow {
    pub(crate) fn into_action(self) -> deserialize::Result<OperatorAction> {
        Ok(OperatorAction {
            kind: self.kind.parse()?,
            subject: self.subject,
            number: self.number.0,
            created_at: self.created_at.0,
            created_by: self.created_by.as_deref().map(actor).transpose()?,
            metadata: words(self.metadata),
        })
    }
}
