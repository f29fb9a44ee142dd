//! The first step of a handler: it parses the path, the query and the body.

use std::collections::BTreeMap;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::web::Bytes;
use actix_web::{FromRequest as _, HttpMessage as _, web};
use tokio::time::Instant;

use super::{Call, checked, unexpected_outcome};
use crate::request::body;
use crate::request::error::ApiError;
use crate::v1::protocol::faults::{Faults, Place};
use crate::v1::protocol::json::Json;
use crate::v1::protocol::lists::{Key, PageRequest};
use crate::v1::protocol::operation::media_types;
use crate::v1::protocol::problem::Problem;
use crate::v1::protocol::read::{At, Context, Fields, Object};
use crate::v1::protocol::values::Text;
use crate::v1::protocol::write::Write;

impl Call {
    /// A value from the path.
    pub(crate) fn path<T: Text>(&self, name: &str) -> Result<T, Problem> {
        let text = self.request.match_info().get(name).unwrap_or_default();
        T::parse(text).map_err(|detail| {
            let mut faults = Faults::default();
            faults.add(Place::Parameter(name.to_owned()), "invalid", detail);
            Problem::from_faults(faults)
        })
    }

    /// The parameters of the query.
    ///
    /// # Errors
    /// All faults of the query.
    pub(crate) fn query<Q: Object>(&self) -> Result<Q, Problem> {
        let mut faults = Faults::default();
        let query = Q::take_all(self.fields(&mut faults));
        checked(faults)?;
        query.ok_or_else(unexpected_outcome)
    }

    /// The parameters of the query of a list: its filters, and the page.
    ///
    /// # Errors
    /// All faults of the query. A wrong cursor comes first.
    pub(crate) fn list<Q: Object, K: Key>(&self) -> Result<(Q, PageRequest<K>), Problem> {
        let mut faults = Faults::default();
        let mut fields = self.fields(&mut faults);
        let page = PageRequest::take(self.request.path(), &mut fields)?;
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

    /// The body of a write, and its options.
    ///
    /// # Errors
    /// All faults of the request. A wrong id in the path comes first.
    pub(crate) async fn body<B: Object>(&mut self) -> Result<(B, Write), Problem> {
        self.body_or_default(None).await
    }

    /// The same, for a write whose body may be omitted.
    ///
    /// # Errors
    /// See [`body`](Self::body).
    pub(crate) async fn optional_body<B: Object>(&mut self) -> Result<(B, Write), Problem> {
        self.body_or_default(Some(Json::Object(BTreeMap::new())))
            .await
    }

    async fn body_or_default<B: Object>(
        &mut self,
        missing: Option<Json>,
    ) -> Result<(B, Write), Problem> {
        let has_id = self.request.match_info().get("id").is_some();
        let path_id = has_id.then(|| self.path("id")).transpose()?;
        let json = match missing.filter(|_| !self.has_body()) {
            Some(json) => json,
            None => self.read_json(self.state.body_bytes_max).await?,
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

    /// The options of a write. The path is part of the id that a key derives, so ids in the path
    /// are in lower case.
    pub(crate) fn write(&self, faults: &mut Faults) -> Write {
        let route = self.request.match_info().as_str().to_ascii_lowercase();
        let (caller, quote_valid_max) = (self.caller.actor.as_ref(), self.state.quote_valid_max);
        Write::from_request(&self.request, caller, &route, quote_valid_max, faults)
    }

    /// Reads the body as JSON of at most `bytes_max` bytes.
    pub(crate) async fn read_json(&mut self, bytes_max: usize) -> Result<Json, Problem> {
        let text = self.text(bytes_max).await?;
        serde_json::from_slice(&text).map_err(|error| Problem::unreadable(&error))
    }

    fn has_body(&self) -> bool {
        let content_length = body::content_length(&self.request);
        content_length.map_or_else(
            || self.request.headers().contains_key(TRANSFER_ENCODING),
            |length| length > 0,
        )
    }

    async fn text(&mut self, bytes_max: usize) -> Result<Bytes, Problem> {
        let media_type = self.request.content_type();
        let known = media_types(self.request.method());
        let is_known = known.iter().any(|it| it.eq_ignore_ascii_case(media_type));
        if !is_known && self.has_body() {
            return Err(Problem::refused(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "send the body with Content-Type: application/json",
            ));
        }
        let content_length = body::content_length(&self.request);
        let deadline = self.deadline.min(Instant::now() + self.state.body_timeout);
        let mut unread = self.unread.take().unwrap_or(Payload::None);
        let payload = web::Payload::from_request(&self.request, &mut unread).await;
        let mut payload = payload.map_err(|_| ApiError::Malformed("the body cannot be read"))?;
        match body::read(&mut payload, content_length, bytes_max, deadline).await {
            Ok(text) => Ok(text),
            Err(error) => {
                self.unread = Some(payload.into_inner());
                Err(error.into())
            }
        }
    }
}
