//! The documents: the OpenAPI document, a page to try it, the list of error codes, and the guides
//! and manuals.
//!
//! All of them are part of the binary, so they work without a network and match the running
//! version.

mod markdown;
mod pages;

use std::sync::LazyLock;

use actix_web::guard::fn_guard;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Resource};
use serde_json::Value;

use crate::classic::{contract, errors};
use crate::observe::health;
use crate::observe::metrics;
use crate::v1;
use crate::v1::protocol::codes;
use pages::Page;

/// The page to try the API runs only scripts of the service itself. The styles that it sets are
/// inline.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      frame-ancestors 'none'";

/// The other pages run nothing.
const POLICY_OF_TEXT: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
                              base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static OPENAPI: LazyLock<String> = LazyLock::new(openapi);
static ERRORS: LazyLock<String> = LazyLock::new(errors);

/// Registers these pages.
pub(crate) fn configure(config: &mut ServiceConfig) {
    let pages = [
        resource("/openapi.json", "application/json", || OPENAPI.as_bytes()),
        resource("/docs", HTML, || include_bytes!("../../assets/docs.html")),
        resource("/docs/", HTML, || include_bytes!("../../assets/docs.html")),
        resource("/docs/pages.css", "text/css", || {
            include_bytes!("../../assets/pages.css")
        }),
        resource("/docs/start.js", "text/javascript", || {
            include_bytes!("../../assets/start.js")
        }),
        resource("/docs/favicon.png", "image/png", || {
            include_bytes!("../../assets/swagger-ui/favicon-32x32.png")
        }),
        compressed("/docs/swagger-ui.css", "text/css", || {
            include_bytes!("../../assets/swagger-ui/swagger-ui.css.gz")
        }),
        compressed("/docs/swagger-ui-bundle.js", "text/javascript", || {
            include_bytes!("../../assets/swagger-ui/swagger-ui-bundle.js.gz")
        }),
        only_get(web::resource("/docs/errors"), || async { text(&ERRORS) }),
        guides("/docs/{page}"),
        guides("/docs/guides/"),
        guides("/docs/guides/{page}"),
    ];
    for page in pages {
        config.service(page);
    }
}

/// The OpenAPI document of both APIs, as it is kept in `docs/openapi.json`.
pub(crate) fn openapi() -> String {
    let mut document = v1::openapi();
    for mut others in [contract::described(), health::described()] {
        extend(&mut document["paths"], others["paths"].take());
        extend(
            &mut document["components"]["schemas"],
            others["schemas"].take(),
        );
    }
    extend(&mut document["paths"], metrics::paths());
    // Maps with keys of text always have a text.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn extend(map: &mut Value, more: Value) {
    if let (Value::Object(map), Value::Object(more)) = (map, more) {
        map.extend(more);
    }
}

const HTML: &str = "text/html; charset=utf-8";

type Content = fn() -> &'static [u8];

fn resource(path: &str, media_type: &'static str, content: Content) -> Resource {
    only_get(web::resource(path), move || async move {
        page(media_type, POLICY, content())
    })
}

/// Content that is stored as gzip, which every browser accepts.
fn compressed(path: &str, media_type: &'static str, content: Content) -> Resource {
    only_get(web::resource(path), move || async move {
        let mut response = page(media_type, POLICY, content());
        let gzip = actix_web::http::header::HeaderValue::from_static("gzip");
        response.headers_mut().insert(CONTENT_ENCODING, gzip);
        response
    })
}

/// The guides and manuals that a pattern matches. What is none of them is an unknown path.
fn guides(pattern: &str) -> Resource {
    let is_there = fn_guard(|context| pages::find(context.head().uri.path()).is_some());
    let answer = |request: HttpRequest| async move {
        // The guard has found it, too.
        text(pages::find(request.path()).map_or("", Page::html))
    };
    only_get(web::resource(pattern).guard(is_there), answer)
}

fn only_get<A: FromRequest + 'static>(
    resource: Resource,
    answer: impl Handler<A, Output = HttpResponse>,
) -> Resource {
    resource
        .route(web::get().to(answer.clone()))
        .route(web::head().to(answer))
        .default_service(web::to(errors::allow_get))
}

fn text(html: &'static str) -> HttpResponse {
    page(HTML, POLICY_OF_TEXT, html.as_bytes())
}

fn page(media_type: &'static str, policy: &'static str, content: &'static [u8]) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(content)
}

/// The page that the `type` of a problem links to.
fn errors() -> String {
    let row = |code: codes::Code| {
        let (name, status) = (code.code, code.status.as_u16());
        let meaning = markdown::line(code.meaning);
        format!(
            "<tr id=\"{name}\"><td><code>{name}</code></td><td>{status}</td><td>{meaning}</td></tr>"
        )
    };
    let rows: Vec<String> = codes::all().into_iter().map(row).collect();
    let text = include_str!("../../assets/errors.html").replace("{rows}", &rows.join("\n"));
    pages::other("Error codes", &text)
}
