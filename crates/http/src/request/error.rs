//! Why a request fails: the code for the client, and the line in the log.
//!
//! [`ApiError`] is the only place where rejections of the domain and failures of the ledger or a
//! store get a code for the client ([`ApiError::code`]) and a line for the operator
//! ([`ApiError::log`]). The matches on failures are exhaustive on purpose: a new kind of failure
//! does not compile before its meaning to a client is decided. Each family of routes decides how an
//! answer states a code (status, envelope).

use std::fmt;
use std::time::{Duration, Instant};

use wallet_domain::{Causes, Rejection, StoreError, SubmitError};

use crate::request::blocked::Blocked;
use crate::request::throttle::Throttle;
use crate::request::time::whole_seconds;

/// The code if nothing was done.
const UNAVAILABLE: &str = "service_unavailable";

/// The code if the request may have been done, or not.
const UNKNOWN: &str = "outcome_unknown";
const TOO_SLOW: &str = "query_too_slow";

/// Logs overload without adding to it.
static TURNED_AWAY: Throttle = Throttle::new();

/// A web page can send any number of requests.
static BLOCKED: Throttle = Throttle::new();

/// Why a request has no result. The code is for clients; the texts of failures of the ledger, a
/// store or this program are for the log only.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The request cannot be read; the text says why.
    #[error("malformed request: {0}")]
    Malformed(&'static str),
    /// The body is larger than it may be. The classic API calls that malformed as well.
    #[error("malformed request: the body is too large")]
    BodyTooLarge,
    /// The request is refused with a code that only `/v1` has; the text says why.
    #[error("refused: {0}: {1}")]
    Refused(&'static str, String),
    /// The domain rejected the command.
    #[error("refused: {0}")]
    Rejected(Rejection),
    /// The caller is unknown; the text says why, for the client.
    #[error("unauthorized: {0}")]
    Unauthorized(&'static str),
    /// The caller may not do this; the text says why, for the client.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// The guard of a service without keys refuses the request; see `access/guard.rs`.
    #[error("{}", .0.advice())]
    Blocked(Box<Blocked>),
    /// The caller has sent too many requests, and may send the next one after this time.
    #[error("too many requests for {0:?}")]
    TooManyRequests(Duration),
    /// No such route.
    #[error("no such route")]
    NotFound,
    /// The route exists, but not for this method.
    #[error("no such method on this route")]
    MethodNotAllowed,
    /// The ledger or a store failed.
    #[error(transparent)]
    Failed(#[from] SubmitError),
    /// The time for the request is up before any command was submitted, so nothing was done.
    #[error("the request was not begun within --request-timeout")]
    DeadlinePassed,
    /// The time for the request is up after its commands were submitted, so they may yet be
    /// applied.
    #[error("--request-timeout passed after the commands were queued; they may still be applied")]
    SubmitTimedOut,
    /// The commands were applied, but data for their answer could not be read; the reason is
    /// inside.
    #[error("applied, but the answer could not be read")]
    AnswerUnread(#[source] Box<ApiError>),
    /// The queue of reads is full.
    #[error("the queue of reads is full")]
    TooManyReads,
    /// The database that serves reads lacks a currency that the ledger already has.
    #[error("the database that serves reads lacks a currency that the ledger has")]
    ReadsBehind,
    /// A defect of this program: it panicked, or made an answer that cannot be sent.
    #[error("{0}")]
    Defect(String),
}

impl ApiError {
    /// The stable code for a client. `service_unavailable` always means that nothing was done, and
    /// `outcome_unknown` that it may have been.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::BodyTooLarge => "malformed_request",
            Self::Refused(code, _) => code,
            Self::Rejected(rejection) => rejection.code(),
            Self::Unauthorized(_) => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::Blocked(blocked) => blocked.code(),
            Self::TooManyRequests(_) => "too_many_requests",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Failed(
                SubmitError::Overloaded
                | SubmitError::Stopping
                | SubmitError::Store(StoreError::Unavailable(_) | StoreError::Contended(_)),
            )
            | Self::DeadlinePassed
            | Self::TooManyReads
            | Self::ReadsBehind => UNAVAILABLE,
            Self::Failed(SubmitError::Store(StoreError::OutcomeUnknown(_)))
            | Self::SubmitTimedOut
            | Self::AnswerUnread(_) => UNKNOWN,
            Self::Failed(SubmitError::Store(StoreError::TooSlow(_))) => TOO_SLOW,
            Self::Failed(SubmitError::Store(StoreError::Refused(_))) | Self::Defect(_) => {
                "internal_error"
            }
        }
    }

    /// How many seconds a client should wait before it repeats the request.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManyRequests(pause) => Some(whole_seconds(*pause)),
            _ if [UNAVAILABLE, UNKNOWN, TOO_SLOW].contains(&self.code()) => Some(1),
            _ => None,
        }
    }

    /// The same failure, for a dry run. The transaction that it shared with others may have an
    /// unknown outcome, but a dry run has changed nothing.
    pub(crate) fn without_effect(self) -> Self {
        match self {
            Self::Failed(SubmitError::Store(StoreError::OutcomeUnknown(cause))) => {
                StoreError::Unavailable(cause).into()
            }
            Self::SubmitTimedOut => Self::DeadlinePassed,
            other => other,
        }
    }

    /// The same failure, for a request whose commands were applied before it failed. If its code
    /// would say that nothing was done, it becomes [`AnswerUnread`](Self::AnswerUnread).
    pub(crate) fn after_effect(self) -> Self {
        match self.code() == UNAVAILABLE {
            true => Self::AnswerUnread(Box::new(self)),
            false => self,
        }
    }

    /// Logs the failure, once, if the operator should see it: as an error if something is broken or
    /// money is in doubt, as a warning if clients are turned away. Mistakes of clients are not
    /// logged.
    pub(crate) fn log(&self, request_id: &str, request: &dyn fmt::Display) {
        let cause = Causes(self);
        match self {
            Self::Malformed(_)
            | Self::BodyTooLarge
            | Self::Refused(..)
            | Self::Rejected(_)
            | Self::Unauthorized(_)
            | Self::Forbidden(_)
            | Self::TooManyRequests(_)
            | Self::NotFound
            | Self::MethodNotAllowed => {}
            Self::Blocked(blocked) => log_blocked(blocked, request_id, request),
            // These occur in large numbers under overload, when a line for each would make it
            // worse.
            Self::Failed(SubmitError::Overloaded | SubmitError::Stopping) | Self::TooManyReads => {
                log_turned_away(&cause, request_id);
            }
            Self::Failed(SubmitError::Store(
                StoreError::Unavailable(_) | StoreError::Contended(_),
            )) => {
                tracing::warn!(
                    request_id,
                    "{request}: {cause}; nothing was written, answered service_unavailable"
                );
            }
            Self::Failed(SubmitError::Store(StoreError::TooSlow(_))) => {
                tracing::warn!(request_id, "{request}: {cause}; answered query_too_slow");
            }
            Self::DeadlinePassed | Self::ReadsBehind => {
                tracing::warn!(
                    request_id,
                    "{request}: {cause}; nothing was done, answered service_unavailable"
                );
            }
            Self::SubmitTimedOut | Self::AnswerUnread(_) => {
                tracing::warn!(
                    request_id,
                    "{request}: {cause}; answered outcome_unknown (classic routes: \
                     service_unavailable), so that the client retries with the same id"
                );
            }
            Self::Failed(SubmitError::Store(StoreError::OutcomeUnknown(_))) => {
                tracing::error!(
                    request_id,
                    "{request}: {cause}; answered outcome_unknown (classic routes: \
                     service_unavailable), so that the client retries with the same id"
                );
            }
            Self::Failed(SubmitError::Store(StoreError::Refused(_))) => {
                tracing::error!(
                    request_id,
                    "{request}: {cause}; nothing was written, answered internal_error; this is a \
                     defect or damaged data"
                );
            }
            Self::Defect(_) => {
                tracing::error!(request_id, "{request}: {cause}; answered internal_error");
            }
        }
    }
}

/// Logs a refusal of the guard.
fn log_blocked(blocked: &Blocked, request_id: &str, request: &dyn fmt::Display) {
    if let Some(requests) = BLOCKED.count(Instant::now()) {
        let (code, advice) = (blocked.code(), blocked.advice());
        tracing::warn!(
            request_id,
            requests,
            code,
            "{request}: refused, as such requests may come from other machines or from web pages: \
             {advice}"
        );
    }
}

/// Logs that requests are turned away.
fn log_turned_away(cause: &dyn fmt::Display, request_id: &str) {
    if let Some(requests) = TURNED_AWAY.count(Instant::now()) {
        tracing::warn!(
            request_id,
            requests,
            "requests are turned away with service_unavailable, the latest because \
             {cause}"
        );
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Failed(SubmitError::Store(error))
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}
