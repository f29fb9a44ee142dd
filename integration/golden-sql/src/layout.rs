//! Lines of statements: a clause begins a line, and parentheses indent. Only white space changes.

/// The columns of a line.
const WIDTH: usize = 100;

/// The words that begin a line.
const CLAUSES: [&str; 17] = [
    "CROSS",
    "FOR",
    "FROM",
    "INNER",
    "INSERT",
    "JOIN",
    "LEFT",
    "LIMIT",
    "ON CONFLICT",
    "ORDER",
    "RETURNING",
    "SELECT",
    "SET",
    "VALUES",
    "UNION",
    "UPDATE",
    "WHERE",
];

/// After these words, a clause goes on.
const GOES_ON: [&str; 8] = [
    "CROSS", "DO", "FOR", "INNER", "KEY", "LEFT", "OUTER", "UPDATE",
];

/// A statement in lines.
pub(crate) fn lay_out(text: &str) -> String {
    let words = words(text);
    let mut lines = vec![String::new()];
    let mut depth = 0_usize;
    let mut previous = "";
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).map_or("", String::as_str);
        let line = lines.last_mut().expect("there is a first line");
        let is_full = line.len() + 1 + word.len() > WIDTH;
        if line.is_empty() || previous.ends_with('(') && !is_clause(previous, word, next) {
            line.push_str(word);
        } else if is_clause(previous, word, next) {
            lines.push(format!("{}{word}", "  ".repeat(depth)));
        } else if is_full {
            lines.push(format!("{}{word}", "  ".repeat(depth + 2)));
        } else {
            line.push(' ');
            line.push_str(word);
        }
        let (opened, closed) = parentheses(word);
        depth = (depth + opened).saturating_sub(closed);
        previous = word;
    }
    lines.join("\n")
}

/// A text as lines of a comment.
pub(crate) fn wrap(text: &str) -> String {
    let mut lines = vec!["--".to_owned()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a first line");
        if line.len() + 1 + word.len() > WIDTH {
            lines.push(format!("--   {word}"));
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.join("\n")
}

fn is_clause(previous: &str, word: &str, next: &str) -> bool {
    let is_listed = CLAUSES.contains(&word) || CLAUSES.contains(&&*format!("{word} {next}"));
    // `extract(epoch FROM …)` is a function.
    let is_function = previous.contains("extract(");
    is_listed && !is_function && !GOES_ON.contains(&previous)
}

/// The words between white space. What is in quotes is one word, and `(SELECT` are two.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for it in text.chars() {
        let word = words.last_mut().expect("there is a first word");
        match quote {
            Some(end) => {
                word.push(it);
                quote = (it != end).then_some(end);
            }
            None if it.is_whitespace() => words.push(String::new()),
            None => {
                word.push(it);
                quote = ['\'', '"'].contains(&it).then_some(it);
            }
        }
    }
    let words = words.into_iter().filter(|word| !word.is_empty());
    let split = words.flat_map(|word| match word.rsplit_once('(') {
        Some((before, clause)) if ["SELECT", "INSERT"].contains(&clause) => {
            vec![format!("{before}("), clause.to_owned()]
        }
        _ => vec![word],
    });
    joined(split.collect())
}

/// Words in short parentheses without a clause are one word, so that no line ends there.
fn joined(words: Vec<String>) -> Vec<String> {
    let mut joined = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let ends = (at + 1..=words.len()).map(|end| &words[at..end]);
        let is_short = |it: &&[String]| it.iter().map(String::len).sum::<usize>() < WIDTH / 2;
        let has_clause = |it: &[String]| it.iter().any(|it| CLAUSES.contains(&it.as_str()));
        let mut ends = ends.take_while(is_short).take_while(|it| !has_clause(it));
        let is_whole = |it: &&[String]| {
            let (opened, closed) = parentheses(&it.join(" "));
            opened <= closed
        };
        let whole = ends.find(is_whole).map_or(1, <[String]>::len);
        match whole {
            1 => joined.push(word.clone()),
            _ => joined.push(words[at..at + whole].join(" ")),
        }
        at += whole;
    }
    joined
}

/// How many parentheses a word opens and closes, outside of quotes.
fn parentheses(word: &str) -> (usize, usize) {
    let mut count = (0, 0);
    let mut quote = None;
    for it in word.chars() {
        match (quote, it) {
            (Some(end), it) if it == end => quote = None,
            (None, '\'' | '"') => quote = Some(it),
            (None, '(') => count.0 += 1,
            (None, ')') => count.1 += 1,
            _ => {}
        }
    }
    count
}
