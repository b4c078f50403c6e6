//! Remarks and coloured highlighters on a certified page (ATTACKS.md, C3, C4): where they hide and
//! complete nothing, and where they do; spaces in which colours are not what they say.

use super::annotations::annotated;
use super::base::{CONTENT_1, MARKS, PAGE_1, PAGE_1_ANNOTATIONS, RESOURCES, document_with, page_1};
use super::maker::{MODIFIED, Maker, PERMITTED};
use super::update::{RawFile, stream};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    free_text(maker);
    lines(maker);
    links(maker);
    notes(maker);
    highlighters(maker);
}

fn certified_over(maker: &Maker<'_>, objects: &[(u32, &str)]) -> RawFile {
    let document = document_with(objects);
    let signing = maker.signing(Role::Principal);
    signing.certifying(&document, 3).sign(&document).file
}

fn remark(rectangle: &str, entries: &str) -> String {
    format!(
        "<< /Type /Annot /Subtype /FreeText /Rect {rectangle} /P 3 0 R /F 4 \
         /DA (/Helv 10 Tf 0 g) /Contents (Da doi chieu) {entries} >>"
    )
}

/// Nothing of the page stands at this height.
const ALONE: &str = "[60 200 260 230]";

fn free_text(maker: &mut Maker<'_>) {
    let certified = maker.certified(3).file;
    for (name, what, body) in [
        (
            "free-text",
            "P=3: free text where nothing is",
            remark(ALONE, ""),
        ),
        (
            "free-text-with-look",
            "P=3: free text with a look of its own where nothing is",
            remark(ALONE, "/AP << /N 61 0 R >>"),
        ),
        (
            "free-text-of-pypdf",
            "P=3: free text as pypdf writes it",
            remark(
                ALONE,
                "/Flags 0 /DS (font: 10pt Helvetica;color: #000000) /BS << /W 0 >>",
            ),
        ),
    ] {
        maker.control(("C3", name), what, annotated(&certified, &body), PERMITTED);
    }
    maker.control(
        ("C3", "free-text-of-pymupdf"),
        "P=3: free text with a look and a stray line of a callout, as PyMuPDF writes it",
        annotated(
            &certified,
            &remark(
                ALONE,
                "/CL [0 842 152.38095 230] /RD [0 0 0 0] /Q 0 /AP << /N 61 0 R >>",
            ),
        ),
        PERMITTED,
    );
    for (name, what, body) in [
        (
            "free-text-beside-marks",
            "P=3: free text at the height of the marks",
            remark("[240 755 300 775]", ""),
        ),
        (
            "free-text-anchored",
            "P=3: free text that stays in its size while the page is shown larger",
            remark(ALONE, "").replace("/F 4", "/F 12"),
        ),
        (
            "free-text-callout",
            "P=3: free text with a line to the marks",
            remark(ALONE, "/IT /FreeTextCallout /CL [60 230 180 765]"),
        ),
        (
            "free-text-line",
            "P=3: free text with a line to the marks that does not say so",
            remark(ALONE, "/CL [60 230 180 765]"),
        ),
        (
            "free-text-border",
            "P=3: free text with a border as wide as the page is high",
            remark(ALONE, "/BS << /W 600 >>"),
        ),
        (
            "free-text-large",
            "P=3: free text on a third of the page",
            remark("[0 180 595 460]", ""),
        ),
        (
            "free-text-acts",
            "P=3: free text with an action",
            remark(ALONE, "/A << /S /JavaScript /JS (1) >>"),
        ),
    ] {
        maker.attack(("C4", name), what, annotated(&certified, &body), MODIFIED);
    }
    // What a certified remark said was certified, wherever it stands.
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
    let body = remark(ALONE, "");
    let certified = certified_over(maker, &[(PAGE_1, &page), (60, &body)]);
    let changed = body.replace("Da doi chieu", "Khong doi chieu");
    let without = page_1(PAGE_1_ANNOTATIONS, "5 0 R");
    for (name, what, objects) in [
        (
            "certified-free-text-gone",
            "P=3: certified free text taken away",
            [(PAGE_1, without.as_str())],
        ),
        (
            "certified-free-text-changed",
            "P=3: certified free text that says something else",
            [(60, changed.as_str())],
        ),
    ] {
        maker.attack(("S1", name), what, certified.with(&objects), MODIFIED);
    }
}

fn lines(maker: &mut Maker<'_>) {
    let certified = maker.certified(3).file;
    let line = |rectangle: &str, entries: &str| {
        format!(
            "<< /Type /Annot /Subtype /Line /Rect {rectangle} /P 3 0 R /F 4 /C [1 0 0] \
             /BS << /Type /Border /W 1 >> {entries} >>"
        )
    };
    let alone = "[59 199 261 203]";
    let drawn = "/L [60 201 260 201] /NM (fitz-A0) /AP << /N 61 0 R >>";
    for (name, what, body) in [
        (
            "line-of-pymupdf",
            "P=3: a line where nothing is, with its look, as PyMuPDF writes it",
            line(alone, drawn),
        ),
        (
            "line",
            "P=3: a line where nothing is",
            line(alone, "/L [60 201 260 201]"),
        ),
    ] {
        maker.control(("C3", name), what, annotated(&certified, &body), PERMITTED);
    }
    for (name, what, body) in [
        (
            "line-through-marks",
            "P=3: a line through the marks",
            line("[59 764 201 768]", "/L [60 766 200 766]"),
        ),
        (
            "line-that-leaves",
            "P=3: a line that leaves its rectangle for the marks",
            line(alone, "/L [60 201 200 766]"),
        ),
        (
            "line-with-ends",
            "P=3: a line whose ends readers draw beside its rectangle",
            line(
                alone,
                "/L [60 201 260 201] /LE [/Circle /Circle] /IC [1 1 1]",
            ),
        ),
        (
            "line-as-wide-as-the-page",
            "P=3: a line as wide as the page is high",
            line(alone, "/L [60 201 260 201] /Border [0 0 600]"),
        ),
    ] {
        maker.attack(("C4", name), what, annotated(&certified, &body), MODIFIED);
    }
}

/// Links that do more than lead somewhere.
fn links(maker: &mut Maker<'_>) {
    let certified = maker.certified(3).file;
    let link = |action: &str| {
        let body = format!(
            "<< /Type /Annot /Subtype /Link /Rect [60 100 100 120] /P 3 0 R /Border [0 0 0] \
             /A << {action} >> >>"
        );
        annotated(&certified, &body)
    };
    maker.control(
        ("C3", "link-to-mail"),
        "P=3: a link to an address of mail",
        link("/S /URI /URI (mailto:vanthu@truong.vn)"),
        PERMITTED,
    );
    for (name, what, action) in [
        (
            "link-of-script",
            "P=3: a link whose address is a script",
            "/S /URI /URI (JavaScript:app.alert\\(1\\))",
        ),
        (
            "link-to-file",
            "P=3: a link whose address is a program on the reader's disk",
            "/S /URI /URI (file:///C:/a.exe)",
        ),
        (
            "link-launches",
            "P=3: a link that starts a program",
            "/S /Launch /F (a.exe)",
        ),
        (
            "link-prints",
            "P=3: a link that prints",
            "/S /Named /N /Print",
        ),
    ] {
        maker.attack(("C10", name), what, link(action), MODIFIED);
    }
}

fn notes(maker: &mut Maker<'_>) {
    let certified = maker.certified(3).file;
    let note = |entries: &str| {
        format!(
            "<< /Type /Annot /Subtype /Text /Rect [500 200 520 220] /P 3 0 R {entries} \
             /Contents (Da nhan) >>"
        )
    };
    maker.control(
        ("C3", "note-of-pypdf"),
        "P=3: a note with an entry that no reader knows",
        annotated(&certified, &note("/Flags 0")),
        PERMITTED,
    );
    maker.attack(
        ("C4", "note-of-another-key"),
        "P=3: a note with an entry that says what is not known",
        annotated(&certified, &note("/Khac 5 0 R")),
        MODIFIED,
    );
}

/// Colours that leave black text readable, over black text and over any other.
fn highlighters(maker: &mut Maker<'_>) {
    let highlight = |colour: &str, entries: &str| {
        format!(
            "<< /Type /Annot /Subtype /Highlight /Rect [58 753 202 777] /P 3 0 R /F 4 \
             /C [{colour}] /QuadPoints [60 775 200 775 60 755 200 755] {entries} >>"
        )
    };
    let certified = maker.certified(3).file;
    for (name, what, colour) in [
        (
            "highlight-red",
            "P=3: black text highlighted in red",
            "1 0 0",
        ),
        (
            "highlight-green",
            "P=3: black text highlighted in green",
            "0.15 0.9 0",
        ),
        (
            "highlight-cyan",
            "P=3: black text highlighted in cyan",
            "0 1 1",
        ),
    ] {
        let body = highlight(colour, "");
        maker.control(("C3", name), what, annotated(&certified, &body), PERMITTED);
    }
    maker.attack(
        ("C4", "bare-blue-highlight"),
        "a blue highlighter, which is darker than black text stays readable on",
        annotated(&certified, &highlight("0 0 1", "")),
        MODIFIED,
    );
    let page = |entries: &str| {
        page_1(PAGE_1_ANNOTATIONS, "5 0 R")
            .replace("/Type /Page ", &format!("/Type /Page {entries} "))
    };
    let grouped = page("/Group << /S /Transparency /CS [/ICCBased 30 0 R] >>");
    let drawn = |before: &str| stream("", &format!("{before} {MARKS}"));
    let inverted = "<< /Font << /F1 9 0 R /F2 10 0 R >> /XObject << /Im1 11 0 R >> /ColorSpace << \
                    /DefaultGray [/Indexed /DeviceGray 1 <FF00>] /Cs1 [/ICCBased 30 0 R] >> \
                    /ExtGState << /G1 << /BM /Difference >> >> >>";
    for (name, what, objects, colour) in [
        (
            "red-on-red",
            "a red highlighter, under which red marks vanish",
            vec![(CONTENT_1, drawn("1 0 0 rg"))],
            "1 0 0",
        ),
        (
            "cyan-on-cyan",
            "a highlighter in the colour of the marks",
            vec![(CONTENT_1, drawn("1 0 0 0 k"))],
            "0 1 1",
        ),
        (
            "red-on-a-profile",
            "a red highlighter over marks in a space that nobody reads",
            vec![
                (CONTENT_1, drawn("/Cs1 cs 0 0 0 scn")),
                (RESOURCES, inverted.to_owned()),
            ],
            "1 0 0",
        ),
        (
            "red-on-default-space",
            "a red highlighter over marks whose black is redefined by the page",
            vec![(CONTENT_1, drawn("0 g")), (RESOURCES, inverted.to_owned())],
            "1 0 0",
        ),
        (
            "red-on-outlines",
            "a red highlighter over marks whose outlines are red",
            vec![(CONTENT_1, drawn("1 Tr 1 0 0 RG"))],
            "1 0 0",
        ),
        (
            "yellow-in-a-group",
            "a yellow highlighter on a page that blends in a space of its own",
            vec![(PAGE_1, grouped)],
            "1 1 0",
        ),
    ] {
        let bodies: Vec<(u32, &str)> = objects
            .iter()
            .map(|(n, body)| (*n, body.as_str()))
            .collect();
        let certified = certified_over(maker, &bodies);
        let with = match objects.iter().find(|(number, _)| *number == PAGE_1) {
            Some((_, page)) => {
                let page = page.replace(
                    &format!("[{PAGE_1_ANNOTATIONS}]"),
                    &format!("[{PAGE_1_ANNOTATIONS} 60 0 R]"),
                );
                certified.with(&[(PAGE_1, &page), (60, &highlight(colour, ""))])
            }
            None => annotated(&certified, &highlight(colour, "")),
        };
        let id = format!("highlight-{name}");
        maker.attack(("C4", &id), what, with, MODIFIED);
    }
    // A look without resources of its own, whose colours are the page's in some readers.
    let bare = "/Type /XObject /Subtype /Form /BBox [0 0 144 24]";
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} 60 0 R"), "5 0 R");
    maker.attack(
        ("C4", "highlight-without-resources"),
        "a look without resources of its own",
        certified.with(&[
            (PAGE_1, &page),
            (60, &highlight("1 1 0", "/AP << /N 61 0 R >>")),
            (61, &stream(bare, "/G0 gs 1 1 0 rg 0 0 144 24 re f")),
        ]),
        MODIFIED,
    );
}
