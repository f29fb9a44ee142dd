//! The program in the README of `wallet-client` is the one in its folder of examples, and works.

use wallet_integration::judged_line::JudgedLine;
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use super::{client, run};

#[path = "../../../../crates/client/examples/pay.rs"]
#[expect(dead_code, reason = "the test calls what `main` calls")]
mod example;

#[test]
fn the_example_of_the_clients_readme_pays() {
    let readme = include_str!("../../../../crates/client/README.md");
    let program = include_str!("../../../../crates/client/examples/pay.rs");
    let (_, program) = program.split_once("\n\n").unwrap();
    // This test calls a function of it, which a reader need not know.
    let program = &program.replace("pub(crate) ", "");
    assert!(readme.contains(program), "the README has another program");

    let store = TestStore::sqlite();
    let service = Service::start(&store).unwrap();
    let line = JudgedLine::start(service.address()).unwrap();
    let balance = run(example::pay(&client(&line))).unwrap();
    assert!(line.assert_right() > 0);
    assert_eq!(balance.to_string(), "25.00");
    service.stop().unwrap();
}
