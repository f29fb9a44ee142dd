//! The history of an account: its parts, and its balance at an instant.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::filters::Period;
use super::list::List;
use crate::client::Client;
use crate::errors::error::Error;
use crate::records::history::{Balance, HistoryEntry, TimeAxis};
use crate::transport::request::Request;

/// The history of an account.
impl Client {
    /// The parts of an account that were applied in a period, newest first.
    pub fn parts(&self, account_id: Uuid, period: Period) -> List<HistoryEntry> {
        let path = ["accounts", &account_id.to_string(), "parts"];
        List::new(self, period.add_to(Request::get(&path)))
    }

    /// What an account had at an instant, or has now.
    ///
    /// # Errors
    /// As for every read; `account_not_found`.
    pub async fn read_balance(
        &self,
        account_id: Uuid,
        at: Option<DateTime<Utc>>,
        axis: TimeAxis,
    ) -> Result<Balance, Error> {
        let path = ["accounts", &account_id.to_string(), "balance"];
        let request = Request::get(&path).with_time("at", at);
        let request = request.with_param("axis", Some(axis.to_string()));
        self.read(request).await
    }
}
