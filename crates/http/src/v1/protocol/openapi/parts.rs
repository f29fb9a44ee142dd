//! The parts of the document that do not belong to one operation: its head, tags, headers, and
//! security schemes.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// Example bodies that work with a demo ledger, by operation.
static EXAMPLES: LazyLock<Value> = LazyLock::new(|| {
    let examples = include_str!("../../../../assets/examples.json");
    // A test reads it.
    serde_json::from_str(examples).unwrap_or_default()
});

/// An example of an operation: `of` is `request` or `response`.
pub(crate) fn example(operation: &str, of: &str) -> Value {
    EXAMPLES[operation][of].clone()
}

/// The description of the whole API.
const ABOUT: &str = "Stores account balances and transfers money between accounts.\n\n\
    **Every write is safe to repeat.** The id that you choose is the idempotency key, and it never \
    expires: the same request again has no further effect and gets the same response, with \
    `Idempotent-Replayed: true`; another request with the same id is refused. Instead of an `id` \
    in the body you can send an `Idempotency-Key`.\n\n\
    **The service responds after the commit,** with the amount as it was booked and the balance of \
    each account as of that write.\n\n\
    **Money is a string** with the digits of its currency. Errors are `application/problem+json` \
    (RFC 9457) with a stable `code`; see [the list of codes](/docs/errors).\n\n\
    **Responses grow.** A later version may add fields to a response, and codes: ignore what you \
    do not know. In a request, an unknown field is an error.";

pub(super) fn info() -> Value {
    json!({
        "title": "wallet-api",
        "version": env!("CARGO_PKG_VERSION"),
        "description": ABOUT,
        "license": {"name": "MIT", "identifier": "MIT"},
    })
}

/// The tags, each named like the first part of a path.
const TAGS: [(&str, &str); 15] = [
    (
        "accounts",
        "Open, read, change and limit accounts; read their history and statements.",
    ),
    ("batches", "Many writes in one request."),
    ("classic", "The frozen routes of the original service."),
    ("currencies", "Currencies and their precision."),
    ("deposits", "Money that comes into the ledger."),
    ("exchanges", "Exchange money of one currency for another."),
    (
        "health",
        "Whether the process is alive, and ready for requests.",
    ),
    ("holds", "Reserve money, and capture or release it later."),
    ("metrics", "The metrics of the process."),
    (
        "quotes",
        "Offers to exchange at a fixed rate, until they expire.",
    ),
    ("rates", "The price of one currency in another."),
    ("splits", "Pay several accounts from one."),
    ("transfers", "Create, read, list and reverse transfers."),
    ("verifications", "Proofs of the books."),
    ("withdrawals", "Money that leaves the ledger."),
];

pub(super) fn tags() -> Value {
    let tag = |(name, about)| json!({"name": name, "description": about});
    TAGS.into_iter().map(tag).collect()
}

/// The headers of every answer.
pub(super) const ALWAYS: [&str; 3] = ["X-Request-Id", "RateLimit", "RateLimit-Policy"];

/// Which responses that declare a header have it.
#[derive(PartialEq)]
enum In {
    All,
    Some,
}

/// Every header, with its place, its schema and its description.
fn all_headers() -> [(&'static str, In, Value, &'static str); 12] {
    let (text, number) = (
        json!({"type": "string"}),
        json!({"type": "integer", "minimum": 1}),
    );
    let only = |word: &str| json!({"type": "string", "const": word});
    [
        (
            "X-Request-Id",
            In::All,
            text.clone(),
            "The id of this request in the service's log; yours, if you sent one.",
        ),
        (
            "RateLimit",
            In::Some,
            text.clone(),
            "What is left of the caller's allowance, for example `\"default\";r=49;t=1`. Only if \
             the service limits requests (draft-ietf-httpapi-ratelimit-headers-10).",
        ),
        (
            "RateLimit-Policy",
            In::Some,
            text.clone(),
            "The caller's allowance, for example `\"default\";q=50;w=1`.",
        ),
        (
            "Retry-After",
            In::All,
            number,
            "Seconds to wait before you send the same request again.",
        ),
        (
            "WWW-Authenticate",
            In::All,
            only("Bearer"),
            "`Bearer`: send a key or a token.",
        ),
        (
            "Location",
            In::All,
            text.clone(),
            "The path of what was created.",
        ),
        (
            "Idempotent-Replayed",
            In::Some,
            only("true"),
            "`true` if the request was applied before; the response is the same as then.",
        ),
        (
            "Dry-Run",
            In::Some,
            only("true"),
            "`true`: nothing was changed.",
        ),
        (
            "Preference-Applied",
            In::Some,
            only("handling=strict"),
            "`handling=strict`, if the request asked for it.",
        ),
        (
            "ETag",
            In::Some,
            text.clone(),
            "The state of the account, for `If-Match`; not after a dry run.",
        ),
        (
            "Vary",
            In::All,
            text.clone(),
            "`Accept`: the path has another media type, too.",
        ),
        (
            "Content-Disposition",
            In::Some,
            text,
            "The name of the file, if the response is CSV.",
        ),
    ]
}

pub(super) fn headers() -> Value {
    let header = |(name, place, schema, about): (&str, In, Value, &str)| {
        let is_required = place == In::All;
        let described = json!({"description": about, "required": is_required, "schema": schema});
        (name.replace('-', ""), described)
    };
    Value::Object(all_headers().into_iter().map(header).collect::<Map<_, _>>())
}

pub(super) fn security_schemes() -> Value {
    let scopes = "The `security` of an operation has the scope that it needs. Its `x-needs` also \
                  says what callers that are limited to accounts can do there: `all` of it, what \
                  is about their `own` accounts, or `nothing`. By default, a service on a loopback \
                  address requires no key; with `--auth off`, no service does.";
    json!({
        "key": {
            "type": "http", "scheme": "bearer",
            "description": format!("A key from `wallet-api keys create`. {scopes}"),
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
