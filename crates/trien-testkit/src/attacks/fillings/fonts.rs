//! Text fields filled in fonts that the update brings.

use super::super::base::{REMARK, REMARK_LOOK};
use super::super::maker::Maker;
use super::super::update::{RawFile, stream};
use super::*;

/// The program of a font of the form.
const PROGRAM: u32 = 72;

/// The same, with a colour space in the place of the device's grey.
fn with_spaces(mut objects: Objects) -> Objects {
    let spaces = "/ColorSpace << /DefaultGray [/Indexed /DeviceGray 0 <FF>] >> /Font";
    for (_, body) in &mut objects {
        *body = body.replace("/Resources << /Font", &format!("/Resources << {spaces}"));
    }
    objects
}

/// The remark filled with `Gioi` in a look whose font is a new object.
fn in_font(font: &str, data: &str) -> Objects {
    let own = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 70 0 R >> >>",
        data,
    );
    vec![
        (REMARK, remark("/V (Gioi)")),
        (REMARK_LOOK, own),
        (NEW, font.to_owned()),
    ]
}

pub(super) fn make(maker: &mut Maker<'_>, approved: &RawFile, certified: &RawFile) {
    const HELVETICA: &str = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica";
    let gioi = text("Gioi");
    let map = stream(
        "",
        "1 begincodespacerange <00> <FF> endcodespacerange 4 beginbfchar <4B> \
                          <0047> <65> <0069> <6D> <006F> <6E> <0069> endbfchar",
    );
    let mut mapped = in_font(
        &format!("<< {HELVETICA} /ToUnicode 71 0 R >>"),
        &text("Kemn"),
    );
    mapped.push((OTHER_NEW, map));
    let embedded = "<< /Type /Font /Subtype /TrueType /BaseFont /AAAAAA+Arial /FirstChar 32 \
                    /LastChar 126 /Widths [] /Encoding /WinAnsiEncoding /FontDescriptor << /Type \
                    /FontDescriptor /FontName /AAAAAA+Arial /Flags 32 /FontFile2 71 0 R >> >>";
    let mut embedded = in_font(embedded, &gioi);
    embedded.push((OTHER_NEW, stream("", "outlines of another text")));
    let standard = format!("<< {HELVETICA} /Encoding /WinAnsiEncoding >>");
    let list = vec![
        (
            "S3",
            "fill-font-encoding",
            "a field filled in a new font whose encoding shows others",
            in_font(
                &format!("<< {HELVETICA} /Encoding << /Type /Encoding /Differences [71 /K] >> >>"),
                &gioi,
            ),
        ),
        (
            "S3",
            "fill-font-glyph-number",
            "a field filled in a standard font that names a glyph by its number, which it does not have",
            in_font(
                &format!(
                    "<< {HELVETICA} /Encoding << /Type /Encoding /Differences [75 /uni0047] >> >>"
                ),
                &text("Kioi"),
            ),
        ),
        (
            "S3",
            "fill-font-glyph-variant",
            "a field filled in a standard font that names a variant of a letter, which it does not have",
            in_font(
                &format!(
                    "<< {HELVETICA} /Encoding << /Type /Encoding /Differences [75 /G.alt] >> >>"
                ),
                &text("Kioi"),
            ),
        ),
        (
            "S3",
            "fill-font-map",
            "a field filled in a new font whose map to Unicode says others",
            mapped,
        ),
        (
            "S3",
            "fill-font-symbols",
            "a field filled in a font of symbols",
            in_font("<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>", &gioi),
        ),
        (
            "S3",
            "fill-font-drawn",
            "a field filled in a font that is drawn by the update",
            in_font(
                "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] \
             /CharProcs << /G 5 0 R >> /Encoding << /Differences [71 /G /i /o] >> /FirstChar 71 \
             /LastChar 71 /Widths [5] >>",
                &gioi,
            ),
        ),
        (
            "S3",
            "fill-font-embedded",
            "a field filled in a font that the update embeds",
            embedded,
        ),
        (
            "S2",
            "fill-default-colour-space",
            "a field filled in black, which a colour space of the look makes white",
            with_spaces(in_font(&standard, &gioi)),
        ),
        (
            "S2",
            "fill-default-colour-space-certified",
            "P=2: a field filled in black, which a colour space of the look makes white",
            with_spaces(in_font(&standard, &gioi)),
        ),
        (
            "S2",
            "fill-without-resources",
            "a field filled in a look without resources, which takes those of the page",
            vec![
                (REMARK, remark("/V (Gioi)")),
                (
                    REMARK_LOOK,
                    stream("/Type /XObject /Subtype /Form /BBox [0 0 200 20]", &gioi),
                ),
            ],
        ),
    ];
    attacks(maker, (approved, certified), list);
    prepared(maker);
    let list = vec![(
        "C11",
        "fill-font-standard",
        "a field filled in a standard font of its own",
        in_font(&standard, &gioi),
    )];
    controls(maker, approved, list);
}

/// Fonts of the form that was signed, whose glyphs are not what they are called.
fn prepared(maker: &mut Maker<'_>) {
    let fonts = "/DR << /Font << /F1 9 0 R /F2 70 0 R >> >>";
    let form = form(FIELDS, "").replace("/DR << /Font << /F1 9 0 R >> >>", fonts);
    for (name, what, font) in [
        (
            "fill-font-drawn-prepared",
            "a field filled in a font of the form that is drawn, whatever its glyphs are called",
            "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] \
             /CharProcs << /four 5 0 R >> /Encoding << /Differences [52 /four] >> /FirstChar 52 \
             /LastChar 52 /Widths [5] >>",
        ),
        (
            "fill-font-signs-prepared",
            "a field filled in a font of the form that shows a tick for a four",
            "<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>",
        ),
    ] {
        let signed = maker.approved_with(&[(FORM, &form), (NEW, font)]);
        let look = stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F2 70 0 R >> >>",
            "BT /F2 10 Tf 2 4 Td (4) Tj ET",
        );
        let filled = [(REMARK, remark("/V (4)")), (REMARK_LOOK, look)];
        maker.attack(("S3", name), what, update(&signed.file, &filled), MODIFIED);
    }
    programs(maker, &form);
}

/// A compact program of one glyph, of this standard name, for the code 54.
fn compact(name: u8) -> String {
    let numbers = "1D00000030 0F 1D00000033 10 1D00000036 11 1D00000000 1D0000003E 12";
    let data = format!(
        "01000401 00010101 0241 000101011E {numbers} 0000 0000 00 00{name:02X} 000136 0002010102 03 \
         0E0E>"
    );
    stream("/Subtype /Type1C /Filter /ASCIIHexDecode", &data)
}

/// Fonts of the form that was signed, whose glyphs are not what their maps to Unicode say.
fn programs(maker: &mut Maker<'_>, form: &str) {
    let type_1 = |name: &str| {
        let program = format!(
            "%!PS-AdobeFont-1.0: A\n/Encoding 256 array\n0 1 255 {{1 index exch /.notdef put}} for\n\
             dup 54 /{name} put\nreadonly def\ncurrentfile eexec\n"
        );
        stream("/Length1 130 /Length2 0 /Length3 0", &program)
    };
    let six = "/ToUnicode 71 0 R";
    let own = |key: &str| {
        format!(
            "/Subtype /Type1 /BaseFont /AAAAAA+A /FirstChar 54 /LastChar 54 /Widths [500] \
             /FontDescriptor << /Type /FontDescriptor /FontName /AAAAAA+A /Flags 32 /{key} 72 0 R >>"
        )
    };
    let helvetica = "/Subtype /Type1 /BaseFont /Helvetica";
    let map = stream(
        "",
        "1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <36> <0036> <39> <0036> \
         endbfchar",
    );
    let latin = "/Encoding /WinAnsiEncoding";
    let nine = "/Encoding << /Type /Encoding /Differences [54 /nine] >>";
    let files = [
        (
            "fill-font-map-prepared",
            "a field filled in a font of the form whose map to Unicode says a six for the nine it shows",
            "9",
            format!("{helvetica} {latin} {six}"),
            compact(26),
        ),
        (
            "fill-font-names-prepared",
            "a field filled in a font of the form whose nine the map to Unicode calls a six",
            "6",
            format!("{} {nine} {six}", own("FontFile3")),
            compact(26),
        ),
        (
            "fill-font-type-1-prepared",
            "a field filled in a font of the form whose program (Type 1) names another glyph than its map",
            "6",
            format!("{} {six}", own("FontFile")),
            type_1("nine"),
        ),
        (
            "fill-font-type-1-unmapped-prepared",
            "a field filled in a font of the form whose program has a nine where others have a six",
            "6",
            own("FontFile"),
            type_1("nine"),
        ),
        (
            "fill-font-compact-prepared",
            "a field filled in a font of the form whose program (CFF) names another glyph than its map",
            "6",
            format!("{} {six}", own("FontFile3")),
            compact(26),
        ),
    ];
    let agreeing = [
        (
            "fill-font-type-1",
            "a field filled in a font of the form whose program (Type 1) names the glyph that it says",
            "6",
            format!("{} {six}", own("FontFile")),
            type_1("six"),
        ),
        (
            "fill-font-compact",
            "a field filled in a font of the form whose program (CFF) names the glyph that it says",
            "6",
            own("FontFile3"),
            compact(23),
        ),
    ];
    let made = |maker: &Maker<'_>, code: &str, entries: &str, program: &str| {
        let font = format!("<< /Type /Font {entries} >>");
        let signed = maker.approved_with(&[
            (FORM, form),
            (NEW, &font),
            (OTHER_NEW, &map),
            (PROGRAM, program),
        ]);
        let look = stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F2 70 0 R >> >>",
            &format!("BT /F2 10 Tf 2 4 Td ({code}) Tj ET"),
        );
        let filled = [(REMARK, remark("/V (6)")), (REMARK_LOOK, look)];
        update(&signed.file, &filled)
    };
    for (name, what, code, entries, program) in files {
        let file = made(maker, code, &entries, &program);
        maker.attack(("S3", name), what, file, MODIFIED);
    }
    for (name, what, code, entries, program) in agreeing {
        let file = made(maker, code, &entries, &program);
        maker.control(("C11", name), what, file, PERMITTED);
    }
}
