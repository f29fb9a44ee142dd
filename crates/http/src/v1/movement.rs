//! The bodies that move money, as commands: transfers, deposits and withdrawals, alone or in a batch.

use wallet_domain::{
    AccountId, Amount, Command, CurrencyCode, Deposit, InternalTransfer, InternalTransferFields,
    Precision, Rejection, Replay, Terms, TransferDetails, TransferId, Withdraw,
};

use super::fields::{self, Fields};

/// The three ways of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Transfer,
    Deposit,
    Withdrawal,
}

/// A body without its id.
pub(super) struct Movement {
    kind: Kind,
    sender: Option<AccountId>,
    receiver: Option<AccountId>,
    amount: Amount,
    currency_code: CurrencyCode,
    details: TransferDetails,
    terms: Terms,
}

/// Takes a movement out of the fields of a body; `None` if one that it needs is wrong.
pub(super) fn read(kind: Kind, fields: &mut Fields, precision: Precision) -> Option<Movement> {
    let (sender, receiver) = match kind {
        Kind::Transfer => (
            fields.required("sender_account_id", fields::account_id),
            fields.required("receiver_account_id", fields::account_id),
        ),
        Kind::Deposit => (None, fields.required("account_id", fields::account_id)),
        Kind::Withdrawal => (fields.required("account_id", fields::account_id), None),
    };
    let amount = fields.required("amount", fields::amount);
    let currency_code = fields.required("currency_code", fields::currency_code);
    let details = details(fields);
    let sender_available_at_least = match kind {
        Kind::Deposit => None,
        _ => fields.optional("if_available_at_least", fields::amount),
    };
    Some(Movement {
        kind,
        sender,
        receiver,
        amount: amount?,
        currency_code: currency_code?,
        details,
        terms: Terms {
            replay: Replay::SameContent,
            precision,
            sender_available_at_least,
        },
    })
}

/// What a body says about a transfer beside who, how much and in which currency.
pub(super) fn details(fields: &mut Fields) -> TransferDetails {
    let reference = fields.optional("reference", fields::short_text);
    let metadata = fields.optional("metadata", fields::metadata);
    TransferDetails {
        reference,
        metadata: metadata.unwrap_or_default(),
        effective_at: fields.optional("effective_at", fields::timestamp),
    }
}

impl Movement {
    /// The command, of which nothing is missing once the fields had no errors.
    pub(super) fn into_command(self, id: TransferId) -> Result<Command, Rejection> {
        let (amount, code) = (self.amount, self.currency_code);
        Ok(match self.kind {
            Kind::Transfer => {
                let fields = InternalTransferFields {
                    transfer_id: Some(id.as_uuid()),
                    sender_account_id: self.sender.map(|id| id.as_uuid()),
                    receiver_account_id: self.receiver.map(|id| id.as_uuid()),
                    amount,
                    currency_code: code.as_str(),
                };
                let transfer = InternalTransfer::new(&fields)?;
                Command::InternalTransfer(transfer.with(self.details, self.terms))
            }
            Kind::Deposit => {
                let receiver = self.receiver.ok_or(Rejection::ReceiverAccountIdIsEmpty)?;
                Command::Deposit(Deposit {
                    details: self.details,
                    terms: self.terms,
                    ..Deposit::new(id, receiver, amount, code)
                })
            }
            Kind::Withdrawal => {
                let sender = self.sender.ok_or(Rejection::SenderAccountIdIsEmpty)?;
                Command::Withdraw(Withdraw {
                    details: self.details,
                    terms: self.terms,
                    ..Withdraw::new(id, sender, amount, code)
                })
            }
        })
    }
}
