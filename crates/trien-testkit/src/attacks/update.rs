//! A writer of revisions that obeys no rule: any object, any entry, any ending.
//! Knows nothing of what the objects mean, nor whether a reader will take them.

use std::collections::BTreeMap;

/// What an entry says of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Row {
    /// Free, with the generation that may use the number next.
    Free {
        /// Generation number.
        generation: u16,
    },
    /// In the file.
    At {
        /// From the file's first octet.
        offset: usize,
        /// Generation number.
        generation: u16,
    },
    /// In an object stream.
    Packed {
        /// Number of the stream.
        stream: u32,
        /// Index in it.
        index: u16,
    },
}

/// A file with what the next revision must know of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RawFile {
    /// The whole file.
    pub octets: Vec<u8>,
    /// Offset of the newest cross-reference section.
    pub startxref: usize,
    /// One more than the largest object number.
    pub size: u32,
    /// Number of the catalogue.
    pub root: u32,
}

impl RawFile {
    /// Starts the revision behind this one.
    #[must_use]
    pub fn update(&self) -> RawUpdate {
        let mut octets = self.octets.clone();
        if !octets.ends_with(b"\n") {
            octets.push(b'\n');
        }
        RawUpdate {
            octets,
            rows: BTreeMap::new(),
            size: self.size,
            previous: Some(self.startxref),
            root: self.root,
            trailer: String::new(),
        }
    }

    /// One update with these objects and a table.
    #[must_use]
    pub fn with(&self, objects: &[(u32, &str)]) -> Self {
        let mut update = self.update();
        for (number, body) in objects {
            update.object(*number, body);
        }
        update.table()
    }

    /// Where the last place of `wanted` starts.
    ///
    /// # Panics
    /// It is not there: the maker is wrong.
    #[must_use]
    pub fn find_last(&self, wanted: &str) -> usize {
        let wanted = wanted.as_bytes();
        self.octets
            .windows(wanted.len())
            .rposition(|window| window == wanted)
            .unwrap_or_else(|| panic!("{} is not in the file", String::from_utf8_lossy(wanted)))
    }
}

/// A revision being written behind the octets of a file.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RawUpdate {
    /// The file so far.
    pub octets: Vec<u8>,
    /// Entries of the section to be written.
    pub rows: BTreeMap<u32, Row>,
    /// /Size.
    pub size: u32,
    /// /Prev.
    pub previous: Option<usize>,
    /// /Root.
    pub root: u32,
    /// Further entries of the trailer.
    pub trailer: String,
}

impl RawUpdate {
    /// The first revision of a file: nothing but a header.
    #[must_use]
    pub fn first(root: u32) -> Self {
        Self {
            octets: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            rows: BTreeMap::from([(0, Row::Free { generation: 65_535 })]),
            size: 1,
            previous: None,
            root,
            trailer: String::new(),
        }
    }

    /// A number that no object has.
    pub const fn allocate(&mut self) -> u32 {
        let number = self.size;
        self.size += 1;
        number
    }

    /// Writes an object and its entry.
    pub fn object(&mut self, number: u32, body: impl AsRef<[u8]>) -> &mut Self {
        self.generation(number, 0, body)
    }

    /// Writes an object of a certain generation and its entry.
    pub fn generation(
        &mut self,
        number: u32,
        generation: u16,
        body: impl AsRef<[u8]>,
    ) -> &mut Self {
        let offset = self.octets.len();
        self.raw(format!("{number} {generation} obj\n"));
        self.raw(body).raw("\nendobj\n");
        self.row(number, Row::At { offset, generation })
    }

    /// Writes an object under a new number.
    pub fn add(&mut self, body: impl AsRef<[u8]>) -> u32 {
        let number = self.allocate();
        self.object(number, body);
        number
    }

    /// Sets an entry, wherever it points.
    pub fn row(&mut self, number: u32, row: Row) -> &mut Self {
        self.size = self.size.max(number + 1);
        self.rows.insert(number, row);
        self
    }

    /// Writes octets.
    pub fn raw(&mut self, octets: impl AsRef<[u8]>) -> &mut Self {
        self.octets.extend_from_slice(octets.as_ref());
        self
    }

    fn trailer_entries(&self) -> String {
        let previous = self
            .previous
            .map(|offset| format!(" /Prev {offset}"))
            .unwrap_or_default();
        format!(
            "/Size {} /Root {} 0 R{previous} /ID [<{ID}> <{ID}>] {}",
            self.size, self.root, self.trailer
        )
    }

    /// Writes the entries as a table with its trailer; gives the table's offset.
    pub fn write_table(&mut self) -> usize {
        let startxref = self.octets.len();
        let mut text = "xref\n".to_owned();
        for (first, rows) in self.runs() {
            text.push_str(&format!("{first} {}\n", rows.len()));
            for row in rows {
                let (offset, generation, kind) = match row {
                    Row::Free { generation } => (0, generation, 'f'),
                    Row::At { offset, generation } => (offset, generation, 'n'),
                    Row::Packed { .. } => (0, 0, 'f'),
                };
                text.push_str(&format!("{offset:010} {generation:05} {kind} \n"));
            }
        }
        self.raw(text);
        self.raw(format!("trailer\n<< {} >>\n", self.trailer_entries()));
        startxref
    }

    /// Writes the entries as a stream (7.5.8); gives its offset.
    pub fn write_stream(&mut self) -> usize {
        let number = self.allocate();
        let startxref = self.octets.len();
        self.row(
            number,
            Row::At {
                offset: startxref,
                generation: 0,
            },
        );
        let mut index = String::new();
        let mut data = String::new();
        for (first, rows) in self.runs() {
            index.push_str(&format!("{first} {} ", rows.len()));
            for row in rows {
                let (kind, second, third) = match row {
                    Row::Free { generation } => (0, 0, generation),
                    Row::At { offset, generation } => (1, offset, generation),
                    Row::Packed { stream, index } => (2, stream as usize, index),
                };
                data.push_str(&format!("{kind:02X}{second:08X}{third:04X}"));
            }
        }
        data.push('>');
        let entries = format!(
            "/Type /XRef {} /W [1 4 2] /Index [{index}] /Filter /ASCIIHexDecode",
            self.trailer_entries()
        );
        self.raw(format!(
            "{number} 0 obj\n{}\nendobj\n",
            stream(&entries, &data)
        ));
        startxref
    }

    fn runs(&self) -> Vec<(u32, Vec<Row>)> {
        let mut runs: Vec<(u32, Vec<Row>)> = Vec::new();
        for (number, row) in &self.rows {
            match runs.last_mut() {
                Some((first, rows)) if *first as usize + rows.len() == *number as usize => {
                    rows.push(*row);
                }
                _ => runs.push((*number, vec![*row])),
            }
        }
        runs
    }

    /// Ends the revision with a table, startxref and `%%EOF`.
    #[must_use]
    pub fn table(mut self) -> RawFile {
        let startxref = self.write_table();
        self.end(startxref)
    }

    /// Ends the revision with a cross-reference stream.
    #[must_use]
    pub fn stream(mut self) -> RawFile {
        let startxref = self.write_stream();
        self.end(startxref)
    }

    /// Ends the revision behind a section that is written already.
    #[must_use]
    pub fn end(mut self, startxref: usize) -> RawFile {
        self.raw(format!("startxref\n{startxref}\n%%EOF\n"));
        RawFile {
            octets: self.octets,
            startxref,
            size: self.size,
            root: self.root,
        }
    }
}

/// The file identifier: the same for all, so that the same attack has the same octets.
const ID: &str = "5472696E20746573742061747461636B";

/// A stream object's body.
#[must_use]
pub fn stream(entries: &str, data: &str) -> String {
    format!(
        "<< {entries} /Length {} >>\nstream\n{data}\nendstream",
        data.len()
    )
}
