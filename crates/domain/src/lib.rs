#![doc = include_str!("../README.md")]

mod access;
mod account;
mod adopt;
mod amount;
mod causes;
mod chain;
mod command;
mod copy;
mod currency;
mod decide;
mod exchange;
mod execute;
mod fee;
mod hold;
mod id;
mod metadata;
mod operator;
mod ports;
mod queries;
mod readers;
mod rejection;
mod snapshot;
mod split;
mod statement;
mod timestamp;
mod transfer;
mod velocity;
mod verify;
mod walk;
mod work_class;

#[cfg(feature = "testing")]
pub mod testing;

pub use access::{
    ACTOR_MAX, AccessKey, AccessKeys, Actor, Caller, Denied, KEY_ACCOUNTS_MAX, Scope, SecretHash,
    TOKEN_BYTES, Token,
};
pub use account::{Account, AccountChange, AccountId, AccountStatus};
pub use adopt::{ADOPTED_MAX, Unrecorded, adopt, digest as adoption_digest, unrecorded};
pub use amount::{Amount, AmountError, DIGITS_MAX};
pub use causes::Causes;
pub use chain::{
    ChainEnd, ChainEntry, ChainHash, ChainHead, ChainLink, KEYS_LANE, Lane, Lanes, ParseHeadError,
    RecordKind,
};
pub use command::{
    ChangeAccount, ChangeHold, ChangeMetadata, Command, CreateCurrency, CreateQuote, Deposit,
    Exchange, InternalTransfer, InternalTransferFields, OpenAccount, PlaceHold, Precision,
    QuoteFields, RateFields, Replay, Reversal, SetRate, Split, SplitFields, SplitParts, Terms,
    Unit, Withdraw,
};
pub use copy::{Copied, CopyError, WholeStore, copy};
pub use currency::{Currency, CurrencyCode, CurrencyCodeError, PRECISION_MAX};
pub use decide::{Decision, Outcome, Recorded, decide, decide_units};
pub use exchange::{
    CurrencyPair, FixedSide, QUOTE_VALID_MICROS_MAX, QUOTE_VALID_MICROS_MIN, Quote, QuoteId, Rate,
    RateId,
};
pub use execute::{execute, execute_units};
pub use fee::{BASIS_POINTS_MAX, Charge, Fee};
pub use hold::{
    HOLD_TABLE, Hold, HoldAction, HoldAnswer, HoldLine, HoldSituation, HoldState,
    hold_table_markdown,
};
pub use metadata::{
    METADATA_ENTRIES_MAX, METADATA_KEY_MAX, METADATA_VALUE_MAX, Metadata, MetadataError,
    SHORT_TEXT_MAX, ShortText,
};
pub use operator::{OperatorAction, OperatorActionKind, ParseActionKindError};
pub use ports::{
    Ledger, LedgerQueries, LedgerSnapshots, LedgerStore, ReadsThrough, SnapshotUse, StoreCause,
    StoreError, Submission, SubmitError, WholeLedger,
};
pub use queries::{
    AccountFilter, HoldFilter, MetadataEntry, TimeAxis, TransferFilter, TransferPlace,
    TransferState,
};
pub use readers::ReaderShares;
pub use rejection::Rejection;
pub use snapshot::{ReadSet, Snapshot, WriteSet};
pub use split::SPLIT_RECEIVERS_MAX;
pub use statement::Statement;
pub use timestamp::Timestamp;
pub use transfer::{
    Direction, Link, Transfer, TransferDetails, TransferId, TransferPart, TransferType,
};
pub use velocity::{
    Spending, VELOCITY_COUNT_MAX, VELOCITY_LIMITS_MAX, VELOCITY_WINDOW_SECONDS_MAX, VelocityLimit,
};
pub use verify::{Contradiction, Sums, Verified, VerifyError, verify};
pub use work_class::WorkClass;
