//! Structures that grow by incremental updates (7.5.6), and freed and reused object numbers.
//! The pages stay as they are in every revision.

use super::CountedFrom;
use super::compressed;
use super::file::{Entry, FileWriter, Predictor, TableForm};
use crate::records::PlainDocument;
use crate::records::document::text_string;

/// Classic table, then `updates` revisions that rewrite the information dictionary.
pub(super) fn with_tables(document: &PlainDocument, updates: u16) -> Vec<u8> {
    let mut file = first_revision(document);
    for update in 1..=updates {
        rewrite_info(&mut file, document, update);
        file.table(document, TableForm::Plain);
    }
    file.finish()
}

/// The same with cross-reference streams throughout.
pub(super) fn with_streams(document: &PlainDocument, updates: u16) -> Vec<u8> {
    let mut file = compressed::xref_stream(document);
    for update in 1..=updates {
        rewrite_info(&mut file, document, update);
        file.xref_stream(document, Predictor::None);
    }
    file.finish()
}

/// Revision 1 has two more objects; revision 2 frees both; revision 3 uses the first number again
/// with generation 1, and the catalogue refers to it.
pub(super) fn free_entries(document: &PlainDocument) -> Vec<u8> {
    let mut file = FileWriter::new(&[], CountedFrom::FileStart);
    for (number, body) in &document.objects {
        file.object(*number, 0, body);
    }
    let first = file.next_number();
    let second = first.saturating_add(1);
    file.object(first, 0, b"<< /Note (first use) >>");
    file.object(second, 0, b"<< /Note (never used again) >>");
    file.table(document, TableForm::Plain);
    let free = |next, generation| Entry::Free { next, generation };
    // The list of free objects runs 0, first, second, 0.
    file.note(0, free(first, u16::MAX));
    file.note(first, free(second, 1));
    file.note(second, free(0, 1));
    file.table(document, TableForm::Plain);
    file.note(0, free(second, u16::MAX));
    file.object(first, 1, b"<< /Note (second use) >>");
    if let Some(catalogue) = document.objects.get(&document.root) {
        let open = catalogue
            .trim_ascii_end()
            .strip_suffix(b">>")
            .unwrap_or(catalogue);
        let mut body = open.to_vec();
        body.extend_from_slice(format!("/TRIEN_Reused {first} 1 R >>").as_bytes());
        file.object(document.root, 0, &body);
    }
    file.table(document, TableForm::Plain);
    file.finish()
}

fn first_revision(document: &PlainDocument) -> FileWriter {
    let mut file = FileWriter::new(&[], CountedFrom::FileStart);
    for (number, body) in &document.objects {
        file.object(*number, 0, body);
    }
    file.table(document, TableForm::Plain);
    file
}

fn rewrite_info(file: &mut FileWriter, document: &PlainDocument, update: u16) {
    if let Some(info) = document.info {
        let title = text_string(&format!("Học bạ, lần cập nhật {update}"));
        file.object(info, 0, format!("<< /Title {title} >>").as_bytes());
    }
}
