//! Verifications: proofs of the books.

use uuid::Uuid;

use super::list::List;
use crate::client::Client;
use crate::commands::verification::NewVerification;
use crate::errors::error::Error;
use crate::records::verification::Verification;
use crate::records::written::Written;
use crate::transport::request::Request;

const VERIFICATIONS: &str = "verifications";

/// Verifications. Only the replica that started one knows it.
impl Client {
    /// Starts a proof of the books. It runs in the background: read it until its status is no
    /// longer `Running`.
    ///
    /// # Errors
    /// As for every write; `verification_running` if another one runs.
    pub async fn start_verification(
        &self,
        new: &NewVerification,
    ) -> Result<Written<Verification>, Error> {
        self.write(Request::post(&[VERIFICATIONS], new)?).await
    }

    /// Reads a verification.
    ///
    /// # Errors
    /// As for every read; `verification_not_found`.
    pub async fn read_verification(&self, id: Uuid) -> Result<Verification, Error> {
        self.read(Request::get(&[VERIFICATIONS, &id.to_string()]))
            .await
    }

    /// The verifications that the replica keeps, newest first.
    ///
    /// # Errors
    /// As for every read.
    pub async fn verifications(&self) -> Result<Vec<Verification>, Error> {
        let list: List<Verification> = List::new(self, Request::get(&[VERIFICATIONS]));
        Ok(list.page(None).await?.data)
    }
}
