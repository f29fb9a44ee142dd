//! Documents: paths and sections that they name exist, and the book has each of them.

use std::fs;
use std::path::{Path, PathBuf};

/// The links of a Markdown text to other files, and to sections of documents, that do not exist,
/// each with its line. `folder` is where the document is.
#[must_use]
pub fn dead_links(text: &str, folder: &Path) -> Vec<String> {
    let mut dead = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for target in links(line) {
            let (file, section) = target.split_once('#').unwrap_or((target, ""));
            // An item of Rust, or another site.
            let is_item = file.contains("::") || !file.contains(['.', '/']);
            let is_elsewhere = is_item || file.contains("://") || file.starts_with("mailto:");
            let is_there = match file {
                "" => has_section(text, section),
                _ if is_elsewhere => true,
                _ => is_section_of(&folder.join(file), section),
            };
            if !is_there {
                dead.push(format!("{number}: {target}"));
            }
        }
    }
    dead
}

/// The documents that the table of contents of a book does not have.
#[must_use]
pub fn not_in_book(contents: &str, documents: &[String]) -> Vec<String> {
    let listed: Vec<&str> = contents.lines().flat_map(links).collect();
    let is_missing = |document: &&String| !listed.contains(&document.as_str());
    documents.iter().filter(is_missing).cloned().collect()
}

/// The targets of the links in a line.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.match_indices("](");
    starts.map(|(at, _)| line[at + 2..].split(')').next().unwrap_or_default())
}

/// Whether a file exists and has a section; an empty name is any. Files other than documents have
/// none that this could find.
fn is_section_of(file: &Path, section: &str) -> bool {
    if section.is_empty() || file.extension().is_none_or(|it| it != "md") {
        return file.exists();
    }
    fs::read_to_string(file).is_ok_and(|text| has_section(&text, section))
}

fn has_section(text: &str, section: &str) -> bool {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let mut anchors = headings.map(|line| anchor(line.trim_start_matches('#')));
    anchors.any(|it| it == section)
}

/// The anchor of a heading, as GitHub and mdBook make it.
fn anchor(heading: &str) -> String {
    let kept = |it: &char| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_');
    let kept: String = heading.trim().chars().filter(kept).collect();
    kept.to_lowercase().replace(' ', "-")
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

/// The constants in code spans of a Markdown text that the source does not define.
#[must_use]
pub fn unknown_constants(text: &str, source: &str) -> Vec<String> {
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    let is_constant = |span: &&str| span.len() > 3 && span.bytes().all(is_capital);
    let is_defined = |span: &str| {
        let mut words = ["const", "static"].into_iter();
        words.any(|word| source.contains(&format!("{word} {span}:")))
    };
    let spans = text.split('`').skip(1).step_by(2).filter(is_constant);
    let unknown = spans.filter(|span| !is_defined(span));
    unknown.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_paths_that_lead_nowhere_are_named() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = "[a](Cargo.toml#x) [b](gone.md)\n[c](https://example.com/gone)";
        assert_eq!(dead_links(text, folder), ["1: gone.md"]);
        let text = "## `POST /x/`, and more\n[a](#post-x-and-more) [b](#gone) [c](README.md#gone)";
        assert_eq!(dead_links(text, folder), ["2: #gone", "2: README.md#gone"]);
        let root = folder.parent().unwrap_or(folder);
        let text = "`docs/API.md` and\n`docs/GONE.md`, `docs/<name>.md`";
        assert_eq!(dead_paths(text, root), ["2: docs/GONE.md"]);
    }

    #[test]
    fn a_constant_that_is_gone_is_named() {
        let source = "const ITEMS_MAX: usize = 1; let gone = GONE_MAX;";
        let text = "`ITEMS_MAX` and `GONE_MAX`, `not_one`, `409`";
        assert_eq!(unknown_constants(text, source), ["GONE_MAX"]);
    }

    #[test]
    fn a_document_that_the_book_lacks_is_named() {
        let documents = ["a.md", "b/c.md"].map(str::to_owned);
        assert_eq!(not_in_book("- [A](a.md)\n", &documents), ["b/c.md"]);
    }
}
