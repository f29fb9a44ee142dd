//! What a migration may do to a database in use: a statement that is not known to be harmless is
//! refused.
//!
//! `migrations/README.md` documents the rules, and what to do instead.

use std::collections::{HashMap, HashSet};

use super::statements::{Statement, split_at_commas, statements};

/// The effects of earlier steps that later rules depend on.
#[derive(Default)]
pub(super) struct Schema {
    /// Checks that a column is not NULL, by name: table and column.
    checks: HashMap<String, (String, String)>,
    /// Columns for which such a check was validated.
    without_null: HashSet<(String, String)>,
}

/// A step that is being checked.
struct Step<'a> {
    schema: &'a mut Schema,
    is_in_transaction: bool,
    is_alone: bool,
    /// Tables that it creates: no other session can wait for them.
    new_tables: HashSet<String>,
    new_constraints: HashSet<String>,
}

/// The rules that a step breaks, each with the offending statement.
pub(super) fn broken_rules(
    sql: &str,
    is_in_transaction: bool,
    schema: &mut Schema,
) -> Vec<(&'static str, String)> {
    let statements = statements(sql);
    let mut step = Step {
        schema,
        is_in_transaction,
        is_alone: statements.len() == 1,
        new_tables: HashSet::new(),
        new_constraints: HashSet::new(),
    };
    let mut broken = Vec::new();
    for Statement { words, allowed } in &statements {
        let rules = step.judge(words);
        let counts = rules
            .into_iter()
            .filter(|rule| !allowed.iter().any(|one| one == rule));
        broken.extend(counts.map(|rule| (rule, words.join(" "))));
    }
    if !is_in_transaction && !step.is_alone {
        broken.push((
            "alone",
            "a step outside of a transaction has one statement".to_owned(),
        ));
    }
    broken
}

impl Step<'_> {
    fn judge(&mut self, words: &[String]) -> Vec<&'static str> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[..] {
            ["CREATE", "TABLE", "IF", "NOT", "EXISTS", table, ..]
            | ["CREATE", "TABLE", table, ..] => {
                self.new_tables.insert(table.to_owned());
                // A reference locks the table that it points to, and prevents the removal of its
                // rows.
                if words.contains(&"REFERENCES") {
                    vec!["reference"]
                } else {
                    vec![]
                }
            }
            ["CREATE", "INDEX", ..] | ["CREATE", "UNIQUE", "INDEX", ..] => self.index(&words),
            ["DROP", "INDEX", "CONCURRENTLY", ..] | ["REINDEX", "INDEX", "CONCURRENTLY", ..] => {
                self.outside()
            }
            ["DROP", "INDEX", ..] | ["REINDEX", ..] => vec!["index"],
            ["ALTER", "TABLE", ref rest @ ..] => self.alter(rest),
            ["INSERT", "INTO", table, ..] => {
                let is_bounded = words.contains(&"VALUES") && !words.contains(&"SELECT");
                if is_bounded || self.new_tables.contains(table) {
                    vec![]
                } else {
                    vec!["rows"]
                }
            }
            ["UPDATE", ..] | ["DELETE", ..] => vec!["rows"],
            ["DROP", "TABLE" | "VIEW" | "TYPE" | "FUNCTION", ..] => vec!["removal"],
            ["COMMENT", "ON", ..]
            | [
                "CREATE",
                "VIEW" | "SEQUENCE" | "TYPE" | "FUNCTION" | "STATISTICS" | "SCHEMA",
                ..,
            ]
            | ["CREATE", "OR", "REPLACE", "VIEW" | "FUNCTION", ..] => vec![],
            _ => vec!["unknown"],
        }
    }

    fn index(&self, words: &[&str]) -> Vec<&'static str> {
        let table = words.iter().position(|word| *word == "ON");
        let table = table.and_then(|on| words[on + 1..].iter().find(|word| **word != "ONLY"));
        if table.is_some_and(|table| self.new_tables.contains(*table)) {
            return vec![];
        }
        if !words.contains(&"CONCURRENTLY") {
            return vec!["index"];
        }
        let mut broken = self.outside();
        // After a failure an invalid index remains, and this statement would accept it as valid.
        if words.contains(&"EXISTS") {
            broken.push("if-not-exists");
        }
        broken
    }

    /// For what does not work inside a transaction.
    fn outside(&self) -> Vec<&'static str> {
        if self.is_in_transaction {
            vec!["transaction"]
        } else {
            vec![]
        }
    }

    fn alter(&mut self, words: &[&str]) -> Vec<&'static str> {
        let is_name = |word: &&&str| !["IF", "EXISTS", "ONLY"].contains(*word);
        let at = words.iter().position(|word| is_name(&word)).unwrap_or(0);
        let Some(&table) = words.get(at) else {
            return vec!["unknown"];
        };
        if self.new_tables.contains(table) {
            return vec![];
        }
        let rest: Vec<String> = words[at + 1..]
            .iter()
            .map(|word| (*word).to_owned())
            .collect();
        let actions = split_at_commas(&rest);
        actions
            .iter()
            .flat_map(|action| self.action(table, action))
            .collect()
    }

    fn action(&mut self, table: &str, action: &[String]) -> Option<&'static str> {
        let words: Vec<&str> = action.iter().map(String::as_str).collect();
        match words[..] {
            ["ADD", "CONSTRAINT", name, ref what @ ..] => self.constraint(table, name, what),
            [
                "ADD",
                "CHECK" | "FOREIGN" | "UNIQUE" | "PRIMARY" | "EXCLUDE",
                ..,
            ] => Some("constraint"),
            ["ADD", "COLUMN", "IF", "NOT", "EXISTS", _, ref what @ ..]
            | ["ADD", "COLUMN", _, ref what @ ..]
            | ["ADD", _, ref what @ ..] => column(what),
            ["VALIDATE", "CONSTRAINT", name] => {
                if self.new_constraints.contains(name) {
                    // The lock under which it was added lasts until the end of the step.
                    return Some("validation");
                }
                let check = self.schema.checks.get(name).cloned();
                self.schema.without_null.extend(check);
                None
            }
            ["ALTER", "COLUMN", name, "SET", "NOT", "NULL"]
            | ["ALTER", name, "SET", "NOT", "NULL"] => {
                let proven = (table.to_owned(), name.to_owned());
                (!self.schema.without_null.contains(&proven)).then_some("not-null")
            }
            ["ALTER", "COLUMN", _, "TYPE", ..]
            | ["ALTER", _, "TYPE", ..]
            | ["ALTER", "COLUMN", _, "SET", "DATA", ..]
            | ["ALTER", _, "SET", "DATA", ..] => Some("type"),
            ["ALTER", "COLUMN", _, "SET", "DEFAULT" | "STATISTICS", ..]
            | ["ALTER", "COLUMN", _, "DROP", "DEFAULT"]
            | ["ALTER", "COLUMN", _, "DROP", "NOT", "NULL"]
            | ["DROP", "CONSTRAINT", ..]
            | ["SET" | "RESET", "(", ..] => None,
            ["RENAME", ..] => Some("rename"),
            ["DROP", ..] => Some("removal"),
            _ => Some("unknown"),
        }
    }

    fn constraint(&mut self, table: &str, name: &str, what: &[&str]) -> Option<&'static str> {
        self.new_constraints.insert(name.to_owned());
        if let ["CHECK", "(", column, "IS", "NOT", "NULL", ")", ..] = what {
            let check = (table.to_owned(), (*column).to_owned());
            self.schema.checks.insert(name.to_owned(), check);
        }
        let is_cheap = match what {
            ["CHECK", ..] => what.ends_with(&["NOT", "VALID"]),
            ["FOREIGN", ..] => what.ends_with(&["NOT", "VALID"]),
            ["UNIQUE", "USING", "INDEX", ..] | ["PRIMARY", "KEY", "USING", "INDEX", ..] => true,
            _ => false,
        };
        (!is_cheap).then_some("constraint")
    }
}

/// A new column, from its type on: costs nothing if every row that is there gets the same.
fn column(what: &[&str]) -> Option<&'static str> {
    let has = |word: &str| what.contains(&word);
    if ["UNIQUE", "PRIMARY", "CHECK", "REFERENCES"]
        .iter()
        .any(|word| has(word))
    {
        return Some("constraint");
    }
    let makes_numbers = what.first().is_some_and(|name| name.ends_with("SERIAL"));
    if makes_numbers || has("GENERATED") {
        return Some("default");
    }
    let Some(at) = what.iter().position(|word| *word == "DEFAULT") else {
        let must = what.windows(2).any(|pair| pair == ["NOT", "NULL"]);
        return must.then_some("not-null");
    };
    let default: Vec<&str> = what[at + 1..].to_vec();
    // `now()` is one moment for the whole statement. Any other call may differ from row to row.
    let is_now = matches!(default[..], ["NOW", "(", ")", ..]);
    let calls = default
        .windows(2)
        .any(|pair| pair[1] == "(" && pair[0].starts_with(char::is_alphabetic));
    (calls && !is_now).then_some("default")
}
