//! Enums that are stored as numbers. The migrations define the numbers.

use diesel::deserialize;
use wallet_domain::{AccountStatus, Direction, FixedSide, HoldState, TransferType};

/// The code of a transfer type.
pub(crate) fn type_code(transfer_type: TransferType) -> i16 {
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

pub(super) fn type_from_code(code: i16) -> deserialize::Result<TransferType> {
    match code {
        1 => Ok(TransferType::Deposit),
        2 => Ok(TransferType::Withdraw),
        3 => Ok(TransferType::Internal),
        4 => Ok(TransferType::Hold),
        5 => Ok(TransferType::HoldIncrease),
        6 => Ok(TransferType::Capture),
        7 => Ok(TransferType::Void),
        8 => Ok(TransferType::Expire),
        9 => Ok(TransferType::AccountChange),
        10 => Ok(TransferType::Exchange),
        11 => Ok(TransferType::Spread),
        12 => Ok(TransferType::Fee),
        other => Err(format!("{other} is no transfer type").into()),
    }
}

/// The code of a direction.
pub(crate) fn direction_code(direction: Direction) -> i16 {
    match direction {
        Direction::Incoming => 1,
        Direction::Outgoing => 2,
    }
}

pub(super) fn direction_from_code(code: i16) -> deserialize::Result<Direction> {
    match code {
        1 => Ok(Direction::Incoming),
        2 => Ok(Direction::Outgoing),
        other => Err(format!("{other} is no direction").into()),
    }
}

/// The code of an account status.
pub(crate) fn status_code(status: AccountStatus) -> i16 {
    match status {
        AccountStatus::Active => 0,
        AccountStatus::IncomingFrozen => 1,
        AccountStatus::OutgoingFrozen => 2,
        AccountStatus::Frozen => 3,
        AccountStatus::Closed => 4,
    }
}

pub(super) fn status_from_code(code: i16) -> deserialize::Result<AccountStatus> {
    match code {
        0 => Ok(AccountStatus::Active),
        1 => Ok(AccountStatus::IncomingFrozen),
        2 => Ok(AccountStatus::OutgoingFrozen),
        3 => Ok(AccountStatus::Frozen),
        4 => Ok(AccountStatus::Closed),
        other => Err(format!("{other} is no status of an account").into()),
    }
}

/// The code of a hold state.
pub(crate) fn state_code(state: HoldState) -> i16 {
    match state {
        HoldState::Open => 1,
        HoldState::Captured => 2,
        HoldState::Voided => 3,
        HoldState::Expired => 4,
    }
}

pub(super) fn state_from_code(code: i16) -> deserialize::Result<HoldState> {
    match code {
        1 => Ok(HoldState::Open),
        2 => Ok(HoldState::Captured),
        3 => Ok(HoldState::Voided),
        4 => Ok(HoldState::Expired),
        other => Err(format!("{other} is no state of a hold").into()),
    }
}

/// The code of the fixed side of a quote.
pub(crate) fn side_code(side: FixedSide) -> i16 {
    match side {
        FixedSide::Sell => 1,
        FixedSide::Buy => 2,
    }
}

pub(super) fn side_from_code(code: i16) -> deserialize::Result<FixedSide> {
    match code {
        1 => Ok(FixedSide::Sell),
        2 => Ok(FixedSide::Buy),
        other => Err(format!("{other} is no side of a quote").into()),
    }
}
