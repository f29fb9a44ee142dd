//! Adoption: the proof of a ledger that is older than the records of what operators did.
//!
//! Builds before [`OperatorAction`] changed metadata and made and revoked keys without a link of
//! the chain. [`verify`](crate::verify()) cannot tell such a row from a forged one. So the step of the
//! schema that brings the actions adopts what it finds, in its own transaction: each change of
//! metadata, each key and each revocation that no action tells about gets an action of a kind that
//! says so, and a link. From then on a change of them is named. What was there is taken as it is:
//! nothing proves it from before its adoption.
//!
//! A restart adopts nothing. But only the record of the schema's steps says that the step was done,
//! and no link covers that record: someone who can delete from it can have forged rows adopted. Such
//! an adoption leaves its actions, with their time.

use std::collections::HashSet;

use uuid::Uuid;

use crate::access::{AccessKey, Actor};
use crate::account::AccountId;
use crate::metadata::Metadata;
use crate::operator::OperatorAction;
use crate::timestamp::Timestamp;

/// Who asked for the actions of an adoption: the service itself.
const ADOPTER: &str = "wallet-api";

/// Accounts read at a time.
const ACCOUNTS: u32 = 1_000;

/// Actions that are looked up, and linked, at a time.
const ACTIONS: usize = 1_000;

/// How often the metadata of an account may have been changed. Only a forged row says more; it is
/// not adopted, and so it is named by the proof.
const CHANGES_MAX: u64 = 1_000_000;

/// The metadata of an account that was changed at least once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedMetadata {
    /// The account.
    pub account_id: AccountId,
    /// How often it was changed.
    pub version: u64,
    /// What it is now.
    pub metadata: Metadata,
}

/// Outbound: what an adoption needs of a store. All of it is one transaction, which the store
/// begins and commits; no other one changes keys or metadata meanwhile.
pub trait AdoptionStore {
    /// How the store fails.
    type Error;

    /// All keys of the API.
    ///
    /// # Errors
    /// As the store fails.
    fn keys(&mut self) -> Result<Vec<AccessKey>, Self::Error>;

    /// At most `limit` accounts whose metadata was changed, in id order, those with a greater id
    /// than `after`.
    ///
    /// # Errors
    /// As the store fails.
    fn changed_metadata(
        &mut self,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<ChangedMetadata>, Self::Error>;

    /// Which of these ids are those of actions.
    ///
    /// # Errors
    /// As the store fails.
    fn known_actions(&mut self, ids: &[Uuid]) -> Result<HashSet<Uuid>, Self::Error>;

    /// Stores actions, and a link of [`KEYS_LANE`](crate::KEYS_LANE) over them and these keys,
    /// which are stored already ([`ChainEnd::append_actions`](crate::ChainEnd::append_actions)).
    ///
    /// # Errors
    /// As the store fails.
    fn append(&mut self, keys: &[AccessKey], actions: &[OperatorAction])
    -> Result<(), Self::Error>;
}

/// Adopts what no action tells about; gives the number of actions that were stored. A second
/// adoption of the same ledger finds nothing to do.
///
/// # Errors
/// As the store fails.
pub fn adopt<S: AdoptionStore>(store: &mut S, now: Timestamp) -> Result<u64, S::Error> {
    let mut adoption = Adoption {
        store,
        now,
        by: Actor::new(ADOPTER),
        candidates: Vec::new(),
        adopted: 0,
    };
    adoption.keys()?;
    adoption.metadata()?;
    adoption.append()?;
    Ok(adoption.adopted)
}

struct Adoption<'a, S> {
    store: &'a mut S,
    now: Timestamp,
    by: Option<Actor>,
    /// What is looked up and appended next.
    candidates: Vec<Candidate>,
    adopted: u64,
}

/// What is adopted unless an action tells about it.
struct Candidate {
    /// The action that tells about it if it came after the actions.
    told_by: Uuid,
    /// The key, if a key is found.
    key: Option<AccessKey>,
    action: OperatorAction,
}

impl<S: AdoptionStore> Adoption<'_, S> {
    fn keys(&mut self) -> Result<(), S::Error> {
        for key in self.store.keys()? {
            let by = self.by.as_ref();
            let found = OperatorAction::key_adopted(&key.prefix, self.now, by);
            let revoked = key.revoked_at.map(|at| Candidate {
                told_by: OperatorAction::key_revoked(&key.prefix, at, None).id(),
                key: None,
                action: OperatorAction::revocation_adopted(&key.prefix, at, by),
            });
            self.consider(Candidate {
                told_by: OperatorAction::key_created(&key, None).id(),
                key: Some(key),
                action: found,
            })?;
            revoked.map_or(Ok(()), |revoked| self.consider(revoked))?;
        }
        Ok(())
    }

    fn metadata(&mut self) -> Result<(), S::Error> {
        let mut after = None;
        loop {
            let accounts = self.store.changed_metadata(after, ACCOUNTS)?;
            let Some(last) = accounts.last() else {
                return Ok(());
            };
            after = Some(last.account_id);
            let accounts = accounts.iter();
            for account in accounts.filter(|account| account.version <= CHANGES_MAX) {
                self.changes(account)?;
            }
        }
    }

    /// The changes of one account. Only what the last one left is known.
    fn changes(&mut self, account: &ChangedMetadata) -> Result<(), S::Error> {
        let ChangedMetadata {
            account_id,
            version,
            metadata,
        } = account;
        for number in 1..=*version {
            let left = match number == *version {
                true => metadata.clone(),
                false => Metadata::default(),
            };
            let by = self.by.clone();
            self.consider(Candidate {
                told_by: OperatorAction::id_of_metadata_change(*account_id, number),
                key: None,
                action: OperatorAction::metadata_adopted(*account_id, number, left, self.now, by),
            })?;
        }
        Ok(())
    }

    fn consider(&mut self, candidate: Candidate) -> Result<(), S::Error> {
        self.candidates.push(candidate);
        match self.candidates.len() < ACTIONS {
            true => Ok(()),
            false => self.append(),
        }
    }

    /// Appends those candidates that no action tells about.
    fn append(&mut self) -> Result<(), S::Error> {
        let mut candidates = std::mem::take(&mut self.candidates);
        let ids = candidates.iter();
        let ids: Vec<Uuid> = ids.flat_map(|it| [it.told_by, it.action.id()]).collect();
        let known = self.store.known_actions(&ids)?;
        candidates.retain(|it| !known.contains(&it.told_by) && !known.contains(&it.action.id()));
        if candidates.is_empty() {
            return Ok(());
        }
        let mut keys = Vec::new();
        let mut actions = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            keys.extend(candidate.key);
            actions.push(candidate.action);
        }
        self.adopted += actions.len() as u64;
        self.store.append(&keys, &actions)
    }
}
