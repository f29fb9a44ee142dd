//! Reading transfers: one, and lists of them.

use wallet_domain::{
    Actor, CurrencyCode, Rejection, ShortText, Timestamp, TransferFilter, TransferId,
    TransferState, TransferType,
};

use super::reply::TransferReply;
use crate::v1::protocol::{
    AccountOfList, Call, CommaSeparated, MetadataFilter, Page, Problem, Reply, request,
};

request! {
    /// Which transfers to list.
    pub(crate) struct ListTransfers {
        /// Transfers with a part in this account.
        account_id: AccountOfList,
        /// Transfers of this currency.
        currency_code: Option<CurrencyCode>,
        /// Transfers of one of these types.
        transfer_types as "type": CommaSeparated<TransferType>,
        /// Transfers with this reference.
        reference: Option<ShortText>,
        /// Transfers whose metadata has an entry with this key; needs `metadata_value`.
        metadata: MetadataFilter,
        /// Transfers that were applied at this time or later.
        created_from: Option<Timestamp>,
        /// Transfers that were applied before this time.
        created_before: Option<Timestamp>,
        /// Transfers that took effect at this time or later: at their `effective_at`, or when they
        /// were applied if they have none.
        effective_from: Option<Timestamp>,
        /// Transfers that took effect before this time.
        effective_before: Option<Timestamp>,
        /// Transfers that the key or token with this name requested.
        created_by: Option<Actor>,
    }
}

impl From<ListTransfers> for TransferFilter {
    fn from(list: ListTransfers) -> Self {
        Self {
            account_id: list.account_id.0,
            currency_code: list.currency_code,
            transfer_types: list.transfer_types.0,
            reference: list.reference,
            metadata: list.metadata.0,
            created_from: list.created_from,
            created_before: list.created_before,
            effective_from: list.effective_from,
            effective_before: list.effective_before,
            created_by: list.created_by,
        }
    }
}

/// `GET /v1/transfers/{id}`
pub(super) async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id: TransferId = call.path("id")?;
    call.query::<()>()?;
    let found = call.look_up(move |queries| queries.transfer(id)).await?;
    let found = found
        .filter(|found| call.caller.sees_transfer(&found.transfer))
        .ok_or(Problem::rejected(Rejection::TransferNotExist, false))?;
    Reply::new(&reply(call, found).await?)
}

/// `GET /v1/transfers`: newest first.
pub(super) async fn list(call: &mut Call) -> Result<Reply, Problem> {
    let (list, page) = call.list::<ListTransfers, (Timestamp, TransferId)>()?;
    let filter = TransferFilter::from(list);
    let mut names = filter.created_by.iter();
    let sees_names = names.all(|name| call.caller.sees_actor(name));
    if !sees_names || !call.sees_list_of(filter.account_id) {
        return Reply::new(&Page::<TransferReply>::EMPTY);
    }
    let (after, count) = (page.after, page.count());
    let found = call.read_list(move |queries| queries.transfers(&filter, after, count));
    let mut found = found.await?;
    let next_cursor = page.cut(&mut found, |state| {
        (state.transfer.created_at, state.transfer.id)
    });
    let mut data = Vec::with_capacity(found.len());
    for state in found {
        data.push(reply(call, state).await?);
    }
    Reply::new(&Page { data, next_cursor })
}

async fn reply(call: &Call, state: TransferState) -> Result<TransferReply, Problem> {
    let transfer = call.caller.view(state.transfer);
    let precision = call.precision(transfer.currency_code).await?;
    Ok(TransferReply::new(
        transfer,
        Some(state.reversed_amount),
        precision,
    ))
}
