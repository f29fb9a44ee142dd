//! Kinds of transfers.

/// Kinds of transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferType {
    /// Money that enters the ledger.
    Deposit,
    /// Money that leaves the ledger.
    Withdraw,
    /// Money that moves from one account of the ledger to another.
    Internal,
    /// Money that is set aside for another account.
    Hold,
    /// More money that is set aside.
    HoldIncrease,
    /// Money that was set aside and moves to the other account.
    Capture,
    /// Money that is not set aside any more because somebody wanted so.
    Void,
    /// Money that is not set aside any more because the hold's time was over.
    Expire,
    /// A change of the rules of an account.
    AccountChange,
    /// Money that is given to, or comes from, the ledger's liquidity in an exchange.
    Exchange,
    /// What the ledger earns by an exchange.
    Spread,
    /// What is charged for a transfer or an exchange.
    Fee,
}

impl TransferType {
    /// The kind of what takes a transfer of this kind back.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Deposit => Self::Withdraw,
            Self::Withdraw => Self::Deposit,
            // The others cannot be taken back.
            _ => Self::Internal,
        }
    }

    /// Every kind that there is.
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

    /// The stable word for this kind.
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

    /// Whether balances change. Only what moves money can be taken back.
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
