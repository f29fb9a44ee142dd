//! Currencies. Each has the ids of the accounts through which the ledger exchanges it.

use wallet_domain::{AccountId, Command, Currency, CurrencyCode, PRECISION_MAX, Recorded};

use crate::v1::protocol::{
    BoundedInt, Call, Page, Problem, Reply, operations, reply, request, unexpected_outcome,
};

operations! {
    /// List currencies
    ///
    /// Returns all currencies on one page, ordered by code.
    listCurrencies: get "/currencies" for READ_COMMON => list,
        |it| it.returns::<Page<CurrencyReply>>(&[]);

    /// Read a currency
    ///
    /// Returns the currency, with the ids of the accounts through which the ledger exchanges it.
    getCurrency: get "/currencies/{code}" for READ_COMMON => get,
        |it| it.path_param::<CurrencyCode>("code", "The code of the currency.", "USD")
            .returns::<CurrencyReply>(&[])
            .problem_codes(&["currency_not_found"]);

    /// Create a currency
    ///
    /// The code is the idempotency key. A currency is never changed or removed, and all replicas
    /// know it at once.
    createCurrency: post "/currencies" for OPERATE => create,
        |it| it.body::<NewCurrency>(true).creates::<CurrencyReply>();
}

request! {
    /// A currency to create.
    pub(crate) struct NewCurrency {
        code: CurrencyCode,
        /// The number of decimals of an amount.
        precision: BoundedInt<u8, 0, { PRECISION_MAX as u64 }>,
    }
}

reply! {
    /// A currency.
    pub(crate) struct CurrencyReply {
        code: CurrencyCode,
        /// The number of decimals of an amount.
        precision: u8,
        /// The ledger's account through which the currency is exchanged; its first rate opens it.
        liquidity_account_id: AccountId,
        /// The ledger's account for the spreads that it earns in this currency.
        spread_account_id: AccountId,
    }
}

impl From<Currency> for CurrencyReply {
    fn from(currency: Currency) -> Self {
        Self {
            code: currency.code,
            precision: currency.precision,
            liquidity_account_id: AccountId::liquidity(currency.code),
            spread_account_id: AccountId::spread(currency.code),
        }
    }
}

/// `GET /v1/currencies`: all of them; there are too few for pages.
async fn list(call: &mut Call) -> Result<Reply, Problem> {
    call.query::<()>()?;
    let all = call.look_up(|queries| queries.currencies()).await?;
    Reply::new(&Page {
        data: all.into_iter().map(CurrencyReply::from).collect(),
        next_cursor: None,
    })
}

/// `GET /v1/currencies/{code}`
async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let code: CurrencyCode = call.path("code")?;
    call.query::<()>()?;
    let all = call.look_up(|queries| queries.currencies()).await?;
    let found = all.into_iter().find(|currency| currency.code == code);
    let found = found.ok_or_else(Problem::currency_not_found)?;
    Reply::new(&CurrencyReply::from(found))
}

/// `POST /v1/currencies`: the code is the key of idempotency.
async fn create(call: &mut Call) -> Result<Reply, Problem> {
    let (body, mut write) = call.body::<NewCurrency>().await?;
    write.key = None;
    let currency = Currency {
        code: body.code,
        precision: body.precision.0,
    };
    let command = Command::CreateCurrency(currency.into());
    let (Recorded::Currency(currency), is_replay) = call.submit(command, &write).await? else {
        return Err(unexpected_outcome());
    };
    if !write.dry_run {
        call.state.learn(&[currency]);
    }
    let location = format!("/v1/currencies/{}", currency.code);
    Ok(Reply::new(&CurrencyReply::from(currency))?.created(location, &write, is_replay))
}
