//! Batches: many writes in one request.

use crate::client::Client;
use crate::commands::batch::NewBatch;
use crate::errors::error::Error;
use crate::records::batch::BatchOutcome;
use crate::records::written::Written;
use crate::transport::request::Request;

/// Batches.
impl Client {
    /// Sends up to 1,000 writes in one request. Each item has its own id, so the client retries a
    /// batch like any other write. The result is a replay if each item is one.
    ///
    /// # Errors
    /// As for every write. `batch_refused` if an item of an atomic batch was refused:
    /// [`BatchOutcome::from_problem`] has the outcome of each item.
    pub async fn send_batch(&self, new: &NewBatch) -> Result<Written<BatchOutcome>, Error> {
        self.write(Request::post(&["batches"], new)?).await
    }
}
