//! Splits: one write that makes several transfers.

use uuid::Uuid;
use wallet_domain::{AccountId, Command, SPLIT_RECEIVERS_MAX, Split, SplitFields, SplitParts};

use super::apply::apply;
use super::build::details;
use crate::v1::protocol::call::Call;
use crate::v1::protocol::draft::{Built, Draft};
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::idempotency;
use crate::v1::protocol::json::Json;
use crate::v1::protocol::parse;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::write::Write;

/// `POST /v1/splits`
pub(crate) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    apply(call, "/v1/splits", build_split).await
}

/// A split, by amounts, or of an amount by shares.
pub(crate) fn build_split(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let id = idempotency::id(fields, key, parse::transfer_id);
    let sender = fields.required("sender_account_id", parse::account_id);
    let currency_code = fields.required("currency_code", parse::currency_code);
    let is_by_shares = fields.has("amount");
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
    let parts = match is_by_shares {
        false => {
            let amount = |it: &mut Fields<'_>| {
                it.absent("share");
                it.required("amount", parse::amount)
            };
            SplitParts::Amounts(each(fields, receivers, amount)?)
        }
        true => {
            let share = |it: &mut Fields<'_>| {
                it.absent("amount");
                let share = it.whole_required("share", 1..=u64::from(u32::MAX));
                share.and_then(|share| u32::try_from(share).ok())
            };
            let shares = each(fields, receivers, share)?;
            let amount = amount?;
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

/// The receivers, each with its amount or share; `None` if one of them cannot be read.
fn each<T>(
    fields: &mut Fields<'_>,
    receivers: Vec<Json>,
    mut what: impl FnMut(&mut Fields<'_>) -> Option<T>,
) -> Option<Vec<(AccountId, T)>> {
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
