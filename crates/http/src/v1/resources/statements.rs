//! Statements: an account's period as pages of JSON, or whole as a stream of CSV.
//!
//! The first page fixes what the statement contains. The cursor carries it, so that later pages
//! neither walk over the period again nor show newer parts.

mod csv;

use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, VARY};
use wallet_domain::{
    AccountId, Amount, CurrencyCode, LedgerQueries, Rejection, ShortText, Statement, StatementLine,
    StoreError, Timestamp,
};

use super::accounts;
use super::history::{AccountPartReply, PeriodParams};
use crate::request::time;
use crate::v1::protocol::{
    Call, Flatten, Money, Page, Problem, Reply, lists, operations, reply, request,
    unexpected_outcome,
};
use crate::v1::resources::demo::ACCOUNT;

operations! {
    /// Read an account's statement
    ///
    /// Returns the opening balance, each part of the period, oldest first, the closing balance and
    /// the totals. With `Accept: text/csv` the response is one stream with the whole period. Its
    /// last two lines are the closing balance and the totals: a stream that lacks them was cut off.
    getStatement: get "/accounts/{id}/statement" for READ_OWN => get,
        |it| it.path_param::<AccountId>("id", "The account's id.", ACCOUNT)
            .query::<GetStatement>()
            .paged()
            .returns::<StatementReply>(&["Vary", "Content-Disposition"])
            .or_media_type("text/csv")
            .rejections(&[&[Rejection::AccountNotExist]]);
}

request! {
    /// The period of a statement.
    pub(crate) struct GetStatement {
        period: PeriodParams,
    }
}

reply! {
    /// A page of a statement. All fields but those of the page are about the whole period.
    pub(crate) struct StatementReply {
        account_id: AccountId,
        currency_code: CurrencyCode,
        created_from: Timestamp,
        created_before: Timestamp,
        /// The balance before the first part.
        opening_balance: Money,
        /// The balance after the last part.
        closing_balance: Money,
        /// The sum of the incoming amounts.
        total_incoming: Money,
        /// The sum of the outgoing amounts.
        total_outgoing: Money,
        /// The number of parts in the period.
        count: u64,
        page: Flatten<Page<StatementLineReply>>,
    }
}

reply! {
    /// A line of a statement.
    pub(crate) struct StatementLineReply {
        part: Flatten<AccountPartReply>,
        /// The reference of the transfer.
        reference: Option<ShortText>,
    }
}

/// `GET /v1/accounts/{id}/statement`
async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.account_id()?;
    let (GetStatement { period }, asked) = call.list::<_, Place>()?;
    let in_csv = prefers_csv(call);
    let request = StatementRequest {
        id,
        period,
        now: (call.state.clock)(),
        page: (!in_csv).then(|| (asked.after.clone(), asked.count())),
    };
    let read = call
        .state
        .read_snapshot(call.deadline, |queries| request.read(queries));
    let StatementData {
        currency_code,
        statement,
        mut lines,
    } = match read.await? {
        Ok(read) => read,
        Err(NotRead::NoAccount) => return Err(accounts::not_exist()),
        Err(NotRead::InvalidCursor) => return Err(lists::invalid_cursor()),
    };
    let precision = call.precision(currency_code).await?;
    if in_csv {
        return as_csv(call, statement, precision);
    }
    let next_cursor = asked.cut(&mut lines, |it| Place::new(&statement, it.part.version));
    let data = lines.into_iter().map(|line| StatementLineReply {
        part: Flatten(AccountPartReply::new(line.part, precision)),
        reference: line.reference,
    });
    let page = Page {
        data: data.collect(),
        next_cursor,
    };
    let reply = reply(statement, currency_code, precision, page)?;
    Ok(Reply::new(&reply)?.header(VARY, ACCEPT.as_str()))
}

fn reply(
    statement: Statement,
    currency_code: CurrencyCode,
    precision: u8,
    page: Page<StatementLineReply>,
) -> Result<StatementReply, Problem> {
    let money = |amount| Money::new(amount, precision);
    let outgoing = statement.total_outgoing().ok_or_else(unexpected_outcome)?;
    Ok(StatementReply {
        account_id: statement.account_id,
        currency_code,
        created_from: statement.from,
        created_before: statement.to,
        count: statement.count(),
        opening_balance: money(statement.opening_balance),
        closing_balance: money(statement.closing_balance),
        total_incoming: money(statement.total_incoming),
        total_outgoing: money(outgoing),
        page: Flatten(page),
    })
}

/// The statement that a request asks for.
struct StatementRequest {
    id: AccountId,
    period: PeriodParams,
    now: Timestamp,
    /// The page of JSON: where it begins, and how many parts to read. `None` for CSV, which reads
    /// its parts while it is sent.
    page: Option<(Option<Place>, u32)>,
}

/// What was read, as of one moment.
struct StatementData {
    currency_code: CurrencyCode,
    statement: Statement,
    lines: Vec<StatementLine>,
}

/// Why there is no statement.
enum NotRead {
    NoAccount,
    /// The cursor is not one of this list.
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
            None => {
                let PeriodParams(from, to) = self.period;
                Statement::read(queries, &account, from, to, self.now)?
            }
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
        let lines = match count {
            0 => Vec::new(),
            count => statement.lines(queries, above, count)?,
        };
        Ok(Ok(StatementData {
            currency_code: account.currency_code,
            statement,
            lines,
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
