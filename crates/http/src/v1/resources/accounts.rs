//! Accounts: opening, reading, listing and describing them. Their rules are in `account_rules.rs`,
//! what happened to them in `history.rs` and `statements.rs`.

mod contract;
pub(crate) mod wire;

use std::collections::BTreeSet;

use actix_web::http::header::{ETAG, IF_MATCH};
use uuid::Uuid;
use wallet_domain::{
    Account, AccountFilter, AccountId, ChangeMetadata, Command, LedgerQueries, OpenAccount,
    Recorded, Rejection, StoreError,
};

use crate::v1::protocol::call::{Call, checked, unexpected_outcome};
use crate::v1::protocol::draft::{Built, Draft, build_at};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::idempotency;
use crate::v1::protocol::lists::{self, Asked};
use crate::v1::protocol::params::Params;
use crate::v1::protocol::parse;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::write::Write;

pub(super) use contract::{EXAMPLE, STATUSES, new_account, operations, schemas};
use wire::{AccountReply, as_opened};

/// `POST /v1/accounts`
pub(super) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let write = call.write("/v1/accounts", &mut faults);
    let json = call.json().await?;
    let built = build_at(
        json,
        String::new(),
        &write,
        write.key,
        &mut faults,
        build_account,
    );
    checked(&faults)?;
    let command = call.finish(built.ok_or_else(unexpected_outcome)?).await?;
    let (recorded, is_replay) = call.submit(command, &write).await?;
    let Recorded::Account(account) = recorded else {
        return Err(unexpected_outcome());
    };
    let location = format!("/v1/accounts/{}", account.id.as_uuid());
    let reply = reply(call, &as_opened(&account)).await?;
    Ok(reply.created(location, &write, is_replay))
}

/// Opens an account. Without an id and a key the account gets a generated id.
pub(super) fn build_account(fields: &mut Fields<'_>, _: &Write, key: Option<Uuid>) -> Built {
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
    let mut params = Params::new(call.request.query_string(), &mut faults);
    let asked = Asked::<AccountId>::from_params(call, &mut params)?;
    let filter = AccountFilter {
        currency_code: params.optional("currency_code", parse::currency_code),
        external_id: params.optional("external_id", parse::short_text),
        ..AccountFilter::default()
    };
    params.close();
    checked(&faults)?;
    let (after, count) = (asked.after, asked.count());
    let own = call.caller.accounts.clone();
    let read = call.state.read(call.deadline, move |queries| match own {
        None => queries.accounts(&filter, after, count),
        Some(own) => own_accounts(queries, &own, &filter, after, count),
    });
    let mut accounts = read.await?;
    let next = asked.cut(&mut accounts, |account| account.id);
    let mut data = Vec::with_capacity(accounts.len());
    for account in &accounts {
        let code = account.currency_code;
        let precision = call.state.precision(code, call.deadline).await?;
        data.push(AccountReply::new(account, precision));
    }
    lists::page(data, next)
}

/// `PATCH /v1/accounts/{id}`
pub(super) async fn change(call: &mut Call) -> Result<Reply, Problem> {
    let account_id = call.account_id()?;
    let mut faults = Faults::default();
    let write = call.write("/v1/accounts", &mut faults);
    let json = call.json().await?;
    let changes = Fields::new(json, String::new(), &mut faults).and_then(|mut fields| {
        let changes = fields.changes("metadata");
        fields.close();
        changes
    });
    checked(&faults)?;
    let change = ChangeMetadata {
        account_id,
        changes: changes.ok_or_else(unexpected_outcome)?,
        expected: expected(call).map_err(|rejection| Problem::rejected(rejection, false))?,
        created_by: None,
    };
    let (recorded, _) = call.submit(Command::ChangeMetadata(change), &write).await?;
    let Recorded::Account(account) = recorded else {
        return Err(unexpected_outcome());
    };
    let reply = reply(call, &account).await?.written(&write, false);
    match write.dry_run {
        true => Ok(reply),
        false => Ok(reply.header(ETAG, etag(&account))),
    }
}

/// The same list for a key that is limited to accounts: they are few, and each is looked up.
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

/// Reads an account that should exist.
pub(super) async fn find(call: &Call, id: AccountId) -> Result<Account, Problem> {
    let read = call
        .state
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
    let precision = call.state.precision(code, call.deadline).await?;
    Reply::ok(&AccountReply::new(account, precision))
}

/// Two versions, because the metadata changes without a transfer.
fn etag(account: &Account) -> String {
    format!("\"{}-{}\"", account.version, account.metadata_version)
}

/// The version that `If-Match` expects.
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
    // A tag that we never issued matches no account.
    match versions().filter(|_| values.next().is_none()) {
        Some(versions) => Ok(Some(versions)),
        None => Err(Rejection::AccountChanged),
    }
}
