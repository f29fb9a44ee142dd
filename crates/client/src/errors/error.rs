//! Errors: why a call has no result, and whether its write may have been done.

use std::fmt;

use crate::errors::code::ErrorCode;
use crate::errors::problem::Problem;

/// The error of another library.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a call has no result.
#[derive(Debug)]
pub struct Error {
    cause: Box<Cause>,
    attempts: u32,
    may_have_been_applied: bool,
}

/// What the last attempt of a call ended with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The service refused the request or failed, and says why.
    #[error("{0}")]
    Problem(Problem),
    /// There was no connection, so nothing was sent.
    #[error("could not connect to the service")]
    NotConnected(#[source] BoxError),
    /// The request was sent, at least in part, and no complete answer came.
    #[error("the service did not send a complete answer")]
    NoAnswer(#[source] BoxError),
    /// The answer is not one of this API, or cannot be read.
    #[error("the answer with status {status} could not be read: {detail}")]
    Unreadable {
        /// Its HTTP status.
        status: u16,
        /// What is wrong with it.
        detail: String,
    },
    /// The request cannot be built, so nothing was sent.
    #[error("the request cannot be sent: {0}")]
    Unsendable(String),
}

impl Error {
    pub(crate) fn new(cause: Cause, attempts: u32, may_have_been_applied: bool) -> Self {
        Self {
            cause: Box::new(cause),
            attempts,
            may_have_been_applied,
        }
    }

    /// A request that was never sent.
    pub(crate) fn unsendable(what: impl fmt::Display) -> Self {
        Self::new(Cause::Unsendable(what.to_string()), 0, false)
    }

    /// What the last attempt ended with.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// The service's answer, if there was one.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match &*self.cause {
            Cause::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    /// The code of the service's answer, if there was one.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.problem().map(|problem| &problem.code)
    }

    /// How many times the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether the write may have been applied although there is no result: the outcome of an
    /// attempt is unknown. Then send the same request with the same id until there is an answer, or
    /// read what has this id. Never use a new id for the same payment.
    ///
    /// It is `false` for reads and dry runs, and for a write if every attempt was refused. It is
    /// `true` for a refusal after an attempt without an answer: only the last attempt was refused.
    #[must_use]
    pub fn may_have_been_applied(&self) -> bool {
        self.may_have_been_applied
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cause)?;
        if self.attempts > 1 {
            write!(f, "; after {} attempts", self.attempts)?;
        }
        if self.may_have_been_applied {
            f.write_str("; it may have been done, so send it again with the same id")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&*self.cause)
    }
}
