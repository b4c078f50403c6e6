//! Forms that ask viewers to build all looks anew behind a signature (ATTACKS.md, F5): what these
//! would say, and what the signed looks say.

use super::base::{FIELDS, FORM, OTHER_FONT, REMARK, REMARK_FIELD, REMARK_LOOK, form, look};
use super::fillings::objects;
use super::maker::{MODIFIED, Maker, PERMITTED};
use super::update::RawFile;

const ASKED: &str = "/NeedAppearances true";

pub(super) fn make(maker: &mut Maker<'_>) {
    prepared(maker);
    in_steps(maker);
    honest(maker);
}

fn asking(file: &RawFile) -> RawFile {
    file.with(&[(FORM, &form(FIELDS, ASKED))])
}

/// Documents whose looks say something else than viewers would build.
fn prepared(maker: &mut Maker<'_>) {
    let text = |value: &str| look("200 20", &format!("BT /F1 10 Tf 2 4 Td ({value}) Tj ET"));
    let remark = |entries: &str| format!("<< {REMARK_FIELD} {entries} >>");
    let evil = "<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Khac /FirstChar 32 /LastChar 33 \
                /Widths [500 500] /FontDescriptor << /Type /FontDescriptor /FontName /ABCDEF+Khac \
                /Flags 32 /FontFile2 30 0 R >> >>";
    let lettered = |appearance: &str| {
        remark(&format!("/V (Dat) {appearance}")).replacen("/DA (/F1 10 Tf) ", "", 1)
    };
    let own_fonts = form(FIELDS, "").replace("/F1 9 0 R", "/F1 9 0 R /F9 10 0 R");
    for (name, what, objects, fonts) in [
        (
            "look-says-another",
            "a signed look that says another mark than its value",
            vec![(REMARK_LOOK, text("Kem"))],
            false,
        ),
        (
            "look-of-nothing",
            "a signed field that shows nothing, and has a value",
            vec![(REMARK_LOOK, text(""))],
            false,
        ),
        (
            "letters-of-another-colour",
            "a field whose default colour is white",
            vec![(REMARK, lettered("/DA (/F1 10 Tf 1 g)"))],
            false,
        ),
        (
            "letters-too-small",
            "a field whose default size is too small to see",
            vec![(REMARK, lettered("/DA (/F1 0.1 Tf)"))],
            false,
        ),
        (
            "letters-of-an-own-font",
            "a field whose default font is one of the file",
            vec![
                (REMARK, lettered("/DA (/F9 10 Tf)")),
                (OTHER_FONT, evil.to_owned()),
            ],
            true,
        ),
        (
            "ground-over-content",
            "a field with a white ground that its look does not draw",
            vec![(REMARK, remark("/V (Dat) /MK << /BG [1 1 1] >>"))],
            false,
        ),
        (
            "script-formats-the-value",
            "a field whose script makes other words of its value",
            vec![(
                REMARK,
                remark("/V (Dat) /AA << /F << /S /JavaScript /JS (event.value='Gioi') >> >>"),
            )],
            false,
        ),
    ] {
        let with_fonts = (FORM, own_fonts.clone());
        let bodies: Vec<(u32, &str)> = objects
            .iter()
            .chain(fonts.then_some(&with_fonts))
            .map(|(number, body)| (*number, body.as_str()))
            .collect();
        let signed = maker.approved_with(&bodies).file;
        let file = if fonts {
            let asked = own_fonts.trim_end_matches(">>").to_owned() + ASKED + " >>";
            signed.with(&[(FORM, &asked)])
        } else {
            asking(&signed)
        };
        let id = format!("need-appearances-{name}");
        maker.attack(("F5", &id), what, file, MODIFIED);
    }
    // Buttons whose looks are exchanged: viewers would draw the tick where it belongs.
    let mut exchanged = objects();
    for (number, body) in &mut exchanged {
        *body = match *number {
            41 => look("20 20", "0 0 20 20 re S"),
            42 => look("20 20", "2 2 m 18 18 l 2 18 m 18 2 l S"),
            _ => continue,
        };
    }
    let bodies: Vec<(u32, &str)> = exchanged
        .iter()
        .map(|(n, body)| (*n, body.as_str()))
        .collect();
    let signed = maker.approved_with(&bodies).file;
    maker.attack(
        ("F5", "need-appearances-ticks-exchanged"),
        "a signed box that shows a tick where it is not chosen",
        signed.with(&[(FORM, &form_of_all(ASKED))]),
        MODIFIED,
    );
}

/// The form of the document with fields of every type.
fn form_of_all(entries: &str) -> String {
    let all = objects();
    let (_, body) = all.iter().find(|(number, _)| *number == FORM).unwrap();
    format!("{} {entries} >>", body.trim_end().trim_end_matches(">>"))
}

/// The flag first, and a value behind it whose look says what it said.
fn in_steps(maker: &mut Maker<'_>) {
    let asked = asking(&maker.approved().file);
    let stale = format!("<< {REMARK_FIELD} /V (Gioi) >>");
    maker.attack(
        ("F5", "need-appearances-then-filled"),
        "looks to be built anew, then a field filled whose look says what it said",
        asked.with(&[(REMARK, &stale)]),
        MODIFIED,
    );
}

fn honest(maker: &mut Maker<'_>) {
    maker.control(
        ("F5", "need-appearances"),
        "viewers told to build all looks anew, which say what they would",
        asking(&maker.approved().file),
        PERMITTED,
    );
    let all = objects();
    let bodies: Vec<(u32, &str)> = all.iter().map(|(n, body)| (*n, body.as_str())).collect();
    let filled = format!("<< {REMARK_FIELD} /V (Gioi) >>");
    let shown = look("200 20", "BT /F1 10 Tf 2 4 Td (Gioi) Tj ET");
    maker.control(
        ("F5", "need-appearances-filled"),
        "a field filled with a look that says so, and viewers told to build all looks anew",
        maker.approved_with(&bodies).file.with(&[
            (FORM, &form_of_all(ASKED)),
            (REMARK, &filled),
            (REMARK_LOOK, &shown),
        ]),
        PERMITTED,
    );
}
