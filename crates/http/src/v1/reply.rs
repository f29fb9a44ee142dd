//! The wire structs of answers. Money is a string with all decimals of its currency.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde_json::{Value, json};
use wallet_domain::{
    Account, Amount, Currency, Direction, Metadata, Transfer, TransferPart, TransferState,
    TransferType,
};

use crate::classic::accounts::rfc3339;

/// An answer in JSON.
pub(super) fn respond(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    // Strings, numbers and maps of strings always have a text.
    let text = serde_json::to_string(body).unwrap_or_default();
    let mut response = HttpResponse::with_body(status, BoxBody::new(text));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

pub(super) fn money(amount: &Amount, precision: u8) -> String {
    let mut text = amount.to_string();
    let precision = usize::from(precision);
    if precision == 0 {
        return text;
    }
    let decimals = match text.split_once('.') {
        Some((_, decimals)) => decimals.len(),
        None => {
            text.push('.');
            0
        }
    };
    text.extend(std::iter::repeat_n('0', precision.saturating_sub(decimals)));
    text
}

pub(super) fn currency(currency: Currency) -> Value {
    json!({ "code": currency.code.as_str(), "precision": currency.precision })
}

/// An account as it is.
pub(super) fn account(account: &Account, precision: u8) -> Value {
    let balance = money(&account.balance, precision);
    json!({
        "id": account.id.as_uuid(),
        "currency_code": account.currency_code.as_str(),
        "balance": balance,
        "available_balance": balance,
        "version": account.version,
        "external_id": account.external_id.as_ref().map(|text| text.as_str()),
        "metadata": metadata(&account.metadata),
        "created_at": rfc3339(account.created_at),
        "updated_at": rfc3339(account.updated_at),
    })
}

/// An account as it was when it was opened: what the answer to its opening says, whenever it is asked.
pub(super) fn opened_account(account_now: &Account, precision: u8) -> Value {
    let opened = Account {
        balance: Amount::zero(),
        version: 0,
        updated_at: account_now.created_at,
        metadata: account_now.opening_metadata.clone(),
        metadata_version: 0,
        ..account_now.clone()
    };
    account(&opened, precision)
}

/// The tag of an account's state: what it has booked and what is attached to it.
pub(super) fn etag(account: &Account) -> String {
    format!("\"{}-{}\"", account.version, account.metadata_version)
}

/// A transfer as it was decided, which never changes.
pub(super) fn transfer(transfer: &Transfer, precision: u8) -> Value {
    let effective_at = transfer.details.effective_at.unwrap_or(transfer.created_at);
    let parts = transfer.parts.iter().map(|part| {
        let balance = money(&part.balance, precision);
        json!({
            "account_id": part.account_id.as_uuid(),
            "direction": direction(part.direction),
            "amount": money(&part.amount, precision),
            "balance": balance,
            "available_balance": balance,
            "version": part.version,
        })
    });
    json!({
        "id": transfer.id.as_uuid(),
        "type": transfer_type(transfer.transfer_type),
        "amount": money(&transfer.amount, precision),
        "currency_code": transfer.currency_code.as_str(),
        "reference": transfer.details.reference.as_ref().map(|text| text.as_str()),
        "metadata": metadata(&transfer.details.metadata),
        "created_at": rfc3339(transfer.created_at),
        "effective_at": rfc3339(effective_at),
        "reverses": transfer.reverses.map(|id| id.as_uuid()),
        "parts": parts.collect::<Vec<_>>(),
    })
}

/// A transfer as it is: with what was taken back of it.
pub(super) fn transfer_state(state: &TransferState, precision: u8) -> Value {
    let mut value = transfer(&state.transfer, precision);
    value["reversed_amount"] = json!(money(&state.reversed_amount, precision));
    value
}

/// A transfer as one of its accounts sees it.
pub(super) fn part(part: &TransferPart, precision: u8) -> Value {
    let other = part.corresponding_account_id.map(|id| id.as_uuid());
    json!({
        "version": part.version,
        "transfer_id": part.transfer_id.as_uuid(),
        "type": transfer_type(part.transfer_type),
        "corresponding_account_id": other,
        "direction": direction(part.direction),
        "amount": money(&part.amount, precision),
        "currency_code": part.currency_code.as_str(),
        "balance": money(&part.balance, precision),
        "created_at": rfc3339(part.created_at),
        "effective_at": rfc3339(part.effective_at.unwrap_or(part.created_at)),
    })
}

pub(super) const TRANSFER_TYPES: [(&str, TransferType); 3] = [
    ("deposit", TransferType::Deposit),
    ("withdrawal", TransferType::Withdraw),
    ("internal", TransferType::Internal),
];

fn transfer_type(transfer_type: TransferType) -> &'static str {
    let mut names = TRANSFER_TYPES.iter();
    let name = names.find(|(_, known)| *known == transfer_type);
    name.map_or("", |(name, _)| name)
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Incoming => "incoming",
        Direction::Outgoing => "outgoing",
    }
}

fn metadata(metadata: &Metadata) -> Value {
    json!(metadata.entries())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_all_decimals_of_its_currency() {
        for (amount, precision, text) in [
            ("899.89", 2, "899.89"),
            ("900", 2, "900.00"),
            ("0", 2, "0.00"),
            ("0.1", 8, "0.10000000"),
            ("12", 0, "12"),
        ] {
            let amount = Amount::parse(amount).unwrap();
            assert_eq!(money(&amount, precision), text);
        }
    }
}
