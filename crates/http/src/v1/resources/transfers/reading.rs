//! Reading transfers: one, and lists of them.

use wallet_domain::{
    CurrencyCode, MetadataPair, Rejection, ShortText, Timestamp, TransferFilter, TransferId,
    TransferState, TransferType,
};

use super::reply::TransferReply;
use crate::v1::protocol::{
    AccountOfList, Call, Field, Fields, MetadataKey, MetadataValue, ObjectSchema, Page, Problem,
    Reply, request,
};

request! {
    /// Which transfers to list.
    pub(crate) struct ListTransfers {
        /// Transfers with a part in this account.
        account_id: AccountOfList,
        /// Transfers of this currency.
        currency_code: Option<CurrencyCode>,
        /// Transfers of this type.
        transfer_type as "type": Option<TransferType>,
        /// Transfers with this reference.
        reference: Option<ShortText>,
        metadata: EntryFilter,
        /// Transfers that were applied then or later.
        created_from: Option<Timestamp>,
        /// Transfers that were applied before.
        created_before: Option<Timestamp>,
    }
}

impl From<ListTransfers> for TransferFilter {
    fn from(list: ListTransfers) -> Self {
        Self {
            account_id: list.account_id.0,
            currency_code: list.currency_code,
            transfer_types: list.transfer_type.into_iter().collect(),
            reference: list.reference,
            metadata: list.metadata.0,
            created_from: list.created_from,
            created_before: list.created_before,
            ..Self::default()
        }
    }
}

/// An entry of metadata: a key and its value.
pub(crate) struct EntryFilter(Option<MetadataPair>);

impl Field for EntryFilter {
    fn take_from(fields: &mut Fields<'_>, _: &'static str) -> Option<Self> {
        let [has_key, has_value] = ["metadata_key", "metadata_value"].map(|name| fields.has(name));
        let key = Option::<MetadataKey>::take_from(fields, "metadata_key");
        let value = Option::<MetadataValue>::take_from(fields, "metadata_value");
        match (has_key, has_value) {
            (true, false) => {
                fields.fault("metadata_value", "missing", "metadata_key needs a value");
            }
            (false, true) => fields.fault("metadata_key", "missing", "metadata_value needs a key"),
            _ => {}
        }
        let entry = key?.zip(value?);
        let pair = entry.map(|(key, value)| MetadataPair::new(key.0, value.0));
        Some(Self(pair.and_then(Result::ok)))
    }

    fn describe(object: &mut ObjectSchema<'_>, _: &'static str, _: &str) {
        let about = "Transfers with this entry; needs `metadata_value`.";
        Option::<MetadataKey>::describe(object, "metadata_key", about);
        Option::<MetadataValue>::describe(object, "metadata_value", "The value of `metadata_key`.");
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
    if !call.sees_list_of(filter.account_id) {
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
