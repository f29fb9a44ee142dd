//! Currencies: create, read and list them.

use super::list::List;
use crate::client::Client;
use crate::commands::currency::NewCurrency;
use crate::errors::error::Error;
use crate::records::currency::Currency;
use crate::records::written::Written;
use crate::transport::request::Request;

const CURRENCIES: &str = "currencies";

/// Currencies.
impl Client {
    /// Creates a currency. Creating the same one again changes nothing.
    ///
    /// # Errors
    /// As for every write; `id_already_used` if the currency exists with another precision.
    pub async fn create_currency(&self, new: &NewCurrency) -> Result<Written<Currency>, Error> {
        self.write(Request::post(&[CURRENCIES], new)?).await
    }

    /// Reads a currency.
    ///
    /// # Errors
    /// As for every read; `currency_not_found`.
    pub async fn read_currency(&self, code: &str) -> Result<Currency, Error> {
        self.read(Request::get(&[CURRENCIES, code])).await
    }

    /// All currencies, by code.
    ///
    /// # Errors
    /// As for every read.
    pub async fn currencies(&self) -> Result<Vec<Currency>, Error> {
        let list: List<Currency> = List::new(self, Request::get(&[CURRENCIES]));
        Ok(list.page(None).await?.data)
    }
}
