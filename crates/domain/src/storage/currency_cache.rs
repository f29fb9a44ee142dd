//! The currencies that the store has seen. A currency never changes or disappears once it exists,
//! so the cache is never invalidated.

use std::collections::{BTreeSet, HashMap};
use std::sync::{PoisonError, RwLock};

use crate::values::{Currency, CurrencyCode};

/// The currencies that a store has read so far. It can be shared between threads.
#[derive(Debug, Default)]
pub struct CurrencyCache(RwLock<HashMap<CurrencyCode, Currency>>);

impl CurrencyCache {
    /// The cached currencies among `codes`, and the codes of the others.
    #[must_use]
    pub fn split<'a>(
        &self,
        codes: &'a BTreeSet<CurrencyCode>,
    ) -> (HashMap<CurrencyCode, Currency>, Vec<&'a str>) {
        let cached = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut found = HashMap::new();
        let mut missing = Vec::new();
        for code in codes {
            match cached.get(code) {
                Some(currency) => drop(found.insert(*code, *currency)),
                None => missing.push(code.as_str()),
            }
        }
        (found, missing)
    }

    /// Adds currencies that were read.
    pub fn extend<'a>(&self, currencies: impl ExactSizeIterator<Item = &'a Currency>) {
        if currencies.len() > 0 {
            let mut cached = self.0.write().unwrap_or_else(PoisonError::into_inner);
            cached.extend(currencies.map(|currency| (currency.code, *currency)));
        }
    }
}
