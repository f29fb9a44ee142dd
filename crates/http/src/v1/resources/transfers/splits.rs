//! Splits: one write that makes several transfers.

use serde_json::json;
use wallet_domain::{
    AccountId, Amount, Command, CurrencyCode, Rejection, SPLIT_RECEIVERS_MAX, Split, SplitFields,
    SplitParts, TransferId,
};

use super::bodies::Details;
use crate::v1::protocol::{
    Absent, BoundedInt, BoundedVec, Describe as _, Draft, Field, Fields, Flatten, NewId,
    ObjectSchema, Write, WriteBody, request,
};

request! {
    /// An amount for each receiver, or an `amount` to divide by shares.
    pub(crate) struct NewSplit {
        id: NewId<TransferId>,
        sender_account_id: AccountId,
        currency_code: CurrencyCode,
        parts: SplitParts,
        /// Refuse the write unless the sender has at least this much available before it.
        if_available_at_least: Option<Amount>,
        details: Flatten<Details>,
    }
}

impl WriteBody for NewSplit {
    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        let split = Split::new(SplitFields {
            transfer_id: self.id.0,
            sender_account_id: self.sender_account_id,
            currency_code: self.currency_code,
            parts: self.parts,
            details: self.details.0.into(),
            terms: write.terms(self.if_available_at_least),
        })?;
        Ok(Draft::Ready(Command::Split(split)))
    }
}

request! {
    /// A receiver and its amount.
    pub(crate) struct SplitReceiverByAmount {
        account_id: AccountId,
        _share as "share": Absent,
        amount: Amount,
    }
}

request! {
    /// A receiver and its share of the amount.
    pub(crate) struct SplitReceiverByShare {
        account_id: AccountId,
        _amount as "amount": Absent,
        /// Any whole number above zero; only its ratio to the other shares counts.
        share: BoundedInt<u32, 1, { u32::MAX as u64 }>,
    }
}

type Receivers<T> = BoundedVec<T, 1, SPLIT_RECEIVERS_MAX>;

/// An `amount` means shares of it.
impl Field for SplitParts {
    fn take_from(fields: &mut Fields<'_>, _: &'static str) -> Option<Self> {
        let is_by_shares = fields.has("amount");
        let amount = Option::<Amount>::take_from(fields, "amount");
        if is_by_shares {
            let receivers = Receivers::<SplitReceiverByShare>::take_from(fields, "receivers")?.0;
            let shares = receivers.into_iter().map(|it| (it.account_id, it.share.0));
            return Some(Self::Shares {
                amount: amount??,
                shares: shares.collect(),
            });
        }
        let receivers = Receivers::<SplitReceiverByAmount>::take_from(fields, "receivers")?.0;
        let amounts = receivers.into_iter().map(|it| (it.account_id, it.amount));
        Some(Self::Amounts(amounts.collect()))
    }

    fn describe(object: &mut ObjectSchema<'_>, _: &'static str, _: &str) {
        Option::<Amount>::describe(object, "amount", "The amount to divide by shares.");
        let by_amount = SplitReceiverByAmount::schema(object.schemas);
        let by_share = SplitReceiverByShare::schema(object.schemas);
        let receivers = |entry| {
            let properties = json!({"receivers": {"items": entry}});
            json!({"properties": properties, "additionalProperties": true})
        };
        object.if_then_else(
            "amount",
            receivers(by_share.clone()),
            receivers(by_amount.clone()),
        );
        let receivers = json!({
            "type": "array", "minItems": 1, "maxItems": SPLIT_RECEIVERS_MAX,
            "items": {"anyOf": [by_amount, by_share]},
        });
        let about = "Each with an amount, or each with a share if the split has an `amount`.";
        object.required("receivers", about, receivers);
    }
}
