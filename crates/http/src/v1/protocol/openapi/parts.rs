//! What the document says that does not belong to one operation: its head, tags, headers, and how
//! callers prove who they are.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// Bodies that work with a demo ledger, by operation.
static EXAMPLES: LazyLock<Value> = LazyLock::new(|| {
    let examples = include_str!("../../../../assets/examples.json");
    // A test reads it.
    serde_json::from_str(examples).unwrap_or_default()
});

/// An example of an operation: of its `request`, or of a `response`.
pub(crate) fn example(operation: &str, of: &str) -> Value {
    EXAMPLES[operation][of].clone()
}

/// What a reader of the document should know first.
const ABOUT: &str = "Stores account balances and transfers money between accounts.\n\n\
    **Every write is safe to repeat.** The id that you choose is the key of idempotency, for ever: \
    the same request again has no further effect and answers as the first time, with \
    `Idempotent-Replayed: true`; another request with the same id is refused. Instead of an `id` \
    in the body you can send an `Idempotency-Key`.\n\n\
    **An answer is the truth.** It is sent after the commit, with the amount as it was booked and \
    the balance of each account as of that write.\n\n\
    **Money is a string** with the digits of its currency. Errors are `application/problem+json` \
    (RFC 9457) with a stable `code`; see [the list of codes](/docs/errors).\n\n\
    **Answers grow.** A later version may have more fields in an answer, and more codes: ignore \
    what you do not know. A request must have no other fields than these.";

pub(super) fn info() -> Value {
    json!({
        "title": "wallet-api",
        "version": env!("CARGO_PKG_VERSION"),
        "description": ABOUT,
        "license": {"name": "MIT", "identifier": "MIT"},
    })
}

/// What operations are about, each by the first part of its path.
const TAGS: [(&str, &str); 15] = [
    (
        "accounts",
        "Accounts: open, read, change, limit; their history and statements.",
    ),
    ("batches", "Many writes in one request."),
    (
        "classic",
        "The routes of the original service, which are frozen.",
    ),
    ("currencies", "Currencies and their digits."),
    ("deposits", "Money that comes into the ledger."),
    ("exchanges", "Money of one currency for money of another."),
    (
        "health",
        "Whether the process lives, and should get requests.",
    ),
    (
        "holds",
        "Money that is set aside, and captured or released later.",
    ),
    ("metrics", "What the process has counted."),
    ("quotes", "Offers to exchange, each for a time."),
    ("rates", "What one currency costs in another."),
    ("splits", "Money from one account to several."),
    ("transfers", "Transfers: make, read, list, reverse."),
    ("verifications", "Proofs of the books."),
    ("withdrawals", "Money that leaves the ledger."),
];

pub(super) fn tags() -> Value {
    let tag = |(name, about)| json!({"name": name, "description": about});
    TAGS.into_iter().map(tag).collect()
}

/// The headers of every answer.
pub(super) const ALWAYS: [&str; 3] = ["X-Request-Id", "RateLimit", "RateLimit-Policy"];

/// Every header, with its type and what it says.
const HEADERS: [(&str, &str, &str); 12] = [
    (
        "X-Request-Id",
        "string",
        "The id of this request in the service's log; yours, if you sent one.",
    ),
    (
        "RateLimit",
        "string",
        "What is left of the caller's allowance, for example `\"default\";r=49;t=1`. Only where \
         the service limits it (draft-ietf-httpapi-ratelimit-headers-10).",
    ),
    (
        "RateLimit-Policy",
        "string",
        "The caller's allowance, for example `\"default\";q=50;w=1`.",
    ),
    (
        "Retry-After",
        "integer",
        "Seconds to wait before the same request is sent again.",
    ),
    (
        "WWW-Authenticate",
        "string",
        "`Bearer`: send a key or a token.",
    ),
    ("Location", "string", "Where what was made can be read."),
    (
        "Idempotent-Replayed",
        "string",
        "`true` if this was applied before; the answer is the one of that time.",
    ),
    ("Dry-Run", "string", "`true`: nothing was changed."),
    (
        "Preference-Applied",
        "string",
        "`handling=strict`, if the request prefers it.",
    ),
    (
        "ETag",
        "string",
        "The state of the account, for `If-Match`.",
    ),
    (
        "Vary",
        "string",
        "`Accept`: the same path has another form.",
    ),
    (
        "Content-Disposition",
        "string",
        "The name of a file, if the answer is one.",
    ),
];

pub(super) fn headers() -> Value {
    let header = |(name, kind, about): (&str, &str, &str)| {
        let described = json!({"description": about, "schema": {"type": kind}});
        (name.replace('-', ""), described)
    };
    Value::Object(HEADERS.into_iter().map(header).collect::<Map<_, _>>())
}

pub(super) fn security_schemes() -> Value {
    let scopes = "The scope that an operation needs is in its `security`; its `x-needs` says, too, \
                  what of it is for callers that are limited to accounts: all of it, what is about \
                  their own, or nothing. Not asked for where the service listens on loopback only, \
                  or was started with `--auth off`.";
    json!({
        "key": {
            "type": "http", "scheme": "bearer",
            "description": format!("A key of `wallet-api keys create`. {scopes}"),
        },
        "token": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": format!(
                "A token of the identity provider that the service was started with \
                 (`--auth-jwks`). {scopes}"
            ),
        },
    })
}
