//! The pages of the service itself in a real Chromium: the API reference, the guides, and the list
//! of errors. `crates/http` tests that every link of them leads somewhere; this test covers what a
//! browser makes of their policies.

use wallet_integration::store::TestStore;

use super::browser::Browser;
use super::devtools::DevTools;
use super::service;

/// What a page's own policy refused, and what it wrote to the console as an error.
fn complaints(tools: &DevTools) -> Vec<String> {
    let refused = tools.seen("Audits.issueAdded").into_iter();
    let refused = refused.filter(|it| it["issue"]["code"] == "ContentSecurityPolicyIssue");
    let logged = tools.seen("Log.entryAdded").into_iter();
    let logged = logged.filter(|it| it["entry"]["level"] == "error");
    let written = tools.seen("Runtime.consoleAPICalled").into_iter();
    let written = written.filter(|it| it["type"] == "error");
    let thrown = tools.seen("Runtime.exceptionThrown").into_iter();
    let all = refused.chain(logged).chain(written).chain(thrown);
    all.map(ToString::to_string).collect()
}

/// Resolves when the page has what a selector finds.
fn has(selector: &str) -> String {
    format!(
        "new Promise(done => {{ const look = () => document.querySelector({selector:?}) \
         ? done(true) : requestAnimationFrame(look); look(); }})"
    )
}

#[test]
fn a_reader_gets_from_the_operations_to_a_guide_and_to_nothing_outside() {
    let Some(browser) = Browser::find(&[]) else {
        return;
    };
    let store = TestStore::sqlite();
    let service = service(&store, &[]);
    let origin = format!("http://{}", service.address());
    let mut tools = browser.open();

    tools.open(&format!("{origin}/docs"));
    tools.run(&has(".opblock"));
    tools.follow(".bar a[href='/docs/guides/']");
    tools.follow("main a[href='/docs/guides/holds']");
    let title = tools.run("document.querySelector('h1').textContent");
    assert_eq!(title, "Card hold and capture");
    // Its styles came, too: the table of contents is a column on the left.
    let is_left = "document.querySelector('nav').getBoundingClientRect().right <= \
                   document.querySelector('main').getBoundingClientRect().left";
    assert_eq!(tools.run(is_left), true);
    tools.follow(".bar a[href='/docs/errors']");
    assert_eq!(tools.run("location.pathname"), "/docs/errors");
    // As from the `type` of a problem.
    tools.run("location.hash = 'hold_expired'");
    let target = tools.run("document.querySelector(':target').innerText");
    assert!(
        target.as_str().unwrap().contains("hold_expired"),
        "{target}"
    );
    // On a phone, tables and code scroll, and the page does not.
    tools.narrow(390);
    for path in [
        "api",
        "guides/",
        "guides/holds",
        "operations",
        "metrics",
        "errors",
    ] {
        tools.open(&format!("{origin}/docs/{path}"));
        let width = tools.run("document.documentElement.scrollWidth");
        assert_eq!(width, 390, "{path}");
    }

    assert_eq!(complaints(&tools), Vec::<String>::new());
    let requests = tools.seen("Network.requestWillBeSent").into_iter();
    let urls: Vec<_> = requests
        .filter_map(|it| it["request"]["url"].as_str())
        .collect();
    assert!(urls.len() >= 10, "{urls:?}");
    let outside =
        |url: &&&str| !url.starts_with(&format!("{origin}/")) && !url.starts_with("data:");
    assert_eq!(urls.iter().find(outside), None);

    // And what the policy forbids is refused, and seen.
    tools.run(
        "new Promise(done => { addEventListener('securitypolicyviolation', done); \
         document.body.append(document.createElement('style')); \
         document.querySelector('body > style').textContent = 'b {}'; }).then(() => true)",
    );
    tools.wait_until(|tools| !complaints(tools).is_empty());
    service.stop().unwrap();
}
