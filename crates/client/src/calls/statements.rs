//! Statements: a period of an account, as pages, as entries, or as CSV.

use std::sync::Arc;

use uuid::Uuid;

use super::csv::{CsvPieces, checked};
use super::filters::Period;
use super::list::{Items, PAGE_SIZE_MAX, Page, follow};
use super::names::{CURSOR, LIMIT};
use crate::client::Client;
use crate::errors::error::Error;
use crate::records::history::{StatementEntry, StatementPage};
use crate::transport::request::Request;

/// A statement, to read page by page, entry by entry, or as CSV. It sends no request until you
/// read. The first page fixes what the statement contains; the cursor carries it.
#[derive(Clone, Debug)]
#[must_use = "nothing is read before `page`, `entries` or `csv`"]
pub struct Statement {
    client: Client,
    request: Request,
    limit: Option<u32>,
}

/// Statements.
impl Client {
    /// A statement of a period of an account: what it had before, each part, oldest first, and what
    /// it had after.
    pub fn statement(&self, account_id: Uuid, period: Period) -> Statement {
        let path = ["accounts", &account_id.to_string(), "statement"];
        Statement {
            client: self.clone(),
            request: period.add_to(Request::get(&path)),
            limit: None,
        }
    }
}

impl Statement {
    /// The same statement with pages of at most this many entries, 1 to 100. Without it a page has
    /// as many as the service chooses, and [`entries`](Self::entries) reads 100 at a time.
    pub fn with_page_size(mut self, entries: u32) -> Self {
        self.limit = Some(entries);
        self
    }

    /// One page, with the balances and totals of the whole period: the first page, or the one that
    /// a cursor leads to.
    ///
    /// # Errors
    /// As for every read; `account_not_found`, `invalid_cursor`.
    pub async fn page(&self, cursor: Option<&str>) -> Result<StatementPage, Error> {
        let limit = self.limit.map(|limit| limit.to_string());
        let request = self.request.clone().with_param(LIMIT, limit);
        let request = request.with_param(CURSOR, cursor.map(str::to_owned));
        self.client.read(request).await
    }

    /// All parts of the period, oldest first.
    #[must_use = "a stream reads nothing before it is polled"]
    pub fn entries(self) -> Items<StatementEntry> {
        let limit = self.limit.or(Some(PAGE_SIZE_MAX));
        let statement = Arc::new(Self { limit, ..self });
        follow(move |cursor| {
            let statement = Arc::clone(&statement);
            async move {
                let page = statement.page(cursor.as_deref()).await?;
                Ok(Page {
                    data: page.data,
                    has_more: page.has_more,
                    next_cursor: page.next_cursor,
                })
            }
        })
    }

    /// The whole statement as CSV (RFC 4180), in pieces of any length. Only the opening of the
    /// stream is retried: after a later error, begin again. A field may be quoted, and have commas
    /// and quotes, but no line break.
    ///
    /// # Errors
    /// As for every read; `account_not_found`. In the stream: a connection that broke, or an end
    /// without the last lines, the closing balance and the totals.
    pub async fn csv(&self) -> Result<CsvPieces, Error> {
        let request = self.request.clone().accepting_csv();
        Ok(checked(self.client.read_stream(request).await?))
    }
}
