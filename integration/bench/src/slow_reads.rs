//! Slow reads must not slow down payments: payments at a fixed rate, first alone, and then together
//! with clients whose key may only read, and who request lists with a filter that nothing matches.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use wallet_integration::client::Client;
use wallet_integration::service::{Launch, Profile, Service};

use crate::cell::Fixture;
use crate::generator::Traffic;
use crate::rows::{Common, Row};

/// No index helps here, and nothing is found.
const SLOW: &str = "/v1/transfers?metadata_key=no-such&metadata_value=no-such&limit=100";

const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// How many transfers the lists have to look through.
    #[arg(long, default_value_t = 1_000_000)]
    stored: usize,
    /// Payments a second, due at fixed times.
    #[arg(long, default_value_t = 50.0)]
    rate: f64,
    /// How many connections send them.
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// How many clients ask for slow lists.
    #[arg(long, default_value_t = 16)]
    readers: usize,
}

/// How many lists were answered, by status code (0: no answer at all), and how long the slowest
/// took.
type Lists = (BTreeMap<u16, usize>, Duration);

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let common = &arguments.common;
    common.on_each_store(arguments.stored, |fixture| measure(arguments, fixture))?;
    Ok(())
}

fn measure(arguments: &Arguments, fixture: &mut Fixture<'_>) -> Result<Vec<Row>> {
    let (name, duration) = (fixture.name(), arguments.common.duration());
    let pays = key(fixture, "shop", "transfer")?;
    let reads = key(fixture, "reader", "read")?;
    let mut flags = vec!["--auth", "keys"];
    flags.extend(arguments.common.flags());
    let service = fixture.start(&flags)?;
    let pay = |fixture: &Fixture<'_>| {
        let (connections, rate) = (arguments.connections, Some(arguments.rate));
        let mut load = fixture.load(&service, Traffic::Uniform, connections, duration, rate);
        load.token = Some(pays.clone());
        vec![load]
    };
    let alone = pay(fixture);
    let alone = fixture.send_all(alone)?;
    let loaded = pay(fixture);
    let (is_done, readers) = (AtomicBool::new(false), arguments.readers);
    let (loaded, lists) = thread::scope(|scope| {
        let read = || scope.spawn(|| read_until(&is_done, &service, &reads));
        let reading: Vec<_> = (0..readers).map(|_| read()).collect();
        let loaded = fixture.send_all(loaded);
        is_done.store(true, Ordering::SeqCst);
        let lists = reading.into_iter().map(|one| one.join());
        (loaded, lists.collect::<Vec<_>>())
    });
    service.stop()?;
    let (mut counts, mut slowest) = (BTreeMap::new(), Duration::ZERO);
    for list in lists {
        let (of_one, its_slowest): Lists = list.map_err(|_| anyhow!("a reader panicked"))?;
        for (status, count) in of_one {
            *counts.entry(status).or_insert(0) += count;
        }
        slowest = slowest.max(its_slowest);
    }
    eprintln!("{name}: lists by status {counts:?}, the slowest took {slowest:.1?}");
    let loads = [
        "payments alone".to_owned(),
        format!("payments with {readers} slow lists"),
    ];
    let rows = loads.into_iter().zip(alone.into_iter().chain(loaded?));
    Ok(rows
        .map(|(load, measured)| Row::new(name, load, measured))
        .collect())
}

/// Creates a key with the command; returns its token.
fn key(fixture: &Fixture<'_>, name: &str, scope: &str) -> Result<String> {
    let words = ["keys", "create", "--name", name, "--scope", scope];
    let flags = fixture.store().flags_without_migration().into_iter();
    let launch = flags.fold(Launch::new(words), Launch::arg);
    let ended = launch.build(Profile::Dist).run_to_end(PATIENCE)?;
    ensure!(ended.status.success(), "keys create: {}", ended.stderr);
    Ok(ended.stdout.trim().to_owned())
}

/// Requests one slow list after the other.
fn read_until(is_done: &AtomicBool, service: &Service, token: &str) -> Lists {
    let mut client: Client = service.client().with_token(token);
    let (mut counts, mut slowest) = (BTreeMap::new(), Duration::ZERO);
    while !is_done.load(Ordering::SeqCst) {
        let asked = Instant::now();
        let status = client.get(SLOW).map_or(0, |answer| answer.status);
        *counts.entry(status).or_insert(0) += 1;
        slowest = slowest.max(asked.elapsed());
    }
    (counts, slowest)
}
