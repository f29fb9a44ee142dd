//! Creating a currency. There is no command that changes one: amounts that are stored rely on its
//! precision.

use crate::values::{Actor, Currency};

/// Creates a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateCurrency {
    /// The currency.
    pub currency: Currency,
    /// The caller; see [`OperatorAction::created_by`](crate::OperatorAction::created_by).
    pub created_by: Option<Actor>,
}

impl From<Currency> for CreateCurrency {
    fn from(currency: Currency) -> Self {
        Self {
            currency,
            created_by: None,
        }
    }
}
