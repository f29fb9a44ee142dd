//! Outbound: a store that can be copied from and to.

use crate::ports::{AccessKeys, LedgerStore, WholeLedger};

/// A store that can be copied from and to.
pub trait WholeStore: LedgerStore + WholeLedger + AccessKeys {}

impl<S: LedgerStore + WholeLedger + AccessKeys + ?Sized> WholeStore for S {}
