//! Rates, quotes and exchanges.

use uuid::Uuid;

use super::filters::QuoteFilter;
use super::list::List;
use crate::client::Client;
use crate::commands::exchange::{NewExchange, NewQuote, NewRate};
use crate::errors::error::Error;
use crate::records::exchange::{Quote, Rate};
use crate::records::transfer::Transfer;
use crate::records::written::Written;
use crate::transport::request::Request;

const RATES: &str = "rates";
const QUOTES: &str = "quotes";

/// Exchange between currencies.
impl Client {
    /// Sets the price of a pair of currencies.
    ///
    /// # Errors
    /// As for every write; see [`Error`].
    pub async fn set_rate(&self, new: &NewRate) -> Result<Written<Rate>, Error> {
        self.write(Request::post(&[RATES], new)?).await
    }

    /// The newest rate of each pair of currencies, in the order of the pairs.
    pub fn rates(&self) -> List<Rate> {
        List::new(self, Request::get(&[RATES]))
    }

    /// All rates of a pair, newest first.
    pub fn rates_of_pair(&self, base: &str, counter: &str) -> List<Rate> {
        List::new(self, Request::get(&[RATES, base, counter]))
    }

    /// Creates a quote from the newest rate.
    ///
    /// # Errors
    /// As for every write; `rate_not_found`.
    pub async fn create_quote(&self, new: &NewQuote) -> Result<Written<Quote>, Error> {
        self.write(Request::post(&[QUOTES], new)?).await
    }

    /// Reads a quote, with the exchange that used it.
    ///
    /// # Errors
    /// As for every read; `quote_not_found`.
    pub async fn read_quote(&self, id: Uuid) -> Result<Quote, Error> {
        self.read(Request::get(&[QUOTES, &id.to_string()])).await
    }

    /// Quotes, newest first.
    pub fn quotes(&self, filter: QuoteFilter) -> List<Quote> {
        List::new(self, filter.add_to(Request::get(&[QUOTES])))
    }

    /// Uses a quote. The result is the first transfer; the others are its `followers`.
    ///
    /// # Errors
    /// As for every write; `quote_not_found`, `quote_expired`.
    pub async fn exchange(&self, new: &NewExchange) -> Result<Written<Transfer>, Error> {
        self.write(Request::post(&["exchanges"], new)?).await
    }
}
