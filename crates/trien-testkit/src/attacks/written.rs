//! Updates that mean the same by the letter, and not to every reader: references to references, keys
//! of nothing, malformed names, object streams that hold an object twice, and lists beyond bounds
//! (ATTACKS.md, S4, X13, 11).

use super::base::{
    CATALOG, CATALOG_BODY, CONTENT_1, FIELDS, FORM, PAGE_1, PAGE_1_ANNOTATIONS, form, look, page_1,
};
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
    generations(maker);
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

/// What readers show that ask the number of a reference alone, and what they draw of their own.
fn generations(maker: &mut Maker<'_>) {
    let file = maker.certified(2).file;
    let listed = |last: &str| page_1(&format!("{PAGE_1_ANNOTATIONS} {last}"), "5 0 R");
    let ground = "1 g 0 0 200 30 re f 0 g BT /F1 14 Tf 2 4 Td (Diem trung binh: 9.0) Tj ET";
    let stamp = "<< /Type /Annot /Subtype /Stamp /Rect [60 750 260 780] /P 3 0 R /F 4 \
                 /AP << /N 62 0 R >> >>";
    for (name, what, named, generation) in [
        (
            "stamp-of-another-generation",
            "P=2: a stamp that the page names under a generation that it does not have",
            "61 5 R",
            0,
        ),
        (
            "stamp-of-a-later-generation",
            "P=2: a stamp of a generation that the page does not name",
            "61 0 R",
            1,
        ),
    ] {
        let mut update = file.update();
        update.object(PAGE_1, listed(named));
        update.generation(NEW, generation, stamp);
        update.object(NEW + 1, look("200 30", ground));
        maker.attack(("X4", name), what, update.table(), MODIFIED);
    }
    let field = "<< /FT /Sig /T (Moi) /Type /Annot /Subtype /Widget /P 3 0 R /F 4 >>";
    let fields = form(&format!("{FIELDS} 61 0 R"), "");
    maker.attack(
        ("C5", "field-without-place"),
        "P=2: a field to be signed that does not say where it is, which a reader draws on the whole page",
        file.with(&[
            (PAGE_1, &listed("61 0 R")),
            (FORM, &fields),
            (NEW, field),
        ]),
        MODIFIED,
    );
    let named = |look: u32| {
        let open = CATALOG_BODY.trim_end_matches(">>");
        format!("{open}/Names << /AP << /Names [(a) {look} 0 R] >> >> >>")
    };
    let file = maker.approved_with(&[(CATALOG, &named(16))]).file;
    maker.attack(
        ("C10", "named-look-replaced"),
        "a look that the document has by a name is another one",
        file.with(&[(CATALOG, &named(18))]),
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
