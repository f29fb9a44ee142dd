//! Holds, controls and statements.

use futures_util::TryStreamExt as _;
use uuid::Uuid;
use wallet_client::{
    AccountStatus, BatchItem, BatchMode, Client, ErrorCode, HoldFilter, HoldStatus, NewAccount,
    NewBatch, NewCapture, NewControls, NewHold, NewIncrease, NewTransfer, NewVoid, Period,
    TransferFilter, TransferType, VelocityLimit,
};
use wallet_integration::store::TestStore;

use super::calls::{funded, money, on};

#[test]
fn holds_controls_and_statements_are_what_the_client_reads_on_sqlite() {
    holds_controls_and_statements_are_what_the_client_reads(&TestStore::sqlite());
}

#[test]
fn holds_controls_and_statements_are_what_the_client_reads_on_postgresql() {
    holds_controls_and_statements_are_what_the_client_reads(&TestStore::postgres());
}

fn holds_controls_and_statements_are_what_the_client_reads(store: &TestStore) {
    on(store, async |client| {
        let buyer = funded(&client, "100").await;
        let shop = client.open_account(&NewAccount::new("USD")).await.unwrap();
        hold_and_capture(&client, buyer.id, shop.value.id).await;
        control_and_freeze(&client, buyer.id, shop.value.id).await;
    });
}

async fn hold_and_capture(client: &Client, buyer: Uuid, shop: Uuid) {
    let mut new = NewHold::new(buyer, shop, money("10"), "USD");
    new.details.reference = Some("order 7".to_owned());
    new.details
        .metadata
        .insert("shop".to_owned(), "7".to_owned());
    let placed = client.place_hold(&new).await.unwrap().value;
    assert_eq!(placed.hold.unwrap().status, HoldStatus::Open);
    let more = NewIncrease::new(money("5"));
    client.increase_hold(new.id, &more).await.unwrap();
    let mut part = NewCapture::new();
    part.amount = Some(money("6"));
    client.capture_hold(new.id, &part).await.unwrap();
    let described = client.read_hold(new.id).await.unwrap();
    let hold = &described.hold;
    assert_eq!(
        (&hold.amount, &hold.held_amount),
        (&money("15"), &money("9"))
    );
    assert_eq!(described.reference, new.details.reference);
    assert_eq!(described.metadata, new.details.metadata);
    let mut filter = HoldFilter::default();
    filter.account_id = Some(buyer);
    filter.statuses = vec![HoldStatus::Open, HoldStatus::Captured];
    filter.reference = new.details.reference.clone();
    let found = client.holds(filter.clone()).items();
    assert_eq!(found.try_collect::<Vec<_>>().await.unwrap(), [described]);
    filter.statuses = vec![HoldStatus::Voided, HoldStatus::Expired];
    let page = client.holds(filter).page(None).await.unwrap();
    assert!(page.data.is_empty(), "{page:?}");
    let voided = client
        .void_hold(new.id, &NewVoid::new())
        .await
        .unwrap()
        .value;
    assert_eq!(voided.hold.unwrap().status, HoldStatus::Voided);
    let error = client.read_hold(buyer).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::HoldNotFound));
}

async fn control_and_freeze(client: &Client, buyer: Uuid, shop: Uuid) {
    let tag = client.read_account(buyer).await.unwrap().etag;
    let mut controls = NewControls::new();
    controls.credit_limit = Some(money("50"));
    controls.velocity_limits = Some(vec![VelocityLimit::new(60, 5)]);
    let changed = client.change_controls(buyer, &controls, tag.as_ref()).await;
    let change = changed.unwrap().value.account_change.unwrap();
    assert_eq!(
        (change.credit_limit, change.status),
        (Some(money("50")), None)
    );
    let error = client
        .change_controls(buyer, &NewControls::new(), tag.as_ref())
        .await;
    assert_eq!(error.unwrap_err().code(), Some(&ErrorCode::AccountChanged));
    let mut controls = NewControls::new();
    controls.status = Some(AccountStatus::OutgoingFrozen);
    let freeze = BatchItem::AccountControls {
        account_id: buyer,
        controls,
    };
    let pay = NewTransfer::new(buyer, shop, money("1"), "USD");
    let items = vec![pay.clone().into(), freeze];
    client
        .send_batch(&NewBatch::new(BatchMode::Atomic, items))
        .await
        .unwrap();

    let made = client.read_transfer(pay.id).await.unwrap();
    assert_eq!(made.transfer_type, TransferType::Transfer);
    let mut filter = TransferFilter::default();
    filter.transfer_types = vec![TransferType::Transfer, TransferType::Fee];
    let found: Vec<_> = client
        .transfers(filter)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    let period = Period::new(Some(made.created_at), None);
    let page = client.statement(shop, period).page(None).await.unwrap();
    assert_eq!((page.count, page.opening_balance), (1, money("6")));
    let parts = client.parts(shop, period).page(None).await.unwrap();
    assert_eq!(parts.data, [page.data[0].entry.clone()]);
    let period = Period::new(None, Some(made.created_at));
    let page = client.statement(shop, period).page(None).await.unwrap();
    assert_eq!(page.closing_balance, money("6"));
}
