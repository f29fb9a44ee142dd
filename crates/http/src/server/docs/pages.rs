//! The guides and manuals of `docs/`, for users and operators, as pages below `/docs/`.
//!
//! `assets/docs` is a link to that folder: one copy of each document is both in the repository's
//! book and here, and cargo packs what a link leads to. A page becomes HTML when it is first asked
//! for, and stays.

use std::sync::{LazyLock, OnceLock};

use super::markdown::{self, Heading};

/// A document that is served.
pub(super) struct Page {
    /// Its path below `/docs/`. That of its file is the same, see [`path_of`].
    path: &'static str,
    markdown: &'static str,
    html: OnceLock<String>,
}

/// A page, from its path and its file.
macro_rules! page {
    ($path:literal, $file:literal) => {
        Page {
            path: $path,
            markdown: include_str!(concat!("../../../assets/docs/", $file)),
            html: OnceLock::new(),
        }
    };
}

static PAGES: [Page; 26] = [
    page!("api", "API.md"),
    page!("api-classic", "API-CLASSIC.md"),
    page!("benchmarks", "BENCHMARKS.md"),
    page!("failures", "FAILURES.md"),
    page!("limits", "LIMITS.md"),
    page!("metrics", "METRICS.md"),
    page!("operations", "OPERATIONS.md"),
    page!("guides/", "guides/README.md"),
    page!("guides/access", "guides/access.md"),
    page!("guides/account-controls", "guides/account-controls.md"),
    page!("guides/bank-accounts", "guides/bank-accounts.md"),
    page!("guides/batches", "guides/batches.md"),
    page!("guides/clients", "guides/clients.md"),
    page!("guides/errors", "guides/errors.md"),
    page!("guides/escrow", "guides/escrow.md"),
    page!("guides/exchange", "guides/exchange.md"),
    page!("guides/fees", "guides/fees.md"),
    page!("guides/holds", "guides/holds.md"),
    page!("guides/limits", "guides/limits.md"),
    page!("guides/lists", "guides/lists.md"),
    page!("guides/marketplace", "guides/marketplace.md"),
    page!("guides/migration", "guides/migration.md"),
    page!("guides/month-end", "guides/month-end.md"),
    page!("guides/sizing", "guides/sizing.md"),
    page!("guides/wallets", "guides/wallets.md"),
    page!("guides/when-not-to-use", "guides/when-not-to-use.md"),
];

/// The parts of the table of contents that are served.
const PARTS: [&str; 2] = ["For users", "For operators"];

static CONTENTS: LazyLock<String> = LazyLock::new(contents);

/// The page at the path of a request, if there is one.
pub(super) fn find(path: &str) -> Option<&'static Page> {
    let path = path.strip_prefix("/docs/")?;
    let is_it = |page: &&Page| page.path == path || page.path.strip_suffix('/') == Some(path);
    PAGES.iter().find(is_it)
}

impl Page {
    /// The page as HTML.
    pub(super) fn html(&self) -> &str {
        self.html.get_or_init(|| self.render())
    }

    fn render(&self) -> String {
        let (folder, _) = self.path.rsplit_once('/').unwrap_or_default();
        let text = markdown::render(self.markdown, |target| resolve(folder, target));
        let title = text.headings.first().map_or(self.path, |it| &it.html);
        framed(title, &self.contents(&text.headings), &text.html)
    }

    /// The table of contents, with the sections of this page below its link.
    fn contents(&self, headings: &[Heading]) -> String {
        let link = format!("<a href=\"/docs/{}\">", self.path);
        let Some((before, after)) = CONTENTS.split_once(&link) else {
            return CONTENTS.clone();
        };
        let (name, after) = after.split_once("</a>").unwrap_or((after, ""));
        let section = |it: &Heading| format!("<li><a href=\"#{}\">{}</a></li>", it.anchor, it.html);
        let sections = headings.iter().filter(|it| it.level == 2).map(section);
        let (path, sections) = (self.path, sections.collect::<String>());
        format!(
            "{before}<a href=\"/docs/{path}\" aria-current=\"page\">{name}</a>\
             <ul class=\"sections\">{sections}</ul>{after}"
        )
    }
}

/// A page with these texts, which are HTML, and without a place in the table of contents.
pub(super) fn other(title: &str, text: &str) -> String {
    framed(title, &CONTENTS, text)
}

fn framed(title: &str, contents: &str, text: &str) -> String {
    // The text is last: it may contain the names of the places.
    include_str!("../../../assets/page.html")
        .replace("{title}", title)
        .replace("{contents}", contents)
        .replace("{text}", text)
}

/// The table of contents of the book, as far as it is served.
fn contents() -> String {
    let parts = include_str!("../../../assets/docs/SUMMARY.md").split("\n# ");
    let parts = parts.filter_map(|part| part.split_once('\n'));
    let served = parts.filter(|(name, _)| PARTS.contains(name));
    let shown = served.map(|(name, list)| {
        let list = markdown::render(list, |target| resolve("", target)).html;
        format!("<h2>{name}</h2>\n{list}")
    });
    shown.collect()
}

/// Where a link of a document in `folder` leads; `None` if that is not served.
fn resolve(folder: &str, target: &str) -> Option<String> {
    if target.starts_with('#') || target.contains("://") {
        return Some(target.to_owned());
    }
    let (file, section) = target.split_at(target.find('#').unwrap_or(target.len()));
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in file.split('/') {
        match part {
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    let file = parts.join("/");
    if file == "openapi.json" {
        return Some("/openapi.json".to_owned());
    }
    let page = find(&format!("/docs/{}", path_of(&file)?))?;
    Some(format!("/docs/{}{section}", page.path))
}

/// The path of the page that a file becomes: `guides/README.md` is `guides/`, `API.md` is `api`.
fn path_of(file: &str) -> Option<String> {
    let name = file.strip_suffix(".md")?.to_lowercase();
    Some(name.strip_suffix("readme").unwrap_or(&name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_documents_are_links_between_pages() {
        for (folder, target, leads_to) in [
            ("", "#health", Some("#health")),
            (
                "",
                "https://example.com/a.md",
                Some("https://example.com/a.md"),
            ),
            ("", "guides/README.md", Some("/docs/guides/")),
            (
                "",
                "guides/fees.md#refund",
                Some("/docs/guides/fees#refund"),
            ),
            ("", "openapi.json", Some("/openapi.json")),
            ("guides", "holds.md", Some("/docs/guides/holds")),
            (
                "guides",
                "../API.md#a-transfer",
                Some("/docs/api#a-transfer"),
            ),
            ("guides", "../API-CLASSIC.md", Some("/docs/api-classic")),
            ("", "ARCHITECTURE.md", None),
            ("", "adr/0012-admission.md", None),
            ("", "../CHANGELOG.md", None),
            ("guides", "../../deploy/kubernetes", None),
        ] {
            let found = resolve(folder, target);
            assert_eq!(found.as_deref(), leads_to, "{target} in {folder:?}");
        }
    }

    #[test]
    fn the_names_of_places_in_a_text_stay() {
        assert!(other("a", "b {contents} {title} {text}").contains("b {contents} {title} {text}"));
    }
}
