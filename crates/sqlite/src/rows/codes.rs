//! Enums that are stored as numbers. The migrations define the numbers.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::sql_types::Integer;
use diesel::sqlite::Sqlite;
use wallet_domain::{AccountStatus, Direction, FixedSide, HoldState, TransferType};

use super::Raw;

column!(TypeCode(TransferType) from Integer, |value| match value.read_integer() {
    1 => TransferType::Deposit,
    2 => TransferType::Withdraw,
    3 => TransferType::Internal,
    4 => TransferType::Hold,
    5 => TransferType::HoldIncrease,
    6 => TransferType::Capture,
    7 => TransferType::Void,
    8 => TransferType::Expire,
    9 => TransferType::AccountChange,
    10 => TransferType::Exchange,
    11 => TransferType::Spread,
    12 => TransferType::Fee,
    other => return Err(format!("{other} is no transfer type").into()),
});
column!(DirectionCode(Direction) from Integer, |value| match value.read_integer() {
    1 => Direction::Incoming,
    2 => Direction::Outgoing,
    other => return Err(format!("{other} is no direction").into()),
});

column!(StatusCode(AccountStatus) from Integer, |value| match value.read_integer() {
    0 => AccountStatus::Active,
    1 => AccountStatus::IncomingFrozen,
    2 => AccountStatus::OutgoingFrozen,
    3 => AccountStatus::Frozen,
    4 => AccountStatus::Closed,
    other => return Err(format!("{other} is no status of an account").into()),
});
column!(StateCode(HoldState) from Integer, |value| match value.read_integer() {
    1 => HoldState::Open,
    2 => HoldState::Captured,
    3 => HoldState::Voided,
    4 => HoldState::Expired,
    other => return Err(format!("{other} is no state of a hold").into()),
});
column!(SideCode(FixedSide) from Integer, |value| match value.read_integer() {
    1 => FixedSide::Sell,
    2 => FixedSide::Buy,
    other => return Err(format!("{other} is no side of a quote").into()),
});

/// The code of a transfer type; `TypeCode` reads it.
pub(crate) fn type_code(transfer_type: TransferType) -> i64 {
    match transfer_type {
        TransferType::Deposit => 1,
        TransferType::Withdraw => 2,
        TransferType::Internal => 3,
        TransferType::Hold => 4,
        TransferType::HoldIncrease => 5,
        TransferType::Capture => 6,
        TransferType::Void => 7,
        TransferType::Expire => 8,
        TransferType::AccountChange => 9,
        TransferType::Exchange => 10,
        TransferType::Spread => 11,
        TransferType::Fee => 12,
    }
}

/// The code of a direction; `DirectionCode` reads it.
pub(crate) fn direction_code(direction: Direction) -> i64 {
    match direction {
        Direction::Incoming => 1,
        Direction::Outgoing => 2,
    }
}

/// The code of an account status; `StatusCode` reads it.
pub(crate) fn status_code(status: AccountStatus) -> i64 {
    match status {
        AccountStatus::Active => 0,
        AccountStatus::IncomingFrozen => 1,
        AccountStatus::OutgoingFrozen => 2,
        AccountStatus::Frozen => 3,
        AccountStatus::Closed => 4,
    }
}

/// The code of a hold state; `StateCode` reads it.
pub(crate) fn state_code(state: HoldState) -> i64 {
    match state {
        HoldState::Open => 1,
        HoldState::Captured => 2,
        HoldState::Voided => 3,
        HoldState::Expired => 4,
    }
}

/// The code of the fixed side of a quote; `SideCode` reads it.
pub(crate) fn side_code(side: FixedSide) -> i64 {
    match side {
        FixedSide::Sell => 1,
        FixedSide::Buy => 2,
    }
}
