//! Verifications: proofs of the books, started by operators.

use actix_web::http::StatusCode;
use uuid::Uuid;
use wallet_domain::{ChainHead, Rejection, SubmitError, Timestamp};

use crate::request::error::ApiError;
use crate::state::verifications::{NotStarted, Status, Verification};
use crate::v1::protocol::{
    Call, NewId, Page, Problem, Reply, Write, operations, reply, request, text_enum,
};
use crate::v1::resources::demo::VERIFICATION;

operations! {
    /// Verify the books
    ///
    /// Starts a proof of the books as they are at one moment, like `wallet-api verify`. The proof
    /// runs in the background of the replica that answers, and reads and writes continue. Read it
    /// from the same replica until its `status` is no longer `running`. A replica runs one
    /// verification at a time, and keeps the last 20 until it stops.
    createVerification: post "/verifications" for OPERATE => create,
        |it| it.body::<NewVerification>(false).accepts_idempotency_key()
            .creates::<VerificationReply>().problem_codes(&["verification_running"])
            .never(&["outcome_unknown"]);

    /// List verifications
    ///
    /// Returns the verifications that this replica keeps, on one page, newest first.
    listVerifications: get "/verifications" for OPERATE => list,
        |it| it.returns::<Page<VerificationReply>>(&[]);

    /// Read a verification
    ///
    /// Returns a verification that this replica keeps.
    getVerification: get "/verifications/{id}" for OPERATE => get,
        |it| it.path_param::<Uuid>("id", "The verification's id.", VERIFICATION)
            .returns::<VerificationReply>(&[])
            .problem_codes(&["verification_not_found"]);
}

request! {
    /// A verification to start.
    pub(crate) struct NewVerification {
        id: NewId<Uuid>,
        /// The `head` of an earlier verification: the books must still contain everything that it
        /// proved.
        expected_head: Option<ChainHead>,
    }
}

reply! {
    /// A proof of the books.
    pub(crate) struct VerificationReply {
        id: Uuid,
        status: VerificationStatus,
        /// The `head` of an earlier verification: the books must still contain everything that it
        /// proved.
        expected_head: Option<ChainHead>,
        started_at: Timestamp,
        finished_at: Option<Timestamp>,
        progress: VerificationProgressReply,
        /// The end of the chain that was proved; null unless the verification has passed, and null
        /// for a ledger without writes. Keep it where the operators of the ledger have no access.
        head: Option<ChainHead>,
        contradiction: Option<ContradictionReply>,
    }
}

reply! {
    /// The number of records of each kind that were read so far.
    pub(crate) struct VerificationProgressReply {
        accounts: u64,
        parts: u64,
        transfers: u64,
        open_holds: u64,
        links: u64,
        /// The number of records that an operator adopted: what they were before is not proved.
        adopted: u64,
    }
}

reply! {
    /// The first contradiction in the books.
    pub(crate) struct ContradictionReply {
        /// The record that is wrong: an account, a part, a transfer, or a link of the chain.
        place: String,
        /// What the record says, and what it should say.
        finding: String,
    }
}

/// The text of a [`Status`], as a word of the API.
#[derive(Clone, Copy)]
pub(crate) struct VerificationStatus(&'static str);

impl VerificationStatus {
    const ALL: [Self; 4] = {
        let [passed, failed, aborted] = Status::ENDED;
        [Self("running"), Self(passed), Self(failed), Self(aborted)]
    };
}

text_enum! {
    VerificationStatus as "VerificationStatus" = Self::ALL => |status| status.0,
        "not a status of verifications",
        "`failed`: the books contradict themselves. `aborted`: the verification did not finish, \
         which says nothing about the books; the log of the service has the cause.";
}

impl From<Verification> for VerificationReply {
    fn from(verification: Verification) -> Self {
        let status = VerificationStatus(verification.status.as_str());
        let some = |head: ChainHead| (!head.ends().is_empty()).then_some(head);
        let (head, contradiction) = match verification.status {
            Status::Running | Status::Aborted => (None, None),
            Status::Passed(head) => (some(head), None),
            Status::Failed(found) => {
                let (place, finding) = (found.place, found.finding);
                (None, Some(ContradictionReply { place, finding }))
            }
        };
        let progress = verification.progress;
        Self {
            id: verification.id,
            status,
            expected_head: some(verification.expected_head),
            started_at: verification.started_at,
            finished_at: verification.finished_at,
            progress: VerificationProgressReply {
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

/// `POST /v1/verifications`
async fn create(call: &mut Call) -> Result<Reply, Problem> {
    let (body, write) = call.optional_body::<NewVerification>().await?;
    let (id, head) = (body.id.0, body.expected_head.unwrap_or_default());
    let started = call.state.verifications.start(id, head, write.dry_run);
    let (verification, is_replay) = started.map_err(|why| refused(why, &write))?;
    let reply = Reply::new(&VerificationReply::from(verification))?;
    Ok(reply.created(format!("/v1/verifications/{id}"), &write, is_replay))
}

/// `GET /v1/verifications`: all of them; there are too few for pages.
async fn list(call: &mut Call) -> Result<Reply, Problem> {
    call.query::<()>()?;
    let all = call.state.verifications.all().into_iter();
    Reply::new(&Page {
        data: all.map(VerificationReply::from).collect(),
        next_cursor: None,
    })
}

/// `GET /v1/verifications/{id}`
async fn get(call: &mut Call) -> Result<Reply, Problem> {
    let id: Uuid = call.path("id")?;
    call.query::<()>()?;
    let found = call.state.verifications.get(id).ok_or_else(|| {
        let detail = "this replica has no such verification";
        Problem::refused(StatusCode::NOT_FOUND, "verification_not_found", detail)
    });
    Reply::new(&VerificationReply::from(found?))
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
