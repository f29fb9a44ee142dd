//! Values: one fact each, with its bounds and its text form. They depend on no floor above.

mod actor;
mod amount;
mod causes;
mod currency;
mod ids;
mod metadata;
mod rejection;
mod timestamp;

pub use actor::{ACTOR_MAX, Actor, ParseScopeError, Scope};
pub use amount::{Amount, AmountError, DIGITS_MAX};
pub use causes::Causes;
pub use currency::{Currency, CurrencyCode, CurrencyCodeError, PRECISION_MAX, Precision};
pub use ids::{AccountId, ParseIdError, QuoteId, RateId, TransferId};
pub use metadata::{
    METADATA_ENTRIES_MAX, METADATA_KEY_MAX, METADATA_VALUE_MAX, Metadata, MetadataError,
    MetadataPair, SHORT_TEXT_MAX, ShortText,
};
pub use rejection::Rejection;
pub use timestamp::Timestamp;
