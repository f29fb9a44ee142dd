//! Two classes of clients: single transfers at a fixed rate, first alone, and then together with
//! clients that send batches as fast as they are answered. Single transfers must keep their
//! latency, and the service must refuse no request.

use anyhow::Result;

use crate::cell::Fixture;
use crate::generator::Traffic;
use crate::rows::{Common, Row};

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Single transfers a second, due at fixed times.
    #[arg(long, default_value_t = 500.0)]
    rate: f64,
    /// How many connections send them.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// How many clients send batches of 1,000.
    #[arg(long, default_value_t = 16)]
    bulk: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let common = &arguments.common;
    common.on_each_store(0, |fixture| measure(arguments, fixture))?;
    Ok(())
}

fn measure(arguments: &Arguments, fixture: &mut Fixture<'_>) -> Result<Vec<Row>> {
    let (name, duration) = (fixture.name(), arguments.common.duration());
    let service = fixture.start(&arguments.common.flags())?;
    let single = |fixture: &Fixture<'_>| {
        let (connections, rate) = (arguments.connections, Some(arguments.rate));
        fixture.load(&service, Traffic::Uniform, connections, duration, rate)
    };
    let alone = vec![single(fixture)];
    let alone = fixture.send_all(alone)?;
    let bulk = fixture.load(&service, Traffic::Batches, arguments.bulk, duration, None);
    let both = vec![single(fixture), bulk];
    let both = fixture.send_all(both)?;
    service.stop()?;
    let bulk = format!("{} clients with batches of 1,000", arguments.bulk);
    let loads = [
        "singles alone".to_owned(),
        format!("singles with {bulk}"),
        bulk,
    ];
    let measured = alone.into_iter().chain(both);
    let rows = loads.into_iter().zip(measured);
    Ok(rows
        .map(|(load, measured)| Row::new(name, load, measured))
        .collect())
}
