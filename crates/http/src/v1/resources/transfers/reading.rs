//! Reading transfers: one, and lists of them.

use wallet_domain::{
    MetadataPair, Rejection, Timestamp, TransferFilter, TransferId, TransferState,
};

use super::wire::TransferReply;
use crate::v1::protocol::call::{Call, checked};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::lists::{self, Asked};
use crate::v1::protocol::params::Params;
use crate::v1::protocol::parse;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;

/// `GET /v1/transfers/{id}`
pub(super) async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.path("id", parse::transfer_id)?;
    call.no_params()?;
    let read = call
        .state
        .look_up(call.deadline, move |queries| queries.transfer(id));
    let found = read
        .await?
        .filter(|found| call.caller.sees_transfer(&found.transfer))
        .ok_or(Problem::rejected(Rejection::TransferNotExist, false))?;
    let transfer = call.caller.view(found.transfer);
    let code = transfer.currency_code;
    let precision = call.state.precision(code, call.deadline).await?;
    let reversed = Some(&found.reversed_amount);
    Reply::ok(&TransferReply::new(&transfer, reversed, precision))
}

/// `GET /v1/transfers`: newest first.
pub(super) async fn list(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let mut params = Params::new(call.request.query_string(), &mut faults);
    let asked = Asked::<(Timestamp, TransferId)>::from_params(call, &mut params)?;
    let filter = TransferFilter {
        account_id: call.account_of_list(&mut params),
        ..filter(&mut params)
    };
    params.close();
    checked(&faults)?;
    if filter.account_id.is_some_and(|id| !call.caller.sees(id)) {
        return lists::page(Vec::<TransferReply>::new(), None);
    }
    let (after, count) = (asked.after, asked.count());
    let read = call.state.read(call.deadline, move |queries| {
        queries.transfers(&filter, after, count)
    });
    let mut found = read.await?;
    let next = asked.cut(&mut found, |state| {
        let transfer = &state.transfer;
        (transfer.created_at, transfer.id)
    });
    let seen = found.into_iter().map(|state| TransferState {
        transfer: call.caller.view(state.transfer),
        ..state
    });
    let seen: Vec<TransferState> = seen.collect();
    let mut data = Vec::with_capacity(seen.len());
    for TransferState {
        transfer,
        reversed_amount,
    } in &seen
    {
        let code = transfer.currency_code;
        let precision = call.state.precision(code, call.deadline).await?;
        data.push(TransferReply::new(
            transfer,
            Some(reversed_amount),
            precision,
        ));
    }
    lists::page(data, next)
}

fn filter(params: &mut Params<'_>) -> TransferFilter {
    let names = ["metadata_key", "metadata_value"];
    let [has_key, has_value] = names.map(|name| params.has(name));
    let key = params.optional("metadata_key", parse::metadata_key);
    let value = params.optional("metadata_value", parse::metadata_value);
    match (has_key, has_value) {
        (true, false) => params.fault("metadata_value", "missing", "metadata_key needs a value"),
        (false, true) => params.fault("metadata_key", "missing", "metadata_value needs a key"),
        _ => {}
    }
    TransferFilter {
        currency_code: params.optional("currency_code", parse::currency_code),
        transfer_types: params
            .optional("type", parse::transfer_type)
            .into_iter()
            .collect(),
        reference: params.optional("reference", parse::short_text),
        metadata: key
            .zip(value)
            .and_then(|(key, value)| MetadataPair::new(key, value).ok()),
        created_from: params.optional("created_from", parse::timestamp),
        created_before: params.optional("created_before", parse::timestamp),
        ..TransferFilter::default()
    }
}
