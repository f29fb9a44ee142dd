//! Batches: many writes in one request, atomic or independent.
//!
//! A batch with an unreadable item is refused as a whole, so an item has one of four outcomes.

mod contract;
mod items;
mod outcomes;

use std::str::FromStr;

use actix_web::http::StatusCode;
use serde_json::json;
use wallet_domain::{Command, Outcome, Rejection, Unit};

use crate::access::need::{Limited, Need};
use crate::v1::protocol::call::{Call, checked, unexpected_outcome};
use crate::v1::protocol::draft::{Draft, build_at};
use crate::v1::protocol::faults::{Faults, below};
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::idempotency;
use crate::v1::protocol::json::Json;
use crate::v1::protocol::parse::Parsed;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::write::Write;

pub(super) use contract::{operations, schemas};
use items::build_item;
pub use items::{BatchItemError, batch_item};
use outcomes::{BatchReply, End, item_results};

const ITEMS_MAX: usize = 1000;

/// After this many items a batch yields to other requests of its worker: they must not wait until a
/// thousand items are read or written.
const ITEMS_AT_ONCE: usize = 32;

/// How the items of a batch depend on each other.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// All are applied, or none.
    Atomic,
    /// Each is applied independently.
    Independent,
}

impl FromStr for Mode {
    type Err = &'static str;

    fn from_str(text: &str) -> Parsed<Self> {
        match text {
            "atomic" => Ok(Self::Atomic),
            "independent" => Ok(Self::Independent),
            _ => Err("not \"atomic\" or \"independent\""),
        }
    }
}

impl Mode {
    fn as_str(self) -> &'static str {
        match self {
            Self::Atomic => "atomic",
            Self::Independent => "independent",
        }
    }
}

/// `POST /v1/batches`
pub(super) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let write = call.write("/v1/batches", &mut faults);
    let json = call.json_within(call.state.batch_bytes_max).await?;
    let batch = read_batch(json, &write, &mut faults).await;
    checked(&faults)?;
    let (mode, drafts) = batch.ok_or_else(unexpected_outcome)?;
    let commands = finished(call, drafts).await?;
    let outcomes = apply(call, mode, commands, write.dry_run).await?;
    let is_refused = |outcome: &Outcome| matches!(outcome, Outcome::Rejected(_));
    let failed_index = outcomes.iter().position(is_refused);
    let ends: Vec<End> = outcomes.into_iter().map(End::from).collect();
    let items = item_results(call, &ends, write.key.is_some()).await?;
    if let (Mode::Atomic, Some(index)) = (mode, failed_index) {
        let detail = format!("item {index} was refused, so nothing of the batch was applied");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let problem = Problem::refused(status, "batch_refused", detail);
        return Err(problem
            .with("mode", json!(mode.as_str()))
            .with("items", json!(items))
            .with("failed_index", json!(index)));
    }
    let is_replay = ends.iter().all(|end| matches!(end, End::Replayed(_)));
    let reply = Reply::ok(&BatchReply {
        mode: mode.as_str(),
        items,
        failed_index,
    })?;
    Ok(reply.written(&write, is_replay))
}

type Batch = (Mode, Vec<Result<Draft, Rejection>>);

async fn read_batch(json: Json, write: &Write, faults: &mut Faults) -> Option<Batch> {
    let mut fields = Fields::new(json, String::new(), faults)?;
    let mode = fields.required("mode", str::parse::<Mode>);
    let items = fields.list("items");
    let pointer = fields.pointer("items");
    let length = items.as_ref().map(Vec::len);
    if length.is_some_and(|length| !(1..=ITEMS_MAX).contains(&length)) {
        let detail = format!("a batch has 1 to {ITEMS_MAX} items");
        fields.fault("items", "invalid", detail);
        return None;
    }
    fields.close();
    let mut commands = Vec::with_capacity(length.unwrap_or_default());
    for (index, item) in items?.into_iter().enumerate() {
        give_way(index).await;
        let pointer = below(&pointer, &index.to_string());
        let key = write.key.map(|key| idempotency::item_key(key, index));
        commands.extend(build_at(item, pointer, write, key, faults, build_item));
    }
    Some((mode?, commands))
}

/// Yields before the first item, and after each [`ITEMS_AT_ONCE`].
async fn give_way(index: usize) {
    if index.is_multiple_of(ITEMS_AT_ONCE) {
        tokio::task::yield_now().await;
    }
}

/// The commands of the items. A batch without look-ups makes no query.
async fn finished(
    call: &Call,
    drafts: Vec<Result<Draft, Rejection>>,
) -> Result<Vec<Result<Command, Rejection>>, Problem> {
    let mut commands = Vec::with_capacity(drafts.len());
    let mut drafts = drafts.into_iter();
    let first = loop {
        match drafts.next() {
            None => return Ok(commands),
            Some(Err(rejection)) => commands.push(Err(rejection)),
            Some(Ok(Draft::Ready(command))) => commands.push(Ok(command)),
            Some(Ok(draft)) => break draft,
        }
    };
    let read = call.state.look_up(call.deadline, move |queries| {
        for draft in std::iter::once(Ok(first)).chain(drafts) {
            let command = match draft {
                Ok(draft) => draft.finish(&commands, queries)?,
                Err(rejection) => Err(rejection),
            };
            commands.push(command);
        }
        Ok(commands)
    });
    Ok(read.await?)
}

/// Applies the commands: one outcome for each item. An item that a rule rejects without looking at
/// state is not submitted.
async fn apply(
    call: &Call,
    mode: Mode,
    items: Vec<Result<Command, Rejection>>,
    dry_run: bool,
) -> Result<Vec<Outcome>, Problem> {
    let refusal = |item: &Result<Command, Rejection>| item.as_ref().err().copied();
    let refusals: Vec<Option<Rejection>> = items.iter().map(refusal).collect();
    let commands = items.into_iter().flatten();
    let commands: Vec<Command> = commands
        .map(|command| command.asked_by(call.caller.actor.as_ref()))
        .collect();
    for command in &commands {
        Need::new(command.scope(), Limited::Nothing).check(&call.caller)?;
    }
    if mode == Mode::Atomic
        && let Some(first) = refusals.iter().position(Option::is_some)
    {
        let refused = |index: usize| refusals[index].filter(|_| index == first);
        let outcome = |index| refused(index).map_or(Outcome::NotCarriedOut, Outcome::Rejected);
        return Ok((0..refusals.len()).map(outcome).collect());
    }
    let unit = |commands| Unit { commands, dry_run };
    let units = match mode {
        Mode::Atomic => vec![unit(commands)],
        Mode::Independent => commands
            .into_iter()
            .map(|command| unit(vec![command]))
            .collect(),
    };
    let outcomes = match units.is_empty() {
        true => Vec::new(),
        false => call.submit_units(units).await?,
    };
    let mut outcomes = outcomes.into_iter();
    let in_order = refusals
        .into_iter()
        .map(|refusal| refusal.map(Outcome::Rejected).or_else(|| outcomes.next()));
    let in_order: Option<Vec<Outcome>> = in_order.collect();
    in_order.ok_or_else(unexpected_outcome)
}
