//! Fees, and splits: what makes several transfers of one write.

use wallet_domain::{
    BASIS_POINTS_MAX, Charge, Command, Fee, SPLIT_RECEIVERS_MAX, Split, SplitFields, SplitParts,
};

use uuid::Uuid;

use super::{Built, details};
use crate::v1::call::Call;
use crate::v1::draft::Draft;
use crate::v1::fields::Fields;
use crate::v1::idempotency;
use crate::v1::json::Json;
use crate::v1::parse;
use crate::v1::problem::Problem;
use crate::v1::reply::Reply;
use crate::v1::write::Write;

/// `POST /v1/splits`
pub(in crate::v1) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    super::carry_out(call, "/v1/splits", split_of).await
}

/// The fee that a body may have.
pub(in crate::v1) fn fee(fields: &mut Fields<'_>) -> Option<Fee> {
    fields.nested("fee", |fee| {
        let account_id = fee.required("account_id", parse::account_id);
        let amount = fee.optional("amount", parse::amount);
        let points = fee.whole("basis_points", 0..=u64::from(BASIS_POINTS_MAX));
        let charge = match (amount, points) {
            (Some(amount), None) => Some(Charge::Fixed(amount)),
            (None, Some(points)) => u16::try_from(points).ok().map(Charge::BasisPoints),
            _ => {
                let detail = "either an amount or basis points";
                fee.fault("amount", "invalid", detail);
                None
            }
        };
        Some(Fee {
            account_id: account_id?,
            charge: charge?,
        })
    })
}

/// A split, by amounts, or of an amount by shares.
pub(in crate::v1) fn split_of(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let id = idempotency::id(fields, key, parse::transfer_id);
    let sender = fields.required("sender_account_id", parse::account_id);
    let currency_code = fields.required("currency_code", parse::currency_code);
    let amount = fields.optional("amount", parse::amount);
    let receivers = fields.list("receivers");
    let least = fields.optional("if_available_at_least", parse::amount);
    let details = details(fields);
    let receivers = receivers?;
    if !(1..=SPLIT_RECEIVERS_MAX).contains(&receivers.len()) {
        let detail = format!("a split has 1 to {SPLIT_RECEIVERS_MAX} receivers");
        fields.fault("receivers", "invalid", detail);
        return None;
    }
    let parts = match amount {
        None => {
            let amount = |it: &mut Fields<'_>| {
                it.absent("share");
                it.required("amount", parse::amount)
            };
            SplitParts::Amounts(each(fields, receivers, amount)?)
        }
        Some(amount) => {
            let share = |it: &mut Fields<'_>| {
                it.absent("amount");
                let share = it.whole_required("share", 1..=u64::from(u32::MAX));
                share.and_then(|share| u32::try_from(share).ok())
            };
            let shares = each(fields, receivers, share)?;
            SplitParts::Shares { amount, shares }
        }
    };
    let mut terms = write.terms();
    terms.sender_available_at_least = least;
    let split = Split::new(SplitFields {
        transfer_id: id?,
        sender_account_id: sender?,
        currency_code: currency_code?,
        parts,
        details,
        terms,
    });
    Some(split.map(|split| Draft::Ready(Command::Split(split))))
}

/// The receivers, each with what it gets; `None` if one of them cannot be read.
fn each<T>(
    fields: &mut Fields<'_>,
    receivers: Vec<Json>,
    mut what: impl FnMut(&mut Fields<'_>) -> Option<T>,
) -> Option<Vec<(wallet_domain::AccountId, T)>> {
    let mut read = Vec::with_capacity(receivers.len());
    for (index, receiver) in receivers.into_iter().enumerate() {
        read.push(fields.entry("receivers", index, receiver, |it| {
            let account_id = it.required("account_id", parse::account_id);
            let what = what(it);
            Some((account_id?, what?))
        }));
    }
    read.into_iter().collect()
}
