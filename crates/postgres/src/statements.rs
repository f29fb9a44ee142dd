//! The statements of a transaction: each is about all rows of a batch at once, takes the rows as arrays
//! (see [`crate::columns`]), and is prepared once in a connection's life.
//!
//! diesel keeps a prepared statement for each type of query that has a static `QueryId`, and else for each
//! text, unless the query says that its text differs each time. Inserts of several rows and `sql_query` say
//! so, and are planned at every call. Hence query types of our own.

mod accounts;
mod batch_load;
mod batch_write;

pub(crate) use accounts::{account_insert, account_lock};
pub(crate) use batch_load::{Loaded, batch_load, transfer_load};
pub(crate) use batch_write::batch_write;
