//! Where a signature goes: fields that wait for it, fields made for it, places on pages.

use trien::{Document, ErrorKind, Limits, SignatureRequest, WhereShown};
use trien_pdf::{FieldValue, PlaceError, SignatureField, signature_fields};
use trien_testkit::judges::{JudgeError, PdfAVerdict, pdf_a_2b};
use trien_testkit::pki::Role;
use trien_testkit::records::{Conformance, SignatureFields};
use trien_testkit::structures::{Structure, write};

use crate::forms::{FIRST, PAGE, Place, Shape, file_with_form, signature_field};
use crate::judges::{Case, Exception, Judge, pyhanko};
use crate::school::{
    SIGNED_AT, SIGNERS, assert_accepted, assert_sound, drawing, empty_page, key, plain_record,
    record, sign, signed_by, trust, verify,
};

fn request(field: &str) -> SignatureRequest {
    SignatureRequest::new(field, SIGNED_AT)
}

fn in_field(field: &str) -> Option<SignatureRequest> {
    Some(request(field).shown(WhereShown::in_field(drawing(120.0, 60.0)?)))
}

fn fields_of(file: &[u8]) -> Vec<SignatureField> {
    let document = Document::open(file, &Limits::default()).unwrap();
    signature_fields(&document, document.latest()).unwrap()
}

/// Why a signature has no place.
fn refusal(file: &[u8], request: SignatureRequest) -> PlaceError {
    let error = sign(file, &mut key(Role::Principal), request).unwrap_err();
    match error.into_kind() {
        ErrorKind::Place(error) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn prepared_fields_are_filled_with_marks() {
    let Some(record) = record(SignatureFields::Prepared, Conformance::Plain) else {
        return;
    };
    let (mut cases, mut exceptions) = (Vec::new(), Vec::new());
    for structure in [Structure::ClassicTable, Structure::ObjectStreams] {
        let mut file = write(&record.document, structure);
        let before = fields_of(&file).len();
        assert_eq!(before, SIGNERS.len());
        for role in SIGNERS {
            let Some(request) = in_field(role.label()) else {
                return;
            };
            file = sign(&file, &mut key(role), request).unwrap();
        }
        let fields = fields_of(&file);
        assert_eq!(fields.len(), before, "no field was added");
        for field in &fields {
            assert!(matches!(field.value, FieldValue::Signature(_)));
            assert!(field.dictionary.get("AP").is_some());
        }
        let labels = SIGNERS.map(Role::label);
        let name = format!("prepared fields in {structure:?}");
        assert_sound(&file, &labels, &name);
        assert!(verify(&file).document.empty_fields.is_empty());
        exceptions.push(Exception::new(
            &name,
            Judge::Dss,
            "DSS has no rule for /BBox and /Filter of an appearance that takes the place of the \
             empty one a field waits with, and warns of undefined modifications",
        ));
        cases.push(Case::new(name, file, &labels));
    }
    assert_accepted(&cases, &exceptions);
}

#[test]
fn forms_of_every_shape_take_a_new_field_and_fill_an_old_one() {
    let both = [Place::Direct, Place::Indirect];
    let mut cases = Vec::new();
    for form in both {
        for fields in both {
            for annotations in [Place::Absent, Place::Direct, Place::Indirect] {
                let shape = Shape {
                    form,
                    fields,
                    annotations,
                };
                let waiting = signature_field("HieuTruong", "");
                let file = file_with_form(&[&waiting], &[FIRST], &[FIRST], shape);
                let file = signed_by(&file, Role::HomeroomTeacher);
                let file = signed_by(&file, Role::Principal);
                let fields = ["GiaoVienChuNhiem", "HieuTruong"];
                let name = format!("{shape:?}");
                assert_sound(&file, &fields, &name);
                cases.push(Case::new(name, file, &fields));
            }
        }
    }
    assert_accepted(&cases, &[]);
}

#[test]
fn a_form_without_fields_or_an_empty_one_takes_the_first_field() {
    let mut cases = Vec::new();
    for (form, fields) in [
        (Place::Absent, Place::Absent),
        (Place::Direct, Place::Absent),
        (Place::Indirect, Place::Direct),
    ] {
        let shape = Shape {
            form,
            fields,
            annotations: Place::Absent,
        };
        let file = signed_by(&file_with_form(&[], &[], &[], shape), Role::SchoolSeal);
        let name = format!("{shape:?}");
        assert_sound(&file, &["ConDau"], &name);
        cases.push(Case::new(name, file, &["ConDau"]));
    }
    assert_accepted(&cases, &[]);
}

/// Signs these fields in turn, each with a mark.
fn filled(file: Vec<u8>, names: &[&str]) -> Option<Vec<u8>> {
    let mut signed = file;
    for (name, role) in names.iter().zip([Role::Principal, Role::SchoolSeal]) {
        signed = sign(&signed, &mut key(role), in_field(name)?).unwrap();
    }
    assert_sound(&signed, names, "a tree of fields");
    Some(signed)
}

#[test]
fn fields_in_a_tree_are_filled_by_their_full_names() {
    let class = "<< /T (Lop 6A) /Kids [ 5 0 R 6 0 R ] >>";
    let principal = signature_field("HieuTruong", "/Parent 4 0 R");
    let seal = signature_field("ConDau", "/Parent 4 0 R");
    let objects = [class, &principal, &seal];
    let file = file_with_form(&objects, &[FIRST], &[5, 6], Shape::ORDINARY);
    let names = ["Lop 6A.HieuTruong", "Lop 6A.ConDau"];
    let Some(signed) = filled(file, &names) else {
        return;
    };
    assert_accepted(&[Case::new("tree", signed.clone(), &names)], &[]);
    let error = refusal(&signed, request(names[0]));
    assert!(matches!(error, PlaceError::FieldFilled { .. }), "{error:?}");
    // A branch is no field, and a name with a full stop makes no new one.
    let error = refusal(&signed, request("Lop 6A"));
    assert!(matches!(error, PlaceError::FieldOfOtherType { .. }));
    let error = refusal(&signed, request("Lop 6A.GiaoVien"));
    assert!(matches!(error, PlaceError::FieldNameInvalid { .. }));
}

#[test]
fn a_field_with_a_widget_of_its_own_is_filled() {
    let principal = signature_field("HieuTruong", "");
    let seal = "<< /T (ConDau) /Kids [ 6 0 R ] /FT /Sig >>";
    let widget = format!(
        "<< /Type /Annot /Subtype /Widget /Parent 5 0 R /F 4 /P {PAGE} 0 R \
         /Rect [ 100 100 220 160 ] >>"
    );
    let objects = [principal.as_str(), seal, &widget];
    let file = file_with_form(&objects, &[FIRST, 5], &[FIRST, 6], Shape::ORDINARY);
    let names = ["HieuTruong", "ConDau"];
    let Some(signed) = filled(file, &names) else {
        return;
    };
    let except = |judge, reason| Exception::new("apart", judge, reason);
    let exceptions = [
        except(
            Judge::Dss,
            "DSS leaves the marks of later signatures out of its comparison of pages only where \
             the widget is merged with its field",
        ),
        except(Judge::MuPdf, "mupdf looks for /V in the widget alone"),
        except(Judge::Poppler, "poppler looks for /V in the widget alone"),
        except(
            Judge::PyHanko,
            "pyHanko explains a new appearance only of a widget merged with its field",
        ),
    ];
    assert_accepted(&[Case::new("apart", signed, &names)], &exceptions);
}

#[test]
fn a_filled_field_is_not_filled_again() {
    let signed = signed_by(
        &write(&empty_page(), Structure::ClassicTable),
        Role::Principal,
    );
    let error = refusal(&signed, request("HieuTruong"));
    assert!(matches!(error, PlaceError::FieldFilled { .. }), "{error:?}");
    assert!(error.to_string().contains("HieuTruong"));
}

#[test]
fn a_field_of_another_type_is_left_alone() {
    let text = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (HieuTruong) /V (x) /F 4 /P {PAGE} 0 R \
         /Rect [ 300 100 420 160 ] >>"
    );
    let file = file_with_form(&[&text], &[FIRST], &[FIRST], Shape::ORDINARY);
    let error = refusal(&file, request("HieuTruong"));
    assert!(
        matches!(error, PlaceError::FieldOfOtherType { .. }),
        "{error:?}"
    );
    let other = signed_by(&file, Role::SchoolSeal);
    assert_sound(&other, &["ConDau"], "beside a text field");
}

#[test]
fn names_and_places_that_cannot_be_are_refused() {
    let file = write(&empty_page(), Structure::ClassicTable);
    for name in ["", "a.b", "."] {
        let error = refusal(&file, request(name));
        assert!(
            matches!(error, PlaceError::FieldNameInvalid { .. }),
            "{name:?}: {error:?}"
        );
    }
    let Some(drawing) = drawing(120.0, 60.0) else {
        return;
    };
    let nowhere = request("X").shown(WhereShown::in_field(drawing.clone()));
    let error = refusal(&file, nowhere);
    assert!(matches!(error, PlaceError::NoSuchField { .. }), "{error:?}");
    let second_page = WhereShown::on_page(1, (10.0, 10.0), drawing.clone());
    let error = refusal(&file, request("X").shown(second_page));
    assert!(
        matches!(error, PlaceError::NoSuchPage { page: 1 }),
        "{error:?}"
    );
    assert!(error.to_string().contains("page 2"), "{error}");
    for corner in [(f32::NAN, 0.0), (0.0, f32::INFINITY)] {
        let place = WhereShown::on_page(0, corner, drawing.clone());
        let error = refusal(&file, request("X").shown(place));
        assert!(matches!(error, PlaceError::PlaceInvalid), "{error:?}");
    }
}

#[test]
fn a_vietnamese_field_name_goes_there_and_back() {
    let file = write(&empty_page(), Structure::XrefStream);
    let name = "Giáo viên chủ nhiệm (lớp 6A)";
    let signed = sign(&file, &mut key(Role::HomeroomTeacher), request(name)).unwrap();
    assert_sound(&signed, &[name], "Vietnamese");
    // Poppler prints field names in its own encoding of them: pyHanko alone compares the name.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &signed).unwrap();
    match pyhanko(trust(), &[path]) {
        None => println!("SKIPPED: pyHanko is not installed"),
        Some(answers) => assert_eq!(answers[0]["signatures"][0]["field"], name),
    }
}

#[test]
fn a_locked_field_declares_its_lock() {
    let text = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (GhiChu) /V (x) /F 4 /P {PAGE} 0 R \
         /Rect [ 10 10 20 20 ] >>"
    );
    let mut cases = Vec::new();
    for (name, lock) in [
        ("lock of one field", "/Action /Include /Fields [ (GhiChu) ]"),
        (
            "lock of all but one",
            "/Action /Exclude /Fields [ (ConDau) ]",
        ),
    ] {
        let entries = format!("/Lock << /Type /SigFieldLock {lock} >>");
        let locked = signature_field("HieuTruong", &entries);
        let waiting = signature_field("ConDau", "");
        let objects = [locked.as_str(), &text, &waiting];
        let numbers = [FIRST, FIRST + 1, FIRST + 2];
        let file = file_with_form(&objects, &numbers, &numbers, Shape::ORDINARY);
        let signed = signed_by(&file, Role::Principal);
        let update = String::from_utf8_lossy(&signed[file.len()..]).into_owned();
        assert!(update.contains("/TransformMethod /FieldMDP"), "{update}");
        let sealed = signed_by(&signed, Role::SchoolSeal);
        assert_sound(&sealed, &["HieuTruong", "ConDau"], name);
        cases.push(Case::new(name, sealed, &["HieuTruong", "ConDau"]));
    }
    assert_accepted(&cases, &[]);
}

#[test]
fn a_mark_stands_on_the_page_that_was_named() {
    let (Some(record), Some(drawing)) =
        (plain_record(Structure::ClassicTable), drawing(120.5, 60.25))
    else {
        return;
    };
    for page in [0, 1] {
        let shown = WhereShown::on_page(page, (30.0, 40.125), drawing.clone());
        let request = request("ConDau").shown(shown);
        let signed = sign(&record, &mut key(Role::SchoolSeal), request).unwrap();
        let fields = fields_of(&signed);
        let widget = &fields[0].widgets[0];
        // Rounded to hundredths of a point.
        assert_eq!(widget.rectangle, Some([30.0, 40.13, 150.5, 100.38]));
        let document = Document::open(&signed, &Limits::default()).unwrap();
        let named = document
            .object(widget.page.unwrap(), document.latest())
            .unwrap();
        let listed =
            format!("{:?}", named.object).contains(&format!("{:?}", widget.object.unwrap()));
        assert!(listed, "page {page} lists its widget");
        assert_sound(&signed, &["ConDau"], "on a page");
    }
}

/// `None`, said aloud, without veraPDF.
fn conforms(file: &[u8]) -> Option<PdfAVerdict> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.pdf");
    std::fs::write(&path, file).unwrap();
    match pdf_a_2b(&path) {
        Err(missing @ JudgeError::Missing { .. }) => {
            println!("SKIPPED: {missing}");
            None
        }
        verdict => Some(verdict.unwrap()),
    }
}

#[test]
fn an_archived_record_stays_pdf_a_with_and_without_marks() {
    let Some(record) = record(SignatureFields::Prepared, Conformance::PdfA2b) else {
        return;
    };
    let Some(drawing) = drawing(120.0, 60.0) else {
        return;
    };
    let unsigned = write(&record.document, Structure::ClassicTable);
    let invisible = request("ToTruong");
    let file = sign(&unsigned, &mut key(Role::HeadOfGroup), invisible).unwrap();
    let on_page = WhereShown::on_page(1, (30.0, 30.0), drawing);
    let on_page = request("GiaoVienBoMon").shown(on_page);
    let file = sign(&file, &mut key(Role::SubjectTeacher), on_page).unwrap();
    let Some(in_field) = in_field("ConDau") else {
        return;
    };
    let file = sign(&file, &mut key(Role::SchoolSeal), in_field).unwrap();
    assert_sound(&file, &["ToTruong", "GiaoVienBoMon", "ConDau"], "PDF/A");
    if let Some(verdict) = conforms(&file) {
        assert_eq!(verdict, PdfAVerdict::Conforms);
    }
}

#[test]
fn fe7b_2_a_seal_that_nobody_can_see_has_no_place() {
    let look = |content: &str| {
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [ 0 0 120 60 ] /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        )
    };
    let field = |flags: u32, left: u32, entries: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (ConDau) /F {flags} /P {PAGE} 0 R \
             /Rect [ {left} 100 {} 160 ] {entries} >>",
            left + 120
        )
    };
    let shown = format!("/AP << /N {} 0 R >>", FIRST + 1);
    for (name, field, content, is_seen) in [
        ("drawn", field(4, 100, &shown), "0 0 9 9 re f", true),
        ("hidden", field(4 | 2, 100, &shown), "0 0 9 9 re f", false),
        (
            "not viewed",
            field(4 | 32, 100, &shown),
            "0 0 9 9 re f",
            false,
        ),
        (
            "beside the page",
            field(4, 7_000, &shown),
            "0 0 9 9 re f",
            false,
        ),
        (
            "nothing drawn",
            field(4, 100, &shown),
            "% DSBlank\nq Q",
            false,
        ),
        ("no look", field(4, 100, ""), "", false),
    ] {
        let objects = [field.as_str(), &look(content)];
        let file = file_with_form(&objects, &[FIRST], &[FIRST], Shape::ORDINARY);
        let sealed = signed_by(&file, Role::SchoolSeal);
        let report = verify(&sealed);
        let facts = &report.signatures[0].facts;
        assert_eq!(facts.placed.is_some(), is_seen, "{name}: {facts:?}");
    }
    // A person's signature signs whether it is seen or not.
    let field = field(4, 100, "").replace("ConDau", Role::Principal.label());
    let file = file_with_form(&[&field], &[FIRST], &[FIRST], Shape::ORDINARY);
    let signed = signed_by(&file, Role::Principal);
    assert!(verify(&signed).signatures[0].facts.placed.is_some());
}
