//! Marks of a further signature over something that was signed: text in the place of a prepared
//! field, the mark of another, pictures, strokes, shadings, annotations without a look (ATTACKS.md, C5).

use super::base::{
    CONTENT_1, FIELDS, FORM, MARKS, OTHER_FONT, PAGE_1, PAGE_1_ANNOTATIONS, document_with, form,
    look, page_1,
};
use super::maker::{Maker, SIGNED_AGAIN, SIGNED_AGAIN_MODIFIED};
use super::update::{RawFile, stream};
use crate::pki::Role;

const FIELD: u32 = 60;
const LOOK: u32 = 61;
const NOTE: u32 = 62;
const DRAWN_LETTER: u32 = 63;

/// The words of a further mark.
const WORDS: &str = "BT /F1 10 Tf 4 6 Td (Diem: 9,0) Tj ET";

/// A font whose letters claim to take no place.
const DRAWN_FONT: &str = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 0 0] \
     /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 97 /LastChar 97 /Widths [0] \
     /Encoding << /Differences [97 /space] >> /CharProcs << /space 63 0 R >> /Resources << >> >>";

/// Where a mark comes, and what the page shows there.
#[derive(Debug, Clone, Copy, Default)]
struct Place<'p> {
    rectangle: &'p str,
    /// Flags of the widget besides being printed and locked.
    flags: u32,
    /// Entries of the page.
    page: &'p str,
    /// What the page draws besides its marks.
    content: &'p str,
    /// An annotation on the page.
    note: &'p str,
    /// What the only letter of a font paints, which the page calls F2.
    letter: &'p str,
    /// What is drawn below the words of the mark.
    below: &'p str,
}

/// How the document was signed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    Approved,
    Certified,
    /// Certified, and the field of the further mark was there.
    Prepared,
    /// The same, and nobody certified.
    PreparedOpen,
}

/// The page, its form, and the field.
fn objects(place: Place<'_>) -> [(u32, String); 2] {
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 62 0 R 60 0 R"), "5 0 R");
    let page = page.replace("/Type /Page ", &format!("/Type /Page {} ", place.page));
    let fields = form(&format!("{FIELDS} {FIELD} 0 R"), "");
    [(PAGE_1, page), (FORM, fields)]
}

fn signed(maker: &Maker<'_>, first: First, place: Place<'_>) -> RawFile {
    let flags = place.flags | 132;
    let bare = format!(
        "/FT /Sig /T (Moi) /Type /Annot /Subtype /Widget /Rect [{}] /P 3 0 R /F {flags}",
        place.rectangle
    );
    let empty = format!("<< {bare} >>");
    let content = stream("", &format!("{MARKS} {}", place.content));
    let note = match place.note {
        "" => "<< /Type /Annot /Subtype /Popup /Rect [0 0 1 1] >>",
        note => note,
    };
    let new = objects(place);
    let is_prepared = matches!(first, First::Prepared | First::PreparedOpen);
    let [page, fields] = &new;
    let before = page.1.replace(" 60 0 R", "");
    let letter = stream("", place.letter);
    let mut changed: Vec<(u32, &str)> =
        vec![(CONTENT_1, &content), (NOTE, note), (DRAWN_LETTER, &letter)];
    if !place.letter.is_empty() {
        changed.push((OTHER_FONT, DRAWN_FONT));
    }
    if is_prepared {
        changed.extend([(PAGE_1, page.1.as_str()), (FORM, fields.1.as_str())]);
        changed.push((FIELD, &empty));
    } else {
        changed.push((PAGE_1, &before));
    }
    let mut document = document_with(&changed);
    document.size = document.size.max(DRAWN_LETTER + 1);
    let signing = maker.signing(Role::Principal);
    let signing = match first {
        First::Certified | First::Prepared => signing.certifying(&document, 2),
        First::Approved | First::PreparedOpen => signing,
    };
    let file = signing.sign(&document).file;
    let mut further = maker.signing(Role::SchoolSeal);
    further.field = (FIELD, format!("{bare} /AP << /N 61 0 R >>"));
    let words = format!("{} {WORDS}", place.below);
    further.objects = vec![(LOOK, look("100 20", &words))];
    if !is_prepared {
        further.objects.extend(new);
    }
    further.sign(&file).file
}

/// Over the marks of the page.
const OVER_MARKS: &str = "60 752 260 780";
/// A picture as large as the page.
const SCAN: &str = "q 595 0 0 842 0 0 cm /Im1 Do Q";
/// Over a blank place.
const BLANK: &str = "400 300 500 320";

pub(super) fn make(maker: &mut Maker<'_>) {
    let at = |rectangle| Place {
        rectangle,
        ..Place::default()
    };
    let drawn = |content| Place {
        content,
        ..at(BLANK)
    };
    let noted = |note| Place { note, ..at(BLANK) };
    let prepared = signed(maker, First::Prepared, at(OVER_MARKS));
    maker.attack(
        ("C5", "prepared-signature-over-marks-certified"),
        "P=2: a signature field prepared over the marks, signed with words of its own",
        prepared,
        SIGNED_AGAIN_MODIFIED,
    );
    for (name, what, first, place) in [
        (
            "upright-mark-on-turned-page-certified",
            "P=2: a mark that does not turn with its page, which is turned",
            First::Certified,
            Place {
                flags: 16,
                page: "/Rotate 90",
                ..at(BLANK)
            },
        ),
        (
            "upright-mark-on-turned-page",
            "a mark that does not turn with its page, which is turned",
            First::Approved,
            Place {
                flags: 16,
                page: "/Rotate 90",
                ..at(BLANK)
            },
        ),
        (
            "words-over-signature-certified",
            "P=2: the mark of another signature written over with words",
            First::Certified,
            at("300 100 400 150"),
        ),
        (
            "words-over-free-text-certified",
            "P=2: words over a free text without a look, which readers draw",
            First::Certified,
            noted(
                "<< /Type /Annot /Subtype /FreeText /Contents (Diem 5) /DA (/F1 10 Tf) /F 4 /P 3 0 R \
                 /Rect [400 300 500 320] >>",
            ),
        ),
        (
            "words-over-drawn-letters-certified",
            "P=2: words over what a letter of a drawn font paints, forty times its size beside it",
            First::Certified,
            Place {
                letter: "0 0 d0 40000 30000 500 900 re f",
                ..drawn("BT /F2 10 Tf 10 5 Td (a) Tj ET")
            },
        ),
        (
            "ground-over-scan-certified",
            "P=2: words on a ground of their own over a scan",
            First::Certified,
            Place {
                below: "1 g 0 0 100 20 re f 0 g",
                ..drawn(SCAN)
            },
        ),
        (
            "large-mark-over-scan-certified",
            "P=2: words over more than a twentieth of a scan",
            First::Certified,
            Place {
                rectangle: "100 300 400 400",
                ..drawn(SCAN)
            },
        ),
    ] {
        let file = signed(maker, first, place);
        maker.attack(("C5", name), what, file, SIGNED_AGAIN_MODIFIED);
    }
    for (name, what, first, place) in [
        (
            "prepared-signature-over-marks-told",
            "a signature field prepared over the marks, signed where nobody certified: reported",
            First::PreparedOpen,
            at(OVER_MARKS),
        ),
        (
            "prepared-signature-over-line",
            "P=2: a signature field prepared over a line of dots, signed",
            First::Prepared,
            drawn("BT /F1 10 Tf 400 306 Td (..............) Tj ET"),
        ),
        (
            "words-over-picture-told",
            "P=2: words over a small picture: reported",
            First::Certified,
            drawn("q 40 0 0 20 420 300 cm BI /W 1 /H 1 /CS /G /BPC 8 ID @ EI Q"),
        ),
        (
            "words-over-strokes-told",
            "P=2: words over a digit that is drawn with lines: reported",
            First::Certified,
            drawn("2 w 420 302 m 430 302 l 430 318 l 420 318 l 420 310 l 430 310 l S"),
        ),
        (
            "words-over-slanted-line-told",
            "P=2: words over a line that is slanted: reported",
            First::Certified,
            drawn("400 302 m 450 318 l S"),
        ),
        (
            "words-over-scan-told",
            "P=2: words on a scan: reported",
            First::Certified,
            drawn(SCAN),
        ),
        (
            "words-beside-drawn-letters",
            "P=2: words beside what a letter of a drawn font paints, which is called so",
            First::Certified,
            Place {
                letter: "500 0 d0 0 0 500 900 re f",
                ..drawn("BT /F2 10 Tf 60 700 Td (a) Tj ET")
            },
        ),
        (
            "words-over-rule",
            "P=2: words on a line to write on",
            First::Certified,
            drawn("400 304 m 500 304 l S"),
        ),
        (
            "words-over-part-of-signature-told",
            "P=2: words over a third of the mark of another signature: reported",
            First::Certified,
            at("367 100 467 150"),
        ),
    ] {
        let file = signed(maker, first, place);
        maker.control(("C2", name), what, file, SIGNED_AGAIN);
    }
    let upright = signed(
        maker,
        First::Certified,
        Place {
            flags: 16,
            ..at(BLANK)
        },
    );
    maker.control(
        ("C2", "upright-mark"),
        "P=2: a mark that would not turn with its page, which is not turned",
        upright,
        SIGNED_AGAIN,
    );
}
