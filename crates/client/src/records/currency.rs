//! Currencies.

use serde::Deserialize;
use uuid::Uuid;

/// A currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Currency {
    /// Its code, for example `USD`.
    pub code: String,
    /// How many decimals its amounts have.
    pub precision: u8,
    /// The ledger's account through which it is exchanged; its first rate opens it.
    pub liquidity_account_id: Uuid,
    /// The ledger's account for the spreads that it earns in this currency.
    pub spread_account_id: Uuid,
}
