//! Statements: an account's period as pages of JSON, or whole as a stream of CSV.
//!
//! The first page fixes what the statement contains. The cursor carries it, so that later pages
//! neither walk over the period again nor show newer parts.

mod csv;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, VARY};
use serde::Serialize;
use uuid::Uuid;
use wallet_domain::{
    AccountId, Amount, CurrencyCode, LedgerQueries, Statement, StoreError, Timestamp, TransferPart,
};

use super::accounts;
use super::history::HistoryEntry;
use crate::access::need::Need;
use crate::request::time;
use crate::v1::protocol::call::{Call, checked, unexpected_outcome};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::lists::{self, Asked};
use crate::v1::protocol::operation::Operation;
use crate::v1::protocol::params::Params;
use crate::v1::protocol::parse;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::schema::{self, Named, object, reference};
use crate::v1::protocol::wire::{Moment, Money, Page, Shown};

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "/accounts/{id}/statement",
            "getStatement",
            Need::READ_OWN,
            get,
        )
        .says(
            "Read an account's statement",
            "What it had, what came and went, part by part, oldest first, and what it had in the \
             end. Pages of JSON; or with `Accept: text/csv` the whole period in one stream, whose \
             last lines are the closing balance and the totals: a stream that lacks them was cut \
             off.",
        )
        .names(
            "id",
            reference("Id"),
            "The account's id.",
            accounts::EXAMPLE,
        )
        .query(
            "from",
            reference("Time"),
            "The first moment; the account's opening if it is left out.",
        )
        .query(
            "to",
            reference("Time"),
            "The first moment after; now if it is left out.",
        )
        .pages()
        .gives(reference("Statement"), &[])
        .or_as("text/csv", schema::text())
        .refuses(StatusCode::NOT_FOUND),
    ]
}

/// The bodies of these operations.
pub(super) fn schemas() -> Vec<Named> {
    let money = |description| schema::described(reference("Money"), description);
    let statement = object(
        "A page of a statement. All but the page itself is of the whole period.",
        &[
            ("account_id", reference("Id")),
            ("currency_code", reference("CurrencyCode")),
            ("from", reference("Time")),
            ("to", reference("Time")),
            ("opening_balance", money("Before the first part.")),
            ("closing_balance", money("After the last part.")),
            ("total_incoming", money("The sum of what came.")),
            ("total_outgoing", money("The sum of what went.")),
            (
                "count",
                schema::whole_number("How many parts the period has."),
            ),
            ("data", schema::list(reference("HistoryEntry"))),
            ("has_more", schema::boolean()),
            ("next_cursor", schema::next_cursor()),
        ],
    );
    vec![("Statement", statement)]
}

/// `GET /v1/accounts/{id}/statement`
async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.account_id()?;
    let mut faults = Faults::default();
    let mut params = Params::new(call.request.query_string(), &mut faults);
    let asked = Asked::<Place>::from_params(call, &mut params)?;
    let from = params.optional("from", parse::timestamp);
    let to = params.optional("to", parse::timestamp);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        params.fault("to", "invalid", "it is before `from`");
    }
    params.close();
    checked(&faults)?;
    let in_csv = prefers_csv(call);
    let request = StatementRequest {
        id,
        from,
        to,
        now: (call.state.clock)(),
        page: (!in_csv).then(|| (asked.after.clone(), asked.count())),
    };
    let read = call
        .state
        .read_snapshot(call.deadline, |queries| request.read(queries));
    let StatementData {
        currency_code,
        statement,
        mut parts,
    } = match read.await? {
        Ok(read) => read,
        Err(NotRead::NoAccount) => return Err(accounts::not_exist()),
        Err(NotRead::InvalidCursor) => return Err(lists::invalid_cursor()),
    };
    let precision = call.state.precision(currency_code, call.deadline).await?;
    if in_csv {
        return as_csv(call, statement, precision);
    }
    let next = asked.cut(&mut parts, |part| Place::new(&statement, part.version));
    let entries = parts.iter().map(|part| HistoryEntry::new(part, precision));
    let page = Page {
        data: entries.collect(),
        has_more: next.is_some(),
        next_cursor: next,
    };
    let reply = StatementReply::new(&statement, currency_code, precision, page)?;
    Ok(Reply::ok(&reply)?.header(VARY, ACCEPT.as_str()))
}

/// What a request asks for.
struct StatementRequest {
    id: AccountId,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    now: Timestamp,
    /// The page of JSON: where it begins, and how many parts to read. `None` for CSV, which reads
    /// its parts while it is sent.
    page: Option<(Option<Place>, u32)>,
}

/// What was read, all of it as of one moment.
struct StatementData {
    currency_code: CurrencyCode,
    statement: Statement,
    parts: Vec<TransferPart>,
}

/// Why there is no statement.
enum NotRead {
    NoAccount,
    /// The cursor is not one that this list gave out.
    InvalidCursor,
}

impl StatementRequest {
    fn read(
        self,
        queries: &dyn LedgerQueries,
    ) -> Result<Result<StatementData, NotRead>, StoreError> {
        let Some(account) = queries.account(self.id)? else {
            return Ok(Err(NotRead::NoAccount));
        };
        let (place, count) = self.page.unwrap_or_default();
        let statement = match &place {
            None => Statement::read(queries, &account, self.from, self.to, self.now)?,
            Some(place) if place.last > account.version => return Ok(Err(NotRead::InvalidCursor)),
            Some(place) => {
                let (period, versions) = ((place.from, place.to), (place.above, place.last));
                let total = place.total_incoming.clone();
                Statement::between(queries, account.id, period, versions, total)?
            }
        };
        // The totals of a cursor are trusted as long as they are possible.
        if place.is_some() && statement.total_outgoing().is_none() {
            return Ok(Err(NotRead::InvalidCursor));
        }
        let above = place.map_or(statement.above, |place| place.version);
        let parts = match count {
            0 => Vec::new(),
            count => statement.parts(queries, above, count)?,
        };
        Ok(Ok(StatementData {
            currency_code: account.currency_code,
            statement,
            parts,
        }))
    }
}

fn as_csv(call: &Call, statement: Statement, precision: u8) -> Result<Reply, Problem> {
    let name = format!(
        "attachment; filename=\"statement-{}.csv\"",
        statement.account_id.as_uuid()
    );
    let body = csv::body(call, statement, precision)?;
    Ok(Reply::streamed("text/csv; charset=utf-8", body)
        .header(CONTENT_DISPOSITION, name)
        .header(VARY, ACCEPT.as_str()))
}

/// Whether the client prefers CSV.
fn prefers_csv(call: &Call) -> bool {
    use actix_web::http::header::{Accept, Header as _};
    let accepted = Accept::parse(&call.request).map(|accept| accept.ranked());
    let known = |name: &str| match name {
        "text/csv" | "text/*" => Some(true),
        "application/json" | "application/*" | "*/*" => Some(false),
        _ => None,
    };
    let mut ranked = accepted.unwrap_or_default().into_iter();
    ranked
        .find_map(|media| known(media.essence_str()))
        .unwrap_or(false)
}

/// Where a page of a statement begins, and what the statement contains.
#[derive(Clone)]
struct Place {
    /// The version of the last part that was sent.
    version: u64,
    above: u64,
    last: u64,
    from: Timestamp,
    to: Timestamp,
    total_incoming: Amount,
}

impl Place {
    fn new(statement: &Statement, version: u64) -> Self {
        Self {
            version,
            above: statement.above,
            last: statement.last,
            from: statement.from,
            to: statement.to,
            total_incoming: statement.total_incoming.clone(),
        }
    }
}

impl lists::Key for Place {
    fn to_bytes(&self) -> Vec<u8> {
        let numbers = [self.version, self.above, self.last].map(u64::to_be_bytes);
        let times = [self.from, self.to].map(|time| time.as_micros().to_be_bytes());
        let numbers = numbers.into_iter().chain(times).flatten();
        numbers
            .chain(self.total_incoming.to_string().into_bytes())
            .collect()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, total) = bytes.split_at_checked(40)?;
        let mut numbers = numbers.chunks_exact(8).map(|chunk| chunk.try_into().ok());
        let mut next = || numbers.next().flatten();
        let (version, above, last) = (next()?, next()?, next()?);
        let (from, to) = (next()?, next()?);
        let place = Self {
            version: u64::from_be_bytes(version),
            above: u64::from_be_bytes(above),
            last: u64::from_be_bytes(last),
            from: time::from_micros(i64::from_be_bytes(from))?,
            to: time::from_micros(i64::from_be_bytes(to))?,
            total_incoming: Amount::parse(std::str::from_utf8(total).ok()?).ok()?,
        };
        // A made-up cursor must stay within possible versions.
        let fits = place.above <= place.version
            && place.version <= place.last
            && place.last < lists::VERSION_MAX;
        fits.then_some(place)
    }
}

#[derive(Serialize)]
struct StatementReply<'a> {
    account_id: Shown<Uuid>,
    currency_code: Shown<CurrencyCode>,
    from: Moment,
    to: Moment,
    opening_balance: Shown<Money<'a>>,
    closing_balance: Shown<Money<'a>>,
    total_incoming: Shown<Money<'a>>,
    total_outgoing: String,
    count: u64,
    #[serde(flatten)]
    page: Page<HistoryEntry<'a>>,
}

impl<'a> StatementReply<'a> {
    fn new(
        statement: &'a Statement,
        currency_code: CurrencyCode,
        precision: u8,
        page: Page<HistoryEntry<'a>>,
    ) -> Result<Self, Problem> {
        let outgoing = statement.total_outgoing().ok_or_else(unexpected_outcome)?;
        Ok(Self {
            account_id: Shown(statement.account_id.as_uuid()),
            currency_code: Shown(currency_code),
            from: Moment(statement.from),
            to: Moment(statement.to),
            opening_balance: Shown(Money(&statement.opening_balance, precision)),
            closing_balance: Shown(Money(&statement.closing_balance, precision)),
            total_incoming: Shown(Money(&statement.total_incoming, precision)),
            total_outgoing: Money(&outgoing, precision).to_string(),
            count: statement.count(),
            page,
        })
    }
}
