//! The names of golden files.

/// What names rows that are not those of a table: the tables of `WITH`, and functions.
const NOT_TABLES: [&str; 4] = ["record", "search", "lanes", "distance"];

/// A name as a part of the name of a file: `a hold, first page` is `a_hold_first_page`.
pub(crate) fn slug(name: &str) -> String {
    let name = name.to_lowercase();
    let words = name.split(|it: char| !it.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("_")
}

/// What a statement does and with which table, the first one if there are several:
/// `insert_transfers`.
pub(crate) fn subject(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let table_after = |keyword: &'static str| {
        let pairs = words
            .windows(2)
            .filter(move |pair| pair[0].ends_with(keyword));
        pairs.filter_map(|pair| table(pair[1]))
    };
    let inserted = table_after("INTO").next().map(|it| ("insert", it));
    // Of these, only an update sets anything.
    let updated = || {
        let set = words.iter().position(|word| *word == "SET")?;
        let table = table(words.get(set.checked_sub(1)?)?)?;
        Some(("update", table))
    };
    let selected = || {
        let read = ["FROM", "JOIN"].into_iter().flat_map(table_after);
        read.map(|it| ("select", it)).next()
    };
    match inserted.or_else(updated).or_else(selected) {
        Some((verb, table)) => format!("{verb}_{table}"),
        None => "select".to_owned(),
    }
}

fn table(word: &str) -> Option<String> {
    // Diesel quotes names, and puts joined tables in parentheses.
    let name = word.trim_matches(['"', '`', '(', ')', ',']);
    let is_name = !name.is_empty() && name.chars().all(|it| it.is_ascii_lowercase() || it == '_');
    let is_function = word.trim_start_matches('(').contains('(');
    (is_name && !is_function && !NOT_TABLES.contains(&name)).then(|| name.to_owned())
}
