//! Fields that come behind a signature, and what honest programs write into those that were there.

use trien_pdf::{ChangeClass, ChangeKind, Document, History};
use trien_types::Limits;

use crate::maker::{file, update};

const WIDGET: &str = "/Type/Annot/Subtype/Widget/F 4/P 3 0 R";

fn page(annotations: &str) -> String {
    format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[{annotations}]>>")
}

/// A page, and a form with one text field.
fn base(field: &str) -> Vec<u8> {
    file(&[
        (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>".to_owned()),
        (
            2,
            "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]/Resources<<>>>>".to_owned(),
        ),
        (3, page("6 0 R")),
        (4, "<</Length 1>>stream\nq\nendstream".to_owned()),
        (
            5,
            "<</Fields[6 0 R]/SigFlags 3/DA(/Helv 12 Tf 0 g)/DR<</Font<</Helv 8 0 R>>>>>>"
                .to_owned(),
        ),
        (6, field.to_owned()),
        (7, look("0 g", "Dat")),
        (
            8,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        ),
    ])
}

fn look(colour: &str, text: &str) -> String {
    let data = format!("/Tx BMC q BT /Helv 12 Tf {colour} 2 4 Td ({text}) Tj ET Q EMC");
    format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</Helv 8 0 R>>>>\
         /Length {}>>stream\n{data}\nendstream",
        data.len()
    )
}

fn text_field(value: &str) -> String {
    format!(
        "<<{WIDGET}/FT/Tx/T(NhanXet)/Rect[60 600 160 620]/DA(/Helv 12 Tf 0 g)/AP<</N 7 0 R>>\
         /V({value})>>"
    )
}

/// What an update of these objects is, where fields 10 and those below it are new.
fn kinds(base: &[u8], objects: &[(u32, String)]) -> Vec<ChangeKind> {
    let mut bytes = base.to_vec();
    update(&mut bytes, 70, objects);
    let document = Document::open(&bytes, &Limits::default()).unwrap();
    let history = History::of_signed(&document);
    let first = document.revisions().next().unwrap();
    history
        .after(first)
        .map(|change| change.kind.clone())
        .collect()
}

fn are_permitted(kinds: &[ChangeKind]) -> bool {
    kinds
        .iter()
        .all(|kind| kind.class() != ChangeClass::Forbidden)
}

fn added(objects: &[(u32, &str)]) -> Vec<ChangeKind> {
    let mut all = vec![
        (3, page("6 0 R 11 0 R")),
        (
            5,
            "<</Fields[6 0 R 10 0 R]/SigFlags 3/DA(/Helv 12 Tf 0 g)\
             /DR<</Font<</Helv 8 0 R>>>>>>"
                .to_owned(),
        ),
    ];
    let objects = objects.iter();
    all.extend(objects.map(|(number, body)| (*number, body.replace("WIDGET", WIDGET))));
    kinds(&base(&text_field("Dat")), &all)
}

const FIELD: (u32, &str) = (10, "<</FT/Sig/T(Moi)/Kids[11 0 R]>>");

#[test]
fn a_new_signature_field_is_one_from_its_widget_upwards_too() {
    let place = "/Rect[60 200 160 250]";
    let honest = format!("<<WIDGET{place}/Parent 10 0 R>>");
    let found = added(&[FIELD, (11, &honest)]);
    assert!(are_permitted(&found), "{found:?}");
    for entries in [
        "/Parent 12 0 R",
        "/Parent 6 0 R",
        "/Parent 10 0 R/FT/Btn/Ff 65536",
        "/Parent 10 0 R/FT/Ch/Opt[(9.0)]",
        "/Parent 10 0 R/MK<</CA(9.0)>>",
        "/Parent 10 0 R/DV(9.0)",
        "/Parent 10 0 R/RV(9.0)",
        "/Parent 10 0 R/OC 12 0 R",
        "/Parent 10 0 R/PA<</S/URI/URI(http://a)>>",
        "/Parent 10 0 R/Kids[12 0 R]",
    ] {
        let kid = format!("<<WIDGET{place}{entries}>>");
        let other = (12, "<</FT/Tx/T(Diem)/V(9.0)/DA(/Helv 24 Tf 0 g)>>");
        let found = added(&[FIELD, (11, &kid), other]);
        assert!(!are_permitted(&found), "{entries}: {found:?}");
    }
    for field in [
        "<</FT/Sig/T(Moi)/Kids[11 0 R]/Opt[(9.0)]>>",
        "<</FT/Sig/T(Moi)/Kids[11 0 R]/Parent 6 0 R>>",
        "<</FT/Sig/T(Moi)/Kids[11 0 R 6 0 R]>>",
        "<</FT/Sig/T(Moi)/Kids[11 0 R]/DV(9.0)>>",
    ] {
        let found = added(&[(10, field), (11, &honest)]);
        assert!(!are_permitted(&found), "{field}: {found:?}");
    }
}

#[test]
fn a_new_node_above_fields_has_no_actions_nor_anything_but_new_fields() {
    let leaf = "<<WIDGET/Rect[0 0 0 0]/FT/Sig/T(Moi)/Parent 10 0 R>>";
    let found = added(&[(10, "<</T(Nut)/Kids[11 0 R]>>"), (11, leaf)]);
    assert!(are_permitted(&found), "{found:?}");
    for node in [
        "<</T(Nut)/Kids[11 0 R]/AA<</K<</S/JavaScript/JS(app.alert)>>>>>>",
        "<</T(Nut)/Kids[11 0 R]/FT/Tx>>",
        "<</T(Nut)/Kids[11 0 R]/V(9.0)>>",
        "<</T(Nut)/Kids[11 0 R 6 0 R]>>",
        "<</T(Nut)/Kids[11 0 R<</T(Thang)/FT/Sig>>]>>",
        "<</T(Nut)/Kids[11 0 R 12 0 R]>>",
    ] {
        let widget = "<<WIDGET/Rect[60 700 160 750]/FT/Btn/Ff 65536/MK<</CA(9.0)>>>>";
        let found = added(&[(10, node), (11, leaf), (12, widget)]);
        assert!(!are_permitted(&found), "{node}: {found:?}");
    }
}

/// `PDFBox` writes /Type into widgets that iText made without, when it signs.
#[test]
fn a_widget_may_say_that_it_is_an_annotation() {
    let bare = text_field("Dat").replace("/Type/Annot", "");
    let found = kinds(&base(&bare), &[(6, text_field("Dat"))]);
    assert!(!found.is_empty() && are_permitted(&found), "{found:?}");
    for other in ["/Type/Page", "/Type/Font", "/Type 5"] {
        let changed = text_field("Dat").replace("/Type/Annot", other);
        let found = kinds(&base(&bare), &[(6, changed)]);
        assert!(!are_permitted(&found), "{other}: {found:?}");
    }
}

/// `PDFBox` fills with a colour that it sets in a space of the device.
#[test]
fn letters_may_be_coloured_in_a_space_of_the_device() {
    let base = base(&text_field("Dat"));
    let filled = |colour: &str| {
        let filled = (6, text_field("Gioi"));
        kinds(&base, &[filled, (7, look(colour, "Gioi"))])
    };
    for colour in [
        "/DeviceRGB cs 0 0 0 sc",
        "/DeviceGray cs 0 scn",
        "/DeviceCMYK cs",
        "1 0 0 rg /DeviceGray cs",
        "/DeviceRGB CS 1 0 0 SC",
    ] {
        let found = filled(colour);
        assert!(are_permitted(&found), "{colour}: {found:?}");
    }
    for colour in [
        "/DeviceRGB cs 1 1 1 sc",
        "/DeviceGray cs 1 sc",
        "/DeviceRGB cs 0 sc",
        "/DeviceRGB cs 0 0 0 0 sc",
        "/DeviceRGB cs 0 0 0 /P1 scn",
        "/Cs1 cs 0 0 0 sc",
        "/Pattern cs /P1 scn",
        "0 0 0 sc",
    ] {
        let found = filled(colour);
        assert!(!are_permitted(&found), "{colour}: {found:?}");
    }
}
