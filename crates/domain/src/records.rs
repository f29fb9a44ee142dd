//! Records: what a ledger stores. The structs, their states and their invariants.

mod access_key;
mod account;
mod chain_link;
mod effect;
mod exchange;
mod fee;
mod hold;
mod operator_action;
mod split;
mod transfer;
mod transfer_part;
mod transfer_type;
mod velocity;

pub use access_key::{AccessKey, KEY_ACCOUNTS_MAX, SecretHash};
pub(crate) use account::available;
pub use account::{Account, AccountChange, AccountStatus};
pub use chain_link::{ChainEnd, ChainEntry, ChainHash, ChainLink, KEYS_LANE, Lane, RecordKind};
pub use effect::Effect;
pub use exchange::{
    CurrencyPair, FixedSide, QUOTE_VALID_MICROS_MAX, QUOTE_VALID_MICROS_MIN, Quote, QuoteStatus,
    Rate,
};
pub use fee::{BASIS_POINTS_MAX, Charge, Fee};
pub use hold::{
    HOLD_TABLE, Hold, HoldAction, HoldAnswer, HoldLine, HoldSituation, HoldState,
    hold_table_markdown,
};
pub use operator_action::{OperatorAction, OperatorActionKind, ParseActionKindError};
pub use split::SPLIT_RECEIVERS_MAX;
pub(crate) use split::divide;
pub use transfer::{Link, Transfer, TransferDetails};
pub use transfer_part::{Direction, TransferPart};
pub use transfer_type::TransferType;
pub use velocity::{
    Spending, VELOCITY_COUNT_MAX, VELOCITY_LIMITS_MAX, VELOCITY_WINDOW_SECONDS_MAX, VelocityLimit,
};
