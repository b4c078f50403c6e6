//! Writing octets with the offsets of objects noted: tables, cross-reference streams, trailers.
//! Knows nothing of which objects a structure moves or hides.

use std::collections::BTreeMap;

use super::{CountedFrom, HiddenEntries};
use crate::records::PlainDocument;
use crate::records::document::{deflate, stream};
use trien_types::encode_hex;

/// Where an object is, as a cross-reference section says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// Free: the next free object and the generation a later use shall have.
    Free { next: u32, generation: u16 },
    /// At an offset.
    Offset { offset: usize, generation: u16 },
    /// In an object stream, at an index in it.
    Compressed { stream: u32, index: usize },
}

/// What a table is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum TableForm {
    /// It places every object.
    Plain,
    /// Its trailer points to a stream at this offset that places the hidden objects.
    Hybrid(usize, HiddenEntries),
}

/// Whether the cross-reference stream's rows are stored as differences (7.4.4.4, PNG Up).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Predictor {
    None,
    Up,
}

/// A file in the making.
pub(super) struct FileWriter {
    octets: Vec<u8>,
    /// Subtracted from every offset.
    base: usize,
    /// Entries of the section that is not written yet.
    entries: BTreeMap<u32, Entry>,
    /// One more than the highest object number used so far.
    size: u32,
    /// Offset of the last section written.
    previous: Option<usize>,
}

impl FileWriter {
    pub(super) fn new(before_header: &[u8], counted: CountedFrom) -> Self {
        let mut octets = before_header.to_vec();
        octets.extend_from_slice(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
        let mut entries = BTreeMap::new();
        // 7.5.4: object 0 heads the list of free objects.
        let head = Entry::Free {
            next: 0,
            generation: u16::MAX,
        };
        entries.insert(0, head);
        Self {
            octets,
            base: match counted {
                CountedFrom::FileStart => 0,
                CountedFrom::Header => before_header.len(),
            },
            entries,
            size: 1,
            previous: None,
        }
    }

    fn position(&self) -> usize {
        self.octets.len().saturating_sub(self.base)
    }

    /// A number that no object has yet.
    pub(super) const fn next_number(&self) -> u32 {
        self.size
    }

    pub(super) fn note(&mut self, number: u32, entry: Entry) {
        self.entries.insert(number, entry);
        self.size = self.size.max(number.saturating_add(1));
    }

    /// Appends an object and notes its offset.
    pub(super) fn object(&mut self, number: u32, generation: u16, body: &[u8]) {
        let offset = self.position();
        self.note(number, Entry::Offset { offset, generation });
        self.octets
            .extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
        self.octets.extend_from_slice(body);
        self.octets.extend_from_slice(b"\nendobj\n");
    }

    /// The entries that every trailer has.
    fn trailer_entries(&self, document: &PlainDocument) -> String {
        let id = encode_hex(&document.id());
        let mut entries = format!(
            "/Size {} /Root {} 0 R /ID [ <{id}> <{id}> ]",
            self.size, document.root
        );
        if let Some(info) = document.info {
            entries.push_str(&format!(" /Info {info} 0 R"));
        }
        if let Some(previous) = self.previous {
            entries.push_str(&format!(" /Prev {previous}"));
        }
        entries
    }

    /// Ends a revision with a table of the entries noted since the last section.
    pub(super) fn table(&mut self, document: &PlainDocument, form: TableForm) {
        let start = self.position();
        let mut text = "xref\n".to_owned();
        if let TableForm::Hybrid(_, HiddenEntries::Absent) = form {
            self.entries
                .retain(|_, entry| !matches!(entry, Entry::Compressed { .. }));
        }
        for (first, run) in runs(&self.entries) {
            text.push_str(&format!("{first} {}\n", run.len()));
            for entry in run {
                let (number, generation, kind) = match entry {
                    Entry::Free { next, generation } => {
                        (usize::try_from(next).unwrap_or_default(), generation, 'f')
                    }
                    Entry::Offset { offset, generation } => (offset, generation, 'n'),
                    // 7.5.8.4: what only the stream can place is free to readers of tables.
                    Entry::Compressed { .. } => (0, u16::MAX, 'f'),
                };
                text.push_str(&format!("{number:010} {generation:05} {kind} \n"));
            }
        }
        let mut entries = self.trailer_entries(document);
        if let TableForm::Hybrid(offset, _) = form {
            entries.push_str(&format!(" /XRefStm {offset}"));
        }
        text.push_str(&format!("trailer\n<< {entries} >>\n"));
        self.octets.extend_from_slice(text.as_bytes());
        self.end_revision(start);
    }

    /// Ends a revision with a cross-reference stream of the entries noted since the last section.
    pub(super) fn xref_stream(&mut self, document: &PlainDocument, predictor: Predictor) {
        let number = self.next_number();
        let start = self.position();
        self.note(
            number,
            Entry::Offset {
                offset: start,
                generation: 0,
            },
        );
        let entries = self.trailer_entries(document);
        let body = xref_stream_body(&self.entries, &entries, predictor);
        self.object(number, 0, &body);
        self.end_revision(start);
    }

    /// Appends a hybrid file's stream, which places only the compressed objects; gives its offset.
    pub(super) fn hidden_xref_stream(&mut self, document: &PlainDocument) -> usize {
        let number = self.next_number();
        let start = self.position();
        let compressed: BTreeMap<u32, Entry> = self
            .entries
            .iter()
            .filter(|(_, entry)| matches!(entry, Entry::Compressed { .. }))
            .map(|(number, entry)| (*number, *entry))
            .collect();
        self.note(
            number,
            Entry::Offset {
                offset: start,
                generation: 0,
            },
        );
        let entries = self.trailer_entries(document);
        let body = xref_stream_body(&compressed, &entries, Predictor::None);
        self.object(number, 0, &body);
        start
    }

    fn end_revision(&mut self, start: usize) {
        self.octets
            .extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        self.previous = Some(start);
        self.entries.clear();
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.octets
    }
}

/// Entries under consecutive numbers, as subsections want them (7.5.4).
fn runs(entries: &BTreeMap<u32, Entry>) -> Vec<(u32, Vec<Entry>)> {
    let mut runs: Vec<(u32, Vec<Entry>)> = Vec::new();
    let mut expected = None;
    for (number, entry) in entries {
        if expected == Some(*number)
            && let Some((_, run)) = runs.last_mut()
        {
            run.push(*entry);
        } else {
            runs.push((*number, vec![*entry]));
        }
        expected = number.checked_add(1);
    }
    runs
}

/// 7.5.8: type in one octet, offset or stream in four, generation or index in two.
fn xref_stream_body(
    entries: &BTreeMap<u32, Entry>,
    trailer: &str,
    predictor: Predictor,
) -> Vec<u8> {
    let mut rows = Vec::new();
    let mut index = String::new();
    for (first, run) in runs(entries) {
        index.push_str(&format!("{first} {} ", run.len()));
        for entry in run {
            rows.push(row(entry));
        }
    }
    let mut data = Vec::new();
    let mut above = [0_u8; 7];
    for row in rows {
        match predictor {
            Predictor::None => data.extend(row),
            Predictor::Up => {
                data.push(2);
                data.extend(
                    row.iter()
                        .zip(above)
                        .map(|(own, above)| own.wrapping_sub(above)),
                );
                above = row;
            }
        }
    }
    let parameters = match predictor {
        Predictor::None => "",
        Predictor::Up => " /DecodeParms << /Predictor 12 /Columns 7 >>",
    };
    let dictionary = format!(
        "/Type /XRef {trailer} /W [ 1 4 2 ] /Index [ {index}] /Filter /FlateDecode{parameters}"
    );
    stream(&dictionary, &deflate(&data))
}

fn row(entry: Entry) -> [u8; 7] {
    let (kind, second, third) = match entry {
        Entry::Free { next, generation } => (0, next, generation),
        Entry::Offset { offset, generation } => {
            (1, u32::try_from(offset).unwrap_or(u32::MAX), generation)
        }
        Entry::Compressed { stream, index } => {
            (2, stream, u16::try_from(index).unwrap_or(u16::MAX))
        }
    };
    let [a, b, c, d] = second.to_be_bytes();
    let [e, f] = third.to_be_bytes();
    [kind, a, b, c, d, e, f]
}
