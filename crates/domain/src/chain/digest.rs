//! The content of a record, as bytes that are the same in every store, and their digest.
//!
//! The length of every value is either fixed or written before it, so no two records have the same
//! bytes. Records are destructured field by field: a new field does not compile here until it is
//! decided how to digest it. A change of the encoding invalidates every older link; so a new field
//! is written only where it is present.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::records::{
    AccessKey, Account, AccountChange, ChainEntry, CurrencyPair, Direction, FixedSide, Hold,
    OperatorAction, Quote, Rate, RecordKind, Transfer, TransferDetails, TransferPart,
    VelocityLimit,
};
use crate::values::{Amount, Currency, CurrencyCode, Metadata, Timestamp};

pub(crate) fn transfer_entry(transfer: &Transfer) -> ChainEntry {
    let Transfer {
        id,
        transfer_type,
        currency_code,
        amount,
        created_at,
        details,
        reverses,
        hold,
        account_change,
        link,
        quote_id,
        parts,
    } = transfer;
    let TransferDetails {
        reference,
        metadata,
        effective_at,
        created_by,
    } = details;
    let mut said = Said::default();
    said.id(id.as_uuid());
    said.text(transfer_type.as_str());
    said.currency(*currency_code);
    said.amount(amount);
    said.time(*created_at);
    said.optional(reference.as_ref(), |said, it| said.text(it.as_str()));
    said.metadata(metadata);
    said.optional(*effective_at, Said::time);
    said.optional(created_by.as_ref(), |said, it| said.text(it.as_str()));
    said.optional(*reverses, |said, it| said.id(it.as_uuid()));
    said.optional(hold.as_ref(), Said::hold);
    said.optional(account_change.as_ref(), Said::account_change);
    said.optional(link.leader(), |said, it| said.id(it.as_uuid()));
    said.optional(link.followers(), |said, it| said.number(it.into()));
    said.optional(*quote_id, |said, it| said.id(it.as_uuid()));
    said.each(parts, Said::part);
    said.entry(RecordKind::Transfer, id.as_uuid().into_bytes())
}

/// Only the fields of an account that never change.
pub(crate) fn account_entry(account: &Account) -> ChainEntry {
    let mut said = Said::default();
    said.id(account.id.as_uuid());
    said.currency(account.currency_code);
    said.time(account.created_at);
    let external_id = account.external_id.as_ref();
    said.optional(external_id, |said, it| said.text(it.as_str()));
    said.metadata(&account.opening_metadata);
    said.entry(RecordKind::Account, account.id.as_uuid().into_bytes())
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
    let mut said = Said::default();
    said.id(id.as_uuid());
    said.currency(*base);
    said.currency(*counter);
    said.number(*version);
    said.amount(bid);
    said.amount(ask);
    said.time(*created_at);
    said.entry(RecordKind::Rate, id.as_uuid().into_bytes())
}

/// The exchange records which quote it used.
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
    let mut said = Said::default();
    said.id(id.as_uuid());
    said.id(rate_id.as_uuid());
    said.currency(*sell_currency_code);
    said.amount(sell_amount);
    said.currency(*buy_currency_code);
    said.amount(buy_amount);
    said.amount(spread_amount);
    said.text(match fixed_side {
        FixedSide::Sell => "sell",
        FixedSide::Buy => "buy",
    });
    said.time(*created_at);
    said.time(*expires_at);
    said.entry(RecordKind::Quote, id.as_uuid().into_bytes())
}

pub(crate) fn currency_entry(currency: &Currency) -> ChainEntry {
    let Currency { code, precision } = currency;
    let mut said = Said::default();
    said.currency(*code);
    said.number((*precision).into());
    said.entry(RecordKind::Currency, filled_up(code.as_str()))
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
    let mut said = Said::default();
    said.text(prefix);
    said.text(actor.as_str());
    said.0.extend(secret_hash.0);
    said.length(scopes.len());
    scopes.iter().for_each(|scope| said.text(scope.as_str()));
    said.optional(accounts.as_ref(), |said, accounts| {
        said.length(accounts.len());
        accounts.iter().for_each(|id| said.id(id.as_uuid()));
    });
    said.time(*created_at);
    said.optional(*expires_at, Said::time);
    said.entry(RecordKind::Key, filled_up(prefix))
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
    let mut said = Said::default();
    said.text(kind.as_str());
    said.text(subject);
    said.number(*number);
    said.time(*created_at);
    said.optional(created_by.as_ref(), |said, it| said.text(it.as_str()));
    said.metadata(metadata);
    said.entry(RecordKind::OperatorAction, action.id().into_bytes())
}

/// A short text as an id: currency codes and key prefixes have 12 bytes at most.
fn filled_up(text: &str) -> [u8; 16] {
    let mut id = [0; 16];
    for (place, byte) in id.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
    id
}

/// The bytes written so far.
struct Said(Vec<u8>);

impl Default for Said {
    fn default() -> Self {
        // A transfer with two parts fits.
        Self(Vec::with_capacity(512))
    }
}

impl Said {
    fn number(&mut self, number: u64) {
        self.0.extend(number.to_be_bytes());
    }

    fn id(&mut self, id: Uuid) {
        self.0.extend(id.as_bytes());
    }

    fn length(&mut self, length: usize) {
        // No text of ours is longer. If one were, two records might have the same bytes, and no
        // worse.
        self.0
            .extend(u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend(text.as_bytes());
    }

    fn currency(&mut self, code: CurrencyCode) {
        self.text(code.as_str());
    }

    fn time(&mut self, at: Timestamp) {
        self.0.extend(at.as_micros().to_be_bytes());
    }

    /// The same for all spellings of a number: without trailing zeros.
    fn amount(&mut self, amount: &Amount) {
        let (units, scale) = amount.units_and_scale();
        // Without the leading bytes that only repeat the sign; most amounts have few digits.
        let bytes = units.to_be_bytes();
        let sign = if units < 0 { u8::MAX } else { 0 };
        let start = bytes.iter().position(|byte| *byte != sign).unwrap_or(15);
        self.0.extend([scale, sign, (16 - start) as u8]);
        self.0.extend(&bytes[start..]);
    }

    fn optional<T>(&mut self, value: Option<T>, say: impl FnOnce(&mut Self, T)) {
        self.0.push(value.is_some().into());
        if let Some(value) = value {
            say(self, value);
        }
    }

    fn each<T>(&mut self, values: &[T], mut say: impl FnMut(&mut Self, &T)) {
        self.length(values.len());
        values.iter().for_each(|value| say(self, value));
    }

    fn metadata(&mut self, metadata: &Metadata) {
        let entries = metadata.entries();
        self.length(entries.len());
        for (key, value) in entries {
            self.text(key);
            self.text(value);
        }
    }

    fn hold(&mut self, hold: &Hold) {
        let Hold {
            id,
            sender_account_id,
            receiver_account_id,
            currency_code,
            amount,
            captured,
            state,
            created_at,
            expires_at,
        } = hold;
        self.id(id.as_uuid());
        self.id(sender_account_id.as_uuid());
        self.id(receiver_account_id.as_uuid());
        self.currency(*currency_code);
        self.amount(amount);
        self.amount(captured);
        self.text(state.as_str());
        self.time(*created_at);
        self.optional(*expires_at, Self::time);
    }

    fn account_change(&mut self, change: &AccountChange) {
        let AccountChange {
            credit_limit,
            status,
            velocity_limits,
        } = change;
        self.optional(credit_limit.as_ref(), Self::amount);
        self.optional(*status, |said, status| said.text(status.as_str()));
        self.optional(velocity_limits.as_deref(), |said, limits| {
            said.each(limits, Self::velocity_limit);
        });
    }

    fn velocity_limit(&mut self, limit: &VelocityLimit) {
        let VelocityLimit {
            window_seconds,
            count_max,
            amount_max,
        } = limit;
        self.number((*window_seconds).into());
        self.number((*count_max).into());
        self.optional(amount_max.as_ref(), Self::amount);
    }

    /// All fields of a part, even those that repeat its transfer: stores keep both.
    fn part(&mut self, part: &TransferPart) {
        let TransferPart {
            account_id,
            version,
            transfer_id: _,
            transfer_type,
            corresponding_account_id,
            direction,
            amount,
            currency_code,
            balance,
            held,
            credit_limit,
            status,
            created_at,
            effective_at,
        } = part;
        self.id(account_id.as_uuid());
        self.number(*version);
        self.text(transfer_type.as_str());
        self.optional(*corresponding_account_id, |said, it| said.id(it.as_uuid()));
        self.0.push(match direction {
            Direction::Incoming => 0,
            Direction::Outgoing => 1,
        });
        self.amount(amount);
        self.currency(*currency_code);
        self.amount(balance);
        self.amount(held);
        self.optional(credit_limit.as_ref(), Self::amount);
        self.text(status.as_str());
        self.time(*created_at);
        self.optional(*effective_at, Self::time);
    }

    fn entry(self, kind: RecordKind, id: [u8; 16]) -> ChainEntry {
        let digest: [u8; 32] = Sha256::digest(&self.0).into();
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        ChainEntry {
            kind,
            id,
            digest: half,
        }
    }
}
