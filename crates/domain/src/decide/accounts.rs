//! The rules for accounts: opening them, and their metadata.

use super::books::Books;
use crate::commands::{ChangeMetadata, OpenAccount, Outcome, Recorded};
use crate::records::{Account, AccountStatus, OperatorAction};
use crate::values::{Amount, Metadata, Rejection, Timestamp};

/// Opens an account, once.
pub(super) fn open(
    open: &OpenAccount,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let currency = books
        .currency(open.currency_code)
        .ok_or(Rejection::CurrencyNotSupported)?;
    if let Some(known) = books.account(open.account_id) {
        let is_same = known.currency_code == currency.code
            && known.external_id == open.external_id
            && known.opening_metadata == open.metadata;
        return match is_same {
            true => Ok(Outcome::Exists(Recorded::Account(known.clone()))),
            false => Err(Rejection::IdAlreadyUsed),
        };
    }
    let called = open.external_id.as_ref();
    if called.is_some_and(|external_id| books.account_by_external_id(external_id).is_some()) {
        return Err(Rejection::ExternalIdAlreadyUsed);
    }
    // Nothing below this line is refused.
    let account = Account {
        id: open.account_id,
        currency_code: currency.code,
        balance: Amount::zero(),
        held: Amount::zero(),
        credit_limit: None,
        status: AccountStatus::Active,
        velocity_limits: Vec::new(),
        version: 0,
        created_at: at,
        updated_at: at,
        external_id: open.external_id.clone(),
        opening_metadata: open.metadata.clone(),
        metadata: open.metadata.clone(),
        metadata_version: 0,
    };
    books.open_account(account.clone());
    let by = open.created_by.clone();
    books.record_action(OperatorAction::account_opened(account.id, at, by));
    Ok(Outcome::Created(Recorded::Account(account)))
}

/// Changes the metadata of an account, key by key.
pub(super) fn change_metadata(
    change: &ChangeMetadata,
    books: &mut Books,
    at: Timestamp,
) -> Result<Outcome, Rejection> {
    let account = books
        .account(change.account_id)
        .ok_or(Rejection::AccountNotExist)?;
    let is_expected = change
        .expected
        .is_none_or(|expected| expected == (account.version, account.metadata_version));
    if !is_expected {
        return Err(Rejection::AccountChanged);
    }
    let mut entries = account.metadata.entries().clone();
    for (key, value) in &change.changes {
        match value {
            Some(value) => entries.insert(key.clone(), value.clone()),
            None => entries.remove(key),
        };
    }
    let metadata = Metadata::new(entries).map_err(|_| Rejection::MetadataTooLarge)?;
    // Nothing below this line is refused.
    if metadata == account.metadata {
        return Ok(Outcome::Exists(Recorded::Account(account.clone())));
    }
    let account = Account {
        metadata,
        metadata_version: account.metadata_version + 1,
        ..account.clone()
    };
    books.change_metadata(account.clone());
    books.record_action(OperatorAction::metadata_changed(
        account.id,
        account.metadata_version,
        &account.metadata,
        at,
        change.created_by.clone(),
    ));
    Ok(Outcome::Created(Recorded::Account(account)))
}
