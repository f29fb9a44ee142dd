//! The items of a batch: the types of writes they can be, defined once for the parser and the
//! document.

use serde_json::Value;
use uuid::Uuid;
use wallet_domain::{Command, Precision};

use crate::v1::protocol::draft::{Build, Built, Draft, build_at};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::json::Json;
use crate::v1::protocol::write::Write;
use crate::v1::resources::{account_rules, accounts, exchange, holds, transfers};

/// A type of item: its name, how it is built, and its fields.
pub(super) type Kind = (&'static str, Build, fn() -> Vec<(&'static str, Value)>);

/// Every type of item.
pub(super) const KINDS: [Kind; 12] = [
    (
        "transfer",
        transfers::build_transfer,
        transfers::new_transfer,
    ),
    ("deposit", transfers::build_deposit, transfers::new_deposit),
    (
        "withdrawal",
        transfers::build_withdrawal,
        transfers::new_withdrawal,
    ),
    ("account", accounts::build_account, accounts::new_account),
    // A split has two forms.
    (
        "split",
        transfers::build_split,
        transfers::new_split_by_amounts,
    ),
    (
        "split",
        transfers::build_split,
        transfers::new_split_by_shares,
    ),
    ("hold", holds::build_hold, holds::new_hold),
    (
        "hold_increase",
        holds::build_increase_item,
        holds::increase_item,
    ),
    ("capture", holds::build_capture_item, holds::capture_item),
    ("void", holds::build_void_item, holds::void_item),
    (
        "account_rules",
        account_rules::build_change_item,
        account_rules::rules_item,
    ),
    ("exchange", exchange::build_exchange, exchange::new_exchange),
];

/// The types that change something that exists, so that it must be looked up.
const OF_WHAT_EXISTS: [&str; 5] = [
    "hold_increase",
    "capture",
    "void",
    "account_rules",
    "exchange",
];

/// Builds an item.
pub(super) fn build_item(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let build = fields.required("type", |text| {
        let kind = KINDS.iter().find(|(word, ..)| *word == text);
        let build = kind.map(|(_, build, _)| *build);
        build.ok_or("not a type of items, for example \"transfer\"")
    });
    match build {
        Some(build) => build(fields, write, key),
        None => {
            // The fields that it should have are unknown.
            fields.forgive();
            None
        }
    }
}

/// Parses one write in the form of a batch item, for callers that get writes by other means than
/// HTTP. It must have an id, an amount that needs no rounding, and name nothing that must be looked
/// up first.
///
/// # Errors
/// What is wrong with it, field by field; or why a rule rejects it without looking at state.
pub fn batch_item(text: &[u8]) -> Result<Command, BatchItemError> {
    let refused = |what: String| BatchItemError(what);
    let json: Json = serde_json::from_slice(text)
        .map_err(|error| refused(format!("malformed_request: {error}")))?;
    // This comes first: faults of its fields do not matter.
    if let Some(kind) = kind_of_what_exists(&json) {
        return Err(refused(format!(
            "malformed_request: /type: {kind} cannot be imported, because it changes something \
             that exists"
        )));
    }
    let has_id = matches!(&json, Json::Object(fields) if fields.contains_key("id"));
    let write = Write {
        dry_run: false,
        precision: Precision::Strict,
        key: None,
        quote_micros_max: wallet_domain::QUOTE_VALID_MICROS_MAX,
    };
    let mut faults = Faults::default();
    let built = build_at(json, String::new(), &write, None, &mut faults, build_item);
    match built.filter(|_| faults.is_empty()) {
        Some(Ok(_)) if !has_id => Err(refused(
            "id_missing: /id: every line needs an id".to_owned(),
        )),
        Some(Ok(Draft::Ready(command))) => Ok(command),
        Some(Ok(_)) => Err(refused(
            "malformed_request: /type: what changes something that exists cannot be imported"
                .to_owned(),
        )),
        Some(Err(error)) => Err(refused(format!("{error}: {}", error.explanation()))),
        None => {
            let listed = faults.listed.iter().map(ToString::to_string);
            let listed = listed.collect::<Vec<_>>().join("; ");
            Err(refused(format!("malformed_request: {listed}")))
        }
    }
}

fn kind_of_what_exists(item: &Json) -> Option<&'static str> {
    let Json::Object(fields) = item else {
        return None;
    };
    let Some(Json::Text(kind)) = fields.get("type") else {
        return None;
    };
    OF_WHAT_EXISTS.into_iter().find(|it| it == kind)
}

/// Why a text is not an item of a batch: a code, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BatchItemError(String);
