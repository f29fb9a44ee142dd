//! Accounts.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, IF_MATCH};
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::{
    Account, AccountFilter, AccountId, ChangeMetadata, Command, LedgerQueries, OpenAccount,
    Recorded, Rejection, StoreError,
};

use super::call::{Call, checked, not_carried_out};
use super::draft::Draft;
use super::faults::Faults;
use super::fields::Fields;
use super::idempotency;
use super::lists::{self, Asked};
use super::operation::{DRY_RUN, Operation};
use super::params::Params;
use super::parse;
use super::problem::Problem;
use super::reply::Reply;
use super::rules;
use super::schema::{self, Named, object, or_null, reference};
use super::transfers::{Built, built};
use super::wire::{AccountReply, as_opened};
use super::write::Write;
use crate::access::Need;

/// What can be asked for.
pub(super) fn operations() -> Vec<Operation> {
    let id = |operation: Operation| {
        operation
            .names("id", reference("Id"), "The account's id.", EXAMPLE)
            .refuses(StatusCode::NOT_FOUND)
    };
    vec![
        Operation::get("/accounts", "listAccounts", Need::READ_OWN, list)
            .says("List accounts", "In the order of their ids.")
            .query("currency_code", reference("CurrencyCode"), "Accounts of this currency.")
            .query("external_id", reference("ShortText"), "The account that you call so.")
            .gives_pages_of("Account"),
        Operation::post("/accounts", "openAccount", Need::OPERATE, create)
            .says(
                "Open an account",
                "The answer is the account as it was opened, whenever the request is repeated. Without an `id` and \
                 without a key the account gets an id, and a retry opens another one.",
            )
            .takes(
                "NewAccount",
                json!({
                    "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a6b", "currency_code": "USD",
                    "external_id": "customer-4711", "metadata": {"tier": "gold"},
                }),
            )
            .takes_key()
            .creates("Account")
            .refuses(StatusCode::CONFLICT)
            .refuses(StatusCode::UNPROCESSABLE_ENTITY),
        id(Operation::get("/accounts/{id}", "getAccount", Need::READ_OWN, get))
            .says("Read an account", "")
            .gives(reference("Account"), &[TAG]),
        id(Operation::patch("/accounts/{id}", "changeAccount", Need::OPERATE, change))
            .says(
                "Change an account's metadata",
                "Entries that are not named stay as they are.",
            )
            .takes("AccountChanges", json!({"metadata": {"tier": "gold", "region": null}}))
            .writes()
            .header("If-Match", schema::text(), "Change it only if it still has this `ETag`.")
            .gives(reference("Account"), &[TAG, DRY_RUN])
            .refuses(StatusCode::PRECONDITION_FAILED)
            .refuses(StatusCode::UNPROCESSABLE_ENTITY),
    ]
}

pub(super) const EXAMPLE: &str = "1836981e-7bce-4356-99a5-a001073e51fe";

const TAG: (&str, &str) = ("ETag", "The state of the account, for `If-Match`.");

/// The bodies of these operations.
pub(super) fn schemas() -> Vec<Named> {
    let described = |text| schema::described(reference("Money"), text);
    let account = object(
        "An account.",
        &[
            ("id", reference("Id")),
            ("currency_code", reference("CurrencyCode")),
            ("balance", reference("Money")),
            ("held_balance", described("What open holds hold of it.")),
            (
                "available_balance",
                described("What can be spent: balance, less what is held, and the credit limit."),
            ),
            ("credit_limit", or_null(reference("Money"))),
            ("status", schema::one_of(&rules::STATUSES)),
            (
                "velocity_limits",
                schema::list_of(reference("VelocityLimit")),
            ),
            (
                "version",
                schema::whole_number("How many transfer parts it has."),
            ),
            ("external_id", or_null(reference("ShortText"))),
            ("metadata", reference("Metadata")),
            ("created_at", reference("Time")),
            ("updated_at", reference("Time")),
        ],
    );
    let changes = object(
        "What to change.",
        &[("metadata", reference("MetadataChanges"))],
    );
    vec![
        ("Account", account),
        ("NewAccount", object("An account to open.", &new_account())),
        ("AccountChanges", changes),
    ]
}

/// The fields of an account to open.
pub(super) fn new_account() -> Vec<(&'static str, Value)> {
    vec![
        ("id?", or_null(reference("Id"))),
        ("currency_code", reference("CurrencyCode")),
        ("external_id?", or_null(reference("ShortText"))),
        ("metadata?", or_null(reference("Metadata"))),
    ]
}

/// `POST /v1/accounts`
pub(super) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let write = Write::of(call, "/v1/accounts", &mut faults);
    let json = call.json().await?;
    let built = built(json, String::new(), &write, write.key, &mut faults, open);
    checked(&faults)?;
    let command = call.finish(built.ok_or_else(not_carried_out)?).await?;
    let (recorded, is_replay) = call.submit(command, &write).await?;
    let Recorded::Account(account) = recorded else {
        return Err(not_carried_out());
    };
    let location = format!("/v1/accounts/{}", account.id.as_uuid());
    let reply = reply(call, &as_opened(&account)).await?;
    Ok(reply.created(location, &write, is_replay))
}

/// The opening of an account. Without an id and a key it gets an id of ours.
pub(super) fn open(fields: &mut Fields<'_>, _: &Write, key: Option<Uuid>) -> Built {
    let id = fields.optional("id", parse::account_id);
    let key = key.and_then(AccountId::new);
    if id.is_some() && key.is_some() {
        idempotency::ambiguous(fields);
    }
    let currency_code = fields.required("currency_code", parse::currency_code);
    let external_id = fields.optional("external_id", parse::short_text);
    let metadata = fields.metadata("metadata");
    let ours = || AccountId::new(Uuid::now_v7());
    Some(Ok(Draft::Ready(Command::OpenAccount(OpenAccount {
        account_id: id.or(key).or_else(ours)?,
        currency_code: currency_code?,
        external_id,
        metadata,
        created_by: None,
    }))))
}

/// `GET /v1/accounts/{id}`
pub(super) async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.account_id()?;
    call.no_params()?;
    let account = find(call, id).await?;
    let reply = reply(call, &account).await?;
    Ok(reply.header(ETAG, etag(&account)))
}

/// `GET /v1/accounts`: in the order of the ids.
pub(super) async fn list(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let mut params = Params::of(call.request.query_string(), &mut faults);
    let asked = Asked::<AccountId>::of(call, &mut params)?;
    let filter = AccountFilter {
        currency_code: params.optional("currency_code", parse::currency_code),
        external_id: params.optional("external_id", parse::short_text),
    };
    params.close();
    checked(&faults)?;
    let (after, count) = (asked.after, asked.count());
    let own = call.caller.accounts.clone();
    let read = call.ports.read(call.deadline, move |queries| match own {
        None => queries.accounts(&filter, after, count),
        Some(own) => own_accounts(queries, &own, &filter, after, count),
    });
    let mut accounts = read.await?;
    let next = asked.cut(&mut accounts, |account| account.id);
    let mut data = Vec::with_capacity(accounts.len());
    for account in &accounts {
        let code = account.currency_code;
        let precision = call.ports.precision(code, call.deadline).await?;
        data.push(AccountReply::of(account, precision));
    }
    lists::page(data, next)
}

/// `PATCH /v1/accounts/{id}`
pub(super) async fn change(call: &mut Call) -> Result<Reply, Problem> {
    let account_id = call.account_id()?;
    let mut faults = Faults::default();
    let write = Write::of(call, "/v1/accounts", &mut faults);
    let json = call.json().await?;
    let changes = Fields::of(json, String::new(), &mut faults).and_then(|mut fields| {
        let changes = fields.changes("metadata");
        fields.close();
        changes
    });
    checked(&faults)?;
    let change = ChangeMetadata {
        account_id,
        changes: changes.ok_or_else(not_carried_out)?,
        expected: expected(call).map_err(|rejection| Problem::rejected(rejection, false))?,
        created_by: None,
    };
    let (recorded, _) = call.submit(Command::ChangeMetadata(change), &write).await?;
    let Recorded::Account(account) = recorded else {
        return Err(not_carried_out());
    };
    let reply = reply(call, &account).await?.written(&write, false);
    match write.dry_run {
        true => Ok(reply),
        false => Ok(reply.header(ETAG, etag(&account))),
    }
}

/// The same list of the accounts that a key is limited to: few, and each is read for itself.
fn own_accounts(
    queries: &dyn LedgerQueries,
    own: &BTreeSet<AccountId>,
    filter: &AccountFilter,
    after: Option<AccountId>,
    limit: u32,
) -> Result<Vec<Account>, StoreError> {
    let mut found = Vec::new();
    for id in own.iter().filter(|id| Some(**id) > after) {
        let account = queries.account(*id)?;
        found.extend(account.filter(|account| filter.lets_through(account)));
        if found.len() >= limit as usize {
            break;
        }
    }
    Ok(found)
}

/// Reads an account that should be there.
pub(super) async fn find(call: &Call, id: AccountId) -> Result<Account, Problem> {
    let read = call
        .ports
        .look_up(call.deadline, move |queries| queries.account(id));
    let account = read.await?;
    account.ok_or_else(not_exist)
}

/// A path that names an account that does not exist.
pub(super) fn not_exist() -> Problem {
    Problem::rejected(Rejection::AccountNotExist, false)
}

async fn reply(call: &Call, account: &Account) -> Result<Reply, Problem> {
    let code = account.currency_code;
    let precision = call.ports.precision(code, call.deadline).await?;
    Reply::ok(&AccountReply::of(account, precision))
}

/// Two versions, because the metadata changes without a transfer.
fn etag(account: &Account) -> String {
    format!("\"{}-{}\"", account.version, account.metadata_version)
}

/// What `If-Match` says that the account is.
pub(super) fn expected(call: &Call) -> Result<Option<(u64, u64)>, Rejection> {
    let mut values = call.request.headers().get_all(IF_MATCH);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let versions = || {
        let versions = text.strip_prefix('"')?.strip_suffix('"')?;
        let (version, metadata_version) = versions.split_once('-')?;
        Some((version.parse().ok()?, metadata_version.parse().ok()?))
    };
    // A tag that we never gave is one of no account.
    match versions().filter(|_| values.next().is_none()) {
        Some(versions) => Ok(Some(versions)),
        None => Err(Rejection::AccountChanged),
    }
}
