//! Circles: files that use each other, directly or through others. A module and what is inside it
//! may; two others may not.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{imports, names};
use super::source::Crate;

type Module = Vec<String>;

/// How many re-exports a name is followed through.
const HOPS_MAX: usize = 8;

/// The paths of the files that are in a circle with another one that is neither above nor inside.
#[must_use]
pub fn files_in_circles(source: &Crate) -> Vec<String> {
    let edges = edges(source);
    let is_in_circle = |module: &&Module| {
        let next = edges.get(*module).into_iter().flatten();
        next.clone().any(|it| reaches(&edges, it, module))
    };
    let modules = source.files.keys().filter(is_in_circle);
    modules
        .map(|module| source.files[module].path.clone())
        .collect()
}

/// Which files each file uses, without those above it and inside it.
fn edges(source: &Crate) -> BTreeMap<Module, BTreeSet<Module>> {
    let exports = |module: &Module| source.files.get(module).map(names).unwrap_or_default();
    let exports: BTreeMap<&Module, Vec<(String, Module)>> =
        source.files.keys().map(|it| (it, exports(it))).collect();
    let mut edges: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for file in source.files.values() {
        for import in imports(file) {
            let Some(used) = home(&exports, &import.path, HOPS_MAX) else {
                continue;
            };
            let is_family = used.starts_with(&file.module) || file.module.starts_with(&used);
            if !is_family {
                edges.entry(file.module.clone()).or_default().insert(used);
            }
        }
    }
    edges
}

/// The file where what a path names is defined.
fn home(
    exports: &BTreeMap<&Module, Vec<(String, Module)>>,
    path: &[String],
    hops: usize,
) -> Option<Module> {
    let depth = (0..=path.len())
        .rev()
        .find(|&it| exports.contains_key(&path[..it].to_vec()))?;
    let (module, rest) = path.split_at(depth);
    let module = module.to_vec();
    let Some(name) = rest.first() else {
        return Some(module);
    };
    let exported = exports[&module].iter().find(|(it, _)| it == name);
    match exported {
        Some((_, further)) if hops > 0 && *further != path => {
            let further = [&further[..], &rest[1..]].concat();
            home(exports, &further, hops - 1).or(Some(module))
        }
        _ => Some(module),
    }
}

fn reaches(edges: &BTreeMap<Module, BTreeSet<Module>>, from: &Module, to: &Module) -> bool {
    let mut seen = BTreeSet::new();
    let mut todo = vec![from];
    while let Some(module) = todo.pop() {
        if module == to {
            return true;
        }
        if seen.insert(module) {
            todo.extend(edges.get(module).into_iter().flatten());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_that_use_each_other_through_re_exports_are_a_circle() {
        let texts = [
            ("lib.rs", "pub use a::A; pub use b::B;"),
            ("a.rs", "pub use c::A;"),
            ("a/c.rs", "use crate::B;"),
            ("b.rs", "use crate::a::A;"),
        ];
        assert_eq!(files_in_circles(&Crate::new(texts)), ["a/c.rs", "b.rs"]);
    }

    #[test]
    fn a_module_and_what_is_inside_it_are_none() {
        let texts = [
            ("a.rs", "use crate::a::b::B;"),
            ("a/b.rs", "use super::A; use super::c::C;"),
            ("a/c.rs", "use crate::a::A;"),
        ];
        assert_eq!(files_in_circles(&Crate::new(texts)), Vec::<String>::new());
    }
}
