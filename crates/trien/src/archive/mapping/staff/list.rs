//! A list's octets into its people.

use std::collections::HashMap;

use super::heads::{Below, Columns};
use super::number::Cell;
use super::{StaffError, StaffMember, StaffNotes};
use crate::archive::mapping::folded;

/// Lines before that of the heads: titles, the school's name, a date.
const TITLES: usize = 20;

/// Parts columns: spreadsheets set to Vietnamese write semicolons, others commas, and `Unicode
/// Text` is parted by tabs.
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];

/// A list's people, with what is to be known about how they were read.
pub(in crate::archive::mapping) fn read(
    octets: &[u8],
) -> Result<(Vec<StaffMember>, StaffNotes), StaffError> {
    let text = text_of(octets)?;
    let parted = SEPARATORS.map(|separator| Parted::of(&text, separator));
    let found = parted.into_iter().rev().filter_map(Result::transpose);
    let mut best: Option<Parted> = None;
    for parted in found {
        let parted = parted?;
        if best
            .as_ref()
            .is_none_or(|best| parted.columns.known() >= best.columns.known())
        {
            best = Some(parted);
        }
    }
    let Some(Parted { columns, rows }) = best else {
        return Err(no_names(&text));
    };
    people(&text, &columns, rows)
}

/// A list that is parted by one of the separators.
struct Parted {
    columns: Columns,
    rows: Vec<csv::StringRecord>,
}

impl Parted {
    /// `None` where no line has a head for names.
    fn of(text: &str, separator: u8) -> Result<Option<Self>, StaffError> {
        let mut rows = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes())
            .into_records();
        let form = |error: csv::Error| StaffError::Form {
            line: error.position().map_or(1, csv::Position::line),
        };
        let mut columns = None;
        for row in rows.by_ref().take(TITLES) {
            columns = Columns::of(&row.map_err(form)?);
            if columns.is_some() {
                break;
            }
        }
        let Some(mut columns) = columns else {
            return Ok(None);
        };
        let mut rows: Vec<csv::StringRecord> = rows.collect::<Result<_, _>>().map_err(form)?;
        if let Some(below) = rows.first()
            && columns.add_below(below) == Below::Heads
        {
            rows.remove(0);
        }
        Ok(Some(Self { columns, rows }))
    }
}

/// The people of the lines below the heads. Lines that name nobody are those that spreadsheets keep
/// below a list, and totals.
fn people(
    text: &str,
    columns: &Columns,
    rows: Vec<csv::StringRecord>,
) -> Result<(Vec<StaffMember>, StaffNotes), StaffError> {
    let (mut people, mut notes) = (Vec::new(), StaffNotes::default());
    notes.has_no_numbers = !columns.has_numbers();
    let mut lines: HashMap<(String, Option<String>), u64> = HashMap::new();
    let last = rows.len().saturating_sub(1);
    for (at, row) in rows.into_iter().enumerate() {
        let line = line_of(text, &row);
        // A quotation mark that nothing ends takes all that is below into its cell.
        if at == last && is_unended(text) && row.iter().any(|cell| cell.contains('\n')) {
            return Err(StaffError::Quoted { line });
        }
        let mut cells = columns.numbers(&row).map(Cell::of);
        let cell = cells.find(|cell| *cell != Cell::Nothing);
        let cell = cell.unwrap_or(Cell::Nothing);
        let (name, serial) = (columns.name(&row), columns.serial(&row));
        if name.is_empty()
            && serial.is_none()
            && !matches!(cell, Cell::Number(_) | Cell::Shortened(_))
        {
            continue;
        }
        if name.is_empty() {
            return Err(StaffError::NoName { line });
        }
        if columns.is_overrun(&row) {
            return Err(StaffError::Overrun { line });
        }
        match cell {
            Cell::Rounded => return Err(StaffError::Rounded { line }),
            Cell::Shortened(_) => notes.shortened.push(line),
            Cell::Strange(_) => notes.strange.push(line),
            Cell::Nothing | Cell::Number(_) => {}
        }
        let school = columns.school(&row).map(str::to_owned);
        let identity = cell.number();
        if let Some(number) = &identity {
            let key = (number.clone(), school.as_deref().map(folded));
            if let Some(first) = lines.get(&key) {
                notes.twice.push((*first, line));
                continue;
            }
            lines.insert(key, line);
        }
        people.push(StaffMember {
            name,
            identity,
            serial: serial.map(str::to_owned),
            school,
        });
    }
    Ok((people, notes))
}

/// The line of a row, from 1. The reader's own is that of the blank lines before it.
fn line_of(text: &str, row: &csv::StringRecord) -> u64 {
    let Some(position) = row.position() else {
        return 1;
    };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let from = text.as_bytes().get(start..).unwrap_or_default();
    let blank = from
        .iter()
        .take_while(|octet| matches!(octet, b'\r' | b'\n'));
    let breaks = blank.filter(|octet| **octet == b'\n').count();
    let breaks = u64::try_from(breaks).unwrap_or(u64::MAX);
    position.line().saturating_add(breaks)
}

fn is_unended(text: &str) -> bool {
    text.matches('"').count() % 2 == 1
}

/// No line is one of heads: told with what the first line that is not blank has.
fn no_names(text: &str) -> StaffError {
    let lines = (1_u64..).zip(text.lines());
    let mut written = lines.filter(|(_, line)| line.chars().any(char::is_alphanumeric));
    let Some((line, first)) = written.next() else {
        return StaffError::Empty;
    };
    let heads = first
        .split([';', ',', '\t'])
        .map(|head| head.trim().trim_matches('"').to_owned())
        .filter(|head| !head.is_empty())
        .collect();
    StaffError::NoHeads { line, heads }
}

/// The text, in the encodings that spreadsheets save: UTF-8, with a mark at its beginning or
/// without, and UTF-16 with one.
fn text_of(octets: &[u8]) -> Result<String, StaffError> {
    match octets {
        // ZIP, and the compound files of older programs.
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(StaffError::Workbook),
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        _ => {
            let rest = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
            let text = str::from_utf8(rest).map_err(|error| {
                let before = rest.get(..error.valid_up_to()).unwrap_or_default();
                let breaks = before.iter().filter(|octet| **octet == b'\n').count();
                StaffError::Encoding {
                    line: line_after(breaks),
                }
            })?;
            Ok(text.to_owned())
        }
    }
}

fn utf_16(octets: &[u8], of: fn([u8; 2]) -> u16) -> Result<String, StaffError> {
    let units = octets.chunks(2).map(|pair| match pair {
        [one, other] => of([*one, *other]),
        // Half a letter: no letter begins so.
        _ => 0xdc00,
    });
    let mut text = String::with_capacity(octets.len());
    for letter in char::decode_utf16(units) {
        text.push(letter.map_err(|_| StaffError::Encoding {
            line: line_after(text.matches('\n').count()),
        })?);
    }
    Ok(text)
}

fn line_after(breaks: usize) -> u64 {
    u64::try_from(breaks).unwrap_or(u64::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests;
