//! Kinds of transfers. Their names are in the API and in the hashes of the chain, so they never
//! change.

/// Kinds of transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferType {
    /// Money that enters the ledger.
    Deposit,
    /// Money that leaves the ledger.
    Withdraw,
    /// Money that moves from one account of the ledger to another.
    Internal,
    /// Money that is held for another account.
    Hold,
    /// More money that is held.
    HoldIncrease,
    /// Held money that moves to the other account.
    Capture,
    /// Held money that is released on request.
    Void,
    /// Held money that is released because the hold has expired.
    Expire,
    /// A change of the rules of an account.
    AccountChange,
    /// Money that goes to, or comes from, the ledger's liquidity in an exchange.
    Exchange,
    /// What the ledger earns by an exchange.
    Spread,
    /// What is charged for a transfer or an exchange.
    Fee,
}

impl TransferType {
    /// The kind of a reversal of this kind of transfer.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Deposit => Self::Withdraw,
            Self::Withdraw => Self::Deposit,
            // The others cannot be reversed.
            _ => Self::Internal,
        }
    }

    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Deposit,
        Self::Withdraw,
        Self::Internal,
        Self::Hold,
        Self::HoldIncrease,
        Self::Capture,
        Self::Void,
        Self::Expire,
        Self::AccountChange,
        Self::Exchange,
        Self::Spread,
        Self::Fee,
    ];

    /// The stable name of this kind.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Withdraw => "withdrawal",
            Self::Internal => "internal",
            Self::Hold => "hold",
            Self::HoldIncrease => "hold_increase",
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Expire => "expire",
            Self::AccountChange => "account_change",
            Self::Exchange => "exchange",
            Self::Spread => "spread",
            Self::Fee => "fee",
        }
    }

    /// Whether balances change. Only transfers that move money can be reversed.
    #[must_use]
    pub const fn moves_money(self) -> bool {
        match self {
            Self::Deposit
            | Self::Withdraw
            | Self::Internal
            | Self::Capture
            | Self::Exchange
            | Self::Spread
            | Self::Fee => true,
            Self::Hold | Self::HoldIncrease | Self::Void | Self::Expire | Self::AccountChange => {
                false
            }
        }
    }
}
