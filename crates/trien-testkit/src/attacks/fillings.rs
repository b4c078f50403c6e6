//! Fields of every type, filled in honestly and not (ATTACKS.md, S2, S3, F1, F5): the value against
//! what shows it.

mod buttons;
mod fonts;
mod prepared;
mod texts;

use super::base::{FIELDS, FORM, PAGE_1, PAGE_1_ANNOTATIONS, REMARK_FIELD, form, look, page_1};
use super::maker::{MODIFIED, Maker, PERMITTED};
use super::update::RawFile;

const CHECK_BOX: u32 = 40;
const TICKED: u32 = 41;
const UNTICKED: u32 = 42;
const RADIO: u32 = 43;
const GOOD: u32 = 44;
const FAIR: u32 = 45;
const CHOICE: u32 = 48;
const CHOICE_LOOK: u32 = 49;
const PUSH_BUTTON: u32 = 50;
const PUSH_BUTTON_LOOK: u32 = 51;
const LOCKED: u32 = 52;
const LOCKED_LOOK: u32 = 53;
const LARGE: u32 = 54;
const LARGE_LOOK: u32 = 55;
const TWICE: u32 = 56;
const FIRST: u32 = 57;
const SECOND: u32 = 58;
const FIRST_LOOK: u32 = 59;
const SECOND_LOOK: u32 = 60;
const FREE_RADIO: u32 = 61;
const FREE_BUTTON: u32 = 62;
/// What updates bring.
const NEW: u32 = 70;
const OTHER_NEW: u32 = 71;

const CHECK_BOX_FIELD: &str = "/FT /Btn /T (Dat) /Type /Annot /Subtype /Widget \
     /Rect [60 440 80 460] /P 3 0 R /F 4";
const BOX_LOOKS: &str = "/AP << /N << /Yes 41 0 R /Off 42 0 R >> >>";
const RADIO_FIELD: &str = "/FT /Btn /Ff 49152 /T (HanhKiem) /Kids [44 0 R 45 0 R]";
const CHOICE_FIELD: &str = "/FT /Ch /Ff 131072 /T (XepLoai) /Type /Annot /Subtype /Widget \
     /Rect [60 380 160 400] /P 3 0 R /F 4 /Opt [(Gioi) [(K) (Kha)] (Dat)] /AP << /N 49 0 R >>";
const PUSH_BUTTON_FIELD: &str = "/FT /Btn /Ff 65536 /T (In) /Type /Annot /Subtype /Widget \
     /Rect [60 350 160 370] /P 3 0 R /F 4 /AP << /N 51 0 R >> \
     /MK << /CA (In) >>";
const LOCKED_FIELD: &str = "/FT /Tx /T (Khoa) /Type /Annot /Subtype /Widget \
     /Rect [60 320 160 340] /P 3 0 R /F 4 /AP << /N 53 0 R >>";
const LARGE_FIELD: &str = "/FT /Tx /T (ToGiay) /Type /Annot /Subtype /Widget \
     /Rect [20 300 575 820] /P 3 0 R /F 4 /AP << /N 55 0 R >>";
const TWICE_FIELD: &str = "/FT /Tx /T (HaiNoi) /Kids [57 0 R 58 0 R]";

fn widget(parent: u32, rectangle: &str, entries: &str) -> String {
    format!(
        "<< /Type /Annot /Subtype /Widget /Parent {parent} 0 R /Rect [{rectangle}] /P 3 0 R \
         /F 4 {entries} >>"
    )
}

fn text(value: &str) -> String {
    format!("/Tx BMC BT /F1 10 Tf 2 4 Td ({value}) Tj ET EMC")
}

fn good(state: &str) -> String {
    let looks = "/AP << /N << /Tot 41 0 R /Off 42 0 R >> >>";
    widget(RADIO, "60 410 80 430", &format!("{looks} /AS /{state}"))
}

fn fair(state: &str) -> String {
    let looks = "/AP << /N << /Kha 41 0 R /Off 42 0 R >> >>";
    widget(RADIO, "90 410 110 430", &format!("{looks} /AS /{state}"))
}

fn free_radio(value: &str) -> String {
    format!("<< /FT /Btn /Ff 32768 /T (DeNghi) /Kids [62 0 R] /V /{value} >>")
}

fn free_button(state: &str) -> String {
    let looks = "/AP << /N << /Co 41 0 R /Off 42 0 R >> >>";
    widget(
        FREE_RADIO,
        "120 410 140 430",
        &format!("{looks} /AS /{state}"),
    )
}

fn check_box(value: &str, state: &str, looks: &str) -> String {
    format!("<< {CHECK_BOX_FIELD} {looks} /V {value} /AS /{state} >>")
}

fn remark(entries: &str) -> String {
    format!("<< {REMARK_FIELD} {entries} >>")
}

/// The document with a field of every type.
pub(super) fn objects() -> Vec<(u32, String)> {
    let more = [CHECK_BOX, CHOICE, PUSH_BUTTON, LOCKED, LARGE]
        .map(|number| format!("{number} 0 R"))
        .join(" ");
    let fields = format!("{FIELDS} {more} {RADIO} 0 R {TWICE} 0 R {FREE_RADIO} 0 R");
    let widgets =
        format!("{more} {GOOD} 0 R {FAIR} 0 R {FIRST} 0 R {SECOND} 0 R {FREE_BUTTON} 0 R");
    vec![
        (FORM, form(&fields, "")),
        (
            PAGE_1,
            page_1(&format!("{PAGE_1_ANNOTATIONS} {widgets}"), "5 0 R"),
        ),
        (CHECK_BOX, check_box("/Off", "Off", BOX_LOOKS)),
        (TICKED, look("20 20", "2 2 m 18 18 l 2 18 m 18 2 l S")),
        (UNTICKED, look("20 20", "0 0 20 20 re S")),
        (RADIO, format!("<< {RADIO_FIELD} /V /Tot >>")),
        (GOOD, good("Tot")),
        (FAIR, fair("Off")),
        (FREE_RADIO, free_radio("Co")),
        (FREE_BUTTON, free_button("Co")),
        (CHOICE, format!("<< {CHOICE_FIELD} /V (Dat) >>")),
        (CHOICE_LOOK, look("100 20", &text("Dat"))),
        (PUSH_BUTTON, format!("<< {PUSH_BUTTON_FIELD} >>")),
        (PUSH_BUTTON_LOOK, look("100 20", &text("In"))),
        (LOCKED, format!("<< {LOCKED_FIELD} /Ff 1 /V (5,0) >>")),
        (LOCKED_LOOK, look("100 20", &text("5,0"))),
        (LARGE, format!("<< {LARGE_FIELD} /V () >>")),
        (LARGE_LOOK, look("555 520", "")),
        (TWICE, format!("<< {TWICE_FIELD} /V (mot) >>")),
        (
            FIRST,
            widget(TWICE, "60 280 160 300", "/AP << /N 59 0 R >>"),
        ),
        (
            SECOND,
            widget(TWICE, "200 280 300 300", "/AP << /N 60 0 R >>"),
        ),
        (FIRST_LOOK, look("100 20", &text("mot"))),
        (SECOND_LOOK, look("100 20", &text("mot"))),
    ]
}

/// What an update brings: numbers and bodies.
type Objects = Vec<(u32, String)>;

pub(super) fn make(maker: &mut Maker<'_>) {
    let objects = objects();
    let bodies: Vec<(u32, &str)> = objects
        .iter()
        .map(|(n, body)| (*n, body.as_str()))
        .collect();
    let document = super::base::document_with(&bodies);
    let role = crate::pki::Role::Principal;
    let approved = maker.signing(role).sign(&document).file;
    let certified = maker.signing(role).certifying(&document, 2).sign(&document);
    for list in [
        texts::make,
        fonts::make,
        buttons::boxes,
        buttons::choices,
        buttons::several,
    ] {
        list(maker, &approved, &certified.file);
    }
    prepared::make(maker);
}

fn update(file: &RawFile, objects: &[(u32, String)]) -> RawFile {
    let bodies: Vec<(u32, &str)> = objects
        .iter()
        .map(|(n, body)| (*n, body.as_str()))
        .collect();
    file.with(&bodies)
}

/// Each behind an approval, or behind a certification that permits filling where its name says so.
fn attacks(
    maker: &mut Maker<'_>,
    (approved, certified): (&RawFile, &RawFile),
    list: Vec<(&'static str, &str, &'static str, Objects)>,
) {
    for (row, name, what, objects) in list {
        let file = if name.ends_with("certified") {
            certified
        } else {
            approved
        };
        maker.attack((row, name), what, update(file, &objects), MODIFIED);
    }
}

fn controls(
    maker: &mut Maker<'_>,
    file: &RawFile,
    list: Vec<(&'static str, &str, &'static str, Objects)>,
) {
    for (row, name, what, objects) in list {
        maker.control((row, name), what, update(file, &objects), PERMITTED);
    }
}
