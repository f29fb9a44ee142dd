//! Writes that have been read, but name something of which their commands must be made: a hold, a quote, an account, a
//! transfer. What is named never changes in what the command needs of it, so it may be read at any time before.

use uuid::Uuid;
use wallet_domain::{
    AccountId, Command, CurrencyCode, Hold, LedgerQueries, Quote, QuoteId, Rejection, StoreError,
    Transfer, TransferId,
};

use super::faults::Faults;
use super::fields::Fields;
use super::json::Json;
use super::write::Write;
use crate::request::time;

type Make<T> = Box<dyn FnOnce(T) -> Command + Send>;

/// A write, and what is still to be looked up for it.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are ready: a box would cost each of them"
)]
pub(crate) enum Draft {
    /// Nothing.
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
    /// The command. What it names may be made by an `earlier` command of the same batch.
    ///
    /// # Errors
    /// The store's, while it is looked up. What does not exist is a rejection.
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

/// A write made of fields; `None` if one of them is a fault, and `Err` if a rule refuses it without
/// looking at state.
pub(crate) type Built = Option<Result<Draft, Rejection>>;

/// Makes a command of the fields of a body; `key` is the id that the request's key stands for.
pub(crate) type Build = fn(&mut Fields<'_>, &Write, Option<Uuid>) -> Built;

/// Makes a command of the object at `pointer`.
pub(crate) fn build_at(
    json: Json,
    pointer: String,
    write: &Write,
    key: Option<Uuid>,
    faults: &mut Faults,
    build: impl FnOnce(&mut Fields<'_>, &Write, Option<Uuid>) -> Built,
) -> Built {
    let mut fields = Fields::new(json, pointer, faults)?;
    let built = build(&mut fields, write, key);
    fields.close();
    built
}
