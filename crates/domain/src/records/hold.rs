//! Holds: money of a sender that is set aside for a receiver, until it is captured or let go.
//!
//! A hold is placed and changed by transfers, each with an id of its own, and each records the hold as it
//! left it. What may be done with a hold at which time is one table, [`HOLD_TABLE`]: the rules look there, the
//! documentation is made of it, and a test goes through every cell.

use crate::records::{Account, AccountStatus};
use crate::values::{AccountId, Amount, CurrencyCode, Rejection, Timestamp, TransferId};

/// A hold as of the last transfer that changed it.
///
/// Whatever changes it adds a part to the sender's history too, so the sender's version numbers its states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The id of the transfer that placed it.
    pub id: TransferId,
    /// Whose money is held.
    pub sender_account_id: AccountId,
    /// Who gets what is captured.
    pub receiver_account_id: AccountId,
    /// The currency of both accounts.
    pub currency_code: CurrencyCode,
    /// How much was held in all: as placed, and what it was increased by.
    pub amount: Amount,
    /// How much of it was captured.
    pub captured: Amount,
    /// What became of it.
    pub state: HoldState,
    /// When it was placed.
    pub created_at: Timestamp,
    /// From when on it can only be let go; `None` if it waits for ever.
    pub expires_at: Option<Timestamp>,
}

impl Hold {
    /// What is held now: nothing, once the hold is not open any more.
    #[must_use]
    pub fn held(&self) -> Amount {
        match self.state {
            // No more is captured than there is.
            HoldState::Open => self.rest().unwrap_or_else(Amount::zero),
            HoldState::Captured | HoldState::Voided | HoldState::Expired => Amount::zero(),
        }
    }

    /// What was not captured.
    pub(crate) fn rest(&self) -> Option<Amount> {
        self.amount.checked_sub(&self.captured)
    }

    /// The line of [`HOLD_TABLE`] that applies at a time, which is one of the clock, not of the
    /// books.
    #[must_use]
    pub fn situation(&self, sender: &Account, receiver: &Account, at: Timestamp) -> HoldSituation {
        match self.state {
            HoldState::Captured => HoldSituation::Captured,
            HoldState::Voided => HoldSituation::Voided,
            HoldState::Expired => HoldSituation::Expired,
            HoldState::Open if self.is_due(at) => HoldSituation::Due,
            HoldState::Open if receiver.status == AccountStatus::Closed => {
                HoldSituation::ReceiverClosed
            }
            HoldState::Open if sender.status.stops_outgoing() => HoldSituation::SenderFrozen,
            HoldState::Open if receiver.status.stops_incoming() => HoldSituation::ReceiverFrozen,
            HoldState::Open => HoldSituation::Open,
        }
    }

    fn is_due(&self, at: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| at >= expires_at)
    }
}

/// What became of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldState {
    /// Its rest is held, and more than nothing.
    Open,
    /// It was captured in full, or finally: the rest was let go.
    Captured,
    /// The rest was let go because somebody wanted so.
    Voided,
    /// The rest was let go because its time was over.
    Expired,
}

impl HoldState {
    /// Every state that there is.
    pub const ALL: [Self; 4] = [Self::Open, Self::Captured, Self::Voided, Self::Expired];
}

/// What can be done with a hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldAction {
    /// Hold more.
    Increase {
        /// How much more, as asked for.
        amount: Amount,
    },
    /// Give the receiver some of it.
    Capture {
        /// How much, as asked for; all that is left, if it is `None`.
        amount: Option<Amount>,
        /// Whether what is left after that is let go.
        is_final: bool,
    },
    /// Let go what is left.
    Void,
    /// Let go what is left of a hold whose time is over.
    Expire,
}

/// What there is to know about a hold and its accounts before something is done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldSituation {
    /// Open, and none of what follows.
    Open,
    /// Open, and nothing may leave the sender.
    SenderFrozen,
    /// Open, and nothing may reach the receiver.
    ReceiverFrozen,
    /// Open, and the receiver is closed for ever.
    ReceiverClosed,
    /// Open, and its time is over: whether that was seen to yet or not.
    Due,
    /// Captured.
    Captured,
    /// Voided.
    Voided,
    /// Expired.
    Expired,
}

/// A cell of [`HOLD_TABLE`]: the states in which the hold may be afterwards, or why it is refused.
pub type HoldAnswer = Result<&'static [HoldState], Rejection>;

/// A line of [`HOLD_TABLE`]: what becomes of each action, in the order of the columns.
#[derive(Clone, Copy, Debug)]
pub struct HoldLine {
    /// When the line applies. The first one that does is taken, in the order *captured*, *voided*, *expired*,
    /// *due*, *receiver closed*, *sender frozen*, *receiver frozen*, *open*.
    pub situation: HoldSituation,
    /// [`HoldAction::Increase`].
    pub increase: HoldAnswer,
    /// [`HoldAction::Capture`].
    pub capture: HoldAnswer,
    /// [`HoldAction::Void`].
    pub void: HoldAnswer,
    /// [`HoldAction::Expire`].
    pub expire: HoldAnswer,
}

const OPEN: HoldAnswer = Ok(&[HoldState::Open]);
const CAPTURE: HoldAnswer = Ok(&[HoldState::Open, HoldState::Captured]);
const VOID: HoldAnswer = Ok(&[HoldState::Voided]);
const EXPIRE: HoldAnswer = Ok(&[HoldState::Expired]);

/// What may be done with a hold, in every situation.
///
/// A freeze stops captures too: it is there for money that must not move, whatever was promised before. Letting go
/// is never stopped, because it moves nothing. A hold that does not exist is refused with `hold_not_exist`, whatever
/// is to be done with it; placing one under an id that is known is a repetition, or `id_already_used`.
pub const HOLD_TABLE: [HoldLine; 8] = {
    use HoldSituation as S;
    use Rejection as R;
    const fn line(
        situation: HoldSituation,
        increase: HoldAnswer,
        capture: HoldAnswer,
        void: HoldAnswer,
        expire: HoldAnswer,
    ) -> HoldLine {
        HoldLine {
            situation,
            increase,
            capture,
            void,
            expire,
        }
    }
    const fn all(situation: HoldSituation, otherwise: Rejection) -> HoldLine {
        let no = Err(otherwise);
        line(situation, no, no, no, no)
    }
    const fn stopped(situation: HoldSituation, otherwise: Rejection) -> HoldLine {
        let no = Err(otherwise);
        line(situation, no, no, VOID, Err(R::HoldNotDue))
    }
    [
        line(S::Open, OPEN, CAPTURE, VOID, Err(R::HoldNotDue)),
        stopped(S::SenderFrozen, R::SenderAccountFrozen),
        stopped(S::ReceiverFrozen, R::ReceiverAccountFrozen),
        stopped(S::ReceiverClosed, R::ReceiverAccountClosed),
        line(
            S::Due,
            Err(R::HoldExpired),
            Err(R::HoldExpired),
            VOID,
            EXPIRE,
        ),
        all(S::Captured, R::HoldAlreadyCaptured),
        all(S::Voided, R::HoldAlreadyVoided),
        all(S::Expired, R::HoldExpired),
    ]
};

impl HoldSituation {
    /// What [`HOLD_TABLE`] says about an action in this situation.
    pub fn answer(self, action: &HoldAction) -> HoldAnswer {
        // The lines stand in the order of the situations; a test says so.
        let line = &HOLD_TABLE[self as usize];
        match action {
            HoldAction::Increase { .. } => line.increase,
            HoldAction::Capture { .. } => line.capture,
            HoldAction::Void => line.void,
            HoldAction::Expire => line.expire,
        }
    }

    /// The situation in words, for the documentation.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::SenderFrozen => "open, nothing may leave the sender",
            Self::ReceiverFrozen => "open, nothing may reach the receiver",
            Self::ReceiverClosed => "open, the receiver is closed",
            Self::Due => "open, but its time is over",
            Self::Captured => "captured",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }
}

impl HoldState {
    /// The state in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Captured => "captured",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }
}

/// [`HOLD_TABLE`] as a table of Markdown, for the documentation.
#[must_use]
pub fn hold_table_markdown() -> String {
    let cell = |answer: &HoldAnswer| match answer {
        Ok(states) => {
            let words: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
            format!("→ {}", words.join(" or "))
        }
        Err(rejection) => format!("`{rejection}`"),
    };
    let mut table = String::from("| a hold that is | increase | capture | void | expire |\n");
    table.push_str("|---|---|---|---|---|\n");
    for line in &HOLD_TABLE {
        let cells = [&line.increase, &line.capture, &line.void, &line.expire].map(cell);
        let situation = line.situation.words();
        table.push_str(&format!("| {situation} | {} |\n", cells.join(" | ")));
    }
    table
}

#[cfg(test)]
mod tests;
