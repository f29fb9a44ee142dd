//! A statement as CSV (RFC 4180). It is written while it is sent, a thousand lines at a time.

use std::fmt::Write as _;

use actix_web::body::{BodyStream, BoxBody};
use actix_web::http::Method;
use actix_web::web::{Bytes, Data};
use futures_util::stream;
use wallet_domain::{Amount, Causes, Direction, Statement, StatementLine};

use crate::request::error::ApiError;
use crate::request::time::rfc3339;
use crate::state::app_state::AppState;
use crate::v1::protocol::{Call, Money, Problem, transfer_type, unexpected_outcome};

/// How many parts are read at a time.
const PARTS: u32 = 1000;

const HEAD: &str = "entry,version,created_at,effective_at,transfer_id,type,\
                    corresponding_account_id,incoming,outgoing,balance,reference\r\n";

/// The lines that have no part: a name, and an amount in one of three columns.
const OPENING: &str = "opening_balance,,,,,,,,,";
const CLOSING: &str = "closing_balance,,,,,,,,,";
const TOTAL: &str = "total,,,,,,,";

/// The body of the answer.
pub(super) fn body(call: &Call, statement: Statement, precision: u8) -> Result<BoxBody, Problem> {
    if call.request.method() == Method::HEAD {
        // As to GET, its length is not known.
        let nothing = stream::empty::<Result<Bytes, ApiError>>();
        return Ok(BoxBody::new(BodyStream::new(nothing)));
    }
    let outgoing = statement.total_outgoing().ok_or_else(unexpected_outcome)?;
    let lines = Lines {
        state: call.state.clone(),
        next: Next::Head,
        outgoing,
        statement,
        precision,
    };
    Ok(BoxBody::new(BodyStream::new(stream::try_unfold(
        lines, more,
    ))))
}

/// The rest of the statement.
struct Lines {
    state: Data<AppState>,
    next: Next,
    statement: Statement,
    outgoing: Amount,
    precision: u8,
}

enum Next {
    Head,
    /// The parts above this version.
    Parts(u64),
    Nothing,
}

/// The next lines. An error ends the stream before its last lines, and closes the connection.
async fn more(mut lines: Lines) -> Result<Option<(Bytes, Lines)>, ApiError> {
    let mut text = String::new();
    match lines.next {
        Next::Head => {
            let opening = money(&lines.statement.opening_balance, lines.precision);
            text = format!("{HEAD}{OPENING}{opening},\r\n");
            lines.next = Next::Parts(lines.statement.above);
        }
        Next::Parts(above) => {
            let read = match above < lines.statement.last {
                true => lines.read(above).await.inspect_err(|error| {
                    tracing::warn!("a statement was cut off in the middle: {}", Causes(error));
                })?,
                false => Vec::new(),
            };
            for read in &read {
                line(&mut text, read, lines.precision);
            }
            lines.next = match read.last() {
                Some(read) => Next::Parts(read.part.version),
                None => {
                    lines.end(&mut text);
                    Next::Nothing
                }
            };
        }
        Next::Nothing => return Ok(None),
    }
    Ok(Some((Bytes::from(text), lines)))
}

impl Lines {
    async fn read(&self, above: u64) -> Result<Vec<StatementLine>, ApiError> {
        let statement = self.statement.clone();
        let deadline = self.state.deadline();
        let read = self.state.read(deadline, move |queries| {
            statement.lines(queries, above, PARTS)
        });
        read.await
    }

    fn end(&self, text: &mut String) {
        let money = |amount| money(amount, self.precision);
        let closing = money(&self.statement.closing_balance);
        let (incoming, outgoing) = (money(&self.statement.total_incoming), money(&self.outgoing));
        *text += &format!("{CLOSING}{closing},\r\n{TOTAL}{incoming},{outgoing},,\r\n");
    }
}

fn line(text: &mut String, line: &StatementLine, precision: u8) {
    let part = &line.part;
    let effective_at = part.effective_at.map(rfc3339).unwrap_or_default();
    let corresponding = part.corresponding_account_id.map(|id| id.to_string());
    let amount = money(&part.amount, precision).to_string();
    let (incoming, outgoing) = match part.direction {
        Direction::Incoming => (amount.as_str(), ""),
        Direction::Outgoing => ("", amount.as_str()),
    };
    let reference = line.reference.as_ref().map(|text| quoted(text.as_str()));
    // Ids, numbers and fixed texts need no quotes. Writing to a string cannot fail.
    let _ = write!(
        text,
        "transfer_part,{},{},{effective_at},{},{},{},{incoming},{outgoing},{},{}\r\n",
        part.version,
        rfc3339(part.created_at),
        part.transfer_id.as_uuid(),
        transfer_type(part.transfer_type),
        corresponding.unwrap_or_default(),
        money(&part.balance, precision),
        reference.unwrap_or_default(),
    );
}

/// A text of the client, as a field of CSV.
fn quoted(text: &str) -> String {
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

fn money(amount: &Amount, precision: u8) -> Money {
    Money::new(amount.clone(), precision)
}
