//! Documents: paths that they name exist.

use std::path::{Path, PathBuf};

/// The links of a Markdown text to other files that do not exist, each with its line. `folder` is
/// where the document is.
#[must_use]
pub fn dead_links(text: &str, folder: &Path) -> Vec<String> {
    let mut dead = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for (at, _) in line.match_indices("](") {
            let target = line[at + 2..].split(')').next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            // An item of Rust, or another site.
            let is_item = file.contains("::") || !file.contains(['.', '/']);
            let is_elsewhere = is_item || file.contains("://") || file.starts_with("mailto:");
            if !file.is_empty() && !is_elsewhere && !folder.join(file).exists() {
                dead.push(format!("{number}: {target}"));
            }
        }
    }
    dead
}

/// The paths in code spans of a Markdown text (`crates/…`, `docs/…`, …) that do not exist below
/// `root`, each with its line.
#[must_use]
pub fn dead_paths(text: &str, root: &Path) -> Vec<String> {
    const TOPS: [&str; 6] = [
        "crates/",
        "docs/",
        "integration/",
        "migrations/",
        "tools/",
        ".ci/",
    ];
    let mut dead = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for span in line.split('`').skip(1).step_by(2) {
            let is_path = TOPS.iter().any(|top| span.starts_with(top));
            let is_pattern = span.contains(['*', '<', '…', ' ', '{']);
            let path: PathBuf = root.join(span.split(':').next().unwrap_or_default());
            if is_path && !is_pattern && !path.exists() {
                dead.push(format!("{number}: {span}"));
            }
        }
    }
    dead
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_paths_that_lead_nowhere_are_named() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = "[a](Cargo.toml#x) [b](gone.md)\n[c](https://example.com/gone)";
        assert_eq!(dead_links(text, folder), ["1: gone.md"]);
        let root = folder.parent().unwrap_or(folder);
        let text = "`docs/API.md` and\n`docs/GONE.md`, `docs/<name>.md`";
        assert_eq!(dead_paths(text, root), ["2: docs/GONE.md"]);
    }
}
