//! Accounts.

use actix_web::http::header::{ETAG, IF_MATCH};
use uuid::Uuid;
use wallet_domain::{
    Account, AccountFilter, AccountId, ChangeMetadata, Command, OpenAccount, Recorded, Rejection,
};

use super::call::{Call, Write, checked, not_carried_out};
use super::faults::Faults;
use super::fields::Fields;
use super::idempotency;
use super::lists::{self, Asked};
use super::params::Params;
use super::parse;
use super::problem::Problem;
use super::reply::Reply;
use super::transfers::{Built, built};
use super::wire::{AccountReply, as_opened};

/// `POST /v1/accounts`
pub(super) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let write = call.write("/v1/accounts", &mut faults);
    let json = call.json().await?;
    let built = built(json, String::new(), &write, write.key, &mut faults, open);
    checked(&faults)?;
    let command = built.ok_or_else(not_carried_out)?;
    let command = command.map_err(|rejection| Problem::rejected(rejection, false))?;
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
    Some(Ok(Command::OpenAccount(OpenAccount {
        account_id: id.or(key).or_else(ours)?,
        currency_code: currency_code?,
        external_id,
        metadata,
    })))
}

/// `GET /v1/accounts/{id}`
pub(super) async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.path("id", parse::account_id)?;
    call.no_params()?;
    let account = find(call, id).await?;
    let reply = reply(call, &account).await?;
    Ok(reply.header(ETAG, etag(&account)))
}

/// `GET /v1/accounts`: in the order of the ids.
pub(super) async fn list(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let mut params = Params::of(call.request.query_string(), &mut faults);
    let asked = Asked::<Uuid>::of(call, &mut params)?;
    let filter = AccountFilter {
        currency_code: params.optional("currency_code", parse::currency_code),
        external_id: params.optional("external_id", parse::short_text),
    };
    params.close();
    checked(&faults)?;
    let (after, count) = (asked.after.and_then(AccountId::new), asked.count());
    let read = call.ports.read(call.deadline, move |queries| {
        queries.accounts(&filter, after, count)
    });
    let mut accounts = read.await?;
    let next = asked.cut(&mut accounts, |account| account.id.as_uuid());
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
    let account_id = call.path("id", parse::account_id)?;
    let mut faults = Faults::default();
    let write = call.write("/v1/accounts", &mut faults);
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
        expected: expected(call)?,
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

/// Reads an account that should be there.
pub(super) async fn find(call: &Call, id: AccountId) -> Result<Account, Problem> {
    let read = call
        .ports
        .read(call.deadline, move |queries| queries.account(id));
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
fn expected(call: &Call) -> Result<Option<(u64, u64)>, Problem> {
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
        None => Err(Problem::rejected(Rejection::AccountChanged, false)),
    }
}
