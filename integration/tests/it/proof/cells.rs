//! Ways to tamper with a table: each row and column in each way, derived from the schema.

use super::table::{Column, Table};

/// Rows that are deleted of each table.
const DELETIONS: usize = 4;

/// One way to tamper with a table.
pub(super) struct Cell {
    /// In words, with the statement.
    pub(super) name: String,
    /// Alternative statements: the first that the database accepts counts.
    pub(super) statements: Vec<String>,
}

impl Cell {
    fn new(what: &str, sql: String) -> Self {
        Self {
            name: what.to_owned(),
            statements: vec![sql],
        }
    }
}

/// All ways to tamper with a table; columns for which `proves` is false stay as they are.
pub(super) fn cells(table: &Table, proves: impl Fn(&Column) -> bool) -> Vec<Cell> {
    let mut cells = vec![insertion(table)];
    cells.extend(deletions(table));
    for (place, column) in table.columns.iter().enumerate() {
        if proves(column) {
            cells.extend(changes(table, place));
            cells.extend(swap(table, place));
        }
    }
    cells
}

/// A copy of a row with a key of its own.
fn insertion(table: &Table) -> Cell {
    let names = table.columns.iter();
    let names: Vec<String> = names.map(|column| format!("\"{}\"", column.name)).collect();
    let statements = table.rows.iter().map(|row| {
        let values = table.columns.iter().zip(row);
        let values: Vec<String> = values
            .map(|(column, value)| fresh(column, value).unwrap_or_else(|| value.clone()))
            .collect();
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            table.name,
            names.join(", "),
            values.join(", ")
        )
    });
    Cell {
        name: format!("{}: insert", table.name),
        statements: statements.collect(),
    }
}

/// A value for a copy of a row, where two rows cannot have the same one.
fn fresh(column: &Column, value: &str) -> Option<String> {
    let is_number = |column: &Column| matches!(&*column.name, "version" | "number");
    match &*column.name {
        "id" | "lane" | "transfer_id" if column.is_key || column.table_name == "rates" => {
            Some(match &*column.type_name {
                "uuid" => "'77777777-7777-4777-8777-777777777777'".to_owned(),
                _ => "x'77777777777747778777777777777777'".to_owned(),
            })
        }
        "code" | "prefix" => Some("'777777777777'".to_owned()),
        _ if is_number(column) && column.is_key && column.table_name != "chain_links" => {
            let value = value.trim_matches('\'');
            Some((value.parse::<u64>().ok()? + 1).to_string())
        }
        _ => None,
    }
}

fn deletions(table: &Table) -> impl Iterator<Item = Cell> {
    let step = table.rows.len().div_ceil(DELETIONS).max(1);
    let last = table.rows.len().saturating_sub(1);
    let places = (0..table.rows.len()).step_by(step).chain([last]);
    places.filter_map(|place| {
        let row = table.rows.get(place)?;
        let sql = format!("DELETE FROM {} WHERE {}", table.name, table.is_row(row));
        Some(Cell::new(&format!("{}: delete", table.name), sql))
    })
}

/// Another value in a column: one of another row, none, one where there was none, and one that is
/// slightly wrong.
fn changes(table: &Table, place: usize) -> Vec<Cell> {
    let column = &table.columns[place];
    let name = format!("{}.{}: change", table.name, column.name);
    let change = |row: &[String], value: &str| {
        let (table_name, row) = (&table.name, table.is_row(row));
        let sql = format!(
            "UPDATE {table_name} SET \"{}\" = {value} WHERE {row}",
            column.name
        );
        Cell::new(&name, sql)
    };
    let (empty, full): (Vec<_>, Vec<_>) = (table.rows.iter()).partition(|row| row[place] == "NULL");
    let other_than = |value: &str| {
        let mut others = full.iter().map(|row| &row[place]);
        others.find(|other| *other != value)
    };
    let mut cells = Vec::new();
    for row in [full.first(), full.last()].into_iter().flatten() {
        if let Some(other) = other_than(&row[place]) {
            cells.push(change(row, other));
        }
    }
    if let Some(row) = full.first() {
        if column.may_be_null {
            cells.push(change(row, "NULL"));
        }
        cells.push(change(row, &slightly_wrong(column)));
    }
    // Each of nothing, no limits and the default status has two stored forms.
    let is_something = |row: &&&Vec<String>| !matches!(&*row[place], "'[]'" | "'0'" | "0");
    let something = full.iter().rev().find(is_something);
    if let (Some(row), Some(value)) = (empty.first(), something) {
        cells.push(change(row, &value[place]));
    }
    cells
}

/// An expression for a value that differs only slightly.
fn slightly_wrong(column: &Column) -> String {
    let name = format!("\"{}\"", column.name);
    match &*column.type_name {
        "uuid" => "'77777777-7777-4777-8777-777777777777'".to_owned(),
        "BLOB" => format!("unhex('77' || substr(hex({name}), 3))"),
        "bytea" => format!("set_byte({name}, 0, get_byte({name}, 0) # 1)"),
        "timestamptz" => format!("{name} + interval '1 microsecond'"),
        "TEXT" | "text" => format!("{name} || '1'"),
        _ => format!("{name} + 1"),
    }
}

/// Two rows with each other's value.
fn swap(table: &Table, place: usize) -> Option<Cell> {
    let column = &table.columns[place];
    let first = table.rows.iter().find(|row| row[place] != "NULL")?;
    let is_other = |row: &&Vec<String>| row[place] != "NULL" && row[place] != first[place];
    let second = table.rows.iter().find(is_other)?;
    let cast = |value: &str| match &*column.type_name {
        "TEXT" | "INTEGER" | "BLOB" => value.to_owned(),
        name => format!("CAST({value} AS {name})"),
    };
    let (one, other) = (table.is_row(first), table.is_row(second));
    let sql = format!(
        "UPDATE {} SET \"{}\" = CASE WHEN {one} THEN {} ELSE {} END WHERE ({one}) OR ({other})",
        table.name,
        column.name,
        cast(&second[place]),
        cast(&first[place]),
    );
    let name = format!("{}.{}: swap", table.name, column.name);
    Some(Cell::new(&name, sql))
}
