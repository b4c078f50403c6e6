//! Cross-references, object numbers and encryption (ATTACKS.md, 4).

use super::base::{
    CATALOG, CONTENT_1, DANGLING, HIDDEN, INFO, MARKS, OTHER_MARKS, PAGE_1, document_with, page_1,
};
use super::maker::{MODIFIED, Maker, PERMITTED, UNCHANGED, WHOLE};
use super::update::{RawFile, RawUpdate, Row, stream};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    repointed(maker);
    numbers(maker);
    hybrid(maker);
    wrong_places(maker);
}

/// Where an object's header stands in a file.
fn place_of(file: &RawFile, number: u32) -> Row {
    let offset = file.find_last(&format!("\n{number} 0 obj\n")) + 1;
    Row::At {
        offset,
        generation: 0,
    }
}

/// X3: an update without a single object.
fn repointed(maker: &mut Maker<'_>) {
    // A second object of the page content's number, which no entry names.
    let hidden = format!(
        "{}\nendobj\n{CONTENT_1} 0 obj\n{}",
        "<< /Note (goc) >>",
        stream("", OTHER_MARKS)
    );
    let signed = maker.approved_with(&[(60, &hidden)]);
    maker.control(
        ("S5", "hidden-object"),
        "two objects of one number in signed octets, the table names the first",
        signed.clone(),
        WHOLE,
    );
    let mut update = signed.file.update();
    let place = place_of(&signed.file, CONTENT_1);
    update.row(CONTENT_1, place);
    maker.attack(
        ("X3", "content-repointed"),
        "a table alone: the page content's entry names other marks hidden in signed octets",
        update.table(),
        MODIFIED,
    );
    let mut update = signed.file.update();
    update.row(CONTENT_1, place);
    maker.attack(
        ("X3", "content-repointed-by-stream"),
        "the same by a cross-reference stream",
        update.stream(),
        MODIFIED,
    );
    let file = maker.approved().file;
    let mut update = file.update();
    let place = place_of(&file, CONTENT_1);
    update.row(CONTENT_1, place);
    maker.control(
        ("X3", "same-place"),
        "a table alone that names the place it had",
        update.table(),
        UNCHANGED,
    );
}

fn numbers(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let freed = |number: u32| {
        let mut update = file.update();
        update.row(number, Row::Free { generation: 1 });
        update.table()
    };
    maker.attack(
        ("X4", "content-freed"),
        "the entry of the page's content freed",
        freed(CONTENT_1),
        MODIFIED,
    );
    maker.control(
        ("X4", "unreferenced-freed"),
        "the entry of an object freed that nothing refers to",
        freed(HIDDEN),
        PERMITTED,
    );
    let mut update = file.update();
    update.generation(CONTENT_1, 1, stream("", OTHER_MARKS));
    let page = page_1(super::base::PAGE_1_ANNOTATIONS, "5 1 R");
    update.object(PAGE_1, page);
    maker.attack(
        ("X4", "number-reused"),
        "the content's number used again with generation 1, and the page refers to it",
        update.table(),
        MODIFIED,
    );
    let mut update = file.update();
    update.generation(CONTENT_1, 1, stream("", OTHER_MARKS));
    maker.attack(
        ("S4", "number-reused"),
        "the content's number used again with generation 1: the page shows nothing",
        update.table(),
        MODIFIED,
    );
    let filled = super::base::image("000000FF>");
    maker.attack(
        ("S4", "dangling-filled"),
        "an object that the signed page referred to and that was not there",
        file.with(&[(DANGLING, &filled)]),
        MODIFIED,
    );
    maker.control(
        ("X14", "unreferenced-added"),
        "an object that nothing refers to",
        file.with(&[(61, "<< /Note (khong ai dung) >>")]),
        PERMITTED,
    );
    let commented = page_1("", "5 % 0 R\n 0 R").replace("/Type /Page", "/Type /Page % endobj\n");
    let signed = maker.approved_with(&[(PAGE_1, &commented)]);
    maker.attack(
        ("X2", "reference-among-comments"),
        "the content replaced of a page whose reference to it stands among comments",
        signed.file.with(&[(CONTENT_1, &stream("", OTHER_MARKS))]),
        MODIFIED,
    );
    let twice = maker.approved_with(&[(
        PAGE_1,
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 7 0 R /Contents 30 0 R \
         /Contents 5 0 R /Annots [12 0 R 17 0 R 26 0 R] >>",
    )]);
    maker.control(
        ("X13", "content-twice"),
        "a page with two /Contents, as it was signed",
        twice.clone(),
        WHOLE,
    );
    let swapped = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 7 0 R \
                   /Contents 5 0 R /Contents 30 0 R /Annots [12 0 R 17 0 R 26 0 R] >>";
    maker.attack(
        ("X13", "content-twice-swapped"),
        "an update swaps the two /Contents of a page",
        twice.file.with(&[(PAGE_1, swapped)]),
        MODIFIED,
    );
    let doubled = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 7 0 R \
                   /Contents 30 0 R /Contents 5 0 R /Annots [12 0 R 14 0 R 15 0 R 17 0 R 22 0 R \
                   23 0 R 24 0 R 26 0 R] >>";
    maker.attack(
        ("X13", "content-twice-added"),
        "an update puts a second /Contents before the page's own, for readers that take the first",
        file.with(&[(PAGE_1, doubled)]),
        MODIFIED,
    );
}

/// X5: table and stream of one section.
fn hybrid(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let write = |table: Option<&str>, hidden: &str| {
        let mut update = file.update();
        let offset = update.octets.len();
        update.object(CONTENT_1, stream("", hidden));
        let place = update.rows[&CONTENT_1];
        update.rows.clear();
        let mut view = update.clone();
        view.row(CONTENT_1, place);
        let xref = view.write_stream();
        update.octets = view.octets;
        update.size = view.size;
        update.trailer = format!("/XRefStm {xref}");
        match table {
            Some(marks) => {
                update.object(CONTENT_1, stream("", marks));
            }
            None => {
                update.row(CONTENT_1, Row::Free { generation: 0 });
            }
        }
        assert!(offset > 0);
        update.table()
    };
    maker.attack(
        ("X5", "stream-view-edited"),
        "a hybrid update whose table keeps the marks and whose stream has others",
        write(Some(&format!("{MARKS} /Im1 Do")), OTHER_MARKS),
        MODIFIED,
    );
    maker.attack(
        ("X5", "hidden-view-edited"),
        "a hybrid update whose stream alone has other marks",
        write(None, OTHER_MARKS),
        MODIFIED,
    );
    // The normal use: an object in the stream alone, from the first revision on.
    let document = document_with(&[]);
    let mut update = document.update();
    update.object(INFO, "<< /Title (Hoc ba) >>");
    let place = update.rows[&INFO];
    update.rows.clear();
    let mut view = update.clone();
    view.row(INFO, place);
    let xref = view.write_stream();
    update.octets = view.octets;
    update.size = view.size;
    update.trailer = format!("/XRefStm {xref}");
    update.row(INFO, Row::Free { generation: 0 });
    let signed = maker.signing(Role::Principal).sign(&update.table());
    maker.control(
        ("X5", "normal-use"),
        "a hybrid file signed: an object in the stream alone",
        signed,
        WHOLE,
    );
}

/// X10: entries that lead into something else.
fn wrong_places(maker: &mut Maker<'_>) {
    let inside = format!("{CONTENT_1} 0 obj {} endobj", stream("", OTHER_MARKS));
    let in_string = format!("<< /Note ({inside}) >>");
    let in_stream = stream("", &inside);
    let in_comment = format!("% {CONTENT_1} 0 obj << /Length 0 >>\n<< /Note (goc) >>");
    for (name, what, holder) in [
        (
            "into-a-string",
            "the content's entry points into a string",
            in_string,
        ),
        (
            "into-a-stream",
            "the content's entry points into a stream",
            in_stream,
        ),
        (
            "into-a-comment",
            "the content's entry points into a comment",
            in_comment,
        ),
    ] {
        let signed = maker.approved_with(&[(60, &holder)]);
        let offset = signed.file.find_last(&format!("{CONTENT_1} 0 obj <<"));
        let mut update = signed.file.update();
        update.row(
            CONTENT_1,
            Row::At {
                offset,
                generation: 0,
            },
        );
        maker.attack(("X10", name), what, update.table(), MODIFIED);
    }
    let file = maker.approved().file;
    let mut update = file.update();
    update.row(CONTENT_1, place_of(&file, HIDDEN));
    maker.attack(
        ("X10", "at-another-header"),
        "the content's entry points at another object",
        update.table(),
        MODIFIED,
    );
    // The same in the signed revision: what is signed cannot be shown.
    let mut first = RawUpdate::first(CATALOG);
    for (number, body) in super::base::objects() {
        first.object(number, body);
    }
    let holder = first.rows[&HIDDEN];
    first.row(CONTENT_1, holder);
    let signed = maker.signing(Role::Principal).sign(&first.table());
    let shown = signed.file.with(&[(CONTENT_1, &stream("", OTHER_MARKS))]);
    maker.attack(
        ("X10", "signed-at-another-header"),
        "the signed entry points at another object; an update brings marks",
        shown,
        MODIFIED,
    );
}
