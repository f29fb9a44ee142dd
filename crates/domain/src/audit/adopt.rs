//! Adoption: an operator vouches for records that the chain does not prove.
//!
//! Builds before [`OperatorAction`] changed metadata, and created and revoked keys, without a link
//! of the chain. [`verify`](crate::verify()) cannot distinguish such a record from a forged one,
//! and reports it. Only an operator can. So no record is adopted automatically: [`unrecorded`]
//! lists the records without an action, and [`adopt`] stores an action and a link for each, with
//! the operator's name. From then on a change to them is detected. Nothing proves what they were
//! before.
//!
//! The operator confirms a [digest] of the list, so a record that changed after the operator saw it
//! is not adopted unseen. The actions stay in the chain, and every later proof counts them
//! ([`Verified::adopted`](crate::Verified::adopted)).

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::audit::walk;
use crate::chain::{action_entry, key_entry};
use crate::ports::{ACTION_IDS_MAX, AccessKeys, StoreError, WholeLedger};
use crate::records::{AccessKey, OperatorAction};
use crate::values::{AccountId, Actor, Metadata, Timestamp};

/// The maximum number of actions that one adoption stores. A ledger with more needs several
/// adoptions.
pub const ADOPTED_MAX: usize = 100_000;

/// The number of records that are looked up in one statement, with two ids each, and adopted in one
/// transaction.
const RECORDS_AT_A_TIME: usize = 1_000;
const _: () = assert!(2 * RECORDS_AT_A_TIME <= ACTION_IDS_MAX);

/// A record without an operator's action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unrecorded {
    /// An API key.
    Key(AccessKey),
    /// The revocation of a key.
    Revocation {
        /// The prefix of the key.
        prefix: String,
        /// When it was revoked.
        at: Timestamp,
    },
    /// A change of an account's metadata.
    MetadataChange {
        /// The account.
        account_id: AccountId,
        /// Its number among the metadata changes of this account.
        version: u64,
        /// The metadata after the change; known only for the last one.
        metadata: Option<Metadata>,
    },
}

impl Unrecorded {
    /// The action of an operator who vouches for the record. A revocation keeps its own time.
    fn adoption(&self, now: Timestamp, by: Option<&Actor>) -> OperatorAction {
        match self {
            Self::Key(key) => OperatorAction::key_adopted(&key.prefix, now, by),
            Self::Revocation { prefix, at } => OperatorAction::revocation_adopted(prefix, *at, by),
            Self::MetadataChange {
                account_id,
                version,
                metadata,
            } => {
                let metadata = metadata.clone().unwrap_or_default();
                OperatorAction::metadata_adopted(*account_id, *version, metadata, now, by.cloned())
            }
        }
    }

    /// The ids of the actions that cover the record: the one that would have been stored with it,
    /// and its adoption.
    fn ids(&self) -> [Uuid; 2] {
        let original = match self {
            Self::Key(key) => OperatorAction::key_created(key, None).id(),
            Self::Revocation { prefix, at } => OperatorAction::key_revoked(prefix, *at, None).id(),
            Self::MetadataChange {
                account_id,
                version,
                ..
            } => OperatorAction::id_of_metadata_change(*account_id, *version),
        };
        [
            original,
            self.adoption(Timestamp::from_micros(0), None).id(),
        ]
    }
}

/// Lists the records without an operator's action: keys first, then metadata by account; at most
/// [`ADOPTED_MAX`].
///
/// # Errors
/// [`StoreError`] if the ledger cannot be read.
pub fn unrecorded(whole: &dyn WholeLedger) -> Result<Vec<Unrecorded>, StoreError> {
    let mut search = Search::new(whole);
    for key in whole.all_keys()? {
        let prefix = key.prefix.clone();
        let revocation = key
            .revoked_at
            .map(|at| Unrecorded::Revocation { prefix, at });
        search.push(Unrecorded::Key(key))?;
        if let Some(revocation) = revocation {
            search.push(revocation)?;
        }
    }
    walk::accounts(whole, |accounts| {
        for account in accounts {
            for version in 1..=account.metadata_version {
                if search.is_full() {
                    return Ok(());
                }
                let is_last = version == account.metadata_version;
                search.push(Unrecorded::MetadataChange {
                    account_id: account.id,
                    version,
                    metadata: is_last.then(|| account.metadata.clone()),
                })?;
            }
        }
        Ok::<_, StoreError>(())
    })?;
    search.end()
}

/// Keeps the records that no action covers. It looks actions up for many records at a time: an
/// account may have a hundred thousand changes, and a round trip for each would take minutes.
struct Search<'a> {
    whole: &'a dyn WholeLedger,
    found: Vec<Unrecorded>,
    candidates: Vec<Unrecorded>,
}

impl<'a> Search<'a> {
    fn new(whole: &'a dyn WholeLedger) -> Self {
        Self {
            whole,
            found: Vec::new(),
            candidates: Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.found.len() >= ADOPTED_MAX
    }

    fn push(&mut self, record: Unrecorded) -> Result<(), StoreError> {
        self.candidates.push(record);
        if self.candidates.len() == RECORDS_AT_A_TIME {
            self.look_up()?;
        }
        Ok(())
    }

    fn look_up(&mut self) -> Result<(), StoreError> {
        let ids: Vec<_> = self.candidates.iter().flat_map(Unrecorded::ids).collect();
        let actions = self.whole.find_operator_actions(&ids)?;
        let recorded: BTreeSet<_> = actions.iter().map(OperatorAction::id).collect();
        let is_unrecorded = |it: &Unrecorded| it.ids().iter().all(|id| !recorded.contains(id));
        self.found
            .extend(self.candidates.drain(..).filter(is_unrecorded));
        Ok(())
    }

    fn end(mut self) -> Result<Vec<Unrecorded>, StoreError> {
        self.look_up()?;
        self.found.truncate(ADOPTED_MAX);
        Ok(self.found)
    }
}

/// Eight bytes of a hash over the whole content of these records, in hexadecimal, for an operator
/// to confirm. The hash covers the hash of a key's secret, too.
#[must_use]
pub fn digest(records: &[Unrecorded]) -> String {
    let mut hash = Sha256::new();
    for record in records {
        if let Unrecorded::Key(key) = record {
            hash.update(key_entry(key).digest);
        }
        let adoption = record.adoption(Timestamp::from_micros(0), None);
        hash.update(action_entry(&adoption).digest);
    }
    let hash = hash.finalize();
    HEXLOWER.encode(&hash[..8])
}

/// Stores and links the actions that adopt these records, in the order of [`unrecorded`]; `by`
/// vouches for them. If it fails, some of them may be adopted; list again.
///
/// # Errors
/// [`StoreError`]; [`Refused`](StoreError::Refused) if another adoption was faster.
pub fn adopt(
    keys: &dyn AccessKeys,
    records: &[Unrecorded],
    now: Timestamp,
    by: Option<&Actor>,
) -> Result<(), StoreError> {
    for records in records.chunks(RECORDS_AT_A_TIME) {
        let key = |record: &Unrecorded| match record {
            Unrecorded::Key(key) => Some(key.clone()),
            _ => None,
        };
        let found: Vec<AccessKey> = records.iter().filter_map(key).collect();
        let actions: Vec<_> = records.iter().map(|it| it.adoption(now, by)).collect();
        keys.record_adopted(&found, &actions)?;
    }
    Ok(())
}
