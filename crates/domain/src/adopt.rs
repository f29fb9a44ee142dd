//! Adoption: what an operator vouches for because the chain does not prove it.
//!
//! Builds before [`OperatorAction`] changed metadata and made and revoked keys without a link of
//! the chain. [`verify`](crate::verify()) cannot tell such a record from a forged one, and names it.
//! Only an operator can tell. So nothing is adopted by itself: [`unrecorded`] lists what no action
//! tells about, and [`adopt`] stores an action and a link for each, with the operator's name. From
//! then on a change of them is named. Nothing proves what they were before.
//!
//! The actions stay in the chain, and every later proof counts them
//! ([`Verified::adopted`](crate::Verified::adopted)): an adoption cannot be hidden.

use crate::access::{AccessKey, AccessKeys, Actor};
use crate::account::Account;
use crate::operator::OperatorAction;
use crate::ports::{StoreError, WholeLedger};
use crate::timestamp::Timestamp;
use crate::walk;

/// How many actions one adoption stores at most. A ledger with more needs several.
pub const ADOPTED_MAX: usize = 100_000;

/// How often the metadata of an account may have been changed. Only a forged row says more; it is
/// not adopted, and so the proof goes on naming it.
const CHANGES_MAX: u64 = 10_000;

/// Actions that are stored, and linked, at a time.
const ACTIONS: usize = 1_000;

/// A record that no action tells about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrecorded {
    /// The key, if a key is found.
    pub key: Option<AccessKey>,
    /// The action that adopts it. Of a change of metadata, it has the metadata only if the change
    /// is the account's last one: nothing else is known.
    pub action: OperatorAction,
}

/// Lists what no action tells about: keys first, then metadata by account; at most
/// [`ADOPTED_MAX`]. `by` is who vouches for it.
///
/// # Errors
/// [`StoreError`] where the ledger cannot be read.
pub fn unrecorded(
    whole: &dyn WholeLedger,
    now: Timestamp,
    by: Option<&Actor>,
) -> Result<Vec<Unrecorded>, StoreError> {
    let mut found = Vec::new();
    for key in whole.all_keys()? {
        let revocation = revocation(whole, &key, by)?;
        let made = OperatorAction::key_created(&key, None);
        let action = OperatorAction::key_adopted(&key.prefix, now, by);
        if !is_known(whole, &[&made, &action])? {
            let key = Some(key);
            found.push(Unrecorded { key, action });
        }
        found.extend(revocation);
    }
    walk::accounts(whole, |accounts| {
        let changed = |account: &&Account| (1..=CHANGES_MAX).contains(&account.metadata_version);
        for account in accounts.iter().filter(changed) {
            if found.len() < ADOPTED_MAX {
                changes(whole, account, now, by, &mut found)?;
            }
        }
        Ok::<_, StoreError>(())
    })?;
    found.truncate(ADOPTED_MAX);
    Ok(found)
}

fn revocation(
    whole: &dyn WholeLedger,
    key: &AccessKey,
    by: Option<&Actor>,
) -> Result<Option<Unrecorded>, StoreError> {
    let Some(at) = key.revoked_at else {
        return Ok(None);
    };
    let revoked = OperatorAction::key_revoked(&key.prefix, at, None);
    let action = OperatorAction::revocation_adopted(&key.prefix, at, by);
    let is_known = is_known(whole, &[&revoked, &action])?;
    Ok((!is_known).then_some(Unrecorded { key: None, action }))
}

/// The changes of one account's metadata.
fn changes(
    whole: &dyn WholeLedger,
    account: &Account,
    now: Timestamp,
    by: Option<&Actor>,
    found: &mut Vec<Unrecorded>,
) -> Result<(), StoreError> {
    for version in 1..=account.metadata_version {
        let metadata = match version == account.metadata_version {
            true => account.metadata.clone(),
            false => crate::Metadata::default(),
        };
        let changed = OperatorAction::metadata_changed(account.id, version, &metadata, now, None);
        let action =
            OperatorAction::metadata_adopted(account.id, version, metadata, now, by.cloned());
        if !is_known(whole, &[&changed, &action])? {
            found.push(Unrecorded { key: None, action });
        }
    }
    Ok(())
}

/// Whether any of these actions was stored.
fn is_known(whole: &dyn WholeLedger, actions: &[&OperatorAction]) -> Result<bool, StoreError> {
    for action in actions {
        if whole.operator_action(action.id())?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Stores the actions that adopt these records, in the order of [`unrecorded`]. If it fails, a part
/// of them may be adopted; list again.
///
/// # Errors
/// [`StoreError`]; [`Refused`](StoreError::Refused) where another adoption was faster.
pub fn adopt(keys: &dyn AccessKeys, records: &[Unrecorded]) -> Result<(), StoreError> {
    for records in records.chunks(ACTIONS) {
        let found: Vec<AccessKey> = records.iter().filter_map(|it| it.key.clone()).collect();
        let actions: Vec<_> = records.iter().map(|it| it.action.clone()).collect();
        keys.record_adopted(&found, &actions)?;
    }
    Ok(())
}
