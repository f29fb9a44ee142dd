//! The filters of each list, with values that match most rows, a few, or none.

use super::{FEW, LedgerSize, Share, days};
use crate::testing::fixtures::account_id;
use crate::{
    AccountFilter, AccountStatus, Actor, HoldFilter, HoldState, MetadataPair, QuoteFilter,
    QuoteStatus, ShortText, TransferFilter, TransferType,
};
use Share::{Few, Most};

/// A filter with a value.
pub(super) struct Choice<Filter> {
    /// Its parameter, or the first of two.
    pub(super) parameter: &'static str,
    pub(super) share: Share,
    /// Whether an index finds the rows that match.
    pub(super) is_found_by_index: bool,
    pub(super) set: Box<dyn Fn(&mut Filter)>,
}

impl<Filter> Choice<Filter> {
    /// The parameter without a value of it.
    pub(super) fn field(&self) -> &'static str {
        self.parameter.split('=').next().unwrap_or_default()
    }
}

/// An index finds the rows that match.
const INDEXED: bool = true;
/// Each row is checked.
const CHECKED: bool = false;

/// The choices of one filter.
fn add<Filter: 'static, Value: Clone + 'static>(
    choices: &mut Vec<Choice<Filter>>,
    (parameter, is_found_by_index): (&'static str, bool),
    values: impl IntoIterator<Item = (Share, Value)>,
    set: fn(&mut Filter, Value),
) {
    choices.extend(values.into_iter().map(|(share, value)| Choice {
        parameter,
        share,
        is_found_by_index,
        set: Box::new(move |filter| set(filter, value.clone())),
    }));
}

fn text(text: &str) -> Option<ShortText> {
    ShortText::new(text)
}

fn entry(key: &str, value: &str) -> Option<MetadataPair> {
    MetadataPair::new(key, value).ok()
}

fn currencies() -> [(Share, Option<crate::CurrencyCode>); 3] {
    [(Most, "USD"), (Few, "EUR"), (Share::None, "BTC")]
        .map(|(share, code)| (share, code.parse().ok()))
}

/// References of transfers, and of holds.
fn references() -> [(Share, Option<ShortText>); 3] {
    [(Most, "rent"), (Few, "invoice 31"), (Share::None, "none")]
        .map(|(share, reference)| (share, text(reference)))
}

/// Metadata entries of transfers, and of holds.
fn entries() -> [(Share, Option<MetadataPair>); 3] {
    [
        (Most, entry("channel", "app")),
        (Few, entry("order", "1042")),
        (Share::None, entry("order", "none")),
    ]
}

pub(super) fn account_choices() -> Vec<Choice<AccountFilter>> {
    let mut all = Vec::new();
    let ids = |ids: [u128; 2]| Some(ids.map(account_id).into());
    let values = [
        (Few, ids([1, 2])),
        (Share::None, ids([u128::MAX, u128::MAX - 1])),
    ];
    add(
        &mut all,
        ("ids", INDEXED),
        values,
        |it: &mut AccountFilter, ids| it.ids = ids,
    );
    let values = [(Few, text("external")), (Share::None, text("absent"))];
    add(&mut all, ("external_id", INDEXED), values, |it, text| {
        it.external_id = text;
    });
    add(
        &mut all,
        ("currency_code", INDEXED),
        currencies(),
        |it, code| it.currency_code = code,
    );
    let values = [
        (Most, AccountStatus::Active),
        (Few, AccountStatus::Closed),
        (Share::None, AccountStatus::Frozen),
    ];
    add(&mut all, ("status", CHECKED), values, |it, status| {
        it.statuses = vec![status];
    });
    let values = [
        (Most, entry("tier", "gold")),
        (Few, entry("tenant", "42")),
        (Share::None, entry("tenant", "none")),
    ];
    add(&mut all, ("metadata_key", CHECKED), values, |it, entry| {
        it.metadata = entry;
    });
    all
}

pub(super) fn transfer_choices(size: LedgerSize) -> Vec<Choice<TransferFilter>> {
    let mut all = Vec::new();
    let values = [(Most, 1), (Few, 2), (Share::None, 4)];
    add(
        &mut all,
        ("account_id", INDEXED),
        values,
        |it: &mut TransferFilter, number| {
            it.account_id = Some(account_id(number));
        },
    );
    add(
        &mut all,
        ("metadata_key", INDEXED),
        entries(),
        |it, entry| {
            it.metadata = entry;
        },
    );
    add(
        &mut all,
        ("reference", INDEXED),
        references(),
        |it, text| {
            it.reference = text;
        },
    );
    let newest = size.time_of(size.0 - size.0.min(FEW)).plus_micros(1);
    let values = [(Most, days(0)), (Few, newest), (Share::None, days(365))];
    add(&mut all, ("created_from", INDEXED), values, |it, time| {
        it.created_from = Some(time);
    });
    let oldest = size.time_of(FEW).plus_micros(1);
    let values = [(Most, days(365)), (Few, oldest), (Share::None, days(0))];
    add(&mut all, ("created_before", INDEXED), values, |it, time| {
        it.created_before = Some(time);
    });
    add(
        &mut all,
        ("currency_code", CHECKED),
        currencies(),
        |it, code| it.currency_code = code,
    );
    let values = [
        (Most, TransferType::Internal),
        (Few, TransferType::Withdraw),
        (Share::None, TransferType::Spread),
    ];
    add(&mut all, ("type", CHECKED), values, |it, kind| {
        it.transfer_types = vec![kind];
    });
    let values = [
        (Most, days(-365)),
        (Few, days(365)),
        (Share::None, days(3_650)),
    ];
    add(&mut all, ("effective_from", CHECKED), values, |it, time| {
        it.effective_from = Some(time);
    });
    let values = [
        (Most, days(3_650)),
        (Few, days(-180)),
        (Share::None, days(-3_650)),
    ];
    add(
        &mut all,
        ("effective_before", CHECKED),
        values,
        |it, time| {
            it.effective_before = Some(time);
        },
    );
    let values = [(Most, "shop"), (Few, "auditor"), (Share::None, "absent")];
    add(&mut all, ("created_by", CHECKED), values, |it, name| {
        it.created_by = Actor::new(name);
    });
    all
}

pub(super) fn hold_choices() -> Vec<Choice<HoldFilter>> {
    let mut all = Vec::new();
    add(
        &mut all,
        ("reference", INDEXED),
        references(),
        |it: &mut HoldFilter, text| it.reference = text,
    );
    let values = [(Most, 3), (Few, 2), (Share::None, 4)];
    add(&mut all, ("account_id", INDEXED), values, |it, number| {
        it.account_id = Some(account_id(number));
    });
    add(
        &mut all,
        ("metadata_key", INDEXED),
        entries(),
        |it, entry| {
            it.metadata = entry;
        },
    );
    let values = [
        (Most, HoldState::Captured),
        (Few, HoldState::Open),
        (Share::None, HoldState::Expired),
    ];
    add(&mut all, ("status", CHECKED), values, |it, state| {
        it.states = vec![state];
    });
    let values = [
        (Most, days(-1)),
        (Few, days(365)),
        (Share::None, days(3_650)),
    ];
    add(&mut all, ("expires_from", CHECKED), values, |it, time| {
        it.expires_from = Some(time);
    });
    let values = [
        (Most, days(3_650)),
        (Few, days(0)),
        (Share::None, days(-365)),
    ];
    add(&mut all, ("expires_before", CHECKED), values, |it, time| {
        it.expires_before = Some(time);
    });
    all
}

pub(super) fn quote_choices() -> Vec<Choice<QuoteFilter>> {
    let mut all = Vec::new();
    // What can be open is at most a day old.
    let open = [(Few, QuoteStatus::Open)];
    add(
        &mut all,
        ("status=open", INDEXED),
        open,
        |it: &mut QuoteFilter, status| {
            it.statuses = vec![status];
        },
    );
    let values = [(Most, QuoteStatus::Expired), (Few, QuoteStatus::Consumed)];
    add(&mut all, ("status", CHECKED), values, |it, status| {
        it.statuses = vec![status];
    });
    let values = [(Most, "EUR"), (Few, "BTC"), (Share::None, "GBP")];
    let values = values.map(|(share, code)| (share, code.parse().ok()));
    add(
        &mut all,
        ("sell_currency_code", CHECKED),
        values,
        |it, code| {
            it.sell_currency_code = code;
        },
    );
    add(
        &mut all,
        ("buy_currency_code", CHECKED),
        currencies(),
        |it, code| {
            it.buy_currency_code = code;
        },
    );
    all
}
