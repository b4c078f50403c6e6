//! Structures of PDF 1.5: cross-reference streams, object streams, hybrid files.
//! Chooses which objects are compressed; the octets are `file`'s.

use super::file::{Entry, FileWriter, Predictor, TableForm};
use super::{CountedFrom, HiddenEntries};
use crate::records::PlainDocument;
use crate::records::document::{deflate, stream};

/// Objects in one object stream; other writers take 100 to 200.
const PER_STREAM: usize = 100;

/// The document with a cross-reference stream, open for further revisions.
pub(super) fn xref_stream(document: &PlainDocument) -> FileWriter {
    let mut file = FileWriter::new(&[], CountedFrom::FileStart);
    for (number, body) in &document.objects {
        file.object(*number, 0, body);
    }
    file.xref_stream(document, Predictor::None);
    file
}

pub(super) fn object_streams(document: &PlainDocument) -> Vec<u8> {
    let mut file = FileWriter::new(&[], CountedFrom::FileStart);
    let mut hidden = Vec::new();
    for (number, body) in &document.objects {
        if is_stream(body) {
            file.object(*number, 0, body);
        } else {
            hidden.push((*number, body.as_slice()));
        }
    }
    let mut next = document
        .objects
        .keys()
        .next_back()
        .map_or(1, |last| last.saturating_add(1));
    for chunk in hidden.chunks(PER_STREAM) {
        compress(&mut file, next, chunk);
        next = next.saturating_add(1);
    }
    file.xref_stream(document, Predictor::Up);
    file.finish()
}

/// 7.5.8.4: readers of PDF 1.4 see catalogue, page tree and streams; the rest is hidden from
/// them.
pub(super) fn hybrid(document: &PlainDocument, entries: HiddenEntries) -> Vec<u8> {
    let mut file = FileWriter::new(&[], CountedFrom::FileStart);
    let mut hidden = Vec::new();
    for (number, body) in &document.objects {
        let seen = is_stream(body)
            || [&b"/Type /Catalog"[..], b"/Type /Page"]
                .iter()
                .any(|kind| body.windows(kind.len()).any(|window| window == *kind));
        if seen {
            file.object(*number, 0, body);
        } else {
            hidden.push((*number, body.as_slice()));
        }
    }
    let next = document
        .objects
        .keys()
        .next_back()
        .map_or(1, |last| last.saturating_add(1));
    compress(&mut file, next, &hidden);
    let offset = file.hidden_xref_stream(document);
    file.table(document, TableForm::Hybrid(offset, entries));
    file.finish()
}

/// Writes an object stream (7.5.7) under `number` and notes where its objects are.
fn compress(file: &mut FileWriter, number: u32, objects: &[(u32, &[u8])]) {
    let mut directory = String::new();
    let mut bodies = Vec::new();
    for (index, (object, body)) in objects.iter().enumerate() {
        directory.push_str(&format!("{object} {} ", bodies.len()));
        bodies.extend_from_slice(body);
        bodies.push(b'\n');
        file.note(
            *object,
            Entry::Compressed {
                stream: number,
                index,
            },
        );
    }
    let first = directory.len();
    let mut data = directory.into_bytes();
    data.extend(bodies);
    let dictionary = format!(
        "/Type /ObjStm /N {} /First {first} /Filter /FlateDecode",
        objects.len()
    );
    file.object(number, 0, &stream(&dictionary, &deflate(&data)));
}

fn is_stream(body: &[u8]) -> bool {
    body.ends_with(b"endstream")
}
