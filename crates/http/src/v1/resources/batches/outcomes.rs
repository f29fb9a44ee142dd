//! The outcomes of the items of a batch, in its reply.

use wallet_domain::{Account, Outcome, Recorded, Rejection, Transfer};

use super::items::Mode;
use super::yield_to_others;
use crate::v1::protocol::{
    Call, Flatten, OmitNone, Problem, ProblemReply, reply, text_enum, unexpected_outcome,
};
use crate::v1::resources::accounts::reply::{AccountReply, as_opened};
use crate::v1::resources::transfers::{self, reply::TransferReply};

/// The outcome of one item. An account is as it was opened.
pub(super) enum End {
    Created(Made),
    Replayed(Made),
    Rejected(Rejection),
    NotApplied,
}

pub(super) enum Made {
    Account(Box<Account>),
    /// One, or several that were applied together.
    Transfers(Vec<Transfer>),
    /// What no item creates.
    Other,
}

impl From<Outcome> for End {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Created(recorded) => Self::Created(Made::from(recorded)),
            Outcome::Exists(recorded) => Self::Replayed(Made::from(recorded)),
            Outcome::Rejected(rejection) => Self::Rejected(rejection),
            Outcome::NotApplied => Self::NotApplied,
        }
    }
}

impl From<Recorded> for Made {
    fn from(recorded: Recorded) -> Self {
        match recorded {
            Recorded::Account(account) => Self::Account(Box::new(as_opened(account))),
            Recorded::Transfer(transfer) => Self::Transfers(vec![transfer]),
            Recorded::Linked(transfers) => Self::Transfers(transfers),
            _ => Self::Other,
        }
    }
}

reply! {
    /// The outcome of a batch.
    pub(crate) struct BatchReply {
        mode: Mode,
        items: Vec<BatchItemResultReply>,
        /// The index of the first rejected item, counted from 0; null if no item was rejected.
        failed_index: Option<u64>,
    }
}

reply! {
    /// Why an atomic batch was refused, and the outcome of each item.
    pub(crate) struct BatchProblemReply {
        problem: Flatten<ProblemReply>,
        batch: Flatten<BatchReply>,
    }
}

reply! {
    /// The outcome of an item. It has an `account` or a `transfer` if it was applied, and an
    /// `error` if it was rejected.
    pub(crate) struct BatchItemResultReply {
        /// The place of the item in the batch, counted from 0.
        index: u64,
        status: ItemStatus,
        /// The account that the item opened.
        account: OmitNone<AccountReply>,
        /// The transfer that the item created, or that records its change.
        transfer: OmitNone<TransferReply>,
        /// Why the item was rejected.
        error: OmitNone<ProblemReply>,
    }
}

#[derive(Clone, Copy)]
pub(crate) enum ItemStatus {
    Created,
    Replayed,
    Rejected,
    NotApplied,
}

impl ItemStatus {
    const ALL: [Self; 4] = [
        Self::Created,
        Self::Replayed,
        Self::Rejected,
        Self::NotApplied,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Replayed => "replayed",
            Self::Rejected => "rejected",
            Self::NotApplied => "not_applied",
        }
    }
}

text_enum! {
    ItemStatus as "BatchItemStatus" = Self::ALL => Self::as_str, "not a status of items",
        "`created`: the item was applied now. `replayed`: it was applied before. `rejected`: a \
         rule refused it. `not_applied`: it was not applied, because another item of an atomic \
         batch was rejected.";
}

pub(super) async fn item_results(
    call: &Call,
    ends: Vec<End>,
    by_key: bool,
) -> Result<Vec<BatchItemResultReply>, Problem> {
    let mut items = Vec::with_capacity(ends.len());
    for (index, end) in ends.into_iter().enumerate() {
        yield_to_others(index).await;
        let (status, made, error) = match end {
            End::Created(made) => (ItemStatus::Created, Some(made), None),
            End::Replayed(made) => (ItemStatus::Replayed, Some(made), None),
            End::Rejected(rejection) => {
                let problem = Problem::rejected(rejection, by_key);
                (ItemStatus::Rejected, None, Some(problem.into_reply(None)))
            }
            End::NotApplied => (ItemStatus::NotApplied, None, None),
        };
        let (account, transfer) = match made {
            Some(Made::Account(account)) => (Some(opened(call, *account).await?), None),
            Some(Made::Transfers(made)) => (None, Some(applied(call, made).await?)),
            Some(Made::Other) => return Err(unexpected_outcome()),
            None => (None, None),
        };
        items.push(BatchItemResultReply {
            index: index as u64,
            status,
            account: account.into(),
            transfer: transfer.into(),
            error: error.into(),
        });
    }
    Ok(items)
}

async fn opened(call: &Call, account: Account) -> Result<AccountReply, Problem> {
    let precision = call.precision(account.currency_code).await?;
    Ok(AccountReply::new(account, precision))
}

async fn applied(call: &Call, made: Vec<Transfer>) -> Result<TransferReply, Problem> {
    let precisions = transfers::precisions(call, &made).await?;
    transfers::as_reply(made, &precisions).ok_or_else(unexpected_outcome)
}
