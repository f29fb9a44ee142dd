//! The job `copy`: moves a ledger into another store, and proves that it is the same.

use std::time::{Duration, Instant};

use wallet_domain::{ChainHead, Copied, Verified, VerifyError, copy as copy_books};

use crate::OpenStore;

/// How far a copy is. Its steps: prove the original, copy it, prove the copy.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum CopyProgress<'a> {
    /// The next step has begun.
    StepStarted,
    /// So much of one of the ledgers is proved.
    Proving(&'a Verified),
    /// So much is copied.
    Copying(&'a Copied),
}

/// What was copied. Both ledgers are proved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyReport {
    /// How much.
    pub copied: Copied,
    /// How long that took, without the proofs.
    pub took: Duration,
    /// The head in which both chains end.
    pub head: ChainHead,
}

/// Why there is no copy, or none that is proved. Places name the ledgers, for people.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// The books of the original contradict themselves, or cannot be read.
    #[error("{place} is not proved, and was not copied")]
    OriginalNotProved {
        /// The original.
        place: String,
        /// What is wrong with it.
        source: VerifyError,
    },
    /// The copy was not made, or is not whole.
    #[error("{from} was not copied to {to}")]
    NotCopied {
        /// The original.
        from: String,
        /// The copy.
        to: String,
        /// Why.
        source: wallet_domain::CopyError,
    },
    /// The books of the copy contradict themselves, or cannot be read.
    #[error("{place} is not proved")]
    CopyNotProved {
        /// The copy.
        place: String,
        /// What is wrong with it.
        source: VerifyError,
    },
    /// The chains do not end in the same head.
    #[error(
        "{to}: its chain does not end with the head of {from}; \
         another process writes to one of them"
    )]
    HeadsDiffer {
        /// The original.
        from: String,
        /// The copy.
        to: String,
    },
}

/// Proves the original, copies it into an empty ledger, access keys included, and proves the copy
/// against the original's head. Stop all writers first. Blocks.
///
/// # Errors
/// [`CopyError`]. What there is of a copy is of no use then.
pub fn copy(
    from: &OpenStore,
    to: &OpenStore,
    progress: &mut dyn FnMut(CopyProgress<'_>),
) -> Result<CopyReport, CopyError> {
    let (here, there) = (from.place(), to.place());
    progress(CopyProgress::StepStarted);
    let original = from.verify(&ChainHead::default(), &mut |so_far| {
        progress(CopyProgress::Proving(so_far));
    });
    let original = original.map_err(|source| CopyError::OriginalNotProved {
        place: here.to_owned(),
        source,
    })?;
    progress(CopyProgress::StepStarted);
    let started = Instant::now();
    let copied = copy_books(&**from.whole(), &**to.whole(), &mut |so_far| {
        progress(CopyProgress::Copying(so_far));
    });
    let copied = copied.map_err(|source| CopyError::NotCopied {
        from: here.to_owned(),
        to: there.to_owned(),
        source,
    })?;
    let took = started.elapsed();
    progress(CopyProgress::StepStarted);
    let copy = to.verify(&original.head, &mut |so_far| {
        progress(CopyProgress::Proving(so_far));
    });
    let copy = copy.map_err(|source| CopyError::CopyNotProved {
        place: there.to_owned(),
        source,
    })?;
    if copy.head != original.head {
        return Err(CopyError::HeadsDiffer {
            from: here.to_owned(),
            to: there.to_owned(),
        });
    }
    Ok(CopyReport {
        copied,
        took,
        head: copy.head,
    })
}
