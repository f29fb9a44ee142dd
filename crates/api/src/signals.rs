//! The signals that end the service: the first one asks, the second one does.

use std::io;
use std::process;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long a signal after the first one counts as the same request.
const ECHO: Duration = Duration::from_millis(200);

/// Whether the process was asked to stop. Clones are told of the same signal.
#[derive(Clone)]
pub(crate) struct Stop {
    asked: watch::Receiver<bool>,
}

impl Stop {
    /// Watches for SIGHUP, SIGTERM and SIGINT from now on. After the first of them a second one
    /// ends the process at once, whatever it is waiting for, unless it is only an echo of the
    /// first. Needs a tokio runtime that is never blocked.
    ///
    /// # Errors
    /// If the system has no room for the handlers.
    pub(crate) fn on_signals() -> io::Result<Self> {
        let mut signals = Signals {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        };
        let (sender, asked) = watch::channel(false);
        tokio::spawn(async move {
            let name = signals.next().await;
            tracing::info!(signal = name, "asked to stop; another signal ends at once");
            sender.send_replace(true);
            // Some senders ask twice at the same moment: the process, and the group that it is in.
            let echo = async {
                loop {
                    signals.next().await;
                }
            };
            let _: Result<(), _> = timeout(ECHO, echo).await;
            let name = signals.next().await;
            tracing::warn!(
                signal = name,
                "a second signal: ending at once; clients repeat what was not answered"
            );
            process::exit(1);
        });
        Ok(Self { asked })
    }

    /// Returns once the process was asked to stop, at once if that is past.
    pub(crate) async fn asked(&mut self) {
        // The sender lives as long as the runtime; without it no signal can arrive.
        if self.asked.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

struct Signals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.hangup.recv() => "SIGHUP",
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
