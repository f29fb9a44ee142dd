//! Black-box tests: the real binary on real stores, called over HTTP, killed, disconnected and
//! overloaded.
//!
//! One file per guarantee. A test of both stores is a function of a `TestStore`; `each_store` makes
//! two tests of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// Makes a test for each store of each function named.
macro_rules! each_store {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            use wallet_integration::store::TestStore;
            $(#[test] fn $name() { super::$name(&TestStore::sqlite()) })+
        }
        mod postgres {
            use wallet_integration::store::TestStore;
            $(#[test] fn $name() { super::$name(&TestStore::postgres()) })+
        }
    };
}

mod adopt;
mod architecture;
mod backup;
mod bank;
mod canaries;
mod checkers;
mod classic_contract;
mod client;
mod clocks;
mod contended;
mod copy;
mod crash;
mod demo;
mod examples;
mod exchange;
mod forged;
mod guides;
mod health;
mod holds;
mod idempotency;
mod import;
mod keys;
mod kubernetes;
mod lifecycle;
mod lists;
mod load;
mod lost_answers;
mod malformed;
mod metrics;
mod migrations;
mod outage;
mod pages;
mod proof;
mod schema;
// Counts system calls with strace, which only Linux has.
#[cfg(target_os = "linux")]
mod syncs;
mod tls;
mod tokens;
mod traces;
mod v1;
mod verifications;
mod verify;
mod watchdog;
