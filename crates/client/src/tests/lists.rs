//! Lists and statements: all entries of all pages, once, and an end that is one.

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::replies::account;
use super::server::{Server, Step, json as answer, problem};
use crate::{AccountFilter, Cause, ErrorCode, Period};

fn page(entries: usize, next_cursor: Option<&str>) -> Step {
    let data: Vec<Value> = (0..entries).map(|_| account()).collect();
    let has_more = next_cursor.is_some();
    answer(
        200,
        json!({"data": data, "has_more": has_more, "next_cursor": next_cursor}),
    )
}

#[tokio::test]
async fn a_stream_follows_the_cursors() {
    let server = Server::start([
        page(2, Some("a")),
        Step::Close,
        page(0, Some("b&c")),
        page(1, None),
    ])
    .await;
    let filter = AccountFilter {
        currency_code: Some("USD".to_owned()),
        ..AccountFilter::default()
    };
    let list = server.client().accounts(filter);
    let accounts: Vec<_> = list.items().try_collect().await.unwrap();
    assert_eq!(accounts.len(), 3);
    let targets: Vec<_> = server.seen().into_iter().map(|seen| seen.target).collect();
    let first = "/v1/accounts?currency_code=USD&limit=100";
    let expected = ["", "&cursor=a", "&cursor=a", "&cursor=b%26c"];
    assert_eq!(targets, expected.map(|rest| format!("{first}{rest}")));
}

#[tokio::test]
async fn a_page_is_read_when_it_is_asked_for() {
    let server = Server::start([page(2, Some("a")), page(2, None)]).await;
    let list = server.client().accounts(AccountFilter::default());
    let mut items = list.with_page_size(2).items();
    assert_eq!(server.seen().len(), 0);
    items.next().await.unwrap().unwrap();
    items.next().await.unwrap().unwrap();
    assert_eq!(server.seen().len(), 1);
    items.next().await.unwrap().unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_stream_ends_with_its_first_error() {
    let server = Server::start([page(1, Some("a")), problem(400, "invalid_cursor")]).await;
    let list = server.client().accounts(AccountFilter::default());
    let mut items = list.items();
    assert!(items.next().await.unwrap().is_ok());
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::InvalidCursor));
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn pages_that_lead_to_themselves_are_an_error() {
    let server = Server::start([page(1, Some("a")), page(1, Some("a"))]).await;
    let list = server.client().accounts(AccountFilter::default());
    let error = list.items().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(matches!(error.cause(), Cause::Unreadable { .. }), "{error}");
    // A larger circle is one, too, also if its pages are empty.
    let circle = ["a", "b", "c"].into_iter().cycle().take(30);
    let circle = circle.map(|next| page(0, Some(next)));
    let server = Server::start([page(1, Some("z"))].into_iter().chain(circle)).await;
    let list = server.client().accounts(AccountFilter::default());
    let error = list.items().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(matches!(error.cause(), Cause::Unreadable { .. }), "{error}");
    let endless = json!({"data": [], "has_more": true, "next_cursor": null});
    let server = Server::start([answer(200, endless)]).await;
    let list = server.client().accounts(AccountFilter::default());
    assert!(list.items().try_collect::<Vec<_>>().await.is_err());
}

const CSV: &str = "entry,version,reference\r\nopening_balance,1,\r\nclosing_balance,1,\r\n\
                   total,0,0,,\r\n";

#[tokio::test]
async fn a_statement_as_csv_is_whole_or_an_error() {
    let csv = |text: &str| Step::Answer(200, "Content-Type: text/csv\r\n", text.to_owned());
    let server = Server::start([
        problem(503, "service_unavailable"),
        csv(CSV),
        csv(&CSV[..40]),
        Step::Half(200, CSV.to_owned()),
        problem(404, "account_not_found"),
    ])
    .await;
    let statement = server.client().statement(Uuid::now_v7(), Period::default());
    let read = async || -> Result<Vec<u8>, crate::Error> {
        let pieces: Vec<_> = statement.csv().await?.try_collect().await?;
        Ok(pieces.concat())
    };
    assert_eq!(read().await.unwrap(), CSV.as_bytes());
    for _ in 0..2 {
        let error = read().await.unwrap_err();
        assert!(matches!(error.cause(), Cause::NoAnswer(_)), "{error}");
    }
    let error = read().await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::AccountNotFound));
    let accept = server.seen()[0].header("accept").map(str::to_owned);
    assert!(accept.is_some_and(|accept| accept.starts_with("text/csv")));
}

#[tokio::test]
async fn the_beginning_of_a_stream_has_no_more_time_than_the_policy_says() {
    let begun = "Transfer-Encoding: chunked\r\n";
    for step in [
        Step::Silence,
        // The head of a refusal, whose body never comes.
        Step::Head(404, begun),
    ] {
        let server = Server::start([step]).await;
        let client = server.client_with(|options| {
            options.retry.time_max = Duration::from_millis(200);
        });
        let statement = client.statement(Uuid::now_v7(), Period::default());
        let csv = tokio::time::timeout(Duration::from_secs(20), statement.csv());
        let error = csv.await.unwrap().err().unwrap();
        assert!(matches!(error.cause(), Cause::NoAnswer(_)), "{error}");
    }
}
