//! Updates that mean the same by the letter, and not to every reader: references to references, keys
//! of nothing, malformed names, object streams that hold an object twice, and lists beyond bounds
//! (ATTACKS.md, S4, X13, 11).

use super::base::{CATALOG, CATALOG_BODY, CONTENT_1, PAGE_1, PAGE_1_ANNOTATIONS, page_1};
use super::maker::{MODIFIED, Maker, UNCHANGED};
use super::update::{RawFile, Row, stream};

/// What updates bring.
const NEW: u32 = 61;

/// Keys of one dictionary: each was once looked for among all.
const KEYS: u32 = 50_000;

/// One more reference than a security store is followed through.
const REFERENCES: usize = 100_001;

pub(super) fn make(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let page = |entries: &str| {
        let page = page_1(PAGE_1_ANNOTATIONS, "5 0 R");
        page.replace("/Type /Page ", &format!("/Type /Page {entries} "))
    };
    let keys: String = (0..KEYS).map(|key| format!("/K{key} 1 ")).collect();
    let chained = page_1(PAGE_1_ANNOTATIONS, "61 0 R");
    for (row, name, what, page) in [
        (
            "S4",
            "reference-to-a-reference",
            "a page whose content is a reference to the signed one, which most readers do not follow",
            chained,
        ),
        (
            "X13",
            "key-of-nothing",
            "a page that receives a box of null, for readers that look no further",
            page("/CropBox null"),
        ),
        (
            "X13",
            "key-that-leads-nowhere",
            "a page that receives resources which are not there",
            page("/Group 99 0 R"),
        ),
        (
            "X13",
            "name-escapes-nothing",
            "a page that receives a /Contents whose name ends in half an escape",
            page("/Contents#0 30 0 R"),
        ),
        (
            "P1",
            "page-of-fifty-thousand-keys",
            "a page that receives fifty thousand keys",
            page(&keys),
        ),
    ] {
        let content = format!("{CONTENT_1} 0 R");
        let mut objects = vec![(PAGE_1, page.as_str())];
        if name == "reference-to-a-reference" {
            objects.push((NEW, content.as_str()));
        }
        maker.attack((row, name), what, file.with(&objects), MODIFIED);
    }
    packed(maker, &file);
    let open = CATALOG_BODY.trim_end_matches(">>");
    let list = "62 0 R ".repeat(REFERENCES);
    let catalog = format!("{open}/DSS << /Certs [{list}] >> >>");
    maker.attack(
        ("P1", "store-of-a-hundred-thousand"),
        "a security store that names one certificate a hundred thousand times",
        file.with(&[(CATALOG, &catalog), (62, &stream("", "0"))]),
        MODIFIED,
    );
}

/// An object stream that holds the page.
fn packed(maker: &mut Maker<'_>, file: &RawFile) {
    let now = page_1(PAGE_1_ANNOTATIONS, "5 0 R");
    let other = page_1(PAGE_1_ANNOTATIONS, "30 0 R");
    let behind = other.len() + 1;
    let write = |header: &str, body: &str, index: u16| {
        let mut update = file.update();
        let entries = format!(
            "/Type /ObjStm /N {} /First {}",
            header.split_whitespace().count() / 2,
            header.len()
        );
        let container = update.add(stream(&entries, &format!("{header}{body}")));
        update.row(
            PAGE_1,
            Row::Packed {
                stream: container,
                index,
            },
        );
        update.stream()
    };
    let both = format!("{other} {now} ");
    for (name, what, header, index) in [
        (
            "packed-twice",
            "an object stream that holds two pages of one number, of which one was signed",
            format!("3 0 3 {behind} "),
            1,
        ),
        (
            "packed-unnamed",
            "an object stream that holds another page in front of the one that it names",
            format!("3 {behind} "),
            0,
        ),
    ] {
        let file = write(&header, &both, index);
        maker.attack(("X13", name), what, file, MODIFIED);
    }
    maker.control(
        ("X6", "packed"),
        "the page as it was signed, in an object stream",
        write("3 0 ", &format!("{now} "), 0),
        UNCHANGED,
    );
}
