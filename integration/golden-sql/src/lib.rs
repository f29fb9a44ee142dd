//! Golden files: the statements that a store sends, each in a checked-in `.sql` file with its plan.
//!
//! A test [records](record) the statements of each kind of write and read, adds them to a
//! [`Golden`], and compares it with the files. So no statement and no plan changes unseen: a change
//! of either is a change of a file, which a reviewer reads. The tests of plans read the files.

mod layout;
mod names;
mod recorder;

pub use recorder::{record, settings, take, text_of};

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use layout::{lay_out, wrap};
use names::{slug, subject};

/// Begins the part of a file that has the plan.
const PLAN: &str = "-- Plan of ";

/// How many senders a file names. With all of them, a new sender would change most files.
const SENDERS_MAX: usize = 5;

/// The statements of a store and their files.
#[derive(Debug)]
pub struct Golden {
    folder: PathBuf,
    rewrite: String,
    statements: Vec<Statement>,
}

#[derive(Debug)]
struct Statement {
    text: String,
    /// The path of its file in the folder, without `.sql`.
    name: String,
    senders: Vec<String>,
}

impl Golden {
    /// Files in `folder`, which the command `rewrite` writes if `WALLET_WRITE_SQL` is set.
    #[must_use]
    pub fn new(folder: &Path, rewrite: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            rewrite: format!("WALLET_WRITE_SQL=1 {rewrite}"),
            statements: Vec::new(),
        }
    }

    /// Adds statements as their sender sent them. Those that another sender sent first keep the
    /// name that they have from it. The others are named after their sender and what they do, in a
    /// folder for the kind of sender.
    pub fn add(&mut self, kind: &str, sender: &str, texts: impl IntoIterator<Item = String>) {
        for text in texts {
            if let Some(known) = self.statements.iter_mut().find(|it| it.text == text) {
                if !known.senders.iter().any(|it| it == sender) {
                    known.senders.push(sender.to_owned());
                }
                continue;
            }
            let name = format!("{kind}/{}.{}", slug(sender), subject(&text));
            let is_taken = |name: &str| self.statements.iter().any(|it| it.name == name);
            let numbered = (2..).map(|number| format!("{name}_{number}"));
            let mut names = std::iter::once(name.clone()).chain(numbered);
            let name = names.find(|name| !is_taken(name));
            let name = name.expect("some number is free");
            self.statements.push(Statement {
                text,
                name,
                senders: vec![sender.to_owned()],
            });
        }
    }

    /// Compares the files with the statements and the plans that `plan` makes of their texts. If
    /// `WALLET_WRITE_SQL` is set, it writes the files instead.
    ///
    /// `engine` names what plans, with a version if plans depend on it. The plan of a file is not
    /// compared if another engine has made it.
    ///
    /// # Panics
    /// If there is a difference: it names the files and the command that writes them.
    pub fn check(&self, engine: &str, mut plan: impl FnMut(&str) -> String) {
        let made = self.statements.iter().map(|statement| {
            let path = self.folder.join(format!("{}.sql", statement.name));
            (path, self.file(statement, engine, &plan(&statement.text)))
        });
        let made: BTreeMap<PathBuf, String> = made.collect();
        let known = read(&self.folder);
        if std::env::var_os("WALLET_WRITE_SQL").is_some() {
            write(&known, &made);
            return;
        }
        let differences = differences(&known, &made, engine);
        assert!(
            differences.is_empty(),
            "The store sends other statements than its golden files have, or their plans differ:\n\
             {}\nIf that is meant, run: {}",
            differences.join("\n"),
            self.rewrite
        );
    }

    fn file(&self, statement: &Statement, engine: &str, plan: &str) -> String {
        let mut senders = statement.senders.clone();
        if senders.len() > SENDERS_MAX {
            senders.truncate(SENDERS_MAX);
            senders.push("and others".to_owned());
        }
        let senders = wrap(&format!("Sent by: {}", senders.join("; ")));
        let plan: String = plan.lines().map(|line| format!("--   {line}\n")).collect();
        format!(
            "-- Made by: {}\n{senders}\n\n{};\n\n{PLAN}{engine}:\n{plan}",
            self.rewrite,
            lay_out(&statement.text)
        )
    }
}

/// The plans in the files of a folder, one step a line, with the paths of the files.
///
/// # Panics
/// If there is no file, or one that is not a golden file.
#[must_use]
pub fn plans(folder: &Path) -> Vec<(PathBuf, String)> {
    let files = read(folder);
    assert!(!files.is_empty(), "{} has no .sql files", folder.display());
    let plans = files.into_iter().map(|(path, text)| {
        let plan = text.split_once(PLAN).map(|(_, plan)| plan.to_owned());
        let plan = plan.unwrap_or_else(|| panic!("{} has no plan", path.display()));
        (path, plan)
    });
    plans.collect()
}

/// The `.sql` files below a folder.
fn read(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    // Without the folder there are no files yet.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(read(&path));
        } else if path.extension().is_some_and(|it| it == "sql") {
            let text = fs::read_to_string(&path).expect("the file is text");
            files.insert(path, text);
        }
    }
    files
}

fn write(known: &BTreeMap<PathBuf, String>, made: &BTreeMap<PathBuf, String>) {
    for path in known.keys().filter(|path| !made.contains_key(*path)) {
        fs::remove_file(path).expect("the file can be removed");
    }
    for (path, text) in made {
        let folder = path.parent().expect("the file is in a folder");
        fs::create_dir_all(folder).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }
}

fn differences(
    known: &BTreeMap<PathBuf, String>,
    made: &BTreeMap<PathBuf, String>,
    engine: &str,
) -> Vec<String> {
    let mut differences = Vec::new();
    for (path, made) in made {
        let file = path.display();
        let Some(known) = known.get(path) else {
            differences.push(format!("{file}: missing, for\n{made}"));
            continue;
        };
        // Another engine made the plan.
        let is_of_engine = known.contains(&format!("{PLAN}{engine}:\n"));
        let compared = |text: &str| match (is_of_engine, text.split_once(PLAN)) {
            (false, Some((statement, _))) => statement.to_owned(),
            _ => text.to_owned(),
        };
        let (known, made) = (compared(known), compared(made));
        let mut lines = known.lines().zip(made.lines());
        let differing = lines.find(|(one, other)| one != other);
        match differing {
            Some((one, other)) => differences.push(format!("{file}:\n  - {one}\n  + {other}")),
            None if known != made => differences.push(format!("{file}: its end differs")),
            None => {}
        }
    }
    for path in known.keys().filter(|path| !made.contains_key(*path)) {
        differences.push(format!("{}: no longer sent", path.display()));
    }
    differences
}

#[cfg(test)]
mod tests;
