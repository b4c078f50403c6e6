//! Streams, resources and what the catalogue names (ATTACKS.md, X1, X2, X11 to X18, S3).

use super::appended::dictionary_body;
use super::base::{
    CATALOG, CATALOG_BODY, CONTENT_1, CONTENT_2, FIELDS, FORM, INFO, LENGTH, METADATA, OTHER_MARKS,
    OUTLINE, PAGE_1, PAGES, Signed, form, metadata, page_1,
};
use super::maker::{MODIFIED, Maker, PERMITTED, UNCHANGED, UNREADABLE, WHOLE};
use super::update::RawFile;

pub(super) fn make(maker: &mut Maker<'_>) {
    streams(maker);
    catalog(maker);
    roles(maker);
}

/// X18: what structure elements are was signed with them.
fn roles(maker: &mut Maker<'_>) {
    let catalog = CATALOG_BODY.replace("/Type /Catalog", "/Type /Catalog /StructTreeRoot 60 0 R");
    let root = "/Type /StructTreeRoot /K 61 0 R";
    let signed = maker.approved_with(&[
        (CATALOG, &catalog),
        (60, &format!("<< {root} >>")),
        (61, "<< /Type /StructElem /S /P /P 60 0 R /Pg 3 0 R >>"),
    ]);
    for (name, what, entry) in [
        (
            "role-map",
            "signed paragraphs declared to be decoration",
            "/RoleMap << /P /Artifact >>",
        ),
        (
            "class-map",
            "attributes for classes of signed elements",
            "/ClassMap << /A << /O /Layout /Placement /Block >> >>",
        ),
    ] {
        let file = signed.file.with(&[(60, &format!("<< {root} {entry} >>"))]);
        maker.attack(("X18", name), what, file, MODIFIED);
    }
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
            "<< /Length 48 /Filter 60 0 R >>\nstream\nBT /F1 14 Tf 60 760 Td (Trang hai) Tj ET /Im2 Do\nendstream",
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
        UNCHANGED,
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
        ("X1", "page-tree-acts"),
        "an action on the root of the page tree, for readers that let pages inherit it",
        file.with(&[(
            PAGES,
            "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 \
             /AA << /O << /S /JavaScript /JS (app.alert\\(1\\)) >> >> >>",
        )]),
        MODIFIED,
    );
    maker.attack(
        ("X15", "metadata-of-another-type"),
        "the metadata stream called an image",
        file.with(&[(
            METADATA,
            &metadata("Hoc ba", "").replace("/Subtype /XML", "/Subtype /Image"),
        )]),
        MODIFIED,
    );
    maker.attack(
        ("X1", "signature-flags-cleared"),
        "the form no longer says that there are signatures",
        file.with(&[(
            FORM,
            &form(FIELDS, "").replace("/SigFlags 3", "/SigFlags 0"),
        )]),
        MODIFIED,
    );
    let mode = |mode: &str| {
        let catalog = CATALOG_BODY.trim_end_matches(">>");
        file.with(&[(CATALOG, &format!("{catalog}/PageMode /{mode} >>"))])
    };
    maker.control(
        ("X15", "page-mode"),
        "readers are asked to open the panel of attachments (PyMuPDF)",
        mode("UseAttachments"),
        PERMITTED,
    );
    maker.attack(
        ("X1", "page-mode-full-screen"),
        "readers are asked to show the pages on the full screen, without what they say beside them",
        mode("FullScreen"),
        MODIFIED,
    );
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
