#![doc = include_str!("../README.md")]

mod account;
mod amount;
mod command;
mod currency;
mod decide;
mod execute;
mod hold;
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

pub use account::{Account, AccountChange, AccountId, AccountStatus};
pub use amount::{Amount, AmountError, DIGITS_MAX};
pub use command::{
    ChangeAccount, ChangeHold, ChangeMetadata, Command, Deposit, InternalTransfer,
    InternalTransferFields, OpenAccount, PlaceHold, Precision, Replay, Reversal, Terms, Unit,
    Withdraw,
};
pub use currency::{Currency, CurrencyCode, CurrencyCodeError, PRECISION_MAX};
pub use decide::{Decision, Outcome, Recorded, decide, decide_units};
pub use execute::{execute, execute_units};
pub use hold::{
    HOLD_TABLE, Hold, HoldAction, HoldAnswer, HoldLine, HoldSituation, HoldState,
    hold_table_markdown,
};
pub use metadata::{
    METADATA_ENTRIES_MAX, METADATA_KEY_MAX, METADATA_VALUE_MAX, Metadata, MetadataError,
    SHORT_TEXT_MAX, ShortText,
};
pub use ports::{
    Ledger, LedgerQueries, LedgerStore, StoreCause, StoreError, Submission, SubmitError,
};
pub use queries::{
    AccountFilter, HoldFilter, TimeAxis, TransferFilter, TransferPlace, TransferState,
};
pub use rejection::Rejection;
pub use snapshot::{ReadSet, Snapshot, WriteSet};
pub use statement::Statement;
pub use timestamp::Timestamp;
pub use transfer::{Direction, Transfer, TransferDetails, TransferId, TransferPart, TransferType};
