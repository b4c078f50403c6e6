//! What attackers from outside tried: looks where nobody expects one (ATTACKS.md, 6, 7, 9).

use super::annotations::annotated;
use super::base::{
    CATALOG, CATALOG_BODY, FIELDS, FORM, PAGE_1, PAGE_1_ANNOTATIONS, form, look, page_1,
};
use super::cms::Cms;
use super::maker::{MODIFIED, Maker, PERMITTED, SIGNED_AGAIN, SIGNED_AGAIN_MODIFIED};
use super::update::{RawFile, stream};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    pop_ups(maker);
    stamps(maker);
    fields(maker);
    stores(maker);
}

/// A security store is no place for anything else.
fn stores(maker: &mut Maker<'_>) {
    let certified = maker.certified(1);
    let open = CATALOG_BODY.trim_end_matches(">>");
    let datum = stream("/Filter /ASCIIHexDecode", "3000>");
    for (name, what, store) in [
        (
            "store-key",
            "P=1: a security store with a key of no standard",
            "/Certs [62 0 R] /Khac 62 0 R",
        ),
        (
            "store-entry-key",
            "P=1: validation data of one signature with a key of no standard",
            "/Certs [62 0 R] /VRI << /AA << /Cert [62 0 R] /Khac 62 0 R >> >>",
        ),
    ] {
        let catalog = format!(
            "{open}/Perms << /DocMDP {} 0 R >> /DSS << {store} >> >>",
            certified.dictionary
        );
        let file = certified.file.with(&[(CATALOG, &catalog), (62, &datum)]);
        maker.attack(("C1", name), what, file, MODIFIED);
    }
}

fn pop_ups(maker: &mut Maker<'_>) {
    let certified = maker.certified(3).file;
    let popup = |entries: &str| {
        format!("<< /Type /Annot /Subtype /Popup /Rect [50 740 550 800] /P 3 0 R {entries} >>")
    };
    maker.attack(
        ("C4", "popup-with-look"),
        "P=3: a pop-up with a look of its own over the marks",
        annotated(&certified, &popup("/AP << /N 61 0 R >>")),
        MODIFIED,
    );
    maker.attack(
        ("C12", "popup-with-look"),
        "no certification: a pop-up with a look of its own over the marks",
        annotated(&maker.approved().file, &popup("/AP << /N 61 0 R >>")),
        MODIFIED,
    );
    maker.control(
        ("C3", "popup"),
        "P=3: a pop-up as viewers make it",
        annotated(&certified, &popup("/Parent 22 0 R /Open false")),
        PERMITTED,
    );
}

/// The file with room for object 60, a field over the marks with these entries, and its look.
fn with_field(file: &RawFile, entries: &str) -> (RawFile, Vec<(u32, String)>, String) {
    let mut roomy = file.clone();
    roomy.size = 62;
    let objects = vec![
        (
            PAGE_1,
            page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R"),
        ),
        (FORM, form(&format!("{FIELDS} 60 0 R"), "")),
        (61, look("500 60", "1 g 0 0 500 60 re f")),
    ];
    let field = format!(
        "/FT /Sig /T (Moi) /Type /Annot /Subtype /Widget /Rect [50 740 550 800] /P 3 0 R {entries}"
    );
    (roomy, objects, field)
}

/// Document time stamps are allowed behind every certification, and show nothing.
fn stamps(maker: &mut Maker<'_>) {
    let authority = maker.pki.identity(Role::TimeStampAuthority).unwrap();
    for (name, what, entries, permission, forbidden) in [
        (
            "document-stamp-shown",
            "P=1: a document time stamp whose look lies over the marks",
            "/F 132 /AP << /N 61 0 R >>",
            1,
            true,
        ),
        (
            "document-stamp-painted",
            "P=2: a document time stamp whose widget has a background",
            "/F 132 /MK << /BG [1 1 1] >>",
            2,
            true,
        ),
        (
            "document-stamp-hidden",
            "P=1: a document time stamp that shows nothing",
            "/F 130",
            1,
            false,
        ),
    ] {
        let (file, objects, field) = with_field(&maker.certified(permission).file, entries);
        let mut signing = maker.signing(Role::SchoolSeal);
        signing.sub_filter = "ETSI.RFC3161";
        signing.field = (60, field);
        signing.objects = objects;
        let stamped = signing.sign_as(&file, |octets| {
            Cms::token(authority, octets, super::stamps::STAMPED_AT).make()
        });
        if forbidden {
            maker
                .attack(("C1", name), what, stamped, SIGNED_AGAIN_MODIFIED)
                .stamps(&["valid"]);
        } else {
            maker
                .control(("C1", name), what, stamped, SIGNED_AGAIN)
                .stamps(&["valid"]);
        }
    }
}

/// Signature fields that viewers paint without an appearance.
fn fields(maker: &mut Maker<'_>) {
    let files = [
        ("approved", maker.approved().file),
        ("certified", maker.certified(2).file),
    ];
    for (kind, signed) in files {
        let (file, objects, field) = with_field(&signed, "/F 132 /MK << /BG [1 1 1] >>");
        let mut empty = file.update();
        for (number, body) in &objects {
            empty.object(*number, body);
        }
        empty.object(60, format!("<< {field} >>"));
        maker.attack(
            ("C5", &format!("{kind}-empty-painted")),
            "an empty signature field with a background over the marks",
            empty.table(),
            MODIFIED,
        );
        let mut signing = maker.signing(Role::SchoolSeal);
        signing.field = (60, field);
        signing.objects = objects;
        maker.attack(
            ("C5", &format!("{kind}-signed-painted")),
            "a new field, signed, with a background over the marks",
            signing.sign(&file),
            SIGNED_AGAIN_MODIFIED,
        );
    }
    // In two steps: a bare field first, which is signed with a large look later.
    let (file, objects, field) = with_field(&maker.certified(2).file, "/F 132");
    let field = field.replace("[50 740 550 800]", "[50 520 550 820]");
    let mut bare = file.update();
    for (number, body) in &objects {
        bare.object(*number, body);
    }
    bare.object(60, format!("<< {field} >>"));
    let mut signing = maker.signing(Role::SchoolSeal);
    signing.field = (60, format!("{field} /AP << /N 61 0 R >>"));
    maker.attack(
        ("C5", "two-steps"),
        "P=2: a bare field over the marks, then signed with a look that covers them",
        signing.sign(&bare.table()),
        SIGNED_AGAIN_MODIFIED,
    );
}
