//! The end of what runs in the background.

use tokio::sync::watch;

/// Ends background work: when it is told to, or when it is dropped.
pub(crate) struct Stopper(watch::Sender<bool>);

/// Learns of the end. Clones learn of the same one.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stopper {
    pub(crate) fn new() -> (Self, Stop) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), Stop(receiver))
    }

    pub(crate) fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Returns at the end, at once if that is past.
    pub(crate) async fn asked(&mut self) {
        // Without a sender there is no ledger any more, which is an end, too.
        let _ = self.0.wait_for(|asked| *asked).await;
    }
}
