//! No filter is forgotten.

use super::*;

/// The fields of a filter that are set. A new field does not compile here until it is named.
trait Fields: Default {
    fn set(&self) -> Vec<bool>;
}

impl Fields for AccountFilter {
    fn set(&self) -> Vec<bool> {
        let Self {
            ids,
            currency_code,
            external_id,
            statuses,
            metadata,
        } = self;
        vec![
            ids.is_some(),
            currency_code.is_some(),
            external_id.is_some(),
            !statuses.is_empty(),
            metadata.is_some(),
        ]
    }
}

impl Fields for TransferFilter {
    fn set(&self) -> Vec<bool> {
        let Self {
            account_id,
            currency_code,
            transfer_types,
            reference,
            metadata,
            created_from,
            created_before,
            effective_from,
            effective_before,
            created_by,
        } = self;
        vec![
            account_id.is_some(),
            currency_code.is_some(),
            !transfer_types.is_empty(),
            reference.is_some(),
            metadata.is_some(),
            created_from.is_some(),
            created_before.is_some(),
            effective_from.is_some(),
            effective_before.is_some(),
            created_by.is_some(),
        ]
    }
}

impl Fields for HoldFilter {
    fn set(&self) -> Vec<bool> {
        let Self {
            account_id,
            states,
            reference,
            metadata,
            expires_from,
            expires_before,
        } = self;
        vec![
            account_id.is_some(),
            !states.is_empty(),
            reference.is_some(),
            metadata.is_some(),
            expires_from.is_some(),
            expires_before.is_some(),
        ]
    }
}

impl Fields for QuoteFilter {
    fn set(&self) -> Vec<bool> {
        let Self {
            sell_currency_code,
            buy_currency_code,
            statuses,
        } = self;
        vec![
            sell_currency_code.is_some(),
            buy_currency_code.is_some(),
            !statuses.is_empty(),
        ]
    }
}

/// The fields that no choice sets, by their numbers.
fn forgotten<Filter: Fields>(choices: &[Choice<Filter>]) -> Vec<usize> {
    let set = choices.iter().map(|choice| {
        let mut filter = Filter::default();
        (choice.set)(&mut filter);
        let set = filter.set();
        let count = set.iter().filter(|is_set| **is_set).count();
        assert_eq!(count, 1, "{} sets one field", choice.parameter);
        set
    });
    let set: Vec<Vec<bool>> = set.collect();
    let fields = Filter::default().set().len();
    (0..fields)
        .filter(|field| !set.iter().any(|set| set[*field]))
        .collect()
}

#[test]
fn every_field_of_every_filter_is_chosen() {
    let none: [usize; 0] = [];
    let size = LedgerSize(1_000);
    assert_eq!(forgotten(&account_choices()), none, "accounts");
    assert_eq!(forgotten(&transfer_choices(size)), none, "transfers");
    assert_eq!(forgotten(&hold_choices()), none, "holds");
    assert_eq!(forgotten(&quote_choices()), none, "quotes");
}

#[test]
fn filters_that_an_index_finds_are_bounded_and_others_are_where_they_skip_little() {
    let reads = large_reads(LedgerSize(1_000));
    let is_bounded = |name: &str| {
        let read = reads.iter().find(|read| read.to_string() == name);
        read.unwrap_or_else(|| panic!("no {name}")).is_bounded()
    };
    for (name, expected) in [
        ("transfers (), first page", true),
        ("transfers (type: Most), page far in", true),
        ("transfers (type: Few), first page", false),
        ("transfers (account_id: Most), first page", true),
        ("transfers (account_id: None, type: Few), first page", true),
        ("transfers (account_id: Most, type: Few), first page", false),
        (
            "transfers (created_from: Few, type: None), first page",
            true,
        ),
        (
            "transfers (created_from: Most, type: None), first page",
            false,
        ),
    ] {
        assert_eq!(is_bounded(name), expected, "{name}");
    }
}
