//! Units: commands that are applied together or not at all.

use crate::commands::Command;

/// Commands that are carried out together, later ones seeing what earlier ones did, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The commands, in order. One is the usual case.
    pub commands: Vec<Command>,
    /// Decide, and change nothing.
    pub dry_run: bool,
}

impl Unit {
    /// What it costs: the [weights](Command::weight) of its commands.
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
