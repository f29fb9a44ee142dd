//! Operations: what the v1 API can do, each told once, as data.
//!
//! The file of a resource lists its operations. The routes (`v1.rs`) and the OpenAPI document (`openapi.rs`)
//! are made of the same list, so neither can have an operation that the other does not know.

use actix_web::Route;
use actix_web::http::{Method, StatusCode};
use actix_web::web;
use serde_json::Value;

use crate::access::Need;

use super::call::{Call, to};
use super::problem::Problem;
use super::reply::Reply;
use super::schema;

/// One thing that a client can ask for.
pub(super) struct Operation {
    pub(super) method: Method,
    /// Below `/v1`, with `{names}` in braces.
    pub(super) path: &'static str,
    /// The name of the operation in generated clients.
    pub(super) id: &'static str,
    /// What its caller must be allowed to.
    pub(super) need: Need,
    pub(super) summary: &'static str,
    pub(super) description: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
    /// The statuses of its problems, beside those that every operation has.
    pub(super) problems: Vec<StatusCode>,
    mount: Box<dyn Fn(Route) -> Route>,
}

/// Something beside the body that a request brings.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) place: Place,
    pub(super) schema: Value,
    pub(super) description: &'static str,
    /// A value that works against the demo accounts.
    pub(super) example: Option<&'static str>,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
}

impl Place {
    /// The word for it in OpenAPI.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// A body of JSON.
pub(super) struct Body {
    /// The name of its schema.
    pub(super) schema: &'static str,
    /// One that works against the demo accounts.
    pub(super) example: Value,
    pub(super) is_required: bool,
}

/// An answer that is no problem.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) description: &'static str,
    pub(super) media: Vec<(&'static str, Value)>,
    pub(super) headers: Vec<(&'static str, &'static str)>,
}

impl Operation {
    pub(super) fn get<F>(path: &'static str, id: &'static str, need: Need, handler: F) -> Self
    where
        F: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
    {
        Self::new(Method::GET, path, id, need, handler)
    }

    pub(super) fn post<F>(path: &'static str, id: &'static str, need: Need, handler: F) -> Self
    where
        F: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
    {
        Self::new(Method::POST, path, id, need, handler)
    }

    pub(super) fn patch<F>(path: &'static str, id: &'static str, need: Need, handler: F) -> Self
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
    pub(super) fn says(mut self, summary: &'static str, description: &str) -> Self {
        self.summary = summary;
        self.description = description.to_owned();
        self
    }

    /// Something in its path.
    pub(super) fn names(
        self,
        name: &'static str,
        schema: Value,
        description: &'static str,
        example: &'static str,
    ) -> Self {
        self.parameter(Place::Path, name, schema, description, Some(example))
    }

    /// A parameter of its query.
    pub(super) fn query(
        self,
        name: &'static str,
        schema: Value,
        description: &'static str,
    ) -> Self {
        self.parameter(Place::Query, name, schema, description, None)
    }

    /// A header that may come.
    pub(super) fn header(
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

    /// The body that it takes.
    pub(super) fn takes(mut self, schema: &'static str, example: Value) -> Self {
        self.body = Some(Body {
            schema,
            example,
            is_required: true,
        });
        self
    }

    /// It works without its body, too.
    pub(super) fn even_empty(mut self) -> Self {
        self.body = self.body.map(|body| Body {
            is_required: false,
            ..body
        });
        self
    }

    /// 200 with this.
    pub(super) fn gives(self, schema: Value, headers: &[(&'static str, &'static str)]) -> Self {
        self.answers(StatusCode::OK, "As asked for.", schema, headers)
    }

    /// 200 with a page of a list, which takes `limit` and `cursor`.
    pub(super) fn gives_pages_of(self, schema: &'static str) -> Self {
        self.pages().gives(schema::page_of(schema), &[])
    }

    /// It takes `limit` and `cursor`.
    pub(super) fn pages(self) -> Self {
        self.query(
            "limit",
            schema::limit(),
            "How many entries a page has; 20 if it is left out.",
        )
        .query(
            "cursor",
            schema::cursor(),
            "Where the page begins: `next_cursor` of the page before, with all other parameters \
                 as they were.",
        )
    }

    /// What every write takes and answers beside its body; 201 with this, or 200 if it is a dry run.
    pub(super) fn creates(self, schema: &'static str) -> Self {
        let replayed = (
            "Idempotent-Replayed",
            "`true` if this had been carried out before; the answer is the one that it had then.",
        );
        let location = ("Location", "Where what was made can be read.");
        self.writes()
            .answers(
                StatusCode::CREATED,
                "Carried out and durable, now or when it came first.",
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
    pub(super) fn writes(self) -> Self {
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

    /// It takes a key of idempotency instead of an id.
    pub(super) fn takes_key(self) -> Self {
        self.header(
            "Idempotency-Key",
            schema::text(),
            "Instead of an `id` in the body: the id is derived from this key, the path and the caller, for ever. 1 to \
             255 visible characters of ASCII, bare or in quotes.",
        )
    }

    pub(super) fn answers(
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

    /// The last answer has another form, too.
    pub(super) fn or_as(mut self, media_type: &'static str, schema: Value) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.media.push((media_type, schema));
        }
        self
    }

    /// It has problems of this status.
    pub(super) fn refuses(mut self, status: StatusCode) -> Self {
        self.problems.push(status);
        self
    }

    /// Its routes: one, or two if it can be asked by HEAD.
    pub(super) fn routes(&self) -> Vec<Route> {
        let methods = match self.method == Method::GET {
            true => vec![Method::GET, Method::HEAD],
            false => vec![self.method.clone()],
        };
        let route = |method| (self.mount)(web::method(method));
        methods.into_iter().map(route).collect()
    }
}

/// The header of a dry run's answer.
pub(super) const DRY_RUN: (&str, &str) = ("Dry-Run", "`true`: nothing was changed.");
