//! The client: sends a request until it gets a result, or the retry policy gives up.
//!
//! All calls of `/v1` are methods of [`Client`]; each resource adds its own, next to its types.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Method, Response, Url};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::errors::error::{Cause, Error};
use crate::records::written::Written;
use crate::transport::attempt::{self, Answer, X_REQUEST_ID, no_answer, quoted};
use crate::transport::attempts::Attempts;
use crate::transport::options::{ClientOptions, OptionsError};
use crate::transport::request::Request;
use crate::transport::tls;

/// A client of one service. Clones are cheap and share their connections.
///
/// It needs a tokio runtime with IO and time enabled. If you drop the future of a call, the request
/// may or may not have been applied; you can send the same value again.
#[derive(Clone)]
pub struct Client {
    service: Arc<Service>,
    is_dry_run: bool,
    is_strict: bool,
}

struct Service {
    http: reqwest::Client,
    base: Url,
    options: ClientOptions,
    /// The first part of the ids of all requests. It distinguishes them from those of other
    /// clients.
    name: u64,
    sent: AtomicU64,
}

impl Client {
    /// A client of the service at this URL, for example `http://127.0.0.1:8080`. The URL may have a
    /// path, under which the service is.
    ///
    /// # Errors
    /// If the URL cannot be that of a service, or TLS cannot be set up.
    pub fn new(url: &str, options: ClientOptions) -> Result<Self, OptionsError> {
        let not_one = || OptionsError::Url(without_secrets(url));
        let base = Url::parse(url).map_err(|_| not_one())?;
        let is_http = matches!(base.scheme(), "http" | "https");
        let is_bare = base.query().is_none() && base.fragment().is_none();
        let has_user = !base.username().is_empty() || base.password().is_some();
        if !is_http || !is_bare || has_user {
            return Err(not_one());
        }
        // A redirect would send a key, or a payment, to another service; so would a proxy that the
        // environment names.
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(options.connect_timeout)
            .read_timeout(options.attempt_timeout);
        let http = match base.scheme() {
            "https" => http.tls_backend_preconfigured(tls::config(options.authorities.as_deref())?),
            // The library prepares TLS for any URL; here no authority is ever asked.
            _ => http.tls_backend_preconfigured(tls::config_without_authorities()?),
        };
        let http = http
            .build()
            .map_err(|error| OptionsError::Http(error.into()))?;
        let service = Arc::new(Service {
            http,
            base,
            options,
            name: fastrand::u64(..),
            sent: AtomicU64::new(0),
        });
        Ok(Self {
            service,
            is_dry_run: false,
            is_strict: false,
        })
    }

    /// The same client, whose writes check every rule and change nothing (`dry_run=true`).
    #[must_use]
    pub fn dry_run(&self) -> Self {
        Self {
            is_dry_run: true,
            ..self.clone()
        }
    }

    /// The same client, whose writes are refused if the service would have to round an amount
    /// (`Prefer: handling=strict`).
    #[must_use]
    pub fn strict(&self) -> Self {
        Self {
            is_strict: true,
            ..self.clone()
        }
    }

    /// Sends a read, and returns its result.
    pub(crate) async fn read<T: DeserializeOwned>(&self, request: Request) -> Result<T, Error> {
        let (answer, attempts) = self.answer(&request, false).await?;
        value(&answer, attempts, false)
    }

    /// Sends a read, and returns the whole answer and the number of attempts.
    pub(crate) async fn read_answer(&self, request: Request) -> Result<(Answer, u32), Error> {
        self.answer(&request, false).await
    }

    /// Opens a stream. Only its opening is retried.
    pub(crate) async fn read_stream(&self, request: Request) -> Result<Response, Error> {
        request.check()?;
        let mut attempts = Attempts::new(&self.service.options, false);
        loop {
            let id = self.service.next_id();
            // The stream itself may take any time.
            let begun = timeout(attempts.timeout(), async {
                attempt::begun(self.built(&request, &id).send().await, &id).await
            });
            let begun = match begun.await {
                Ok(begun) => begun,
                Err(late) => Err(no_answer(late.into())),
            };
            match begun {
                Ok(response) => return Ok(response),
                Err(failure) => attempts.failed(failure).await?,
            }
        }
    }

    /// Sends a write, or a dry run of it.
    pub(crate) async fn write<T: DeserializeOwned>(
        &self,
        request: Request,
    ) -> Result<Written<T>, Error> {
        let (answer, attempts) = self.write_answer(request).await?;
        self.written(&answer, attempts)
    }

    /// Sends a write, and returns the whole answer and the number of attempts.
    pub(crate) async fn write_answer(&self, request: Request) -> Result<(Answer, u32), Error> {
        let dry_run = self.is_dry_run.then(|| "true".to_owned());
        let request = request.with_param("dry_run", dry_run);
        self.answer(&request, !self.is_dry_run).await
    }

    /// The result of a write, from its answer.
    pub(crate) fn written<T: DeserializeOwned>(
        &self,
        answer: &Answer,
        attempts: u32,
    ) -> Result<Written<T>, Error> {
        let says = |name: &str| {
            answer
                .headers
                .get(name)
                .is_some_and(|value| value == "true")
        };
        let is_dry_run = says("dry-run");
        if self.is_dry_run && !is_dry_run {
            let cause = Cause::Unreadable {
                status: answer.status,
                detail: "a dry run was asked for, and the answer does not say that it is one"
                    .into(),
            };
            return Err(Error::new(cause, attempts, true));
        }
        Ok(Written {
            value: value(answer, attempts, !is_dry_run)?,
            is_replay: says("idempotent-replayed"),
            is_dry_run,
        })
    }

    /// Sends a request until there is a result, or the policy gives up. Returns the number of
    /// attempts, too.
    async fn answer(&self, request: &Request, writes: bool) -> Result<(Answer, u32), Error> {
        request.check()?;
        let mut attempts = Attempts::new(&self.service.options, writes);
        loop {
            let id = self.service.next_id();
            let built = self.built(request, &id).timeout(attempts.timeout());
            match attempt::whole(built.send().await, &id).await {
                Ok(answer) => return Ok((answer, attempts.number())),
                Err(failure) => attempts.failed(failure).await?,
            }
        }
    }

    fn built(&self, request: &Request, id: &HeaderValue) -> reqwest::RequestBuilder {
        let Service {
            http,
            base,
            options,
            ..
        } = &*self.service;
        let mut built = request.build(http, base).header(X_REQUEST_ID, id.clone());
        if let Some(key) = &options.key {
            built = built.header(AUTHORIZATION, key.as_header().clone());
        }
        if self.is_strict && request.method != Method::GET {
            built = built.header("prefer", "handling=strict");
        }
        built
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Client");
        shown.field("base", &self.service.base.as_str());
        shown.field("is_dry_run", &self.is_dry_run);
        shown.field("is_strict", &self.is_strict);
        shown.finish_non_exhaustive()
    }
}

impl Service {
    /// The name of the next attempt in the service's log, and on the connection.
    fn next_id(&self) -> HeaderValue {
        let count = self.sent.fetch_add(1, Ordering::Relaxed);
        let text = format!("{:016x}-{count:08x}", self.name);
        // Hexadecimal digits and a dash are a header value.
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("-"))
    }
}

/// The beginning of a URL, without what may be a secret: a user and a password, a query.
fn without_secrets(url: &str) -> String {
    let (address, rest) = match url.find(['?', '#']) {
        Some(end) => (&url[..end], "…"),
        None => (url, ""),
    };
    match address.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}{rest}"),
        None => format!("{address}{rest}"),
    }
}

/// Parses the body of a successful answer.
pub(crate) fn value<T: DeserializeOwned>(
    answer: &Answer,
    attempts: u32,
    was_write: bool,
) -> Result<T, Error> {
    serde_json::from_slice(&answer.body).map_err(|error| {
        let detail = format!("{error}: {}", quoted(&answer.body));
        let status = answer.status;
        Error::new(Cause::Unreadable { status, detail }, attempts, was_write)
    })
}
