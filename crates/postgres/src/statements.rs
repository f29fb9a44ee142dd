//! The statements of a transaction. Each covers all rows of a batch, takes the rows as arrays (see
//! [`crate::columns`]), and is prepared once for each connection.
//!
//! Diesel caches a prepared statement by the type of a query with a static `QueryId`, and otherwise
//! by its text, unless the query reports that its text changes on each call. Inserts of several
//! rows and `sql_query` report that, and are planned on each call. This is why the store has its
//! own query types.

mod accounts;
mod batch_load;
mod batch_write;
mod details_load;

pub(crate) use accounts::{account_insert, account_lock};
pub(crate) use batch_load::{Loaded, batch_load, transfer_load};
pub(crate) use batch_write::batch_write;
pub(crate) use details_load::details_load;
