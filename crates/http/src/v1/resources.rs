//! The resources of v1: a file or a folder for each, with its handlers, wire types and schemas.

mod account_rules;
mod accounts;
pub(crate) mod batches;
mod currencies;
mod exchange;
mod history;
mod holds;
mod statements;
mod transfers;
mod verifications;

use crate::v1::protocol::operation::Operation;
use crate::v1::protocol::schema::Named;

/// The operations of all resources.
pub(super) fn operations() -> Vec<Operation> {
    let resources = [
        currencies::operations(),
        accounts::operations(),
        history::operations(),
        statements::operations(),
        transfers::operations(),
        holds::operations(),
        account_rules::operations(),
        exchange::operations(),
        batches::operations(),
        verifications::operations(),
    ];
    resources.into_iter().flatten().collect()
}

/// The bodies of all resources.
pub(super) fn schemas() -> Vec<Named> {
    let resources = [
        currencies::schemas(),
        accounts::schemas(),
        history::schemas(),
        statements::schemas(),
        transfers::schemas(),
        holds::schemas(),
        account_rules::schemas(),
        exchange::schemas(),
        batches::schemas(),
        verifications::schemas(),
    ];
    resources.concat()
}
