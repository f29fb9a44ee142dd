//! Encodes values and records as bytes.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::records::{
    AccountChange, ChainEntry, Direction, Hold, RecordKind, TransferPart, VelocityLimit,
};
use crate::values::{Amount, CurrencyCode, Metadata, Timestamp};

/// The bytes written so far.
pub(super) struct Encoder(Vec<u8>);

impl Default for Encoder {
    fn default() -> Self {
        // A transfer with two parts fits.
        Self(Vec::with_capacity(512))
    }
}

impl Encoder {
    /// Bytes of a fixed length.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    pub(super) fn number(&mut self, number: u64) {
        self.0.extend(number.to_be_bytes());
    }

    pub(super) fn id(&mut self, id: Uuid) {
        self.0.extend(id.as_bytes());
    }

    pub(super) fn length(&mut self, length: usize) {
        // No text of ours is longer. If one were, two records might have the same bytes, and no
        // worse.
        self.0
            .extend(u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend(text.as_bytes());
    }

    pub(super) fn currency(&mut self, code: CurrencyCode) {
        self.text(code.as_str());
    }

    pub(super) fn time(&mut self, at: Timestamp) {
        self.0.extend(at.as_micros().to_be_bytes());
    }

    /// The same for all spellings of a number: without trailing zeros.
    pub(super) fn amount(&mut self, amount: &Amount) {
        let (units, scale) = amount.units_and_scale();
        // Without the leading bytes that only repeat the sign; most amounts have few digits.
        let bytes = units.to_be_bytes();
        let sign = if units < 0 { u8::MAX } else { 0 };
        let start = bytes.iter().position(|byte| *byte != sign).unwrap_or(15);
        self.0.extend([scale, sign, (16 - start) as u8]);
        self.0.extend(&bytes[start..]);
    }

    pub(super) fn optional<T>(&mut self, value: Option<T>, encode: impl FnOnce(&mut Self, T)) {
        self.0.push(value.is_some().into());
        if let Some(value) = value {
            encode(self, value);
        }
    }

    pub(super) fn each<T>(&mut self, values: &[T], mut encode: impl FnMut(&mut Self, &T)) {
        self.length(values.len());
        values.iter().for_each(|value| encode(self, value));
    }

    pub(super) fn metadata(&mut self, metadata: &Metadata) {
        let entries = metadata.entries();
        self.length(entries.len());
        for (key, value) in entries {
            self.text(key);
            self.text(value);
        }
    }

    pub(super) fn hold(&mut self, hold: &Hold) {
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

    pub(super) fn account_change(&mut self, change: &AccountChange) {
        let AccountChange {
            credit_limit,
            status,
            velocity_limits,
        } = change;
        self.optional(credit_limit.as_ref(), Self::amount);
        self.optional(*status, |encoder, status| encoder.text(status.as_str()));
        self.optional(velocity_limits.as_deref(), |encoder, limits| {
            encoder.each(limits, Self::velocity_limit);
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
    pub(super) fn part(&mut self, part: &TransferPart) {
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
        self.optional(*corresponding_account_id, |encoder, it| {
            encoder.id(it.as_uuid());
        });
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

    pub(super) fn entry(self, kind: RecordKind, id: [u8; 16]) -> ChainEntry {
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
