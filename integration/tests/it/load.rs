//! The bank load: a few clients that move money back and forth between few accounts, so that they
//! always conflict, and that record every answer.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use bigdecimal::BigDecimal;
use uuid::Uuid;
use wallet_integration::books::Ledger;
use wallet_integration::client::{Client, Payment, Replicas};
use wallet_integration::fund::{Funded, fund};
use wallet_integration::history::{Clock, History, Moment, Outcome, check};
use wallet_integration::store::TestStore;

/// How many clients there are.
const CLIENTS: u64 = 8;
/// How many accounts they share.
const ACCOUNTS: usize = 10;
/// The opening balance of each account: so low that some payments are refused.
const OPENING_BALANCE: u32 = 100;
/// The largest payment, in cents.
const CENTS_MAX: u64 = 60_00;
/// How long a client retries one payment before its outcome counts as unknown, which is a finding.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a run may take to reach its goal.
const RUN_TIMEOUT: Duration = Duration::from_secs(150);
/// The refusals that this load provokes.
const CODES: [&str; 1] = ["insufficient_funds"];

/// Waits for exclusive use of the machine and holds it: tests with many clients would disturb each
/// other's measurements.
pub(crate) fn exclusive() -> MutexGuard<'static, ()> {
    static HEAVY: Mutex<()> = Mutex::new(());
    match HEAVY.try_lock() {
        Ok(turn) => return turn,
        // A failed test has left nothing behind that affects the next one.
        Err(TryLockError::Poisoned(turn)) => return turn.into_inner(),
        Err(TryLockError::WouldBlock) => {}
    }
    // The watchdog does not count this time. `println` would be captured and only appear after a
    // failure.
    let say = |what: &str| {
        let thread = thread::current();
        let line = format!("test {} {what}\n", thread.name().unwrap_or_default());
        // If no process reads the output, there is no watchdog.
        let _ = std::io::stdout().write_all(line.as_bytes());
    };
    say("waits for its turn");
    let turn = HEAVY.lock().unwrap_or_else(PoisonError::into_inner);
    say("has its turn");
    turn
}

/// The minimum duration of the banks of holds and of currencies: `WALLET_BANK_SECONDS`, or three
/// seconds.
pub(crate) fn opening_time() -> Duration {
    let seconds = std::env::var("WALLET_BANK_SECONDS");
    Duration::from_secs(seconds.map_or(3, |seconds| seconds.parse().unwrap()))
}

/// Some funded accounts, shared by the clients.
pub(crate) struct Bank {
    accounts: Vec<Uuid>,
    clock: Clock,
    before: Ledger,
}

/// The progress of a run, shared by its clients and by the function that disturbs them.
#[derive(Default)]
pub(crate) struct Progress {
    acknowledged: AtomicUsize,
    stop: AtomicBool,
}

impl Progress {
    /// Waits until this many transfers were acknowledged.
    pub(crate) fn wait_for(&self, acknowledged: usize) {
        let deadline = Instant::now() + RUN_TIMEOUT;
        while self.acknowledged() < acknowledged {
            let so_far = self.acknowledged();
            assert!(
                Instant::now() < deadline,
                "{so_far} of {acknowledged} after {RUN_TIMEOUT:?}"
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// How many transfers were acknowledged so far.
    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::SeqCst)
    }
}

impl Bank {
    /// Opens the accounts; no service may be using the store yet.
    pub(crate) fn open(store: &TestStore) -> Self {
        let accounts: Vec<_> = (0..ACCOUNTS).map(|_| Uuid::now_v7()).collect();
        let funded = |&id| Funded {
            id,
            currency_code: "USD",
            balance: OPENING_BALANCE.into(),
        };
        fund(store, accounts.iter().map(funded)).unwrap();
        let before = Ledger::load(store).unwrap();
        Self {
            accounts,
            clock: Clock::start(),
            before,
        }
    }

    /// The time on this bank's clock, comparable with what its clients record.
    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Runs the clients against the replicas, and `disturb` at the same time; returns when
    /// `disturb` has returned and each client has its last answer.
    pub(crate) fn run(&self, replicas: &Replicas, disturb: impl FnOnce(&Progress)) -> History {
        let progress = Progress::default();
        let mut history = History::default();
        thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|seed| {
                    let (replicas, progress) = (replicas.clone(), &progress);
                    scope.spawn(move || self.client(seed, &replicas, progress))
                })
                .collect();
            // The clients must end even if the disturbance fails, or the test would hang.
            let disturbed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                disturb(&progress);
            }));
            progress.stop.store(true, Ordering::SeqCst);
            for client in clients {
                history.merge(client.join().unwrap());
            }
            if let Err(panic) = disturbed {
                std::panic::resume_unwind(panic);
            }
        });
        history
    }

    /// One client: random payments, with one account hotter than the others; sometimes the list of
    /// all accounts, and sometimes a repeated payment.
    fn client(&self, seed: u64, replicas: &Replicas, progress: &Progress) -> History {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut client = Client::new(replicas);
        let mut history = History::default();
        let mut made: Option<Payment> = None;
        while !progress.stop.load(Ordering::SeqCst) {
            if random.u8(..20) == 0 {
                match client.read_balances(self.clock) {
                    Ok(read) => history.reads.push(read),
                    Err(_) => history.reads_failed += 1,
                }
                continue;
            }
            let payment = match made.take().filter(|_| random.u8(..20) == 0) {
                Some(again) => again,
                None => self.payment(&mut random),
            };
            let operation = client.pay(&payment, self.clock, PATIENCE);
            if operation.outcome == Outcome::Ok {
                progress.acknowledged.fetch_add(1, Ordering::SeqCst);
                made = Some(payment);
            }
            history.transfers.push(operation);
        }
        history
    }

    fn payment(&self, random: &mut fastrand::Rng) -> Payment {
        let first = if random.u8(..3) == 0 {
            0
        } else {
            random.usize(..ACCOUNTS)
        };
        let second = (first + random.usize(1..ACCOUNTS)) % ACCOUNTS;
        let (sender, receiver) = if random.bool() {
            (first, second)
        } else {
            (second, first)
        };
        let cents = BigDecimal::new(random.u64(1..CENTS_MAX).into(), 2);
        Payment::usd(self.accounts[sender], self.accounts[receiver], cents)
    }

    /// Proves the books and compares them with the answers that the clients received.
    #[track_caller]
    pub(crate) fn judge(&self, store: &TestStore, history: &History) {
        let ledger = Ledger::load(store).unwrap();
        let findings = check(history, &self.before.transfer_ids(), &ledger, &CODES);
        let listed = findings.len().min(20);
        assert!(
            findings.is_empty(),
            "{} findings:\n{}",
            findings.len(),
            findings[..listed].join("\n")
        );
        assert!(!history.reads.is_empty(), "no client read the accounts");
    }
}

/// How many transfers needed a second attempt.
pub(crate) fn retried(history: &History) -> usize {
    let retried = history
        .transfers
        .iter()
        .filter(|one| one.first_invoked != one.last_invoked);
    retried.count()
}
