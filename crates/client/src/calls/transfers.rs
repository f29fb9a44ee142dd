//! Transfers: move money, and find transfers.

use uuid::Uuid;

use super::filters::TransferFilter;
use super::list::List;
use crate::client::Client;
use crate::commands::movement::{NewDeposit, NewReversal, NewTransfer, NewWithdrawal};
use crate::commands::split::NewSplit;
use crate::errors::error::Error;
use crate::records::transfer::Transfer;
use crate::records::written::Written;
use crate::transport::request::Request;

const TRANSFERS: &str = "transfers";

/// Transfers.
impl Client {
    /// Moves money from one account to another, with a fee if there is one.
    ///
    /// # Errors
    /// As for every write; see [`Error`].
    pub async fn transfer(&self, new: &NewTransfer) -> Result<Written<Transfer>, Error> {
        self.write(Request::post(&[TRANSFERS], new)?).await
    }

    /// Brings money into the ledger.
    ///
    /// # Errors
    /// As for every write.
    pub async fn deposit(&self, new: &NewDeposit) -> Result<Written<Transfer>, Error> {
        self.write(Request::post(&["deposits"], new)?).await
    }

    /// Takes money out of the ledger.
    ///
    /// # Errors
    /// As for every write.
    pub async fn withdraw(&self, new: &NewWithdrawal) -> Result<Written<Transfer>, Error> {
        self.write(Request::post(&["withdrawals"], new)?).await
    }

    /// Moves money from one account to many. The result is the first transfer; the others are its
    /// `followers`.
    ///
    /// # Errors
    /// As for every write.
    pub async fn split(&self, new: &NewSplit) -> Result<Written<Transfer>, Error> {
        self.write(Request::post(&["splits"], new)?).await
    }

    /// Takes a transfer back, in full or in part.
    ///
    /// # Errors
    /// As for every write; `transfer_not_found`.
    pub async fn reverse(
        &self,
        transfer_id: Uuid,
        new: &NewReversal,
    ) -> Result<Written<Transfer>, Error> {
        let path = [TRANSFERS, &transfer_id.to_string(), "reversals"];
        self.write(Request::post(&path, new)?).await
    }

    /// Reads a transfer.
    ///
    /// # Errors
    /// As for every read; `transfer_not_found`.
    pub async fn read_transfer(&self, id: Uuid) -> Result<Transfer, Error> {
        self.read(Request::get(&[TRANSFERS, &id.to_string()])).await
    }

    /// Transfers, newest first.
    pub fn transfers(&self, filter: TransferFilter) -> List<Transfer> {
        List::new(self, filter.add_to(Request::get(&[TRANSFERS])))
    }
}
