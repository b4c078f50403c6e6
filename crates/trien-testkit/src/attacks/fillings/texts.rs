//! Text fields: the letters of the look, what stands around them, and what else fillings bring.

use super::super::base::{REMARK, REMARK_LOOK, look};
use super::super::maker::Maker;
use super::super::update::RawFile;
use super::*;

/// The remark filled with `Gioi`, and this drawn for it.
fn drawn(data: &str) -> Objects {
    vec![
        (REMARK, remark("/V (Gioi)")),
        (REMARK_LOOK, look("200 20", data)),
    ]
}

pub(super) fn make(maker: &mut Maker<'_>, approved: &RawFile, certified: &RawFile) {
    let shown = |entries: &str| {
        vec![
            (REMARK, remark(entries)),
            (REMARK_LOOK, look("200 20", &text("Gioi"))),
        ]
    };
    let flags = |flags: &str| {
        let body = remark("/V (Gioi)").replace("/F 4", flags);
        vec![(REMARK, body), (REMARK_LOOK, look("200 20", &text("Gioi")))]
    };
    let without = remark("/V (Gioi)").replace("/AP << /N 16 0 R >>", "");
    let small = look("200 20", &text("Gioi")).replace("[0 0 200 20]", "[0 0 2000 2000]");
    let layered = look("200 20", &text("Gioi")).replace("/Subtype", "/OC 3 0 R /Subtype");
    let states = remark("/V (Gioi) /AS /X").replace("/N 16 0 R", "/N << /X 70 0 R >>");
    let rolled = remark("/V (Gioi)").replace("/N 16 0 R", "/N 70 0 R /R 71 0 R");
    let new = (NEW, look("200 20", &text("Gioi")));
    let other = (OTHER_NEW, look("200 20", &text("Kem")));
    let list = vec![
        (
            "S2",
            "fill-says-another",
            "a field filled with one value, and a look with another",
            drawn(&text("Kem")),
        ),
        (
            "S2",
            "fill-says-another-certified",
            "P=2: a field filled with one value, and a look with another",
            drawn(&text("Kem")),
        ),
        (
            "S2",
            "fill-says-more",
            "a look that says the value and more",
            drawn(&text("Gioi nhat")),
        ),
        (
            "S2",
            "fill-of-nothing",
            "white space filled in, and a look with words",
            vec![
                (REMARK, remark("/V ( )")),
                (REMARK_LOOK, look("200 20", &text("Gioi"))),
            ],
        ),
        (
            "S2",
            "fill-out-of-order",
            "letters in the order of the value, placed in another",
            drawn("BT /F1 10 Tf 20 4 Td (Gi) Tj -15 0 Td (oi) Tj ET"),
        ),
        (
            "S2",
            "fill-outside",
            "half of the value outside the look",
            drawn("BT /F1 10 Tf 2 4 Td (Gi) Tj 900 0 Td (oi) Tj ET"),
        ),
        (
            "S2",
            "fill-invisible",
            "the value in letters that are not drawn, another as an area",
            drawn("3 Tr BT /F1 10 Tf 2 4 Td (Gioi) Tj ET"),
        ),
        (
            "S2",
            "fill-white",
            "the value in white",
            drawn("1 g BT /F1 10 Tf 2 4 Td (Gioi) Tj ET"),
        ),
        (
            "S2",
            "fill-tiny",
            "the value too small to see",
            drawn("BT /F1 0.1 Tf 2 4 Td (Gioi) Tj ET"),
        ),
        (
            "S2",
            "fill-clipped-twice",
            "the value between two clipping areas",
            drawn("0 0 140 20 re W n 60 0 140 20 re W n BT /F1 10 Tf 2 4 Td (Gioi) Tj ET"),
        ),
        (
            "S2",
            "fill-huge",
            "the value too large to be seen whole",
            drawn("BT /F1 300 Tf 2 4 Td (Gioi) Tj ET"),
        ),
        (
            "S2",
            "fill-clipped",
            "the value clipped away",
            drawn("0 0 1 1 re W n BT /F1 10 Tf 2 4 Td (Gioi) Tj ET"),
        ),
        (
            "S2",
            "fill-painted-over",
            "the value, and an area over what lies around",
            drawn("1 g 0 0 200 20 re f 0 g BT /F1 10 Tf 2 4 Td (Gioi) Tj ET"),
        ),
        (
            "S2",
            "fill-with-drawing",
            "the value, and lines that could be letters",
            drawn("BT /F1 10 Tf 2 4 Td (Gioi) Tj ET 60 2 m 60 18 l S"),
        ),
        (
            "S2",
            "fill-with-picture",
            "the value, and a picture",
            drawn("BT /F1 10 Tf 2 4 Td (Gioi) Tj ET /Im0 Do"),
        ),
        (
            "S2",
            "fill-with-inline-picture",
            "the value, and a picture in the stream",
            drawn(
                "BT /F1 10 Tf 2 4 Td (Gioi) Tj ET q 50 0 0 20 90 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q",
            ),
        ),
        (
            "S2",
            "fill-next-line",
            "the value on two lines of a field of one, by the operator of one mark",
            drawn("BT /F1 10 Tf 20 TL 2 4 Td (Gi) Tj (oi) ' ET"),
        ),
        (
            "S2",
            "fill-next-line-spaced",
            "the value on two lines of a field of one, by the operator of two marks",
            drawn("BT /F1 10 Tf 20 TL 2 4 Td (Gi) Tj 0 0 (oi) \" ET"),
        ),
        (
            "S2",
            "fill-next-line-moved",
            "the value on two lines of a field of one, by T*",
            drawn("BT /F1 10 Tf 20 TL 2 4 Td (Gi) Tj T* (oi) Tj ET"),
        ),
        (
            "S2",
            "fill-next-line-led",
            "the value on two lines of a field of one, by TD",
            drawn("BT /F1 10 Tf 2 4 Td (Gi) Tj 0 -20 TD (oi) Tj ET"),
        ),
        (
            "S2",
            "fill-two-texts",
            "the value in two text objects, one below the field",
            drawn("BT /F1 10 Tf 2 4 Td (Gi) Tj ET BT /F1 10 Tf 2 -16 Td (oi) Tj ET"),
        ),
        (
            "S2",
            "fill-turned",
            "the look turned upside down",
            vec![
                (REMARK, remark("/V (Gioi)")),
                (
                    REMARK_LOOK,
                    look("200 20", &text("Gioi")).replace("/BBox", "/Matrix [-1 0 0 -1 0 0] /BBox"),
                ),
            ],
        ),
        (
            "S2",
            "fill-shrunk",
            "a look a hundred times as large as its widget",
            vec![(REMARK, remark("/V (Gioi)")), (REMARK_LOOK, small)],
        ),
        (
            "S2",
            "fill-layered",
            "a look that a layer hides",
            vec![(REMARK, remark("/V (Gioi)")), (REMARK_LOOK, layered)],
        ),
        (
            "S2",
            "fill-by-states",
            "a text field with looks for states",
            vec![(REMARK, states), other.clone()],
        ),
        (
            "S2",
            "fill-rolled-over",
            "a field filled, with a look of another value for the pointer",
            vec![(REMARK, rolled), new, other],
        ),
        (
            "F5",
            "fill-look-kept",
            "a field filled whose look says what it said",
            vec![(REMARK, remark("/V (Gioi)"))],
        ),
        (
            "F5",
            "fill-look-removed",
            "a field filled and its look removed",
            vec![(REMARK, without)],
        ),
        (
            "F5",
            "fill-rich-text",
            "a field filled whose rich text says another value",
            shown("/V (Gioi) /RV (<body><p>Kem</p></body>)"),
        ),
        (
            "F5",
            "fill-hidden",
            "a field filled and hidden",
            flags("/F 2"),
        ),
        (
            "F5",
            "fill-not-printed",
            "a field filled and no longer printed",
            flags("/F 0"),
        ),
        (
            "F5",
            "fill-painted-widget",
            "a field filled whose widget gains a background",
            shown("/V (Gioi) /MK << /BG [1 1 1] >>"),
        ),
        (
            "F1",
            "fill-comb",
            "a field filled and made one of single letters",
            shown("/V (Gioi) /Ff 16777216 /MaxLen 1"),
        ),
        (
            "F1",
            "fill-other-appearance",
            "a field filled whose default appearance changes",
            {
                let mut objects = shown("/V (Gioi)");
                objects[0].1 = objects[0].1.replace("(/F1 10 Tf)", "(/F1 1 Tf 1 g)");
                objects
            },
        ),
        (
            "F1",
            "fill-of-a-name",
            "a name filled into a text field",
            shown("/V /Gioi"),
        ),
        (
            "F1",
            "fill-read-only",
            "a field filled that is read-only",
            vec![
                (LOCKED, format!("<< {LOCKED_FIELD} /Ff 1 /V (9,0) >>")),
                (LOCKED_LOOK, look("100 20", &text("9,0"))),
            ],
        ),
        (
            "F1",
            "fill-unlocked",
            "a field filled that was read-only",
            vec![
                (LOCKED, format!("<< {LOCKED_FIELD} /Ff 0 /V (9,0) >>")),
                (LOCKED_LOOK, look("100 20", &text("9,0"))),
            ],
        ),
        (
            "S2",
            "fill-large",
            "a field over most of the page filled",
            vec![
                (LARGE, format!("<< {LARGE_FIELD} /V (Gioi) >>")),
                (
                    LARGE_LOOK,
                    look("555 520", "BT /F1 24 Tf 40 460 Td (Gioi) Tj ET"),
                ),
            ],
        ),
    ];
    attacks(maker, (approved, certified), list);
    let list = vec![
        (
            "C11",
            "fill-usual-entries",
            "a field filled, with entries that say what held before",
            {
                let mut objects = shown("/V (Gioi) /BS << /S /S /W 1 >> /Ff 0 /MK << >>");
                objects[0].1 = objects[0].1.replace("(/F1 10 Tf)", "(/F1 10.0 Tf)");
                objects
            },
        ),
        (
            "C11",
            "fill-rich-text-agrees",
            "a field filled, and rich text with the same value",
            shown("/V (Gioi) /RV (<?xml version=\"1.0\"?><body><p>Gioi</p></body>)"),
        ),
        (
            "C11",
            "fill-emptied",
            "a field emptied",
            vec![
                (REMARK, remark("")),
                (REMARK_LOOK, look("200 20", "/Tx BMC EMC")),
            ],
        ),
        (
            "C2",
            "fill-repainted-by-the-same",
            "P=2: a field filled with a new look of the same kind",
            vec![
                (
                    REMARK,
                    remark("/V (Gioi)").replace("/N 16 0 R", "/N 70 0 R"),
                ),
                (NEW, look("200 20", &text("Gioi"))),
            ],
        ),
    ];
    controls(maker, certified, list);
    let lines = |entries: &str| remark(&format!("/Ff 4096 {entries}"));
    let several = maker.approved_with(&[(REMARK, &lines(""))]).file;
    let filled = [
        (REMARK, lines("/V (Gioi\\rToan)")),
        (
            REMARK_LOOK,
            look(
                "200 20",
                "0 0 200 20 re W n q BT /F1 8 Tf 8 TL 2 11 Td (Gioi) Tj T* [(To) 20 (an)] TJ ET Q",
            ),
        ),
    ];
    maker.control(
        ("C11", "fill-in-lines"),
        "a field of several lines filled with two",
        update(&several, &filled),
        PERMITTED,
    );
}
