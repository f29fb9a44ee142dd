//! Operations: what the v1 API can do, each defined once, as data.
//!
//! The file of a resource lists its operations. The routes (`v1.rs`) and the OpenAPI document
//! (`openapi.rs`) are built from the same list, so neither can have an operation that the other
//! lacks.

mod parts;

use actix_web::Route;
use actix_web::http::{Method, StatusCode};
use actix_web::web;
use serde_json::Value;

use super::call::{Call, to};
use super::problem::Problem;
use super::reply::Reply;
use super::schema;
use crate::access::need::Need;

pub(crate) use parts::{Answer, Body, Parameter, Place};

/// One thing that a client can ask for.
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// Below `/v1`, with `{names}` in braces.
    pub(crate) path: &'static str,
    /// The name of the operation in generated clients.
    pub(crate) id: &'static str,
    /// What its caller needs.
    pub(crate) need: Need,
    pub(crate) summary: &'static str,
    pub(crate) description: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
    /// The statuses of its problems, in addition to those that every operation has.
    pub(crate) problems: Vec<StatusCode>,
    mount: Box<dyn Fn(Route) -> Route>,
}

impl Operation {
    pub(crate) fn get<F>(path: &'static str, id: &'static str, need: Need, handler: F) -> Self
    where
        F: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
    {
        Self::new(Method::GET, path, id, need, handler)
    }

    pub(crate) fn post<F>(path: &'static str, id: &'static str, need: Need, handler: F) -> Self
    where
        F: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
    {
        Self::new(Method::POST, path, id, need, handler)
    }

    pub(crate) fn patch<F>(path: &'static str, id: &'static str, need: Need, handler: F) -> Self
    where
        F: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
    {
        Self::new(Method::PATCH, path, id, need, handler)
    }

    fn new<F>(method: Method, path: &'static str, id: &'static str, need: Need, handler: F) -> Self
    where
        F: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
    {
        Self {
            method,
            path,
            id,
            need,
            summary: "",
            description: String::new(),
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            problems: Vec::new(),
            mount: Box::new(move |route| to(route, Some(need), handler.clone())),
        }
    }

    /// What it does, in a line and in full.
    pub(crate) fn says(mut self, summary: &'static str, description: &str) -> Self {
        self.summary = summary;
        self.description = description.to_owned();
        self
    }

    /// A parameter of its path.
    pub(crate) fn names(
        self,
        name: &'static str,
        schema: Value,
        description: &'static str,
        example: &'static str,
    ) -> Self {
        self.parameter(Place::Path, name, schema, description, Some(example))
    }

    /// A parameter of its query.
    pub(crate) fn query(
        self,
        name: &'static str,
        schema: Value,
        description: &'static str,
    ) -> Self {
        self.parameter(Place::Query, name, schema, description, None)
    }

    /// An optional header.
    pub(crate) fn header(
        self,
        name: &'static str,
        schema: Value,
        description: &'static str,
    ) -> Self {
        self.parameter(Place::Header, name, schema, description, None)
    }

    fn parameter(
        mut self,
        place: Place,
        name: &'static str,
        schema: Value,
        description: &'static str,
        example: Option<&'static str>,
    ) -> Self {
        self.parameters.push(Parameter {
            name,
            place,
            schema,
            description,
            example,
        });
        self
    }

    /// Its body.
    pub(crate) fn takes(mut self, schema: &'static str, example: Value) -> Self {
        self.body = Some(Body {
            schema,
            example,
            is_required: true,
        });
        self
    }

    /// Its body is optional.
    pub(crate) fn even_empty(mut self) -> Self {
        self.body = self.body.map(|body| Body {
            is_required: false,
            ..body
        });
        self
    }

    /// Answers 200 with this.
    pub(crate) fn gives(self, schema: Value, headers: &[(&'static str, &'static str)]) -> Self {
        self.answers(StatusCode::OK, "As asked for.", schema, headers)
    }

    /// Answers 200 with a page of a list; takes `limit` and `cursor`.
    pub(crate) fn gives_pages_of(self, schema: &'static str) -> Self {
        self.pages().gives(schema::page(schema), &[])
    }

    /// Takes `limit` and `cursor`.
    pub(crate) fn pages(self) -> Self {
        self.query(
            "limit",
            schema::limit(),
            "How many entries a page has; 20 if it is left out.",
        )
        .query(
            "cursor",
            schema::cursor(),
            "Where the page begins: `next_cursor` of the page before, with all other parameters as \
             they were.",
        )
    }

    /// What every write takes in addition to its body, and how it answers: 201, or 200 for a dry
    /// run.
    pub(crate) fn creates(self, schema: &'static str) -> Self {
        let replayed = (
            "Idempotent-Replayed",
            "`true` if this was applied before; the answer is the one of that time.",
        );
        let location = ("Location", "Where what was made can be read.");
        self.writes()
            .answers(
                StatusCode::CREATED,
                "Applied and durable, now or when it came first.",
                schema::reference(schema),
                &[location, replayed],
            )
            .answers(
                StatusCode::OK,
                "A dry run: what would be answered. Nothing was changed.",
                schema::reference(schema),
                &[DRY_RUN],
            )
    }

    /// What all writes take.
    pub(crate) fn writes(self) -> Self {
        self.query(
            "dry_run",
            schema::boolean(),
            "`true`: decide with all rules, answer the same, change nothing.",
        )
        .header(
            "Prefer",
            schema::text(),
            "`handling=strict`: refuse an amount that would have to be rounded (RFC 7240).",
        )
        .refuses(StatusCode::PAYLOAD_TOO_LARGE)
        .refuses(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }

    /// Takes an idempotency key instead of an id.
    pub(crate) fn takes_key(self) -> Self {
        self.header(
            "Idempotency-Key",
            schema::text(),
            "Instead of an `id` in the body: the id is derived from this key, the path and the \
             caller, for ever. 1 to 255 visible characters of ASCII, bare or in quotes.",
        )
    }

    pub(crate) fn answers(
        mut self,
        status: StatusCode,
        description: &'static str,
        schema: Value,
        headers: &[(&'static str, &'static str)],
    ) -> Self {
        self.answers.push(Answer {
            status,
            description,
            media: vec![("application/json", schema)],
            headers: headers.to_vec(),
        });
        self
    }

    /// The last answer also exists in this media type.
    pub(crate) fn or_as(mut self, media_type: &'static str, schema: Value) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.media.push((media_type, schema));
        }
        self
    }

    /// Has problems of this status.
    pub(crate) fn refuses(mut self, status: StatusCode) -> Self {
        self.problems.push(status);
        self
    }

    /// Its routes: one, or two if it also answers HEAD.
    pub(crate) fn routes(&self) -> Vec<Route> {
        let methods = match self.method == Method::GET {
            true => vec![Method::GET, Method::HEAD],
            false => vec![self.method.clone()],
        };
        let route = |method| (self.mount)(web::method(method));
        methods.into_iter().map(route).collect()
    }
}

/// The header of a dry run's answer.
pub(crate) const DRY_RUN: (&str, &str) = ("Dry-Run", "`true`: nothing was changed.");
