//! Version and commit of this build, as `build.rs` found them out.

/// The version of the package.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit that was built, its day, and `changed` if the sources were not those of the commit;
/// `unknown` without git.
pub(crate) const COMMIT: &str = env!("BUILT_COMMIT");

/// What `--version` prints behind the name.
pub(crate) const FACTS: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ncommit: ",
    env!("BUILT_COMMIT"),
    "\nbuild: ",
    env!("BUILT_PROFILE"),
    " for ",
    env!("BUILT_TARGET"),
    " by ",
    env!("BUILT_COMPILER"),
    "\nfeatures: ",
    env!("BUILT_FEATURES"),
);
