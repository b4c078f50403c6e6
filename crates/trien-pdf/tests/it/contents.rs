//! Reading what pages show: as writers mix fonts, on turned pages, and under hostile contents.

use proptest::prelude::*;
use trien_pdf::{Document, PageContent, TextLine};
use trien_types::Limits;

use crate::maker::file;

/// One page with this content and these entries of the page and of its resources.
fn page_with(content: &str, entries: &str, resources: &str, more: &[(u32, String)]) -> Vec<u8> {
    let mut objects = vec![
        (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
        (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned()),
        (
            3,
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]{entries}/Contents 4 0 R\
                 /Resources<<{resources}>>>>"
            ),
        ),
        (4, stream("", content)),
    ];
    objects.extend_from_slice(more);
    file(&objects)
}

fn stream(entries: &str, data: &str) -> String {
    format!(
        "<<{entries}/Length {}>>\nstream\n{data}\nendstream",
        data.len()
    )
}

fn content_of(bytes: &[u8]) -> PageContent {
    let document = Document::open(bytes, &Limits::default()).unwrap();
    let page = document.page(0).unwrap();
    document.page_content(&page).unwrap()
}

fn texts(content: &PageContent) -> Vec<String> {
    content.lines.iter().map(TextLine::text).collect()
}

/// A word processor sets the letters that Windows Latin has in one font and the rest in another.
#[test]
fn a_title_in_two_fonts_and_two_encodings_is_one_line() {
    let to_unicode = stream(
        "",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfchar <0001> <1EC6> \
         <0002> <01AF> endbfchar 1 beginbfrange <0010> <0010> [<1EDE>] endbfrange",
    );
    let fonts = "/Font<</A 5 0 R/B 6 0 R>>";
    let objects = [
        (
            5,
            "<</Type/Font/Subtype/TrueType/BaseFont/X/Encoding/WinAnsiEncoding/FirstChar 32\
             /LastChar 90/Widths[250 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 \
             0 722 667 722 722 667 611 778 778 389 500 778 667 944 722 778 611 778 722 556 667 722 \
             722 1000 722 722 667]>>"
                .to_owned(),
        ),
        (
            6,
            "<</Type/Font/Subtype/Type0/BaseFont/Y/Encoding/Identity-H/ToUnicode 8 0 R\
             /DescendantFonts[7 0 R]>>"
                .to_owned(),
        ),
        (
            7,
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/Y/DW 1000/W[1[667 722] 16 16 722]>>"
                .to_owned(),
        ),
        (8, to_unicode),
    ];
    let content = "BT /A 13 Tf 100 700 Td (HI) Tj /B 13 Tf <0001> Tj /A 13 Tf (U) Tj ET \
                   BT /A 13 Tf 1 0 0 1 142.0 700 Tm [(T) -10 (R)] TJ /B 13 Tf <00020010> Tj \
                   /A 13 Tf (NG) Tj ET BT /A 13 Tf 400 700 Td (X) Tj ET";
    let read = content_of(&page_with(content, "", fonts, &objects));
    assert_eq!(texts(&read), ["HIỆU TRƯỞNG", "X"]);
    assert_eq!(read.unreadable, 0);
    let found = read.lines[0].find("HIỆU TRƯỞNG");
    // From 100 points on, upper edge of letters of 13 points over a baseline 700 points up.
    let millimetres = 25.4 / 72.0;
    assert!((found[0].left - 100.0 * millimetres).abs() < 0.01);
    assert!((found[0].top - (100.0 - 13.0 * 0.75) * millimetres).abs() < 0.01);
    // The same page turned: what runs upwards in user space runs across the page as shown.
    let turned = content
        .replace("BT", "q 0 1 -1 0 600 0 cm BT")
        .replace("ET", "ET Q");
    let read = content_of(&page_with(&turned, "/Rotate 90", fonts, &objects));
    assert_eq!(texts(&read), ["HIỆU TRƯỞNG", "X"]);
}

#[test]
fn letters_without_a_meaning_are_counted_and_not_guessed() {
    let objects = [(
        5,
        "<</Type/Font/Subtype/Type0/BaseFont/Y/Encoding/Identity-H>>".to_owned(),
    )];
    let content = "BT /A 13 Tf 100 700 Td <00010002> Tj /None 9 Tf (lost) Tj ET";
    let read = content_of(&page_with(content, "", "/Font<</A 5 0 R>>", &objects));
    assert!(read.lines.is_empty());
    assert_eq!(read.unreadable, 2);
    assert!(!read.is_cut);
}

#[test]
fn forms_that_call_one_another_for_ever_end() {
    let call = "/F Do ".repeat(4);
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</F 5 0 R>>>>";
    let objects = [(5, stream(form, &call))];
    let read = content_of(&page_with(&call, "", "/XObject<</F 5 0 R>>", &objects));
    assert!(read.is_cut);
}

#[test]
fn endless_states_operands_and_broken_tokens_are_borne() {
    let mut content = "q ".repeat(100_000);
    content.push_str(&"1 ".repeat(100_000));
    content.push_str("Tj << /A [ ( ) > ] } { ) \u{7f} 9e9 --5 BI /W 1 ID xEIx EI Q Q");
    content.push_str(&"Q ".repeat(200_000));
    let read = content_of(&page_with(&content, "", "", &[]));
    assert!(read.lines.is_empty());
    assert!(read.images.len() <= 1);
}

#[test]
fn an_image_stands_where_its_matrix_puts_it() {
    let image = "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8\
                 /ColorSpace/DeviceGray";
    let objects = [(5, stream(image, "x"))];
    let content = "q 72 0 0 144 72 72 cm /I Do Q";
    let read = content_of(&page_with(content, "", "/XObject<</I 5 0 R>>", &objects));
    let [area] = read.images.as_slice() else {
        panic!("{:?}", read.images);
    };
    assert!((area.left - 25.4).abs() < 1e-9 && (area.height - 50.8).abs() < 1e-9);
    assert!((area.bottom() - (800.0 - 72.0) / 72.0 * 25.4).abs() < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_content_makes_the_reader_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "q", "Q", "BT", "ET", "/A", "12", "-1e30", "Tf", "Td", "TD", "T*", "Tm", "(a\\", "<41", "[",
        "]", "Tj", "TJ", "'", "\"", "cm", "Do", "/F", "BI", "ID", "EI", "<<", ">>", "1", "0", "99999999999",
        "Tz", "TL", "Tc", "Tw", "Ts", "(A)", "<00ff>", "%", "\n", "null", "true", "R",
    ]), 0..120)) {
        let form = "/Type/XObject/Subtype/Form/BBox[0 0 0 0]/Matrix[0 0 0 0 9 9]";
        let objects = [
            (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned()),
            (6, stream(form, "BT (x) Tj ET")),
        ];
        let resources = "/Font<</A 5 0 R>>/XObject<</F 6 0 R>>";
        let read = content_of(&page_with(&pieces.join(" "), "", resources, &objects));
        prop_assert!(read.lines.len() <= 200_000);
    }
}
