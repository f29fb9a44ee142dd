//! What to send: the kind of requests, the ids in them, where and how often.

use std::net::SocketAddr;
use std::time::{Duration, UNIX_EPOCH};

use clap::ValueEnum;
use uuid::{Builder, Uuid};

/// The number of transfers in a batch: the maximum that the service allows.
pub(super) const BATCH: u64 = 1_000;

/// The kind of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Traffic {
    /// Single transfers between uniformly chosen accounts.
    Uniform,
    /// Single transfers, all from the first account.
    Hot,
    /// Single holds between uniformly chosen accounts: placed, and captured in full by the
    /// connection's next request.
    Holds,
    /// [`BATCH`] independent transfers per request, between uniformly chosen accounts.
    Batches,
}

impl Traffic {
    /// The number of transfers in a request. Placing a hold is one, and so is capturing it.
    pub(super) fn transfers(self) -> u64 {
        match self {
            Self::Uniform | Self::Hot | Self::Holds => 1,
            Self::Batches => BATCH,
        }
    }

    /// Its name in tables.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Hot => "hot sender",
            Self::Holds => "holds",
            Self::Batches => "batches",
        }
    }
}

/// The kind of ids that the generator makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ids {
    /// UUIDs of version 7, in order of time, as the guides advise.
    #[default]
    Ordered,
    /// UUIDs of version 4. Each lands in another place of an index.
    Random,
}

impl Ids {
    /// The next id.
    pub(crate) fn next(self, random: &mut fastrand::Rng) -> Uuid {
        let bits = random.u128(..).to_ne_bytes();
        match self {
            Self::Random => Builder::from_random_bytes(bits).into_uuid(),
            Self::Ordered => {
                let since = UNIX_EPOCH.elapsed().unwrap_or_default();
                let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
                let mut rest = [0; 10];
                rest.copy_from_slice(&bits[..10]);
                Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
            }
        }
    }
}

/// What to send, and where.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    /// At least two accounts, all in USD and with enough money.
    pub(crate) accounts: Vec<Uuid>,
    pub(crate) traffic: Traffic,
    pub(crate) ids: Ids,
    pub(crate) connections: usize,
    pub(crate) duration: Duration,
    /// Requests per second over all connections; `None` sends as fast as answers come.
    pub(crate) rate: Option<f64>,
    pub(crate) seed: u64,
    /// The key to send with every request, if the service asks for keys.
    pub(crate) token: Option<String>,
}
