//! The code in a document is quoted from a file that a check runs.

/// The blocks of a Markdown text that are not part of the file that their language stands for, each
/// with its line. Only the indentation may differ.
#[must_use]
pub fn not_quoted(text: &str, files: &[(&str, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (line, language, block) in blocks(text) {
        let Some((_, file)) = files.iter().find(|(known, _)| *known == language) else {
            continue;
        };
        if block.is_empty() || !is_part(&block, file) {
            wrong.push(format!("{line}: not a quote of the program in {language}"));
        }
    }
    wrong
}

/// The languages of which a Markdown text has a block.
#[must_use]
pub fn languages(text: &str) -> Vec<&str> {
    blocks(text).map(|(_, language, _)| language).collect()
}

/// The blocks of code: the line of the fence, its language, and the lines.
fn blocks(text: &str) -> impl Iterator<Item = (usize, &str, Vec<&str>)> {
    let mut lines = (1..).zip(text.lines());
    std::iter::from_fn(move || {
        let (line, fence) = lines.find(|(_, text)| text.starts_with("```"))?;
        let block = lines.by_ref().map(|(_, text)| text);
        let block = block.take_while(|text| *text != "```").collect();
        Some((line, fence.trim_start_matches('`'), block))
    })
}

/// Whether a file has these lines, one after the other.
fn is_part(block: &[&str], file: &str) -> bool {
    let block = without_indent(block);
    let lines: Vec<&str> = file.lines().collect();
    let mut places = lines.windows(block.len());
    places.any(|place| without_indent(place) == block)
}

/// The lines without the indentation that all of them have.
fn without_indent<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let shared = filled.map(indent).min().unwrap_or(0);
    let rest = |line: &&'t str| line.get(shared..).unwrap_or_default();
    lines.iter().map(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_its_file_does_not_have_is_named() {
        let file = [("go", "func f() {\n\tif x {\n\t\ty()\n\t}\n}\n".to_owned())];
        let quoted = "```go\nif x {\n\ty()\n}\n```\n";
        assert_eq!(not_quoted(quoted, &file), Vec::<String>::new());
        for other in ["if x {\n\tz()\n}", "if x {\n\t\ty()\n}", "if x {\n}", ""] {
            let text = format!("text\n```go\n{other}\n```\n");
            let found = not_quoted(&text, &file);
            assert_eq!(found, ["2: not a quote of the program in go"], "{other:?}");
        }
    }

    #[test]
    fn blocks_in_other_languages_are_not_compared() {
        let text = "```sh\ntrue\n```\n```json\n{}\n```\n";
        assert_eq!(not_quoted(text, &[("go", String::new())]), [""; 0]);
        assert_eq!(languages(text), ["sh", "json"]);
    }
}
