//! The statements of a transaction. Each covers all rows of a batch, in one bound value (see
//! [`crate::fixed_width`]), and is prepared once for each connection.
//!
//! | file | holds |
//! |---|---|
//! | `statements/accounts.rs` | accounts, and their places in the list |
//! | `statements/transfers.rs` | transfers and their other effects |
//! | `statements/transfer_parts.rs` | transfer parts |
//! | `statements/holds.rs` | holds |

mod accounts;
mod holds;
mod transfer_parts;
mod transfers;

use uuid::Uuid;

pub(crate) use accounts::{account_insert, account_load, account_touch};
pub(crate) use holds::{hold_load, hold_upsert};
pub(crate) use transfer_parts::transfer_part_insert;
pub(crate) use transfers::{details_load, transfer_effect_insert, transfer_insert, transfer_load};

use crate::fixed_width::{Field, Layout, Records};

/// Wide enough for 38 digits, a zero before the decimal point, the point and a sign.
const AMOUNT_WIDTH: usize = 41;
/// The longest currency code.
const CODE_WIDTH: usize = 12;

/// A column: its name and how it is cut out of a record.
type Column = (&'static str, Field);

const AMOUNT: Field = Field::Text(AMOUNT_WIDTH);
const OPTIONAL_AMOUNT: Field = Field::OptionalText(AMOUNT_WIDTH);
const CODE: Field = Field::Text(CODE_WIDTH);

const IDS: &Layout = &[("id", Field::Id)];

fn records_from_ids(ids: impl Iterator<Item = Uuid>) -> Records {
    let mut records = Records::default();
    for id in ids {
        records.id(id);
    }
    records
}

#[cfg(test)]
mod tests;
