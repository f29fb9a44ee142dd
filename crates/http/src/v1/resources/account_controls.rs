//! The controls of an account, `/v1/accounts/{id}/controls`: its credit limit, its status, its
//! velocity limits. Changing them is a transfer without money, so it is in the history of the
//! account.

use wallet_domain::{
    AccountChange, AccountId, AccountStatus, Amount, ChangeAccount, Command, CurrencyCode,
    Rejection, TransferDetails, TransferId, VELOCITY_COUNT_MAX, VELOCITY_LIMITS_MAX,
    VELOCITY_WINDOW_SECONDS_MAX, VelocityLimit,
};

use super::accounts;
use super::transfers::reply::TransferReply;
use super::transfers::{Details, apply};
use crate::v1::protocol::{
    BoundedInt, BoundedVec, Call, Draft, Flatten, FromPath, NewId, Problem, Reply, Write,
    WriteBody, operations, request,
};
use crate::v1::resources::demo::ACCOUNT;

operations! {
    /// Change the controls of an account
    ///
    /// Changes how far the account may be overdrawn, which ways money may move, and how fast it may
    /// leave. Fields that you do not name stay as they are. The change is a transfer without money
    /// in the history of the account.
    changeAccountControls: post "/accounts/{id}/controls" for OPERATE => change,
        |it| it.path_param::<AccountId>("id", "The account's id.", ACCOUNT)
            .write_body::<NewAccountControls>().accepts_idempotency_key().if_match()
            .creates::<TransferReply>().rejections(&[CHANGE]);
}

const CHANGE: &[Rejection] = &[
    Rejection::AccountNotExist,
    Rejection::AccountClosed,
    Rejection::AccountNotEmpty,
    Rejection::AmountPrecisionExceeded,
    Rejection::CreditLimitMustNotBeNegative,
    Rejection::CreditLimitTooLarge,
    Rejection::VelocityLimitOutOfRange,
];

request! {
    /// A limit on how often, and how much, money may leave an account within a rolling window.
    pub(crate) struct NewVelocityLimit {
        /// The length of the window, in seconds.
        window_seconds: BoundedInt<u32, 1, { VELOCITY_WINDOW_SECONDS_MAX as u64 }>,
        /// The most transfers that may leave the account within the window.
        count_max: BoundedInt<u32, 1, { VELOCITY_COUNT_MAX as u64 }>,
        /// The most money that may leave the account within the window; any amount if there is
        /// none.
        amount_max: Option<Amount>,
    }
}

impl From<NewVelocityLimit> for VelocityLimit {
    fn from(limit: NewVelocityLimit) -> Self {
        Self {
            window_seconds: limit.window_seconds.0,
            count_max: limit.count_max.0,
            amount_max: limit.amount_max,
        }
    }
}

request! {
    /// Controls to change.
    pub(crate) struct NewAccountControls {
        account_id: FromPath<AccountId>,
        id: NewId<TransferId>,
        /// How much the account can spend and hold beyond its balance.
        credit_limit: Option<Amount>,
        status: Option<AccountStatus>,
        /// These limits replace all earlier ones.
        velocity_limits: Option<BoundedVec<NewVelocityLimit, 0, VELOCITY_LIMITS_MAX>>,
        details: Flatten<Details>,
    }
}

impl NewAccountControls {
    /// The command, once the currency of the account is looked up. `expected` is the version and
    /// the metadata version that the account must still have.
    fn expecting(self, expected: Option<(u64, u64)>, write: &Write) -> Draft {
        let limits = self.velocity_limits;
        let change = AccountChange {
            credit_limit: self.credit_limit,
            status: self.status,
            velocity_limits: limits.map(|limits| limits.0.into_iter().map(Into::into).collect()),
        };
        let (account_id, id, precision) = (self.account_id.0, self.id.0, write.precision);
        let details = TransferDetails::from(self.details.0);
        let make = move |code: CurrencyCode| {
            let change = ChangeAccount::new(account_id, code, id, change, precision, details);
            Command::ChangeAccount(match expected {
                Some((version, metadata_version)) => change.expecting(version, metadata_version),
                None => change,
            })
        };
        Draft::NeedsAccount(account_id, Box::new(make))
    }
}

/// As an item of a batch.
impl WriteBody for NewAccountControls {
    fn draft(self, write: &Write) -> Result<Draft, Rejection> {
        Ok(self.expecting(None, write))
    }
}

/// `POST /v1/accounts/{id}/controls`
async fn change(call: &mut Call) -> Result<Reply, Problem> {
    call.account_id()?;
    let (body, write) = call.body::<NewAccountControls>().await?;
    let draft = body.expecting(accounts::expected(call), &write);
    apply(call, Ok(draft), &write).await
}
