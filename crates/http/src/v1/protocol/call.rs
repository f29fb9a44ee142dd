//! A call: what all handlers of `/v1` work with, and how their answers are sent.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, Route, web};
use tokio::time::Instant;
use wallet_domain::{
    AccountId, Caller, Command, CurrencyCode, LedgerQueries, Outcome, Recorded, Rejection,
    StoreError, Unit,
};

use super::draft::Draft;
use super::faults::{Faults, Place};
use super::json::Json;
use super::lists::{Asked, Key};
use super::problem::Problem;
use super::read::{At, Context, Fields, Object};
use super::reply::Reply;
use super::values::Text;
use super::write::Write;
use crate::access::need::{ID_IS_DERIVED, Need};
use crate::request::body;
use crate::request::error::ApiError;
use crate::request::request_id::RequestId;
use crate::state::app_state::AppState;

/// One request.
pub(crate) struct Call {
    pub(crate) state: web::Data<AppState>,
    pub(crate) request: HttpRequest,
    /// Its caller.
    pub(crate) caller: Caller,
    /// The end of the time for the request.
    pub(crate) deadline: Instant,
    /// The body, until it is read.
    unread: Option<Payload>,
    /// Whether a command of it was applied, now or by the same request before.
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
            caller: Caller::anybody(),
            deadline: state.deadline(),
            unread: Some(payload.take()),
            was_applied: Cell::new(false),
        }))
    }
}

/// Mounts a handler on a route, behind authentication if the route needs something of its caller.
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

    /// A value from the path.
    pub(crate) fn path<T: Text>(&self, name: &str) -> Result<T, Problem> {
        let text = self.request.match_info().get(name).unwrap_or_default();
        T::parse(text).map_err(|detail| {
            let mut faults = Faults::default();
            faults.add(Place::Parameter(name.to_owned()), "invalid", detail);
            Problem::faulty(faults)
        })
    }

    /// The parameters of the query.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub(crate) fn query<Q: Object>(&self) -> Result<Q, Problem> {
        let mut faults = Faults::default();
        let query = Q::take_all(self.fields(&mut faults));
        checked(faults)?;
        query.ok_or_else(unexpected_outcome)
    }

    /// The parameters of the query of a list: its filters, and the page.
    ///
    /// # Errors
    /// All that is wrong with them; a wrong cursor comes first.
    pub(crate) fn list<Q: Object, K: Key>(&self) -> Result<(Q, Asked<K>), Problem> {
        let mut faults = Faults::default();
        let mut fields = self.fields(&mut faults);
        let page = Asked::take(self.request.path(), &mut fields)?;
        let query = Q::take_all(fields);
        checked(faults)?;
        Ok((query.ok_or_else(unexpected_outcome)?, page))
    }

    fn fields<'f>(&self, faults: &'f mut Faults) -> Fields<'f> {
        let context = Context {
            is_limited: self.caller.accounts.is_some(),
            ..Context::default()
        };
        Fields::from_query(self.request.query_string(), faults).within(context)
    }

    /// The body of a write, and how it is to be done.
    ///
    /// # Errors
    /// All that is wrong with them; an id in the path comes first.
    pub(crate) async fn body<B: Object>(&mut self) -> Result<(B, Write), Problem> {
        self.body_or(None).await
    }

    /// The same where the body may be missing.
    ///
    /// # Errors
    /// See [`body`](Self::body).
    pub(crate) async fn body_if_any<B: Object>(&mut self) -> Result<(B, Write), Problem> {
        self.body_or(Some(Json::Object(BTreeMap::new()))).await
    }

    async fn body_or<B: Object>(&mut self, missing: Option<Json>) -> Result<(B, Write), Problem> {
        let has_id = self.request.match_info().get("id").is_some();
        let path_id = has_id.then(|| self.path("id")).transpose()?;
        let json = match missing.filter(|_| !self.has_body()) {
            Some(json) => json,
            None => self.json_within(self.state.body_bytes_max).await?,
        };
        let mut faults = Faults::default();
        let write = self.write(&mut faults);
        let context = Context {
            key: write.key,
            path_id,
            is_limited: false,
        };
        let fields = Fields::new(json, &At::Body, &mut faults);
        let body = fields.and_then(|fields| B::take_all(fields.within(context)));
        checked(faults)?;
        Ok((body.ok_or_else(unexpected_outcome)?, write))
    }

    /// How a write is to be done. A key derives another id on another path; ids in it count in
    /// lower case.
    pub(crate) fn write(&self, faults: &mut Faults) -> Write {
        let route = self.request.match_info().as_str().to_ascii_lowercase();
        let (caller, quote_valid_max) = (self.caller.actor.as_ref(), self.state.quote_valid_max);
        Write::from_request(&self.request, caller, &route, quote_valid_max, faults)
    }

    /// Reads the body as JSON of at most `bytes_max` bytes.
    pub(crate) async fn json_within(&mut self, bytes_max: usize) -> Result<Json, Problem> {
        let text = self.text(bytes_max).await?;
        serde_json::from_slice(&text).map_err(|error| Problem::unreadable(&error))
    }

    fn has_body(&self) -> bool {
        let announced = body::announced(&self.request);
        announced.map_or_else(
            || self.request.headers().contains_key(TRANSFER_ENCODING),
            |length| length > 0,
        )
    }

    async fn text(&mut self, bytes_max: usize) -> Result<Bytes, Problem> {
        let media_type = self.request.content_type();
        let is_json = media_type.eq_ignore_ascii_case("application/json")
            || media_type.eq_ignore_ascii_case("application/merge-patch+json");
        if !is_json && self.has_body() {
            return Err(Problem::refused(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "send the body with Content-Type: application/json",
            ));
        }
        let announced = body::announced(&self.request);
        let deadline = self.deadline.min(Instant::now() + self.state.body_timeout);
        let mut unread = self.unread.take().unwrap_or(Payload::None);
        let payload = web::Payload::from_request(&self.request, &mut unread).await;
        let mut payload = payload.map_err(|_| ApiError::Malformed("the body cannot be read"))?;
        match body::read(&mut payload, announced, bytes_max, deadline).await {
            Ok(text) => Ok(text),
            Err(error) => {
                self.unread = Some(payload.into_inner());
                Err(error.into())
            }
        }
    }

    /// How many digits the money of a currency has that is known to exist.
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

    /// Whether the caller sees the account that a list is about, if it is about one.
    pub(crate) fn sees_list_of(&self, account: Option<AccountId>) -> bool {
        account.is_none_or(|id| self.caller.sees(id))
    }

    /// Looks up what a draft names.
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

    /// Submits one command; returns what it recorded, and whether it had been applied before.
    pub(crate) async fn submit(
        &self,
        command: Command,
        write: &Write,
    ) -> Result<(Recorded, bool), Problem> {
        let may = self.caller.may_carry_out(&command);
        may.map_err(|rejection| Problem::rejected(rejection, false))?;
        if write.key.is_none() && !self.caller.may_choose_id(&command) {
            let mut faults = Faults::default();
            faults.add(Place::Body("/id".to_owned()), "invalid", ID_IS_DERIVED);
            return Err(Problem::faulty(faults));
        }
        let unit = Unit {
            commands: vec![command.asked_by(self.caller.actor.as_ref())],
            dry_run: write.dry_run,
        };
        let outcomes = self.submit_units(vec![unit]).await?;
        match outcomes.into_iter().next() {
            Some(Outcome::Created(recorded)) => Ok((recorded, false)),
            Some(Outcome::Exists(recorded)) => Ok((recorded, true)),
            Some(Outcome::Rejected(rejection)) => {
                Err(self.rejected(rejection, write.key.is_some()))
            }
            Some(Outcome::NotCarriedOut) | None => Err(unexpected_outcome()),
        }
    }

    /// The problem for a rejection, with the limit if the operator sets it.
    fn rejected(&self, rejection: Rejection, by_key: bool) -> Problem {
        match rejection {
            Rejection::QuoteValidityOutOfRange => {
                Problem::quote_too_long(self.state.quote_valid_max.as_secs())
            }
            _ => Problem::rejected(rejection, by_key),
        }
    }

    /// Submits units; returns one outcome for each of their commands, in order.
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
        false => Err(Problem::faulty(faults)),
    }
}

/// The ledger's outcome does not belong to the command.
pub(crate) fn unexpected_outcome() -> Problem {
    let defect = "the ledger answered a command with what is not its outcome";
    ApiError::Defect(defect.to_owned()).into()
}
