//! `/v1/accounts`: opening accounts, what is attached to them, their history and their balance at an instant.

use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, HeaderValue, IF_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::{
    Account, AccountFilter, AccountId, ChangeMetadata, Command, OpenAccount, Recorded, Rejection,
    TimeAxis, Timestamp,
};

use super::fields::{self, timestamp_of};
use super::lists::{self, Key, Parameters};
use super::problem::{self, FieldError, Place};
use super::reply;
use super::write::Write;
use crate::classic::accounts::rfc3339;
use crate::error::ApiError;
use crate::ports::Ports;

/// `POST /v1/accounts`
pub(super) async fn open(
    ports: web::Data<Ports>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let mut write = match Write::read(&ports, &request, payload, ports.body_bytes_max).await {
        Ok(write) => write,
        Err(response) => return response,
    };
    let id = write.id("POST /v1/accounts").unwrap_or_else(Uuid::now_v7);
    let command = open_command(&mut write.fields, id);
    let answer = async {
        let ready = write.finish()?;
        let command = command.ok_or(Rejection::CurrencyNotSupported)?;
        let done = ready.carry_out(&ports, command).await?;
        let Recorded::Account(account) = &done.recorded else {
            return Err(ApiError::Defect("not an account".to_owned()));
        };
        let body = show_opened(&ports, account).await?;
        Ok(done.created(&format!("/v1/accounts/{}", account.id.as_uuid()), &body))
    };
    match answer.await {
        Ok(response) => response,
        Err(error) => problem::respond(error, &request),
    }
}

/// Takes the opening of an account out of the fields of a body.
pub(super) fn open_command(fields: &mut fields::Fields, id: Uuid) -> Option<Command> {
    let currency_code = fields.required("currency_code", fields::currency_code);
    let external_id = fields.optional("external_id", fields::short_text);
    let metadata = fields.optional("metadata", fields::metadata);
    Some(Command::OpenAccount(OpenAccount {
        account_id: AccountId::new(id)?,
        currency_code: currency_code?,
        external_id,
        metadata: metadata.unwrap_or_default(),
    }))
}

/// An account as the answer to its opening.
pub(super) async fn show_opened(ports: &Ports, account: &Account) -> Result<Value, ApiError> {
    let precision = precision_of(ports, account).await?;
    Ok(reply::opened_account(account, precision))
}

async fn precision_of(ports: &Ports, account: &Account) -> Result<u8, ApiError> {
    let currency = ports
        .currency(account.currency_code, ports.deadline())
        .await?;
    let gone = || ApiError::Defect(format!("the currency {} is gone", account.currency_code));
    Ok(currency.ok_or_else(gone)?.precision)
}

/// `PATCH /v1/accounts/{id}`: changes the metadata, key by key.
pub(super) async fn change(
    ports: web::Data<Ports>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let mut write = match Write::read(&ports, &request, payload, ports.body_bytes_max).await {
        Ok(write) => write,
        Err(response) => return response,
    };
    let changes = write.fields.required("metadata", fields::metadata_changes);
    let answer = async {
        let ready = write.finish()?;
        let command = Command::ChangeMetadata(ChangeMetadata {
            account_id: id_in_path(&request)?,
            changes: changes.unwrap_or_default(),
            expected: expected(&request)?,
        });
        let done = ready.carry_out(&ports, command).await?;
        let Recorded::Account(account) = &done.recorded else {
            return Err(ApiError::Defect("not an account".to_owned()));
        };
        respond(&ports, account).await
    };
    match answer.await {
        Ok(response) => response,
        Err(error) => problem::respond(error, &request),
    }
}

/// `GET /v1/accounts/{id}`
pub(super) async fn get(ports: web::Data<Ports>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        Parameters::of(&request)?.finish()?;
        let account = find(&ports, id_in_path(&request)?).await?;
        respond(&ports, &account).await
    };
    match answer.await {
        Ok(response) => response,
        Err(error) => problem::respond(error, &request),
    }
}

async fn find(ports: &Ports, id: AccountId) -> Result<Account, ApiError> {
    let account = ports.read(ports.deadline(), move |queries| queries.account(id));
    let account = account.await?;
    account.ok_or_else(|| Rejection::AccountNotExist.into())
}

async fn respond(ports: &Ports, account: &Account) -> Result<HttpResponse, ApiError> {
    let precision = precision_of(ports, account).await?;
    let mut response = reply::respond(StatusCode::OK, &reply::account(account, precision));
    if let Ok(etag) = HeaderValue::from_str(&reply::etag(account)) {
        response.headers_mut().insert(ETAG, etag);
    }
    Ok(response)
}

fn id_in_path(request: &HttpRequest) -> Result<AccountId, ApiError> {
    let id = request.match_info().get("id").unwrap_or_default();
    let id = Uuid::parse_str(id).ok().and_then(AccountId::new);
    id.ok_or_else(|| Rejection::AccountNotExist.into())
}

/// The versions in `If-Match`; `*` matches whatever exists.
fn expected(request: &HttpRequest) -> Result<Option<(u64, u64)>, ApiError> {
    let Some(value) = request.headers().get(IF_MATCH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let tag = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let versions = tag.and_then(|tag| tag.split_once('-'));
    let versions = versions.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let wrong = || {
        ApiError::Fields(vec![FieldError {
            place: Place::Header("If-Match"),
            detail: "this is not the ETag of an account".to_owned(),
        }])
    };
    versions.ok_or_else(wrong).map(Some)
}

/// `GET /v1/accounts`: by id.
pub(super) async fn list(ports: web::Data<Ports>, request: HttpRequest) -> HttpResponse {
    let page = async {
        let mut parameters = Parameters::of(&request)?;
        let string = |text: &str| Value::String(text.to_owned());
        let filter = AccountFilter {
            currency_code: parameters
                .filter("currency_code", |text| fields::currency_code(string(text))),
            external_id: parameters.filter("external_id", |text| fields::short_text(string(text))),
        };
        let limit = parameters.limit();
        let after = parameters.cursor::<AccountId>();
        let mark = parameters.finish()?;
        let read = ports.read(ports.deadline(), move |queries| {
            queries.accounts(&filter, after, lists::one_more(limit))
        });
        let mut shown = Vec::new();
        for account in read.await? {
            let precision = precision_of(&ports, &account).await?;
            shown.push((account.id, reply::account(&account, precision)));
        }
        let (key, show) = (
            |entry: &(_, _)| entry.0,
            |entry: &(_, Value)| entry.1.clone(),
        );
        Ok::<_, ApiError>(lists::page(shown, limit, mark, key, show))
    };
    match page.await {
        Ok(page) => reply::respond(StatusCode::OK, &page),
        Err(error) => problem::respond(error, &request),
    }
}

/// `GET /v1/accounts/{id}/parts`: the history, newest first.
pub(super) async fn parts(ports: web::Data<Ports>, request: HttpRequest) -> HttpResponse {
    let page = async {
        let mut parameters = Parameters::of(&request)?;
        let limit = parameters.limit();
        let below = parameters.cursor::<Version>().map(|version| version.0);
        let mark = parameters.finish()?;
        let account = find(&ports, id_in_path(&request)?).await?;
        let precision = precision_of(&ports, &account).await?;
        let read = ports.read(ports.deadline(), move |queries| {
            queries.transfer_parts_newest(account.id, below, lists::one_more(limit))
        });
        let key = |part: &wallet_domain::TransferPart| Version(part.version);
        let show = |part: &wallet_domain::TransferPart| reply::part(part, precision);
        Ok::<_, ApiError>(lists::page(read.await?, limit, mark, key, show))
    };
    match page.await {
        Ok(page) => reply::respond(StatusCode::OK, &page),
        Err(error) => problem::respond(error, &request),
    }
}

/// `GET /v1/accounts/{id}/balance`: at an instant, by the time of decision or by effective time.
pub(super) async fn balance(ports: web::Data<Ports>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let mut parameters = Parameters::of(&request)?;
        let at = parameters.optional("at", timestamp_of);
        let axis = parameters.optional("axis", |text| match text {
            "system" => Ok(TimeAxis::System),
            "effective" => Ok(TimeAxis::Effective),
            _ => Err("an axis is system or effective".to_owned()),
        });
        parameters.finish()?;
        let (at, axis) = (at.unwrap_or_else(now), axis.unwrap_or(TimeAxis::System));
        let account = find(&ports, id_in_path(&request)?).await?;
        let precision = precision_of(&ports, &account).await?;
        let id = account.id;
        let read = ports.read(ports.deadline(), move |queries| {
            queries.balance_at(id, at, axis)
        });
        let balance = read.await?.ok_or(Rejection::AccountNotExist)?;
        Ok::<_, ApiError>(json!({
            "account_id": id.as_uuid(),
            "currency_code": account.currency_code.as_str(),
            "at": rfc3339(at),
            "axis": if axis == TimeAxis::System { "system" } else { "effective" },
            "balance": reply::money(&balance, precision),
        }))
    };
    match answer.await {
        Ok(body) => reply::respond(StatusCode::OK, &body),
        Err(error) => problem::respond(error, &request),
    }
}

fn now() -> Timestamp {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}

/// A part's place in its account's history.
struct Version(u64);

impl Key for Version {
    fn parse(text: &str) -> Option<Self> {
        u64::from_str_radix(text, 16).ok().map(Self)
    }

    fn text(&self) -> String {
        format!("{:016x}", self.0)
    }
}

impl Key for AccountId {
    fn parse(text: &str) -> Option<Self> {
        Self::new(Uuid::try_parse(text).ok()?)
    }

    fn text(&self) -> String {
        self.as_uuid().simple().to_string()
    }
}
