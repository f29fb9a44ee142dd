//! The lines of a file, as commands, read one by one whatever the file's length.
//!
//! `.jsonl`: a JSON object a line, an item of `POST /v1/batches`. `.csv`: accounts, a column for each field, with a
//! header. Both become the same text and go through the same reader, which is that of the API.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};
use wallet_domain::Command;

/// The longest line, as long as a body of the API.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// The columns of accounts; the first two are needed.
const COLUMNS: [&str; 4] = ["id", "currency_code", "external_id", "metadata"];

/// A line that can be carried out.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) place: Place,
    pub(super) command: Command,
}

/// Where a line stands: `transfers.jsonl line 4812`.
#[derive(Clone, Debug)]
pub(super) struct Place {
    file: String,
    number: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}", self.file, self.number)
    }
}

/// The lines of one file.
pub(super) struct Lines {
    name: String,
    len: u64,
    format: Format,
}

enum Format {
    Objects(Objects),
    Accounts(Accounts),
}

impl Lines {
    /// Opens a file, and reads its header if it has one.
    ///
    /// # Errors
    /// That it cannot be read, is of no known kind, or lacks a column.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| format!("{name} cannot be opened"))?;
        let len = file.metadata().map_or(0, |metadata| metadata.len());
        let extension = path.extension().unwrap_or_default();
        let format = match extension.to_str().unwrap_or_default() {
            "jsonl" => Format::Objects(Objects::of(file)),
            "csv" => Format::Accounts(Accounts::of(file).with_context(|| name.clone())?),
            _ => bail!("{name} is neither .csv (accounts) nor .jsonl (transfers and accounts)"),
        };
        Ok(Self { name, len, format })
    }

    /// How many bytes the file has.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// How many of them were read.
    pub(super) fn position(&self) -> u64 {
        match &self.format {
            Format::Objects(objects) => objects.bytes,
            Format::Accounts(accounts) => accounts.reader.position().byte(),
        }
    }
}

impl Iterator for Lines {
    type Item = Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        let (number, text) = match &mut self.format {
            Format::Objects(objects) => objects.next()?,
            Format::Accounts(accounts) => accounts.next()?,
        };
        let place = Place {
            file: self.name.clone(),
            number,
        };
        let command = text.and_then(|text| Ok(wallet_http::batch_item(&text)?));
        let line = command.with_context(|| place.to_string());
        Some(line.map(|command| Line { place, command }))
    }
}

/// The text of a line, and its number.
type Numbered = (u64, Result<Vec<u8>>);

struct Objects {
    reader: BufReader<File>,
    number: u64,
    bytes: u64,
}

impl Objects {
    fn of(file: File) -> Self {
        Self {
            reader: BufReader::new(file),
            number: 0,
            bytes: 0,
        }
    }

    fn next(&mut self) -> Option<Numbered> {
        let mut line = Vec::new();
        let mut bounded = self.reader.by_ref().take(LINE_BYTES_MAX + 1);
        let read = bounded.read_until(b'\n', &mut line);
        self.number += 1;
        let text = match read {
            Ok(0) => return None,
            Ok(count) => {
                self.bytes += count as u64;
                bounded_text(line)
            }
            Err(error) => Err(error.into()),
        };
        Some((self.number, text))
    }
}

fn bounded_text(line: Vec<u8>) -> Result<Vec<u8>> {
    let is_short = line.len() as u64 <= LINE_BYTES_MAX;
    ensure!(is_short, "the line is longer than {LINE_BYTES_MAX} bytes");
    ensure!(!line.trim_ascii().is_empty(), "empty line; delete it");
    Ok(line)
}

struct Accounts {
    reader: csv::Reader<File>,
    columns: Vec<String>,
}

impl Accounts {
    fn of(file: File) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new().from_reader(file);
        let columns: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let allowed = COLUMNS.join(", ");
        for column in &columns {
            let is_known = COLUMNS.contains(&column.as_str());
            ensure!(
                is_known,
                "line 1: there is no column {column:?}; the columns are {allowed}"
            );
            let count = columns.iter().filter(|other| *other == column).count();
            ensure!(count == 1, "line 1: the column {column:?} is there twice");
        }
        for column in &COLUMNS[..2] {
            let is_there = columns.iter().any(|given| given == column);
            ensure!(
                is_there,
                "line 1: the column {column:?} is missing; the columns are {allowed}"
            );
        }
        Ok(Self { reader, columns })
    }

    fn next(&mut self) -> Option<Numbered> {
        let mut record = csv::StringRecord::new();
        let number = |position: &csv::Position| position.line();
        match self.reader.read_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                let number = record.position().map_or(0, number);
                Some((number, self.object(&record)))
            }
            Err(error) => {
                let number = error.position().map_or(0, number);
                Some((number, Err(error.into())))
            }
        }
    }

    /// An account as an item of a batch. An empty cell is no field.
    fn object(&self, record: &csv::StringRecord) -> Result<Vec<u8>> {
        let mut object = Map::new();
        object.insert("type".to_owned(), "account".into());
        for (column, cell) in self
            .columns
            .iter()
            .zip(record)
            .filter(|(_, cell)| !cell.is_empty())
        {
            let value = match column.as_str() {
                "metadata" => {
                    serde_json::from_str(cell).context("metadata is not a JSON object")?
                }
                _ => Value::from(cell),
            };
            object.insert(column.clone(), value);
        }
        bounded_text(serde_json::to_vec(&object)?)
    }
}
