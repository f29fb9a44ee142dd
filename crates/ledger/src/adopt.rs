//! The job `adopt`: lists what the chain does not prove, and records what an operator confirmed.
//!
//! The operator confirms the digest of the list, so what changes between listing and confirming is
//! not adopted unseen.

use wallet_domain::{
    AccessKeys, Actor, StoreError, Unrecorded, adopt, adoption_digest, unrecorded,
};

use crate::{LedgerSnapshot, clock};

/// The records without an operator's action. An older release wrote them, or someone forged them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptionList {
    records: Vec<Unrecorded>,
    digest: String,
}

impl LedgerSnapshot {
    /// Lists the records without an operator's action, at most
    /// [`ADOPTED_MAX`](wallet_domain::ADOPTED_MAX). Blocks.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn adoption_list(&self) -> Result<AdoptionList, StoreError> {
        let records = unrecorded(self.whole())?;
        let digest = adoption_digest(&records);
        Ok(AdoptionList { records, digest })
    }
}

impl AdoptionList {
    /// The records, keys first.
    #[must_use]
    pub fn records(&self) -> &[Unrecorded] {
        &self.records
    }

    /// What the operator confirms: a digest of the whole list.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The list, if the operator confirmed this one.
    #[must_use]
    pub fn confirm(self, digest: &str) -> Option<ConfirmedAdoption> {
        (self.digest == digest).then_some(ConfirmedAdoption(self.records))
    }
}

/// Records that an operator vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmedAdoption(Vec<Unrecorded>);

impl ConfirmedAdoption {
    /// Records them, in the name of `operator`; returns them. Open `keys` after the list was
    /// confirmed, by [`open_keys`](crate::open_keys), which sets the clock. Blocks.
    ///
    /// # Errors
    /// The ledger cannot be written, or another adoption was faster. Some of the records may be
    /// adopted then; list again.
    pub fn adopt(
        self,
        keys: &dyn AccessKeys,
        operator: Option<&Actor>,
    ) -> Result<Vec<Unrecorded>, StoreError> {
        adopt(keys, &self.0, clock::now(), operator)?;
        Ok(self.0)
    }
}
