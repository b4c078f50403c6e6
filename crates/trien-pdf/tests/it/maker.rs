//! Small files written by hand, whatever their objects say.

use std::io::Write as _;

use trien_testkit::records::PlainDocument;
use trien_testkit::structures::{Structure, write};

/// A file with a table for these objects; object 1 is the catalog.
pub(crate) fn file(objects: &[(u32, String)]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = String::new();
    for (number, body) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n\r\n", bytes.len()));
        bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    let size = objects.iter().map(|(number, _)| number + 1).max().unwrap();
    let start = bytes.len();
    let end = format!(
        "xref\n0 1\n0000000000 65535 f\r\n{table}trailer\n<</Size {size}/Root 1 0 R>>\n\
         startxref\n{start}\n%%EOF\n"
    );
    bytes.extend_from_slice(end.as_bytes());
    bytes
}

/// The offset that the last startxref names.
fn start_of(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes.get(bytes.len().saturating_sub(60)..).unwrap());
    let (_, named) = text.rsplit_once("startxref").unwrap();
    named.split_whitespace().next().unwrap().parse().unwrap()
}

/// Appends one revision with these objects.
pub(crate) fn update(bytes: &mut Vec<u8>, size: usize, objects: &[(u32, String)]) {
    let previous = start_of(bytes);
    let mut table = String::new();
    for (number, body) in objects {
        let offset = bytes.len();
        table.push_str(&format!("{number} 1\n{offset:010} 00000 n\r\n"));
        bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    let start = bytes.len();
    let end = format!(
        "xref\n{table}trailer\n<</Size {size}/Root 1 0 R/Prev {previous}>>\nstartxref\n{start}\n\
         %%EOF\n"
    );
    bytes.extend_from_slice(end.as_bytes());
}

/// A file whose cross-reference stream has these entries in its dictionary and these data.
pub(crate) fn with_xref_stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n".to_vec();
    let start = bytes.len();
    let head = format!(
        "2 0 obj\n<</Type/XRef/Root 1 0 R/Length {}{dictionary}>>\nstream\n",
        data.len()
    );
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(data);
    let end = format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
    bytes.extend_from_slice(end.as_bytes());
    bytes
}

pub(crate) fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Real files of every structure: a page, a text field, and a signature field that waits.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut document = PlainDocument::new();
    let pages = document.allocate();
    let page = document.allocate();
    let field = document.add(format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Chu ky) /F 132 /Rect [ 9 9 90 40 ] \
         /P {page} 0 R /Lock << /Type /SigFieldLock /Action /All >> >>"
    ));
    let text = document.add(format!(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Diem) /V (9) /Rect [ 9 50 90 80 ] \
         /P {page} 0 R >>"
    ));
    document.set(
        page,
        format!(
            "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 99 99 ] \
             /Resources << >> /Annots [ {field} 0 R {text} 0 R ] >>"
        ),
    );
    let tree = format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>");
    document.set(pages, tree);
    let catalogue = format!(
        "<< /Type /Catalog /Pages {pages} 0 R \
         /AcroForm << /SigFlags 3 /Fields [ {field} 0 R {text} 0 R ] >> >>"
    );
    document.set(document.root, catalogue);
    let structures = Structure::ALL.into_iter();
    structures
        .map(|structure| write(&document, structure))
        .collect()
}
