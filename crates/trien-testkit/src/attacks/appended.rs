//! Octets behind a signed revision, and signed octets wrapped in others (ATTACKS.md, 3; B14 to B16).

use super::base::{
    CATALOG, CONTENT_1, FIELDS, FORM, MARKS, OTHER_MARKS, PAGE_1, PAGE_1_ANNOTATIONS, PAGES,
    PRINCIPAL_FIELD, Signed, form, page_1,
};
use super::maker::{BOTH, MODIFIED, Maker, PERMITTED, WHOLE};
use super::update::{RawFile, stream};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    endings(maker);
    updates(maker);
    tails(maker);
    copies(maker);
    wrapped(maker);
    maker.attack(
        ("I4", "prev-skips-a-revision"),
        "an update's /Prev leads past the second signature's revision",
        skipping(maker),
        MODIFIED,
    );
    let twice = maker.approved_twice();
    let honest = twice
        .file
        .with(&[(super::base::INFO, "<< /Title (Hoc ba 2) >>")]);
    maker.control(
        ("I4", "prev-in-order"),
        "an update behind two signatures that replaces the title",
        honest,
        &[
            "HieuTruong intact revision permitted",
            "ConDau intact revision permitted",
        ],
    );
}

fn endings(maker: &mut Maker<'_>) {
    let approved = maker.approved();
    maker.control(("B14", "signed"), "signed once", approved.clone(), WHOLE);
    maker.control(
        ("B14", "signed-twice"),
        "signed twice",
        maker.approved_twice(),
        BOTH,
    );
    let with = |tail: &[u8]| [approved.file.octets.as_slice(), tail].concat();
    maker.control(
        ("B14", "one-end-of-line"),
        "one end of line behind the signed end",
        with(b"\n"),
        WHOLE,
    );
    maker.control(
        ("B15", "several-ends-of-line"),
        "several ends of lines behind the signed end: told",
        with(b"\n\r\n\n"),
        PERMITTED,
    );
    for (name, what, tail) in [
        ("zeros", "zeros behind the signed end", &b"\n\0\0\0\0"[..]),
        ("spaces", "spaces behind the signed end", b"\n   "),
    ] {
        maker.attack(("B15", name), what, with(tail), MODIFIED);
    }
    let mut update = approved.file.update();
    update.object(super::base::INFO, "<< /Title (Hoc ba 2) >>");
    update.size = 5;
    maker.attack(
        ("X4", "size-leaves-out-objects"),
        "an update whose /Size leaves out most objects of the file",
        update.table(),
        MODIFIED,
    );
    let letters = with(b"\nabc");
    let broken = maker.attack(
        ("B15", "stray-letters"),
        "letters behind the last revision",
        letters,
        MODIFIED,
    );
    broken.document = "invalid";
    maker.attack(
        ("B16", "file-behind-itself"),
        "the whole file copied behind itself",
        with(&approved.file.octets),
        MODIFIED,
    );
}

fn updates(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let other = stream("", OTHER_MARKS);
    let page = page_1(PAGE_1_ANNOTATIONS, "40 0 R");
    for (name, what, objects) in [
        (
            "page-content",
            "the page's content replaced",
            vec![(CONTENT_1, other.as_str())],
        ),
        (
            "page",
            "the page refers to another content",
            vec![(PAGE_1, page.as_str()), (40, other.as_str())],
        ),
        (
            "pages",
            "the page tree has one page less",
            vec![(PAGES, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")],
        ),
        (
            "catalog",
            "the catalogue refers to another page tree",
            vec![
                (
                    CATALOG,
                    "<< /Type /Catalog /Pages 41 0 R /AcroForm 8 0 R /Metadata 20 0 R \
                     /Outlines 28 0 R >>",
                ),
                (41, "<< /Type /Pages /Kids [42 0 R] /Count 1 >>"),
                (
                    42,
                    "<< /Type /Page /Parent 41 0 R /MediaBox [0 0 595 842] /Resources 7 0 R \
                     /Contents 30 0 R >>",
                ),
            ],
        ),
        (
            "content-array",
            "a second content behind the first",
            vec![(
                PAGE_1,
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 7 0 R /Contents [5 0 R 30 0 R] /Annots [12 0 R 14 0 R 15 0 R 17 0 R 22 0 R 23 0 R 24 0 R 26 0 R] >>",
            )],
        ),
        (
            "media-box",
            "the page's box cut so that marks fall outside",
            vec![(
                PAGE_1,
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 700] /Resources 7 0 R /Contents 5 0 R /Annots [12 0 R 14 0 R 15 0 R 17 0 R 22 0 R 23 0 R 24 0 R 26 0 R] >>",
            )],
        ),
    ] {
        maker.attack(("I1", name), what, file.with(&objects), MODIFIED);
    }
    let title = file.with(&[(super::base::INFO, "<< /Title (Hoc ba 2) >>")]);
    maker.control(
        ("I1", "title"),
        "the title replaced, which no page shows",
        title,
        PERMITTED,
    );
}

/// Tails that are no complete revision: viewers rebuild the file and show them (I2).
fn tails(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let begun = || {
        let mut update = file.update();
        update.object(CONTENT_1, stream("", OTHER_MARKS));
        update
    };
    let mut tail = begun();
    tail.raw("%%EOF\n");
    maker.attack(
        ("I2", "objects-and-eof"),
        "an object and %%EOF without cross-references",
        tail.octets,
        MODIFIED,
    );
    let mut tail = begun();
    tail.raw("trailer\n<< /Root 1 0 R /Size 40 >>\n%%EOF\n");
    maker.attack(
        ("I2", "trailer-without-xref"),
        "an object and a trailer without a table",
        tail.octets,
        MODIFIED,
    );
    let mut tail = begun();
    tail.write_table();
    maker.attack(
        ("I2", "no-startxref"),
        "an update that ends with its trailer",
        tail.octets,
        MODIFIED,
    );
    let mut tail = begun();
    let at = tail.write_table();
    tail.raw(format!("startxref\n{at}\n"));
    maker.attack(
        ("I2", "no-end-mark"),
        "an update whose %%EOF is missing",
        tail.octets,
        MODIFIED,
    );
    let mut tail = begun();
    tail.write_table();
    tail.write_table();
    tail.raw(format!("startxref\n{}\n%%EOF\n", file.startxref));
    maker.attack(
        ("I2", "old-startxref"),
        "two tables, and a startxref that names the signed one",
        tail.octets,
        MODIFIED,
    );
    let mut tail = begun();
    tail.write_table();
    let at = tail.write_table();
    tail.raw(format!("startxref\n{at}\n%%EOF\n"));
    maker.attack(
        ("I2", "two-tables"),
        "two tables with one startxref",
        tail.octets,
        MODIFIED,
    );
    let tail = [file.octets.as_slice(), b"%%EOF\n"].concat();
    maker.attack(
        ("I2", "second-end-mark"),
        "a second %%EOF in no revision",
        tail,
        MODIFIED,
    );
}

/// The signature field or dictionary copied into the update (I3, W3).
fn copies(maker: &mut Maker<'_>) {
    let approved = maker.approved();
    let number = approved.dictionary;
    let field = format!(
        "<< {} /V {number} 0 R >>",
        PRINCIPAL_FIELD.replace("(HieuTruong)", "(BanSao)")
    );
    let list = form(&format!("{FIELDS} 40 0 R"), "");
    maker.attack(
        ("I3", "field-copied"),
        "a second field with the same signature dictionary",
        approved.file.with(&[(40, &field), (FORM, &list)]),
        MODIFIED,
    );
    let body = dictionary_body(&approved.file, number);
    let field = format!("<< {PRINCIPAL_FIELD} /V 40 0 R >>");
    maker.attack(
        ("I3", "dictionary-copied"),
        "the field refers to a copy of the signature dictionary, and the page is another",
        approved.file.with(&[
            (super::base::PRINCIPAL, &field),
            (40, &body),
            (CONTENT_1, &stream("", OTHER_MARKS)),
        ]),
        &[
            "HieuTruong intact revision forbidden",
            "HieuTruong intact broken none",
        ],
    );
    let reason = body.replacen("/M (D:2026", "/Reason (Khong dat) /M (D:2026", 1);
    maker.attack(
        ("W3", "reason"),
        "the signature dictionary written again with a /Reason",
        approved.file.with(&[(number, &reason)]),
        &[
            "HieuTruong intact revision forbidden",
            "HieuTruong intact broken none",
        ],
    );
    let time = body.replacen("/M (D:2026", "/M (D:2025", 1);
    maker.attack(
        ("W3", "time"),
        "the signature dictionary written again with another /M",
        approved.file.with(&[(number, &time)]),
        &[
            "HieuTruong intact revision forbidden",
            "HieuTruong intact broken none",
        ],
    );
}

/// The body of an object, as it stands in the file.
pub(super) fn dictionary_body(file: &RawFile, number: u32) -> String {
    let header = format!("\n{number} 0 obj\n");
    let start = file.find_last(&header) + header.len();
    let text = String::from_utf8_lossy(&file.octets[start..]).into_owned();
    text.split("\nendobj").next().unwrap_or_default().to_owned()
}

/// Signature wrapping (W1): the second span moves to the end; what was at its place is a table
/// where the signed startxref looks for one, another signature dictionary with another range, and
/// other marks.
fn wrapped(maker: &mut Maker<'_>) {
    let approved = maker.approved();
    for (name, what, shown) in [
        (
            "second-span-moved",
            "the second span moved to the end; the gap holds the value, a table and objects",
            OTHER_MARKS,
        ),
        (
            "second-span-moved-same-marks",
            "the same, with the marks that were signed",
            MARKS,
        ),
    ] {
        let octets = wrap(&approved, shown);
        maker.attack(
            ("W1", name),
            what,
            octets,
            &["HieuTruong intact broken none"],
        );
    }
}

fn wrap(approved: &Signed, shown: &str) -> Vec<u8> {
    let (start, end) = approved.gap;
    let (head, rest) = approved.file.octets.split_at(end);
    let contents = String::from_utf8_lossy(&head[start..]).into_owned();
    let table_at = approved.file.startxref;
    let number = approved.dictionary;
    let write = |objects_at: usize, moved_to: usize| {
        let mut update = approved.file.update();
        update.previous = Some(previous_table(&approved.file));
        update.octets = vec![b' '; objects_at];
        update.object(CONTENT_1, stream("", shown));
        update.object(
            number,
            format!(
                "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached \
                 /ByteRange [0 {start:010} {moved_to:010} {:010}] /Contents {contents} >>",
                rest.len()
            ),
        );
        let field = format!("<< {PRINCIPAL_FIELD} /V {number} 0 R >>");
        update.object(super::base::PRINCIPAL, field);
        let objects = update.octets.split_off(objects_at);
        update.octets = head.to_vec();
        update.octets.resize(table_at, b' ');
        update.write_table();
        let objects_at = update.octets.len();
        update.raw(objects);
        (objects_at, update.octets)
    };
    // Numbers have fixed widths: the first pass tells where things come to stand.
    let (objects_at, octets) = write(table_at, 0);
    let (_, mut octets) = write(objects_at, octets.len());
    octets.extend_from_slice(rest);
    octets
}

/// Offset of the table before the newest.
fn previous_table(file: &RawFile) -> usize {
    let text = String::from_utf8_lossy(&file.octets[file.startxref..]).into_owned();
    let behind = text.split("/Prev ").nth(1).unwrap_or_default();
    behind.split(' ').next().unwrap().parse().unwrap()
}

/// Two signatures, then an update whose /Prev is the first signature's revision.
fn skipping(maker: &Maker<'_>) -> RawFile {
    let first = maker.approved();
    let second = maker.signing(Role::SchoolSeal).sign(&first.file);
    let mut update = second.file.update();
    update.previous = Some(first.file.startxref);
    update.object(super::base::INFO, "<< /Title (Hoc ba 2) >>");
    update.table()
}
