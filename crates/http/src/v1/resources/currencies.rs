//! Currencies, each with the ids of the accounts through which the ledger exchanges it.

use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;
use wallet_domain::{AccountId, Command, Currency, CurrencyCode, PRECISION_MAX, Recorded};

use crate::access::need::Need;
use crate::v1::protocol::call::{Call, checked, unexpected_outcome};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::lists;
use crate::v1::protocol::operation::Operation;
use crate::v1::protocol::parse;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::schema::{self, Named, object, reference};
use crate::v1::protocol::wire::Shown;

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/currencies", "listCurrencies", Need::READ_COMMON, list)
            .says("List currencies", "All of them on one page, by code.")
            .gives(schema::page("Currency"), &[]),
        Operation::get("/currencies/{code}", "getCurrency", Need::READ_COMMON, get)
            .says("Read a currency", "")
            .names("code", reference("CurrencyCode"), "Its code.", "USD")
            .gives(reference("Currency"), &[])
            .refuses(StatusCode::NOT_FOUND),
        Operation::post("/currencies", "createCurrency", Need::OPERATE, create)
            .says(
                "Create a currency",
                "The code is the key of idempotency. A currency is never changed and never taken \
                 away; all replicas know it at once.",
            )
            .takes("NewCurrency", json!({"code": "JPY", "precision": 0}))
            .creates("Currency")
            .refuses(StatusCode::CONFLICT),
    ]
}

/// The bodies of these operations.
pub(super) fn schemas() -> Vec<Named> {
    let fields = [
        ("code", reference("CurrencyCode")),
        ("precision", reference("Precision")),
    ];
    let account = |text| schema::described(reference("Id"), text);
    let ledger = [
        (
            "liquidity_account_id",
            account(
                "The ledger's account through which it is exchanged; opened with its first rate.",
            ),
        ),
        (
            "spread_account_id",
            account("The ledger's account for what it earns by that."),
        ),
    ];
    vec![
        (
            "Currency",
            object("A currency.", &[&fields[..], &ledger].concat()),
        ),
        ("NewCurrency", object("A currency to create.", &fields)),
    ]
}

/// `GET /v1/currencies`: all of them; there are too few for pages.
pub(super) async fn list(call: &mut Call) -> Result<Reply, Problem> {
    call.no_params()?;
    let currencies = all(call).await?;
    lists::page(
        currencies.into_iter().map(CurrencyReply::from).collect(),
        None,
    )
}

/// `GET /v1/currencies/{code}`
pub(super) async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let code = call.path("code", parse::currency_code)?;
    call.no_params()?;
    let currencies = all(call).await?;
    let found = currencies
        .into_iter()
        .find(|currency| currency.code == code);
    let found = found.ok_or_else(Problem::no_such_currency)?;
    Reply::ok(&CurrencyReply::from(found))
}

/// `POST /v1/currencies`: the code is the key of idempotency.
pub(super) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let mut write = call.write("/v1/currencies", &mut faults);
    write.key = None;
    let json = call.json().await?;
    let currency = Fields::new(json, String::new(), &mut faults).and_then(|mut fields| {
        let code = fields.required("code", parse::currency_code);
        let precision = fields.whole_required("precision", 0..=PRECISION_MAX.into());
        fields.close();
        let (code, precision) = (code?, u8::try_from(precision?).ok()?);
        Some(Currency { code, precision })
    });
    checked(&faults)?;
    let currency = currency.ok_or_else(unexpected_outcome)?;
    let (recorded, is_replay) = call
        .submit(Command::CreateCurrency(currency.into()), &write)
        .await?;
    let Recorded::Currency(currency) = recorded else {
        return Err(unexpected_outcome());
    };
    if !write.dry_run {
        call.state.learn(&[currency]);
    }
    let location = format!("/v1/currencies/{}", currency.code);
    let reply = Reply::ok(&CurrencyReply::from(currency))?;
    Ok(reply.created(location, &write, is_replay))
}

async fn all(call: &Call) -> Result<Vec<Currency>, Problem> {
    let read = call
        .state
        .look_up(call.deadline, |queries| queries.currencies());
    Ok(read.await?)
}

#[derive(Serialize)]
struct CurrencyReply {
    code: Shown<CurrencyCode>,
    precision: u8,
    liquidity_account_id: Shown<Uuid>,
    spread_account_id: Shown<Uuid>,
}

impl From<Currency> for CurrencyReply {
    fn from(currency: Currency) -> Self {
        Self {
            code: Shown(currency.code),
            precision: currency.precision,
            liquidity_account_id: Shown(AccountId::liquidity(currency.code).as_uuid()),
            spread_account_id: Shown(AccountId::spread(currency.code).as_uuid()),
        }
    }
}
