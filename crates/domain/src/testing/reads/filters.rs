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
        (
            "holds of an account with a rare reference",
            HoldFilter {
                reference: text("rare"),
                ..of_account(&all)
            },
        ),
        (
            "holds of an account with rare metadata",
            HoldFilter {
                metadata: MetadataPair::new("rare", "value").ok(),
                ..of_account(&with_reference(&all))
            },
        ),
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
    let mut by_account = all.clone();
    by_account.account_id = Some(account_id(1));
    let mut by_reference = all.clone();
    by_reference.reference = text("reference");
    let by_metadata = with_entry(&all);
    let within = |filter: &TransferFilter| booked_around(filter, middle);
    let happened = |filter: &TransferFilter| happened_around(filter, middle);
    let of_kinds = |kinds: &[TransferType], filter: &TransferFilter| {
        let transfer_types = kinds.to_vec();
        TransferFilter {
            transfer_types,
            ..filter.clone()
        }
    };
    vec![
        (" of a currency", in_usd(&all)),
        (" of a kind", of_kinds(&[TransferType::Deposit], &all)),
        (
            " of some kinds",
            of_kinds(&[TransferType::Deposit, TransferType::Fee], &all),
        ),
        (" of an actor", by_actor(&all)),
        (" that happened in a period", happened(&all)),
        (" of a period", within(&all)),
        (" of an account in a period", within(&by_account)),
        (
            " of a kind of an account",
            of_kinds(&[TransferType::Deposit], &by_account),
        ),
        (" with a reference in a period", within(&by_reference)),
        (" with metadata in a period", within(&by_metadata)),
        (
            " with metadata and all else",
            TransferFilter {
                reference: text("reference"),
                ..in_usd(&by_actor(&happened(&within(&of_kinds(
                    &[TransferType::Deposit],
                    &by_metadata,
                )))))
            },
        ),
        (" of an account with metadata", with_entry(&by_account)),
        (
            " of an account with a rare reference",
            TransferFilter {
                reference: text("rare"),
                ..with_entry(&by_account)
            },
        ),
        (
            " of an account with rare metadata",
            TransferFilter {
                metadata: MetadataPair::new("rare", "value").ok(),
                ..by_account.clone()
            },
        ),
        (
            " of an account with all else",
            TransferFilter {
                reference: text("reference"),
                ..in_usd(&by_actor(&happened(&within(&with_entry(&by_account)))))
            },
        ),
        ("", all),
        (" of an account", by_account),
        (" with a reference", by_reference),
        (" with metadata", by_metadata),
    ]
}

fn booked_around(filter: &TransferFilter, middle: Timestamp) -> TransferFilter {
    TransferFilter {
        created_from: Some(middle.plus_micros(-90_000_000)),
        created_before: Some(middle.plus_micros(90_000_000)),
        ..filter.clone()
    }
}

fn happened_around(filter: &TransferFilter, middle: Timestamp) -> TransferFilter {
    TransferFilter {
        effective_from: Some(middle.plus_micros(-90_000_000)),
        effective_before: Some(middle.plus_micros(90_000_000)),
        ..filter.clone()
    }
}

fn with_entry(filter: &TransferFilter) -> TransferFilter {
    TransferFilter {
        metadata: MetadataPair::new("key", "value").ok(),
        ..filter.clone()
    }
}

fn in_usd(filter: &TransferFilter) -> TransferFilter {
    TransferFilter {
        currency_code: "USD".parse().ok(),
        ..filter.clone()
    }
}

fn by_actor(filter: &TransferFilter) -> TransferFilter {
    TransferFilter {
        created_by: Actor::new("actor"),
        ..filter.clone()
    }
}
