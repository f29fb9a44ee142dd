//! Chromium's own tools for developers, over its pipe: they steer a page, and see what it asks for
//! and what it is refused.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::ChildStdin;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::browser::Running;

/// A step takes less than a second; this is for a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// One page of a browser of its own, which ends with it.
pub(super) struct DevTools {
    requests: ChildStdin,
    messages: Receiver<Value>,
    calls: u64,
    session: Option<String>,
    events: Vec<Value>,
    // In this order: the folder is removed after the browser that writes to it.
    _running: Running,
    _profile: TempDir,
}

impl DevTools {
    /// Takes the pipes of a browser that has just been started with one page.
    pub(super) fn attach(mut running: Running, profile: TempDir) -> Self {
        let requests = running.0.stdin.take().unwrap();
        let replies = BufReader::new(running.0.stdout.take().unwrap());
        let (message, messages) = mpsc::channel();
        // It ends when the browser does.
        thread::spawn(move || {
            for text in replies.split(0).map_while(Result::ok) {
                let sent = serde_json::from_slice(&text).map(|it| message.send(it));
                sent.unwrap().ok()?;
            }
            Some(())
        });
        let mut tools = Self {
            requests,
            messages,
            calls: 0,
            session: None,
            events: Vec::new(),
            _running: running,
            _profile: profile,
        };
        let target = tools.call("Target.createTarget", json!({"url": "about:blank"}));
        let of_page = json!({"targetId": target["targetId"], "flatten": true});
        let attached = tools.call("Target.attachToTarget", of_page);
        tools.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Network", "Log", "Runtime", "Audits"] {
            tools.call(&format!("{domain}.enable"), json!({}));
        }
        tools
    }

    /// Opens a page, and waits until it is loaded.
    pub(super) fn open(&mut self, url: &str) {
        self.load(|tools| {
            let opened = tools.call("Page.navigate", json!({"url": url}));
            assert_eq!(opened["errorText"], Value::Null, "{url}: {opened}");
        });
    }

    /// Clicks on the first element that a selector finds, and waits until the page is loaded that
    /// it leads to.
    pub(super) fn follow(&mut self, selector: &str) {
        self.load(|tools| {
            tools.run(&format!("document.querySelector({selector:?}).click()"));
        });
    }

    fn load(&mut self, begin: impl FnOnce(&mut Self)) {
        let loaded = |tools: &Self| tools.seen("Page.loadEventFired").len();
        let before = loaded(self);
        begin(self);
        self.wait_until(|tools| loaded(tools) > before);
    }

    /// Gives the page a screen of this width, as of a phone.
    pub(super) fn narrow(&mut self, width: u32) {
        let screen = json!({"width": width, "height": 800, "deviceScaleFactor": 2, "mobile": true});
        self.call("Emulation.setDeviceMetricsOverride", screen);
    }

    /// Runs a script in the page: what it returns, or what its promise resolves to.
    pub(super) fn run(&mut self, script: &str) -> Value {
        let script = json!({"expression": script, "awaitPromise": true, "returnByValue": true});
        let ran = self.call("Runtime.evaluate", script);
        assert_eq!(ran["exceptionDetails"], Value::Null, "{ran}");
        ran["result"]["value"].clone()
    }

    /// The parameters of the events with one of these names, since the beginning.
    pub(super) fn seen(&self, name: &str) -> Vec<&Value> {
        let events = self.events.iter().filter(|event| event["method"] == name);
        events.map(|event| &event["params"]).collect()
    }

    /// Waits until the events that were seen are as wanted.
    pub(super) fn wait_until(&mut self, are_so: impl Fn(&Self) -> bool) {
        while !are_so(self) {
            self.read();
        }
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut request = json!({"id": self.calls, "method": method, "params": params});
        if let Some(session) = &self.session {
            request["sessionId"] = session.as_str().into();
        }
        write!(self.requests, "{request}\0").unwrap();
        loop {
            let message = self.read();
            if message["id"] == self.calls {
                assert_eq!(message["error"], Value::Null, "{method}: {message}");
                return message["result"].clone();
            }
        }
    }

    /// The next message; an event is kept, too.
    fn read(&mut self) -> Value {
        let message = self.messages.recv_timeout(PATIENCE).unwrap();
        if message["method"].is_string() {
            self.events.push(message.clone());
        }
        message
    }
}
