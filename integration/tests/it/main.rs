//! Black-box tests: the real binary on real stores, talked to over HTTP, killed, cut off and flooded.
//!
//! One file for each promise. A test of both stores is a function of a `TestStore`, and `each_store`
//! makes two tests of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// Makes a test for each store of each function named.
macro_rules! each_store {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&wallet_integration::store::TestStore::sqlite()) })+
        }
        mod postgres {
            $(#[test] fn $name() { super::$name(&wallet_integration::store::TestStore::postgres()) })+
        }
    };
}

mod adopt;
mod architecture;
mod backup;
mod bank;
mod canaries;
mod classic_contract;
mod clocks;
mod contended;
mod copy;
mod crash;
mod demo;
mod examples;
mod exchange;
mod forged;
mod health;
mod holds;
mod idempotency;
mod import;
mod judges;
mod keys;
mod kubernetes;
mod lifecycle;
mod load;
mod lost_answers;
mod malformed;
mod metrics;
mod migrations;
mod outage;
mod pages;
mod proof;
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
