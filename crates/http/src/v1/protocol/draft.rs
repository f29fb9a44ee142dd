//! Drafts: parsed writes whose command needs data of a hold, a quote, an account or a transfer that
//! they name. The command needs only data that never changes, so the look-up can happen at any time
//! before the command is decided.

use wallet_domain::{
    AccountId, Command, CurrencyCode, Hold, LedgerQueries, Quote, QuoteId, Rejection, StoreError,
    Transfer, TransferId,
};

use super::describe::Describe;
use super::read::Object;
use super::write::Write;
use crate::request::time;

type BuildCommand<T> = Box<dyn FnOnce(T) -> Command + Send>;

/// A parsed write, and what must be looked up for its command.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are ready: a box would cost each of them"
)]
pub(crate) enum Draft {
    /// A command that needs no look-up.
    Ready(Command),
    /// Needs a transfer.
    NeedsTransfer(TransferId, BuildCommand<Transfer>),
    /// Needs a hold.
    NeedsHold(TransferId, BuildCommand<Hold>),
    /// Needs a quote.
    NeedsQuote(QuoteId, BuildCommand<Quote>),
    /// Needs the currency of an account.
    NeedsAccount(AccountId, BuildCommand<CurrencyCode>),
}

impl Draft {
    /// The command. An `earlier` command of the same batch may create what it names, unless it is
    /// in the store: then that command creates nothing.
    ///
    /// # Errors
    /// The store's, while it is looked up. Something that does not exist is a rejection.
    pub(crate) fn finish(
        self,
        earlier: &[Result<Command, Rejection>],
        queries: &dyn LedgerQueries,
    ) -> Result<Result<Command, Rejection>, StoreError> {
        let earlier = || earlier.iter().flatten();
        Ok(match self {
            Self::Ready(command) => Ok(command),
            Self::NeedsTransfer(id, make) => {
                let found = queries.transfer(id)?;
                let found = found.ok_or(Rejection::TransferNotExist);
                found.map(|state| make(state.transfer))
            }
            Self::NeedsHold(id, make) => {
                let placed = |command: &Command| match command {
                    Command::PlaceHold(place) if place.id() == id => Some(place.hold(time::now())),
                    _ => None,
                };
                let found = queries.hold(id)?;
                let found = found.or_else(|| earlier().find_map(placed));
                found.ok_or(Rejection::HoldNotExist).map(make)
            }
            Self::NeedsQuote(id, make) => {
                let found = queries.quote(id)?;
                found.ok_or(Rejection::QuoteNotExist).map(make)
            }
            Self::NeedsAccount(id, make) => {
                let opened = |command: &Command| match command {
                    Command::OpenAccount(open) if open.account_id == id => Some(open.currency_code),
                    _ => None,
                };
                let found = queries.account(id)?.map(|account| account.currency_code);
                let found = found.or_else(|| earlier().find_map(opened));
                found.ok_or(Rejection::AccountNotExist).map(make)
            }
        })
    }
}

/// The body of a write. It is the same alone and as an item of a batch.
pub(crate) trait WriteBody: Object + Describe {
    /// Whether the body may be omitted.
    const MAY_BE_EMPTY: bool = false;

    /// # Errors
    /// A rule rejects it without looking at state.
    fn draft(self, write: &Write) -> Result<Draft, Rejection>;
}
