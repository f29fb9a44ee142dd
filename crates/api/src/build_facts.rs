//! Version and commit of this build, as `build.rs` found them out.

/// The version of the package.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit that was built, its day, and `changed` if the sources were not those of the commit;
/// `unknown` without git.
pub(crate) const COMMIT: &str = env!("WALLET_COMMIT");

/// What `--version` prints behind the name.
pub(crate) const FACTS: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ncommit: ",
    env!("WALLET_COMMIT"),
    "\nbuild: ",
    env!("WALLET_PROFILE"),
    " for ",
    env!("WALLET_TARGET"),
    " by ",
    env!("WALLET_COMPILER"),
    "\nfeatures: ",
    env!("WALLET_FEATURES"),
);
