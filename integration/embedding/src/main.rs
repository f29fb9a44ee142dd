//! A ticket shop that embeds the ledger: it reserves the price of a ticket, and the buyer does not
//! pay.
//!
//! Run it with the URL of a ledger, for example `sqlite:/tmp/shop.db`. It prints what the buyer can
//! spend: before, while the ticket is reserved, and after the reservation has expired by itself.

use std::error::Error;
use std::time::{Duration, Instant};

use uuid::Uuid;
use wallet_domain::{
    AccountId, Amount, Command, Deposit, InternalTransfer, InternalTransferFields, Ledger,
    OpenAccount, Outcome, PlaceHold, TransferId,
};
use wallet_ledger::{LedgerOptions, RunningLedger, now};

/// The time to pay for a ticket, in microseconds.
const RESERVED_MICROS: i64 = 2_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: embedding URL")?;
    let ledger = RunningLedger::open(&url, LedgerOptions::default()).await?;
    let served = reserve_a_ticket(&ledger).await;
    ledger
        .close(Instant::now() + Duration::from_secs(10))
        .await?;
    served
}

async fn reserve_a_ticket(ledger: &RunningLedger) -> Result<(), Box<dyn Error>> {
    let (buyer, shop) = (Uuid::now_v7(), Uuid::now_v7());
    let buyer_id = AccountId::new(buyer).ok_or("no id")?;
    let shop_id = AccountId::new(shop).ok_or("no id")?;
    let usd = "USD".parse()?;
    let deposit_id = TransferId::new(Uuid::now_v7()).ok_or("no id")?;
    let ticket = InternalTransfer::new(&InternalTransferFields {
        transfer_id: Some(Uuid::now_v7()),
        sender_account_id: Some(buyer),
        receiver_account_id: Some(shop),
        amount: Amount::parse("30")?,
        currency_code: "USD",
    });
    let ticket = ticket.map_err(|rejection| rejection.code())?;
    submit(
        ledger,
        Command::OpenAccount(OpenAccount::new(buyer_id, usd)),
    )
    .await?;
    submit(ledger, Command::OpenAccount(OpenAccount::new(shop_id, usd))).await?;
    let deposit = Deposit::new(deposit_id, buyer_id, Amount::parse("100")?, usd);
    submit(ledger, Command::Deposit(deposit)).await?;
    println!("available: {}", available(ledger, buyer_id).await?);

    let until = now().plus_micros(RESERVED_MICROS);
    submit(
        ledger,
        Command::PlaceHold(PlaceHold::new(ticket, Some(until))),
    )
    .await?;
    println!("reserved: {}", available(ledger, buyer_id).await?);

    // No call expires the hold: the ledger does.
    while available(ledger, buyer_id).await? != Amount::parse("100")? {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("expired: {}", available(ledger, buyer_id).await?);
    Ok(())
}

async fn submit(ledger: &RunningLedger, command: Command) -> Result<(), Box<dyn Error>> {
    match ledger.submit(vec![command.into()]).await?.pop() {
        Some(Outcome::Created(_) | Outcome::Exists(_)) => Ok(()),
        outcome => Err(format!("{outcome:?}").into()),
    }
}

async fn available(ledger: &RunningLedger, id: AccountId) -> Result<Amount, Box<dyn Error>> {
    let account = ledger.read(move |queries| queries.account(id)).await?;
    Ok(account.ok_or("no such account")?.available())
}
