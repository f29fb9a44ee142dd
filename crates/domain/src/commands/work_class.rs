//! Classes of work: they share a transaction when there is more to write than it can hold.

use crate::commands::Unit;

/// The kind of caller that submits work. It decides admission and the share of a transaction, never
/// an outcome.
///
/// Commands on one account keep their order within a class. Between classes there is no order, as
/// there is none between callers that do not wait for each other's answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkClass {
    /// A caller waits for the answer to one write.
    Single,
    /// Many writes in one request: they use what single writes leave free, and a share of their
    /// own.
    Bulk,
    /// The service's own work, for example to expire holds. It never delays admission of the
    /// others.
    Housekeeping,
}

impl WorkClass {
    /// All classes, in the order of their numbers (`class as usize`).
    pub const ALL: [Self; 3] = [Self::Single, Self::Bulk, Self::Housekeeping];

    /// The class of a client's work: one command is `Single`, more are `Bulk`.
    #[must_use]
    pub fn from_units(units: &[Unit]) -> Self {
        match units {
            [unit] if unit.commands.len() <= 1 => Self::Single,
            _ => Self::Bulk,
        }
    }

    /// Its name in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Bulk => "bulk",
            Self::Housekeeping => "housekeeping",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{deposit, open};

    #[test]
    fn one_command_is_a_single_write_and_more_are_bulk_however_they_are_submitted() {
        let unit = |commands| Unit {
            commands,
            dry_run: false,
        };
        let one = || unit(vec![open(1, "USD")]);
        assert_eq!(WorkClass::from_units(&[one()]), WorkClass::Single);
        assert_eq!(WorkClass::from_units(&[one(), one()]), WorkClass::Bulk);
        let atomic = unit(vec![open(1, "USD"), deposit(1, 1, "5")]);
        assert_eq!(WorkClass::from_units(&[atomic]), WorkClass::Bulk);
        for (number, class) in WorkClass::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, number);
        }
    }
}
