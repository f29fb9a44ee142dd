//! Facts about the build: the commit, whether the sources were changed, and the compiler.
//!
//! The time of the build is not one of them: the same sources give the same binary. Where there is
//! no git (the build of a container, an archive), `WALLET_BUILD_COMMIT` names the commit; without
//! it the commit is unknown. The script runs again when a source file, a migration or the commit
//! changes, so the commit is always the one that was built.
//!
//! `cargo run` passes the variables of this script on to the service. So their names do not begin
//! like those of its settings, which it reports if it does not know them.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the binary is made of, seen from the root of the workspace.
const SOURCES: [&str; 5] = [
    "crates",
    "migrations",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    println!("cargo:rerun-if-env-changed=WALLET_BUILD_COMMIT");
    println!("cargo:rerun-if-changed=build.rs");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", root.join(source).display());
    }
    let commit = named_commit()
        .or_else(|| commit(&root))
        .unwrap_or_else(|| "unknown".to_owned());
    println!("cargo:rustc-env=BUILT_COMMIT={commit}");

    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let compiler = output(Command::new(rustc).arg("--version"));
    let compiler = compiler.unwrap_or_else(|| "rustc unknown".to_owned());
    println!("cargo:rustc-env=BUILT_COMPILER={compiler}");
    for (name, variable) in [("TARGET", "BUILT_TARGET"), ("PROFILE", "BUILT_PROFILE")] {
        let value = env::var(name).unwrap_or_else(|_| "unknown".to_owned());
        println!("cargo:rustc-env={variable}={value}");
    }
    let has_tls = env::var_os("CARGO_FEATURE_POSTGRES_TLS").is_some();
    let features = if has_tls { "postgres-tls" } else { "none" };
    println!("cargo:rustc-env=BUILT_FEATURES={features}");
}

/// The commit that the caller of a build without git names.
fn named_commit() -> Option<String> {
    let named = env::var("WALLET_BUILD_COMMIT").ok()?;
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-._/".contains(letter);
    let named: String = named.chars().filter(|letter| is_word(*letter)).collect();
    (!named.is_empty()).then_some(named)
}

/// The commit of the work tree, its day, and whether the sources differ from it.
fn commit(root: &Path) -> Option<String> {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        // Inside a hook these name another repository, or an index that is half made.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            git.env_remove(variable);
        }
        git.args(["--no-optional-locks", "-C"])
            .arg(root)
            .args(arguments);
        output(&mut git)
    };
    // An archive that was unpacked inside another repository is not of that repository's commit.
    let top = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?);
    if top.canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    // It grows with every commit, checkout and reset.
    let log = root.join(git(&["rev-parse", "--git-path", "logs/HEAD"])?);
    if log.exists() {
        println!("cargo:rerun-if-changed={}", log.display());
    }
    let mut commit = git(&["log", "-1", "--format=%h %cs", "--abbrev=12"])?;
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(SOURCES);
    if !git(&status)?.is_empty() {
        commit.push_str(", changed");
    }
    Some(commit)
}

/// What a program prints, on one line; `None` where it is missing or fails.
fn output(command: &mut Command) -> Option<String> {
    let output = command
        .output()
        .ok()
        .filter(|ended| ended.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
