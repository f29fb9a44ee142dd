#![doc = include_str!("../README.md")]

mod calls;
mod client;
mod commands;
mod errors;
mod records;
#[cfg(test)]
mod tests;
mod transport;
mod values;

pub use calls::csv::CsvPieces;
pub use calls::filters::{AccountFilter, HoldFilter, Period, QuoteFilter, TransferFilter};
pub use calls::list::{Items, List, Page};
pub use calls::statements::Statement;
pub use client::Client;
pub use commands::account::{AccountChanges, NewAccount, NewControls};
pub use commands::batch::{BatchItem, NewBatch};
pub use commands::currency::NewCurrency;
pub use commands::details::Details;
pub use commands::exchange::{FixedAmount, NewExchange, NewQuote, NewRate};
pub use commands::fee::{Fee, FeePrice};
pub use commands::hold::{NewCapture, NewHold, NewIncrease, NewVoid};
pub use commands::movement::{NewDeposit, NewReversal, NewTransfer, NewWithdrawal};
pub use commands::split::{AmountReceiver, NewSplit, ShareReceiver, SplitReceivers};
pub use commands::verification::NewVerification;
pub use errors::code::ErrorCode;
pub use errors::error::{Cause, Error};
pub use errors::problem::{Fault, Problem};
pub use records::account::{Account, AccountStatus, ETag, ParseETagError, VelocityLimit};
pub use records::batch::{BatchMode, BatchOutcome, ItemOutcome, ItemStatus};
pub use records::currency::Currency;
pub use records::exchange::{FixedSide, Quote, QuoteStatus, Rate};
pub use records::history::{Balance, HistoryEntry, StatementEntry, StatementPage, TimeAxis};
pub use records::hold::{DescribedHold, Hold, HoldStatus};
pub use records::transfer::{AccountChange, Direction, Transfer, TransferPart, TransferType};
pub use records::verification::{
    Contradiction, Verification, VerificationProgress, VerificationStatus,
};
pub use records::written::Written;
pub use transport::options::{ClientOptions, Key, OptionsError, ParseKeyError};
pub use transport::retry::RetryPolicy;
pub use values::money::{Money, ParseMoneyError};
