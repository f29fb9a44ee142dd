//! Housekeeping of the service: many holds expire at once while one client sends one transfer at a
//! time. The service must not refuse that client, and must hardly delay it.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;
use wallet_integration::client::Client;

use crate::cell::Fixture;
use crate::generator::Traffic;
use crate::rows::{Common, Row};

/// How many holds are placed by one request.
const BATCH: usize = 100;

/// How long it may take until all have expired.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// How many holds expire at once.
    #[arg(long, default_value_t = 1_000)]
    holds: usize,
    /// How long before the load the holds are placed, in seconds: longer than that takes.
    #[arg(long, default_value_t = 20)]
    lead: u64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let common = &arguments.common;
    common.on_each_store(0, |fixture| measure(arguments, fixture))?;
    Ok(())
}

fn measure(arguments: &Arguments, fixture: &mut Fixture<'_>) -> Result<Vec<Row>> {
    let (name, duration) = (fixture.name(), arguments.common.duration());
    let service = fixture.start(&arguments.common.flags())?;
    let one = |fixture: &Fixture<'_>| fixture.load(&service, Traffic::Uniform, 1, duration, None);
    let alone = vec![one(fixture)];
    let alone = fixture.send_all(alone)?;

    let mut client = service.client();
    // The first answer takes longer: the client parses the contract that it checks all answers
    // against.
    client.get("/healthz")?;
    let begin = Instant::now() + Duration::from_secs(arguments.lead);
    // A third into the load.
    let end = SystemTime::now() + Duration::from_secs(arguments.lead) + duration / 3;
    place(&mut client, fixture.accounts(), arguments.holds, end)?;
    let left = begin.saturating_duration_since(Instant::now());
    ensure!(
        !left.is_zero(),
        "placing the holds took longer than --lead: give it more seconds"
    );
    thread::sleep(left);
    let loaded = vec![one(fixture)];
    let loaded = fixture.send_all(loaded)?;
    let late = last_expired(&mut client, arguments.holds)?.duration_since(end);
    // Each hold is a transfer when it is placed, and when it expires.
    fixture.add_sent(2 * arguments.holds as u64);
    eprintln!(
        "{name}: the last of {} holds was let go {:.1?} after its end",
        arguments.holds,
        late.unwrap_or_default()
    );
    service.stop()?;
    let loads = [
        "one at a time, alone".to_owned(),
        format!(
            "one at a time while {} holds expire at once",
            arguments.holds
        ),
    ];
    let rows = loads.into_iter().zip(alone.into_iter().chain(loaded));
    Ok(rows
        .map(|(load, measured)| Row::new(name, load, measured))
        .collect())
}

/// Places holds that expire at this time, one batch per request.
fn place(client: &mut Client, accounts: &[Uuid], holds: usize, end: SystemTime) -> Result<()> {
    let end = humantime::format_rfc3339_micros(end).to_string();
    let pairs = accounts.iter().zip(accounts.iter().cycle().skip(1)).cycle();
    let items: Vec<Value> = pairs
        .take(holds)
        .map(|(sender, receiver)| {
            json!({
                "type": "hold", "id": Uuid::new_v4().to_string(),
                "sender_account_id": sender.to_string(),
                "receiver_account_id": receiver.to_string(), "amount": "0.01",
                "currency_code": "USD", "expires_at": end,
            })
        })
        .collect();
    for items in items.chunks(BATCH) {
        let batch = json!({"mode": "atomic", "items": items}).to_string();
        let answer = client.post("/v1/batches", "application/json", &batch)?;
        ensure!(answer.status == 200, "POST /v1/batches: {}", answer.text);
    }
    Ok(())
}

/// Waits until this many holds have expired; returns when the last one did.
fn last_expired(client: &mut Client, holds: usize) -> Result<SystemTime> {
    let given_up = Instant::now() + PATIENCE;
    loop {
        let (mut count, mut newest, mut cursor) = (0, None, String::new());
        loop {
            let path = format!("/v1/transfers?type=expire&limit=100{cursor}");
            let page = client.get(&path)?.json();
            let page_items = page["data"].as_array().context("no list of transfers")?;
            count += page_items.len();
            if let (None, Some(first)) = (&newest, page_items.first()) {
                newest = Some(first["created_at"].as_str().context("no time")?.to_owned());
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        if let (true, Some(newest)) = (count >= holds, newest) {
            return Ok(humantime::parse_rfc3339_weak(&newest)?);
        }
        ensure!(
            Instant::now() < given_up,
            "{count} of {holds} holds expired"
        );
        thread::sleep(Duration::from_millis(50));
    }
}
