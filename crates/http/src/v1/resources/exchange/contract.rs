//! The operations on exchange, and their bodies, for the OpenAPI document.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::{current_rates, exchange, quote, rates};
use crate::access::need::Need;
use crate::v1::protocol::operation::Operation;
use crate::v1::protocol::schema::{self, Named, object, or_null, reference};
use crate::v1::resources::transfers::{detail_fields, fee_field};

/// The operations.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        list_rates(),
        set_rate(),
        list_rates_of_pair(),
        create_quote(),
        get_quote(),
        create_exchange(),
    ]
}

fn as_write(operation: Operation, made: &'static str) -> Operation {
    operation
        .takes_key()
        .creates(made)
        .refuses(StatusCode::CONFLICT)
        .refuses(StatusCode::UNPROCESSABLE_ENTITY)
}

fn list_rates() -> Operation {
    Operation::get("/rates", "listRates", Need::READ_COMMON, current_rates)
        .says(
            "List rates",
            "The newest one of every pair of currencies, in the order of the pairs.",
        )
        .gives_pages_of("Rate")
}

fn set_rate() -> Operation {
    as_write(
        Operation::post("/rates", "setRate", Need::OPERATE, super::set_rate),
        "Rate",
    )
    .says(
        "Set a rate",
        "It holds from now on; earlier ones are kept, and quotes that were made of them stand. The \
         ledger's own accounts of both currencies are opened with the first rate: fund them like \
         any other account.",
    )
    .takes(
        "NewRate",
        json!({
            "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a78", "base_currency_code": "EUR",
            "counter_currency_code": "USD", "bid": "1.08", "ask": "1.1",
        }),
    )
}

fn list_rates_of_pair() -> Operation {
    Operation::get(
        "/rates/{base}/{counter}",
        "listRatesOfPair",
        Need::READ_COMMON,
        rates,
    )
    .says("List the rates of a pair", "Newest first.")
    .names("base", reference("CurrencyCode"), "What is priced.", "EUR")
    .names(
        "counter",
        reference("CurrencyCode"),
        "What it is priced in.",
        "USD",
    )
    .gives_pages_of("Rate")
}

fn create_quote() -> Operation {
    as_write(
        Operation::post(
            "/quotes",
            "createQuote",
            Need::TRANSFER,
            super::create_quote,
        ),
        "Quote",
    )
    .says(
        "Ask for a quote",
        "How much of one currency costs so much of another, for a time. Give `sell_amount` or \
         `buy_amount`; the other one is computed: what is bought is rounded down, what is sold is \
         rounded up.",
    )
    .takes(
        "NewQuote",
        json!({
            "id": DEMO_QUOTE, "sell_currency_code": "USD",
            "buy_currency_code": "EUR", "sell_amount": "11.00", "valid_for_seconds": 3600,
        }),
    )
}

fn get_quote() -> Operation {
    Operation::get("/quotes/{id}", "getQuote", Need::READ, quote)
        .says("Read a quote", "With the exchange that used it.")
        .names("id", reference("Id"), "The quote's id.", DEMO_QUOTE)
        .gives(reference("Quote"), &[])
        .refuses(StatusCode::NOT_FOUND)
}

fn create_exchange() -> Operation {
    as_write(
        Operation::post("/exchanges", "createExchange", Need::TRANSFER, exchange),
        "Transfer",
    )
    .says(
        "Exchange money",
        "Use a quote, once: the sender gives what is sold to the ledger, the receiver gets what is \
         bought from it, the spread and a fee are transfers of their own. All of them, or none.",
    )
    .refuses(StatusCode::NOT_FOUND)
    .takes(
        "NewExchange",
        json!({
            "id": "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a7a", "quote_id": DEMO_QUOTE,
            "sender_account_id": "1836981e-7bce-4356-99a5-a001073e51fe",
            "receiver_account_id": "742dda95-3205-49fb-8bad-5cac4de9ee39",
        }),
    )
}

const DEMO_QUOTE: &str = "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a79";

/// The bodies of these operations.
pub(crate) fn schemas() -> Vec<Named> {
    let price = |text| schema::described(reference("Amount"), text);
    let bid = || price("What the ledger pays for one unit of the base currency.");
    let ask = || price("What it takes for one; not less than the bid.");
    let rate = object(
        "What one unit of a currency costs in another.",
        &[
            ("id", reference("Id")),
            ("base_currency_code", reference("CurrencyCode")),
            ("counter_currency_code", reference("CurrencyCode")),
            ("bid", bid()),
            ("ask", ask()),
            (
                "version",
                schema::whole_number("Which rate of its pair it is, counted from 1."),
            ),
            ("created_at", reference("Time")),
        ],
    );
    let new_rate = object(
        "A rate to set.",
        &[
            ("id?", or_null(reference("Id"))),
            ("base_currency_code", reference("CurrencyCode")),
            ("counter_currency_code", reference("CurrencyCode")),
            ("bid", bid()),
            ("ask", ask()),
        ],
    );
    vec![
        ("Rate", rate),
        ("NewRate", new_rate),
        ("Quote", made_quote()),
        ("NewQuote", new_quote()),
        ("NewExchange", object("A quote to use.", &new_exchange())),
    ]
}

fn made_quote() -> Value {
    let spread = "What the ledger earns, in the currency that is bought: what is sold is worth so \
                  much more at the middle between bid and ask.";
    object(
        "An offer to exchange, once, until it expires.",
        &[
            ("id", reference("Id")),
            ("rate_id", reference("Id")),
            ("sell_currency_code", reference("CurrencyCode")),
            ("sell_amount", reference("Money")),
            ("buy_currency_code", reference("CurrencyCode")),
            ("buy_amount", reference("Money")),
            (
                "spread_amount",
                schema::described(reference("Money"), spread),
            ),
            ("fixed_side", schema::one_of(&["sell", "buy"])),
            ("created_at", reference("Time")),
            ("expires_at", reference("Time")),
            ("exchange_id", or_null(reference("Id"))),
        ],
    )
}

fn new_quote() -> Value {
    let seconds = json!({
        "type": "integer", "minimum": 1, "maximum": 86_400, "default": super::VALID_SECONDS_DEFAULT,
        "description": "For how long it stands.",
    });
    let mut quote = object(
        "What to exchange, and how much of it: one of the two amounts.",
        &[
            ("id?", or_null(reference("Id"))),
            ("sell_currency_code", reference("CurrencyCode")),
            ("buy_currency_code", reference("CurrencyCode")),
            ("sell_amount?", or_null(reference("Amount"))),
            ("buy_amount?", or_null(reference("Amount"))),
            ("valid_for_seconds?", or_null(seconds)),
        ],
    );
    quote["oneOf"] = schema::either("sell_amount", "buy_amount");
    quote
}

/// The fields of an exchange to make.
pub(crate) fn new_exchange() -> Vec<(&'static str, Value)> {
    let fields = vec![
        ("id?", or_null(reference("Id"))),
        ("quote_id", reference("Id")),
        ("sender_account_id", reference("Id")),
        ("receiver_account_id", reference("Id")),
        ("if_available_at_least?", or_null(reference("Amount"))),
        fee_field(),
    ];
    [fields, detail_fields()].concat()
}
