//! Storage: what every store would otherwise write itself.

mod currency_cache;

pub use currency_cache::CurrencyCache;
