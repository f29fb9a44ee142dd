//! The checks. Each one looks for one way in which the service's answers can contradict its books.

use std::collections::{BTreeMap, HashMap, HashSet};

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::Sign;
use uuid::Uuid;

use super::window::{Timeline, Underway};
use super::{History, Moment, Outcome, ReadOperation, TransferOperation};
use crate::books::{Direction, Ledger, Part};

/// Compares what the clients saw with the ledger after the run; returns one line for each
/// contradiction.
///
/// `before` holds the ids of the transfers that were in the ledger before the run. `codes` holds
/// the refusals that this run may provoke; any other refusal is a finding. The ledger's own
/// arithmetic is not checked here: see [`crate::books::prove`].
#[must_use]
pub fn check(
    history: &History,
    before: &HashSet<Uuid>,
    ledger: &Ledger,
    codes: &[&str],
) -> Vec<String> {
    let asked = Asked::group(&history.transfers);
    let booked = Booked::group(&ledger.parts);
    let timelines = timelines(&booked, &asked, before);

    let mut findings = Vec::new();
    answers_are_definite(history, codes, &mut findings);
    books_hold_what_was_acknowledged(&asked, &booked, before, &mut findings);
    versions_follow_time(&booked, &asked, before, &mut findings);
    for operation in &history.transfers {
        refusal_had_a_reason(operation, &timelines, &mut findings);
    }
    let total = totals_before(ledger, &booked, before);
    for read in &history.reads {
        read_shows_one_state(read, ledger, &total, &timelines, &mut findings);
    }
    findings
}

/// What was asked for under one id, all operations together.
struct Asked<'a> {
    operation: &'a TransferOperation,
    acknowledged: bool,
    refused: bool,
    underway: Underway,
}

impl<'a> Asked<'a> {
    fn group(transfers: &'a [TransferOperation]) -> HashMap<Uuid, Self> {
        let mut by_id: HashMap<Uuid, Self> = HashMap::new();
        for operation in transfers {
            let asked = by_id.entry(operation.id).or_insert(Self {
                operation,
                acknowledged: false,
                refused: true,
                underway: Underway {
                    from: Some(operation.first_invoked),
                    until: None,
                },
            });
            asked.underway.from = asked.underway.from.min(Some(operation.first_invoked));
            asked.refused &= matches!(operation.outcome, Outcome::Rejected(_));
            if operation.outcome == Outcome::Ok {
                asked.acknowledged = true;
                let ended = Some(operation.ended);
                asked.underway.until = asked.underway.until.into_iter().chain(ended).min();
            }
        }
        by_id
    }
}

/// The parts of the ledger by account, in the order of versions, and by transfer.
struct Booked<'a> {
    by_account: HashMap<Uuid, &'a [Part]>,
    by_transfer: HashMap<Uuid, Vec<&'a Part>>,
}

impl<'a> Booked<'a> {
    fn group(parts: &'a [Part]) -> Self {
        let chunks = parts.chunk_by(|one, next| one.account_id == next.account_id);
        let by_account = chunks.map(|chunk| (chunk[0].account_id, chunk)).collect();
        let mut by_transfer: HashMap<Uuid, Vec<&Part>> = HashMap::new();
        for part in parts {
            by_transfer.entry(part.transfer_id).or_default().push(part);
        }
        Self {
            by_account,
            by_transfer,
        }
    }
}

fn underway(part: &Part, asked: &HashMap<Uuid, Asked<'_>>, before: &HashSet<Uuid>) -> Underway {
    if before.contains(&part.transfer_id) {
        return Underway {
            from: None,
            until: Some(Moment::ZERO),
        };
    }
    asked
        .get(&part.transfer_id)
        .map(|asked| asked.underway)
        .unwrap_or_default()
}

fn timelines(
    booked: &Booked<'_>,
    asked: &HashMap<Uuid, Asked<'_>>,
    before: &HashSet<Uuid>,
) -> HashMap<Uuid, Timeline> {
    let timeline = |(account, parts): (&Uuid, &&[Part])| {
        let windows: Vec<_> = parts
            .iter()
            .map(|part| underway(part, asked, before))
            .collect();
        (*account, Timeline::new(parts, &windows))
    };
    booked.by_account.iter().map(timeline).collect()
}

fn answers_are_definite(history: &History, codes: &[&str], findings: &mut Vec<String>) {
    for TransferOperation { id, outcome, .. } in &history.transfers {
        match outcome {
            Outcome::Ok => {}
            Outcome::Rejected(code) if codes.contains(&code.as_str()) => {}
            Outcome::Rejected(code) => {
                findings.push(format!(
                    "transfer {id} was refused with {code}, of all codes"
                ));
            }
            Outcome::Unknown(why) => {
                findings.push(format!(
                    "what became of transfer {id} stayed unknown: {why}"
                ));
            }
        }
    }
}

fn books_hold_what_was_acknowledged(
    asked: &HashMap<Uuid, Asked<'_>>,
    booked: &Booked<'_>,
    before: &HashSet<Uuid>,
    findings: &mut Vec<String>,
) {
    for (id, asked) in asked {
        let parts = booked
            .by_transfer
            .get(id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if parts.is_empty() {
            if asked.acknowledged {
                findings.push(format!("transfer {id} was acknowledged and is lost"));
            }
            continue;
        }
        if asked.refused {
            findings.push(format!("transfer {id} was refused and is in the books"));
        }
        let wanted = asked.operation;
        let is_outgoing = |part: &&&Part| part.direction == Direction::Outgoing;
        let outgoing: Vec<_> = parts.iter().filter(is_outgoing).collect();
        let incoming: Vec<_> = parts.iter().filter(|part| !is_outgoing(part)).collect();
        if outgoing.len() > 1 || incoming.len() > 1 {
            findings.push(format!("transfer {id} was applied twice"));
        } else if outgoing.iter().any(|part| part.account_id != wanted.sender)
            || incoming
                .iter()
                .any(|part| part.account_id != wanted.receiver)
            || parts.iter().any(|part| part.amount != wanted.amount)
            || parts.len() != 2
        {
            findings.push(format!(
                "transfer {id} is booked otherwise than it was asked for"
            ));
        }
    }
    for id in booked.by_transfer.keys() {
        if !asked.contains_key(id) && !before.contains(id) {
            findings.push(format!(
                "transfer {id} is in the books and was never requested"
            ));
        }
    }
}

/// If one transfer was answered before another was asked for, it has the lower version on a shared
/// account.
fn versions_follow_time(
    booked: &Booked<'_>,
    asked: &HashMap<Uuid, Asked<'_>>,
    before: &HashSet<Uuid>,
    findings: &mut Vec<String>,
) {
    for (account, parts) in &booked.by_account {
        let mut earliest_end: Option<(Moment, &Part)> = None;
        for part in parts.iter().rev() {
            let window = underway(part, asked, before);
            if let (Some(from), Some((ended, later))) = (window.from, earliest_end)
                && ended < from
            {
                findings.push(format!(
                    "account {account}: version {} ({}) was acknowledged before \
                     version {} ({}) was asked for",
                    later.version, later.transfer_id, part.version, part.transfer_id,
                ));
            }
            let ended = window.until.map(|until| (until, part));
            earliest_end = earliest_end
                .into_iter()
                .chain(ended)
                .min_by_key(|(end, _)| *end);
        }
    }
}

/// A refusal for lack of money needs a moment, while it was under way, at which money was lacking.
fn refusal_had_a_reason(
    operation: &TransferOperation,
    timelines: &HashMap<Uuid, Timeline>,
    findings: &mut Vec<String>,
) {
    if operation.outcome != Outcome::Rejected("insufficient_funds".to_owned()) {
        return;
    }
    let TransferOperation {
        id,
        sender,
        amount,
        last_invoked,
        ended,
        ..
    } = operation;
    // An account without parts never had a balance, so nothing could be taken from it.
    let Some(timeline) = timelines.get(sender) else {
        return;
    };
    let possible = timeline.balances(*last_invoked, *ended);
    if !possible.iter().any(|balance| balance < amount) {
        findings.push(format!(
            "transfer {id} of {amount} was refused for lack of money, but account {sender} had {}",
            list(possible),
        ));
    }
}

/// Sums of money by currency.
type Totals = BTreeMap<String, BigDecimal>;

fn totals_before(ledger: &Ledger, booked: &Booked<'_>, before: &HashSet<Uuid>) -> Totals {
    let mut totals = Totals::new();
    for account in &ledger.accounts {
        let parts = booked
            .by_account
            .get(&account.id)
            .copied()
            .unwrap_or_default();
        let last_before = parts
            .iter()
            .rfind(|part| before.contains(&part.transfer_id));
        let balance = last_before.map_or_else(|| BigDecimal::from(0), |part| part.balance.clone());
        *totals.entry(account.currency_code.clone()).or_default() += balance;
    }
    totals
}

/// A list of all accounts has no negative balance, adds up, and shows balances that there were.
fn read_shows_one_state(
    read: &ReadOperation,
    ledger: &Ledger,
    total_before: &Totals,
    timelines: &HashMap<Uuid, Timeline>,
    findings: &mut Vec<String>,
) {
    let at = read.ended;
    let mut totals = Totals::new();
    for account in &ledger.accounts {
        let Some(balance) = read.balances.get(&account.id) else {
            findings.push(format!("the list at {at:?} lacks account {}", account.id));
            return;
        };
        *totals.entry(account.currency_code.clone()).or_default() += balance;
        if balance.sign() == Sign::Minus {
            findings.push(format!(
                "account {} had {balance} in the list at {at:?}",
                account.id
            ));
        }
        let Some(timeline) = timelines.get(&account.id) else {
            continue;
        };
        let possible = timeline.balances(read.invoked, read.ended);
        if !possible.contains(balance) {
            findings.push(format!(
                "account {} had {balance} in the list at {at:?}; it can only have been one of {}",
                account.id,
                list(possible),
            ));
        }
    }
    if read.balances.len() != ledger.accounts.len() {
        findings.push(format!(
            "the list at {at:?} has accounts that the books do not have"
        ));
    }
    if totals != *total_before {
        findings.push(format!(
            "the list at {at:?} adds up to {totals:?}, and there is {total_before:?}"
        ));
    }
}

fn list(balances: &[BigDecimal]) -> String {
    let balances: Vec<_> = balances.iter().map(BigDecimal::to_plain_string).collect();
    balances.join(", ")
}
