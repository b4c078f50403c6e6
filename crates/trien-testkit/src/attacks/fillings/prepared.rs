//! Fields that were prepared over what a page shows and are filled in behind the signature, looks and
//! fields that wait for resources of the form, and what honest programs write there.

use super::super::base::{
    CONTENT_1, FIELD_A_B, FIELD_AB, FONT, MARKS, PAGE_1, PAGE_1_ANNOTATIONS, REMARK, REMARK_LOOK,
    document_with, form, look, page_1,
};
use super::super::maker::{MODIFIED, Maker, PERMITTED};
use super::super::update::{RawFile, stream};
use super::*;
use crate::pki::Role;

const MARK_FIELD: u32 = 40;
const MARK_LOOK: u32 = 41;

/// Over the mark that the page shows.
const OVER_MARKS: &str = "170 755 230 775";
/// Over the line to write on.
const OVER_LINE: &str = "90 695 200 712";
/// Over the place where the principal signs.
const OVER_SIGNATURE: &str = "300 100 400 150";

const WHITE: &str = "/MK << /BG [1] >>";
const NINE: &str = "BT /F1 10 Tf 12 4 Td (9,0) Tj ET";

fn field(rectangle: &str, entries: &str) -> String {
    format!(
        "<< /FT /Tx /T (Diem) /Type /Annot /Subtype /Widget /Rect [{rectangle}] /P 3 0 R /F 4 \
         /DA (/F1 10 Tf 0 g) {entries} >>"
    )
}

/// The document with such a field, whose look is empty.
fn document(field: &str) -> RawFile {
    let content = stream(
        "",
        &format!("{MARKS} BT /F1 10 Tf 60 700 Td (Ngay   /  /     ..............) Tj ET"),
    );
    document_with(&[
        (CONTENT_1, &content),
        (FORM, &form(&format!("{FIELDS} {MARK_FIELD} 0 R"), "")),
        (
            PAGE_1,
            &page_1(&format!("{PAGE_1_ANNOTATIONS} {MARK_FIELD} 0 R"), "5 0 R"),
        ),
        (MARK_FIELD, field),
        (MARK_LOOK, &look("60 20", "")),
        (UNTICKED, &look("60 20", "")),
    ])
}

fn certified(maker: &Maker<'_>, document: &RawFile) -> RawFile {
    let signing = maker.signing(Role::Principal);
    signing.certifying(document, 2).sign(document).file
}

fn approved(maker: &Maker<'_>, document: &RawFile) -> RawFile {
    maker.signing(Role::Principal).sign(document).file
}

pub(super) fn make(maker: &mut Maker<'_>) {
    over_content(maker);
    awaited(maker);
    borders(maker);
}

const LOOKS: &str = "/AP << /N 41 0 R >>";

fn filled(rectangle: &str, entries: &str, data: &str) -> Vec<(u32, String)> {
    let size = if rectangle == OVER_LINE {
        "110 17"
    } else {
        "60 20"
    };
    vec![
        (
            MARK_FIELD,
            field(rectangle, &format!("{entries} {LOOKS} /V (9,0)")),
        ),
        (MARK_LOOK, look(size, data)),
    ]
}

fn over_content(maker: &mut Maker<'_>) {
    let opaque = format!("1 g 0 0 60 20 re f 0 g {NINE}");
    let empty =
        |rectangle, entries: &str| document(&field(rectangle, &format!("{entries} {LOOKS}")));
    let prepared = empty(OVER_MARKS, WHITE);
    let bare = document(&field(OVER_MARKS, WHITE));
    let (file, sealed) = (certified(maker, &prepared), maker.sealed(&prepared).file);
    let white = filled(OVER_MARKS, WHITE, &opaque);
    maker.attack(
        ("S2", "fill-over-marks-certified"),
        "P=2: a field prepared over a mark filled in with a white ground",
        update(&file, &white),
        MODIFIED,
    );
    maker.attack(
        ("S2", "fill-letters-over-marks-certified"),
        "P=2: a field prepared over a mark filled in with letters",
        update(&file, &filled(OVER_MARKS, WHITE, NINE)),
        MODIFIED,
    );
    maker.attack(
        ("S2", "fill-over-marks-sealed"),
        "a field prepared over a mark filled in with a white ground, behind a seal",
        update(&sealed, &white),
        &["ConDau intact revision forbidden"],
    );
    let drawn_by_readers = vec![(MARK_FIELD, field(OVER_MARKS, &format!("{WHITE} /V (9,0)")))];
    let file = certified(maker, &bare);
    maker.attack(
        ("S2", "fill-over-marks-without-look-certified"),
        "P=2: a field without a look, prepared over a mark with a white ground, filled in",
        update(&file, &drawn_by_readers),
        MODIFIED,
    );
    let file = approved(maker, &empty(OVER_SIGNATURE, WHITE));
    maker.attack(
        ("S2", "fill-over-signature"),
        "a field prepared where the principal signs, filled in with a white ground",
        update(
            &file,
            &filled(
                OVER_SIGNATURE,
                WHITE,
                &opaque.replace("60 20 re", "100 50 re"),
            )
            .into_iter()
            .map(|(number, body)| (number, body.replace("[0 0 60 20]", "[0 0 100 50]")))
            .collect::<Vec<_>>(),
        ),
        MODIFIED,
    );
    ticked(maker);
    let file = approved(maker, &prepared);
    maker.control(
        ("C11", "fill-over-marks-told"),
        "a field prepared over a mark filled in where nobody certified: reported",
        update(&file, &white),
        PERMITTED,
    );
    let file = certified(maker, &empty(OVER_LINE, ""));
    maker.control(
        ("C2", "fill-over-line"),
        "P=2: a field over a line of dots and the signs of a date filled in",
        update(&file, &filled(OVER_LINE, "", NINE)),
        PERMITTED,
    );
}

/// A box prepared over a mark, whose ticked state is another mark.
fn ticked(maker: &mut Maker<'_>) {
    let button = |state: &str| {
        format!(
            "<< /FT /Btn /T (Diem) /Type /Annot /Subtype /Widget /Rect [{OVER_MARKS}] /P 3 0 R \
             /F 4 /AP << /N << /Yes 41 0 R /Off 42 0 R >> >> /V /{state} /AS /{state} >>"
        )
    };
    for (name, what, data) in [
        (
            "tick-over-marks-certified",
            "P=2: a box prepared over a mark, ticked: a white ground and another mark",
            format!("1 g 0 0 60 20 re f 0 g {NINE}"),
        ),
        (
            "tick-line-over-marks-certified",
            "P=2: a box prepared over a mark, ticked: a line through it",
            "2 10 m 58 10 l S".to_owned(),
        ),
    ] {
        let document = document_with(&[
            (FORM, &form(&format!("{FIELDS} {MARK_FIELD} 0 R"), "")),
            (
                PAGE_1,
                &page_1(&format!("{PAGE_1_ANNOTATIONS} {MARK_FIELD} 0 R"), "5 0 R"),
            ),
            (MARK_FIELD, &button("Off")),
            (MARK_LOOK, &look("60 20", &data)),
            (UNTICKED, &look("60 20", "0 0 60 20 re S")),
        ]);
        let file = certified(maker, &document);
        let ticked = vec![(MARK_FIELD, button("Yes"))];
        maker.attack(("S2", name), what, update(&file, &ticked), MODIFIED);
    }
}

/// Looks and fields that name a font or picture which the form does not have yet.
fn awaited(maker: &mut Maker<'_>) {
    let bare = |data: &str| stream("/Type /XObject /Subtype /Form /BBox [0 0 200 20]", data);
    let grown = |more: &str| form(FIELDS, "").replace("/DR << /Font << /F1 9 0 R >>", more);
    let font = |font: &str| grown(&format!("/DR << /Font << /F1 9 0 R /F9 {font} >>"));
    let picture = grown("/DR << /Font << /F1 9 0 R >> /XObject << /Im9 11 0 R >>");
    let in_f9 = bare("BT /F9 10 Tf 2 4 Td (Dat) Tj ET");
    let of_picture = bare("q 200 0 0 20 0 0 cm /Im9 Do Q");
    let drawn = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] \
                 /CharProcs << /G 5 0 R >> /Encoding << /Differences [104 /G] >> /FirstChar 104 \
                 /LastChar 104 /Widths [5] >>";
    let exchanged = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica \
                     /Encoding << /Differences [97 /b /a] >> >>";
    let unseen = "<< /T (ab) /FT /Tx /Type /Annot /Subtype /Widget /Rect [60 470 160 490] /P 3 0 R \
                  /F 4 /V (hai) /DA (/F9 10 Tf 0 g) >>";
    for (name, what, signed, update) in [
        (
            "look-awaits-font",
            "a look without resources names a font that the form receives later",
            (REMARK_LOOK, in_f9.as_str()),
            font("10 0 R"),
        ),
        (
            "look-awaits-picture",
            "a look without resources names a picture that the form receives later",
            (REMARK_LOOK, of_picture.as_str()),
            picture,
        ),
        (
            "field-awaits-font",
            "a field without a look names a font that the form receives later, drawn as its maker \
             likes",
            (FIELD_AB, unseen),
            font(drawn),
        ),
        (
            "field-awaits-encoding",
            "a field without a look names a standard font, which the form receives with an encoding \
             that makes other letters of its value",
            (FIELD_AB, unseen),
            font(exchanged),
        ),
    ] {
        let file = maker.approved_with(&[signed]).file;
        let updated = file.with(&[(FORM, &update)]);
        maker.attack(("S3", name), what, updated, MODIFIED);
    }
    let plain = form(FIELDS, "").replace("/DA (/F1 10 Tf)", "");
    let empty = "<< /T (b) /Parent 13 0 R /Type /Annot /Subtype /Widget /Rect [60 500 160 520] \
                 /P 3 0 R /F 4 >>";
    let received = |written: &str| form(FIELDS, "").replace("/F1 10 Tf", written);
    for (name, what, value, written) in [
        (
            "value-awaits-colour",
            "a value without a look, for which the form receives white letters",
            "(hai)",
            "/F1 10 Tf 1 g",
        ),
        (
            "value-awaits-words",
            "a form that receives a default appearance with words of its own",
            "()",
            "/F1 10 Tf 0 g BT /F1 10 Tf \\(ba\\) Tj ET",
        ),
    ] {
        let field = unseen
            .replace("/DA (/F9 10 Tf 0 g)", "")
            .replace("(hai)", value);
        let file = maker
            .approved_with(&[(FORM, &plain), (FIELD_A_B, empty), (FIELD_AB, &field)])
            .file;
        let updated = file.with(&[(FORM, &received(written))]);
        maker.attack(("S3", name), what, updated, MODIFIED);
    }
    let file = maker.approved_with(&[(FIELD_AB, unseen)]).file;
    maker.control(
        ("C11", "field-receives-standard-font"),
        "a field without a look names a standard font that the form receives later",
        file.with(&[(FORM, &font(&format!("{FONT} 0 R")))]),
        PERMITTED,
    );
}

fn borders(maker: &mut Maker<'_>) {
    let signed = remark("/V (Dat) /BS << /S /S /W 0 >>");
    let filled = remark("/V (Gioi) /BS << /S /S /W 1 >>");
    let looks = look("200 20", &text("Gioi"));
    let objects = [(REMARK, filled.as_str()), (REMARK_LOOK, looks.as_str())];
    let file = maker.approved_with(&[(REMARK, &signed)]).file;
    maker.control(
        ("C11", "fill-border-without-colour"),
        "a field filled, with a width for a border that has no colour (PyMuPDF)",
        file.with(&objects),
        PERMITTED,
    );
    let coloured = |body: &str| body.replace("/BS", "/MK << /BC [0] >> /BS");
    let file = maker.approved_with(&[(REMARK, &coloured(&signed))]).file;
    let body = coloured(&filled).replace("/W 1", "/W 19");
    maker.attack(
        ("F1", "fill-border-with-colour"),
        "a field filled whose black border becomes as wide as it is high",
        file.with(&[(REMARK, &body), (REMARK_LOOK, &looks)]),
        MODIFIED,
    );
}
