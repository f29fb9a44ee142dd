//! The content of a record, as bytes that are the same in every store, and their digest.
//!
//! The length of every value is either fixed or written before it, so no two records have the same
//! bytes. Records are destructured field by field: a new field does not compile here until it is
//! decided how to digest it. A change of the encoding invalidates every older link; so a new field
//! is written only where it is present.

mod encoder;

use self::encoder::Encoder;
use crate::records::{
    AccessKey, Account, ChainEntry, CurrencyPair, Effect, FixedSide, OperatorAction, Quote, Rate,
    RecordKind, Transfer, TransferDetails,
};
use crate::values::Currency;

pub(crate) fn transfer_entry(transfer: &Transfer) -> ChainEntry {
    let Transfer {
        id,
        transfer_type,
        currency_code,
        amount,
        created_at,
        details,
        effect,
        link,
        parts,
    } = transfer;
    let TransferDetails {
        reference,
        metadata,
        effective_at,
        created_by,
    } = details;
    // Each effect has its own place, which says whether it is there.
    let (reverses, hold, account_change, quote_id) = match effect {
        Effect::Moves => (None, None, None, None),
        Effect::Reverses(original) => (Some(original), None, None, None),
        Effect::Holds(hold) => (None, Some(hold), None, None),
        Effect::ChangesAccount(change) => (None, None, Some(change), None),
        Effect::Exchanges(quote_id) => (None, None, None, Some(quote_id)),
    };
    let mut encoder = Encoder::default();
    encoder.id(id.as_uuid());
    encoder.text(transfer_type.as_str());
    encoder.currency(*currency_code);
    encoder.amount(amount);
    encoder.time(*created_at);
    encoder.optional(reference.as_ref(), |encoder, it| encoder.text(it.as_str()));
    encoder.metadata(metadata);
    encoder.optional(*effective_at, Encoder::time);
    encoder.optional(created_by.as_ref(), |encoder, it| encoder.text(it.as_str()));
    encoder.optional(reverses, |encoder, it| encoder.id(it.as_uuid()));
    encoder.optional(hold, Encoder::hold);
    encoder.optional(account_change, Encoder::account_change);
    encoder.optional(link.leader(), |encoder, it| encoder.id(it.as_uuid()));
    encoder.optional(link.followers(), |encoder, it| encoder.number(it.into()));
    encoder.optional(quote_id, |encoder, it| encoder.id(it.as_uuid()));
    encoder.each(parts, Encoder::part);
    encoder.entry(RecordKind::Transfer, id.as_uuid().into_bytes())
}

/// Only the fields of an account that never change.
pub(crate) fn account_entry(account: &Account) -> ChainEntry {
    let mut encoder = Encoder::default();
    encoder.id(account.id.as_uuid());
    encoder.currency(account.currency_code);
    encoder.time(account.created_at);
    let external_id = account.external_id.as_ref();
    encoder.optional(external_id, |encoder, it| encoder.text(it.as_str()));
    encoder.metadata(&account.opening_metadata);
    encoder.entry(RecordKind::Account, account.id.as_uuid().into_bytes())
}

pub(crate) fn rate_entry(rate: &Rate) -> ChainEntry {
    let Rate {
        id,
        pair: CurrencyPair { base, counter },
        version,
        bid,
        ask,
        created_at,
    } = rate;
    let mut encoder = Encoder::default();
    encoder.id(id.as_uuid());
    encoder.currency(*base);
    encoder.currency(*counter);
    encoder.number(*version);
    encoder.amount(bid);
    encoder.amount(ask);
    encoder.time(*created_at);
    encoder.entry(RecordKind::Rate, id.as_uuid().into_bytes())
}

/// The exchange records which quote it consumed.
pub(crate) fn quote_entry(quote: &Quote) -> ChainEntry {
    let Quote {
        id,
        rate_id,
        sell_currency_code,
        sell_amount,
        buy_currency_code,
        buy_amount,
        spread_amount,
        fixed_side,
        created_at,
        expires_at,
        exchange_id: _,
    } = quote;
    let mut encoder = Encoder::default();
    encoder.id(id.as_uuid());
    encoder.id(rate_id.as_uuid());
    encoder.currency(*sell_currency_code);
    encoder.amount(sell_amount);
    encoder.currency(*buy_currency_code);
    encoder.amount(buy_amount);
    encoder.amount(spread_amount);
    encoder.text(match fixed_side {
        FixedSide::Sell => "sell",
        FixedSide::Buy => "buy",
    });
    encoder.time(*created_at);
    encoder.time(*expires_at);
    encoder.entry(RecordKind::Quote, id.as_uuid().into_bytes())
}

pub(crate) fn currency_entry(currency: &Currency) -> ChainEntry {
    let Currency { code, precision } = currency;
    let mut encoder = Encoder::default();
    encoder.currency(*code);
    encoder.number((*precision).into());
    encoder.entry(RecordKind::Currency, padded(code.as_str()))
}

/// Only the fields of a key that never change: an action records when it was revoked.
pub(crate) fn key_entry(key: &AccessKey) -> ChainEntry {
    let AccessKey {
        prefix,
        actor,
        secret_hash,
        scopes,
        accounts,
        created_at,
        expires_at,
        revoked_at: _,
    } = key;
    let mut encoder = Encoder::default();
    encoder.text(prefix);
    encoder.text(actor.as_str());
    encoder.bytes(&secret_hash.0);
    encoder.length(scopes.len());
    scopes.iter().for_each(|scope| encoder.text(scope.as_str()));
    encoder.optional(accounts.as_ref(), |encoder, accounts| {
        encoder.length(accounts.len());
        accounts.iter().for_each(|id| encoder.id(id.as_uuid()));
    });
    encoder.time(*created_at);
    encoder.optional(*expires_at, Encoder::time);
    encoder.entry(RecordKind::Key, padded(prefix))
}

pub(crate) fn action_entry(action: &OperatorAction) -> ChainEntry {
    let OperatorAction {
        kind,
        subject,
        number,
        created_at,
        created_by,
        metadata,
    } = action;
    let mut encoder = Encoder::default();
    encoder.text(kind.as_str());
    encoder.text(subject);
    encoder.number(*number);
    encoder.time(*created_at);
    encoder.optional(created_by.as_ref(), |encoder, it| encoder.text(it.as_str()));
    encoder.metadata(metadata);
    encoder.entry(RecordKind::OperatorAction, action.id().into_bytes())
}

/// A short text as an id: currency codes and key prefixes have 12 bytes at most.
fn padded(text: &str) -> [u8; 16] {
    let mut id = [0; 16];
    for (target, byte) in id.iter_mut().zip(text.bytes()) {
        *target = byte;
    }
    id
}
