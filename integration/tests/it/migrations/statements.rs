//! Splits a migration into statements, and a statement into words: as much of SQL as the rules
//! need.
//!
//! Comments are dropped, except the one that allows a statement by name. Names and keywords are in
//! upper case; quoted text is one opaque word.

/// One statement of a migration.
#[derive(Debug, Default)]
pub(super) struct Statement {
    /// Its words: names, keywords, literals, and each other character by itself.
    pub(super) words: Vec<String>,
    /// The rules that a comment `-- allowed: RULE: reason` before it puts aside.
    pub(super) allowed: Vec<String>,
}

/// Splits a file into statements.
pub(super) fn statements(sql: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut current = Statement::default();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("--") {
            let line = rest.lines().next().unwrap_or_default();
            current.allowed.extend(allowance(line));
            line.len()
        } else if rest.starts_with("/*") {
            end_of_comment(rest)
        } else if first == ';' {
            if !current.words.is_empty() {
                statements.push(std::mem::take(&mut current));
            }
            1
        } else if first.is_whitespace() {
            first.len_utf8()
        } else {
            let length = end_of_word(rest);
            let word = &rest[..length];
            let is_literal = word.starts_with(['\'', '"', '$']);
            current.words.push(if is_literal {
                word.to_owned()
            } else {
                word.to_uppercase()
            });
            length
        };
        rest = &rest[length..];
    }
    if !current.words.is_empty() {
        statements.push(current);
    }
    statements
}

/// The rule in `-- allowed: RULE: reason`; without a reason nothing is allowed.
fn allowance(line: &str) -> Option<String> {
    let (rule, reason) = line.split_once("allowed:")?.1.split_once(':')?;
    (!reason.trim().is_empty()).then(|| rule.trim().to_owned())
}

fn end_of_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

fn end_of_word(text: &str) -> usize {
    let first = text.chars().next().unwrap_or_default();
    let behind = |end: &str, from: usize| {
        let found = text[from..].find(end);
        found.map_or(text.len(), |at| from + at + end.len())
    };
    if first == '\'' || first == '"' {
        // A doubled quote begins a second literal right behind; to the rules that is the same.
        return behind(&text[..1], 1);
    }
    if first == '$' {
        let tag = text[1..].find('$').map_or(text.len(), |at| at + 2);
        return behind(&text[..tag], tag);
    }
    let is_name = |letter: char| letter.is_alphanumeric() || "_.".contains(letter);
    if is_name(first) {
        return text.find(|letter| !is_name(letter)).unwrap_or(text.len());
    }
    first.len_utf8()
}

/// The parts between commas that stand in no parentheses.
pub(super) fn split_at_commas(words: &[String]) -> Vec<&[String]> {
    let mut depth = 0;
    words
        .split(|word| {
            match word.as_str() {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth == 0 && word == ","
        })
        .collect()
}

#[test]
fn a_file_is_split_into_statements() {
    let sql = "-- a comment; with a semicolon\n\
               CREATE /* x /* ; */ */ TABLE a (b text DEFAULT 'x;''y');\n\
               DO $x$ BEGIN; END $x$; -- allowed: index: it is small\nselect \"A b\"";
    let found = statements(sql);
    let words: Vec<String> = found.iter().map(|one| one.words.join(" ")).collect();
    assert_eq!(
        words,
        [
            "CREATE TABLE A ( B TEXT DEFAULT 'x;' 'y' )",
            "DO $x$ BEGIN; END $x$",
            "SELECT \"A b\"",
        ]
    );
    assert_eq!(found[2].allowed, ["index"]);
    assert!(
        statements("-- allowed: index:\nSELECT 1")[0]
            .allowed
            .is_empty()
    );
}
