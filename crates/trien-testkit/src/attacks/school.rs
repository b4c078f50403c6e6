//! What a forger of school records would try: the seal's picture, the strip across page edges, a
//! page between two signatures, a signature of another record.

use super::base::{
    CONTENT_1, IMAGE, PAGE_1, PAGE_1_ANNOTATIONS, PAGES, PRINCIPAL, PRINCIPAL_FIELD, SEAL,
    SEAL_FIELD, SEAL_IMAGE, SEAL_LOOK, STRIP, STRIP_LOOK, document_with, image, look, page_1,
};
use super::maker::{BOTH_MODIFIED, MODIFIED, Maker};
use super::update::stream;
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    seal(maker);
    strip(maker);
    pages(maker);
    values(maker);
}

const SEALED_MODIFIED: &[&str] = &["ConDau intact revision forbidden"];

fn seal(maker: &mut Maker<'_>) {
    let signed = maker.sealed(&document_with(&[]));
    let value = format!("/V {} 0 R", signed.dictionary);
    maker.control(
        ("S1", "sealed"),
        "sealed",
        signed.clone(),
        &["ConDau intact whole-file none"],
    );
    let file = &signed.file;
    maker.attack(
        ("S1", "seal-repainted"),
        "the picture in the seal's look replaced",
        file.with(&[(SEAL_IMAGE, &image("00000000>"))]),
        SEALED_MODIFIED,
    );
    maker.attack(
        ("S2", "seal-look-replaced"),
        "the seal's look replaced",
        file.with(&[(SEAL_LOOK, &look("100 100", "0 0 100 100 re f"))]),
        SEALED_MODIFIED,
    );
    let other = format!(
        "<< {} {value} >>",
        SEAL_FIELD.replace("/N 18 0 R", "/N 60 0 R")
    );
    maker.attack(
        ("S2", "seal-look-repointed"),
        "the seal's widget refers to another look",
        file.with(&[(SEAL, &other), (60, &look("100 100", "0 0 100 100 re f"))]),
        SEALED_MODIFIED,
    );
    for (row, name, what, from, to) in [
        (
            "F4",
            "seal-moved",
            "the seal moved to another place",
            "[250 80 350 180]",
            "[50 700 150 800]",
        ),
        (
            "F4",
            "seal-shrunk",
            "the seal made too small to see",
            "[250 80 350 180]",
            "[250 80 250 80]",
        ),
        (
            "F4",
            "seal-hidden",
            "the seal hidden by its flags",
            "/F 132",
            "/F 2",
        ),
        (
            "F4",
            "seal-on-another-page",
            "the seal's widget claims another page",
            "/P 3 0 R",
            "/P 4 0 R",
        ),
    ] {
        let field = format!("<< {} {value} >>", SEAL_FIELD.replace(from, to));
        maker.attack(
            (row, name),
            what,
            file.with(&[(SEAL, &field)]),
            SEALED_MODIFIED,
        );
    }
    let page = page_1(&PAGE_1_ANNOTATIONS.replace(" 26 0 R", ""), "5 0 R");
    maker.attack(
        ("F4", "seal-off-the-page"),
        "the seal taken out of the page's annotations",
        file.with(&[(PAGE_1, &page)]),
        SEALED_MODIFIED,
    );
    maker.attack(
        ("S1", "image-redefined"),
        "a picture on the page redefined",
        file.with(&[(IMAGE, &image("FFFFFFFF>"))]),
        SEALED_MODIFIED,
    );
}

/// Giáp lai: the strip of the seal across the edges of all pages.
fn strip(maker: &mut Maker<'_>) {
    let file = maker.approved().file;
    let without = page_1(&PAGE_1_ANNOTATIONS.replace(" 24 0 R", ""), "5 0 R");
    maker.attack(
        ("C12", "strip-removed"),
        "the strip across the page edges taken off the page",
        file.with(&[(PAGE_1, &without)]),
        MODIFIED,
    );
    maker.attack(
        ("C12", "strip-freed"),
        "the strip's annotation made null",
        file.with(&[(STRIP, "null")]),
        MODIFIED,
    );
    maker.attack(
        ("C12", "strip-emptied"),
        "the strip's look emptied",
        file.with(&[(STRIP_LOOK, &look("30 200", ""))]),
        MODIFIED,
    );
    let moved = "<< /Type /Annot /Subtype /Stamp /Rect [0 0 1 1] /P 3 0 R /F 4 \
                 /Contents (Giap lai) /AP << /N 25 0 R >> >>";
    maker.attack(
        ("C12", "strip-moved"),
        "the strip's annotation moved and shrunk",
        file.with(&[(STRIP, moved)]),
        MODIFIED,
    );
    let dated = "<< /Type /Annot /Subtype /Stamp /Rect [565 300 595 500] /P 3 0 R /F 4 \
                 /Contents (Giap lai) /M (D:20260601) /AP << /N 25 0 R >> >>";
    maker.attack(
        ("C12", "strip-repainted"),
        "the strip's look emptied, and its annotation dated anew",
        file.with(&[(STRIP, dated), (STRIP_LOOK, &look("30 200", ""))]),
        MODIFIED,
    );
    let note = "<< /Type /Annot /Subtype /Text /Rect [540 700 560 720] /P 3 0 R /F 4 \
                /Contents (Da nhan) >>";
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
    maker.attack(
        ("C12", "note-beside-the-strip"),
        "no certification: a note added, the strip as it was",
        file.with(&[(PAGE_1, &page), (60, note)]),
        MODIFIED,
    );
}

fn pages(maker: &mut Maker<'_>) {
    let inserted = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 7 0 R \
                    /Contents 30 0 R >>";
    let kids = "<< /Type /Pages /Kids [3 0 R 60 0 R 4 0 R] /Count 3 >>";
    let first = maker.approved();
    let between = first.file.with(&[(PAGES, kids), (60, inserted)]);
    let sealed = maker.sealed(&between);
    maker.attack(
        ("I1", "page-between-signatures"),
        "a page inserted between the principal's signature and the seal",
        sealed,
        &[
            "HieuTruong intact revision forbidden",
            "ConDau intact whole-file none",
        ],
    );
    let twice = maker.approved_twice();
    maker.attack(
        ("I1", "page-behind-signatures"),
        "a page inserted behind both signatures",
        twice.file.with(&[(PAGES, kids), (60, inserted)]),
        BOTH_MODIFIED,
    );
    maker.attack(
        ("I1", "taken-back"),
        "other marks shown to the seal, and the signed ones put back behind it",
        {
            let other = first
                .file
                .with(&[(CONTENT_1, &stream("", super::base::OTHER_MARKS))]);
            let sealed = maker.sealed(&other);
            let back = stream("", &format!("{} /Im1 Do", super::base::MARKS));
            sealed.file.with(&[(CONTENT_1, &back)])
        },
        BOTH_MODIFIED,
    );
}

/// /V leads to another signature dictionary.
fn values(maker: &mut Maker<'_>) {
    let first = maker.approved();
    let second = maker.sealed(&first.file);
    let swapped = format!("<< {PRINCIPAL_FIELD} /V {} 0 R >>", second.dictionary);
    maker.attack(
        ("I3", "value-repointed"),
        "the principal's field refers to the seal's signature",
        second.file.with(&[(PRINCIPAL, &swapped)]),
        // Of both, the field's name as the last revision has it.
        &[
            "HieuTruong intact revision forbidden",
            "HieuTruong intact revision forbidden",
        ],
    );
    let [to_first, to_second] = [
        format!("<< {PRINCIPAL_FIELD} /V {} 0 R >>", second.dictionary),
        format!("<< {SEAL_FIELD} /V {} 0 R >>", first.dictionary),
    ];
    maker.attack(
        ("I3", "values-exchanged"),
        "the two fields exchange their signatures",
        second
            .file
            .with(&[(PRINCIPAL, &to_first), (SEAL, &to_second)]),
        // The names are those of the fields as the last revision has them.
        &[
            "ConDau intact revision forbidden",
            "HieuTruong intact revision forbidden",
        ],
    );
    // A signature of another record, carried over octet by octet.
    let mut signing = maker.signing(Role::Principal);
    signing.room = 4_096;
    let other = signing.sign(&document_with(&[(
        CONTENT_1,
        &stream("", &format!("{} /Im1 Do", super::base::OTHER_MARKS)),
    )]));
    let mut carried = first.file.clone();
    let (start, end) = first.gap;
    let value = &other.file.octets[other.gap.0..other.gap.1];
    carried.octets[start..end].copy_from_slice(value);
    maker.attack(
        ("I5", "value-of-another-record"),
        "the value of another record's signature in the gap",
        carried,
        &["HieuTruong broken whole-file none"],
    );
}
