//! Markdown to HTML.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// A document as HTML.
pub(super) struct Rendered {
    pub(super) html: String,
    /// Its headings, in order.
    pub(super) headings: Vec<Heading>,
}

/// A heading of a document.
pub(super) struct Heading {
    /// 1 for the title.
    pub(super) level: u8,
    /// What links to it name.
    pub(super) anchor: String,
    /// Its text, as HTML.
    pub(super) html: String,
}

/// Renders a document. `link` says where a link leads now; the text of a link that leads nowhere
/// is kept. HTML inside of the document is left out, so a document cannot bring in a script.
pub(super) fn render(markdown: &str, link: impl Fn(&str) -> Option<String>) -> Rendered {
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut headings = Headings::default();
    let mut leads_nowhere = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {}
            Event::Start(Tag::Heading { .. }) => {
                headings.begun_at = events.len();
                events.push(event);
            }
            Event::End(TagEnd::Heading(_)) => {
                headings.end(&mut events);
                events.push(event);
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => match link(&dest_url) {
                Some(url) => events.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url: url.into(),
                    title,
                    id,
                })),
                None => leads_nowhere = true,
            },
            Event::End(TagEnd::Link) if leads_nowhere => leads_nowhere = false,
            // It scrolls where it is wider than the screen. Its alignments would be styles inside
            // of elements, which the policy of these pages does not allow.
            Event::Start(Tag::Table(_)) => events.extend([
                Event::Html("<div class=\"wide\">".into()),
                Event::Start(Tag::Table(Vec::new())),
            ]),
            Event::End(TagEnd::Table) => {
                events.extend([event, Event::Html("</div>\n".into())]);
            }
            _ => events.push(event),
        }
    }
    Rendered {
        html: to_html(events.into_iter()),
        headings: headings.ended,
    }
}

/// Renders one line, for example a cell of a table.
pub(super) fn line(markdown: &str) -> String {
    let html = render(markdown, |_| None).html;
    let paragraph = html
        .strip_prefix("<p>")
        .and_then(|it| it.strip_suffix("</p>\n"));
    paragraph.unwrap_or(&html).to_owned()
}

#[derive(Default)]
struct Headings {
    begun_at: usize,
    ended: Vec<Heading>,
    /// How many headings have an anchor so far.
    anchors: HashMap<String, usize>,
}

impl Headings {
    /// Gives the heading that ends here its anchor.
    fn end(&mut self, events: &mut [Event<'_>]) {
        let Some((Event::Start(Tag::Heading { level, id, .. }), inside)) =
            events[self.begun_at..].split_first_mut()
        else {
            return;
        };
        let text: String = inside.iter().filter_map(text_of).collect();
        let mut anchor = anchor(&text);
        let same = self.anchors.entry(anchor.clone()).or_default();
        if *same > 0 {
            anchor = format!("{anchor}-{same}");
        }
        *same += 1;
        *id = Some(CowStr::from(anchor.clone()));
        self.ended.push(Heading {
            level: *level as u8,
            anchor,
            html: to_html(inside.iter().cloned()),
        });
    }
}

fn text_of<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

/// The anchor of a heading, as GitHub and mdBook make it.
fn anchor(heading: &str) -> String {
    let kept = |it: &char| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_');
    let kept: String = heading.trim().chars().filter(kept).collect();
    kept.to_lowercase().replace(' ', "-")
}

fn to_html<'e>(events: impl Iterator<Item = Event<'e>>) -> String {
    let mut text = String::new();
    html::push_html(&mut text, events);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markdown: &str) -> String {
        render(markdown, |target| {
            target.strip_prefix("to:").map(str::to_owned)
        })
        .html
    }

    #[test]
    fn headings_have_the_anchors_that_github_gives_them() {
        let document = "# `POST /x/{id}/`, and *more*\n## A `b`\n## A b\n### Ünder_score & Co: 2-3";
        let rendered = render(document, |_| None);
        let anchors: Vec<_> = rendered.headings.iter().map(|it| &*it.anchor).collect();
        assert_eq!(
            anchors,
            ["post-xid-and-more", "a-b", "a-b-1", "ünder_score--co-2-3"]
        );
        assert!(
            rendered
                .html
                .contains("<h2 id=\"a-b\">A <code>b</code></h2>")
        );
        assert_eq!(rendered.headings[0].level, 1);
        assert_eq!(rendered.headings[1].html, "A <code>b</code>");
    }

    #[test]
    fn a_link_leads_where_it_is_told_to_or_is_text() {
        assert_eq!(
            html("[a](to:/b \"t\") and [`c`](gone.md) and [d](to:/e)."),
            "<p><a href=\"/b\" title=\"t\">a</a> and <code>c</code> and <a href=\"/e\">d</a>.</p>\n"
        );
    }

    #[test]
    fn a_table_scrolls_and_has_no_styles_inside() {
        let table = html("| a | b |\n|--:|:-:|\n| 1 | 2 |\n");
        assert!(table.starts_with("<div class=\"wide\"><table>"), "{table}");
        assert!(table.contains("<td>1</td><td>2</td>"), "{table}");
        assert!(table.ends_with("</table>\n</div>\n"), "{table}");
    }

    #[test]
    fn html_in_a_document_is_left_out_and_code_is_escaped() {
        let document =
            "<!-- a -->\n\nb<script src=\"/c\"></script> `<i>` & <br>\n\n<div>\nd\n</div>";
        assert_eq!(html(document), "<p>b <code>&lt;i&gt;</code> &amp; </p>\n");
        assert_eq!(line("a `b`"), "a <code>b</code>");
    }
}
