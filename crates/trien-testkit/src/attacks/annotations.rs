//! Annotations and signature fields over what was certified: Evil Annotation and Sneaky Signature
//! attacks (ATTACKS.md, C3 to C5).

use super::base::{
    FIELDS, FORM, NOTE, PAGE_1, PAGE_1_ANNOTATIONS, SEAL, SEAL_FIELD, form, look, page_1,
};
use super::maker::{BOTH, MODIFIED, Maker, PERMITTED, SIGNED_AGAIN_MODIFIED, WHOLE};
use super::update::{RawFile, stream};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    evil_annotations(maker);
    sneaky_fields(maker);
}

/// One annotation more on page 1.
pub(super) fn annotated(file: &RawFile, body: &str) -> RawFile {
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
    let cover = look(
        "500 60",
        "1 g 0 0 500 60 re f 0 g BT /F1 14 Tf 5 20 Td (Diem: 9.0) Tj ET",
    );
    file.with(&[(PAGE_1, &page), (60, body), (61, &cover)])
}

/// EAA: annotations under a certification that allows some.
fn evil_annotations(maker: &mut Maker<'_>) {
    let certified = maker.certified(3);
    maker.control(
        ("C3", "certified"),
        "certified with P=3",
        certified.clone(),
        WHOLE,
    );
    let over = "/Rect [50 740 550 800] /P 3 0 R /F 4 /AP << /N 61 0 R >>";
    for (subtype, entries) in [
        ("FreeText", "/DA (/F1 14 Tf) /Contents (Diem: 9.0)"),
        ("Stamp", "/Name /Approved"),
        ("Ink", "/InkList [[50 740 550 800]]"),
        ("Redact", "/QuadPoints [50 740 550 740 50 800 550 800]"),
        ("Square", "/IC [1 1 1]"),
        ("Circle", "/IC [1 1 1]"),
        ("Polygon", "/IC [1 1 1] /Vertices [50 740 550 740 550 800]"),
        ("Line", "/L [50 760 550 760] /Border [0 0 60]"),
        ("PolyLine", "/Vertices [50 740 550 740 550 800]"),
        ("Watermark", ""),
        ("Caret", ""),
        ("FileAttachment", "/Name /Tag"),
        ("Screen", ""),
        ("3D", ""),
        ("Highlight", "/QuadPoints [50 740 550 740 50 800 550 800]"),
        ("Text", "/Contents (9.0)"),
    ] {
        let body = format!("<< /Type /Annot /Subtype /{subtype} {entries} {over} >>");
        let name = format!("eaa-{}", subtype.to_ascii_lowercase());
        maker.attack(
            ("C4", &name),
            "P=3: an annotation whose own opaque look lies over the marks",
            annotated(&certified.file, &body),
            MODIFIED,
        );
    }
    for (name, what, body) in [
        (
            "free-text-without-look",
            "P=3: free text without a look, which viewers draw",
            "<< /Type /Annot /Subtype /FreeText /Rect [50 740 550 800] /P 3 0 R /F 4 /C [1 1 1] \
             /DA (/F1 14 Tf) /Contents (Diem trung binh: 9.0) >>",
        ),
        (
            "rect-indirect",
            "P=3: free text whose corners are objects of their own",
            "<< /Type /Annot /Subtype /FreeText /Rect [63 0 R 64 0 R 65 0 R 66 0 R] /P 3 0 R /F 4 \
             /AP << /N 61 0 R >> >>\nendobj\n63 0 obj\n50\nendobj\n64 0 obj\n740",
        ),
        (
            "line-wide",
            "P=3: a line as wide as the marks are high",
            "<< /Type /Annot /Subtype /Line /Rect [50 740 550 800] /P 3 0 R /F 4 /C [1 1 1] \
             /BS << /W 60 >> /L [50 770 550 770] >>",
        ),
        (
            "square-without-look",
            "P=3: a filled square without a look, which viewers draw",
            "<< /Type /Annot /Subtype /Square /Rect [50 740 550 800] /P 3 0 R /F 4 /IC [1 1 1] \
             /C [1 1 1] >>",
        ),
        (
            "stamp-hidden",
            "P=3: a stamp that is hidden on screen and printed",
            "<< /Type /Annot /Subtype /Stamp /Rect [50 740 550 800] /P 3 0 R /F 36 \
             /AP << /N 61 0 R >> >>",
        ),
    ] {
        maker.attack(
            ("C4", name),
            what,
            annotated(&certified.file, body),
            MODIFIED,
        );
    }
    let yellow = "/Subtype /Highlight /Rect [60 755 200 775] /P 3 0 R /F 4 /C [1 1 0] \
                  /QuadPoints [60 775 200 775 60 755 200 755] /AP << /N 62 0 R >>";
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
    for (row, name, what, mode) in [
        (
            "C3",
            "highlight-multiplied",
            "P=3: text highlighted, by a look that is multiplied with the text",
            "Multiply",
        ),
        (
            "C4",
            "highlight-opaque",
            "P=3: text highlighted, by a look that hides the text",
            "Normal",
        ),
    ] {
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 140 20] /Resources << /ExtGState << \
             /G0 << /BM /{mode} >> >> >>"
        );
        let look = stream(&entries, "/G0 gs 1 1 0 rg 0 0 140 20 re f");
        let file = certified.file.with(&[
            (PAGE_1, &page),
            (60, &format!("<< /Type /Annot {yellow} >>")),
            (62, &look),
        ]);
        if row == "C3" {
            maker.control((row, name), what, file, PERMITTED);
        } else {
            maker.attack((row, name), what, file, MODIFIED);
        }
    }
    for (name, what, body) in [
        (
            "note",
            "P=3: a note",
            "<< /Type /Annot /Subtype /Text /Rect [540 700 560 720] /P 3 0 R /F 4 \
             /Contents (Da xem) >>",
        ),
        (
            "highlight",
            "P=3: text highlighted",
            "<< /Type /Annot /Subtype /Highlight /Rect [60 755 200 775] /P 3 0 R /F 4 \
             /C [1 1 0] /QuadPoints [60 775 200 775 60 755 200 755] >>",
        ),
        (
            "link",
            "P=3: a link to the second page",
            "<< /Type /Annot /Subtype /Link /Rect [60 100 100 120] /P 3 0 R /Border [0 0 0] \
             /Dest [4 0 R /Fit] >>",
        ),
    ] {
        maker.control(
            ("C3", name),
            what,
            annotated(&certified.file, body),
            PERMITTED,
        );
    }
    let gone = page_1(&PAGE_1_ANNOTATIONS.replace(" 23 0 R", ""), "5 0 R");
    let note = "<< /Type /Annot /Subtype /Text /Rect [500 700 520 720] /P 3 0 R /F 4 \
                /Contents (Da doi chieu) >>";
    maker.control(
        ("C3", "popup-removed"),
        "P=3: the popup of a note removed",
        certified.file.with(&[(PAGE_1, &gone), (NOTE, note)]),
        PERMITTED,
    );
    let gone = page_1(&PAGE_1_ANNOTATIONS.replace(" 22 0 R 23 0 R", ""), "5 0 R");
    maker.control(
        ("C3", "note-removed"),
        "P=3: a note that was certified removed",
        certified.file.with(&[(PAGE_1, &gone)]),
        PERMITTED,
    );
    let shown = "<< /Type /Annot /Subtype /Stamp /Rect [565 300 595 500] /P 3 0 R /F 2 \
                 /Contents (Giap lai) /AP << /N 25 0 R >> >>";
    maker.attack(
        ("C4", "stamp-made-hidden"),
        "P=3: a stamp that was certified hidden by its flags",
        certified.file.with(&[(super::base::STRIP, shown)]),
        MODIFIED,
    );
}

/// SSA: signature fields that cover what was certified.
fn sneaky_fields(maker: &mut Maker<'_>) {
    for permission in [2, 3] {
        let certified = maker.certified(permission);
        let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
        let fields = form(&format!("{FIELDS} 60 0 R"), "");
        let cover = look(
            "500 300",
            "1 g 0 0 500 300 re f 0 g BT /F1 14 Tf 5 200 Td (Diem: 9.0) Tj ET",
        );
        let field = "/FT /Sig /T (Moi) /Type /Annot /Subtype /Widget /Rect [50 520 550 820] \
                     /P 3 0 R /F 132 /AP << /N 61 0 R >>";
        let empty = format!("<< {field} >>");
        let name = format!("ssa-unsigned-p{permission}");
        maker.attack(
            ("C5", &name),
            "a new signature field, unsigned, whose look covers the marks",
            certified
                .file
                .with(&[(PAGE_1, &page), (FORM, &fields), (60, &empty), (61, &cover)]),
            MODIFIED,
        );
        let mut signing = maker.signing(Role::SchoolSeal);
        signing.field = (60, field.to_owned());
        signing.objects = vec![(PAGE_1, page), (FORM, fields), (61, cover)];
        // The number of the dictionary comes behind those of the objects.
        let mut file = certified.file.clone();
        file.size = 62;
        let name = format!("ssa-signed-p{permission}");
        maker.attack(
            ("C5", &name),
            "a new field, signed by another, whose look covers the marks",
            signing.sign(&file),
            SIGNED_AGAIN_MODIFIED,
        );
        let name = format!("signed-p{permission}");
        maker.control(
            ("C2", &name),
            "certified, then signed in the field that was prepared for it",
            maker.sealed(&certified.file),
            BOTH,
        );
        let field = format!(
            "<< {} >>",
            SEAL_FIELD.replace("[250 80 350 180]", "[50 520 550 820]")
        );
        let name = format!("prepared-field-enlarged-p{permission}");
        maker.attack(
            ("C5", &name),
            "the prepared field made as large as the marks",
            certified.file.with(&[(SEAL, &field)]),
            MODIFIED,
        );
    }
}
