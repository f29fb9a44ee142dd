//! Packages: a crate that others can use says what it is, and contains every file that it reads.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;

/// What the manifest of a package must say, by the names that `cargo metadata` uses.
const FIELDS: [&str; 6] = [
    "description",
    "repository",
    "license",
    "readme",
    "keywords",
    "categories",
];

/// Macros that read a file, or a folder, while they are compiled.
const READERS: [&str; 3] = ["include_str!(", "include_bytes!(", MIGRATIONS];

const MIGRATIONS: &str = "embed_migrations!(";

/// What is wrong with a manifest, as `cargo metadata` has it: fields that are missing, and
/// dependencies that no registry can resolve.
#[must_use]
pub fn wrong_metadata(package: &Value) -> Vec<String> {
    let is_missing = |field: &&str| match &package[*field] {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        _ => true,
    };
    let missing = FIELDS.into_iter().filter(is_missing);
    let mut wrong: Vec<String> = missing.map(|field| format!("no {field}")).collect();
    // Cargo packages a crate only if what it depends on could be published.
    if package["publish"].as_array().is_some_and(Vec::is_empty) {
        wrong.push("publish is false".to_owned());
    }
    let no_dependencies = Vec::new();
    for dependency in package["dependencies"]
        .as_array()
        .unwrap_or(&no_dependencies)
    {
        // Cargo leaves out what only tests need, if it has no version.
        let is_for_tests = dependency["kind"] == "dev";
        if !is_for_tests && dependency["path"].is_string() && dependency["req"] == "*" {
            wrong.push(format!("{} has no version", dependency["name"]));
        }
    }
    wrong
}

/// The files that a source file of a package reads while it is compiled and that are not in the
/// package, each with its line. `path` is that of the source file, and `listed` are the paths of
/// all files of the package.
#[must_use]
pub fn files_outside(path: &str, text: &str, listed: &[String]) -> Vec<String> {
    let mut outside = Vec::new();
    for reader in READERS {
        for (at, _) in text.match_indices(reader) {
            let argument = text[at + reader.len()..].trim_start();
            let literal = argument.strip_prefix('"');
            let Some((named, _)) = literal.and_then(|literal| literal.split_once('"')) else {
                continue;
            };
            // Diesel's macro begins at the manifest, and names a folder.
            let folder = Path::new(path).parent().filter(|_| reader != MIGRATIONS);
            let file = normal(&folder.unwrap_or(Path::new("")).join(named));
            let mut listed = listed.iter().map(Path::new);
            if !file.is_some_and(|file| listed.any(|it| it.starts_with(&file))) {
                let line = text[..at].matches('\n').count() + 1;
                outside.push(format!("{path}:{line}: {named} is not in the package"));
            }
        }
    }
    outside
}

/// A path without `..`; `None` if it leads out of the package.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                if !normal.pop() {
                    return None;
                }
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    Some(normal)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_missing_field_and_a_dependency_without_a_version_are_named() {
        let dependency =
            |kind: Value, req: &str| json!({"name": "d", "path": "/d", "kind": kind, "req": req});
        let mut package = json!({
            "description": "d", "repository": "r", "license": "MIT", "readme": "README.md",
            "keywords": ["k"], "categories": ["c"], "publish": ["crates-io"],
            "dependencies": [dependency(Value::Null, "^0.1.0"), dependency("dev".into(), "*")],
        });
        assert_eq!(wrong_metadata(&package), Vec::<String>::new());
        package["dependencies"] = json!([dependency(Value::Null, "*")]);
        assert_eq!(wrong_metadata(&package), ["\"d\" has no version"]);
        package["dependencies"] = json!([]);
        package["publish"] = json!([]);
        package["repository"] = Value::Null;
        package["keywords"] = json!([]);
        package["description"] = " ".into();
        let wrong = [
            "no description",
            "no repository",
            "no keywords",
            "publish is false",
        ];
        assert_eq!(wrong_metadata(&package), wrong);
    }

    #[test]
    fn a_file_that_is_read_from_outside_of_the_package_is_named() {
        let listed = ["README.md", "src/lib.rs", "src/a/key.bin", "sql/1/up.sql"];
        let listed = listed.map(str::to_owned);
        let outside = |text| files_outside("src/a/mod.rs", text, &listed);
        let inside = "include_str!(\"../../README.md\")\ninclude_bytes!(\n\"key.bin\")\n\
                      embed_migrations!(\"sql\") include_str!(concat!())";
        assert_eq!(outside(inside), Vec::<String>::new());
        assert_eq!(
            outside("\ninclude_str!(\"../../../docs/API.md\")"),
            ["src/a/mod.rs:2: ../../../docs/API.md is not in the package"]
        );
        assert_eq!(outside("include_bytes!(\"gone.bin\")").len(), 1);
        assert_eq!(outside("embed_migrations!(\"../sql\")").len(), 1);
    }
}
