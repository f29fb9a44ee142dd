//! Reading a body within its size and time, and closing cleanly when a body is not read.
//!
//! actix-web reads bodies without a deadline, and when a handler drops an unread chunked body, it
//! reads on for as long as the client sends. Keeping the body until the response is written makes
//! actix-web say `Connection: close`, wait a moment so that the client sees the answer, and close;
//! [`hold`] does that.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BodyStream, BoxBody, MessageBody};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::{self, Bytes, BytesMut};
use actix_web::{HttpRequest, HttpResponse};
use tokio::time::{Instant, timeout_at};

use crate::request::error::ApiError;

/// Reads the whole body.
///
/// A body that announces too many bytes is not read at all; one that turns out to have too many is
/// not read further. In both cases give the answer through [`hold`].
///
/// # Errors
/// [`ApiError::BodyTooLarge`] if there are more than `bytes_max` bytes, [`ApiError::Malformed`] if
/// they have not arrived at `deadline`, or if the client broke off.
pub(crate) async fn read(
    payload: &mut web::Payload,
    content_length: Option<u64>,
    bytes_max: usize,
    deadline: Instant,
) -> Result<Bytes, ApiError> {
    if content_length.is_some_and(|length| length > bytes_max as u64) {
        return Err(ApiError::BodyTooLarge);
    }
    match timeout_at(deadline, read_all(payload, bytes_max)).await {
        Ok(body) => body,
        Err(_) => Err(ApiError::Malformed("the body did not come in time")),
    }
}

async fn read_all(payload: &mut web::Payload, bytes_max: usize) -> Result<Bytes, ApiError> {
    let mut stream = pin!(BodyStream::new(payload));
    let mut next = async || {
        let chunk = std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await;
        chunk
            .transpose()
            .map_err(|_| ApiError::Malformed("the body broke off"))
    };
    // Nearly every body arrives in one piece, which is used as it is.
    let first = next().await?.unwrap_or_default();
    if first.len() > bytes_max {
        return Err(ApiError::BodyTooLarge);
    }
    let Some(second) = next().await? else {
        return Ok(first);
    };
    let mut body = BytesMut::from(&first[..]);
    let mut chunk = Some(second);
    while let Some(bytes) = chunk {
        if body.len() + bytes.len() > bytes_max {
            return Err(ApiError::BodyTooLarge);
        }
        body.extend_from_slice(&bytes);
        chunk = next().await?;
    }
    Ok(body.freeze())
}

/// How many bytes the request announces.
pub(crate) fn content_length(request: &HttpRequest) -> Option<u64> {
    let length = request.headers().get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// Keeps the rest of a request's body alive until the response is written. The module's
/// documentation says why.
pub(crate) fn hold(response: HttpResponse, payload: Payload) -> HttpResponse {
    match payload {
        Payload::None => response,
        unread => response.map_body(|_, body| {
            let held = Held {
                body,
                _unread: unread,
            };
            BoxBody::new(held)
        }),
    }
}

struct Held {
    body: BoxBody,
    _unread: Payload,
}

impl MessageBody for Held {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
