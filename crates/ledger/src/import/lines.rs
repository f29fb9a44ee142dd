//! The lines of a file, as commands, read one by one whatever the file's length.
//!
//! `.jsonl`: a JSON object a line. `.csv`: accounts, a column for each field, with a header. Both
//! become the same text and go through the same reader, which is the caller's.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use serde_json::{Map, Value};
use wallet_domain::Command;

use super::ReadLine;
use super::error::{FileError, LineError, StopCause};
use super::position::LinePosition;

/// The longest line, as long as a body of the API.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// The columns of accounts; the first two are needed.
const COLUMNS: [&str; 4] = ["id", "currency_code", "external_id", "metadata"];

/// A line that can be executed.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) position: LinePosition,
    pub(super) command: Command,
}

/// The lines of one file.
pub(super) struct Lines<'a> {
    name: String,
    len: u64,
    format: Format,
    read_line: &'a ReadLine<'a>,
}

enum Format {
    Objects(Objects),
    Accounts(Accounts),
}

impl<'a> Lines<'a> {
    /// Opens a file, and reads its header if it has one.
    ///
    /// # Errors
    /// It cannot be read, is of no known kind, or lacks a column.
    pub(super) fn open(path: &Path, read_line: &'a ReadLine<'a>) -> Result<Self, FileError> {
        let name = path.display().to_string();
        let file = match File::open(path) {
            Ok(file) => file,
            Err(source) => return Err(FileError::NotOpened { name, source }),
        };
        let len = file.metadata().map_or(0, |metadata| metadata.len());
        let extension = path.extension().unwrap_or_default();
        let format = match extension.to_str().unwrap_or_default() {
            "jsonl" => Format::Objects(Objects::new(file)),
            "csv" => match Accounts::new(file) {
                Ok(accounts) => Format::Accounts(accounts),
                Err(source) => return Err(FileError::Header { name, source }),
            },
            _ => return Err(FileError::UnknownKind { name }),
        };
        Ok(Self {
            name,
            len,
            format,
            read_line,
        })
    }

    /// How many bytes the file has.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// How many of them were read.
    pub(super) fn bytes_read(&self) -> u64 {
        match &self.format {
            Format::Objects(objects) => objects.bytes,
            Format::Accounts(accounts) => accounts.reader.position().byte(),
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Result<Line, StopCause>;

    fn next(&mut self) -> Option<Self::Item> {
        let (number, text) = match &mut self.format {
            Format::Objects(objects) => objects.next()?,
            Format::Accounts(accounts) => accounts.next()?,
        };
        let position = LinePosition {
            file: self.name.clone(),
            number,
        };
        let command = text.and_then(|text| (self.read_line)(&text).map_err(LineError::NoCommand));
        Some(match command {
            Ok(command) => Ok(Line { position, command }),
            Err(source) => Err(StopCause::Line {
                line: position,
                source,
            }),
        })
    }
}

/// The text of a line, and its number.
type Numbered = (u64, Result<Vec<u8>, LineError>);

struct Objects {
    reader: BufReader<File>,
    number: u64,
    bytes: u64,
}

impl Objects {
    fn new(file: File) -> Self {
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
            Err(error) => Err(LineError::Unreadable(error.into())),
        };
        Some((self.number, text))
    }
}

fn bounded_text(line: Vec<u8>) -> Result<Vec<u8>, LineError> {
    if line.len() as u64 > LINE_BYTES_MAX {
        return Err(LineError::TooLong(LINE_BYTES_MAX));
    }
    match line.trim_ascii().is_empty() {
        true => Err(LineError::Empty),
        false => Ok(line),
    }
}

struct Accounts {
    reader: csv::Reader<File>,
    columns: Vec<String>,
}

impl Accounts {
    fn new(file: File) -> Result<Self, LineError> {
        let mut reader = csv::ReaderBuilder::new().from_reader(file);
        let headers = reader.headers().map_err(unreadable)?;
        let columns: Vec<String> = headers.iter().map(str::to_owned).collect();
        let wrong = |what: String| Err(LineError::Header(format!("line 1: {what}")));
        let allowed = COLUMNS.join(", ");
        for column in &columns {
            if !COLUMNS.contains(&column.as_str()) {
                return wrong(format!(
                    "there is no column {column:?}; the columns are {allowed}"
                ));
            }
            if columns.iter().filter(|other| *other == column).count() > 1 {
                return wrong(format!("the column {column:?} occurs twice"));
            }
        }
        for column in &COLUMNS[..2] {
            if !columns.iter().any(|given| given == column) {
                return wrong(format!(
                    "the column {column:?} is missing; the columns are {allowed}"
                ));
            }
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
                Some((number, Err(unreadable(error))))
            }
        }
    }

    /// An account as an item of a batch. An empty cell is no field.
    fn object(&self, record: &csv::StringRecord) -> Result<Vec<u8>, LineError> {
        let mut object = Map::new();
        object.insert("type".to_owned(), "account".into());
        for (column, cell) in self
            .columns
            .iter()
            .zip(record)
            .filter(|(_, cell)| !cell.is_empty())
        {
            let value = match column.as_str() {
                "metadata" => serde_json::from_str(cell).map_err(LineError::Metadata)?,
                _ => Value::from(cell),
            };
            object.insert(column.clone(), value);
        }
        let text = serde_json::to_vec(&object);
        bounded_text(text.map_err(|error| LineError::Unreadable(error.into()))?)
    }
}

fn unreadable(error: csv::Error) -> LineError {
    LineError::Unreadable(error.into())
}
