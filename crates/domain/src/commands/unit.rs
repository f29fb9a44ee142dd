//! Units: commands that are applied as one, or not at all.

use crate::commands::Command;

/// Commands that are applied as one, or not at all. Later commands see the effects of earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The commands, in order. Usually one.
    pub commands: Vec<Command>,
    /// Decide, and change nothing.
    pub dry_run: bool,
}

impl Unit {
    /// The cost of the unit: the [weights](Command::weight) of its commands.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.commands.iter().map(Command::weight).sum()
    }
}

impl From<Command> for Unit {
    fn from(command: Command) -> Self {
        Self {
            commands: vec![command],
            dry_run: false,
        }
    }
}
