//! Accounts: open, read, list, and change their metadata. Their controls are in
//! `account_controls.rs`, their history in `history.rs` and `statements.rs`.

pub(crate) mod reply;

use std::collections::BTreeSet;

use actix_web::http::header::{ETAG, IF_MATCH};
use uuid::Uuid;
use wallet_domain::{
    Account, AccountFilter, AccountId, AccountStatus, ChangeMetadata, Command, CurrencyCode,
    LedgerQueries, Metadata, OpenAccount, Recorded, Rejection, ShortText, StoreError,
};

use crate::v1::protocol::{
    Call, CommaSeparated, Draft, MetadataChanges, MetadataFilter, OptionalId, Page, Problem, Reply,
    Write, WriteBody, operations, request, unexpected_outcome,
};
use crate::v1::resources::demo::ACCOUNT;

use reply::{AccountReply, as_opened};

operations! {
    /// List accounts
    ///
    /// Returns accounts, ordered by id.
    listAccounts: get "/accounts" for READ_OWN => list,
        |it| it.query::<ListAccounts>().returns_page::<AccountReply>();

    /// Open an account
    ///
    /// The response shows the account as it was opened, even if you repeat the request later.
    /// Without an `id` and without an `Idempotency-Key`, the service chooses the id, and a retry
    /// opens another account.
    openAccount: post "/accounts" for OPERATE => create,
        |it| it.write_body::<NewAccount>().accepts_idempotency_key().creates::<AccountReply>()
            .rejections(&[&[Rejection::CurrencyNotSupported, Rejection::ExternalIdAlreadyUsed]])
            .never(&["id_missing"]);

    /// Read an account
    ///
    /// Returns the account with its balance, and an `ETag` that you can send as `If-Match` when you
    /// change it.
    getAccount: get "/accounts/{id}" for READ_OWN => get,
        |it| it.path_param::<AccountId>("id", "The account's id.", ACCOUNT)
            .returns::<AccountReply>(&["ETag"])
            .rejections(&[&[Rejection::AccountNotExist]]);

    /// Change an account's metadata
    ///
    /// Sets and removes entries. Entries that you do not name stay as they are.
    changeAccount: patch "/accounts/{id}" for OPERATE => change,
        |it| it.path_param::<AccountId>("id", "The account's id.", ACCOUNT)
            .body::<AccountChanges>(true)
            .if_match()
            .returns::<AccountReply>(&["ETag", "Dry-Run", "Preference-Applied"])
            .rejections(&[&[Rejection::AccountNotExist, Rejection::MetadataTooLarge]]);
}

request! {
    /// An account to open.
    pub(crate) struct NewAccount {
        id: OptionalId<AccountId>,
        currency_code: CurrencyCode,
        /// Your id for the account; no other account may have it.
        external_id: Option<ShortText>,
        metadata: Option<Metadata>,
    }
}

/// Without an id and a key the account gets a generated id.
impl WriteBody for NewAccount {
    fn draft(self, _: &Write) -> Result<Draft, Rejection> {
        let ours = || AccountId::new(Uuid::now_v7());
        let id = self.id.0.or_else(ours).ok_or(Rejection::AccountNotExist)?;
        Ok(Draft::Ready(Command::OpenAccount(OpenAccount {
            account_id: id,
            currency_code: self.currency_code,
            external_id: self.external_id,
            metadata: self.metadata.unwrap_or_default(),
            created_by: None,
        })))
    }
}

request! {
    /// The changes of an account.
    pub(crate) struct AccountChanges {
        metadata: MetadataChanges,
    }
}

request! {
    /// Which accounts to list.
    pub(crate) struct ListAccounts {
        /// Accounts of this currency.
        currency_code: Option<CurrencyCode>,
        /// The account with this external id.
        external_id: Option<ShortText>,
        /// Accounts with these ids.
        ids: CommaSeparated<AccountId>,
        /// Accounts with one of these statuses.
        status: CommaSeparated<AccountStatus>,
        /// Accounts whose metadata has an entry with this key now; needs `metadata_value`.
        metadata: MetadataFilter,
    }
}

/// `POST /v1/accounts`
async fn create(call: &mut Call) -> Result<Reply, Problem> {
    let (body, write) = call.body::<NewAccount>().await?;
    let command = call.finish(body.draft(&write)).await?;
    let (recorded, is_replay) = call.submit(command, &write).await?;
    let Recorded::Account(account) = recorded else {
        return Err(unexpected_outcome());
    };
    let location = format!("/v1/accounts/{}", account.id);
    let reply = reply(call, as_opened(account)).await?;
    Ok(reply.created(location, &write, is_replay))
}

/// `GET /v1/accounts/{id}`
async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.account_id()?;
    call.query::<()>()?;
    let account = find(call, id).await?;
    let tag = etag(&account);
    Ok(reply(call, account).await?.header(ETAG, tag))
}

/// `GET /v1/accounts`: in the order of the ids.
async fn list(call: &mut Call) -> Result<Reply, Problem> {
    let (list, page) = call.list::<ListAccounts, AccountId>()?;
    let filter = AccountFilter {
        currency_code: list.currency_code,
        external_id: list.external_id,
        ids: (!list.ids.0.is_empty()).then(|| list.ids.0.into_iter().collect()),
        statuses: list.status.0,
        metadata: list.metadata.0,
    };
    let (after, count) = (page.after, page.count());
    let own = call.caller.accounts.clone();
    let accounts = call.read_list(move |queries| match own {
        None => queries.accounts(&filter, after, count),
        Some(own) => own_accounts(queries, &own, &filter, after, count),
    });
    let mut accounts = accounts.await?;
    let next_cursor = page.cut(&mut accounts, |account| account.id);
    let mut data = Vec::with_capacity(accounts.len());
    for account in accounts {
        let precision = call.precision(account.currency_code).await?;
        data.push(AccountReply::new(account, precision));
    }
    Reply::new(&Page { data, next_cursor })
}

/// `PATCH /v1/accounts/{id}`
async fn change(call: &mut Call) -> Result<Reply, Problem> {
    let account_id = call.account_id()?;
    let (body, write) = call.body::<AccountChanges>().await?;
    let change = ChangeMetadata {
        account_id,
        changes: body.metadata.0,
        expected: expected(call),
        created_by: None,
    };
    let (recorded, _) = call.submit(Command::ChangeMetadata(change), &write).await?;
    let Recorded::Account(account) = recorded else {
        return Err(unexpected_outcome());
    };
    let tag = etag(&account);
    let reply = reply(call, account).await?.written(&write, false);
    match write.dry_run {
        true => Ok(reply),
        false => Ok(reply.header(ETAG, tag)),
    }
}

/// The list for a caller that is limited to accounts. They are few, so each is looked up.
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

/// Reads an account. A problem if it does not exist.
pub(super) async fn find(call: &Call, id: AccountId) -> Result<Account, Problem> {
    let account = call.look_up(move |queries| queries.account(id)).await?;
    account.ok_or_else(not_exist)
}

/// The problem for an account that does not exist.
pub(super) fn not_exist() -> Problem {
    Problem::rejected(Rejection::AccountNotExist, false)
}

async fn reply(call: &Call, account: Account) -> Result<Reply, Problem> {
    let precision = call.precision(account.currency_code).await?;
    Reply::new(&AccountReply::new(account, precision))
}

fn etag(account: &Account) -> String {
    tag((account.version, account.metadata_version))
}

/// An `ETag` has both versions of an account, because metadata changes without a transfer.
fn tag((version, metadata_version): (u64, u64)) -> String {
    format!("\"{version}-{metadata_version}\"")
}

/// Versions that no account has, because they are stored as signed numbers.
const OF_NO_ACCOUNT: (u64, u64) = (u64::MAX, u64::MAX);

/// The version and the metadata version that `If-Match` expects. `None` without the header, or for
/// `*`.
pub(super) fn expected(call: &Call) -> Option<(u64, u64)> {
    let mut values = call.request.headers().get_all(IF_MATCH);
    let text = values.next()?.to_str().unwrap_or_default().trim();
    if text == "*" {
        return None;
    }
    let versions = || {
        let versions = text.strip_prefix('"')?.strip_suffix('"')?;
        let (version, metadata_version) = versions.split_once('-')?;
        let versions = (version.parse().ok()?, metadata_version.parse().ok()?);
        // A number has more than one spelling, a tag has one.
        (tag(versions) == text).then_some(versions)
    };
    // A tag that we never issued matches no account.
    let versions = versions().filter(|_| values.next().is_none());
    Some(versions.unwrap_or(OF_NO_ACCOUNT))
}
