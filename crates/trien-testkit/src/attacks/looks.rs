//! Looks of a further signature that show something else at another moment or in another program:
//! pointed at, pressed, printed, with another file at hand (ATTACKS.md, C5, X18).

use super::base::{
    CONTENT_1, FIELDS, FORM, MARKS, PAGE_1, PAGE_1_ANNOTATIONS, document_with, form, look, page_1,
};
use super::maker::{Maker, SIGNED_AGAIN, SIGNED_AGAIN_MODIFIED};
use super::update::{RawFile, stream};
use crate::pki::Role;

const FIELD: u32 = 60;
const NORMAL: u32 = 61;
const OTHER: u32 = 62;
const SEAL: u32 = 63;
const MASK: u32 = 64;
const OPAQUE: u32 = 65;

/// Over the marks of the page.
const OVER_MARKS: &str = "60 752 260 780";
/// Over a blank place.
const BLANK: &str = "400 300 500 320";

/// A further mark on a certified page.
fn signed(
    maker: &Maker<'_>,
    rectangle: &str,
    appearance: &str,
    objects: Vec<(u32, String)>,
) -> RawFile {
    let content = stream("", MARKS);
    let mut document = document_with(&[(CONTENT_1, &content)]);
    document.size = document.size.max(OPAQUE + 1);
    let first = maker.signing(Role::Principal).certifying(&document, 2);
    let file = first.sign(&document).file;
    let mut further = maker.signing(Role::SchoolSeal);
    further.field = (
        FIELD,
        format!(
            "/FT /Sig /T (Moi) /Type /Annot /Subtype /Widget /Rect [{rectangle}] /P 3 0 R /F 132 \
             /AP << {appearance} >>"
        ),
    );
    further.objects = objects;
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} {FIELD} 0 R"), "5 0 R");
    let fields = form(&format!("{FIELDS} {FIELD} 0 R"), "");
    further.objects.extend([(PAGE_1, page), (FORM, fields)]);
    further.sign(&file).file
}

/// Four samples of grey.
fn picture(entries: &str, samples: &str) -> String {
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace \
         /DeviceGray /Filter /ASCIIHexDecode {entries}"
    );
    stream(&entries, samples)
}

/// A look of nothing but a picture.
fn pictured(entries: &str, mask: &str) -> Vec<(u32, String)> {
    let look = format!(
        "/Type /XObject /Subtype /Form /BBox [0 0 200 28] /Resources << /XObject << /Im0 {SEAL} 0 R \
         >> >>"
    );
    vec![
        (NORMAL, stream(&look, "q 200 0 0 28 0 0 cm /Im0 Do Q")),
        (
            SEAL,
            picture(&format!("/SMask {MASK} 0 R {entries}"), "20202020>"),
        ),
        (MASK, picture(mask, "20202020>")),
        (OPAQUE, picture("", "FFFFFFFF>")),
    ]
}

pub(super) fn make(maker: &mut Maker<'_>) {
    let words = look("200 28", "BT /F1 14 Tf 4 6 Td (Diem: 9,0) Tj ET");
    let nothing = || (NORMAL, look("200 28", ""));
    let two = format!("/N {NORMAL} 0 R");
    for (name, what, key) in [
        (
            "rollover-over-marks-certified",
            "P=2: a mark of nothing over the marks, with words for when it is pointed at",
            "R",
        ),
        (
            "pressed-over-marks-certified",
            "P=2: a mark of nothing over the marks, with words for when it is pressed",
            "D",
        ),
    ] {
        let appearance = format!("{two} /{key} {OTHER} 0 R");
        let objects = vec![nothing(), (OTHER, words.clone())];
        let file = signed(maker, OVER_MARKS, &appearance, objects);
        maker.attack(("C5", name), what, file, SIGNED_AGAIN_MODIFIED);
    }
    let file = signed(
        maker,
        OVER_MARKS,
        &format!("/R {OTHER} 0 R"),
        vec![(OTHER, words.clone())],
    );
    maker.attack(
        ("C5", "rollover-alone-over-marks-certified"),
        "P=2: a mark over the marks that is shown only when it is pointed at",
        file,
        SIGNED_AGAIN_MODIFIED,
    );
    let appearance = format!("{two} /R {OTHER} 0 R");
    let objects = vec![nothing(), (OTHER, words)];
    let file = signed(maker, BLANK, &appearance, objects);
    maker.control(
        ("C2", "rollover"),
        "P=2: words for when a mark is pointed at, over nothing",
        file,
        SIGNED_AGAIN,
    );
    for (name, what, entries) in [
        (
            "other-file-over-marks-certified",
            "P=2: a mark of nothing over the marks that names the page of another file to be shown",
            "/Ref << /F (khac.pdf) /Page 0 >>",
        ),
        (
            "prepress-over-marks-certified",
            "P=2: a mark of nothing over the marks that names another picture for presses",
            "/OPI << /2.0 << /Type /OPI /Version 2.0 /F (khac.tif) >> >>",
        ),
    ] {
        let form = format!("/Type /XObject /Subtype /Form /BBox [0 0 200 28] {entries}");
        let file = signed(maker, OVER_MARKS, &two, vec![(NORMAL, stream(&form, ""))]);
        maker.attack(("X18", name), what, file, SIGNED_AGAIN_MODIFIED);
    }
    let alternate =
        format!("/Alternates [<< /Type /Image /Image {OPAQUE} 0 R /DefaultForPrinting true >>]");
    for (name, what, entries, mask) in [
        (
            "printed-picture-over-marks-certified",
            "P=2: a faint picture over the marks with a white one for printers",
            alternate.as_str(),
            "",
        ),
        (
            "picture-of-another-file-over-marks-certified",
            "P=2: a faint picture over the marks whose samples another file has",
            "/F (khac.raw)",
            "",
        ),
        (
            "bleached-picture-over-marks-certified",
            "P=2: a dark picture over the marks that its mask says to be mixed with another colour",
            "",
            "/Matte [0.9]",
        ),
    ] {
        let file = signed(maker, OVER_MARKS, &two, pictured(entries, mask));
        maker.attack(("C5", name), what, file, SIGNED_AGAIN_MODIFIED);
    }
    let file = signed(maker, OVER_MARKS, &two, pictured("/Intent /Perceptual", ""));
    maker.control(
        ("C2", "faint-picture-over-marks"),
        "P=2: a faint picture over the marks",
        file,
        SIGNED_AGAIN,
    );
}
