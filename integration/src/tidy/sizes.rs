//! Sizes: what does not fit on a screen or two is not read, only searched.

use super::source::{Token, blank};

/// Lines over `columns` characters, with the length of each. Literals at their ends do not count:
/// they cannot always be broken.
#[must_use]
pub fn long_lines(text: &str, columns: usize) -> Vec<(usize, usize)> {
    let text = blank(text, &[Token::Literal]);
    let lengths = text.lines().map(|line| {
        line.trim_end_matches(literal_end)
            .trim_end()
            .chars()
            .count()
    });
    (1..)
        .zip(lengths)
        .filter(|&(_, length)| length > columns)
        .collect()
}

/// Lines of Markdown over `columns` characters. Tables, code and links cannot be broken.
#[must_use]
pub fn long_prose_lines(text: &str, columns: usize) -> Vec<(usize, usize)> {
    let mut is_code = false;
    let mut long = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        let is_table = line.starts_with('|');
        let has_link = line.contains("](") || line.contains("://");
        let length = line.chars().count();
        if length > columns && !is_code && !is_fence && !is_table && !has_link {
            long.push((number, length));
        }
    }
    long
}

/// Functions over `lines` lines, with the line where each begins.
#[must_use]
pub fn long_functions(text: &str, lines: usize) -> Vec<(usize, String)> {
    let code = blank(text, &[Token::Comment, Token::Literal]);
    let mut long = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|it| !it.is_whitespace()) {
            continue;
        }
        let Some(length) = body_end(&code[at..]) else {
            continue;
        };
        if code[at..at + length].matches('\n').count() + 1 > lines {
            let name: String = code[at + 3..]
                .chars()
                .take_while(|it| is_name(*it))
                .collect();
            long.push((code[..at].matches('\n').count() + 1, name));
        }
    }
    long
}

fn literal_end(it: char) -> bool {
    matches!(it, ',' | ';' | ')' | '"')
}

fn is_name(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

/// Where the body ends of the function that the code begins with; `None` where it has none.
fn body_end(code: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, byte) in code.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(index),
            b'}' => depth = depth.checked_sub(1)?,
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_measured_in_characters() {
        assert_eq!(long_lines("four\nsixsix\ncafé\na(\"bcd\");", 4), [(2, 6)]);
    }

    #[test]
    fn prose_is_measured_and_tables_code_and_links_are_not() {
        let text = "sixsix\n| table |\n```sh\nsixsix\n```\n[six](six)\nsixsix";
        assert_eq!(long_prose_lines(text, 4), [(1, 6), (7, 6)]);
    }

    #[test]
    fn a_function_is_measured_from_its_name_to_its_last_brace() {
        let text = "trait T { fn a(); }\nfn b() {\n    \"}\";\n}\nfn c() { }\n";
        assert_eq!(long_functions(text, 2), [(2, "b".to_owned())]);
        assert_eq!(long_functions(text, 3), []);
    }
}
