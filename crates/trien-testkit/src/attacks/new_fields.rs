//! Fields to be signed that come behind a signature, need nobody's key, and that readers take for
//! other fields, or draw over what was signed (ATTACKS.md, F1).

use super::base::{FIELDS, FORM, PAGE_1, PAGE_1_ANNOTATIONS, form, page_1};
use super::maker::{MODIFIED, Maker, PERMITTED};
use super::update::RawFile;

const NODE: u32 = 60;
const KID: u32 = 61;
const OTHER: u32 = 62;

/// Over the mark that the page shows, and where nothing is.
const OVER_MARKS: &str = "60 750 260 780";
const BLANK: &str = "60 200 200 250";
/// Over the look of the principal's signature.
const OVER_SIGNATURE: &str = "300 100 400 150";

const EMPTY: &str = "<< /FT /Sig /T (Moi) /Kids [61 0 R] >>";

/// An update with these objects: 60 is a field of the form, and 61 stands on the page.
fn with(file: &RawFile, objects: &[(u32, &str)]) -> RawFile {
    let fields = form(&format!("{FIELDS} {NODE} 0 R"), "");
    let page = page_1(&format!("{PAGE_1_ANNOTATIONS} {KID} 0 R"), "5 0 R");
    let mut all: Vec<(u32, &str)> = vec![(FORM, &fields), (PAGE_1, &page)];
    all.extend_from_slice(objects);
    file.with(&all)
}

fn widget(parent: u32, rectangle: &str, entries: &str) -> String {
    format!(
        "<< /Type /Annot /Subtype /Widget /Parent {parent} 0 R /Rect [{rectangle}] /F 4 /P 3 0 R \
         {entries} >>"
    )
}

pub(super) fn make(maker: &mut Maker<'_>) {
    let file = maker.certified(2).file;
    other_kinds(maker, &file);
    above(maker, &file);
    places(maker, &file);
}

/// Where somebody is to sign some readers draw a sign of their own, which may hide what was signed.
fn places(maker: &mut Maker<'_>, certified: &RawFile) {
    let open = maker.approved().file;
    let empty = |file: &RawFile, rectangle: &str| {
        with(file, &[(NODE, EMPTY), (KID, &widget(NODE, rectangle, ""))])
    };
    maker.attack(
        ("F1", "new-empty-field-over-a-signature"),
        "a field to be signed over the mark of a signature",
        empty(&open, OVER_SIGNATURE),
        MODIFIED,
    );
    maker.attack(
        ("F1", "new-empty-field-over-certified-marks"),
        "a field to be signed over what a certified page says",
        empty(certified, OVER_MARKS),
        MODIFIED,
    );
    maker.control(
        ("F1", "new-empty-field-over-open-marks"),
        "a field to be signed over what a page says that nobody certified",
        empty(&open, OVER_MARKS),
        PERMITTED,
    );
    maker.control(
        ("F1", "new-empty-field-beside-a-signature"),
        "a field to be signed whose edge lies over the mark of a signature",
        empty(&open, "390 100 500 150"),
        PERMITTED,
    );
}

fn other_kinds(maker: &mut Maker<'_>, file: &RawFile) {
    const LETTERS: &str = "/DA (/F1 24 Tf 0 g)";
    let list = "<< /FT /Ch /T (Diem) /Opt [(9.0)] /V (9.0) /I [0] /DA (/F1 24 Tf 0 g) >>";
    maker.attack(
        ("F1", "new-widget-of-a-list"),
        "a field to be signed whose widget claims a list with a value for its field",
        with(
            file,
            &[
                (NODE, EMPTY),
                (KID, &widget(OTHER, OVER_MARKS, "")),
                (OTHER, list),
            ],
        ),
        MODIFIED,
    );
    for (name, what, node, entries) in [
        (
            "new-widget-of-a-button",
            "a field to be signed whose widget says that it is a button with a caption",
            EMPTY,
            "/FT /Btn /Ff 65536 /MK << /CA (9.0) >>",
        ),
        (
            "new-widget-with-choices",
            "a field to be signed whose widget says that it is a list, with its choices",
            EMPTY,
            "/FT /Ch /Opt [(9.0)] /TI 0",
        ),
        (
            "new-field-with-choices",
            "a field to be signed that passes choices on to its widget",
            "<< /FT /Sig /T (Moi) /Opt [(9.0)] /DV (9.0) /Ff 0 /Kids [61 0 R] >>",
            "/FT /Ch",
        ),
        (
            "new-widget-with-a-caption",
            "a field to be signed whose widget has a caption",
            EMPTY,
            "/MK << /CA (9.0) >>",
        ),
    ] {
        let kid = widget(NODE, BLANK, &format!("{entries} {LETTERS}"));
        maker.attack(
            ("F1", name),
            what,
            with(file, &[(NODE, node), (KID, &kid)]),
            MODIFIED,
        );
    }
    maker.control(
        ("F1", "new-empty-field"),
        "a field to be signed, with its widget where nothing is",
        with(file, &[(NODE, EMPTY), (KID, &widget(NODE, BLANK, LETTERS))]),
        PERMITTED,
    );
}

/// What stands above a new field acts, or shows something besides.
fn above(maker: &mut Maker<'_>, file: &RawFile) {
    let leaf = widget(NODE, "0 0 0 0", "/FT /Sig /T (Moi)");
    for (name, what, node) in [
        (
            "new-node-acts",
            "a node above a new field to be signed runs a script",
            "<< /T (Nut) /AA << /K << /S /JavaScript /JS (app.alert(1)) >> >> /Kids [61 0 R] >>",
        ),
        (
            "new-node-above-an-old-field",
            "a node above a field that was there runs a script",
            "<< /T (Nut) /AA << /K << /S /JavaScript /JS (app.alert(1)) >> >> /Kids [12 0 R] >>",
        ),
        (
            "new-node-with-a-widget",
            "a node above a new field to be signed has a widget of its own",
            "<< /T (Nut) /FT /Sig /Kids [61 0 R 62 0 R] >>",
        ),
    ] {
        let caption = widget(NODE, OVER_MARKS, "/FT /Btn /Ff 65536 /MK << /CA (9.0) >>");
        maker.attack(
            ("F1", name),
            what,
            with(file, &[(NODE, node), (KID, &leaf), (OTHER, &caption)]),
            MODIFIED,
        );
    }
    maker.control(
        ("F1", "new-node"),
        "a node above a new field to be signed",
        with(
            file,
            &[(NODE, "<< /T (Nut) /Kids [61 0 R] >>"), (KID, &leaf)],
        ),
        PERMITTED,
    );
}
