//! Certified documents: what the certification allows, annotations and signature fields over
//! content, scripts (ATTACKS.md, 6; Evil Annotation and Sneaky Signature attacks).

use super::annotations::annotated;
use super::base::{
    CATALOG, CATALOG_BODY, CONTENT_1, OTHER_MARKS, PAGE_1, PAGE_1_ANNOTATIONS, REMARK,
    REMARK_FIELD, REMARK_LOOK, Signed, certification, document_with, look, page_1,
};
use super::maker::{BOTH, MODIFIED, Maker, PERMITTED};
use super::update::{RawFile, stream};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
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
    maker.attack(
        ("C12", "note"),
        "no certification: a note",
        annotated(&approved, note),
        MODIFIED,
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
        .told_by("SIG_CONSTRAINTS_FAILURE");
    let mut signing = maker.signing(Role::Principal);
    signing.entries = "/Reference [<< /Type /SigRef /TransformMethod /UR3 /TransformParams << \
                       /Type /TransformParams /Form [/FillIn] /V /2.2 >> >>]"
        .to_owned();
    let document = document_with(&[]);
    signing.catalog = Some(format!(
        "{}/Perms << /UR3 {} 0 R >> >>",
        CATALOG_BODY.trim_end_matches(">>"),
        document.size
    ));
    // The rights' dictionary is in no field: an object that nothing but /Perms refers to.
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
