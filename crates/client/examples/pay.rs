//! Opens two accounts, pays from one to the other, and reads what the second one has.

use wallet_client::{Client, ClientOptions, Error, Money, NewAccount, NewDeposit, NewTransfer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("usage: pay URL")?;
    let client = Client::new(&url, ClientOptions::default())?;
    println!("the shop has {}", pay(&client).await?);
    Ok(())
}

pub(crate) async fn pay(client: &Client) -> Result<Money, Error> {
    let buyer = client.open_account(&NewAccount::new("USD")).await?.value;
    let shop = client.open_account(&NewAccount::new("USD")).await?.value;
    let deposit = NewDeposit::new(buyer.id, 100.into(), "USD");
    client.deposit(&deposit).await?;

    // Its id is made here. To survive a crash, keep the transfer before you send it.
    let mut transfer = NewTransfer::new(buyer.id, shop.id, 25.into(), "USD");
    transfer.details.reference = Some("invoice 4711".to_owned());
    match client.transfer(&transfer).await {
        Ok(written) => println!("paid {}", written.value.amount),
        Err(error) if error.may_have_been_applied() => {
            eprintln!("send it again later, with the same id: {error}");
            return Err(error);
        }
        Err(error) => {
            eprintln!("not paid: {error}");
            return Err(error);
        }
    }
    Ok(client.read_account(shop.id).await?.balance)
}
