//! Stored stages that another hand altered consistently: the text fits together, its digest and
//! attributes are those of the altered octets, and a key would sign it.

use serde_json::{Value, json};
use trien::{
    Document, ErrorKind, Limits, Prepared, ResumeError, SignatureRequest, SignatureScheme,
    SigningKey as _, WhereShown, propose,
};
use trien_cms::{SignedAttributes, attribute};
use trien_testkit::pki::Role;
use trien_testkit::records::{Conformance, SignatureFields};
use trien_testkit::structures::{Structure, write};
use trien_types::{decode_hex, encode_hex};
use trien_x509::asn1::octet_string;
use trien_x509::const_oid::ObjectIdentifier as Oid;
use trien_x509::{Certificate, Digester};

use crate::school::{SIGNED_AT, assert_sound, drawing, empty_page, key, record, signed_by};

fn request() -> SignatureRequest {
    SignatureRequest::new("HieuTruong", SIGNED_AT).with_reason("Ký duyệt")
}

fn scheme() -> SignatureScheme {
    key(Role::Principal).schemes()[0]
}

fn stored(original: &[u8], request: SignatureRequest) -> Value {
    let document = Document::open(original, &Limits::default()).unwrap();
    let path = key(Role::Principal).certificate_path().to_vec();
    let permitted = propose(&document, &path[0], request).unwrap();
    let stage = permitted.prepare(&path, scheme()).unwrap();
    serde_json::from_str(&stage.to_json()).unwrap()
}

fn page() -> Vec<u8> {
    write(&empty_page(), Structure::ClassicTable)
}

fn appended(stage: &Value) -> Vec<u8> {
    decode_hex(stage["appended"].as_str().unwrap()).unwrap()
}

/// `stage` with another update, and gap, digest and attributes made to fit it.
fn refitted(original: &[u8], stage: &Value, appended: &[u8]) -> String {
    let whole = [original, appended].concat();
    // The gap is the only long run of zeros.
    let zeros = [b'0'; 256];
    let start = original.len()
        + appended
            .windows(zeros.len())
            .position(|window| window == zeros)
            .unwrap()
        - 1;
    let end = start + whole[start..].iter().position(|o| *o == b'>').unwrap() + 1;
    let signed = [&whole[..start], &whole[end..]].concat();
    let digest = Digester::digest(scheme().digest_algorithm(), &signed).unwrap();
    let signer = Certificate::from_der(key(Role::Principal).certificate_path()[0].as_slice());
    let attributes = SignedAttributes::for_pades(&digest, &signer.unwrap(), scheme(), &[]).unwrap();
    let mut stage = stage.clone();
    stage["original_octets"] = json!(original.len());
    stage["appended"] = json!(encode_hex(appended));
    stage["gap"] = json!([start, end]);
    stage["digest"] = json!(encode_hex(digest.as_octets()));
    stage["signed_attributes"] = json!(encode_hex(attributes.to_be_signed()));
    stage.to_string()
}

/// The first `from` in `octets` becomes `to`, of the same length.
fn replaced(octets: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = octets
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .unwrap_or_else(|| panic!("{from} is not there"));
    let mut replaced = octets.to_vec();
    replaced[at..at + to.len()].copy_from_slice(to.as_bytes());
    replaced
}

#[test]
fn what_was_not_altered_is_taken_up_whatever_it_looks_like() {
    let mut originals = vec![
        (page(), request()),
        (write(&empty_page(), Structure::ObjectStreams), request()),
        (signed_by(&page(), Role::HomeroomTeacher), request()),
    ];
    for (fields, conformance) in [
        (SignatureFields::Absent, Conformance::PdfA2b),
        (SignatureFields::Prepared, Conformance::Plain),
        (SignatureFields::Prepared, Conformance::PdfA2b),
    ] {
        let Some(record) = record(fields, conformance) else {
            return;
        };
        let [left, bottom, right, top] = record.places[1].rectangle;
        let Some(mark) = drawing(right - left, top - bottom) else {
            return;
        };
        let file = write(&record.document, Structure::ClassicTable);
        let place = &record.places[1];
        let request = SignatureRequest::new(&place.field, SIGNED_AT);
        let shown = match fields {
            SignatureFields::Absent => WhereShown::on_page(place.page, (left, bottom), mark),
            _ => WhereShown::in_field(mark),
        };
        originals.push((file, request.shown(shown)));
    }
    for (original, request) in originals {
        let text = stored(&original, request).to_string();
        let stage = Prepared::resume(&original, &text).unwrap();
        let value = key(Role::Principal)
            .sign(stage.scheme(), stage.to_be_signed())
            .unwrap();
        let signed = stage.complete(&value).unwrap().finish().to_vec();
        let report = crate::school::verify(&signed);
        let fields: Vec<&str> = report
            .signatures
            .iter()
            .map(|signature| signature.facts.field.as_str())
            .collect();
        assert_sound(&signed, &fields, "taken up");
    }
}

#[test]
fn refitting_alone_alters_nothing() {
    let original = page();
    let stage = stored(&original, request());
    let text = refitted(&original, &stage, &appended(&stage));
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap(),
        stage,
        "the tests below would say nothing"
    );
    Prepared::resume(&original, &text).unwrap();
}

#[test]
fn an_update_that_also_changes_the_page_is_refused() {
    let original = page();
    let stage = stored(&original, request());
    let honest = appended(&stage);
    for (from, to) in [
        // The page, which the update holds anew because of its widget.
        ("595 842", "595 843"),
        // The signature dictionary becomes a document time stamp, or one of another format.
        ("ETSI.CAdES.detached", "adbe.pkcs7.detached"),
        ("/Filter/Adobe.PPKLite", "/Filter/Adobe.PPKLitf"),
        ("/Reason", "/Legal0"),
        // The field is no signature field any more.
        ("/FT/Sig", "/FT/Btn"),
    ] {
        let spaced = from.replace("/FT/Sig", "/FT /Sig");
        let (from, to) = if honest.windows(from.len()).any(|w| w == from.as_bytes()) {
            (from.to_owned(), to.to_owned())
        } else {
            (spaced, to.replace("/FT/Btn", "/FT /Btn"))
        };
        let altered = replaced(&honest, &from, &to);
        let text = refitted(&original, &stage, &altered);
        assert_eq!(
            Prepared::resume(&original, &text).unwrap_err(),
            ResumeError::UpdateDiffers,
            "{from}"
        );
    }
}

#[test]
fn an_update_with_a_revision_before_the_signature_is_refused() {
    let original = page();
    // A whole revision by another program: a page of another size.
    let more = signed_by(&original, Role::HomeroomTeacher);
    let stage = stored(&more, request());
    let both = [&more[original.len()..], &appended(&stage)].concat();
    // The first long run of zeros is the padding of the other signature: the gap stays.
    let mut text = stage.clone();
    text["original_octets"] = json!(original.len());
    text["appended"] = json!(encode_hex(&both));
    assert_eq!(
        Prepared::resume(&original, &text.to_string()).unwrap_err(),
        ResumeError::UpdateDiffers
    );
}

#[test]
fn octets_behind_the_update_are_refused() {
    let original = page();
    let stage = stored(&original, request());
    let longer = [appended(&stage), b"9 0 obj null endobj\n".to_vec()].concat();
    let text = refitted(&original, &stage, &longer);
    assert_eq!(
        Prepared::resume(&original, &text).unwrap_err(),
        ResumeError::UpdateDiffers
    );
}

#[test]
fn further_signed_attributes_are_refused() {
    let original = page();
    let mut stage = stored(&original, request());
    let digest = decode_hex(stage["digest"].as_str().unwrap()).unwrap();
    let digest = trien_types::Digest::new(scheme().digest_algorithm(), digest).unwrap();
    let signer = Certificate::from_der(key(Role::Principal).certificate_path()[0].as_slice());
    let extra = attribute(Oid::new_unwrap("1.2.3.4"), &octet_string(b"more"));
    let attributes =
        SignedAttributes::for_pades(&digest, &signer.unwrap(), scheme(), &[extra]).unwrap();
    stage["signed_attributes"] = json!(encode_hex(attributes.to_be_signed()));
    assert_eq!(
        Prepared::resume(&original, &stage.to_string()).unwrap_err(),
        ResumeError::SignedAttributesDiffer
    );
}

#[test]
fn the_rules_are_asked_again() {
    // The certificate is not valid at the time that the altered update states.
    let original = page();
    let stage = stored(&original, request());
    let altered = replaced(&appended(&stage), "D:2026", "D:2056");
    let text = refitted(&original, &stage, &altered);
    let error = Prepared::resume(&original, &text).unwrap_err();
    assert!(matches!(error, ResumeError::Refused(_)), "{error:?}");
    // An earlier signature is broken in the file that the altered text is about.
    let signed = signed_by(&original, Role::HomeroomTeacher);
    let stage = stored(&signed, request());
    let broken = replaced(&signed, "595 842", "595 843");
    let text = refitted(&broken, &stage, &appended(&stage));
    let error = Prepared::resume(&broken, &text).unwrap_err();
    let ResumeError::Refused(refusal) = error else {
        panic!("{error:?}");
    };
    assert!(refusal.grounds().count() > 0);
}

#[test]
fn a_stage_of_a_signer_whose_key_did_not_sign_gives_no_file() {
    let original = page();
    let stage = stored(&original, request());
    let stage = Prepared::resume(&original, &stage.to_string()).unwrap();
    let mut seal = key(Role::SchoolSeal);
    let value = seal.sign(stage.scheme(), stage.to_be_signed()).unwrap();
    let error = stage.complete(&value).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ValueDoesNotHold(_)));
}

#[test]
fn a_mark_over_most_of_the_page_is_refused() {
    let original = page();
    let Some(mark) = drawing(590.0, 800.0) else {
        return;
    };
    let request = request().shown(WhereShown::on_page(0, (1.0, 1.0), mark));
    let stage = stored(&original, request);
    assert_eq!(
        Prepared::resume(&original, &stage.to_string()).unwrap_err(),
        ResumeError::UpdateDiffers
    );
}
