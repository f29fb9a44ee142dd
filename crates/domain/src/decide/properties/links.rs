//! Properties of linked transfers, exchanges, and velocity limits, after every command.

use std::collections::HashMap;

use bigdecimal::BigDecimal;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::commands::history;
use super::{cases, run};
use crate::testing::InMemoryStore;
use crate::testing::fixtures::NOW;
use crate::{
    Account, AccountId, Direction, LedgerQueries, Link, Outcome, Recorded, Spending, Timestamp,
    Transfer, TransferType,
};

/// Each follows the first one, under the id derived from the first one's, and moves money between
/// two accounts.
fn check_linked(store: &InMemoryStore, transfers: &[Transfer]) -> Result<(), TestCaseError> {
    let (first, others) = transfers.split_first().expect("there is a first one");
    let ids: Vec<_> = others.iter().map(|transfer| transfer.id).collect();
    prop_assert_eq!(first.link, Link::Leads(others.len() as u8));
    prop_assert_eq!(first.followers().collect::<Vec<_>>(), ids);
    for transfer in transfers {
        let stored = store.transfer(transfer.id).expect("memory reads");
        prop_assert_eq!(stored.map(|state| state.transfer), Some(transfer.clone()));
        prop_assert_eq!(transfer.parts.len(), 2);
    }
    for transfer in others {
        prop_assert_eq!(transfer.link, Link::Follows(first.id));
        prop_assert_eq!(transfer.quote_id(), None);
        if transfer.transfer_type == TransferType::Fee {
            prop_assert!(transfer.amount <= first.amount, "{transfer:?} of {first:?}");
            prop_assert_eq!(
                transfer.account(Direction::Outgoing),
                first.account(Direction::Outgoing)
            );
        }
    }
    Ok(())
}

/// Recounts what left an account within each of its windows.
fn check_velocity(
    account: &Account,
    spent: &[Spending],
    at: Timestamp,
) -> Result<(), TestCaseError> {
    for limit in &account.velocity_limits {
        let begin = at.plus_micros(-i64::from(limit.window_seconds) * 1_000_000);
        let within = || spent.iter().filter(|it| it.created_at > begin);
        prop_assert!(
            within().count() <= limit.count_max as usize,
            "{limit:?} {spent:?}"
        );
        let sum: BigDecimal = within().map(|it| it.amount.as_decimal()).sum();
        let most = limit.amount_max.as_ref().map(|most| most.as_decimal());
        prop_assert!(most.is_none_or(|most| sum <= *most), "{limit:?} {spent:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn links_quotes_and_limits_keep_their_promises_after_every_command(commands in history()) {
        let store = InMemoryStore::new();
        let mut spent: HashMap<AccountId, Vec<Spending>> = HashMap::new();
        let mut used = HashMap::new();
        for (command, index) in commands.iter().zip(0..) {
            let at = NOW.plus_micros(index * 300_000);
            let outcome = run(&store, std::slice::from_ref(command), at).remove(0);
            let transfers = match &outcome {
                Outcome::Created(Recorded::Transfer(transfer)) => std::slice::from_ref(transfer),
                Outcome::Created(Recorded::Linked(transfers)) => {
                    check_linked(&store, transfers)?;
                    transfers
                }
                _ => continue,
            };
            for transfer in transfers {
                if let Some(quote_id) = transfer.quote_id() {
                    let quote = store.quote(quote_id).expect("memory reads").expect("it exists");
                    prop_assert_eq!(quote.exchange_id, Some(transfer.id));
                    prop_assert_eq!(&quote.sell_amount, &transfer.amount);
                    prop_assert!(transfer.created_at < quote.expires_at);
                    prop_assert_eq!(used.insert(quote_id, transfer.id), None, "used twice");
                }
                let leaves = transfer.parts.iter().filter(|part| {
                    part.direction == Direction::Outgoing && part.transfer_type.moves_money()
                });
                for part in leaves {
                    let account = store.account(part.account_id).expect("memory reads");
                    let account = account.expect("it exists");
                    // Spendings from before there were limits do not count.
                    let spent = spent.entry(account.id).or_default();
                    if !account.velocity_limits.is_empty() {
                        spent.push(Spending {
                            account_id: account.id,
                            version: part.version,
                            amount: part.amount.clone(),
                            created_at: part.created_at,
                        });
                        check_velocity(&account, spent, part.created_at)?;
                    }
                }
            }
        }
        for quote in store.all_quotes() {
            prop_assert_eq!(quote.exchange_id, used.get(&quote.id).copied());
            prop_assert!(!quote.spread_amount.is_negative());
        }
    }
}
