//! Verifications: proofs of the books, started by operators.

use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;
use wallet_domain::{ChainHead, ParseHeadError, Rejection, SubmitError};

use crate::access::need::Need;
use crate::request::error::ApiError;
use crate::state::verifications::{NotStarted, Status, Verification};
use crate::v1::protocol::call::{Call, checked};
use crate::v1::protocol::faults::Faults;
use crate::v1::protocol::fields::Fields;
use crate::v1::protocol::idempotency;
use crate::v1::protocol::lists;
use crate::v1::protocol::operation::Operation;
use crate::v1::protocol::parse::{self, Parsed};
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::reply::Reply;
use crate::v1::protocol::schema::{
    self, Named, described, object, one_of, or_null, reference, whole_number,
};
use crate::v1::protocol::wire::{Moment, Shown};
use crate::v1::protocol::write::Write;

const PATH: &str = "/v1/verifications";

const EXAMPLE_ID: &str = "0192f0c1-5d2e-7a63-9f0b-3c1d2e4f5a90";

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(
            "/verifications",
            "createVerification",
            Need::OPERATE,
            create,
        )
        .says(
            "Verify the books",
            "Start a proof of the books as they are at one moment, as `wallet-api verify` does. It \
             runs in the background of the replica that answers, while everything else goes on; \
             read it at the same replica until its `status` is not `running`. A replica runs one \
             at a time and remembers the last 20 until it ends.",
        )
        .takes("NewVerification", json!({"id": EXAMPLE_ID}))
        .even_empty()
        .takes_key()
        .creates("Verification")
        .refuses(StatusCode::CONFLICT)
        .refuses(StatusCode::UNPROCESSABLE_ENTITY),
        Operation::get("/verifications", "listVerifications", Need::OPERATE, list)
            .says(
                "List verifications",
                "Those that this replica remembers, on one page, newest first.",
            )
            .gives(schema::page("Verification"), &[]),
        Operation::get("/verifications/{id}", "getVerification", Need::OPERATE, get)
            .says("Read a verification", "One that this replica remembers.")
            .names("id", reference("Id"), "Its id.", EXAMPLE_ID)
            .gives(reference("Verification"), &[])
            .refuses(StatusCode::NOT_FOUND),
    ]
}

/// The bodies of these operations.
pub(super) fn schemas() -> Vec<Named> {
    let head = |text| described(or_null(schema::text()), text);
    let expected = "A `head` of an earlier verification: the books have to contain those of then.";
    let counts = ["accounts", "parts", "transfers", "open_holds", "links"];
    let counts = counts.map(|name| (name, whole_number("How many were read so far.")));
    let adopted = "How many records an operator adopted: what they were before is not proved.";
    let counts: Vec<_> = counts
        .into_iter()
        .chain([("adopted", whole_number(adopted))])
        .collect();
    let contradiction = object(
        "What is wrong with the books.",
        &[
            (
                "place",
                described(
                    schema::text(),
                    "The record: an account, a part, a transfer, a link of the chain.",
                ),
            ),
            (
                "finding",
                described(schema::text(), "What it says, and what it should say."),
            ),
        ],
    );
    let status = one_of(&["running", "passed", "failed", "aborted"]);
    let verification = object(
        "A proof of the books.",
        &[
            ("id", reference("Id")),
            (
                "status",
                described(
                    status,
                    "`failed`: the books contradict themselves. `aborted`: it did not come to an \
                     end, which says nothing about the books; the service's log has the cause.",
                ),
            ),
            ("expected_head", head(expected)),
            ("started_at", reference("Time")),
            ("finished_at", or_null(reference("Time"))),
            ("progress", object("What was read so far.", &counts)),
            (
                "head",
                head(
                    "Where the chain ended when it was read; null unless it has passed, and where \
                     nothing was written yet. Keep it where the ledger's operators cannot reach.",
                ),
            ),
            ("contradiction", or_null(reference("Contradiction"))),
        ],
    );
    let new = [("id?", reference("Id")), ("expected_head?", head(expected))];
    vec![
        ("Contradiction", contradiction),
        ("NewVerification", object("A verification to start.", &new)),
        ("Verification", verification),
    ]
}

/// `POST /v1/verifications`
pub(super) async fn create(call: &mut Call) -> Result<Reply, Problem> {
    let mut faults = Faults::default();
    let write = call.write(PATH, &mut faults);
    let json = call.json_if_any().await?;
    let wanted = Fields::new(json, String::new(), &mut faults).and_then(|mut fields| {
        let id = idempotency::id(&mut fields, write.key, parse::verification_id);
        let head = fields.optional("expected_head", head);
        fields.close();
        Some((id?, head.unwrap_or_default()))
    });
    checked(&faults)?;
    let unread = || ApiError::Defect("a verification without faults has no id".to_owned());
    let (id, head) = wanted.ok_or_else(unread)?;
    let started = call.state.verifications.start(id, head, write.dry_run);
    let (verification, is_replay) = started.map_err(|why| refused(why, &write))?;
    let reply = Reply::ok(&VerificationReply::from(verification))?;
    Ok(reply.created(format!("{PATH}/{id}"), &write, is_replay))
}

/// `GET /v1/verifications`: all of them; there are too few for pages.
pub(super) async fn list(call: &mut Call) -> Result<Reply, Problem> {
    call.no_params()?;
    let all = call.state.verifications.all().into_iter();
    lists::page(all.map(VerificationReply::from).collect(), None)
}

/// `GET /v1/verifications/{id}`
pub(super) async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.path("id", parse::verification_id)?;
    call.no_params()?;
    let found = call.state.verifications.get(id).ok_or_else(|| {
        let detail = "this replica remembers no such verification";
        Problem::refused(StatusCode::NOT_FOUND, "verification_not_found", detail)
    });
    Reply::ok(&VerificationReply::from(found?))
}

fn head(text: &str) -> Parsed<ChainHead> {
    text.parse().map_err(|error| match error {
        ParseHeadError::Empty => "an empty head proves nothing; leave it out to expect none",
        _ => "not a head: of each lane its id, a number and 64 hexadecimal digits",
    })
}

fn refused(why: NotStarted, write: &Write) -> Problem {
    match why {
        NotStarted::IdUsed => Problem::rejected(Rejection::IdAlreadyUsed, write.key.is_some()),
        NotStarted::Running(id) => {
            let detail = format!("the verification {id} runs at this replica; wait for its end");
            Problem::refused(StatusCode::CONFLICT, "verification_running", detail)
        }
        NotStarted::Stopping => ApiError::Failed(SubmitError::Stopping).into(),
        NotStarted::NoThread(error) => {
            ApiError::Defect(format!("no thread for a verification: {error}")).into()
        }
    }
}

#[derive(Serialize)]
struct VerificationReply {
    id: Shown<Uuid>,
    status: &'static str,
    expected_head: Option<Shown<ChainHead>>,
    started_at: Moment,
    finished_at: Option<Moment>,
    progress: ProgressReply,
    head: Option<Shown<ChainHead>>,
    contradiction: Option<ContradictionReply>,
}

#[derive(Serialize)]
struct ProgressReply {
    accounts: u64,
    parts: u64,
    transfers: u64,
    open_holds: u64,
    links: u64,
    adopted: u64,
}

#[derive(Serialize)]
struct ContradictionReply {
    place: String,
    finding: String,
}

impl From<Verification> for VerificationReply {
    fn from(verification: Verification) -> Self {
        let word = verification.status.as_str();
        let (head, contradiction) = match verification.status {
            Status::Running | Status::Aborted => (None, None),
            Status::Passed(head) => ((!head.ends().is_empty()).then_some(Shown(head)), None),
            Status::Failed(found) => (
                None,
                Some(ContradictionReply {
                    place: found.place,
                    finding: found.finding,
                }),
            ),
        };
        let progress = verification.progress;
        let expected = verification.expected_head;
        Self {
            id: Shown(verification.id),
            status: word,
            expected_head: (!expected.ends().is_empty()).then_some(Shown(expected)),
            started_at: Moment(verification.started_at),
            finished_at: verification.finished_at.map(Moment),
            progress: ProgressReply {
                accounts: progress.accounts,
                parts: progress.parts,
                transfers: progress.transfers,
                open_holds: progress.open_holds,
                links: progress.links,
                adopted: progress.adopted,
            },
            head,
            contradiction,
        }
    }
}
