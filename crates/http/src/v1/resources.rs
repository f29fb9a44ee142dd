//! The resources of v1: a file or a folder for each. It has the operations, their bodies, and a
//! handler for each, in three steps: parse, one call on a port, reply.

mod account_controls;
mod accounts;
pub(crate) mod batches;
mod currencies;
mod demo;
mod exchange;
mod history;
mod holds;
mod statements;
mod transfers;
mod verifications;

use crate::v1::protocol::operation::Operation;

/// The operations of all resources.
pub(super) fn operations() -> Vec<Operation> {
    let resources = [
        currencies::operations(),
        accounts::operations(),
        history::operations(),
        statements::operations(),
        transfers::operations(),
        holds::operations(),
        account_controls::operations(),
        exchange::operations(),
        batches::operations(),
        verifications::operations(),
    ];
    resources.into_iter().flatten().collect()
}
