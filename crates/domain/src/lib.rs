#![doc = include_str!("../README.md")]

mod account;
mod amount;
mod command;
mod currency;
mod decide;
mod execute;
mod ports;
mod rejection;
mod snapshot;
mod timestamp;
mod transfer;

#[cfg(feature = "testing")]
pub mod testing;

pub use account::{Account, AccountId};
pub use amount::{Amount, AmountError, DIGITS_MAX};
pub use command::{
    Command, Deposit, InternalTransfer, InternalTransferFields, OpenAccount, Withdraw,
};
pub use currency::{Currency, CurrencyCode, CurrencyCodeError, PRECISION_MAX};
pub use decide::{Decision, Outcome, Recorded, decide};
pub use execute::execute;
pub use ports::{
    Ledger, LedgerQueries, LedgerStore, StoreCause, StoreError, Submission, SubmitError,
};
pub use rejection::Rejection;
pub use snapshot::{ReadSet, Snapshot, WriteSet};
pub use timestamp::Timestamp;
pub use transfer::{Direction, Transfer, TransferId, TransferPart, TransferType};
