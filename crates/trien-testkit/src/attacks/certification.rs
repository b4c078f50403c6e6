//! Certified documents: what the certification allows, annotations and signature fields over
//! content, scripts (ATTACKS.md, 6; Evil Annotation and Sneaky Signature attacks).

use super::base::{
    CATALOG, CATALOG_BODY, CONTENT_1, FIELDS, FORM, NOTE, OTHER_MARKS, PAGE_1, PAGE_1_ANNOTATIONS,
    REMARK, REMARK_FIELD, REMARK_LOOK, SEAL, SEAL_FIELD, Signed, certification, document_with,
    form, look, page_1,
};
use super::maker::{BOTH, MODIFIED, Maker, PERMITTED, WHOLE};
use super::update::{RawFile, stream};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    annotations(maker);
    sneaky_fields(maker);
    levels(maker);
    certifications(maker);
    permissions(maker);
    actions(maker);
}

/// The catalogue of a certified file with more entries.
fn certified_catalog(signed: &Signed, entries: &str) -> String {
    let open = CATALOG_BODY.trim_end_matches(">>");
    format!(
        "{open}/Perms << /DocMDP {} 0 R >> {entries} >>",
        signed.dictionary
    )
}

/// One annotation more on page 1.
fn annotated(file: &RawFile, body: &str) -> RawFile {
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
    let cover = look(
        "500 60",
        "1 g 0 0 500 60 re f 0 g BT /F1 14 Tf 5 20 Td (Diem: 9.0) Tj ET",
    );
    file.with(&[(PAGE_1, &page), (60, body), (61, &cover)])
}

/// EAA: annotations under a certification that allows some.
fn annotations(maker: &mut Maker<'_>) {
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
            "underline",
            "P=3: text underlined",
            "<< /Type /Annot /Subtype /Underline /Rect [60 755 200 775] /P 3 0 R /F 4 \
             /QuadPoints [60 775 200 775 60 755 200 755] >>",
        ),
        (
            "circle",
            "P=3: a circle around a mark",
            "<< /Type /Annot /Subtype /Circle /Rect [55 750 220 780] /P 3 0 R /F 4 /C [1 0 0] >>",
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
            &[
                "HieuTruong intact revision forbidden",
                "Moi intact whole-file none",
            ],
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

/// What P=1, 2 and 3 allow (C1 to C3), and no certification (C11, C12).
fn levels(maker: &mut Maker<'_>) {
    let filled = format!("<< {REMARK_FIELD} /V (Gioi) >>");
    let new_look = look("200 20", "BT /F1 10 Tf 2 4 Td (Gioi) Tj ET");
    let fill = |file: &RawFile| file.with(&[(REMARK, &filled), (REMARK_LOOK, &new_look)]);
    let note = "<< /Type /Annot /Subtype /Text /Rect [540 700 560 720] /P 3 0 R /F 4 \
                /Contents (Da xem) >>";
    let store = |file: &RawFile, catalog: &str| {
        file.with(&[
            (CATALOG, catalog),
            (62, &stream("/Filter /ASCIIHexDecode", "3000>")),
        ])
    };
    let one = maker.certified(1);
    maker.attack(
        ("C1", "filled"),
        "P=1: a field filled",
        fill(&one.file),
        MODIFIED,
    );
    maker.attack(
        ("C1", "note"),
        "P=1: a note",
        annotated(&one.file, note),
        MODIFIED,
    );
    maker.attack(
        ("C1", "signed"),
        "P=1: signed again",
        maker.sealed(&one.file),
        &[
            "HieuTruong intact revision forbidden",
            "ConDau intact whole-file none",
        ],
    );
    let catalog = certified_catalog(&one, "/DSS << /Certs [62 0 R] >>");
    maker.control(
        ("C1", "security-store"),
        "P=1: a security store added",
        store(&one.file, &catalog),
        PERMITTED,
    );
    for permission in [2, 3] {
        let certified = maker.certified(permission);
        let name = format!("filled-p{permission}");
        maker.control(
            ("C2", &name),
            "a field filled as the certification allows",
            fill(&certified.file),
            PERMITTED,
        );
    }
    let two = maker.certified(2);
    maker.attack(
        ("C2", "note"),
        "P=2: a note",
        annotated(&two.file, note),
        MODIFIED,
    );
    let approved = maker.approved().file;
    maker.control(
        ("C11", "filled"),
        "no certification: a field filled",
        fill(&approved),
        PERMITTED,
    );
    let open = CATALOG_BODY.trim_end_matches(">>");
    let catalog = format!("{open}/DSS << /Certs [62 0 R] >> >>");
    let stored = store(&approved, &catalog);
    maker.control(
        ("C11", "security-store"),
        "no certification: a security store added",
        stored.clone(),
        PERMITTED,
    );
    maker.attack(
        ("L1", "store-emptied"),
        "a security store emptied",
        store_signed(maker).with(&[(CATALOG, &format!("{open}/DSS << /Certs [] >> >>"))]),
        &["HieuTruong intact revision forbidden"],
    );
    maker.attack(
        ("L1", "store-removed"),
        "a security store removed",
        store_signed(maker).with(&[(CATALOG, CATALOG_BODY)]),
        &["HieuTruong intact revision forbidden"],
    );
    maker.control(
        ("C12", "note"),
        "no certification: a note",
        annotated(&approved, note),
        PERMITTED,
    );
    maker.attack(
        ("C12", "content"),
        "no certification: a page's content replaced",
        approved.with(&[(CONTENT_1, &stream("", OTHER_MARKS))]),
        MODIFIED,
    );
}

/// A signed file that has a security store since before it was signed.
fn store_signed(maker: &Maker<'_>) -> RawFile {
    let open = CATALOG_BODY.trim_end_matches(">>");
    let catalog = format!("{open}/DSS << /Certs [62 0 R] >> >>");
    let datum = stream("/Filter /ASCIIHexDecode", "3000>");
    maker
        .approved_with(&[(CATALOG, &catalog), (62, &datum)])
        .file
}

/// C6, C7, C9: several certifications, and rights that are none.
fn certifications(maker: &mut Maker<'_>) {
    let certified = maker.certified(2);
    let mut signing = maker.signing(Role::SchoolSeal);
    signing.entries = certification(2);
    maker.attack(
        ("C6", "second-certification"),
        "a second certification behind the first",
        signing.sign(&certified.file),
        &[
            "HieuTruong intact revision forbidden",
            "ConDau intact whole-file none",
        ],
    );
    let approved = maker.approved();
    let signing = maker
        .signing(Role::SchoolSeal)
        .certifying(&approved.file, 2);
    let after = signing.sign(&approved.file);
    maker
        .attack(
            ("C7", "certified-after-approval"),
            "certified by the seal after the principal's approval",
            after,
            BOTH,
        )
        .document = "indeterminate";
    let mut signing = maker.signing(Role::Principal);
    signing.entries = "/Reference [<< /Type /SigRef /TransformMethod /UR3 /TransformParams << \
                       /Type /TransformParams /Form [/FillIn] /V /2.2 >> >>]"
        .to_owned();
    let mut document = document_with(&[]);
    signing.catalog = Some(format!(
        "{}/Perms << /UR3 {} 0 R >> >>",
        CATALOG_BODY.trim_end_matches(">>"),
        document.size
    ));
    // The rights' dictionary is in no field: an object that nothing but /Perms refers to.
    document.size = 32;
    signing.field = (63, "/Note (khong phai truong)".to_owned());
    maker
        .control(
            ("C9", "usage-rights"),
            "usage rights alone, which sign for no person",
            signing.sign(&document),
            &[],
        )
        .document = "unsigned";
}

/// C8: what names the certification changes later.
fn permissions(maker: &mut Maker<'_>) {
    let certified = maker.certified(2);
    maker.attack(
        ("C8", "perms-removed"),
        "/Perms removed",
        certified.file.with(&[(CATALOG, CATALOG_BODY)]),
        MODIFIED,
    );
    let open = CATALOG_BODY.trim_end_matches(">>");
    let signed = maker.sealed(&certified.file);
    let other = format!("{open}/Perms << /DocMDP {} 0 R >> >>", signed.dictionary);
    maker.attack(
        ("C8", "perms-name-another"),
        "/Perms names another signature",
        signed.file.with(&[(CATALOG, &other)]),
        &[
            "HieuTruong intact revision forbidden",
            "ConDau intact revision forbidden",
        ],
    );
    let more = certified_catalog(&certified, "").replace(
        "/Perms <<",
        &format!("/Perms << /UR3 {} 0 R", certified.dictionary),
    );
    maker.attack(
        ("C8", "perms-gain-rights"),
        "/Perms gains usage rights",
        certified.file.with(&[(CATALOG, &more)]),
        MODIFIED,
    );
}

/// C10: scripts and actions.
fn actions(maker: &mut Maker<'_>) {
    let script = "<< /S /JavaScript /JS (this.getField\\('NhanXet'\\).value='Gioi';) >>";
    let entries = [
        ("open-action", format!("/OpenAction {script}")),
        ("additional-actions", format!("/AA << /WS {script} >>")),
        (
            "names",
            format!("/Names << /JavaScript << /Names [(a) {script}] >> >>"),
        ),
        ("go-to", "/OpenAction [4 0 R /Fit]".to_owned()),
        (
            "attachment",
            "/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (a.exe) >>] >> >>"
                .to_owned(),
        ),
    ];
    let certified = maker.certified(3);
    let approved = maker.approved();
    for (name, entry) in entries {
        let catalog = certified_catalog(&certified, &entry);
        let title = format!("certified-{name}");
        maker.attack(
            ("C10", &title),
            "P=3: an action of the document added",
            certified.file.with(&[(CATALOG, &catalog)]),
            MODIFIED,
        );
        let catalog = format!("{}{entry} >>", CATALOG_BODY.trim_end_matches(">>"));
        let title = format!("approved-{name}");
        maker.attack(
            ("C10", &title),
            "no certification: an action of the document added",
            approved.file.with(&[(CATALOG, &catalog)]),
            MODIFIED,
        );
    }
    for (name, what, signed) in [
        (
            "certified-field-action",
            "P=3: a field's action added",
            &certified,
        ),
        (
            "approved-field-action",
            "no certification: a field's action added",
            &approved,
        ),
    ] {
        let field = format!("<< {REMARK_FIELD} /V (Dat) /AA << /F {script} >> >>");
        maker.attack(
            ("C10", name),
            what,
            signed.file.with(&[(REMARK, &field)]),
            MODIFIED,
        );
        let page = page_1(PAGE_1_ANNOTATIONS, "5 0 R")
            .replace(" >>", &format!(" /AA << /O {script} >> >>"));
        let title = format!("{name}-of-the-page");
        maker.attack(
            ("C10", &title),
            "a page's action added",
            signed.file.with(&[(PAGE_1, &page)]),
            MODIFIED,
        );
        let title = format!("{name}-link");
        let body =
            format!("<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /P 3 0 R /A {script} >>");
        maker.attack(
            ("C10", &title),
            "a link over the page that runs a script",
            annotated(&signed.file, &body),
            MODIFIED,
        );
    }
}
