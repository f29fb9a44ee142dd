//! Batches: many writes in one request, atomic or independent.
//!
//! A batch with an unreadable item is refused as a whole, so an item has one of four outcomes.

mod items;
mod outcomes;

use actix_web::http::StatusCode;
use wallet_domain::{Command, Outcome, Rejection, Unit};

use crate::access::need::{Limited, Need};
use crate::v1::protocol::{
    At, Call, Draft, Faults, Problem, Read as _, Reply, checked, operations, unexpected_outcome,
};

pub use items::{BatchItemError, batch_item};
use items::{Mode, NewBatch};
use outcomes::{BatchProblemReply, BatchReply, End, item_results};

/// After this many items a batch yields to the other requests of its worker, so that they do not
/// wait until a thousand items are parsed or serialized.
const ITEMS_AT_ONCE: usize = 32;

operations! {
    /// Execute a batch
    ///
    /// Executes up to 1,000 writes in order; later items see the effects of earlier ones. `atomic`:
    /// all items are applied, or none. `independent`: each item is applied on its own. The response
    /// has one outcome for each item. With an `Idempotency-Key`, no item has an `id`: each gets one
    /// that is derived from the key and its place in the batch.
    createBatch: post "/batches" for TRANSFER => create,
        |it| it.body::<NewBatch>(true).accepts_idempotency_key()
            .returns::<BatchReply>(&["Dry-Run", "Idempotent-Replayed", "Preference-Applied"])
            .problem_codes(&["batch_refused"])
            .problem_body::<BatchProblemReply>(StatusCode::UNPROCESSABLE_ENTITY);
}

/// `POST /v1/batches`
pub(super) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    let json = call.read_json(call.state.batch_bytes_max).await?;
    let mut faults = Faults::default();
    let write = call.write(&mut faults);
    let batch = match NewBatch::read(json, &At::Body, &mut faults) {
        Some(batch) => batch.read_items(&write, &mut faults).await,
        None => None,
    };
    checked(faults)?;
    let (mode, drafts) = batch.ok_or_else(unexpected_outcome)?;
    let commands = finished(call, drafts).await?;
    let outcomes = apply(call, mode, commands, write.dry_run).await?;
    let is_refused = |outcome: &Outcome| matches!(outcome, Outcome::Rejected(_));
    let failed_index = outcomes.iter().position(is_refused);
    let ends: Vec<End> = outcomes.into_iter().map(End::from).collect();
    let is_replay = ends.iter().all(|end| matches!(end, End::Replayed(_)));
    let items = item_results(call, ends, write.key.is_some()).await?;
    let reply = BatchReply {
        mode,
        items,
        failed_index: failed_index.map(|index| index as u64),
    };
    if let (Mode::Atomic, Some(index)) = (mode, failed_index) {
        let detail = format!("item {index} was refused, so nothing of the batch was applied");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(Problem::refused(status, "batch_refused", detail).with(&reply));
    }
    Ok(Reply::new(&reply)?.written(&write, is_replay))
}

/// Yields before the first item, and after each [`ITEMS_AT_ONCE`].
async fn yield_to_others(index: usize) {
    if index.is_multiple_of(ITEMS_AT_ONCE) {
        tokio::task::yield_now().await;
    }
}

/// The commands of the items. A batch without look-ups runs no query.
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
    let read = call.look_up(move |queries| {
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

/// Applies the commands, and returns one outcome for each item. Items that a rule rejects without
/// any state are not submitted.
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
        .map(|command| command.requested_by(call.caller.actor.as_ref()))
        .collect();
    for command in &commands {
        Need::new(command.scope(), Limited::Nothing).check(&call.caller)?;
    }
    if mode == Mode::Atomic
        && let Some(first) = refusals.iter().position(Option::is_some)
    {
        let refused = |index: usize| refusals[index].filter(|_| index == first);
        let outcome = |index| refused(index).map_or(Outcome::NotApplied, Outcome::Rejected);
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
