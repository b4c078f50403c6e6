//! Marks on the page: where the rules put them, what they refuse, and what others say of the
//! files. What they look like is measured in `marks_measured`.

use std::sync::OnceLock;

use trien::mark::{
    CopyKind, Headings, InkFault, InkRule, MarkError, Marks, Occurrence, Place, PlacedMark,
    SealImage, SerifFont, SignatureImage, TextMark,
};
use trien::{Document, DocumentConclusion, Limits, PlaceError, SignatureRequest};
use trien_testkit::judges::{JudgeError, PdfAVerdict, pdf_a_2b};
use trien_testkit::pki::Role;
use trien_testkit::records::{
    Conformance, PageShape, Picture, SignatureFields, official_letter, scanned_pages,
};
use trien_testkit::structures::{Structure, write};

use crate::judges::{Case, Exception, Judge};
use crate::school::{
    SIGNED_AT, assert_accepted, assert_sound, key, record, sign, signed_by, unless_fontless, verify,
};
use crate::updates::with_update;

pub(crate) const TITLE: &str = "HIỆU TRƯỞNG";
pub(crate) const SCHOOL: &str = "Trường THCS Thử Nghiệm";

/// In millimetres.
pub(crate) const DIAMETER: f64 = 36.0;

/// `None`, said aloud, without the font.
pub(crate) fn font() -> Option<SerifFont> {
    match SerifFont::find() {
        Err(MarkError::FontMissing) => {
            println!("SKIPPED: {}", MarkError::FontMissing);
            None
        }
        font => Some(font.unwrap()),
    }
}

pub(crate) fn letter(shape: PageShape, pages: u16) -> Option<Vec<u8>> {
    let letter = unless_fontless(official_letter(shape, pages, Conformance::PdfA2b))?;
    Some(write(&letter, Structure::ClassicTable))
}

pub(crate) fn signature() -> SignatureImage {
    static PNG: OnceLock<Vec<u8>> = OnceLock::new();
    let png = PNG.get_or_init(|| Picture::handwriting(11, 160).to_png().unwrap());
    SignatureImage::parse(png, 45.0, InkRule::AsTheDecreeSays).unwrap()
}

pub(crate) fn seal(diameter: f64) -> SealImage {
    static PNG: OnceLock<Vec<u8>> = OnceLock::new();
    let png = PNG.get_or_init(|| Picture::lettered_seal(420).unwrap().to_png().unwrap());
    SealImage::parse(png, diameter, InkRule::AsTheDecreeSays).unwrap()
}

pub(crate) fn below(page: usize) -> Place {
    Place::Below {
        page,
        title: TITLE.to_owned(),
        occurrence: Occurrence::Only,
    }
}

pub(crate) fn over(field: &str) -> Place {
    Place::OverSignature {
        field: field.to_owned(),
    }
}

pub(crate) fn copy() -> TextMark {
    TextMark::copy(CopyKind::SaoY, Some("05/SY-THCS"), SCHOOL, SIGNED_AT)
}

/// Signed by a role in the field of its label, with the marks that `place` puts.
pub(crate) fn marked(
    file: &[u8],
    role: Role,
    field: &str,
    place: impl FnOnce(&mut Marks<'_, '_>) -> Result<PlacedMark, MarkError>,
) -> Option<(Vec<u8>, PlacedMark)> {
    let document = Document::open(file, &Limits::default()).unwrap();
    let mut marks = Marks::on(&document, font()?);
    let placed = place(&mut marks).unwrap();
    let request = SignatureRequest::new(field, SIGNED_AT).shown(marks.shown().unwrap());
    Some((sign(file, &mut key(role), request).unwrap(), placed))
}

/// The principal's signature, the seal over it, the mark of a copy.
pub(crate) fn signed_sealed_copied(file: &[u8]) -> Option<(Vec<u8>, [PlacedMark; 3])> {
    let (file, one) = marked(file, Role::Principal, "HieuTruong", |marks| {
        marks.signature(&signature(), &below(0))
    })?;
    let (file, two) = marked(&file, Role::SchoolSeal, "ConDau", |marks| {
        marks.seal(&seal(DIAMETER), &over("HieuTruong"))
    })?;
    let (file, three) = marked(&file, Role::SchoolSeal, "SaoY", |marks| {
        marks.text(&copy(), &Place::UpperRight { page: 0 })
    })?;
    Some((file, [one, two, three]))
}

fn refused(file: &[u8], place: impl FnOnce(&mut Marks<'_, '_>) -> Option<MarkError>) -> MarkError {
    let document = Document::open(file, &Limits::default()).unwrap();
    let mut marks = Marks::on(&document, font().unwrap());
    place(&mut marks).unwrap()
}

fn assert_archivable(file: &[u8], what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.pdf");
    std::fs::write(&path, file).unwrap();
    match pdf_a_2b(&path) {
        Err(missing @ JudgeError::Missing { .. }) => println!("SKIPPED: {missing}"),
        verdict => assert_eq!(verdict.unwrap(), PdfAVerdict::Conforms, "{what}"),
    }
}

#[test]
fn marks_of_all_kinds_stay_sound_for_us_and_for_every_judge() {
    let (Some(empty), Some(_)) = (letter(PageShape::A4, 1), font()) else {
        return;
    };
    let turned = letter(
        PageShape::A4.rotated(270).cropped(20.0).moved((-50.0, 9.0)),
        1,
    )
    .unwrap();
    let mut cases = Vec::new();
    for (name, file) in [("plain", &empty), ("turned and cropped", &turned)] {
        let (file, _) = signed_sealed_copied(file).unwrap();
        let fields = ["HieuTruong", "ConDau", "SaoY"];
        assert_sound(&file, &fields, name);
        assert_archivable(&file, name);
        cases.push(Case::new(name, file, &fields));
    }
    let text = TextMark::information("Phạm Đức Thắng", Some(SCHOOL), None, SIGNED_AT)
        .with_qr("https://tracuu.example.edu.vn/12", 22.0)
        .unwrap();
    let place = Place::At {
        page: 0,
        left: 30.0,
        top: 200.0,
    };
    let (file, _) = marked(&empty, Role::Principal, "HieuTruong", |marks| {
        marks.text(&text, &place)
    })
    .unwrap();
    assert_sound(&file, &["HieuTruong"], "information");
    assert_archivable(&file, "information with a QR code");
    cases.push(Case::new("information", file, &["HieuTruong"]));
    assert_accepted(&cases, &[]);
}

#[test]
fn one_signature_marks_every_page_and_a_countersignature_finds_it_permitted() {
    let (Some(empty), Some(_)) = (letter(PageShape::A4, 7), font()) else {
        return;
    };
    let (file, _) = marked(&empty, Role::Principal, "HieuTruong", |marks| {
        marks.signature(&signature(), &below(6))
    })
    .unwrap();
    let mut count = 0;
    let (sealed, _) = marked(&file, Role::SchoolSeal, "ConDau", |marks| {
        let placed = marks.seal(&seal(DIAMETER), &over("HieuTruong"))?;
        let across = marks.seal_across_pages(&seal(DIAMETER), 100.0)?;
        count = across.len();
        // Seven pages are four and three: a quarter and a third of the seal.
        let width = |index: usize| across[index].area.width;
        assert!((width(0) - DIAMETER / 4.0).abs() < 1e-9);
        assert!((width(6) - DIAMETER / 3.0).abs() < 1e-9);
        Ok(placed)
    })
    .unwrap();
    assert_eq!(count, 7);
    let document = Document::open(&sealed, &Limits::default()).unwrap();
    let fields = trien_pdf::signature_fields(&document, document.latest()).unwrap();
    let widgets = fields.iter().map(|field| field.widgets.len());
    assert_eq!(widgets.collect::<Vec<_>>(), [1, 8]);
    // The picture is in the file once.
    let seal_file = sealed.len() - file.len();
    let (alone, _) = marked(&file, Role::SchoolSeal, "ConDau", |marks| {
        marks.seal(&seal(DIAMETER), &over("HieuTruong"))
    })
    .unwrap();
    assert!(seal_file < (alone.len() - file.len()) * 2, "{seal_file}");
    assert_sound(&sealed, &["HieuTruong", "ConDau"], "across pages");
    assert_archivable(&sealed, "across pages");
    let witnessed = signed_by(&sealed, Role::HeadOfGroup);
    let names = ["HieuTruong", "ConDau", Role::HeadOfGroup.label()];
    assert_sound(
        &witnessed,
        &names,
        "a countersignature after widgets on every page",
    );
    let cases = [
        Case::new("across pages", sealed, &names[..2]),
        Case::new("countersigned", witnessed, &names),
    ];
    let listed = |case: &str, judge| {
        let reason = "lists every widget as a signature of its own, each of them valid";
        Exception::new(case, judge, reason)
    };
    let exceptions: Vec<Exception> = ["across pages", "countersigned"]
        .into_iter()
        .flat_map(|case| [listed(case, Judge::MuPdf), listed(case, Judge::Poppler)])
        .collect();
    assert_each_widget_is_valid(&cases[0].file, 9);
    assert_accepted(&cases, &exceptions);
}

/// What the exceptions say: nothing but valid signatures, one for each widget.
fn assert_each_widget_is_valid(file: &[u8], widgets: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("marked.pdf");
    std::fs::write(&path, file).unwrap();
    for (program, arguments, listed, broken) in [
        ("pdfsig", "-nocert", "Signature is Valid.", "not signed"),
        ("mutool", "sign", "signing.", "Digest error"),
    ] {
        let mut command = std::process::Command::new(program);
        command.arg(arguments);
        if program == "mutool" {
            command.arg("-v");
        }
        let Ok(output) = command.arg(&path).output() else {
            println!("SKIPPED: {program} is not installed");
            continue;
        };
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(said.matches(listed).count(), widgets, "{said}");
        assert!(!said.contains(broken), "{said}");
    }
}

#[test]
fn fields_that_wait_are_filled_with_true_sizes_or_refused() {
    let (Some(record), Some(_)) = (
        record(SignatureFields::Prepared, Conformance::PdfA2b),
        font(),
    ) else {
        return;
    };
    let file = write(&record.document, Structure::ClassicTable);
    let place = |field: &str| Place::Field {
        field: field.to_owned(),
    };
    let error = refused(&file, |marks| {
        marks.seal(&seal(DIAMETER + 1.0), &place("ConDau")).err()
    });
    assert!(
        matches!(&error, MarkError::FieldTooSmall { found, .. } if found.0 < DIAMETER + 0.1),
        "{error}"
    );
    let error = refused(&file, |marks| marks.text(&copy(), &place("ConDau")).err());
    assert!(matches!(error, MarkError::FieldTooSmall { .. }), "{error}");
    let error = refused(&file, |marks| {
        marks.seal(&seal(30.0), &place("KhongCo")).err()
    });
    assert!(matches!(error, MarkError::FieldMissing { .. }), "{error}");
    let (signed, placed) = marked(&file, Role::Principal, "HieuTruong", |marks| {
        marks.signature(&signature(), &place("HieuTruong"))
    })
    .unwrap();
    assert_eq!(placed.page, 1);
    let error = refused(&signed, |marks| {
        marks.signature(&signature(), &place("HieuTruong")).err()
    });
    assert!(
        matches!(error, MarkError::Place(PlaceError::FieldFilled { .. })),
        "{error}"
    );
    // The seal goes by the picture in the field, not by the field's larger rectangle.
    let document = Document::open(&signed, &Limits::default()).unwrap();
    let mut marks = Marks::on(&document, font().unwrap());
    let over = marks.seal(&seal(30.0), &over("HieuTruong")).unwrap();
    let covered = over.area.right() - placed.area.left;
    assert!((covered - placed.area.width / 3.0).abs() < 0.1, "{covered}");
    let (sealed, _) = marked(&signed, Role::SchoolSeal, "ConDau", |marks| {
        marks.seal(&seal(35.9), &place("ConDau"))
    })
    .unwrap();
    assert_sound(&sealed, &["HieuTruong", "ConDau"], "in fields");
    assert_archivable(&sealed, "in fields");
    let case = Case::new("fields", sealed, &["HieuTruong", "ConDau"]);
    let except = |judge, reason| Exception::new("fields", judge, reason);
    let exceptions = [
        except(
            Judge::Dss,
            "DSS has no rule for an appearance that takes the place of the empty one a field \
             waits with",
        ),
        except(Judge::MuPdf, "mutool lists the field that still waits"),
    ];
    assert_accepted(&[case], &exceptions);
}

#[test]
fn the_national_heading_stays_clear_unless_told() {
    let (Some(file), Some(_)) = (letter(PageShape::A4, 1), font()) else {
        return;
    };
    let place = Place::At {
        page: 0,
        left: 120.0,
        top: 15.0,
    };
    let error = refused(&file, |marks| marks.seal(&seal(DIAMETER), &place).err());
    assert!(
        matches!(error, MarkError::HeadingCovered { page: 0 }),
        "{error}"
    );
    let document = Document::open(&file, &Limits::default()).unwrap();
    let mut marks = Marks::on(&document, font().unwrap()).with_headings(Headings::MayBeCovered);
    marks.seal(&seal(DIAMETER), &place).unwrap();
    // Beside it there is nothing to cover.
    let left = Place::At {
        page: 0,
        left: 30.0,
        top: 15.0,
    };
    let mut marks = Marks::on(&document, font().unwrap());
    marks.seal(&seal(DIAMETER), &left).unwrap();
}

#[test]
fn a_scan_keeps_the_place_of_its_heading_clear() {
    if font().is_none() || unless_fontless(Picture::lettered_seal(120)).is_none() {
        return;
    }
    let file = write(&scanned_pages(1), Structure::ClassicTable);
    let at = |left, top| Place::At { page: 0, left, top };
    let error = refused(&file, |marks| {
        marks.seal(&seal(DIAMETER), &at(140.0, 10.0)).err()
    });
    assert!(matches!(error, MarkError::HeadingCovered { .. }), "{error}");
    let document = Document::open(&file, &Limits::default()).unwrap();
    let mut marks = Marks::on(&document, font().unwrap());
    marks.seal(&seal(DIAMETER), &at(140.0, 200.0)).unwrap();
    // The mark of a copy stays above it.
    let mut marks = Marks::on(&document, font().unwrap());
    marks.text(&copy(), &Place::UpperRight { page: 0 }).unwrap();
}

/// A reader that looks for the value in the widget would show another signature there.
#[test]
fn a_widget_that_is_given_another_signature_later_is_forbidden() {
    let (Some(empty), Some(_)) = (letter(PageShape::A4, 2), font()) else {
        return;
    };
    let signed = signed_by(&empty, Role::Principal);
    let (sealed, _) = marked(&signed, Role::SchoolSeal, "ConDau", |marks| {
        let mut placed = marks.seal_across_pages(&seal(DIAMETER), 100.0)?;
        Ok(placed.remove(0))
    })
    .unwrap();
    assert_sound(&sealed, &[Role::Principal.label(), "ConDau"], "as signed");
    let document = Document::open(&sealed, &Limits::default()).unwrap();
    let fields = trien_pdf::signature_fields(&document, document.latest()).unwrap();
    let id = fields[1].widgets[0].object.unwrap();
    let start = sealed
        .windows(12)
        .rposition(|window| window.starts_with(format!("{} 0 obj", id.number).as_bytes()))
        .unwrap();
    let body = &sealed[start..];
    let body = &body[body.iter().position(|octet| *octet == b'\n').unwrap() + 1..];
    let end = body
        .windows(6)
        .position(|window| window == b"endobj")
        .unwrap();
    let body = String::from_utf8(body[..end].to_vec()).unwrap();
    let own = format!("/V {} 0 R", sealed_value(&fields[1]));
    assert!(body.contains(&own), "{body}");
    let other = format!("/V {} 0 R", sealed_value(&fields[0]));
    let forged = with_update(&sealed, &[(id.number, &body.replace(&own, &other))]);
    let report = verify(&forged);
    assert_eq!(report.conclusion, DocumentConclusion::Invalid, "{report:?}");
}

fn sealed_value(field: &trien_pdf::SignatureField) -> u32 {
    let value = field
        .dictionary
        .get("V")
        .and_then(trien_pdf::Object::as_reference);
    value.unwrap().number
}

#[test]
fn places_that_break_a_rule_are_refused_with_what_is_wrong() {
    let (Some(file), Some(_)) = (letter(PageShape::A5, 1), font()) else {
        return;
    };
    let at = |left, top| Place::At { page: 0, left, top };
    for place in [
        at(-1.0, 60.0),
        at(120.0, 60.0),
        at(30.0, 190.0),
        at(f64::NAN, 0.0),
    ] {
        let error = refused(&file, |marks| marks.seal(&seal(DIAMETER), &place).err());
        assert!(
            matches!(error, MarkError::OffPage { page: 0, .. }),
            "{error}"
        );
    }
    let titled = |title: &str| Place::Below {
        page: 0,
        title: title.to_owned(),
        occurrence: Occurrence::Only,
    };
    let error = refused(&file, |marks| {
        marks.signature(&signature(), &titled("KẾ TOÁN")).err()
    });
    assert!(
        matches!(error, MarkError::TitleMissing { unreadable: 0, .. }),
        "{error}"
    );
    let error = refused(&file, |marks| {
        marks.signature(&signature(), &titled("THỬ NGHIỆM")).err()
    });
    assert!(
        matches!(error, MarkError::TitleAmbiguous { count: 2, .. }),
        "{error}"
    );
    // A cell of a table, with rows close under it.
    let report = record(SignatureFields::Absent, Conformance::Plain).unwrap();
    let report = write(&report.document, Structure::ClassicTable);
    let cell = Place::Below {
        page: 1,
        title: "Môn học".to_owned(),
        occurrence: Occurrence::Only,
    };
    let error = refused(&report, |marks| marks.signature(&signature(), &cell).err());
    assert!(matches!(error, MarkError::NoRoom { .. }), "{error}");
    let error = refused(&file, |marks| {
        marks.seal(&seal(DIAMETER), &over("HieuTruong")).err()
    });
    assert!(matches!(error, MarkError::FieldMissing { .. }), "{error}");
    let invisible = signed_by(&file, Role::Principal);
    let error = refused(&invisible, |marks| {
        marks
            .seal(&seal(DIAMETER), &over(Role::Principal.label()))
            .err()
    });
    assert!(matches!(error, MarkError::FieldInvisible { .. }), "{error}");
    let error = refused(&file, |marks| {
        marks.seal_across_pages(&seal(DIAMETER), 100.0).err()
    });
    assert!(
        matches!(error, MarkError::PageCount { pages: 1 }),
        "{error}"
    );
    let error = refused(&file, |marks| {
        marks.text(&copy(), &Place::UpperRight { page: 1 }).err()
    });
    assert!(
        matches!(error, MarkError::Place(PlaceError::NoSuchPage { page: 1 })),
        "{error}"
    );
    let document = Document::open(&file, &Limits::default()).unwrap();
    let nothing = Marks::on(&document, font().unwrap()).shown();
    assert!(matches!(nothing, Err(MarkError::Empty)));
    assert!(!verify(&invisible).signatures.is_empty());
}

#[test]
fn pictures_that_are_not_what_the_decree_wants_are_refused() {
    if unless_fontless(Picture::lettered_seal(120)).is_none() {
        return;
    }
    let red = Picture::lettered_seal(120).unwrap().to_png().unwrap();
    let blue = Picture::handwriting(3, 80).to_png().unwrap();
    let photograph = Picture::portrait(1, 60, 80).to_png().unwrap();
    let rule = InkRule::AsTheDecreeSays;
    let fault = |error: MarkError| match error {
        MarkError::Ink(fault) => fault,
        other => panic!("{other:?}"),
    };
    let of_signature = |png: &[u8]| fault(SignatureImage::parse(png, 45.0, rule).unwrap_err());
    let of_seal = |png: &[u8]| fault(SealImage::parse(png, DIAMETER, rule).unwrap_err());
    assert_eq!(of_signature(&red), InkFault::NotBlue);
    assert_eq!(of_seal(&blue), InkFault::NotRed);
    assert_eq!(of_signature(&photograph), InkFault::Opaque);
    assert_eq!(of_seal(&photograph), InkFault::Opaque);
    SignatureImage::parse(&photograph, 45.0, InkRule::AsItIs).unwrap();
    for diameter in [0.0, -36.0, 9.9, 60.1, f64::NAN, f64::INFINITY] {
        let error = SealImage::parse(&red, diameter, rule).unwrap_err();
        assert!(matches!(error, MarkError::MeasureInvalid { .. }), "{error}");
    }
    let text = copy();
    assert!(matches!(
        text.clone().with_qr(&"x".repeat(400), 22.0),
        Err(MarkError::QrTooLong)
    ));
    assert!(matches!(
        text.with_qr("x", 10.0),
        Err(MarkError::MeasureInvalid { .. })
    ));
}
