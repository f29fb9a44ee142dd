//! What entries of lists have, as fields of filters.

use super::Choice;
use crate::testing::contract::details;
use crate::{
    Account, AccountFilter, AccountStatus, Command, DescribedHold, HoldFilter, HoldState, Metadata,
    MetadataPair, Quote, QuoteFilter, QuoteStatus, Transfer, TransferFilter, TransferType,
};

/// A transfer between accounts with details that it shares with others.
pub(super) fn described(id: u128, from: u128, to: u128, number: u128) -> Command {
    let kind = if number.is_multiple_of(2) {
        "sale"
    } else {
        "loan"
    };
    let order = (number % 4).to_string();
    let metadata = [("kind", kind), ("order", order.as_str())];
    let effective = (!number.is_multiple_of(3)).then_some(-7_000_000 * number as i64);
    let reference = format!("invoice {}", number % 3);
    let attached = details::details(&reference, &metadata, effective);
    details::described(id, from, to, "0.5", attached)
}

fn pairs(metadata: &Metadata) -> Vec<MetadataPair> {
    let entries = metadata.entries().iter();
    let pairs = entries.map(|(key, value)| MetadataPair::new(key, value));
    pairs.map(|pair| pair.expect("it is an entry")).collect()
}

/// One choice for each field of the transfer.
pub(super) fn transfers(transfer: &Transfer) -> Vec<Choice<TransferFilter>> {
    let Transfer {
        currency_code,
        transfer_type,
        created_at,
        ..
    } = *transfer;
    let happened_at = transfer.details.effective_at.unwrap_or(created_at);
    let mut choices: Vec<Choice<TransferFilter>> = vec![
        Box::new(move |it| it.currency_code = Some(currency_code)),
        Box::new(move |it| it.transfer_types = vec![transfer_type]),
        Box::new(move |it| it.transfer_types = vec![TransferType::Fee, transfer_type]),
        Box::new(move |it| it.created_from = Some(created_at)),
        Box::new(move |it| it.created_before = Some(created_at)),
        Box::new(move |it| it.created_before = Some(created_at.plus_micros(1))),
        Box::new(move |it| it.effective_from = Some(happened_at)),
        Box::new(move |it| it.effective_before = Some(happened_at)),
        Box::new(move |it| it.effective_before = Some(happened_at.plus_micros(1))),
    ];
    for id in transfer.parts.iter().map(|part| part.account_id) {
        choices.push(Box::new(move |it| it.account_id = Some(id)));
    }
    if let Some(reference) = transfer.details.reference.clone() {
        choices.push(Box::new(move |it| it.reference = Some(reference.clone())));
    }
    for pair in pairs(&transfer.details.metadata) {
        choices.push(Box::new(move |it| it.metadata = Some(pair.clone())));
    }
    if let Some(actor) = transfer.details.created_by.clone() {
        choices.push(Box::new(move |it| it.created_by = Some(actor.clone())));
    }
    choices
}

/// One choice for each field of the account, and for its id among others.
pub(super) fn accounts(account: &Account, all: &[Account]) -> Vec<Choice<AccountFilter>> {
    let (id, currency_code, status) = (account.id, account.currency_code, account.status);
    let ids: Vec<_> = all.iter().map(|it| it.id).step_by(2).collect();
    let mut choices: Vec<Choice<AccountFilter>> = vec![
        Box::new(move |it| it.ids = Some([id].into())),
        Box::new(move |it| it.ids = Some(ids.iter().copied().chain([id]).collect())),
        Box::new(move |it| it.ids = Some([].into())),
        Box::new(move |it| it.currency_code = Some(currency_code)),
        Box::new(move |it| it.statuses = vec![status]),
        Box::new(move |it| it.statuses = vec![AccountStatus::Closed, status]),
    ];
    if let Some(external_id) = account.external_id.clone() {
        choices.push(Box::new(move |it| {
            it.external_id = Some(external_id.clone());
        }));
    }
    // An entry that an account no longer has, too.
    let metadata = [&account.metadata, &account.opening_metadata];
    for pair in metadata.into_iter().flat_map(pairs) {
        choices.push(Box::new(move |it| it.metadata = Some(pair.clone())));
    }
    choices
}

/// One choice for each field of the hold.
pub(super) fn holds(described: &DescribedHold) -> Vec<Choice<HoldFilter>> {
    let DescribedHold { hold, details } = described;
    let state = hold.state;
    let mut choices: Vec<Choice<HoldFilter>> = vec![
        Box::new(move |it| it.states = vec![state]),
        Box::new(move |it| it.states = vec![HoldState::Voided, HoldState::Open]),
    ];
    for id in [hold.sender_account_id, hold.receiver_account_id] {
        choices.push(Box::new(move |it| it.account_id = Some(id)));
    }
    if let Some(end) = hold.expires_at {
        choices.push(Box::new(move |it| it.expires_from = Some(end)));
        choices.push(Box::new(move |it| it.expires_before = Some(end)));
        choices.push(Box::new(move |it| {
            it.expires_before = Some(end.plus_micros(1));
        }));
    }
    if let Some(reference) = details.reference.clone() {
        choices.push(Box::new(move |it| it.reference = Some(reference.clone())));
    }
    for pair in pairs(&details.metadata) {
        choices.push(Box::new(move |it| it.metadata = Some(pair.clone())));
    }
    choices
}

/// Filters of the pair of the quote, of one side of it, and of none, with every choice of states.
pub(super) fn quotes(quote: &Quote) -> Vec<QuoteFilter> {
    let sides = [false, true].map(|is_given| is_given.then_some(quote.sell_currency_code));
    let other = [false, true].map(|is_given| is_given.then_some(quote.buy_currency_code));
    let pairs = sides.iter().flat_map(|sell| other.map(|buy| (*sell, buy)));
    let filters = pairs.flat_map(|(sell_currency_code, buy_currency_code)| {
        (0..8_usize).map(move |choice| {
            let statuses = QuoteStatus::ALL.into_iter();
            let statuses = statuses.filter(|status| choice & (1 << *status as usize) > 0);
            QuoteFilter {
                sell_currency_code,
                buy_currency_code,
                statuses: statuses.collect(),
            }
        })
    });
    filters.collect()
}
