//! The history of an account: its parts, and its balance at an instant.

use wallet_domain::{
    AccountId, CurrencyCode, Period, Rejection, TimeAxis, Timestamp, TransferId, TransferPart,
    TransferType,
};

use super::accounts;
use super::transfers::reply::TransferPartReply;
use crate::v1::protocol::{
    Call, Field, Fields, Flatten, Money, ObjectSchema, Page, Problem, Reply, operations, reply,
    request,
};
use crate::v1::resources::demo::ACCOUNT;

operations! {
    /// Read the balance at an instant
    ///
    /// Returns what the account had at an instant. On the axis `system`, a transfer counts from the
    /// time at which the service applied it. On the axis `effective`, it counts from its
    /// `effective_at`; if it has none, from the time at which it was applied.
    getBalance: get "/accounts/{id}/balance" for READ_OWN => balance,
        |it| it.path_param::<AccountId>("id", "The account's id.", ACCOUNT)
            .query::<GetBalance>()
            .returns::<BalanceReply>(&[])
            .problem_codes(&["query_too_slow"])
            .rejections(&[&[Rejection::AccountNotExist]]);

    /// List an account's parts
    ///
    /// Returns the transfer parts of the account, newest first.
    listAccountParts: get "/accounts/{id}/parts" for READ_OWN => parts,
        |it| it.path_param::<AccountId>("id", "The account's id.", ACCOUNT)
            .query::<ListAccountParts>()
            .returns_page::<AccountPartReply>()
            .rejections(&[&[Rejection::AccountNotExist]]);
}

request! {
    /// Which balance to read.
    pub(crate) struct GetBalance {
        /// The instant; now if omitted.
        at: Option<Timestamp>,
        /// Which time counts; `system` if omitted.
        axis: Option<TimeAxis>,
    }
}

request! {
    /// Which parts to list.
    pub(crate) struct ListAccountParts {
        period: PeriodParams,
    }
}

/// The parameters of a period: its start (inclusive), and its end (exclusive).
pub(crate) struct PeriodParams(pub(super) Option<Timestamp>, pub(super) Option<Timestamp>);

impl Field for PeriodParams {
    fn take_from(fields: &mut Fields<'_>, _: &'static str) -> Option<Self> {
        let from = Option::<Timestamp>::take_from(fields, "created_from");
        let before = Option::<Timestamp>::take_from(fields, "created_before");
        let (from, before) = (from?, before?);
        if from.zip(before).is_some_and(|(from, before)| before < from) {
            fields.fault("created_before", "invalid", "it is before `created_from`");
            return None;
        }
        Some(Self(from, before))
    }

    fn describe(object: &mut ObjectSchema<'_>, _: &'static str, _: &str) {
        let about = "The start of the period, inclusive; the opening of the account if omitted.";
        Option::<Timestamp>::describe(object, "created_from", about);
        let about = "The end of the period, exclusive; now if omitted.";
        Option::<Timestamp>::describe(object, "created_before", about);
    }
}

reply! {
    /// The balance of an account at an instant.
    pub(crate) struct BalanceReply {
        account_id: AccountId,
        currency_code: CurrencyCode,
        at: Timestamp,
        axis: TimeAxis,
        balance: Money,
    }
}

reply! {
    /// A transfer part in the history of its account.
    pub(crate) struct AccountPartReply {
        transfer_id: TransferId,
        transfer_type as "type": TransferType,
        /// The other account of the transfer, if there is one.
        corresponding_account_id: Option<AccountId>,
        currency_code: CurrencyCode,
        created_at: Timestamp,
        effective_at: Option<Timestamp>,
        part: Flatten<TransferPartReply>,
    }
}

impl AccountPartReply {
    pub(super) fn new(part: TransferPart, precision: u8) -> Self {
        Self {
            transfer_id: part.transfer_id,
            transfer_type: part.transfer_type,
            corresponding_account_id: part.corresponding_account_id,
            currency_code: part.currency_code,
            created_at: part.created_at,
            effective_at: part.effective_at,
            part: Flatten(TransferPartReply::new(part, precision)),
        }
    }
}

/// `GET /v1/accounts/{id}/parts`: newest first.
async fn parts(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.account_id()?;
    let (list, page) = call.list::<ListAccountParts, u64>()?;
    let account = accounts::find(call, id).await?;
    let PeriodParams(from, before) = list.period;
    let (below, count) = (page.after, page.count());
    let parts = call.read_list(move |queries| {
        let period = Period::read(queries, id, from, before)?;
        period.parts_newest(queries, below, count)
    });
    let mut parts = parts.await?;
    let next_cursor = page.cut(&mut parts, |part| part.version);
    let precision = call.precision(account.currency_code).await?;
    let data = parts
        .into_iter()
        .map(|part| AccountPartReply::new(part, precision));
    Reply::new(&Page {
        data: data.collect(),
        next_cursor,
    })
}

/// `GET /v1/accounts/{id}/balance`
async fn balance(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.account_id()?;
    let GetBalance { at, axis } = call.query()?;
    let axis = axis.unwrap_or(TimeAxis::System);
    let account = accounts::find(call, id).await?;
    // Booked times may be ahead of the clock: now is not before the last change.
    let at = at.unwrap_or_else(|| (call.state.clock)().max(account.updated_at));
    let balance = call.read_list(move |queries| queries.balance_at(id, at, axis));
    let balance = balance.await?.ok_or_else(accounts::not_exist)?;
    let precision = call.precision(account.currency_code).await?;
    Reply::new(&BalanceReply {
        account_id: account.id,
        currency_code: account.currency_code,
        at,
        axis,
        balance: Money::new(balance, precision),
    })
}
