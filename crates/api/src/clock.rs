//! The time of this machine, as the ledger writes it.

use std::time::{SystemTime, UNIX_EPOCH};

use wallet_domain::Timestamp;

/// Now, in microseconds since 1970; a clock that stands before that counts as 1970.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let micros = since.unwrap_or_default().as_micros();
    Timestamp::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}
