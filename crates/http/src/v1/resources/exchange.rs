//! Rates, quotes and exchanges: three resources in one folder, because each is created from the
//! previous one.

mod bodies;
mod reply;

use wallet_domain::{
    CurrencyCode, CurrencyPair, Quote, QuoteFilter, QuoteId, QuoteStatus, Recorded, Rejection,
    Timestamp,
};

use super::transfers;
use super::transfers::reply::TransferReply;
use crate::v1::protocol::{
    AMOUNT, BALANCE, CURRENCY, Call, CommaSeparated, FEE, PAYEE, PAYER, Page, Problem, RECEIVER,
    Reply, SENDER, VELOCITY, WriteBody as _, operations, request, unexpected_outcome,
};
use crate::v1::resources::demo::QUOTE;

pub(super) use bodies::NewExchange;
use bodies::{NewQuote, NewRate};
use reply::{QuoteReply, RateReply};

operations! {
    /// List rates
    ///
    /// Returns the newest rate of each pair of currencies, ordered by pair.
    listRates: get "/rates" for READ_COMMON => current_rates,
        |it| it.returns_page::<RateReply>();

    /// Set a rate
    ///
    /// Sets the price of a pair of currencies from now on. Earlier rates are kept, and quotes made
    /// from them stay valid until they expire. The first rate opens the ledger's own accounts in
    /// both currencies: fund them like any other account.
    setRate: post "/rates" for OPERATE => set_rate,
        |it| it.write_body::<NewRate>().accepts_idempotency_key().creates::<RateReply>()
            .rejections(&[RATE]);

    /// List the rates of a pair
    ///
    /// Returns all rates of the pair, newest first.
    listRatesOfPair: get "/rates/{base}/{counter}" for READ_COMMON => rates,
        |it| it.path_param::<CurrencyCode>("base", "The currency that has a price.", "EUR")
            .path_param::<CurrencyCode>("counter", "The currency that the price is in.", "USD")
            .returns_page::<RateReply>();

    /// List quotes
    ///
    /// Returns quotes, newest first. A quote must match all parameters that you send.
    listQuotes: get "/quotes" for READ => quotes,
        |it| it.query::<ListQuotes>().returns_page::<QuoteReply>();

    /// Create a quote
    ///
    /// Fixes the newest rate between two currencies for a time. Send `sell_amount` or `buy_amount`;
    /// the service computes the other one. It rounds a buy amount down and a sell amount up.
    createQuote: post "/quotes" for TRANSFER => create_quote,
        |it| it.write_body::<NewQuote>().accepts_idempotency_key().creates::<QuoteReply>()
            .rejections(&[CURRENCY, AMOUNT, QUOTED]);

    /// Read a quote
    ///
    /// Returns the quote, with the exchange that used it.
    getQuote: get "/quotes/{id}" for READ => quote,
        |it| it.path_param::<QuoteId>("id", "The quote's id.", QUOTE)
            .returns::<QuoteReply>(&[])
            .rejections(&[&[Rejection::QuoteNotExist]]);

    /// Exchange money
    ///
    /// Uses a quote, once. The sender pays the sell amount to the ledger, and the receiver gets the
    /// buy amount from it. The spread and a fee are transfers of their own. All of these transfers
    /// are applied, or none.
    createExchange: post "/exchanges" for TRANSFER => transfers::create::<NewExchange>,
        |it| it.write_body::<NewExchange>().accepts_idempotency_key().creates::<TransferReply>()
            .rejections(&[EXCHANGE, SENDER, PAYER, VELOCITY, RECEIVER, PAYEE, BALANCE, FEE]);
}

const RATE: &[Rejection] = &[
    Rejection::CurrenciesMustBeDifferent,
    Rejection::RateMustBePositive,
    Rejection::RateBidExceedsAsk,
    Rejection::RatePairIsSwapped,
    Rejection::CurrencyNotSupported,
];

const QUOTED: &[Rejection] = &[
    Rejection::CurrenciesMustBeDifferent,
    Rejection::RateNotExist,
    Rejection::QuoteValidityOutOfRange,
];

const EXCHANGE: &[Rejection] = &[
    Rejection::QuoteNotExist,
    Rejection::QuoteAlreadyUsed,
    Rejection::QuoteExpired,
    Rejection::LiquidityNotAvailable,
    Rejection::AccountsMustBeDifferent,
    // Of its fee.
    Rejection::AmountPrecisionExceeded,
];

/// `POST /v1/rates`
async fn set_rate(call: &mut Call) -> Result<Reply, Problem> {
    let (body, write) = call.body::<NewRate>().await?;
    let command = call.finish(body.draft(&write)).await?;
    let (Recorded::Rate(rate), is_replay) = call.submit(command, &write).await? else {
        return Err(unexpected_outcome());
    };
    let location = format!("/v1/rates/{}/{}", rate.pair.base, rate.pair.counter);
    Ok(Reply::new(&RateReply::from(rate))?.created(location, &write, is_replay))
}

/// `GET /v1/rates`: the current ones, in the order of their pairs.
async fn current_rates(call: &mut Call) -> Result<Reply, Problem> {
    let ((), page) = call.list::<(), CurrencyPair>()?;
    let (after, count) = (page.after, page.count());
    let rates = call.read_list(move |queries| queries.current_rates(after, count));
    let mut rates = rates.await?;
    let next_cursor = page.cut(&mut rates, |rate| rate.pair);
    let data = rates.into_iter().map(RateReply::from).collect();
    Reply::new(&Page { data, next_cursor })
}

/// `GET /v1/rates/{base}/{counter}`: those of a pair, newest first.
async fn rates(call: &mut Call) -> Result<Reply, Problem> {
    let pair = CurrencyPair {
        base: call.path("base")?,
        counter: call.path("counter")?,
    };
    let ((), page) = call.list::<(), u64>()?;
    let (below, count) = (page.after, page.count());
    let rates = call.read_list(move |queries| queries.rates(pair, below, count));
    let mut rates = rates.await?;
    let next_cursor = page.cut(&mut rates, |rate| rate.version);
    let data = rates.into_iter().map(RateReply::from).collect();
    Reply::new(&Page { data, next_cursor })
}

/// `POST /v1/quotes`
async fn create_quote(call: &mut Call) -> Result<Reply, Problem> {
    let (body, write) = call.body::<NewQuote>().await?;
    let command = call.finish(body.draft(&write)).await?;
    let (Recorded::Quote(quote), is_replay) = call.submit(command, &write).await? else {
        return Err(unexpected_outcome());
    };
    let location = format!("/v1/quotes/{}", quote.id);
    let reply = Reply::new(&reply(call, quote).await?)?;
    Ok(reply.created(location, &write, is_replay))
}

request! {
    /// Which quotes to list.
    pub(crate) struct ListQuotes {
        /// Quotes that sell this currency.
        sell_currency_code: Option<CurrencyCode>,
        /// Quotes that buy this currency.
        buy_currency_code: Option<CurrencyCode>,
        /// Quotes with one of these statuses.
        status: CommaSeparated<QuoteStatus>,
    }
}

/// `GET /v1/quotes`: newest first.
async fn quotes(call: &mut Call) -> Result<Reply, Problem> {
    let (list, page) = call.list::<ListQuotes, (Timestamp, QuoteId)>()?;
    let filter = QuoteFilter {
        sell_currency_code: list.sell_currency_code,
        buy_currency_code: list.buy_currency_code,
        statuses: list.status.0,
    };
    let now = (call.state.clock)();
    let (after, count) = (page.after, page.count());
    let quotes = call.read_list(move |queries| queries.quotes_newest(&filter, now, after, count));
    let mut quotes = quotes.await?;
    let next_cursor = page.cut(&mut quotes, |quote| (quote.created_at, quote.id));
    let mut data = Vec::with_capacity(quotes.len());
    for quote in quotes {
        data.push(reply(call, quote).await?);
    }
    Reply::new(&Page { data, next_cursor })
}

/// `GET /v1/quotes/{id}`
async fn quote(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.path("id")?;
    call.query::<()>()?;
    let quote = call.look_up(move |queries| queries.quote(id)).await?;
    let quote = quote.ok_or(Problem::rejected(Rejection::QuoteNotExist, false))?;
    Reply::new(&reply(call, quote).await?)
}

async fn reply(call: &Call, quote: Quote) -> Result<QuoteReply, Problem> {
    let sell = call.precision(quote.sell_currency_code).await?;
    let buy = call.precision(quote.buy_currency_code).await?;
    Ok(QuoteReply::new(quote, (sell, buy)))
}
