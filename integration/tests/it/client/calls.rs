//! Every call against the real service, and what comes back.

use futures_util::TryStreamExt as _;
use uuid::Uuid;
use wallet_client::{
    Account, AccountChanges, AccountFilter, AccountStatus, BatchItem, BatchMode, BatchOutcome,
    Client, ErrorCode, Fee, FeePrice, FixedAmount, FixedSide, ItemStatus, Money, NewAccount,
    NewBatch, NewCurrency, NewDeposit, NewExchange, NewQuote, NewRate, NewReversal, NewSplit,
    NewTransfer, NewWithdrawal, Period, QuoteFilter, QuoteStatus, SplitReceivers, TimeAxis,
    TransferFilter, TransferType, VerificationStatus,
};
use wallet_integration::books;
use wallet_integration::judged_line::JudgedLine;
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use super::faulty_proxy::verified;
use super::{client, run};

each_store!(
    accounts_are_opened_described_and_listed,
    money_is_moved_split_and_taken_back,
    the_past_is_read_as_pages_entries_and_csv,
    currencies_are_exchanged_and_books_proved,
    batches_say_what_became_of_each_item,
);

pub(super) fn money(text: &str) -> Money {
    text.parse().unwrap()
}

pub(super) async fn funded(client: &Client, amount: &str) -> Account {
    let account = client.open_account(&NewAccount::new("USD")).await.unwrap();
    let deposit = NewDeposit::new(account.value.id, money(amount), "USD");
    client.deposit(&deposit).await.unwrap();
    client.read_account(account.value.id).await.unwrap()
}

/// Runs calls against a service on this store, and proves the books.
pub(super) fn on(store: &TestStore, calls: impl AsyncFnOnce(Client)) {
    let service = Service::start(store).unwrap();
    let line = JudgedLine::start(service.address()).unwrap();
    run(calls(client(&line)));
    assert!(line.assert_right() > 0);
    service.stop().unwrap();
    books::prove(store).unwrap();
}

fn accounts_are_opened_described_and_listed(store: &TestStore) {
    on(store, async |client| {
        let mut new = NewAccount::new("USD");
        new.external_id = Some("customer 4711".to_owned());
        new.metadata.insert("tier".to_owned(), "gold".to_owned());
        let opened = client.open_account(&new).await.unwrap();
        assert!(opened.value.id == new.id && !opened.is_replay);
        let again = client.open_account(&new).await.unwrap();
        assert!(again.is_replay && again.value == opened.value);
        client.open_account(&NewAccount::new("USD")).await.unwrap();

        let account = client.read_account(new.id).await.unwrap();
        let mut changes = AccountChanges::default();
        changes.metadata.insert("tier".to_owned(), None);
        changes
            .metadata
            .insert("risk".to_owned(), Some("low".to_owned()));
        let tag = account.etag.as_ref();
        let changed = client.change_account(new.id, &changes, tag).await.unwrap();
        assert_eq!(
            changed.value.metadata,
            [("risk".to_owned(), "low".to_owned())].into()
        );
        let error = client
            .change_account(new.id, &changes, tag)
            .await
            .unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::AccountChanged));
        let tag = changed.value.etag.as_ref();
        client.change_account(new.id, &changes, tag).await.unwrap();

        let mut filter = AccountFilter::default();
        filter.external_id = new.external_id.clone();
        let found: Vec<_> = client.accounts(filter).items().try_collect().await.unwrap();
        assert_eq!(found.len(), 1);
        let mut filter = AccountFilter::default();
        filter.ids = Some(vec![new.id, Uuid::now_v7()]);
        filter.statuses = vec![AccountStatus::Active, AccountStatus::Frozen];
        filter.metadata = Some(("risk".to_owned(), "low".to_owned()));
        let these = client.accounts(filter).page(None).await.unwrap();
        assert_eq!(these.data, found);
        let all = client.accounts(AccountFilter::default()).with_page_size(1);
        assert!(all.page(None).await.unwrap().has_more);
        assert_eq!(all.items().try_collect::<Vec<_>>().await.unwrap().len(), 2);
        let error = client.read_account(Uuid::now_v7()).await.unwrap_err();
        assert_eq!(error.problem().unwrap().status, 404);
    });
}

fn money_is_moved_split_and_taken_back(store: &TestStore) {
    on(store, async |client| {
        let buyer = funded(&client, "100").await.id;
        let shop = funded(&client, "1").await.id;
        let mut new = NewTransfer::new(buyer, shop, money("10"), "USD");
        new.fee = Some(Fee::new(shop, FeePrice::BasisPoints(100)));
        new.if_available_at_least = Some(money("50"));
        new.details.reference = Some("invoice 1".to_owned());
        new.details
            .metadata
            .insert("order".to_owned(), "7".to_owned());
        let dry = client.dry_run().transfer(&new).await.unwrap();
        assert!(dry.is_dry_run && client.read_transfer(new.id).await.is_err());
        let made = client.transfer(&new).await.unwrap().value;
        assert_eq!(
            (made.id, made.parts[0].balance.to_string()),
            (new.id, "90.00".to_owned())
        );
        assert_eq!(made.followers[0].transfer_type, TransferType::Fee);
        assert_eq!(made.followers[0].amount, money("0.1"));
        assert!(client.transfer(&new).await.unwrap().is_replay);

        let fine = NewTransfer::new(buyer, shop, money("0.005"), "USD");
        let error = client.strict().transfer(&fine).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::AmountPrecisionExceeded));
        assert_eq!(
            client.transfer(&fine).await.unwrap().value.amount,
            money("0.01")
        );

        let mut wrong = new.clone();
        wrong.id = Uuid::now_v7();
        wrong.currency_code = "not a code".to_owned();
        let error = client.transfer(&wrong).await.unwrap_err();
        let faults = &error.problem().unwrap().faults;
        assert_eq!(faults[0].pointer.as_deref(), Some("/currency_code"));

        let shares = SplitReceivers::from_shares(money("1"), [(shop, 1), (buyer, 2)]);
        let error = client.split(&NewSplit::new(buyer, "USD", shares)).await;
        assert_eq!(
            error.unwrap_err().code(),
            Some(&ErrorCode::AccountsMustBeDifferent)
        );
        let amounts = SplitReceivers::from_amounts([(shop, money("1")), (shop, money("2"))]);
        let split = NewSplit::new(buyer, "USD", amounts);
        assert_eq!(client.split(&split).await.unwrap().value.followers.len(), 1);

        let mut back = NewReversal::new();
        back.amount = Some(money("4"));
        let reversal = client.reverse(new.id, &back).await.unwrap().value;
        assert_eq!(reversal.reverses, Some(new.id));
        let read = client.read_transfer(new.id).await.unwrap();
        assert_eq!(read.reversed_amount, Some(money("4")));
        let out = NewWithdrawal::new(shop, money("1000"), "USD");
        let error = client.withdraw(&out).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::InsufficientFunds));
        assert!(!error.may_have_been_applied());
        let out = NewWithdrawal::new(shop, money("1"), "USD");
        let out = client.withdraw(&out).await.unwrap().value;
        assert_eq!(out.transfer_type, TransferType::Withdrawal);

        let mut filter = TransferFilter::default();
        filter.account_id = Some(buyer);
        filter.metadata = Some(("order".to_owned(), "7".to_owned()));
        filter.reference = new.details.reference.clone();
        filter.period.created_from = Some(made.created_at);
        let found: Vec<_> = client
            .transfers(filter)
            .items()
            .try_collect()
            .await
            .unwrap();
        assert!(
            found.iter().any(|transfer| transfer.id == new.id),
            "{found:?}"
        );
    });
}

fn the_past_is_read_as_pages_entries_and_csv(store: &TestStore) {
    on(store, async |client| {
        let account = funded(&client, "100").await;
        let other = funded(&client, "1").await.id;
        for _ in 0..5 {
            let mut new = NewTransfer::new(account.id, other, money("1"), "USD");
            new.details.reference = Some("a, \"b\"".to_owned());
            client.transfer(&new).await.unwrap();
        }
        let parts = client.parts(account.id, Period::default());
        let parts: Vec<_> = parts.with_page_size(2).items().try_collect().await.unwrap();
        let versions: Vec<u64> = parts.iter().map(|entry| entry.part.version).collect();
        assert_eq!(versions, [6, 5, 4, 3, 2, 1]);
        assert_eq!(parts[0].corresponding_account_id, Some(other));

        let after_deposit = parts[5].created_at;
        let then = client.read_balance(account.id, Some(after_deposit), TimeAxis::System);
        assert_eq!(then.await.unwrap().balance, money("100"));
        let now = client.read_balance(account.id, None, TimeAxis::Effective);
        assert_eq!(now.await.unwrap().balance, money("95"));

        let statement = client
            .statement(account.id, Period::default())
            .with_page_size(4);
        let page = statement.page(None).await.unwrap();
        assert_eq!((page.count, page.data.len(), page.has_more), (6, 4, true));
        assert_eq!(page.total_outgoing, money("5"));
        let csv: Vec<_> = statement.csv().await.unwrap().try_collect().await.unwrap();
        let csv = String::from_utf8(csv.concat()).unwrap();
        assert!(csv.contains("closing_balance,,,,,,,,,95.00,\r\n"), "{csv}");
        assert!(csv.contains(",95.00,\"a, \"\"b\"\"\"\r\n"), "{csv}");
        let entries: Vec<_> = statement.entries().try_collect().await.unwrap();
        assert_eq!(entries.len(), 6);
        assert_eq!(entries[5].reference.as_deref(), Some("a, \"b\""));
        assert_eq!(entries[5].entry, parts[0]);
    });
}

fn currencies_are_exchanged_and_books_proved(store: &TestStore) {
    on(store, async |client| {
        let new = NewCurrency::new("XTS", 3);
        assert!(!client.create_currency(&new).await.unwrap().is_replay);
        let error = client.create_currency(&NewCurrency::new("XTS", 2)).await;
        assert_eq!(error.unwrap_err().code(), Some(&ErrorCode::IdAlreadyUsed));
        let currency = client.read_currency("XTS").await.unwrap();
        assert_eq!(currency.precision, 3);
        assert!(client.currencies().await.unwrap().contains(&currency));

        let rate = NewRate::new("XTS", "USD", money("1.9"), money("2"));
        let set = client.set_rate(&rate).await.unwrap().value;
        assert_eq!((set.version, &set.ask), (1, &rate.ask));
        let rates: Vec<_> = client.rates().items().try_collect().await.unwrap();
        assert!(rates.contains(&set));
        let of_pair = client.rates_of_pair("XTS", "USD").items();
        assert_eq!(of_pair.try_collect::<Vec<_>>().await.unwrap(), [set]);
        let funds = NewDeposit::new(currency.liquidity_account_id, money("100"), "XTS");
        client.deposit(&funds).await.unwrap();

        let buyer = funded(&client, "100").await.id;
        let pocket = client.open_account(&NewAccount::new("XTS")).await.unwrap();
        let mut new = NewQuote::new("USD", "XTS", FixedAmount::Sell(money("10")));
        new.valid_for_seconds = Some(60);
        let quote = client.create_quote(&new).await.unwrap().value;
        assert_eq!(
            (&quote.buy_amount, &quote.fixed_side),
            (&money("5"), &FixedSide::Sell)
        );
        let new = NewExchange::new(quote.id, buyer, pocket.value.id);
        let made = client.exchange(&new).await.unwrap().value;
        assert_eq!(made.transfer_type, TransferType::Exchange);
        assert_eq!(made.quote_id, Some(quote.id));
        let used = client.read_quote(quote.id).await.unwrap();
        assert_eq!(used.exchange_id, Some(new.id));
        let mut filter = QuoteFilter::default();
        filter.statuses = vec![QuoteStatus::Consumed];
        let page = client.quotes(filter).page(None).await.unwrap();
        assert_eq!(page.data, [used]);
        let again = NewExchange::new(quote.id, buyer, pocket.value.id);
        let error = client.exchange(&again).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::QuoteAlreadyUsed));

        let proof = verified(&client).await;
        assert_eq!(proof.status, VerificationStatus::Passed, "{proof:?}");
        assert!(client.verifications().await.unwrap().contains(&proof));
    });
}

fn batches_say_what_became_of_each_item(store: &TestStore) {
    on(store, async |client| {
        let buyer = funded(&client, "10").await.id;
        let shop = NewAccount::new("USD");
        let pay = |amount: &str| NewTransfer::new(buyer, shop.id, money(amount), "USD");
        let items: Vec<BatchItem> = vec![
            shop.clone().into(),
            pay("3").into(),
            pay("30").into(),
            pay("4").into(),
        ];
        let atomic = NewBatch::new(BatchMode::Atomic, items.clone());
        let error = client.send_batch(&atomic).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::BatchRefused));
        let refused = BatchOutcome::from_problem(error.problem().unwrap()).unwrap();
        assert_eq!(refused.failed_index, Some(2));
        assert!(client.read_account(shop.id).await.is_err());

        let each = NewBatch::new(BatchMode::Independent, items);
        let done = client.send_batch(&each).await.unwrap();
        let statuses = |outcome: &BatchOutcome| -> Vec<ItemStatus> {
            let items = outcome.items.iter();
            items.map(|item| item.status.clone()).collect()
        };
        let (created, rejected) = (ItemStatus::Created, ItemStatus::Rejected);
        let expected = [created.clone(), created.clone(), rejected.clone(), created];
        assert_eq!(statuses(&done.value), expected);
        let again = client.send_batch(&each).await.unwrap().value;
        let replayed = ItemStatus::Replayed;
        let expected = [replayed.clone(), replayed.clone(), rejected, replayed];
        assert_eq!(statuses(&again), expected);
        assert_eq!(
            client.read_account(shop.id).await.unwrap().balance,
            money("7")
        );
    });
}
