//! Crashes under load: every acknowledged transfer is there exactly once, no refused one is, and a
//! retry resolves every unclear outcome.

use std::thread;
use std::time::Duration;

use wallet_integration::client::Replicas;
use wallet_integration::service::Service;
use wallet_integration::store::TestStore;

use crate::load::{Bank, exclusive, retried};

/// How often the binary is killed on each store.
const SERVICE_KILLS: usize = 20;
/// How often the database is killed.
const DATABASE_KILLS: usize = 3;

#[test]
fn twenty_kills_of_the_service_on_sqlite_lose_and_duplicate_nothing() {
    kill_the_service(&TestStore::sqlite(), 1);
}

/// With two replicas, the other one answers the retries, while the database may still be executing
/// what the dead one sent.
#[test]
fn twenty_kills_of_one_of_two_replicas_on_postgresql_lose_and_duplicate_nothing() {
    kill_the_service(&TestStore::dedicated_postgres(), 2);
}

fn kill_the_service(store: &TestStore, replicas: usize) {
    let _turn = exclusive();
    let bank = Bank::open(store);
    let mut services: Vec<_> = (0..replicas)
        .map(|_| Service::start(store).unwrap())
        .collect();
    let addresses: Vec<_> = services.iter().map(Service::address).collect();
    let replicas = Replicas::new(&addresses);
    let history = bank.run(&replicas, |progress| {
        // No two rounds are equally long, so the kills hit every phase of a commit.
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..SERVICE_KILLS {
            let goal = progress.acknowledged() + 10;
            progress.wait_for(goal);
            thread::sleep(Duration::from_millis(random.u64(50..500)));
            let victim = random.usize(..services.len());
            services[victim].kill_9().unwrap();
            services[victim] = Service::start(store).unwrap();
            replicas.set_address(victim, services[victim].address());
        }
    });
    for service in services {
        service.stop().unwrap();
    }
    bank.judge(store, &history);
    // Nearly every kill leaves some of the clients without an answer.
    assert!(
        retried(&history) >= SERVICE_KILLS,
        "the kills were noticed {} times",
        retried(&history)
    );
}

#[test]
fn kills_of_postgresql_under_a_running_service_lose_and_duplicate_nothing() {
    let _turn = exclusive();
    let store = TestStore::dedicated_postgres();
    let bank = Bank::open(&store);
    let service = Service::start(&store).unwrap();
    let history = bank.run(&Replicas::new(&[service.address()]), |progress| {
        for _ in 0..DATABASE_KILLS {
            let goal = progress.acknowledged() + 300;
            progress.wait_for(goal);
            let server = store.server().unwrap();
            server.kill().unwrap();
            // Longer than the service waits for a connection, so that clients notice.
            thread::sleep(Duration::from_millis(2_500));
            server.restart().unwrap();
        }
        let goal = progress.acknowledged() + 300;
        progress.wait_for(goal);
    });
    service.stop().unwrap();
    bank.judge(&store, &history);
    assert!(
        retried(&history) >= DATABASE_KILLS,
        "noticed {} times",
        retried(&history)
    );
}
