//! The configuration reference in `docs/OPERATIONS.md` is what `--help` says.

use std::fmt::Write as _;
use std::path::Path;

use clap::{Arg, Command, CommandFactory};

use crate::settings::flags;

/// Around the part of the page that is made here.
const BEGIN: &str =
    "<!-- made of --help by: WALLET_WRITE_REFERENCE=1 cargo test -p wallet-api reference -->\n";
const END: &str = "<!-- end of what is made -->\n";

#[test]
fn the_configuration_reference_is_what_help_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/OPERATIONS.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (kept, after) = rest.split_once(END).unwrap();
    let made = reference(&flags::CommandLine::command());
    if std::env::var_os("WALLET_WRITE_REFERENCE").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{made}{END}{after}")).unwrap();
        return;
    }
    assert!(
        kept == made,
        "the configuration reference in docs/OPERATIONS.md is not what --help says; write it anew \
         with WALLET_WRITE_REFERENCE=1 cargo test -p wallet-api reference"
    );
}

/// A table of the commands, and one of the settings under each heading.
fn reference(line: &Command) -> String {
    let mut text = String::from("\n| command | does |\n|---|---|\n");
    let row =
        |text: &mut String, cells: &[&str]| writeln!(text, "| {} |", cells.join(" | ")).unwrap();
    for command in line.get_subcommands() {
        let mut call = format!("`{}`", command.get_name());
        for argument in command.get_positionals() {
            write!(call, " `{}`", value_name(argument)).unwrap();
        }
        let about = command.get_about().unwrap().to_string();
        row(&mut text, &[&call, &cell(&about)]);
    }
    let mut heading = String::new();
    for argument in line.get_arguments() {
        let key = argument.get_id().as_str();
        let Some(group) = argument.get_help_heading() else {
            continue;
        };
        if heading != group {
            heading = group.to_owned();
            write!(
                text,
                "\n**{heading}**\n\n| flag | variable | default | meaning |\n|---|---|---|---|\n"
            )
            .unwrap();
        }
        let help = argument.get_help().unwrap().to_string();
        let (meaning, told) = match help.split_once(" [default: ") {
            Some((meaning, default)) => (meaning, default.trim_end_matches(']')),
            None => (help.as_str(), "none"),
        };
        let default = match flags::default_value(key) {
            "" => told.to_owned(),
            default => format!("`{default}`"),
        };
        let flag = format!("`--{}`", key.replace('_', "-"));
        let variable = format!("`{}`", flags::variable(key));
        row(&mut text, &[&flag, &variable, &default, &cell(meaning)]);
    }
    text.push('\n');
    text
}

fn value_name(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    names
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text as it may stand in a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn the_reference_has_every_setting() {
    let made = reference(&flags::CommandLine::command());
    for key in flags::keys() {
        assert!(
            made.contains(&format!("`{}`", flags::variable(&key))),
            "{key} has no heading"
        );
    }
}
