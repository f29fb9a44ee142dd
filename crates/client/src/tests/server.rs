//! A TCP server that answers each request with the next step of a script, and records the requests.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::{Client, ClientOptions, RetryPolicy};

/// What to do with a request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Answers with a status, more header lines, and a body.
    Answer(u16, &'static str, String),
    /// Sends the answer twice.
    Twice(u16, String),
    /// Sends an answer that names the request before.
    OfTheOneBefore(u16, String),
    /// Sends half of the answer, and closes.
    Half(u16, String),
    /// Sends the head of an answer with these lines, and nothing more.
    Head(u16, &'static str),
    /// Closes without an answer.
    Close,
    /// Never answers.
    Silence,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    /// By names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// The server. It ends with its runtime.
pub(crate) struct Server {
    url: String,
    state: Arc<Mutex<State>>,
}

struct State {
    script: VecDeque<Step>,
    seen: Vec<Seen>,
}

pub(crate) fn json(status: u16, body: impl Into<Value>) -> Step {
    Step::Answer(status, "", body.into().to_string())
}

pub(crate) fn problem(status: u16, code: &str) -> Step {
    let body = format!(r#"{{"code": "{code}", "status": {status}, "detail": "because"}}"#);
    Step::Answer(status, "", body)
}

impl Server {
    pub(crate) async fn start(script: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            script: script.into_iter().collect(),
            seen: Vec::new(),
        }));
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&serving)));
            }
        });
        Self { url, state }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A client that waits for milliseconds only.
    pub(crate) fn client(&self) -> Client {
        self.client_with(|_| {})
    }

    pub(crate) fn client_with(&self, change: impl FnOnce(&mut ClientOptions)) -> Client {
        let mut options = ClientOptions {
            retry: RetryPolicy {
                wait_first: Duration::from_millis(2),
                wait_max: Duration::from_millis(4),
                ..RetryPolicy::default()
            },
            ..ClientOptions::default()
        };
        change(&mut options);
        Client::new(&self.url, options).unwrap()
    }

    /// All requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.seen.clone()
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    while let Some(seen) = request(&mut stream).await {
        let (step, before, id) = {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let name = |seen: &Seen| seen.header("x-request-id").map(str::to_owned);
            let ids = [state.seen.last().and_then(name), name(&seen)];
            let [before, id] = ids.map(Option::unwrap_or_default);
            state.seen.push(seen);
            (state.script.pop_front(), before, id)
        };
        let named = |id: &str, status: u16, more: &str, body: &str| {
            let length = body.len();
            format!(
                "HTTP/1.1 {status} It\r\nContent-Length: {length}\r\nX-Request-Id: {id}\r\n\
                 {more}\r\n{body}"
            )
        };
        let whole = |status, more: &str, body: &str| named(&id, status, more, body);
        match step {
            Some(Step::Answer(status, more, body)) => {
                write(&mut stream, &whole(status, more, &body)).await;
            }
            Some(Step::Twice(status, body)) => {
                write(&mut stream, &whole(status, "", &body).repeat(2)).await;
            }
            Some(Step::OfTheOneBefore(status, body)) => {
                write(&mut stream, &named(&before, status, "", &body)).await;
            }
            Some(Step::Half(status, body)) => {
                let text = whole(status, "", &body);
                return write(&mut stream, &text[..text.len() - body.len() / 2]).await;
            }
            Some(Step::Head(status, more)) => {
                let head = format!("HTTP/1.1 {status} It\r\n{more}\r\n");
                write(&mut stream, &head).await;
                return std::future::pending().await;
            }
            Some(Step::Silence) => std::future::pending().await,
            Some(Step::Close) | None => return,
        }
    }
}

/// The client may have gone.
async fn write(stream: &mut TcpStream, text: &str) {
    let _ = stream.write_all(text.as_bytes()).await;
}

/// The next request, if the client sends one.
async fn request(stream: &mut TcpStream) -> Option<Seen> {
    let mut text = Vec::new();
    let head = loop {
        if let Some(end) = text.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break String::from_utf8(text.drain(..end + 4).collect()).unwrap();
        }
        text.push(stream.read_u8().await.ok()?);
    };
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: BTreeMap<_, _> = headers
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(Ok(0), |it| it.parse());
    let mut body = vec![0; length.unwrap()];
    stream.read_exact(&mut body).await.ok()?;
    Some(Seen {
        method,
        target,
        headers,
        body: String::from_utf8(body).unwrap(),
    })
}
