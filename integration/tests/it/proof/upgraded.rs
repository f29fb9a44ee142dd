//! Ledgers with a history from before `operator_actions`: the proof names what has no record until
//! an operator adopts it. From then on it names what is changed, and counts what was adopted.

use std::thread;

use wallet_domain::testing::fixtures::{NOW, access_key, account_id, open as opened};
use wallet_domain::{
    ADOPTED_MAX, AccessKey, Actor, ChangeMetadata, Command, Decision, LedgerStore, OperatorAction,
    OperatorActionKind, Outcome, ReadSet, Snapshot, StoreError, VerifyError, WholeStore, adopt,
    adoption_digest, execute, unrecorded,
};
use wallet_integration::store::TestStore;
use wallet_ledger::OpenStore;

use super::proved;

each_store!(
    a_ledger_from_before_operator_actions_is_proved_when_it_is_adopted,
    what_is_changed_after_the_adoption_is_named,
    a_repeated_migration_adopts_nothing,
    operators_who_adopt_at_the_same_time_adopt_once,
    one_adoption_has_a_limit,
    whatever_changes_about_a_record_changes_the_digest,
    a_ledger_that_went_back_to_the_older_build_and_returned_is_proved,
);

/// The steps that the older build does not know.
const NEW_STEPS: &str = "version >= '20261125000000'";

/// Writes as the build before `operator_actions`: the same rows and links, without any actions.
struct OlderBuild<'a>(&'a dyn WholeStore);

impl LedgerStore for OlderBuild<'_> {
    fn transact(
        &self,
        reads: &ReadSet,
        decide: &dyn Fn(Snapshot) -> Decision,
    ) -> Result<Vec<Outcome>, StoreError> {
        self.0.transact(reads, &|snapshot| {
            let mut decision = decide(snapshot);
            decision.writes.operator_actions.clear();
            decision
        })
    }
}

fn tier(number: u128, value: &str) -> Command {
    Command::ChangeMetadata(ChangeMetadata {
        account_id: account_id(number),
        changes: [("tier".to_owned(), Some(value.to_owned()))].into(),
        expected: None,
        created_by: None,
    })
}

fn key(byte: u8) -> AccessKey {
    AccessKey {
        revoked_at: (byte == 2).then(|| NOW.plus_micros(5)),
        ..access_key(byte)
    }
}

/// What the older build writes: accounts, changes of metadata, and keys, one of them revoked.
fn write_as_older_build(ledger: &OpenStore, first: u128) {
    let commands = [
        opened(first, "USD"),
        opened(first + 1, "USD"),
        tier(first, "silver"),
        tier(first, "gold"),
    ];
    for (command, micros) in commands.iter().zip(0..) {
        let at = NOW.plus_micros(micros);
        execute(
            &OlderBuild(&**ledger.whole()),
            std::slice::from_ref(command),
            at,
        )
        .unwrap();
    }
}

/// A ledger as the older build leaves it, with the schema of that build.
fn older_ledger(store: &TestStore) {
    let ledger = store.open().unwrap();
    write_as_older_build(&ledger, 1);
    ledger.keys().copy_access_key(&key(1)).unwrap();
    ledger.keys().copy_access_key(&key(2)).unwrap();
    drop(ledger);
    go_back(store);
    store.run_sql("DROP TABLE operator_actions").unwrap();
}

fn kinds(ledger: &OpenStore) -> Vec<OperatorActionKind> {
    let actions = ledger.whole().operator_actions(None, 100).unwrap();
    let mut kinds: Vec<_> = actions.iter().map(|action| action.kind).collect();
    kinds.sort();
    kinds
}

const ADOPTED: [OperatorActionKind; 5] = [
    OperatorActionKind::MetadataAdopted,
    OperatorActionKind::MetadataAdopted,
    OperatorActionKind::KeyAdopted,
    OperatorActionKind::KeyAdopted,
    OperatorActionKind::RevocationAdopted,
];

fn operator() -> Option<Actor> {
    Actor::new("operator:anna")
}

/// What `wallet-api adopt --confirm` does; gives the number of records.
fn adopted(ledger: &OpenStore) -> Result<usize, StoreError> {
    let records = unrecorded(&**ledger.whole())?;
    adopt(&**ledger.keys(), &records, NOW, operator().as_ref())?;
    Ok(records.len())
}

fn a_ledger_from_before_operator_actions_is_proved_when_it_is_adopted(store: &TestStore) {
    older_ledger(store);
    let ledger = store.open().unwrap();
    proved(&ledger).unwrap_err();
    assert_eq!(kinds(&ledger), []);
    assert_eq!(adopted(&ledger).unwrap(), ADOPTED.len());
    let first = proved(&ledger).unwrap();
    assert_eq!(first.adopted, ADOPTED.len() as u64);
    assert_eq!(kinds(&ledger), ADOPTED);
    let actions = ledger.whole().operator_actions(None, 100).unwrap();
    let by_operator = |it: &OperatorAction| it.created_by == operator();
    assert!(actions.iter().all(by_operator), "{actions:?}");
    drop(ledger);

    // Nothing is left to adopt, and the ledger keeps working.
    let ledger = store.open().unwrap();
    assert_eq!(adopted(&ledger).unwrap(), 0);
    assert_eq!(proved(&ledger).unwrap().head, first.head);
    let prefix = key(1).prefix;
    execute(
        &**ledger.whole(),
        &[tier(1, "platinum")],
        NOW.plus_micros(100),
    )
    .unwrap();
    ledger
        .keys()
        .revoke_access_key(&prefix, NOW.plus_micros(200), None)
        .unwrap();
    proved(&ledger).unwrap();
}

/// The record of applied migrations is not proved: any writer to the database can have a step
/// applied again.
fn a_repeated_migration_adopts_nothing(store: &TestStore) {
    let ledger = store.open().unwrap();
    execute(&**ledger.whole(), &[opened(1, "USD")], NOW).unwrap();
    ledger.keys().copy_access_key(&key(1)).unwrap();
    drop(ledger);
    go_back(store);
    let ledger = store.open().unwrap();
    let named = format!("key {}", key(1).prefix);
    match proved(&ledger) {
        Err(VerifyError::Contradiction(found)) if found.place == named => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(kinds(&ledger), [OperatorActionKind::AccountOpened]);
}

fn one_adoption_has_a_limit(store: &TestStore) {
    older_ledger(store);
    let sql = "UPDATE accounts SET metadata_version = 200000 WHERE metadata_version = 2";
    store.run_sql(sql).unwrap();
    let ledger = store.open().unwrap();
    assert_eq!(unrecorded(&**ledger.whole()).unwrap().len(), ADOPTED_MAX);
}

fn whatever_changes_about_a_record_changes_the_digest(store: &TestStore) {
    older_ledger(store);
    let ledger = store.open().unwrap();
    let seen = || adoption_digest(&unrecorded(&**ledger.whole()).unwrap());
    let mut digests = vec![seen()];
    for change in [
        "UPDATE access_keys SET actor = 'forged' WHERE revoked_at IS NULL",
        "UPDATE access_keys SET scopes = 'operate' WHERE revoked_at IS NULL",
        "UPDATE access_keys SET secret_hash = \
         (SELECT secret_hash FROM access_keys WHERE revoked_at IS NOT NULL)",
        "UPDATE access_keys SET expires_at = created_at WHERE revoked_at IS NULL",
        "UPDATE access_keys SET revoked_at = created_at WHERE revoked_at IS NOT NULL",
        "UPDATE accounts SET metadata = '{\"tier\":\"forged\"}' WHERE metadata_version = 2",
    ] {
        store.run_sql(change).unwrap();
        let digest = seen();
        assert!(!digests.contains(&digest), "{change}");
        digests.push(digest);
    }
}

fn what_is_changed_after_the_adoption_is_named(store: &TestStore) {
    older_ledger(store);
    let ledger = store.open().unwrap();
    adopted(&ledger).unwrap();
    proved(&ledger).unwrap();
    let account = format!("account {}", account_id(1).as_uuid());
    let revoked = format!("key {}", key(2).prefix);
    for (sql, back, named) in [
        (
            "UPDATE accounts SET metadata = '{\"tier\":\"forged\"}' WHERE metadata_version = 2",
            "UPDATE accounts SET metadata = '{\"tier\":\"gold\"}' WHERE metadata_version = 2",
            &account,
        ),
        (
            "UPDATE accounts SET metadata_version = 1 WHERE metadata_version = 2",
            "UPDATE accounts SET metadata_version = 2 WHERE metadata_version = 1",
            &account,
        ),
        (
            "UPDATE access_keys SET scopes = 'read' WHERE revoked_at IS NOT NULL",
            "UPDATE access_keys SET scopes = 'read,transfer,operate' WHERE revoked_at IS NOT NULL",
            &revoked,
        ),
        (
            "UPDATE access_keys SET actor = 'kept' WHERE revoked_at IS NOT NULL; \
             UPDATE access_keys SET revoked_at = NULL",
            "",
            &revoked,
        ),
    ] {
        store.run_sql(sql).unwrap();
        match proved(&ledger) {
            Err(VerifyError::Contradiction(found)) if found.to_string().contains(named) => {}
            other => panic!("{sql}: {other:?}"),
        }
        if !back.is_empty() {
            store.run_sql(back).unwrap();
            proved(&ledger).unwrap();
        }
    }
}

fn operators_who_adopt_at_the_same_time_adopt_once(store: &TestStore) {
    older_ledger(store);
    let ledger = store.open().unwrap();
    let records = unrecorded(&**ledger.whole()).unwrap();
    let keys = &**ledger.keys();
    let done: Vec<bool> = thread::scope(|scope| {
        let adopt = || scope.spawn(|| adopt(keys, &records, NOW, operator().as_ref()).is_ok());
        let operators: Vec<_> = (0..4).map(|_| adopt()).collect();
        operators.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|it| **it).count(), 1, "{done:?}");
    proved(&ledger).unwrap();
    assert_eq!(kinds(&ledger), ADOPTED);
}

fn a_ledger_that_went_back_to_the_older_build_and_returned_is_proved(store: &TestStore) {
    older_ledger(store);
    let ledger = store.open().unwrap();
    adopted(&ledger).unwrap();
    execute(&**ledger.whole(), &[opened(7, "USD"), tier(7, "gold")], NOW).unwrap();
    ledger.keys().add_access_key(&key(3), None).unwrap();
    drop(ledger);

    go_back(store);
    let older = store.open().unwrap();
    // The schema is the new one again; write what the older build would have written.
    let before = kinds(&older).len();
    write_as_older_build(&older, 11);
    execute(
        &OlderBuild(&**older.whole()),
        &[tier(7, "silver")],
        NOW.plus_micros(300),
    )
    .unwrap();
    older.keys().copy_access_key(&key(4)).unwrap();
    drop(older);
    go_back(store);

    let ledger = store.open().unwrap();
    // Two changes of one account, one of another, and a key.
    assert_eq!(adopted(&ledger).unwrap(), 4);
    proved(&ledger).unwrap();
    assert_eq!(kinds(&ledger).len(), before + 4);
}

/// Runs `down.sql` of each step that the older build does not know, as docs/OPERATIONS.md says.
fn go_back(store: &TestStore) {
    let kind = if store.file().is_some() {
        "sqlite"
    } else {
        "postgres"
    };
    let steps = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../migrations")
        .join(kind);
    let mut steps: Vec<_> = std::fs::read_dir(steps)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    steps.retain(|step| step.file_name().unwrap().to_string_lossy().as_ref() > "2026-11-24");
    steps.sort();
    assert!(!steps.is_empty());
    for step in steps.iter().rev() {
        let down = std::fs::read_to_string(step.join("down.sql")).unwrap();
        store.run_sql(&down).unwrap();
    }
    let rows = format!("DELETE FROM __diesel_schema_migrations WHERE {NEW_STEPS}");
    store.run_sql(&rows).unwrap();
}
