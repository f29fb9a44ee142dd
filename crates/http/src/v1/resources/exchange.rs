//! Rates, quotes and exchanges: three resources in one file, because each is made of the one
//! before.

mod contract;
mod wire;

use uuid::Uuid;
use wallet_domain::{
    Command, CreateQuote, CurrencyPair, Exchange, FixedSide, Quote, QuoteFields, RateFields,
    Recorded, Rejection, SetRate,
};

use super::transfers;
use crate::v1::protocol::call::{Call, checked, unexpected_outcome};
use crate::v1::protocol::draft::{Build, Built, Draft, build_at};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::idempotency;
use crate::v1::protocol::lists::{self, Asked};
use crate::v1::protocol::params::Params;
use crate::v1::protocol::parse;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::write::Write;

pub(super) use contract::{new_exchange, operations, schemas};
use wire::{QuoteReply, RateReply};

/// The validity of a quote that names none.
const VALID_SECONDS_DEFAULT: u64 = 30;

/// `POST /v1/rates`
pub(super) async fn set_rate(call: &mut Call) -> Result<Reply, Problem> {
    let (recorded, is_replay, write) = submit(call, "/v1/rates", build_rate).await?;
    let Recorded::Rate(rate) = recorded else {
        return Err(unexpected_outcome());
    };
    let location = format!("/v1/rates/{}/{}", rate.pair.base, rate.pair.counter);
    let reply = Reply::ok(&RateReply::from(&rate))?;
    Ok(reply.created(location, &write, is_replay))
}

fn build_rate(fields: &mut Fields<'_>, _: &Write, key: Option<Uuid>) -> Built {
    let id = idempotency::id(fields, key, parse::rate_id);
    let base = fields.required("base_currency_code", parse::currency_code);
    let counter = fields.required("counter_currency_code", parse::currency_code);
    let bid = fields.required("bid", parse::amount);
    let ask = fields.required("ask", parse::amount);
    let set = SetRate::new(RateFields {
        rate_id: id?,
        pair: CurrencyPair {
            base: base?,
            counter: counter?,
        },
        bid: bid?,
        ask: ask?,
    });
    Some(set.map(|set| Draft::Ready(Command::SetRate(set))))
}

/// `GET /v1/rates`: the current ones, in the order of their pairs.
pub(super) async fn current_rates(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let mut params = Params::new(call.request.query_string(), &mut faults);
    let asked = Asked::<CurrencyPair>::from_params(call, &mut params)?;
    params.close();
    checked(&faults)?;
    let (after, count) = (asked.after, asked.count());
    let read = call.state.read(call.deadline, move |queries| {
        queries.current_rates(after, count)
    });
    let mut rates = read.await?;
    let next = asked.cut(&mut rates, |rate| rate.pair);
    lists::page(rates.iter().map(RateReply::from).collect(), next)
}

/// `GET /v1/rates/{base}/{counter}`: those of a pair, newest first.
pub(super) async fn rates(call: &mut Call) -> Result<Reply, Problem> {
    let pair = CurrencyPair {
        base: call.path("base", parse::currency_code)?,
        counter: call.path("counter", parse::currency_code)?,
    };
    let mut faults = Faults::default();
    let mut params = Params::new(call.request.query_string(), &mut faults);
    let asked = Asked::<u64>::from_params(call, &mut params)?;
    params.close();
    checked(&faults)?;
    let (below, count) = (asked.after, asked.count());
    let read = call.state.read(call.deadline, move |queries| {
        queries.rates(pair, below, count)
    });
    let mut rates = read.await?;
    let next = asked.cut(&mut rates, |rate| rate.version);
    lists::page(rates.iter().map(RateReply::from).collect(), next)
}

/// `POST /v1/quotes`
pub(super) async fn create_quote(call: &mut Call) -> Result<Reply, Problem> {
    let (recorded, is_replay, write) = submit(call, "/v1/quotes", build_quote).await?;
    let Recorded::Quote(quote) = recorded else {
        return Err(unexpected_outcome());
    };
    let location = format!("/v1/quotes/{}", quote.id.as_uuid());
    Ok(reply(call, &quote)
        .await?
        .created(location, &write, is_replay))
}

fn build_quote(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let id = idempotency::id(fields, key, parse::quote_id);
    let sell = fields.required("sell_currency_code", parse::currency_code);
    let buy = fields.required("buy_currency_code", parse::currency_code);
    let has_one = fields.has("sell_amount") != fields.has("buy_amount");
    let sell_amount = fields.optional("sell_amount", parse::amount);
    let buy_amount = fields.optional("buy_amount", parse::amount);
    let seconds = fields.whole("valid_for_seconds", 1..=86_400);
    if !has_one {
        let detail = "either sell_amount or buy_amount; the other one is what the quote says";
        fields.fault("sell_amount", "invalid", detail);
        return None;
    }
    let (fixed_side, amount) = match (sell_amount, buy_amount) {
        (Some(amount), _) => (FixedSide::Sell, amount),
        (None, amount) => (FixedSide::Buy, amount?),
    };
    let seconds = i64::try_from(seconds.unwrap_or(VALID_SECONDS_DEFAULT)).ok()?;
    let create = CreateQuote::new(QuoteFields {
        quote_id: id?,
        sell_currency_code: sell?,
        buy_currency_code: buy?,
        fixed_side,
        amount,
        valid_micros: seconds * 1_000_000,
        valid_micros_max: write.quote_micros_max,
        precision: write.precision,
    });
    Some(create.map(|create| Draft::Ready(Command::CreateQuote(create))))
}

/// `GET /v1/quotes/{id}`
pub(super) async fn quote(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.path("id", parse::quote_id)?;
    call.no_params()?;
    let read = call
        .state
        .look_up(call.deadline, move |queries| queries.quote(id));
    let found = read.await?;
    let quote = found.ok_or(Problem::rejected(Rejection::QuoteNotExist, false))?;
    reply(call, &quote).await
}

/// `POST /v1/exchanges`
pub(super) async fn exchange(call: &mut Call) -> Result<Reply, Problem> {
    transfers::apply(call, "/v1/exchanges", build_exchange).await
}

/// Builds an exchange, which names its quote.
pub(super) fn build_exchange(fields: &mut Fields<'_>, write: &Write, key: Option<Uuid>) -> Built {
    let id = idempotency::id(fields, key, parse::transfer_id);
    let quote_id = fields.required("quote_id", parse::quote_id);
    let sender = fields.required("sender_account_id", parse::account_id);
    let receiver = fields.required("receiver_account_id", parse::account_id);
    let fee = transfers::fee(fields);
    let least = fields.optional("if_available_at_least", parse::amount);
    let details = transfers::details(fields);
    let mut terms = write.terms();
    terms.sender_available_at_least = least;
    let (id, sender, receiver) = (id?, sender?, receiver?);
    Some(Ok(Draft::OfQuote(
        quote_id?,
        Box::new(move |quote| {
            let exchange = Exchange::new(&quote, id, sender, receiver, details, terms);
            Command::Exchange(exchange.charging(fee))
        }),
    )))
}

async fn submit(
    call: &mut Call,
    route: &str,
    build: Build,
) -> Result<(Recorded, bool, Write), Problem> {
    let mut faults = Faults::default();
    let write = call.write(route, &mut faults);
    let json = call.json().await?;
    let built = build_at(json, String::new(), &write, write.key, &mut faults, build);
    checked(&faults)?;
    let command = call.finish(built.ok_or_else(unexpected_outcome)?).await?;
    let (recorded, is_replay) = call.submit(command, &write).await?;
    Ok((recorded, is_replay, write))
}

async fn reply(call: &Call, quote: &Quote) -> Result<Reply, Problem> {
    let precision = async |code| call.state.precision(code, call.deadline).await;
    let sell = precision(quote.sell_currency_code).await?;
    let buy = precision(quote.buy_currency_code).await?;
    Reply::ok(&QuoteReply::new(quote, (sell, buy)))
}
