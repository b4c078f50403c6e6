//! Comments on a certified page that hide or redraw without a look of their own, and comments that
//! go or change (ATTACKS.md, C3, C4, S1).

use super::annotations::annotated;
use super::base::{NOTE, PAGE_1, PAGE_1_ANNOTATIONS, STRIP, Signed, document_with, look, page_1};
use super::maker::{MODIFIED, Maker, PERMITTED};
use super::update::stream;
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    undrawn(maker);
    looks(maker);
    shadows(maker);
    honest(maker);
}

/// Certified with P=3, over a document with one more annotation on page 1.
fn certified_over(maker: &Maker<'_>, body: &str) -> Signed {
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
    let cover = look(
        "140 20",
        "1 g 0 0 140 20 re f 0 g BT /F1 14 Tf 2 4 Td (9.0) Tj ET",
    );
    let document = document_with(&[(PAGE_1, &page), (60, body), (61, &cover)]);
    maker
        .signing(Role::Principal)
        .certifying(&document, 3)
        .sign(&document)
}

/// Annotations that viewers draw without a look of their own.
fn undrawn(maker: &mut Maker<'_>) {
    let certified = maker.certified(3).file;
    let quads: String = (0..20)
        .map(|line| {
            let (top, bottom) = (780 - line, 760 - line);
            format!("60 {top} 200 {top} 60 {bottom} 200 {bottom} ")
        })
        .collect();
    let one = "/QuadPoints [60 775 200 775 60 755 200 755]";
    for (name, what, entries) in [
        (
            "black-highlight",
            "a black highlighter",
            format!("/Subtype /Highlight /C [0 0 0] {one}"),
        ),
        (
            "highlight-without-colour",
            "a highlighter of no colour, which is black",
            format!("/Subtype /Highlight {one}"),
        ),
        (
            "highlight-elsewhere",
            "a highlighter outside its own rectangle",
            "/Subtype /Highlight /C [1 1 0] /QuadPoints [60 475 200 475 60 455 200 455]".to_owned(),
        ),
        (
            "highlight-normal",
            "a highlighter whose annotation is blended normally",
            format!("/Subtype /Highlight /C [1 1 0] /BM /Normal {one}"),
        ),
        (
            "strike-outs",
            "white strike-outs side by side",
            format!("/Subtype /StrikeOut /C [1 1 1] /QuadPoints [{quads}]"),
        ),
        (
            "underlines",
            "white underlines side by side",
            format!("/Subtype /Underline /C [1 1 1] /QuadPoints [{quads}]"),
        ),
        (
            "strike-out",
            "a mark struck out",
            format!("/Subtype /StrikeOut /C [1 0 0] {one}"),
        ),
        (
            "underline",
            "a mark underlined, where a line may also strike out",
            format!("/Subtype /Underline {one}"),
        ),
        (
            "link-border",
            "a link with a border as wide as the marks",
            "/Subtype /Link /C [1 1 1] /Border [0 0 40]".to_owned(),
        ),
        (
            "link-border-style",
            "a link with a border style as wide as the marks",
            "/Subtype /Link /C [1 1 1] /BS << /W 60 >>".to_owned(),
        ),
        (
            "link-thin-border",
            "a link with a thin border beside a mark, which makes 5 a 15",
            "/Subtype /Link /C [0 0 0] /Border [0 0 1]".to_owned(),
        ),
        (
            "line",
            "a line through the marks",
            "/Subtype /Line /C [1 1 1] /L [60 765 200 765]".to_owned(),
        ),
        (
            "circle",
            "a circle around a mark",
            "/Subtype /Circle /C [1 0 0]".to_owned(),
        ),
        (
            "square",
            "a square around a mark",
            "/Subtype /Square /C [0 0 0]".to_owned(),
        ),
        (
            "polygon",
            "a polygon over the marks",
            "/Subtype /Polygon /C [0 0 0] /Vertices [60 760 80 770 90 760]".to_owned(),
        ),
        (
            "ink",
            "a figure drawn beside the marks",
            "/Subtype /Ink /C [0 0 0] /InkList [[60 760 62 770]]".to_owned(),
        ),
        (
            "note-over-marks",
            "the icon of a note over the marks",
            "/Subtype /Text /Name /Comment /Contents (x)".to_owned(),
        ),
        (
            "note-without-size",
            "a note in a rectangle of a third of a point beside a mark, over which viewers draw the icon",
            "/Subtype /Text /Name /Comment /F 28 /Contents (x)".to_owned(),
        ),
        (
            "attachment",
            "the icon of a file",
            "/Subtype /FileAttachment /Name /Tag".to_owned(),
        ),
        (
            "stamp-without-look",
            "a stamp that viewers draw by its name",
            "/Subtype /Stamp /Name /Approved".to_owned(),
        ),
        (
            "hidden-stamp",
            "a stamp that is hidden until somebody shows it",
            "/Subtype /Stamp /F 2 /AP << /N 61 0 R >>".to_owned(),
        ),
    ] {
        let rectangle = match name {
            "note-over-marks" | "attachment" => "[160 755 180 775]",
            "note-without-size" => "[160 780 160.3 780.3]",
            _ => "[58 753 202 777]",
        };
        let body = format!("<< /Type /Annot /Rect {rectangle} /P 3 0 R {entries} >>");
        let name = format!("bare-{name}");
        maker.attack(("C4", &name), what, annotated(&certified, &body), MODIFIED);
    }
    // /P names the empty half of the document; the list of page 1 has it.
    let lying = "<< /Type /Annot /Subtype /Text /Rect [160 755 180 775] /P 4 0 R /Contents (x) >>";
    maker.attack(
        ("C4", "bare-note-of-another-page"),
        "a note over the marks that says it were on page 2",
        annotated(&certified, lying),
        MODIFIED,
    );
}

/// Looks of highlighters.
fn looks(maker: &mut Maker<'_>) {
    let certified = maker.certified(3).file;
    let yellow = "<< /Type /Annot /Subtype /Highlight /Rect [60 755 200 775] /P 3 0 R /F 4 \
                  /C [1 1 0] /QuadPoints [60 775 200 775 60 755 200 755] /AP << /N 62 0 R >> >>";
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
    let resources = |state: &str| {
        format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 140 20] \
             /Resources << /ExtGState << /G0 << {state} >> >> >>"
        )
    };
    let painted = "/G0 gs 1 1 0 rg 0 0 140 20 re f";
    for (name, what, entries, data) in [
        (
            "isolated-group",
            "a look whose group is isolated, so that nothing is multiplied with the text",
            format!(
                "{} /Group << /S /Transparency /I true >>",
                resources("/BM /Multiply")
            ),
            painted,
        ),
        (
            "transfer",
            "a look whose state makes another colour of the light one",
            resources("/BM /Multiply /TR << /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [0] /N 1 >>"),
            painted,
        ),
        (
            "default-colour-space",
            "a look whose resources make black of the light colour",
            resources("/BM /Multiply").replace(
                "/ExtGState",
                "/ColorSpace << /DefaultRGB [/Indexed /DeviceRGB 0 <000000>] >> /ExtGState",
            ),
            painted,
        ),
        (
            "thin-line",
            "a look that draws a line through the text",
            resources("/BM /Multiply"),
            "1 w 0 10 m 140 10 l S",
        ),
        (
            "dark-line",
            "a look with a light inside and a dark line",
            resources("/BM /Multiply"),
            "/G0 gs 0 G 1 1 0 rg 0 0 140 20 re B",
        ),
    ] {
        let file = certified.with(&[(PAGE_1, &page), (60, yellow), (62, &stream(&entries, data))]);
        let name = format!("highlight-{name}");
        maker.attack(("C4", &name), what, file, MODIFIED);
    }
    // Two light colours that make a dark one.
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R 61 0 R"), "5 0 R");
    let other = yellow
        .replace("/C [1 1 0]", "/C [0.6 1 0.6]")
        .replace("/AP << /N 62 0 R >>", "");
    let first = yellow.replace("/AP << /N 62 0 R >>", "");
    maker.attack(
        ("C4", "highlights-on-each-other"),
        "two highlighters, one on top of the other",
        certified.with(&[(PAGE_1, &page), (60, &first), (61, &other)]),
        MODIFIED,
    );
    let apart = other
        .replace("[60 755 200 775]", "[60 735 200 750]")
        .replace(
            "[60 775 200 775 60 755 200 755]",
            "[60 750 200 750 60 735 200 735]",
        );
    maker.control(
        ("C3", "highlights-apart"),
        "two highlighters, one below the other",
        certified.with(&[(PAGE_1, &page), (60, &first), (61, &apart)]),
        PERMITTED,
    );
}

/// S1: what showed something when it was certified goes, moves or changes.
fn shadows(maker: &mut Maker<'_>) {
    let without = page_1(PAGE_1_ANNOTATIONS, "5 0 R");
    for subtype in ["FreeText", "Highlight", "Popup", "Square", "Stamp", "Text"] {
        let entries = format!("/Type /Annot /Subtype /{subtype} /P 3 0 R /AP << /N 61 0 R >>");
        let body = format!("<< {entries} /F 4 /Rect [60 755 200 775] >>");
        let certified = certified_over(maker, &body).file;
        let changes = [
            ("removed", vec![(PAGE_1, without.clone())]),
            ("freed", vec![(60, "null".to_owned())]),
            (
                "hidden",
                vec![(60, format!("<< {entries} /F 2 /Rect [60 755 200 775] >>"))],
            ),
            (
                "moved",
                vec![(60, format!("<< {entries} /F 4 /Rect [60 55 200 75] >>"))],
            ),
            (
                "repainted",
                vec![(61, look("140 20", "BT /F1 14 Tf 2 4 Td (5.0) Tj ET"))],
            ),
        ];
        for (change, objects) in changes {
            let objects: Vec<(u32, &str)> = objects
                .iter()
                .map(|(number, body)| (*number, body.as_str()))
                .collect();
            let name = format!("certified-{}-{change}", subtype.to_ascii_lowercase());
            maker.attack(
                ("S1", &name),
                "P=3: an annotation whose look was certified is taken away or changed",
                certified.with(&objects),
                MODIFIED,
            );
        }
    }
    let strip_gone = page_1(&PAGE_1_ANNOTATIONS.replace(" 24 0 R", ""), "5 0 R");
    maker.attack(
        ("S1", "certified-strip-removed"),
        "P=3: the mark across the page edges removed",
        maker
            .certified(3)
            .file
            .with(&[(PAGE_1, &strip_gone), (STRIP, "null")]),
        MODIFIED,
    );
    let link = "/Type /Annot /Subtype /Link /Rect [60 100 100 120] /P 3 0 R /Border [0 0 0]";
    let certified = certified_over(
        maker,
        &format!("<< {link} /A << /S /URI /URI (https://truong.vn) >> >>"),
    );
    maker.attack(
        ("S1", "certified-link-leads-elsewhere"),
        "P=3: a certified link leads to another address",
        certified.file.with(&[(
            60,
            &format!("<< {link} /A << /S /URI /URI (https://khac.vn) >> >>"),
        )]),
        MODIFIED,
    );
}

/// What honest programs do.
fn honest(maker: &mut Maker<'_>) {
    let certified = maker.certified(3).file;
    let note = "<< /Type /Annot /Subtype /Text /Rect [500 700 520 720] /P 3 0 R /F 4 \
                /Contents (Da doi chieu, dung) /M (D:20260601) /Popup 23 0 R >>";
    maker.control(
        ("C3", "note-edited"),
        "P=3: the text of a certified note edited",
        certified.with(&[(NOTE, note)]),
        PERMITTED,
    );
    let drawn = "<< /Type /Annot /Subtype /Text /Rect [540 200 560 220] /P 3 0 R /F 28 \
                 /Contents (Da xem) /Name /Comment /AP << /N 61 0 R >> >>";
    maker.control(
        ("C3", "note-with-icon"),
        "P=3: a note with an icon of its own, where nothing stands at its height",
        annotated(&certified, drawn),
        PERMITTED,
    );
    maker.attack(
        ("C4", "note-with-icon-beside-marks"),
        "P=3: a note whose own icon stands at the height of the marks",
        annotated(
            &certified,
            &drawn.replace("[540 200 560 220]", "[540 755 560 775]"),
        ),
        MODIFIED,
    );
}
