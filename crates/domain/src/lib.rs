#![doc = include_str!("../README.md")]

mod account;
mod amount;
mod command;
mod currency;
mod decide;
mod execute;
mod metadata;
mod ports;
mod queries;
mod rejection;
mod snapshot;
mod statement;
mod timestamp;
mod transfer;

#[cfg(feature = "testing")]
pub mod testing;

pub use account::{Account, AccountId};
pub use amount::{Amount, AmountError, DIGITS_MAX};
pub use command::{
    ChangeMetadata, Command, Deposit, InternalTransfer, InternalTransferFields, OpenAccount,
    Precision, Replay, Reversal, Terms, Unit, Withdraw,
};
pub use currency::{Currency, CurrencyCode, CurrencyCodeError, PRECISION_MAX};
pub use decide::{Decision, Outcome, Recorded, decide, decide_units};
pub use execute::{execute, execute_units};
pub use metadata::{
    METADATA_ENTRIES_MAX, METADATA_KEY_MAX, METADATA_VALUE_MAX, Metadata, MetadataError,
    SHORT_TEXT_MAX, ShortText,
};
pub use ports::{
    Ledger, LedgerQueries, LedgerStore, StoreCause, StoreError, Submission, SubmitError,
};
pub use queries::{AccountFilter, TimeAxis, TransferFilter, TransferPlace, TransferState};
pub use rejection::Rejection;
pub use snapshot::{ReadSet, Snapshot, WriteSet};
pub use statement::Statement;
pub use timestamp::Timestamp;
pub use transfer::{Direction, Transfer, TransferDetails, TransferId, TransferPart, TransferType};
