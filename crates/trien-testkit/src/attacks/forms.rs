//! Fields, their locks, their looks, XFA (ATTACKS.md, 7).

use super::base::{
    FIELD_A_B, FIELD_AB, FIELDS, FONT, FORM, PAGE_1, PAGE_1_ANNOTATIONS, PARENT_FIELD,
    PRINCIPAL_FIELD, REMARK, REMARK_FIELD, REMARK_LOOK, Signed, document_with, field_lock, form,
    look, page_1,
};
use super::maker::{BOTH, MODIFIED, Maker, PERMITTED};
use super::update::{RawFile, stream};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    looks(maker);
    fields(maker);
    locks(maker);
    lock_prefix(maker);
    xfa(maker);
    names(maker);
}

const NEW_LOOK: &str = "BT /F1 10 Tf 2 4 Td (Gioi) Tj ET";

/// The remark filled with another value, and its look with it.
fn filled(file: &RawFile) -> RawFile {
    file.with(&[
        (REMARK, &format!("<< {REMARK_FIELD} /V (Gioi) >>")),
        (REMARK_LOOK, &look("200 20", NEW_LOOK)),
    ])
}

/// F5, S2, S3: what is shown against what is the value.
fn looks(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    maker.attack(
        ("S2", "look-replaced"),
        "a field's look replaced, its value kept",
        file.with(&[(REMARK_LOOK, &look("200 20", NEW_LOOK))]),
        MODIFIED,
    );
    let other = format!(
        "<< {} /V (Dat) >>",
        REMARK_FIELD.replace("/N 16 0 R", "/N 60 0 R")
    );
    maker.attack(
        ("S2", "look-repointed"),
        "a field refers to another look, its value kept",
        file.with(&[(REMARK, &other), (60, &look("200 20", NEW_LOOK))]),
        MODIFIED,
    );
    let without = format!(
        "<< {} /V (Dat) >>",
        REMARK_FIELD.replace("/AP << /N 16 0 R >>", "")
    );
    maker.attack(
        ("F5", "look-removed"),
        "a field's look removed, its value kept",
        file.with(&[(REMARK, &without)]),
        MODIFIED,
    );
    let other_font = "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>";
    maker.attack(
        ("S3", "font-replaced"),
        "the font of page and form replaced",
        file.with(&[(FONT, other_font)]),
        MODIFIED,
    );
    let encoding = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << \
                    /Type /Encoding /Differences [53 /nine] >> >>";
    maker.attack(
        ("S3", "font-encoding"),
        "the font's encoding shows 9 for 5",
        file.with(&[(FONT, encoding)]),
        MODIFIED,
    );
    let resources = "/DR << /Font << /F1 10 0 R >> >>";
    let swapped = form(FIELDS, "").replace("/DR << /Font << /F1 9 0 R >> >>", resources);
    maker.attack(
        ("S3", "form-font-repointed"),
        "the form's font name leads to another font",
        file.with(&[(FORM, &swapped)]),
        MODIFIED,
    );
    let grown = form(FIELDS, "").replace("/F1 9 0 R >>", "/F1 9 0 R /F9 10 0 R >>");
    maker.control(
        ("S3", "form-font-added"),
        "a font added to the form",
        file.with(&[(FORM, &grown)]),
        PERMITTED,
    );
    let sharing = format!(
        "<< {} >>",
        PRINCIPAL_FIELD.replace("/N 31 0 R", "/N 16 0 R")
    );
    let mut signing = maker.signing(Role::Principal);
    signing.field.1 = signing.field.1.replace("/N 31 0 R", "/N 16 0 R");
    let signed = signing.sign(&document_with(&[(super::base::PRINCIPAL, &sharing)]));
    maker.attack(
        ("X2", "look-shared"),
        "a field filled whose look is also that of the signature",
        filled(&signed.file),
        MODIFIED,
    );
    maker.control(
        ("C11", "filled-twice"),
        "a field filled, and filled again",
        filled(&filled(&file)),
        PERMITTED,
    );
}

/// F1, F4: fields and widgets that change otherwise than by being filled.
fn fields(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let without = |number: &str| {
        let fields = FIELDS.replace(&format!("{number} 0 R"), "");
        let annotations = PAGE_1_ANNOTATIONS.replace(&format!("{number} 0 R"), "");
        (form(&fields, ""), page_1(&annotations, "5 0 R"))
    };
    let (fields, page) = without("12");
    maker.attack(
        ("F1", "field-removed"),
        "a field and its widget removed",
        file.with(&[(FORM, &fields), (PAGE_1, &page)]),
        MODIFIED,
    );
    let renamed = format!(
        "<< {} /V (Dat) >>",
        REMARK_FIELD.replace("(NhanXet)", "(HanhKiem)")
    );
    maker.attack(
        ("F1", "field-renamed"),
        "a field renamed",
        file.with(&[(REMARK, &renamed)]),
        MODIFIED,
    );
    let moved = format!(
        "<< {} /V (Dat) >>",
        REMARK_FIELD.replace("[60 600 260 620]", "[60 755 260 775]")
    );
    maker.attack(
        ("F4", "widget-moved"),
        "a field's widget moved over the marks",
        file.with(&[(REMARK, &moved)]),
        MODIFIED,
    );
    let other_page = format!("<< {} /V (Dat) >>", REMARK_FIELD.replace("/P 3", "/P 4"));
    maker.attack(
        ("F4", "widget-of-another-page"),
        "a field's widget claims another page",
        file.with(&[(REMARK, &other_page)]),
        MODIFIED,
    );
    let parent = "<< /T (b) /Parent 12 0 R /Type /Annot /Subtype /Widget /Rect [60 500 160 520] \
                  /P 3 0 R /F 4 /V (mot) >>";
    maker.attack(
        ("F4", "parent"),
        "a field claims another parent",
        file.with(&[(FIELD_A_B, parent)]),
        MODIFIED,
    );
    let kid = "<< /T (a) /FT /Tx /Kids [14 0 R 60 0 R] >>";
    let new = "<< /T (c) /Parent 13 0 R /Type /Annot /Subtype /Widget /Rect [60 755 260 775] \
               /P 3 0 R /F 4 /V (9.0) /AP << /N 16 0 R >> >>";
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
    maker.attack(
        ("F1", "kid-added"),
        "a field added below another",
        file.with(&[(PARENT_FIELD, kid), (60, new), (PAGE_1, &page)]),
        MODIFIED,
    );
    maker.attack(
        ("F1", "kid-removed"),
        "a field below another removed",
        file.with(&[(PARENT_FIELD, "<< /T (a) /FT /Tx /Kids [] >>")]),
        MODIFIED,
    );
    let text = "<< /FT /Tx /T (Moi) /Type /Annot /Subtype /Widget /Rect [60 755 260 775] \
                /P 3 0 R /F 4 /V (9.0) /AP << /N 16 0 R >> >>";
    let fields = form(&format!("{FIELDS} 60 0 R"), "");
    maker.attack(
        ("F1", "text-field-added"),
        "a text field added over the marks",
        file.with(&[(FORM, &fields), (60, text), (PAGE_1, &page)]),
        MODIFIED,
    );
}

/// A file whose first signature locks fields, by its own reference and by its field's /Lock.
fn locking(maker: &Maker<'_>, parameters: &str, document: &RawFile) -> Signed {
    let mut signing = maker.signing(Role::Principal);
    signing.entries = field_lock(parameters);
    signing.sign(document)
}

fn locks(maker: &mut Maker<'_>) {
    let document = document_with(&[]);
    let include = "/Action /Include /Fields [(NhanXet)]";
    let exclude = "/Action /Exclude /Fields [(NhanXet)]";
    let locked = locking(maker, include, &document);
    maker.attack(
        ("F1", "locked-filled"),
        "a locked field filled",
        filled(&locked.file),
        MODIFIED,
    );
    maker.attack(
        ("F1", "all-locked-filled"),
        "a field filled where all are locked",
        filled(&locking(maker, "/Action /All", &document).file),
        MODIFIED,
    );
    maker.control(
        ("F2", "not-locked-filled"),
        "a field filled that the lock leaves out",
        filled(&locking(maker, exclude, &document).file),
        PERMITTED,
    );
    maker.control(
        ("F2", "locked-and-signed"),
        "a locked field, and a second signature in a field that is free",
        maker.sealed(&locked.file),
        BOTH,
    );
    let by_field = |lock: &str| {
        let mut signing = maker.signing(Role::Principal);
        signing.field.1 = format!("{PRINCIPAL_FIELD} /Lock << /Type /SigFieldLock {lock} >>");
        let body = format!("<< {} >>", signing.field.1);
        signing.sign(&document_with(&[(super::base::PRINCIPAL, &body)]))
    };
    let locked_by_field = by_field(include);
    let free_by_field = by_field(exclude);
    let lock_gone = {
        let body = format!(
            "<< {PRINCIPAL_FIELD} /V {} 0 R >>",
            locked_by_field.dictionary
        );
        let opened = locked_by_field
            .file
            .with(&[(super::base::PRINCIPAL, &body)]);
        filled(&opened)
    };
    maker.attack(
        ("F1", "locked-by-field"),
        "a field filled that the signature field's /Lock names",
        filled(&locked_by_field.file),
        MODIFIED,
    );
    maker.attack(
        ("F1", "lock-removed"),
        "the /Lock removed, then the field filled",
        lock_gone,
        MODIFIED,
    );
    maker.control(
        ("F2", "free-by-field"),
        "a field filled that the /Lock leaves out",
        filled(&free_by_field.file),
        PERMITTED,
    );
    // F3: permissions only shrink.
    let certified = maker.certified(1);
    let mut signing = maker.signing(Role::SchoolSeal);
    signing
        .field
        .1
        .push_str(" /Lock << /Type /SigFieldLock /Action /All /P 3 >>");
    maker.attack(
        ("F3", "permission-raised"),
        "P=1, then a signature whose /Lock says P=3",
        signing.sign(&certified.file),
        &[
            "HieuTruong intact revision forbidden",
            "ConDau intact whole-file none",
        ],
    );
}

/// F2: names match by whole components.
fn lock_prefix(maker: &mut Maker<'_>) {
    let document = document_with(&[]);
    let locked = locking(maker, "/Action /Include /Fields [(a)]", &document);
    let ab = "<< /T (ab) /FT /Tx /Type /Annot /Subtype /Widget /Rect [60 470 160 490] /P 3 0 R \
              /F 4 /V (ba) >>";
    maker.control(
        ("F2", "longer-name"),
        "a lock on a, and ab filled",
        locked.file.with(&[(FIELD_AB, ab)]),
        PERMITTED,
    );
    let a_b = "<< /T (b) /Parent 13 0 R /Type /Annot /Subtype /Widget /Rect [60 500 160 520] \
               /P 3 0 R /F 4 /V (ba) >>";
    maker.attack(
        ("F2", "field-below"),
        "a lock on a, and a.b filled",
        locked.file.with(&[(FIELD_A_B, a_b)]),
        MODIFIED,
    );
}

/// F6.
fn xfa(maker: &mut Maker<'_>) {
    let packet = |value: &str| {
        stream(
            "",
            &format!("<xdp:xdp xmlns:xdp=\"http://ns.adobe.com/xdp/\"><v>{value}</v></xdp:xdp>"),
        )
    };
    let with = form(FIELDS, "/XFA 60 0 R");
    let signed = maker.approved_with(&[(FORM, &with), (60, &packet("5.0"))]);
    maker.control(
        ("F6", "present"),
        "XFA present, as it was signed",
        signed.clone(),
        &["HieuTruong intact whole-file none"],
    );
    maker.attack(
        ("F6", "replaced"),
        "XFA data replaced",
        signed.file.with(&[(60, &packet("9.0"))]),
        MODIFIED,
    );
    let file = maker.approved().file;
    maker.attack(
        ("F6", "added"),
        "XFA added",
        file.with(&[(FORM, &with), (60, &packet("9.0"))]),
        MODIFIED,
    );
    let without = form(FIELDS, "");
    maker.attack(
        ("F6", "removed"),
        "XFA removed",
        signed.file.with(&[(FORM, &without)]),
        MODIFIED,
    );
}

/// F9: two fields of one full name.
fn names(maker: &mut Maker<'_>) {
    let twin = "<< /FT /Tx /T (NhanXet) /Type /Annot /Subtype /Widget /Rect [60 560 260 580] \
                /P 3 0 R /F 4 /V (Dat) >>";
    let fields = form(&format!("{FIELDS} 60 0 R"), "");
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
    let signed = maker.approved_with(&[(FORM, &fields), (PAGE_1, &page), (60, twin)]);
    maker.control(
        ("F9", "twins"),
        "two fields of one full name, as they were signed",
        signed.clone(),
        &["HieuTruong intact whole-file none"],
    );
    maker.control(
        ("F9", "twin-filled"),
        "one of two fields of one name filled",
        filled(&signed.file),
        PERMITTED,
    );
    let file = maker.approved().file;
    maker.attack(
        ("F9", "twin-added"),
        "a second field of a name that a field has",
        file.with(&[(FORM, &fields), (PAGE_1, &page), (60, twin)]),
        MODIFIED,
    );
    let partial = "<< /T (b) /FT /Tx /Type /Annot /Subtype /Widget /Rect [60 560 260 580] \
                   /P 3 0 R /F 4 /V (Dat) >>";
    let signed = maker.approved_with(&[(FORM, &fields), (PAGE_1, &page), (60, partial)]);
    let filled_partial = partial.replace("(Dat)", "(Gioi)");
    maker.control(
        ("F9", "partial-names"),
        "b filled beside a.b",
        signed.file.with(&[(60, &filled_partial)]),
        PERMITTED,
    );
}
