//! Floors: the folders of a crate, from the ground up. A file may use its own floor and those
//! below.

use super::imports::imports;
use super::source::Crate;

/// Each use of a floor above, as a sentence with file and line. `floors` are names of top modules,
/// or `top/folder`, from the ground up; modules that it does not name may use everything, and
/// nothing on a floor may use them.
#[must_use]
pub fn wrong_floors(source: &Crate, floors: &[&str]) -> Vec<String> {
    let floor_of = |module: &[String]| {
        let is_below = |floor: &&str| {
            let names: Vec<&str> = floor.split('/').collect();
            module.len() >= names.len() && names.iter().zip(module).all(|(name, it)| name == it)
        };
        let matching = (0..).zip(floors).filter(|(_, floor)| is_below(floor));
        let innermost = matching.max_by_key(|(_, floor)| floor.len());
        innermost.map(|(index, _): (usize, _)| index)
    };
    let mut wrong = Vec::new();
    for file in source.files.values() {
        let Some(own) = floor_of(&file.module) else {
            continue;
        };
        for import in imports(file) {
            let (path, line) = (&file.path, import.line);
            let used = import.path.join("::");
            match floor_of(&import.path) {
                Some(floor) if floor <= own => {}
                Some(floor) => wrong.push(format!(
                    "{path}:{line}: {} may not use {used}: {} is a floor above",
                    floors[own], floors[floor]
                )),
                // The folder that a floor is in.
                None if floors[own].starts_with(&format!("{}/", import.path[0])) => {}
                None => wrong.push(format!(
                    "{path}:{line}: {} may not use {used}, which is on no floor",
                    floors[own]
                )),
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOORS: [&str; 3] = ["values", "records", "v1/protocol"];

    fn wrong(path: &str, text: &str) -> Vec<String> {
        wrong_floors(&Crate::new([(path, text)]), &FLOORS)
    }

    #[test]
    fn a_floor_uses_itself_and_those_below() {
        let text = "use crate::values::Amount;\nuse super::Hold;";
        assert_eq!(wrong("records/account.rs", text), Vec::<String>::new());
        let text = "use crate::v1::protocol::Call;";
        assert_eq!(wrong("v1/protocol/reply.rs", text), Vec::<String>::new());
        assert_eq!(
            wrong("main.rs", "use crate::anything::X;"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_floor_above_and_what_is_on_no_floor_are_refused_by_file_and_line() {
        assert_eq!(
            wrong("values/amount.rs", "\nuse crate::records::Account;"),
            ["values/amount.rs:2: values may not use records::Account: records is a floor above"]
        );
        assert_eq!(
            wrong("records/account.rs", "fn f() { crate::Amount::zero() }"),
            ["records/account.rs:1: records may not use Amount::zero, which is on no floor"]
        );
    }
}
