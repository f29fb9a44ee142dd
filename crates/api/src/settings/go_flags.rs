//! The spelling of flags that the original service had, turned into ours before clap sees it.
//!
//! Go's flags have one dash or two and camel case: `-dbRetryCount 3`, `--dbRetryCount=3`. To clap
//! the first is a bundle of one-letter flags. So every argument that is neither a value nor one
//! letter gets two dashes, and kebab case where that names a flag.

use std::ffi::{OsStr, OsString};

use clap::{ArgAction, Command};

/// Rewrites the arguments; the first one, the program's name, and all after `--` stay as they are.
///
/// A value is joined to its flag with `=`, so that one that begins with a dash stays a value, as in
/// Go.
pub(super) fn to_kebab_case(
    command: &Command,
    arguments: impl IntoIterator<Item = OsString>,
) -> Vec<OsString> {
    let mut arguments = arguments.into_iter();
    let mut rewritten: Vec<OsString> = arguments.next().into_iter().collect();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            rewritten.push(argument);
            rewritten.extend(arguments);
            break;
        }
        let Some(long) = argument.to_str().and_then(long_name) else {
            rewritten.push(argument);
            continue;
        };
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(OsStr::new(value).to_owned())),
            None => (long, None),
        };
        let Some((name, wants_value)) = find_flag(command, name) else {
            // Not known: clap says so, in the spelling that was typed.
            rewritten.push(format!("--{long}").into());
            continue;
        };
        let value = value.or_else(|| if wants_value { arguments.next() } else { None });
        rewritten.push(joined(&name, value));
    }
    rewritten
}

/// What stands behind the dashes of a flag; `None` for values, commands and flags of one letter.
fn long_name(argument: &str) -> Option<&str> {
    let one_dash = argument.strip_prefix('-')?;
    let long = one_dash.strip_prefix('-').unwrap_or(one_dash);
    let is_name = long.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_one_letter = long.len() == one_dash.len() && long.len() == 1;
    (is_name && !is_one_letter).then_some(long)
}

/// Our spelling of a flag, and whether the next argument is its value.
fn find_flag(command: &Command, name: &str) -> Option<(String, bool)> {
    let name = kebab_case(name);
    if name == "help" || name == "version" {
        return Some((name, false));
    }
    let named = |flag: &&clap::Arg| flag.get_long() == Some(name.as_str());
    let flag = command.get_arguments().find(named)?;
    let takes_value = matches!(flag.get_action(), ArgAction::Set);
    let wants_value = takes_value && !flag.is_require_equals_set();
    Some((name, wants_value))
}

fn kebab_case(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

fn joined(name: &str, value: Option<OsString>) -> OsString {
    let mut argument = OsString::from("--");
    argument.push(name);
    if let Some(value) = value {
        argument.push("=");
        argument.push(value);
    }
    argument
}
