//! How the classic routes admit a caller: as `/v1` does, but a refusal is an envelope.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse};
use tokio::time::Instant;
use wallet_domain::Caller;

use super::envelope;
use crate::access::need::Need;
use crate::request::error::ApiError;
use crate::state::app_state::AppState;

/// The caller of a request, or the answer to one that is not admitted.
pub(super) async fn admitted(
    state: &AppState,
    request: &HttpRequest,
    need: Need,
    deadline: Instant,
) -> Result<Caller, HttpResponse> {
    let admitted = state.authenticator.admit(request, need, deadline).await;
    admitted.map_err(|error| match error {
        ApiError::Unauthorized(_) => {
            let mut response = envelope::error_with_status(StatusCode::UNAUTHORIZED, error);
            let bearer = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
            response
        }
        ApiError::Forbidden(_) => envelope::error_with_status(StatusCode::FORBIDDEN, error),
        ApiError::TooManyRequests(_) => {
            envelope::error_with_status(StatusCode::TOO_MANY_REQUESTS, error)
        }
        error => envelope::error(error),
    })
}
