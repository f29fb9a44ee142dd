//! A call: one request of `/v1`, what its handler can do with it, and how the answer is sent.

mod reading;

use std::cell::Cell;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, Route, web};
use tokio::time::Instant;
use wallet_domain::{
    AccountId, Caller, Command, CurrencyCode, LedgerQueries, Outcome, Recorded, Rejection,
    StoreError, Unit,
};

use super::draft::Draft;
use super::faults::{Faults, Place};
use super::problem::Problem;
use super::reply::Reply;
use super::write::Write;
use crate::access::need::{ID_IS_DERIVED, Need};
use crate::request::body;
use crate::request::error::ApiError;
use crate::request::request_id::RequestId;
use crate::state::app_state::AppState;

/// A request of `/v1`, with its caller and its deadline.
pub(crate) struct Call {
    pub(crate) state: web::Data<AppState>,
    pub(crate) request: HttpRequest,
    /// Its caller.
    pub(crate) caller: Caller,
    /// When the time for the request is up.
    pub(crate) deadline: Instant,
    /// The body, until it is read.
    unread: Option<Payload>,
    /// Whether a command of the request was applied, now or by an earlier copy of the request.
    was_applied: Cell<bool>,
}

impl FromRequest for Call {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let Some(state) = request.app_data::<web::Data<AppState>>() else {
            let defect = "the server was built without its ports";
            return ready(Err(actix_web::error::ErrorInternalServerError(defect)));
        };
        ready(Ok(Self {
            state: state.clone(),
            request: request.clone(),
            caller: Caller::unrestricted(),
            deadline: state.deadline(),
            unread: Some(payload.take()),
            was_applied: Cell::new(false),
        }))
    }
}

/// Mounts a handler on a route, behind authentication if `need` is given.
pub(crate) fn to<F>(route: Route, need: Option<Need>, handler: F) -> Route
where
    F: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
{
    route.to(move |mut call: Call| {
        let handler = handler.clone();
        async move {
            let answer = match call.admit(need).await {
                Ok(()) => handler(&mut call).await,
                Err(error) => Err(error.into()),
            };
            // A failure after a write must not say that nothing was done.
            let answer = answer.map_err(|problem| match call.was_applied.get() {
                true => problem.after_effect(),
                false => problem,
            });
            call.respond(answer)
        }
    })
}

impl Call {
    async fn admit(&mut self, need: Option<Need>) -> Result<(), ApiError> {
        if let Some(need) = need {
            let authenticator = &self.state.authenticator;
            let admitted = authenticator.admit(&self.request, need, self.deadline);
            self.caller = admitted.await?;
        }
        Ok(())
    }

    /// The account in the path, if it exists for the caller.
    pub(crate) fn account_id(&self) -> Result<AccountId, Problem> {
        let id = self.path("id")?;
        match self.caller.sees(id) {
            true => Ok(id),
            false => Err(Problem::rejected(Rejection::AccountNotExist, false)),
        }
    }

    /// The precision of a currency. The currency must exist in the ledger.
    pub(crate) async fn precision(&self, code: CurrencyCode) -> Result<u8, ApiError> {
        self.state.precision(code, self.deadline).await
    }

    /// Reads single rows by their keys.
    pub(crate) async fn look_up<T: Send + 'static>(
        &self,
        query: impl FnOnce(&dyn LedgerQueries) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        self.state.look_up(self.deadline, query).await
    }

    /// Runs a query that may take long.
    pub(crate) async fn read_list<T: Send + 'static>(
        &self,
        query: impl FnOnce(&dyn LedgerQueries) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        self.state.read(self.deadline, query).await
    }

    /// Whether the caller sees the account that a list is filtered by, if there is one.
    pub(crate) fn sees_list_of(&self, account: Option<AccountId>) -> bool {
        account.is_none_or(|id| self.caller.sees(id))
    }

    /// Turns a draft into a command: looks up what it names.
    pub(crate) async fn finish(&self, draft: Result<Draft, Rejection>) -> Result<Command, Problem> {
        let rejected = |rejection| self.rejected(rejection, false);
        match draft.map_err(rejected)? {
            Draft::Ready(command) => Ok(command),
            draft => {
                let read = self.look_up(move |queries| draft.finish(&[], queries));
                read.await?.map_err(rejected)
            }
        }
    }

    /// Submits one command. Returns what it recorded, and whether it is a replay.
    pub(crate) async fn submit(
        &self,
        command: Command,
        write: &Write,
    ) -> Result<(Recorded, bool), Problem> {
        let may = self.caller.may_apply(&command);
        may.map_err(|rejection| Problem::rejected(rejection, false))?;
        if write.key.is_none() && !self.caller.may_choose_id(&command) {
            let mut faults = Faults::default();
            faults.add(Place::Body("/id".to_owned()), "invalid", ID_IS_DERIVED);
            return Err(Problem::from_faults(faults));
        }
        let unit = Unit {
            commands: vec![command.requested_by(self.caller.actor.as_ref())],
            dry_run: write.dry_run,
        };
        let outcomes = self.submit_units(vec![unit]).await?;
        match outcomes.into_iter().next() {
            Some(Outcome::Created(recorded)) => Ok((recorded, false)),
            Some(Outcome::Exists(recorded)) => Ok((recorded, true)),
            Some(Outcome::Rejected(rejection)) => {
                Err(self.rejected(rejection, write.key.is_some()))
            }
            Some(Outcome::NotApplied) | None => Err(unexpected_outcome()),
        }
    }

    /// The problem for a rejection. It has the limit, if that is one that the operator sets.
    fn rejected(&self, rejection: Rejection, by_key: bool) -> Problem {
        match rejection {
            Rejection::QuoteValidityOutOfRange => {
                Problem::quote_too_long(self.state.quote_valid_max.as_secs())
            }
            _ => Problem::rejected(rejection, by_key),
        }
    }

    /// Submits units. Returns one outcome for each of their commands, in order.
    pub(crate) async fn submit_units(&self, units: Vec<Unit>) -> Result<Vec<Outcome>, ApiError> {
        let has_effect = units.iter().any(|unit| !unit.dry_run);
        let outcomes = self.state.submit(units, self.deadline).await?;
        let is_applied = |it: &Outcome| matches!(it, Outcome::Created(_) | Outcome::Exists(_));
        self.was_applied
            .set(has_effect && outcomes.iter().any(is_applied));
        Ok(outcomes)
    }

    fn respond(self, answer: Result<Reply, Problem>) -> HttpResponse {
        let response = match answer {
            Ok(reply) => reply.into_response(),
            Err(problem) => {
                let extensions = self.request.extensions();
                let id = extensions.get::<RequestId>().map(|id| &id.0);
                problem.into_response(id)
            }
        };
        body::hold(response, self.unread.unwrap_or(Payload::None))
    }
}

/// Fails if there are faults.
pub(crate) fn checked(faults: Faults) -> Result<(), Problem> {
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Problem::from_faults(faults)),
    }
}

/// The problem for an outcome that does not belong to its command: a defect.
pub(crate) fn unexpected_outcome() -> Problem {
    let defect = "the ledger answered a command with what is not its outcome";
    ApiError::Defect(defect.to_owned()).into()
}
