//! The database commits, and its answer is lost: whoever asks again with the same id is told the truth.

use wallet_integration::client::Replicas;
use wallet_integration::proxy::CommitCutter;
use wallet_integration::service::Launch;
use wallet_integration::store::TestStore;

use crate::load::{Bank, alone, retried};

const ACKNOWLEDGED_MIN: usize = 3_000;
/// One commit in twenty.
const CUTS_PER_MILLE: u32 = 50;
const SEED: u64 = 7;

#[test]
fn no_transfer_is_lost_or_doubled_when_answers_to_commits_are_cut() {
    let _alone = alone();
    let store = TestStore::postgres_of_its_own();
    let bank = Bank::open(&store);
    let proxy = CommitCutter::start(store.server_address().unwrap(), CUTS_PER_MILLE, SEED).unwrap();
    let flags = store.flags_through(proxy.address()).unwrap();
    let service = Launch::serving(flags).start().unwrap();
    let history = bank.run(&Replicas::at(&[service.address()]), |progress| {
        progress.wait_for(ACKNOWLEDGED_MIN);
    });
    service.stop().unwrap();
    bank.judge(&store, &history);
    assert!(
        proxy.answers_lost() >= 5,
        "{} of {} answers",
        proxy.answers_lost(),
        proxy.commits()
    );
    assert!(
        proxy.requests_lost() >= 5,
        "{} of {}",
        proxy.requests_lost(),
        proxy.commits()
    );
    assert!(
        retried(&history) >= 10,
        "the clients noticed only {} of the cuts",
        retried(&history)
    );
}
