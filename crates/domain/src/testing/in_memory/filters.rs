//! What the filters of lists let through: the model of the conditions in the SQL of a store.

use crate::{Transfer, TransferFilter};

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
