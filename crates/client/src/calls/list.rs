//! Lists: pages, and all entries of all pages as a stream that follows the cursors.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::calls::names::{CURSOR, LIMIT};
use crate::client::Client;
use crate::errors::error::{Cause, Error};
use crate::transport::request::Request;

/// The entries of a list, in its order. After an error there are no more.
pub type Items<T> = BoxStream<'static, Result<T, Error>>;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The entries.
    pub data: Vec<T>,
    /// Whether there is another page.
    pub has_more: bool,
    /// Where it begins.
    pub next_cursor: Option<String>,
}

/// A list, to read page by page or entry by entry. It sends no request until you read.
#[derive(Clone, Debug)]
#[must_use = "nothing is read before `page` or `items`"]
pub struct List<T> {
    client: Client,
    request: Request,
    limit: Option<u32>,
    entries: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned + Send + 'static> List<T> {
    pub(crate) fn new(client: &Client, request: Request) -> Self {
        Self {
            client: client.clone(),
            request,
            limit: None,
            entries: PhantomData,
        }
    }

    /// The same list with pages of at most this many entries, 1 to 100. Without it a page has as
    /// many as the service chooses, and [`items`](Self::items) reads 100 at a time.
    pub fn with_page_size(mut self, entries: u32) -> Self {
        self.limit = Some(entries);
        self
    }

    /// One page: the first one, or the one that a cursor leads to.
    ///
    /// # Errors
    /// As for every read; `invalid_cursor` if the cursor is not one of this list.
    pub async fn page(&self, cursor: Option<&str>) -> Result<Page<T>, Error> {
        let limit = self.limit.map(|limit| limit.to_string());
        let request = self.request.clone().with_param(LIMIT, limit);
        let request = request.with_param(CURSOR, cursor.map(str::to_owned));
        self.client.read(request).await
    }

    /// All entries, from the first one on. The stream reads a page when you poll for its first
    /// entry.
    #[must_use = "a stream reads nothing before it is polled"]
    pub fn items(self) -> Items<T> {
        let list = Self {
            limit: self.limit.or(Some(PAGE_SIZE_MAX)),
            ..self
        };
        let list = Arc::new(list);
        follow(move |cursor| {
            let list = Arc::clone(&list);
            async move { list.page(cursor.as_deref()).await }
        })
    }
}

/// The most entries of a page.
pub(crate) const PAGE_SIZE_MAX: u32 = 100;

/// The position of a stream.
enum Next {
    Page(Option<String>),
    End,
}

/// Finds out that cursors lead in a circle, which would never end: it keeps one of them, a later
/// one after each doubling of the number of pages (Brent's algorithm).
#[derive(Default)]
struct Circle {
    kept: Option<String>,
    /// How many pages came since then.
    pages: u64,
    /// After how many another one is kept.
    length: u64,
}

impl Circle {
    /// Whether a cursor was there before, which is noticed within a few rounds.
    fn is_closed_by(&mut self, cursor: &str) -> bool {
        if self.kept.as_deref() == Some(cursor) {
            return true;
        }
        if self.pages == self.length {
            self.kept = Some(cursor.to_owned());
            self.pages = 0;
            self.length = self.length.saturating_mul(2).max(1);
        }
        self.pages += 1;
        false
    }
}

/// All entries of all pages.
pub(crate) fn follow<T, F>(read: impl Fn(Option<String>) -> F + Send + 'static) -> Items<T>
where
    T: Send + 'static,
    F: Future<Output = Result<Page<T>, Error>> + Send,
{
    let state = (read, VecDeque::new(), Next::Page(None), Circle::default());
    let items = stream::try_unfold(
        state,
        |(read, mut entries, mut next, mut circle)| async move {
            loop {
                if let Some(entry) = entries.pop_front() {
                    return Ok(Some((entry, (read, entries, next, circle))));
                }
                let Next::Page(cursor) = next else {
                    return Ok(None);
                };
                let page: Page<T> = read(cursor).await?;
                next = after(&page, &mut circle)?;
                entries = page.data.into();
            }
        },
    );
    items.boxed()
}

/// The position after a page. A page whose cursor was there before is an error, because the stream
/// would never end.
fn after<T>(page: &Page<T>, circle: &mut Circle) -> Result<Next, Error> {
    if !page.has_more {
        return Ok(Next::End);
    }
    let detail = match &page.next_cursor {
        Some(next) if circle.is_closed_by(next) => "the pages of a list lead in a circle",
        Some(next) => return Ok(Next::Page(Some(next.clone()))),
        None => "a page says that there are more entries, and not where",
    };
    let cause = Cause::Unreadable {
        status: 200,
        detail: detail.to_owned(),
    };
    Err(Error::new(cause, 1, false))
}
