//! The rules of an account, `/v1/accounts/{id}/rules`: its credit limit, its status, its velocity
//! limits. Changing them is a transfer without money, so it is in the history of the account.

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_domain::{
    AccountChange, AccountId, ChangeAccount, Command, VELOCITY_COUNT_MAX, VELOCITY_LIMITS_MAX,
    VELOCITY_WINDOW_SECONDS_MAX, VelocityLimit,
};

use super::accounts;
use super::transfers::{self, detail_fields};
use crate::access::need::Need;
use crate::v1::protocol::call::Call;
use crate::v1::protocol::draft::{Built, Draft};
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::idempotency;
use crate::v1::protocol::operation::Operation;
use crate::v1::protocol::parse;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::schema::{self, Named, object, or_null, reference};
use crate::v1::protocol::write::Write;

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(
            "/accounts/{id}/rules",
            "changeAccountRules",
            Need::OPERATE,
            change,
        )
        .says(
            "Change the rules of an account",
            "How far it may be overdrawn, which ways money may move, and how fast it may leave. \
             What is not named stays. It is a part of the account's history in which no money \
             moves.",
        )
        .names(
            "id",
            reference("Id"),
            "The account's id.",
            accounts::EXAMPLE,
        )
        .takes(
            "NewAccountRules",
            json!({
                "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a7b", "credit_limit": "50.00",
                "velocity_limits": [
                    {"window_seconds": 86_400, "count_max": 100, "amount_max": "5000.00"},
                ],
            }),
        )
        .takes_key()
        .header(
            "If-Match",
            schema::text(),
            "Change it only if it still has this `ETag`.",
        )
        .creates("Transfer")
        .refuses(StatusCode::NOT_FOUND)
        .refuses(StatusCode::CONFLICT)
        .refuses(StatusCode::PRECONDITION_FAILED)
        .refuses(StatusCode::UNPROCESSABLE_ENTITY),
    ]
}

/// The bodies of these operations.
pub(super) fn schemas() -> Vec<Named> {
    let seconds = json!({
        "type": "integer", "minimum": 1, "maximum": VELOCITY_WINDOW_SECONDS_MAX,
        "description": "The length of the rolling window.",
    });
    let count = json!({
        "type": "integer", "minimum": 1, "maximum": VELOCITY_COUNT_MAX,
        "description": "How many transfers may leave the account within it.",
    });
    let limit = |most: (&'static str, Value)| {
        object(
            "How much, and how often, money may leave an account within any window of time.",
            &[
                ("window_seconds", seconds.clone()),
                ("count_max", count.clone()),
                most,
            ],
        )
    };
    let new_limit = limit(("amount_max?", or_null(reference("Amount"))));
    let change = object(
        "What a transfer changed about the rules of its account; null where it did not.",
        &[
            ("credit_limit", or_null(reference("Money"))),
            ("status", or_null(schema::one_of(&accounts::STATUSES))),
            (
                "velocity_limits",
                or_null(schema::list(reference("VelocityLimit"))),
            ),
        ],
    );
    vec![
        (
            "VelocityLimit",
            limit(("amount_max", or_null(reference("Money")))),
        ),
        ("NewVelocityLimit", new_limit),
        ("AccountChange", change),
        ("NewAccountRules", object("Rules to change.", &new_rules())),
    ]
}

/// The fields of rules to change, as an item of a batch.
pub(super) fn rules_item() -> Vec<(&'static str, Value)> {
    [vec![("account_id", reference("Id"))], new_rules()].concat()
}

fn new_rules() -> Vec<(&'static str, Value)> {
    let limits = json!({
        "type": "array", "maxItems": VELOCITY_LIMITS_MAX, "items": reference("NewVelocityLimit"),
        "description": "Instead of all that there were.",
    });
    let fields = vec![
        ("id?", or_null(reference("Id"))),
        ("credit_limit?", or_null(reference("Amount"))),
        ("status?", or_null(schema::one_of(&accounts::STATUSES))),
        ("velocity_limits?", or_null(limits)),
    ];
    [fields, detail_fields()].concat()
}

/// `POST /v1/accounts/{id}/rules`
pub(super) async fn change(call: &mut Call) -> Result<Reply, Problem> {
    let account_id = call.account_id()?;
    let route = format!("/v1/accounts/{}/rules", account_id.as_uuid());
    let expected = accounts::expected(call);
    let json = call.json().await?;
    transfers::apply_json(call, &route, json, move |fields, write, key| {
        let versions = expected.unwrap_or_default();
        let draft = build_change(fields, write, key, Some(account_id), versions);
        // Faults of the body come first.
        expected
            .err()
            .map_or(draft, |rejection| Some(Err(rejection)))
    })
    .await
}

/// The same as an item of a batch, which names its account.
pub(super) fn build_change_item(
    fields: &mut Fields<'_>,
    write: &Write,
    key: Option<Uuid>,
) -> Built {
    let account_id = fields.required("account_id", parse::account_id);
    build_change(fields, write, key, account_id, None)
}

fn build_change(
    fields: &mut Fields<'_>,
    write: &Write,
    key: Option<Uuid>,
    account_id: Option<AccountId>,
    expected: Option<(u64, u64)>,
) -> Built {
    let id = idempotency::id(fields, key, parse::transfer_id);
    let change = AccountChange {
        credit_limit: fields.optional("credit_limit", parse::amount),
        status: fields.optional("status", parse::account_status),
        velocity_limits: velocity_limits(fields),
    };
    let details = transfers::details(fields);
    let precision = write.precision;
    let (id, account_id) = (id?, account_id?);
    let make = move |code| {
        let change = ChangeAccount::new(account_id, code, id, change, precision, details);
        Command::ChangeAccount(match expected {
            Some((version, metadata_version)) => change.expecting(version, metadata_version),
            None => change,
        })
    };
    Some(Ok(Draft::OfAccount(account_id, Box::new(make))))
}

fn velocity_limits(fields: &mut Fields<'_>) -> Option<Vec<VelocityLimit>> {
    let limits = fields.list_if_any("velocity_limits")?;
    if limits.len() > VELOCITY_LIMITS_MAX {
        let detail = format!("an account has at most {VELOCITY_LIMITS_MAX} velocity limits");
        fields.fault("velocity_limits", "invalid", detail);
        return None;
    }
    let mut read = Vec::with_capacity(limits.len());
    for (index, limit) in limits.into_iter().enumerate() {
        read.push(fields.entry("velocity_limits", index, limit, velocity_limit));
    }
    read.into_iter().collect()
}

fn velocity_limit(fields: &mut Fields<'_>) -> Option<VelocityLimit> {
    let seconds = 1..=u64::from(VELOCITY_WINDOW_SECONDS_MAX);
    let seconds = fields.whole_required("window_seconds", seconds);
    let count = fields.whole_required("count_max", 1..=u64::from(VELOCITY_COUNT_MAX));
    let amount_max = fields.optional("amount_max", parse::amount);
    Some(VelocityLimit {
        window_seconds: u32::try_from(seconds?).ok()?,
        count_max: u32::try_from(count?).ok()?,
        amount_max,
    })
}
