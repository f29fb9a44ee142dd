//! The folders of `src` are floors: a file uses its own floor and those below it, and no circle of
//! files has more in it than a module and its own children.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom to the top. A module with its children is where its first entry is; `v1` itself
/// registers what is in its folders, so it stands above them.
const FLOORS: [&str; 9] = [
    "request",
    "access",
    "state",
    "classic",
    "v1/protocol",
    "v1/resources",
    "v1",
    "observe",
    "server",
];

/// The files by module (`v1/protocol/call`), without tests and the root of the crate.
type Files = BTreeMap<String, String>;

/// A module that a file names, and the line on which it does.
struct Import {
    line: usize,
    module: String,
}

#[test]
fn no_file_uses_a_floor_above_its_own() {
    let files = files();
    let mut found = Vec::new();
    for (module, text) in &files {
        let floor = floor_of(module);
        for Import { line, module: used } in imports(module, text, &files) {
            let above = floor_of(&used);
            if above > floor {
                let (floor, above) = (FLOORS[floor], FLOORS[above]);
                found.push(format!(
                    "src/{module}.rs:{line}: {floor} may not use {above}, which is on a floor above"
                ));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_circle_of_files_is_more_than_a_module_and_its_children() {
    let files = files();
    let mut uses: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (module, text) in &files {
        let is_parent = |used: &str| module.starts_with(&format!("{used}/"));
        let named = imports(module, text, &files).into_iter();
        let named = named.map(|import| import.module);
        let children = files.keys().filter(|it| parent(it) == Some(module));
        let all = named.chain(children.cloned());
        let others = all.filter(|used| used != module && !is_parent(used));
        uses.insert(module, others.collect());
    }
    // A file that uses no file that is left is part of no circle.
    loop {
        let left: BTreeSet<String> = uses.keys().map(|it| (*it).to_owned()).collect();
        for used in uses.values_mut() {
            used.retain(|it| left.contains(it));
        }
        uses.retain(|_, used| !used.is_empty());
        if uses.len() == left.len() {
            break;
        }
    }
    // Each file that is left uses another one that is left, so this walk comes back.
    let Some(mut at) = uses.keys().next().copied() else {
        return;
    };
    let mut walk = Vec::new();
    while !walk.contains(&at) {
        walk.push(at);
        at = uses[at].first().unwrap();
    }
    let begun = walk.iter().position(|it| *it == at).unwrap();
    panic!("a circle of files: {} → {at}", walk[begun..].join(" → "));
}

#[test]
fn every_file_says_at_its_head_what_is_there() {
    let silent = files().into_iter();
    let silent = silent.filter(|(_, text)| !text.starts_with("//! "));
    let silent: Vec<String> = silent.map(|(module, _)| module).collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn paths_are_found_as_they_are_written() {
    let text = "use crate::a::{self, b::{C, d}};\n// crate::e\nfn f() { super::super::g::h() }\n";
    let found: Vec<_> = paths("v1/x/y", text).into_iter().collect();
    let expected = [
        (1, "crate::a"),
        (1, "crate::a::b::C"),
        (1, "crate::a::b::d"),
        (3, "crate::v1::g::h"),
    ];
    let expected = expected.map(|(line, path)| (line, path.to_owned()));
    assert_eq!(found, expected);
}

fn files() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Files::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            if name == "tests" || name == "lib" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let module = path.strip_prefix(&root).unwrap().with_extension("");
                let module = module.to_str().unwrap().replace('\\', "/");
                files.insert(module, fs::read_to_string(path).unwrap());
            }
        }
    }
    files
}

fn floor_of(module: &str) -> usize {
    let is_in = |floor: &str| module == floor || module.starts_with(&format!("{floor}/"));
    let floor = FLOORS.into_iter().position(is_in);
    floor.unwrap_or_else(|| panic!("{module} is on no floor: move it into a folder of one"))
}

fn parent(module: &str) -> Option<&str> {
    module.rsplit_once('/').map(|(parent, _)| parent)
}

/// The modules that a file names, by the longest part of each path that is one.
fn imports(module: &str, text: &str, files: &Files) -> Vec<Import> {
    let paths = paths(module, text).into_iter();
    let imports = paths.map(|(line, path)| {
        let mut used = path.trim_start_matches("crate::").replace("::", "/");
        while !files.contains_key(&used) {
            let above = parent(&used).map(str::to_owned);
            used = above.unwrap_or_else(|| {
                panic!("src/{module}.rs:{line}: {path} is of the root: name its own module")
            });
        }
        Import { line, module: used }
    });
    imports.collect()
}

/// All paths that begin with `crate` or `super`, from the root of the crate on, and their lines.
fn paths(module: &str, text: &str) -> Vec<(usize, String)> {
    // The tests of a file stand at its end.
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    let code = text[..end].lines().map(|line| match line.split_once("//") {
        Some((code, _)) => code,
        None => line,
    });
    let code: Vec<&str> = code.collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = next_path(&code, at) {
        let line = code[..start].matches('\n').count() + 1;
        let (mut rest, mut base) = (&code[start..], format!("crate::{}", colons(module)));
        if let Some(behind) = rest.strip_prefix("crate::") {
            (rest, base) = (behind, "crate".to_owned());
        }
        while let Some(behind) = rest.strip_prefix("super::") {
            base.truncate(base.rfind("::").unwrap());
            rest = behind;
        }
        let left = expand(rest, &base, &mut |path| found.push((line, path)));
        at = code.len() - left.len();
    }
    found
}

fn colons(module: &str) -> String {
    module.replace('/', "::")
}

/// Where the next path begins. A visibility (`pub(in crate::v1)`) uses nothing.
fn next_path(code: &str, from: usize) -> Option<usize> {
    let starts = ["crate::", "super::"].map(|word| {
        let all = code[from..].match_indices(word).map(|(at, _)| from + at);
        let mut whole = all.filter(|at| {
            let before = &code[..*at];
            let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == ':' || it == '$';
            !before.ends_with(is_part) && !before.ends_with("(in ")
        });
        whole.next()
    });
    starts.into_iter().flatten().min()
}

/// Gives every path that begins with `base` and goes on as `rest` does; returns what is behind.
fn expand<'a>(rest: &'a str, base: &str, give: &mut impl FnMut(String)) -> &'a str {
    let rest = rest.trim_start();
    if let Some(mut inner) = rest.strip_prefix('{') {
        loop {
            inner = inner.trim_start();
            if let Some(behind) = inner.strip_prefix('}') {
                return behind;
            }
            inner = expand(inner, base, give).trim_start();
            inner = inner.strip_prefix(',').unwrap_or(inner);
        }
    }
    let is_name = |it: char| it.is_alphanumeric() || it == '_' || it == '*';
    let end = rest.find(|it| !is_name(it)).unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    let path = match name {
        "self" | "*" => base.to_owned(),
        _ => format!("{base}::{name}"),
    };
    match behind.strip_prefix("::") {
        Some(behind) if !behind.starts_with('<') => expand(behind, &path, give),
        _ => {
            give(path);
            // `as` gives another name to the same thing.
            let renamed = behind.strip_prefix(" as ");
            renamed.map_or(behind, |it| it.trim_start_matches(is_name))
        }
    }
}
