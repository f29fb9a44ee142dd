#![doc = include_str!("../README.md")]

mod access;
mod audit;
mod chain;
mod commands;
mod decide;
mod execute;
mod ports;
mod records;
mod state;
mod values;

pub mod storage;
#[cfg(feature = "testing")]
pub mod testing;

pub use access::{Caller, Denied, TOKEN_BYTES, Token};
pub use audit::{
    ADOPTED_MAX, Contradiction, Copied, CopyError, Period, Statement, Sums, Unrecorded, Verified,
    VerifyError, adopt, copy, digest as adoption_digest, unrecorded, verify,
};
pub use chain::{ChainHead, Lanes, ParseHeadError};
pub use commands::{
    ChangeAccount, ChangeHold, ChangeMetadata, Command, CreateCurrency, CreateQuote, Deposit,
    Exchange, InternalTransfer, InternalTransferFields, OpenAccount, Outcome, PlaceHold,
    QuoteFields, RateFields, Recorded, Replay, Reversal, SetRate, Split, SplitFields, SplitParts,
    Terms, Unit, Withdraw, WorkClass,
};
pub use decide::{decide, decide_units};
pub use execute::{execute, execute_units};
pub use ports::{
    ACCOUNT_IDS_MAX, ACTION_IDS_MAX, AccessKeys, AccountFilter, DescribedHold, HoldFilter, Ledger,
    LedgerQueries, LedgerSnapshots, LedgerStore, MetadataEntry, QuoteFilter, QuotePlace,
    ReaderShares, ReadsThrough, SnapshotUse, StatementLine, StoreCause, StoreError, Submission,
    SubmitError, TimeAxis, TransferFilter, TransferPlace, TransferState, WholeLedger, WholeStore,
};
pub use records::{
    AccessKey, Account, AccountChange, AccountStatus, BASIS_POINTS_MAX, ChainEnd, ChainEntry,
    ChainHash, ChainLink, Charge, CurrencyPair, Direction, Effect, Fee, FixedSide, HOLD_TABLE,
    Hold, HoldAction, HoldAnswer, HoldLine, HoldSituation, HoldState, KEY_ACCOUNTS_MAX, KEYS_LANE,
    Lane, Link, OperatorAction, OperatorActionKind, ParseActionKindError, QUOTE_VALID_MICROS_MAX,
    QUOTE_VALID_MICROS_MIN, Quote, QuoteStatus, Rate, RecordKind, SPLIT_RECEIVERS_MAX, SecretHash,
    Spending, Transfer, TransferDetails, TransferPart, TransferType, VELOCITY_COUNT_MAX,
    VELOCITY_LIMITS_MAX, VELOCITY_WINDOW_SECONDS_MAX, VelocityLimit, hold_table_markdown,
};
pub use state::{Decision, ReadSet, Snapshot, WriteSet};
pub use values::{
    ACTOR_MAX, AccountId, Actor, Amount, AmountError, Causes, Currency, CurrencyCode,
    CurrencyCodeError, DIGITS_MAX, METADATA_ENTRIES_MAX, METADATA_KEY_MAX, METADATA_VALUE_MAX,
    Metadata, MetadataError, MetadataPair, PRECISION_MAX, ParseIdError, ParseScopeError, Precision,
    QuoteId, RateId, Rejection, SHORT_TEXT_MAX, Scope, ShortText, Timestamp, TransferId,
};
