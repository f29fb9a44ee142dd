//! What the filters of lists let through: the model of the conditions in the SQL of a store.

use crate::{DescribedHold, HoldFilter, Quote, QuoteFilter, Timestamp, Transfer, TransferFilter};

pub(super) fn transfer(filter: &TransferFilter, transfer: &Transfer) -> bool {
    let TransferFilter {
        account_id,
        currency_code,
        transfer_types,
        reference,
        metadata,
        created_from,
        created_before,
        effective_from,
        effective_before,
        created_by,
    } = filter;
    let details = &transfer.details;
    let has_part = |id| transfer.parts.iter().any(|part| part.account_id == id);
    let happened_at = details.effective_at.unwrap_or(transfer.created_at);
    account_id.is_none_or(has_part)
        && currency_code.is_none_or(|code| code == transfer.currency_code)
        && (transfer_types.is_empty() || transfer_types.contains(&transfer.transfer_type))
        && (reference.is_none() || *reference == details.reference)
        && metadata
            .as_ref()
            .is_none_or(|it| it.is_in(&details.metadata))
        && created_from.is_none_or(|from| transfer.created_at >= from)
        && created_before.is_none_or(|before| transfer.created_at < before)
        && effective_from.is_none_or(|from| happened_at >= from)
        && effective_before.is_none_or(|before| happened_at < before)
        && (created_by.is_none() || *created_by == details.created_by)
}

pub(super) fn hold(filter: &HoldFilter, described: &DescribedHold) -> bool {
    let HoldFilter {
        account_id,
        states,
        reference,
        metadata,
        expires_from,
        expires_before,
    } = filter;
    let DescribedHold { hold, details } = described;
    let is_of = |id| id == hold.sender_account_id || id == hold.receiver_account_id;
    let expires = |is_within: &dyn Fn(Timestamp) -> bool| hold.expires_at.is_some_and(is_within);
    account_id.is_none_or(is_of)
        && (states.is_empty() || states.contains(&hold.state))
        && (reference.is_none() || *reference == details.reference)
        && metadata
            .as_ref()
            .is_none_or(|it| it.is_in(&details.metadata))
        && expires_from.is_none_or(|from| expires(&|end| end >= from))
        && expires_before.is_none_or(|before| expires(&|end| end < before))
}

pub(super) fn quote(filter: &QuoteFilter, quote: &Quote, at: Timestamp) -> bool {
    let QuoteFilter {
        sell_currency_code,
        buy_currency_code,
        statuses,
    } = filter;
    sell_currency_code.is_none_or(|code| code == quote.sell_currency_code)
        && buy_currency_code.is_none_or(|code| code == quote.buy_currency_code)
        && (statuses.is_empty() || statuses.contains(&quote.status(at)))
}
