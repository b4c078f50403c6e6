//! Inputs that broke this crate once, made small.

use std::num::NonZeroUsize;

use trien_pdf::appearance::{AppearanceError, EmbeddedFont, FontFace, Image, ImageDefect};
use trien_pdf::{
    ChangeKind, Coverage, Document, FieldValue, History, ObjectId, Placement, signature_fields,
};
use trien_testkit::records::SystemFonts;
use trien_types::Limits;

use crate::maker::{file, seeds, update};

/// Signs with an invisible field and looks for the signature.
fn sign_and_find(bytes: &[u8]) {
    let limits = Limits::default();
    let document = Document::open(bytes, &limits).unwrap();
    let room = NonZeroUsize::new(64).unwrap();
    let prepared = document.place(&Placement::invisible("Moi"), room).unwrap();
    let mut signed = bytes.to_vec();
    signed.extend(prepared.complete(b"\x30\x00").unwrap());
    let again = Document::open(&signed, &limits).unwrap();
    let fields = signature_fields(&again, again.latest()).unwrap();
    let field = fields
        .iter()
        .find(|field| field.full_name == "Moi")
        .unwrap();
    let FieldValue::Signature(signature) = &field.value else {
        panic!("{field:?}")
    };
    let range = signature.byte_range.as_ref().unwrap();
    assert_eq!(Coverage::of(&again, range), Coverage::WholeFile);
}

/// Fuzz target `update_round_trip`: with one octet before the header, from which offsets count,
/// the white space before a section looked like the section itself, and every offset of the
/// signed file was off by one.
#[test]
fn white_space_before_the_header_does_not_shift_the_offsets_of_an_update() {
    for seed in seeds() {
        if !seed.starts_with(b"%PDF-") {
            continue;
        }
        for before in ["%", "\n", " ", "\r\n", "%\n", "\n\n\n"] {
            let shifted = [before.as_bytes(), &seed].concat();
            sign_and_find(&shifted);
        }
    }
}

/// Fuzz target `object`: `-0.` was written as `-0`, read back as the integer 0 and written as
/// `0`, so the same value had two forms.
#[test]
fn a_negative_zero_is_written_as_zero() {
    let bytes = file(&[
        (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
        (2, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned()),
        (
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[-0. 0 9 9]>>".to_owned(),
        ),
    ]);
    let document = Document::open(&bytes, &Limits::default()).unwrap();
    let room = NonZeroUsize::new(64).unwrap();
    let prepared = document.place(&Placement::invisible("Moi"), room).unwrap();
    let appended = String::from_utf8_lossy(prepared.appended()).into_owned();
    assert!(appended.contains("[0 0 9 9]"), "{appended}");
}

/// The second reader: files of the plugtest corpus give 65,536 as the generation of entry 0, and
/// the whole file was refused for a number that no reader uses. In an entry in use it still is.
#[test]
fn a_free_entry_with_a_generation_beyond_the_standard_is_free() {
    let bytes = file(&[
        (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
        (2, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned()),
        (
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_owned(),
        ),
    ]);
    let at = |mark: &[u8]| {
        bytes
            .windows(mark.len())
            .position(|here| here == mark)
            .unwrap()
    };
    let mut beyond = bytes.clone();
    beyond[at(b" 65535 f")..][..8].copy_from_slice(b" 65536 f");
    let document = Document::open(&beyond, &Limits::default()).unwrap();
    let latest = document.latest();
    assert_eq!(document.catalog(latest).unwrap().0, ObjectId::new(1, 0));
    sign_and_find(&beyond);
    let mut in_use = bytes.clone();
    in_use[at(b" 00000 n")..][..8].copy_from_slice(b" 65536 n");
    assert!(Document::open(&in_use, &Limits::default()).is_err());
}

/// Fuzz target `image`: the decoder of PNG expands a palette of 49 octets, or of 257 colours, by
/// slices that are not there.
#[test]
fn a_palette_that_is_no_row_of_colours_is_malformed() {
    for octets in [1, 49, 257 * 3] {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 8, 1);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(vec![7; octets]);
        encoder.set_trns(vec![0, 127]);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[0; 8]).unwrap();
        writer.finish().unwrap();
        let error = Image::parse(&file).unwrap_err();
        let malformed = matches!(
            error,
            AppearanceError::ImageUnusable {
                defect: ImageDefect::Malformed,
                ..
            }
        );
        assert!(malformed, "{octets}: {error:?}");
    }
}

/// Fuzz target `font`: the subsetter adds the offset and the length of a name in sixteen bits.
#[test]
fn a_font_whose_names_lie_behind_its_end_is_refused() {
    let fonts = match SystemFonts::find() {
        Ok(fonts) => fonts,
        Err(error) => {
            eprintln!("SKIPPED: {error}");
            return;
        }
    };
    let mut file = fonts.regular.clone();
    let number = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    // The directory of tables: 12 octets ahead, tag, checksum, offset and length of each.
    let directory = (12..).step_by(16);
    let entry = directory
        .into_iter()
        .find(|at| &file[*at..at + 4] == b"name");
    let table = number(entry.unwrap() + 8);
    let count = usize::from(u16::from_be_bytes([file[table + 2], file[table + 3]]));
    for record in 0..count {
        // Six numbers each; the last two are length and offset.
        let at = table + 6 + record * 12 + 8;
        file[at..at + 4].copy_from_slice(&[0x80, 0, 0xff, 0xff]);
    }
    let face = FontFace::parse(&file, 0).unwrap();
    let error = EmbeddedFont::new(&face, ["Ký"]).unwrap_err();
    assert!(
        matches!(error, AppearanceError::FontUnusable { .. }),
        "{error:?}"
    );
}

/// A form of a text field on page 1, another on no page, and a signature field without extent.
fn form_on_two_pages() -> Vec<u8> {
    let field = |kind, name, corner| {
        format!(
            "<</Type/Annot/Subtype/Widget/FT/{kind}/T({name})/V(9)/Rect[0 0 {corner} {corner}]>>"
        )
    };
    file(&[
        (
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields 8 0 R>>>>".to_owned(),
        ),
        (2, "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>".to_owned()),
        (
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[5 0 R]>>".to_owned(),
        ),
        (
            4,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_owned(),
        ),
        (5, field("Tx", "Diem", 9)),
        (6, field("Tx", "Ghi chu", 9)),
        (
            7,
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Ky)/Rect[0 0 0 0]>>".to_owned(),
        ),
        (8, "[5 0 R 6 0 R 7 0 R]".to_owned()),
    ])
}

fn kinds_after(update_of: &[(u32, String)]) -> Vec<ChangeKind> {
    let mut bytes = form_on_two_pages();
    update(&mut bytes, 9, update_of);
    let document = Document::open(&bytes, &Limits::default()).unwrap();
    let history = History::of_signed(&document);
    let changes = history.of(document.latest()).iter();
    changes.map(|change| change.kind.clone()).collect()
}

/// Fresh eyes: a field that was signed on one page, or on none, was listed on another page too,
/// where its look covered what stands there; every level of permission took it for housekeeping.
#[test]
fn a_field_that_later_shows_on_another_page_is_not_explained() {
    let page = |annotations: &str| {
        let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[{annotations}]>>");
        vec![(4, page)]
    };
    for shown in ["5 0 R", "6 0 R", "7 0 R 6 0 R"] {
        let kinds = kinds_after(&page(shown));
        assert!(
            kinds.contains(&ChangeKind::Unexplained),
            "{shown}: {kinds:?}"
        );
    }
    // One that takes no room shows nothing there.
    let kinds = kinds_after(&page("7 0 R"));
    assert!(!kinds.contains(&ChangeKind::Unexplained), "{kinds:?}");
}

/// Fresh eyes: a list of fields could gain what is no field.
#[test]
fn a_list_of_fields_gains_fields_alone() {
    for gained in ["null", "7", "[5 0 R]", "3 0 R", "<</Contents 3 0 R>>"] {
        let kinds = kinds_after(&[(8, format!("[5 0 R 6 0 R 7 0 R {gained}]"))]);
        assert!(
            kinds.contains(&ChangeKind::Unexplained),
            "{gained}: {kinds:?}"
        );
    }
}
