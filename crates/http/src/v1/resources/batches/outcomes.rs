//! The outcomes of the items of a batch, as its reply has them.

use serde::Serialize;
use serde_json::Value;
use wallet_domain::{Account, Outcome, Recorded, Rejection, Transfer};

use super::give_way;
use crate::v1::protocol::call::{Call, unexpected_outcome};
use crate::v1::protocol::problem::Problem;
use crate::v1::resources::accounts::wire::{AccountReply, as_opened};
use crate::v1::resources::transfers::{self, wire::TransferReply};

/// The outcome of one item; an account is shown as it was opened.
pub(super) enum End {
    Created(Made),
    Replayed(Made),
    Rejected(Rejection),
    NotCarriedOut,
}

pub(super) enum Made {
    Account(Box<Account>),
    /// One, or several that were applied together.
    Transfers(Vec<Transfer>),
    /// No item makes anything else.
    Other,
}

impl From<Outcome> for End {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Created(recorded) => Self::Created(Made::from(recorded)),
            Outcome::Exists(recorded) => Self::Replayed(Made::from(recorded)),
            Outcome::Rejected(rejection) => Self::Rejected(rejection),
            Outcome::NotCarriedOut => Self::NotCarriedOut,
        }
    }
}

impl From<Recorded> for Made {
    fn from(recorded: Recorded) -> Self {
        match recorded {
            Recorded::Account(account) => Self::Account(Box::new(as_opened(&account))),
            Recorded::Transfer(transfer) => Self::Transfers(vec![transfer]),
            Recorded::Linked(transfers) => Self::Transfers(transfers),
            _ => Self::Other,
        }
    }
}

#[derive(Serialize)]
pub(super) struct BatchReply<'a> {
    pub(super) mode: &'static str,
    pub(super) items: Vec<Item<'a>>,
    pub(super) failed_index: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct Item<'a> {
    index: usize,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<ItemResult<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
}

#[derive(Serialize)]
#[serde(untagged)]
#[expect(
    clippy::large_enum_variant,
    reason = "most are transfers: a box would cost each of them"
)]
pub(super) enum ItemResult<'a> {
    Account(AccountReply<'a>),
    Transfer(TransferReply<'a>),
}

pub(super) async fn item_results<'a>(
    call: &Call,
    ends: &'a [End],
    by_key: bool,
) -> Result<Vec<Item<'a>>, Problem> {
    let mut items = Vec::with_capacity(ends.len());
    for (index, end) in ends.iter().enumerate() {
        give_way(index).await;
        let (status, made, error) = match end {
            End::Created(made) => ("created", Some(made), None),
            End::Replayed(made) => ("replayed", Some(made), None),
            End::Rejected(rejection) => {
                let problem = Problem::rejected(*rejection, by_key);
                ("rejected", None, Some(problem.into_json()))
            }
            End::NotCarriedOut => ("not_carried_out", None, None),
        };
        let result = match made {
            Some(made) => Some(result(call, made).await?),
            None => None,
        };
        items.push(Item {
            index,
            status,
            result,
            error,
        });
    }
    Ok(items)
}

async fn result<'a>(call: &Call, made: &'a Made) -> Result<ItemResult<'a>, Problem> {
    match made {
        Made::Account(account) => {
            let code = account.currency_code;
            let precision = call.state.precision(code, call.deadline).await?;
            Ok(ItemResult::Account(AccountReply::new(account, precision)))
        }
        Made::Transfers(made) => {
            let precisions = transfers::precisions(call, made).await?;
            let shown = transfers::as_reply(made, &precisions).ok_or_else(unexpected_outcome)?;
            Ok(ItemResult::Transfer(shown))
        }
        Made::Other => Err(unexpected_outcome()),
    }
}
