//! The records before anybody signs: a page of text with a small picture, or the scan of a paper.
//! Knows nothing of signatures.

use trien_testkit::records::{PlainDocument, noise};
use trien_testkit::structures::{Structure, write};

/// Octets of the picture of a page.
const PICTURE_OCTETS: usize = 3_000;

/// A record, and the objects that forgers of it change.
pub(crate) struct Page {
    pub(crate) octets: Vec<u8>,
    /// Number of the page's content.
    pub(crate) content: u32,
    /// Number of another content that nothing shows.
    pub(crate) hidden: u32,
}

/// A page that says this, in ASCII.
pub(crate) fn text(number: u32, words: &str) -> Page {
    page(
        number,
        &format!("BT /F 14 Tf 72 760 Td ({words} {number}) Tj ET"),
    )
}

/// A page that is a picture and nothing else.
pub(crate) fn scan(number: u32) -> Page {
    page(number, "")
}

fn page(number: u32, text: &str) -> Page {
    let mut document = PlainDocument::new();
    let pages = document.allocate();
    let image = document.add_stream(
        "/Type /XObject /Subtype /Image /Width 60 /Height 50 /ColorSpace /DeviceGray \
         /BitsPerComponent 8",
        &noise(number, PICTURE_OCTETS),
    );
    let font = document.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    let drawn = if text.is_empty() {
        "q 595 0 0 842 0 0 cm /Picture Do Q".to_owned()
    } else {
        format!("{text} q 90 0 0 75 72 600 cm /Picture Do Q")
    };
    let content = document.add_stream("", drawn.as_bytes());
    let hidden = document.add_stream("", b"BT /F 14 Tf 72 760 Td (Diem: 9,0) Tj ET");
    let page = document.add(format!(
        "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 595 842 ] /Contents {content} 0 R \
         /Resources << /Font << /F {font} 0 R >> /XObject << /Picture {image} 0 R >> >> >>"
    ));
    document.set(
        pages,
        format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>"),
    );
    let catalogue = format!("<< /Type /Catalog /Pages {pages} 0 R >>");
    document.set(document.root, catalogue);
    Page {
        octets: write(&document, Structure::ClassicTable),
        content,
        hidden,
    }
}
