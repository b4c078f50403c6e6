//! Cross-references, object numbers and encryption (ATTACKS.md, 4).

use super::appended::dictionary_body;
use super::base::{
    CATALOG, CATALOG_BODY, CONTENT_1, CONTENT_2, DANGLING, HIDDEN, INFO, LENGTH, MARKS, METADATA,
    OTHER_MARKS, OUTLINE, PAGE_1, PAGES, Signed, document_with, metadata, page_1,
};
use super::maker::{MODIFIED, Maker, PERMITTED, UNREADABLE, WHOLE};
use super::update::{RawFile, RawUpdate, Row, stream};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    repointed(maker);
    numbers(maker);
    hybrid(maker);
    wrong_places(maker);
    streams(maker);
    catalog(maker);
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
        PERMITTED_OR_NONE,
    );
}

/// An update that changes nothing at all.
const PERMITTED_OR_NONE: &[&str] = &["HieuTruong intact revision none"];

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
        PERMITTED_OR_NONE,
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

/// X11, X12, X18: what belongs to a stream beside its octets.
fn streams(maker: &mut Maker<'_>) {
    let signed = maker.approved();
    maker.attack(
        ("X11", "length"),
        "the indirect length of a page's content made shorter",
        signed.file.with(&[(LENGTH, "20")]),
        MODIFIED,
    );
    let filter = maker.approved_with(&[
        (
            CONTENT_2,
            "<< /Length 47 /Filter 60 0 R >>\nstream\nBT /F1 14 Tf 60 760 Td (Trang hai) Tj ET /Im2 \nendstream",
        ),
        (60, "[]"),
    ]);
    maker.attack(
        ("X11", "filter"),
        "the indirect filter of a page's content set",
        filter.file.with(&[(60, "[/ASCIIHexDecode]")]),
        MODIFIED,
    );
    let mut update = signed.file.update();
    let encryption = update.add(
        "<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 \
         /O <0000000000000000000000000000000000000000000000000000000000000000> \
         /U <0000000000000000000000000000000000000000000000000000000000000000> >>",
    );
    update.trailer = format!("/Encrypt {encryption} 0 R");
    maker.attack(
        ("X12", "encryption-added"),
        "an update that encrypts what was signed in the clear",
        update.table(),
        MODIFIED,
    );
    let outside = maker.approved_with(&[(
        CONTENT_2,
        "<< /Length 0 /F (trang-2.txt) >>\nstream\n\nendstream",
    )]);
    maker.control(
        ("X18", "content-outside"),
        "a page's content outside the file, as it was signed",
        outside,
        WHOLE,
    );
    // The same octets with another resource name: the page shows another font.
    let page = page_1(super::base::PAGE_1_ANNOTATIONS, "5 0 R").replace(
        "/Resources 7 0 R",
        "/Resources << /Font << /F1 10 0 R /F2 9 0 R >> /XObject << /Im1 11 0 R >> >>",
    );
    maker.attack(
        ("S3", "fonts-swapped"),
        "the page's content as it was, its fonts swapped",
        signed.file.with(&[(PAGE_1, &page)]),
        MODIFIED,
    );
    let content = dictionary_body(&signed.file, CONTENT_1);
    maker.attack(
        ("S3", "resources-replaced"),
        "the content written again with the same octets, and the resources with other fonts",
        signed.file.with(&[
            (CONTENT_1, &content),
            (
                super::base::RESOURCES,
                "<< /Font << /F1 10 0 R /F2 9 0 R >> /XObject << /Im1 11 0 R >> >>",
            ),
        ]),
        MODIFIED,
    );
    maker.control(
        ("S3", "content-rewritten"),
        "the content written again with the same octets",
        signed.file.with(&[(CONTENT_1, &content)]),
        PERMITTED_OR_NONE,
    );
}

/// Entries of the catalogue and what they lead to.
fn catalog(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let open = CATALOG_BODY.trim_end_matches(">>");
    maker.control(
        ("X15", "metadata"),
        "metadata replaced",
        file.with(&[(METADATA, &metadata("Hoc ba 2", ""))]),
        PERMITTED,
    );
    let entity = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>";
    maker.attack(
        ("X15", "metadata-with-entity"),
        "metadata replaced by such with an external entity",
        file.with(&[(METADATA, &metadata("&e;", entity))]),
        MODIFIED,
    );
    maker.attack(
        ("X16", "outline"),
        "a bookmark leads to another page",
        file.with(&[(
            OUTLINE,
            "<< /Title (Hoc ba) /Parent 28 0 R /Dest [4 0 R /Fit] >>",
        )]),
        MODIFIED,
    );
    for (row, name, what, entries) in [
        (
            "X17",
            "extensions",
            "the catalogue names an extension",
            "/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 2 >> >> >>",
        ),
        (
            "X17",
            "version",
            "the catalogue names version 2.0",
            "/Version /2.0 >>",
        ),
    ] {
        maker.control(
            (row, name),
            what,
            file.with(&[(CATALOG, &format!("{open}{entries}"))]),
            PERMITTED,
        );
    }
    for (name, what, entries) in [
        (
            "page-labels",
            "pages numbered otherwise",
            "/PageLabels << /Nums [0 << /S /r /St 7 >>] >> >>",
        ),
        (
            "view",
            "pages shown side by side",
            "/PageLayout /TwoColumnLeft >>",
        ),
        (
            "optional-content",
            "layers that hide content",
            "/OCProperties << /OCGs [] /D << /BaseState /OFF >> >> >>",
        ),
    ] {
        maker.attack(
            ("X1", name),
            what,
            file.with(&[(CATALOG, &format!("{open}{entries}"))]),
            MODIFIED,
        );
    }
    maker.attack(
        ("X1", "kids-swapped"),
        "the pages in another order",
        file.with(&[(PAGES, "<< /Type /Pages /Kids [4 0 R 3 0 R] /Count 2 >>")]),
        MODIFIED,
    );
    maker.attack(
        ("X2", "content-shared"),
        "the page's content and a field's look are one object, filled with a value",
        shared(maker),
        MODIFIED,
    );
    let mut broken = file.with(&[(INFO, "<< /Title (Hoc ba 2) >>")]);
    let at = broken.find_last("startxref\n") + 10;
    broken.octets[at..at + 2].copy_from_slice(b"99");
    maker.attack(
        ("X9", "startxref"),
        "the last startxref names no section",
        broken,
        UNREADABLE,
    );
}

/// A text field whose look is also the page's second content.
fn shared(maker: &Maker<'_>) -> RawFile {
    let page = page_1(super::base::PAGE_1_ANNOTATIONS, "[5 0 R 16 0 R]");
    let signed: Signed = maker.approved_with(&[(PAGE_1, &page)]);
    let field = format!("<< {} /V (Gioi) >>", super::base::REMARK_FIELD);
    signed.file.with(&[
        (super::base::REMARK, &field),
        (
            super::base::REMARK_LOOK,
            &super::base::look("200 20", OTHER_MARKS),
        ),
    ])
}
