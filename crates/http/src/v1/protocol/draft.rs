//! Drafts: writes that were read, but name a hold, quote, account or transfer that their command is
//! made from. The command needs only what never changes of it, so it may be looked up at any time
//! before.

use wallet_domain::{
    AccountId, Command, CurrencyCode, Hold, LedgerQueries, Quote, QuoteId, Rejection, StoreError,
    Transfer, TransferId,
};

use super::describe::Describe;
use super::read::Object;
use super::write::Write;
use crate::request::time;

type Make<T> = Box<dyn FnOnce(T) -> Command + Send>;

/// A write, and what must be looked up for it.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are ready: a box would cost each of them"
)]
pub(crate) enum Draft {
    /// Nothing is to be looked up.
    Ready(Command),
    /// A transfer.
    OfTransfer(TransferId, Make<Transfer>),
    /// A hold.
    OfHold(TransferId, Make<Hold>),
    /// A quote.
    OfQuote(QuoteId, Make<Quote>),
    /// The currency of an account.
    OfAccount(AccountId, Make<CurrencyCode>),
}

impl Draft {
    /// The command. An `earlier` command of the same batch may make what it names.
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
            Self::OfTransfer(id, make) => {
                let found = queries.transfer(id)?;
                let found = found.ok_or(Rejection::TransferNotExist);
                found.map(|state| make(state.transfer))
            }
            Self::OfHold(id, make) => {
                let placed = earlier().find_map(|command| match command {
                    Command::PlaceHold(place) if place.id() == id => Some(place.hold(time::now())),
                    _ => None,
                });
                let found = match placed {
                    Some(hold) => Some(hold),
                    None => queries.hold(id)?,
                };
                found.ok_or(Rejection::HoldNotExist).map(make)
            }
            Self::OfQuote(id, make) => {
                let found = queries.quote(id)?;
                found.ok_or(Rejection::QuoteNotExist).map(make)
            }
            Self::OfAccount(id, make) => {
                let opened = earlier().find_map(|command| match command {
                    Command::OpenAccount(open) if open.account_id == id => Some(open.currency_code),
                    _ => None,
                });
                let found = match opened {
                    Some(code) => Some(code),
                    None => queries.account(id)?.map(|account| account.currency_code),
                };
                found.ok_or(Rejection::AccountNotExist).map(make)
            }
        })
    }
}

/// A body that asks for a write. It is the same alone and as an item of a batch.
pub(crate) trait Ask: Object + Describe {
    /// Whether the body may be left out.
    const MAY_BE_EMPTY: bool = false;

    /// # Errors
    /// A rule rejects it without looking at state.
    fn draft(self, write: &Write) -> Result<Draft, Rejection>;
}
