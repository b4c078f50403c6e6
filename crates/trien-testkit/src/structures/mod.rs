//! One document in each file structure that ISO 32000-2 (7.5) allows and files in the wild have.
//!
//! Knows nothing of what the objects mean, with two exceptions that the structures themselves ask
//! for: hybrid files hide objects by kind, and revisions rewrite the information dictionary.

mod compressed;
mod file;
mod linearized;
mod revised;

pub use linearized::{LinearizeError, linearize};

use crate::records::PlainDocument;
use file::FileWriter;

/// From where offsets count in a file whose header is not its first octet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CountedFrom {
    /// From the first octet of the file, as ISO 32000-2, 7.5.4 says.
    FileStart,
    /// From the `%` of `%PDF`, as many writers behind mail and web gateways leave it.
    Header,
}

/// How the table of a hybrid file treats the objects that only the stream places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HiddenEntries {
    /// Its subsections leave them out.
    Absent,
    /// It calls them free for ever, as ISO 32000-2, 7.5.8.4 shows it and Word writes it.
    Free,
}

/// A file structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Structure {
    /// Cross-reference table and trailer (7.5.4, 7.5.5).
    ClassicTable,
    /// Free entries in the table; an object number that was freed and used again with generation
    /// 1 (7.5.4): three revisions, the catalogue refers to the reused object.
    FreeEntries,
    /// Octets of another kind before `%PDF`, classic table.
    HeaderNotAtStart(CountedFrom),
    /// Table plus `/XRefStm`: objects hidden from readers of tables are in an object stream
    /// (7.5.8.4).
    Hybrid(HiddenEntries),
    /// Classic table and this many incremental updates, each with a table (7.5.6).
    ManyRevisions(u16),
    /// Cross-reference stream with this many incremental updates, each with a stream.
    ManyStreamRevisions(u16),
    /// Every object that may be in an object stream is in one (7.5.7), PNG predictor on the
    /// cross-reference stream.
    ObjectStreams,
    /// Cross-reference stream without object streams (7.5.8).
    XrefStream,
}

impl Structure {
    /// Every structure, revisions five deep.
    pub const ALL: [Self; 10] = [
        Self::ClassicTable,
        Self::FreeEntries,
        Self::HeaderNotAtStart(CountedFrom::FileStart),
        Self::HeaderNotAtStart(CountedFrom::Header),
        Self::Hybrid(HiddenEntries::Absent),
        Self::Hybrid(HiddenEntries::Free),
        Self::ManyRevisions(5),
        Self::ManyStreamRevisions(5),
        Self::ObjectStreams,
        Self::XrefStream,
    ];
}

/// What stands before `%PDF` in [`Structure::HeaderNotAtStart`]: the head of a mail part.
pub const JUNK: &[u8] =
    b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n";

/// The document as a file of this structure.
#[must_use]
pub fn write(document: &PlainDocument, structure: Structure) -> Vec<u8> {
    match structure {
        Structure::ClassicTable => classic(document, FileWriter::new(&[], CountedFrom::FileStart)),
        Structure::HeaderNotAtStart(counted) => classic(document, FileWriter::new(JUNK, counted)),
        Structure::FreeEntries => revised::free_entries(document),
        Structure::ManyRevisions(updates) => revised::with_tables(document, updates),
        Structure::ManyStreamRevisions(updates) => revised::with_streams(document, updates),
        Structure::Hybrid(entries) => compressed::hybrid(document, entries),
        Structure::ObjectStreams => compressed::object_streams(document),
        Structure::XrefStream => compressed::xref_stream(document).finish(),
    }
}

fn classic(document: &PlainDocument, mut file: FileWriter) -> Vec<u8> {
    for (number, body) in &document.objects {
        file.object(*number, 0, body);
    }
    file.table(document, file::TableForm::Plain);
    file.finish()
}
