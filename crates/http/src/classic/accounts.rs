//! `GET /accounts/` and `GET /accounts/{id}/transfers/`: the two lists.

use std::fmt::Display;

use actix_web::{HttpRequest, HttpResponse, Route, web};
use serde::{Serialize, Serializer};
use uuid::Uuid;
use wallet_domain::{
    Account, AccountId, Amount, CurrencyCode, Direction, TransferPart, TransferType,
};

use super::admission::admitted;
use super::envelope;
use crate::access::need::Need;
use crate::request::error::ApiError;
use crate::request::time::rfc3339;
use crate::state::app_state::AppState;

/// The most entries of either list.
const ENTRIES_MAX: u32 = 100;

/// `GET /accounts/`
pub(super) fn route(need: Need) -> Route {
    web::to(move |state, request| list(need, state, request))
}

/// `GET /accounts/{id}/transfers/`
pub(super) fn route_of_transfers(need: Need) -> Route {
    web::to(move |state, request| transfers(need, state, request))
}

/// The accounts, least recently updated first.
async fn list(need: Need, state: web::Data<AppState>, request: HttpRequest) -> HttpResponse {
    let deadline = state.deadline();
    let caller = match admitted(&state, &request, need, deadline).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let read = state.read(deadline, move |queries| match &caller.accounts {
        None => queries.accounts_least_recently_updated(ENTRIES_MAX),
        Some(own) => {
            let accounts = own.iter().filter_map(|id| queries.account(*id).transpose());
            let mut accounts = accounts.collect::<Result<Vec<Account>, _>>()?;
            accounts.sort_by_key(|account| (account.updated_at, account.id));
            Ok(accounts)
        }
    });
    match read.await {
        Ok(accounts) => {
            let accounts: Vec<_> = accounts.iter().map(AccountEntry::from).collect();
            envelope::payload(&accounts)
        }
        Err(error) => envelope::error(error),
    }
}

/// The transfers of an account, newest first; none for an account that does not exist.
async fn transfers(need: Need, state: web::Data<AppState>, request: HttpRequest) -> HttpResponse {
    let deadline = state.deadline();
    let caller = match admitted(&state, &request, need, deadline).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let id = request
        .match_info()
        .get("id")
        .and_then(|id| Uuid::parse_str(id).ok());
    let Some(id) = id else {
        return envelope::error(ApiError::Malformed("the account id is not a UUID"));
    };
    let Some(account_id) = AccountId::new(id).filter(|id| caller.sees(*id)) else {
        return envelope::payload::<TransferEntry<'_>>(&[]);
    };
    let read = state.read(deadline, move |queries| {
        queries.moving_parts_newest(account_id, None, ENTRIES_MAX)
    });
    match read.await {
        Ok(parts) => {
            let transfers: Vec<_> = parts.iter().map(TransferEntry::from).collect();
            envelope::payload(&transfers)
        }
        Err(error) => envelope::error(error),
    }
}

#[derive(Serialize)]
struct AccountEntry<'a> {
    #[serde(serialize_with = "text")]
    id: Uuid,
    #[serde(serialize_with = "text")]
    currency_code: CurrencyCode,
    #[serde(serialize_with = "text")]
    balance: &'a Amount,
    created_at: String,
    updated_at: String,
}

impl<'a> From<&'a Account> for AccountEntry<'a> {
    fn from(account: &'a Account) -> Self {
        Self {
            id: account.id.as_uuid(),
            currency_code: account.currency_code,
            balance: &account.balance,
            created_at: rfc3339(account.created_at),
            updated_at: rfc3339(account.updated_at),
        }
    }
}

/// A transfer as one of its accounts sees it.
#[derive(Serialize)]
struct TransferEntry<'a> {
    #[serde(serialize_with = "text")]
    id: Uuid,
    #[serde(serialize_with = "text")]
    account_id: Uuid,
    #[serde(serialize_with = "text_or_null")]
    corresponding_account_id: Option<Uuid>,
    #[serde(rename = "type")]
    transfer_type: &'static str,
    direction: &'static str,
    #[serde(serialize_with = "text")]
    amount: &'a Amount,
    #[serde(serialize_with = "text")]
    currency_code: CurrencyCode,
    created_at: String,
}

impl<'a> From<&'a TransferPart> for TransferEntry<'a> {
    fn from(part: &'a TransferPart) -> Self {
        Self {
            id: part.transfer_id.as_uuid(),
            account_id: part.account_id.as_uuid(),
            corresponding_account_id: part.corresponding_account_id.map(|id| id.as_uuid()),
            transfer_type: match part.transfer_type {
                TransferType::Deposit => "DEPOSIT",
                TransferType::Withdraw => "WITHDRAW",
                // The original has three types; any other type that moves money moves it between
                // two accounts.
                _ => "INTERNAL",
            },
            direction: match part.direction {
                Direction::Incoming => "INCOMING",
                Direction::Outgoing => "OUTGOING",
            },
            amount: &part.amount,
            currency_code: part.currency_code,
            created_at: rfc3339(part.created_at),
        }
    }
}

fn text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn text_or_null<S: Serializer>(
    value: &Option<impl Display>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
