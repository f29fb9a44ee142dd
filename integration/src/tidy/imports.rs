//! The paths that a file uses: `crate::…` and `super::…`, in `use` and anywhere else.

use super::source::SourceFile;

/// A path that a file uses, from the root of its crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// The line, from 1.
    pub(super) line: usize,
    /// The path, without `crate`.
    pub(super) path: Vec<String>,
}

/// All paths of a file that begin with `crate` or `super`.
pub(super) fn imports(file: &SourceFile) -> Vec<Import> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in file.code.match_indices(start) {
            let before = file.code[..at].chars().next_back();
            if before.is_some_and(|it| it.is_alphanumeric() || matches!(it, '_' | ':' | '$')) {
                continue;
            }
            // The scope of a visibility.
            if file.code[..at].ends_with("(in ") {
                continue;
            }
            let line = file.code[..at].matches('\n').count() + 1;
            let paths = tree(&file.code[at..]);
            found.extend(paths.into_iter().filter_map(|path| {
                let path = absolute(&file.module, &path)?;
                Some(Import { line, path })
            }));
        }
    }
    found
}

/// What a file re-exports or imports: each name with its path from the root of the crate.
pub(super) fn names(file: &SourceFile) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for (at, _) in file.code.match_indices("use ") {
        let before = file.code[..at].chars().next_back();
        if before.is_some_and(|it| !it.is_whitespace()) {
            continue;
        }
        for path in tree(&file.code[at + 4..]) {
            let path = match absolute(&file.module, &path) {
                Some(path) => path,
                // Relative to the file's own module.
                None => [&file.module[..], &path[..]].concat(),
            };
            if let Some(name) = path.last() {
                found.push((name.clone(), path.clone()));
            }
        }
    }
    found
}

/// The path from the root; `None` for one that begins with another crate, or a module of the file.
fn absolute(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    match &**first {
        "crate" => Some(rest.to_vec()),
        "super" => {
            let ups = path.iter().take_while(|it| *it == "super").count();
            let base = &module[..module.len().checked_sub(ups)?];
            Some([base, &path[ups..]].concat())
        }
        _ => None,
    }
}

/// The paths of a tree of `use`: `a::{b, c::d}` has two. Ends where the tree does.
fn tree(text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    branch(text, &[], &mut paths);
    paths
}

/// Reads one branch, and gives what stands behind it.
fn branch<'a>(text: &'a str, prefix: &[String], paths: &mut Vec<Vec<String>>) -> &'a str {
    let mut path = prefix.to_vec();
    let mut rest = text.trim_start();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            rest = group;
            loop {
                rest = rest.trim_start_matches([',', ' ', '\n']);
                if let Some(behind) = rest.strip_prefix('}') {
                    return behind;
                }
                if rest.is_empty() {
                    return rest;
                }
                let behind = branch(rest, &path, paths);
                if behind.len() == rest.len() {
                    return rest;
                }
                rest = behind;
            }
        }
        let is_name = |it: char| it.is_alphanumeric() || it == '_' || it == '*';
        let end = rest.find(|it| !is_name(it)).unwrap_or(rest.len());
        if end == 0 {
            return rest;
        }
        path.push(rest[..end].to_owned());
        rest = &rest[end..];
        if let Some(behind) = rest.strip_prefix("::") {
            rest = behind;
        } else {
            paths.push(path);
            let alias = rest.strip_prefix(" as ");
            return alias.map_or(rest, |it| it.trim_start_matches(is_name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Crate;
    use super::*;

    fn file(text: &str) -> SourceFile {
        let module = vec!["a".to_owned(), "b".to_owned()];
        Crate::new([("a/b.rs", text)]).files[&module].clone()
    }

    #[test]
    fn every_path_of_a_tree_is_found_and_super_is_the_module_above() {
        let text =
            "use crate::c::{D, e::{self, F}};\nuse super::G as H;\nlet i = super::super::j();";
        let found = imports(&file(text));
        let paths: Vec<_> = found
            .iter()
            .map(|it| (it.line, it.path.join("::")))
            .collect();
        let wanted = [
            (1, "c::D"),
            (1, "c::e::self"),
            (1, "c::e::F"),
            (2, "a::G"),
            (3, "j"),
        ];
        assert_eq!(paths, wanted.map(|(line, path)| (line, path.to_owned())));
    }

    #[test]
    fn names_that_a_module_takes_from_below_have_its_own_path_before_them() {
        let found = names(&file("pub use c::{D, E};\nuse std::fmt;"));
        let found: Vec<_> = found
            .iter()
            .map(|(name, path)| (&**name, path.join("::")))
            .collect();
        let wanted = [
            ("D", "a::b::c::D"),
            ("E", "a::b::c::E"),
            ("fmt", "a::b::std::fmt"),
        ];
        assert_eq!(found, wanted.map(|(name, path)| (name, path.to_owned())));
    }
}
