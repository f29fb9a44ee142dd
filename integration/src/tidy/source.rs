//! The source of a crate: its files, each with its module path and its code without comments.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// The files of a crate by module path: `["values", "amount"]` is `src/values/amount.rs`, and the
/// empty path is `src/lib.rs` or `src/main.rs`. Test modules are left out: they may use anything.
#[derive(Clone, Debug, Default)]
pub struct Crate {
    /// The files.
    pub files: BTreeMap<Vec<String>, SourceFile>,
}

/// One file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path below `src`.
    pub path: String,
    /// Its module path.
    pub module: Vec<String>,
    /// Its text, with blanks instead of comments and the contents of strings, and without the
    /// tests at its end. Lines keep their numbers.
    pub code: String,
}

impl Crate {
    /// Reads all files below a folder `src`.
    ///
    /// # Errors
    /// What the file system says.
    pub fn read(src: &Path) -> io::Result<Self> {
        let mut texts = Vec::new();
        collect(src, src, &mut texts)?;
        Ok(Self::new(
            texts.iter().map(|(path, text)| (&**path, &**text)),
        ))
    }

    /// The same of texts, each with its path below `src`.
    pub fn new<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = texts.into_iter().filter_map(|(path, text)| {
            let module = module_of(path)?;
            let file = SourceFile {
                path: path.to_owned(),
                module: module.clone(),
                code: code_of(text),
            };
            Some((module, file))
        });
        Self {
            files: files.collect(),
        }
    }
}

fn collect(src: &Path, folder: &Path, texts: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(src, &path, texts)?;
        } else if path.extension().is_some_and(|it| it == "rs") {
            let below = path.strip_prefix(src).map_err(io::Error::other)?;
            texts.push((
                below.to_string_lossy().into_owned(),
                fs::read_to_string(&path)?,
            ));
        }
    }
    Ok(())
}

/// `None` for files of tests.
fn module_of(path: &str) -> Option<Vec<String>> {
    let module = path.strip_suffix(".rs")?;
    if matches!(module, "lib" | "main") {
        return Some(Vec::new());
    }
    let module: Vec<String> = module.split('/').map(str::to_owned).collect();
    let is_test = |name: &String| matches!(&**name, "tests" | "properties");
    (!module.iter().any(is_test)).then_some(module)
}

fn code_of(text: &str) -> String {
    let end = text.find("\n#[cfg(test)]\nmod ").unwrap_or(text.len());
    blank(&text[..end], &[Token::Comment, Token::Literal])
}

/// What a text of Rust is made of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Token {
    Code,
    Comment,
    Literal,
}

/// Replaces comments, or literals, or both, by blanks.
pub(super) fn blank(text: &str, blanked: &[Token]) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, kind) = token(rest, first);
        let (token, behind) = rest.split_at(length);
        if !blanked.contains(&kind) {
            code.push_str(token);
        } else {
            code.extend(token.chars().map(|it| if it == '\n' { '\n' } else { ' ' }));
        }
        rest = behind;
    }
    code
}

/// The bytes of what the text begins with, and what it is.
fn token(text: &str, first: char) -> (usize, Token) {
    if text.starts_with("//") {
        return (text.find('\n').unwrap_or(text.len()), Token::Comment);
    }
    if text.starts_with("/*") {
        return (
            text.find("*/").map_or(text.len(), |end| end + 2),
            Token::Comment,
        );
    }
    if let Some(inner) = text.strip_prefix("r#\"") {
        return (
            inner.find("\"#").map_or(text.len(), |end| end + 5),
            Token::Literal,
        );
    }
    if first == '"' {
        return (string_end(text), Token::Literal);
    }
    // A quote in a character, not a lifetime.
    if text.starts_with("'\"'") {
        return (3, Token::Literal);
    }
    (first.len_utf8(), Token::Code)
}

/// Where the string ends that the text begins with.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_tests_are_no_code() {
        let text =
            "a // b\nc \"d \\\" e\" f '\"' g /* h */ r#\"i\"# j\n#[cfg(test)]\nmod tests {}\n";
        let code = code_of(text);
        assert_eq!(code.split_whitespace().collect::<String>(), "acfgj");
        assert_eq!(code.lines().count(), 2);
    }

    #[test]
    fn files_of_tests_are_left_out_and_the_root_has_the_empty_path() {
        let texts = [
            ("lib.rs", ""),
            ("a/b.rs", ""),
            ("a/tests.rs", ""),
            ("a/tests/c.rs", ""),
        ];
        let modules: Vec<_> = Crate::new(texts).files.into_keys().collect();
        assert_eq!(modules, [vec![], vec!["a".to_owned(), "b".to_owned()]]);
    }
}
