//! Commands: what callers can ask for, and the outcomes that they get.

mod accounts;
mod command;
mod currencies;
mod exchange;
mod holds;
mod outcome;
mod split;
mod terms;
mod transfers;
mod unit;
mod work_class;

pub use accounts::{ChangeAccount, ChangeMetadata, OpenAccount};
pub use command::Command;
pub use currencies::CreateCurrency;
pub use exchange::{CreateQuote, Exchange, QuoteFields, RateFields, SetRate};
pub use holds::{ChangeHold, PlaceHold};
pub use outcome::{Outcome, Recorded};
pub use split::{Split, SplitFields, SplitParts};
pub use terms::{Replay, Terms};
pub use transfers::{Deposit, InternalTransfer, InternalTransferFields, Reversal, Withdraw};
pub use unit::Unit;
pub use work_class::WorkClass;
