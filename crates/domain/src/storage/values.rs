//! Ids, texts and limits as stored. A store writes what is plain data here in its own encoding, for
//! example as JSON.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use super::Damaged;
use crate::records::{OperatorAction, VelocityLimit};
use crate::values::{
    AccountId, Actor, Amount, AmountError, QuoteId, RateId, Scope, ShortText, TransferId,
};

/// The id of an account.
///
/// # Errors
/// [`Damaged`] if it is nil.
pub fn account_id(id: Uuid) -> Result<AccountId, Damaged> {
    AccountId::new(id).ok_or_else(|| "an account id is nil".into())
}

/// The id of a transfer.
///
/// # Errors
/// [`Damaged`] if it is nil.
pub fn transfer_id(id: Uuid) -> Result<TransferId, Damaged> {
    TransferId::new(id).ok_or_else(|| "a transfer id is nil".into())
}

/// The id of a rate.
///
/// # Errors
/// [`Damaged`] if it is nil.
pub fn rate_id(id: Uuid) -> Result<RateId, Damaged> {
    RateId::new(id).ok_or_else(|| "a rate id is nil".into())
}

/// The id of a quote.
///
/// # Errors
/// [`Damaged`] if it is nil.
pub fn quote_id(id: Uuid) -> Result<QuoteId, Damaged> {
    QuoteId::new(id).ok_or_else(|| "a quote id is nil".into())
}

/// A reference, or an external id.
///
/// # Errors
/// [`Damaged`] if it is empty or too long.
pub fn short_text(text: impl Into<Arc<str>>) -> Result<ShortText, Damaged> {
    ShortText::new(text).ok_or_else(|| "a stored text is empty or too long".into())
}

/// An actor.
///
/// # Errors
/// [`Damaged`] if it is not a valid name.
pub fn actor(text: &str) -> Result<Actor, Damaged> {
    Actor::new(text).ok_or_else(|| "a stored actor is not a valid name".into())
}

/// Scopes as stored: their names, separated by commas.
#[must_use]
pub fn stored_scopes(scopes: &BTreeSet<Scope>) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    names.join(",")
}

/// Scopes from their names.
///
/// # Errors
/// [`Damaged`] if one of them is unknown.
pub fn scopes(stored: &str) -> Result<BTreeSet<Scope>, Damaged> {
    let names = stored.split(',').filter(|name| !name.is_empty());
    let unknown = |name| Damaged(format!("unknown scope: {name}"));
    names
        .map(|name| name.parse().map_err(|_| unknown(name)))
        .collect()
}

/// The accounts of a key as stored: a list of their ids in hexadecimal.
#[must_use]
pub fn stored_key_accounts(accounts: &BTreeSet<AccountId>) -> Vec<String> {
    let ids = accounts.iter().map(AccountId::as_uuid);
    ids.map(|id| id.simple().to_string()).collect()
}

/// The accounts of a key from their ids.
///
/// # Errors
/// [`Damaged`] if one of them is no id.
pub fn key_accounts(stored: Vec<String>) -> Result<BTreeSet<AccountId>, Damaged> {
    let ids = stored.into_iter().map(|id| Uuid::parse_str(&id));
    ids.map(|id| account_id(id.map_err(|error| Damaged(error.to_string()))?))
        .collect()
}

/// A velocity limit as stored: the seconds of its window, the most transfers and the most money.
pub type StoredVelocityLimit = (u32, u32, Option<String>);

/// Velocity limits as stored.
#[must_use]
pub fn stored_velocity_limits(limits: &[VelocityLimit]) -> Vec<StoredVelocityLimit> {
    let limits = limits.iter().map(|limit| {
        let most = limit.amount_max.as_ref().map(Amount::to_string);
        (limit.window_seconds, limit.count_max, most)
    });
    limits.collect()
}

/// Velocity limits as they were stored.
///
/// # Errors
/// [`AmountError`] if an amount is none.
pub fn velocity_limits(
    stored: Vec<StoredVelocityLimit>,
) -> Result<Vec<VelocityLimit>, AmountError> {
    let limits = stored.into_iter().map(|(window_seconds, count_max, most)| {
        let amount_max = most.map(|text| Amount::parse(&text)).transpose()?;
        Ok(VelocityLimit {
            window_seconds,
            count_max,
            amount_max,
        })
    });
    limits.collect()
}

/// An operator action that was read with this id. Lists continue after the stored id, so it must be
/// the id of the action.
///
/// # Errors
/// [`Damaged`] if it is not.
pub fn checked_action(id: Uuid, action: OperatorAction) -> Result<OperatorAction, Damaged> {
    if action.id() == id {
        Ok(action)
    } else {
        Err("an operator action does not have the id of its content".into())
    }
}
