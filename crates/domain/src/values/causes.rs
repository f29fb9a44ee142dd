//! An error with its causes, as one line of text: for logs.

use std::error::Error;
use std::fmt;

/// An error with all its causes, from the outermost to the first: `a: b: c`.
#[derive(Clone, Copy, Debug)]
pub struct Causes<'a>(pub &'a dyn Error);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the store is not available")]
    struct Unavailable(#[source] std::io::Error);

    #[test]
    fn an_error_is_displayed_with_its_causes() {
        let error = Unavailable(std::io::Error::other("the disk is full"));
        assert_eq!(
            Causes(&error).to_string(),
            "the store is not available: the disk is full"
        );
    }
}
