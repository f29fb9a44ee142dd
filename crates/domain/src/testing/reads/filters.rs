//! The filters of the lists, each with a name: every walk of a plan, alone and with all else.

use crate::testing::fixtures::account_id;
use crate::{
    AccountFilter, AccountStatus, Actor, HoldFilter, HoldState, MetadataPair, QuoteFilter,
    QuoteStatus, ShortText, Timestamp, TransferFilter, TransferType,
};

fn text(text: &str) -> Option<ShortText> {
    ShortText::new(text)
}

pub(super) fn hold_filters(middle: Timestamp) -> Vec<(&'static str, HoldFilter)> {
    let all = HoldFilter::default();
    let of_account = |filter: &HoldFilter| HoldFilter {
        account_id: Some(account_id(1)),
        ..filter.clone()
    };
    let open = |filter: &HoldFilter| HoldFilter {
        states: vec![HoldState::Open],
        ..filter.clone()
    };
    let with_reference = |filter: &HoldFilter| HoldFilter {
        reference: text("reference"),
        ..filter.clone()
    };
    let with_metadata = |filter: &HoldFilter| HoldFilter {
        metadata: MetadataPair::new("key", "value").ok(),
        ..filter.clone()
    };
    let ended = HoldFilter {
        states: vec![HoldState::Captured, HoldState::Expired],
        expires_from: Some(middle.plus_micros(-90_000_000)),
        expires_before: Some(middle.plus_micros(90_000_000)),
        ..all.clone()
    };
    vec![
        ("holds", all.clone()),
        ("open holds", open(&all)),
        ("holds of an account", of_account(&all)),
        ("open holds of an account", of_account(&open(&all))),
        ("ended holds of a period", ended.clone()),
        ("holds with a reference", with_reference(&all)),
        ("holds with metadata", with_metadata(&all)),
        (
            "holds of an account with a reference",
            of_account(&with_reference(&all)),
        ),
        (
            "holds of an account with metadata",
            of_account(&with_metadata(&all)),
        ),
        (
            "holds with a reference and all else",
            of_account(&with_reference(&with_metadata(&ended))),
        ),
        ("holds with metadata and all else", with_metadata(&ended)),
    ]
}

pub(super) fn quote_filters() -> Vec<(&'static str, QuoteFilter)> {
    let all = QuoteFilter::default();
    let of_a_pair = |filter: &QuoteFilter| QuoteFilter {
        sell_currency_code: Some("EUR".parse().expect("it is a code")),
        buy_currency_code: Some("USD".parse().expect("it is a code")),
        ..filter.clone()
    };
    let open = QuoteFilter {
        statuses: vec![QuoteStatus::Open],
        ..all.clone()
    };
    let ended = QuoteFilter {
        statuses: vec![QuoteStatus::Consumed, QuoteStatus::Expired],
        ..all.clone()
    };
    vec![
        ("the newest quotes of a pair", of_a_pair(&all)),
        ("open quotes of a pair", of_a_pair(&open)),
        ("ended quotes", ended),
        ("open quotes", open),
        ("the newest quotes", all),
    ]
}

pub(super) fn account_filters() -> Vec<(&'static str, AccountFilter)> {
    let all = AccountFilter::default();
    let by_currency = AccountFilter {
        currency_code: Some("USD".parse().expect("it is a code")),
        ..all.clone()
    };
    let by_external_id = AccountFilter {
        external_id: text("external"),
        ..by_currency.clone()
    };
    let by_ids = AccountFilter {
        ids: Some([1, 2, 3].map(account_id).into()),
        ..all.clone()
    };
    let checked = |filter: &AccountFilter| AccountFilter {
        statuses: vec![AccountStatus::Frozen, AccountStatus::Active],
        metadata: MetadataPair::new("key", "value").ok(),
        ..filter.clone()
    };
    vec![
        (" with a status and metadata", checked(&all)),
        (
            " of a currency with a status and metadata",
            checked(&by_currency),
        ),
        (
            " with ids and all else",
            AccountFilter {
                ids: by_ids.ids.clone(),
                ..checked(&by_external_id)
            },
        ),
        ("", all),
        (" with ids", by_ids),
        (" of a currency", by_currency),
        (" with an external id", by_external_id),
    ]
}

pub(super) fn transfer_filters(middle: Timestamp) -> Vec<(&'static str, TransferFilter)> {
    let all = TransferFilter::default();
    let by_account = TransferFilter {
        account_id: Some(account_id(1)),
        ..all.clone()
    };
    let by_reference = TransferFilter {
        reference: text("reference"),
        ..all.clone()
    };
    let by_metadata = TransferFilter {
        metadata: MetadataPair::new("key", "value").ok(),
        ..all.clone()
    };
    let within = |filter: &TransferFilter| TransferFilter {
        created_from: Some(middle.plus_micros(-90_000_000)),
        created_before: Some(middle.plus_micros(90_000_000)),
        ..filter.clone()
    };
    let happened = |filter: &TransferFilter| TransferFilter {
        effective_from: Some(middle.plus_micros(-90_000_000)),
        effective_before: Some(middle.plus_micros(90_000_000)),
        ..filter.clone()
    };
    let of_actor = |filter: &TransferFilter| TransferFilter {
        created_by: Actor::new("actor"),
        ..filter.clone()
    };
    vec![
        (
            " of a currency",
            TransferFilter {
                currency_code: Some("USD".parse().expect("it is a code")),
                ..all.clone()
            },
        ),
        (
            " of a kind",
            TransferFilter {
                transfer_types: vec![TransferType::Deposit],
                ..all.clone()
            },
        ),
        (
            " of some kinds",
            TransferFilter {
                transfer_types: vec![TransferType::Deposit, TransferType::Fee],
                ..all.clone()
            },
        ),
        (" of an actor", of_actor(&all)),
        (" that happened in a period", happened(&all)),
        (" of a period", within(&all)),
        (" of an account in a period", within(&by_account)),
        (
            " of a kind of an account",
            TransferFilter {
                transfer_types: vec![TransferType::Deposit],
                ..by_account.clone()
            },
        ),
        (" with a reference in a period", within(&by_reference)),
        (" with metadata in a period", within(&by_metadata)),
        (
            " with metadata and all else",
            TransferFilter {
                currency_code: Some("USD".parse().expect("it is a code")),
                reference: text("reference"),
                transfer_types: vec![TransferType::Deposit],
                ..of_actor(&happened(&within(&by_metadata)))
            },
        ),
        (
            " of an account with metadata",
            TransferFilter {
                metadata: by_metadata.metadata.clone(),
                ..by_account.clone()
            },
        ),
        (
            " of an account with all else",
            TransferFilter {
                currency_code: Some("USD".parse().expect("it is a code")),
                reference: text("reference"),
                metadata: by_metadata.metadata.clone(),
                ..of_actor(&happened(&within(&by_account)))
            },
        ),
        ("", all),
        (" of an account", by_account),
        (" with a reference", by_reference),
        (" with metadata", by_metadata),
    ]
}
