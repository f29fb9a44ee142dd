//! Transfers, deposits, withdrawals and reversals: four ways to make a transfer, in one shape.

mod apply;
mod build;
mod contract;
mod fields;
mod reading;
mod splits;
pub(crate) mod wire;

use wallet_domain::{Command, Reversal, Transfer};

use crate::v1::protocol::call::Call;
use crate::v1::protocol::draft::Draft;
use crate::v1::protocol::idempotency;
use crate::v1::protocol::parse;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;

pub(super) use apply::{apply, apply_json, apply_with, as_reply, precisions};
pub(super) use build::{
    build_deposit, build_transfer, build_withdrawal, details, fee, read_internal,
};
pub(super) use contract::{operations, schemas};
pub(super) use fields::{
    TYPES, detail_fields, fee_field, new_deposit, new_split_by_amounts, new_split_by_shares,
    new_transfer, new_transfer_without_fee, new_withdrawal, part,
};
pub(super) use splits::build_split;

/// `POST /v1/transfers`
pub(super) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    apply(call, "/v1/transfers", build_transfer).await
}

/// `POST /v1/deposits`
pub(super) async fn deposit(call: &mut Call) -> Result<Reply, Problem> {
    apply(call, "/v1/deposits", build_deposit).await
}

/// `POST /v1/withdrawals`
pub(super) async fn withdraw(call: &mut Call) -> Result<Reply, Problem> {
    apply(call, "/v1/withdrawals", build_withdrawal).await
}

/// `POST /v1/transfers/{id}/reversals`
pub(super) async fn reverse(call: &mut Call) -> Result<Reply, Problem> {
    let reversed = call.path("id", parse::transfer_id)?;
    let route = format!("/v1/transfers/{}/reversals", reversed.as_uuid());
    apply_with(call, &route, move |fields, write, key| {
        let id = idempotency::id(fields, key, parse::transfer_id);
        let amount = fields.optional("amount", parse::amount);
        let details = details(fields);
        let (id, terms) = (id?, write.terms());
        let make = move |original: Transfer| {
            Command::Reversal(Reversal::new(&original, id, amount, details, terms))
        };
        Some(Ok(Draft::OfTransfer(reversed, Box::new(make))))
    })
    .await
}
