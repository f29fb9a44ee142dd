//! Holds: reserve money, and capture or release it.

use serde::Serialize;
use uuid::Uuid;

use super::filters::HoldFilter;
use super::list::List;
use crate::client::Client;
use crate::commands::hold::{NewCapture, NewHold, NewIncrease, NewVoid};
use crate::errors::error::Error;
use crate::records::hold::DescribedHold;
use crate::records::transfer::Transfer;
use crate::records::written::Written;
use crate::transport::request::Request;

const HOLDS: &str = "holds";

/// Holds. Each change is a transfer, which has the `hold` as it was afterwards.
impl Client {
    /// Reserves money.
    ///
    /// # Errors
    /// As for every write; see [`Error`].
    pub async fn place_hold(&self, new: &NewHold) -> Result<Written<Transfer>, Error> {
        self.write(Request::post(&[HOLDS], new)?).await
    }

    /// Reserves more.
    ///
    /// # Errors
    /// As for every write; `hold_not_found`.
    pub async fn increase_hold(
        &self,
        hold_id: Uuid,
        new: &NewIncrease,
    ) -> Result<Written<Transfer>, Error> {
        self.change_hold(hold_id, "increases", new).await
    }

    /// Pays reserved money to the receiver.
    ///
    /// # Errors
    /// As for every write; `hold_not_found`.
    pub async fn capture_hold(
        &self,
        hold_id: Uuid,
        new: &NewCapture,
    ) -> Result<Written<Transfer>, Error> {
        self.change_hold(hold_id, "captures", new).await
    }

    /// Releases what is left of a hold.
    ///
    /// # Errors
    /// As for every write; `hold_not_found`.
    pub async fn void_hold(
        &self,
        hold_id: Uuid,
        new: &NewVoid,
    ) -> Result<Written<Transfer>, Error> {
        self.change_hold(hold_id, "voids", new).await
    }

    async fn change_hold(
        &self,
        hold_id: Uuid,
        what: &str,
        new: &impl Serialize,
    ) -> Result<Written<Transfer>, Error> {
        let path = [HOLDS, &hold_id.to_string(), what];
        self.write(Request::post(&path, new)?).await
    }

    /// Reads a hold, with its reference and metadata.
    ///
    /// # Errors
    /// As for every read; `hold_not_found`.
    pub async fn read_hold(&self, id: Uuid) -> Result<DescribedHold, Error> {
        self.read(Request::get(&[HOLDS, &id.to_string()])).await
    }

    /// Holds with their references and metadata, newest first.
    pub fn holds(&self, filter: HoldFilter) -> List<DescribedHold> {
        List::new(self, filter.add_to(Request::get(&[HOLDS])))
    }
}
