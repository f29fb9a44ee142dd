//! Holds: money of a sender that is reserved for a receiver, until it is captured or released.
//!
//! A hold is placed and changed by transfers, each with its own id, and each records the hold as it
//! left it. One table, [`HOLD_TABLE`], defines which action a hold allows in which situation: the
//! rules consult it, the documentation is generated from it, and a test covers every cell.

use crate::records::{Account, AccountStatus};
use crate::values::{AccountId, Amount, CurrencyCode, Rejection, Timestamp, TransferId};

/// A hold as of the last transfer that changed it.
///
/// Every change of it also adds a part to the sender's history, so the sender's version numbers its
/// states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The id of the transfer that placed it.
    pub id: TransferId,
    /// The account whose money is held.
    pub sender_account_id: AccountId,
    /// The account that receives captured money.
    pub receiver_account_id: AccountId,
    /// The currency of both accounts.
    pub currency_code: CurrencyCode,
    /// The total held: the placed amount and all increases.
    pub amount: Amount,
    /// How much of it was captured.
    pub captured: Amount,
    /// Its state.
    pub state: HoldState,
    /// When it was placed.
    pub created_at: Timestamp,
    /// The time from which on it can only be released; `None` if it never expires.
    pub expires_at: Option<Timestamp>,
}

impl Hold {
    /// The amount held now: zero once the hold is not open any more.
    #[must_use]
    pub fn held(&self) -> Amount {
        match self.state {
            // No more is captured than is held.
            HoldState::Open => self.rest().unwrap_or_else(Amount::zero),
            HoldState::Captured | HoldState::Voided | HoldState::Expired => Amount::zero(),
        }
    }

    /// The amount that was not captured.
    pub(crate) fn rest(&self) -> Option<Amount> {
        self.amount.checked_sub(&self.captured)
    }

    /// The line of [`HOLD_TABLE`] that applies at `at`, a time of the decision's clock, not a
    /// booked time.
    #[must_use]
    pub fn situation(&self, sender: &Account, receiver: &Account, at: Timestamp) -> HoldSituation {
        match self.state {
            HoldState::Captured => HoldSituation::Captured,
            HoldState::Voided => HoldSituation::Voided,
            HoldState::Expired => HoldSituation::Expired,
            HoldState::Open if self.has_expired(at) => HoldSituation::Due,
            HoldState::Open if receiver.status == AccountStatus::Closed => {
                HoldSituation::ReceiverClosed
            }
            HoldState::Open if sender.status.stops_outgoing() => HoldSituation::SenderFrozen,
            HoldState::Open if receiver.status.stops_incoming() => HoldSituation::ReceiverFrozen,
            HoldState::Open => HoldSituation::Open,
        }
    }

    fn has_expired(&self, at: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| at >= expires_at)
    }
}

/// The state of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldState {
    /// Its rest is held, and is more than zero.
    Open,
    /// It was captured in full, or finally: the rest was released.
    Captured,
    /// The rest was released on request.
    Voided,
    /// The rest was released because the hold had expired.
    Expired,
}

impl HoldState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Captured, Self::Voided, Self::Expired];
}

/// An action on a hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldAction {
    /// Hold more.
    Increase {
        /// How much more, as requested.
        amount: Amount,
    },
    /// Move some of it to the receiver.
    Capture {
        /// The requested amount; `None` captures the whole rest.
        amount: Option<Amount>,
        /// Whether the remaining amount is released.
        is_final: bool,
    },
    /// Release the rest.
    Void,
    /// Release the rest of an expired hold.
    Expire,
}

/// The situation of a hold and its accounts before an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldSituation {
    /// Open, and none of the following.
    Open,
    /// Open, and nothing may leave the sender.
    SenderFrozen,
    /// Open, and nothing may reach the receiver.
    ReceiverFrozen,
    /// Open, and the receiver is closed permanently.
    ReceiverClosed,
    /// Open, but expired, and not released yet.
    Due,
    /// Captured.
    Captured,
    /// Voided.
    Voided,
    /// Expired.
    Expired,
}

/// A cell of [`HOLD_TABLE`]: the possible states of the hold afterwards, or why it is refused.
pub type HoldAnswer = Result<&'static [HoldState], Rejection>;

/// A line of [`HOLD_TABLE`]: the result of each action, in the order of the columns.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct HoldLine {
    /// When the line applies. The first match is taken, in the order *captured*, *voided*,
    /// *expired*, *due*, *receiver closed*, *sender frozen*, *receiver frozen*, *open*.
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

/// Which actions a hold allows, in every situation.
///
/// A freeze stops captures too: it is for money that must not move, whatever was promised before. A
/// release is never stopped, because it moves nothing. A hold that does not exist is refused with
/// `hold_not_exist`, whatever the action; placing one under a known id is a retry, or
/// `id_already_used`.
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
    /// The cell of [`HOLD_TABLE`] for an action in this situation.
    pub fn answer(self, action: &HoldAction) -> HoldAnswer {
        // The lines are in the order of the situations; a test checks this.
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

/// [`HOLD_TABLE`] as a Markdown table, for the documentation.
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
