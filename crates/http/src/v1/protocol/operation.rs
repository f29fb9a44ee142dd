//! Operations of the v1 API, each declared once, as data.
//!
//! The file of a resource lists its operations. The routes (`v1.rs`) and the OpenAPI document
//! (`openapi.rs`) are built from the same list, so neither can have an operation that the other
//! lacks. The bodies of an operation are the types that its handler parses and returns.

mod parts;
mod table;

use actix_web::Route;
use actix_web::http::{Method, StatusCode};
use actix_web::web;
use serde_json::{Value, json};
use wallet_domain::Rejection;

use super::call::{Call, to};
use super::codes;
use super::describe::{Describe, ObjectSchema, Schemas};
use super::draft::WriteBody;
use super::lists::{Page, describe_page};
use super::problem::Problem;
use super::read::Object;
use super::reply::Reply;
use super::show::Show;
use super::values::Text;
use super::write::WriteParams;
use crate::access::need::Need;

pub(crate) use parts::{Answer, Body, Described};
pub(crate) use table::operations;

/// The media types of the bodies that a method takes. A body of PATCH is a JSON Merge Patch
/// (RFC 7396), which may say so.
pub(crate) fn media_types(method: &Method) -> &'static [&'static str] {
    match *method {
        Method::PATCH => &["application/json", "application/merge-patch+json"],
        _ => &["application/json"],
    }
}

/// Describes some parameters of an operation.
type Parameters = Box<dyn Fn(&mut Schemas) -> Vec<Value>>;

/// An operation: a method, a path, and what it takes and returns.
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// Below `/v1`, with `{names}` in braces.
    pub(crate) path: &'static str,
    /// The name of the operation in generated clients.
    pub(crate) id: &'static str,
    /// What the operation needs of its caller.
    pub(crate) need: Need,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    parameters: Vec<Parameters>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
    /// The codes of its problems, in addition to those that every operation has.
    pub(crate) codes: Vec<&'static str>,
    /// The schema of its problems with one status, if they have more members than other problems.
    pub(crate) problem: Option<(StatusCode, Described)>,
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
        Self::new(Method::POST, path, id, need, handler).with_write_parameters()
    }

    pub(crate) fn patch<F>(path: &'static str, id: &'static str, need: Need, handler: F) -> Self
    where
        F: AsyncFn(&mut Call) -> Result<Reply, Problem> + Clone + 'static,
    {
        Self::new(Method::PATCH, path, id, need, handler).with_write_parameters()
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
            description: "",
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            codes: Vec::new(),
            problem: None,
            mount: Box::new(move |route| to(route, Some(need), handler.clone())),
        }
    }

    /// Sets the summary and the description.
    pub(crate) fn documented(self, summary: &'static str, description: &'static str) -> Self {
        Self {
            summary,
            description,
            ..self
        }
    }

    /// Applies `more`, for declarations that several operations share.
    pub(crate) fn with(self, more: impl FnOnce(Self) -> Self) -> Self {
        more(self)
    }

    /// Declares a parameter of the path, with an example that works with the demo accounts.
    pub(crate) fn path_param<T: Text>(
        self,
        name: &'static str,
        about: &'static str,
        example: &'static str,
    ) -> Self {
        self.parameter(move |schemas| {
            json!({
                "name": name, "in": "path", "required": true, "description": about,
                "schema": T::schema(schemas), "example": example,
            })
        })
    }

    /// Declares the parameters of the query.
    pub(crate) fn query<Q: Object + 'static>(mut self) -> Self {
        self.parameters.push(Box::new(|schemas| {
            let mut object = ObjectSchema::new(schemas);
            Q::describe(&mut object);
            object.parameters()
        }));
        self
    }

    /// Declares that the answer is a page: adds the parameters `limit` and `cursor`.
    pub(crate) fn paged(mut self) -> Self {
        self.parameters.push(Box::new(|schemas| {
            let mut object = ObjectSchema::new(schemas);
            describe_page(&mut object);
            object.parameters()
        }));
        self.problem_codes(&["invalid_cursor", "query_too_slow"])
    }

    /// Declares an optional header.
    fn header(self, name: &'static str, about: &'static str) -> Self {
        self.parameter(move |_| {
            json!({
                "name": name, "in": "header", "required": false, "description": about,
                "schema": {"type": "string"},
            })
        })
    }

    fn parameter(mut self, describe: impl Fn(&mut Schemas) -> Value + 'static) -> Self {
        self.parameters
            .push(Box::new(move |schemas| vec![describe(schemas)]));
        self
    }

    /// The descriptions of all parameters.
    pub(crate) fn parameters(&self, schemas: &mut Schemas) -> Vec<Value> {
        self.parameters
            .iter()
            .flat_map(|describe| describe(schemas))
            .collect()
    }

    /// Declares the body of a write.
    pub(crate) fn write_body<B: WriteBody>(self) -> Self {
        self.body::<B>(!B::MAY_BE_EMPTY)
    }

    /// Declares a body.
    pub(crate) fn body<B: Describe>(mut self, is_required: bool) -> Self {
        self.body = Some(Body {
            schema: Box::new(B::schema),
            is_required,
        });
        self
    }

    /// Declares what every write takes, and the codes that every write can have.
    fn with_write_parameters(self) -> Self {
        let strict =
            "`handling=strict`: refuse an amount that would have to be rounded (RFC 7240).";
        self.query::<WriteParams>()
            .header("Prefer", strict)
            .problem_codes(&[
                "body_too_large",
                "unsupported_media_type",
                "outcome_unknown",
            ])
    }

    /// Declares that an `Idempotency-Key` can replace the id.
    pub(crate) fn accepts_idempotency_key(self) -> Self {
        let about = "Use it instead of an `id` in the body. The service derives the id from this \
                     key, the path and the caller. A key never expires. It has 1 to 255 printable \
                     ASCII characters, bare or quoted.";
        self.header("Idempotency-Key", about)
            .problem_codes(&["id_missing", "id_ambiguous"])
    }

    /// Declares the header `If-Match`.
    pub(crate) fn if_match(self) -> Self {
        self.header(
            "If-Match",
            "Change the account only if it still has this `ETag`.",
        )
        .rejections(&[&[Rejection::AccountChanged]])
    }

    /// Declares the answer 200 with this body.
    pub(crate) fn returns<R: Show>(self, headers: &[&'static str]) -> Self {
        self.answers::<R>(StatusCode::OK, "The request succeeded.", headers)
    }

    /// Declares the answer 200 with a page of these entries.
    pub(crate) fn returns_page<R: Show>(self) -> Self {
        self.paged().returns::<Page<R>>(&[])
    }

    /// Declares the answers of a write that creates something: 201, or 200 for a dry run. Call it
    /// after [`keyed`](Self::keyed).
    pub(crate) fn creates<R: Show>(self) -> Self {
        let by_key: &[&str] = match self.codes.contains(&"id_missing") {
            true => &["idempotency_key_reused"],
            false => &[],
        };
        let made = self
            .problem_codes(by_key)
            .rejections(&[&[Rejection::IdAlreadyUsed]]);
        made.answers::<R>(
            StatusCode::CREATED,
            "Applied and durable, by this request or by an earlier copy of it.",
            &["Location", "Idempotent-Replayed", "Preference-Applied"],
        )
        .answers::<R>(
            StatusCode::OK,
            "A dry run: the response that the write would get. Nothing was changed.",
            &["Dry-Run", "Preference-Applied"],
        )
    }

    fn answers<R: Show>(
        mut self,
        status: StatusCode,
        description: &'static str,
        headers: &[&'static str],
    ) -> Self {
        self.answers.push(Answer {
            status,
            description,
            media: vec![("application/json", Box::new(R::schema))],
            headers: headers.to_vec(),
        });
        self
    }

    /// Declares that the last answer also exists as a text of this media type.
    pub(crate) fn or_media_type(mut self, media_type: &'static str) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.media.push((media_type, Box::new(String::schema)));
        }
        self
    }

    /// Declares problems with these codes.
    pub(crate) fn problem_codes(mut self, codes: &[&'static str]) -> Self {
        self.codes.extend(codes);
        self
    }

    /// Removes codes that similar operations have and this one never returns.
    pub(crate) fn never(mut self, codes: &[&str]) -> Self {
        self.codes.retain(|code| !codes.contains(code));
        self
    }

    /// Declares the body of the problems with this status.
    pub(crate) fn problem_body<R: Show>(mut self, status: StatusCode) -> Self {
        self.problem = Some((status, Box::new(R::schema)));
        self
    }

    /// Declares problems for these rejections.
    pub(crate) fn rejections(mut self, groups: &[&[Rejection]]) -> Self {
        let rejections = groups.iter().copied().flatten();
        self.codes
            .extend(rejections.map(|it| codes::from_rejection(*it)));
        self
    }

    /// The routes of the operation: one, or two if it also supports `HEAD`.
    pub(crate) fn routes(&self) -> Vec<Route> {
        let methods = match self.method == Method::GET {
            true => vec![Method::GET, Method::HEAD],
            false => vec![self.method.clone()],
        };
        let route = |method| (self.mount)(web::method(method));
        methods.into_iter().map(route).collect()
    }
}
