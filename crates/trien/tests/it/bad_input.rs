//! What must not be signed, and what cannot be: a typed error each time, the key not asked where
//! the rules or the file forbid it, and no document.

use trien::token::{SoftKey, SoftKeyError};
use trien::{
    Document, DocumentConclusion, Error, ErrorKind, Limits, SignatureRequest, SignatureScheme,
    SigningKey, SigningKeyError, SigningKeyErrorKind, UnixTime, propose,
};
use trien_pdf::{PlaceError, ReadErrorKind};
use trien_testkit::attacks::flip_octet;
use trien_testkit::pki::{CertificatePlan, KeyKind, Role, Validity};
use trien_testkit::structures::{Structure, write};

use crate::school::{
    SIGNED_AT, assert_sound, empty_page, key, key_of, pki, plain_record, sign, signed_by, sound,
    verify,
};
use crate::updates::with_update;

type Spoil = fn(Vec<u8>) -> Result<Vec<u8>, SigningKeyError>;

/// A real key that counts how often it is asked, and may spoil what it gives.
struct WatchedKey {
    key: SoftKey,
    asked: usize,
    spoil: Spoil,
}

impl WatchedKey {
    fn of(key: SoftKey) -> Self {
        Self {
            key,
            asked: 0,
            spoil: Ok,
        }
    }
}

impl SigningKey for WatchedKey {
    fn certificate_path(&self) -> &[Vec<u8>] {
        self.key.certificate_path()
    }

    fn schemes(&self) -> &[SignatureScheme] {
        self.key.schemes()
    }

    fn sign(
        &mut self,
        scheme: SignatureScheme,
        message: &[u8],
    ) -> Result<Vec<u8>, SigningKeyError> {
        self.asked += 1;
        (self.spoil)(self.key.sign(scheme, message)?)
    }
}

fn small_file() -> Vec<u8> {
    write(&empty_page(), Structure::ClassicTable)
}

fn request(field: &str) -> SignatureRequest {
    SignatureRequest::new(field, SIGNED_AT)
}

/// The error of an attempt that must fail before the key is asked.
pub(crate) fn refused(file: &[u8], key: SoftKey, request: SignatureRequest) -> Error {
    let mut key = WatchedKey::of(key);
    let document = Document::open(file, &Limits::default()).unwrap();
    let error = propose(&document, &key.certificate_path()[0], request.clone()).unwrap_err();
    let of_road = sign(file, &mut key, request).unwrap_err();
    assert_eq!(error.to_string(), of_road.to_string());
    assert_eq!(key.asked, 0, "the key was asked");
    of_road
}

fn grounds(error: &Error) -> Vec<String> {
    let refusal = error.refusal().unwrap_or_else(|| panic!("{error:?}"));
    refusal
        .grounds()
        .map(|finding| finding.rule.to_string())
        .collect()
}

#[test]
fn what_is_no_pdf_is_unreadable_and_no_panic() {
    let long_line = vec![b'%'; 100_000];
    let zeros = vec![0; 4096];
    let inputs: [&[u8]; 8] = [
        b"",
        b"%",
        b"%PDF-",
        b"%PDF-1.7\n%%EOF\n",
        b"PK\x03\x04 a zip file",
        b"<html>not found</html>",
        &long_line,
        &zeros,
    ];
    for input in inputs {
        let report = verify(input);
        assert_eq!(report.conclusion, DocumentConclusion::Unreadable);
        assert!(report.document.unreadable.is_some());
        assert!(report.signatures.is_empty());
        let error = Document::open(input, &Limits::default()).unwrap_err();
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn a_cut_file_is_never_sound() {
    let original = small_file();
    let signed = signed_by(&original, Role::Principal);
    let mut unreadable = 0;
    for length in (0..original.len() + 200).chain((original.len()..signed.len()).step_by(83)) {
        let cut = &signed[..length];
        let report = verify(cut);
        assert!(sound(&report, &["HieuTruong"]).is_err(), "cut at {length}");
        if Document::open(cut, &Limits::default()).is_err() {
            unreadable += 1;
            continue;
        }
        // What is left is the unsigned original, but for its last line perhaps, or with a beginning
        // of the signature: that takes no further one.
        assert!(length + b"%%EOF\n".len() + 1 >= original.len(), "{length}");
        match sign(cut, &mut key(Role::SchoolSeal), request("ConDau")) {
            Ok(resigned) => {
                assert!(length < original.len() + b"4 0 obj".len(), "{length}");
                assert_sound(&resigned, &["ConDau"], "what is left");
            }
            Err(error) => {
                let kind = error.kind();
                assert!(
                    matches!(kind, ErrorKind::Place(PlaceError::Unfinished { .. })),
                    "{kind:?}"
                );
                assert!(matches!(
                    report.conclusion,
                    DocumentConclusion::Unreadable | DocumentConclusion::Invalid
                ));
            }
        }
    }
    assert!(unreadable > 400, "{unreadable}");
}

#[test]
fn a_certificate_outside_its_validity_is_refused_before_the_key_is_asked() {
    let plan = CertificatePlan::of(Role::Principal).with_key(KeyKind::P256);
    let moments = |from: i64, until: i64| {
        Validity::new(SIGNED_AT.plus_seconds(from), SIGNED_AT.plus_seconds(until))
    };
    let cases = [
        ("expired", moments(-2_000, -1), false),
        ("in its last second", moments(-2_000, 0), true),
        ("in its first second", moments(0, 2_000), true),
        ("not yet valid", moments(1, 2_000), false),
    ];
    for (what, validity, allowed) in cases {
        let plan = plan.clone().with_validity(validity);
        let identity = pki().issue("Principal-variant", &plan).unwrap();
        if allowed {
            let signed = sign(&small_file(), &mut key_of(&identity), request("HieuTruong"));
            assert!(signed.is_ok(), "{what}");
            continue;
        }
        let error = refused(&small_file(), key_of(&identity), request("HieuTruong"));
        assert_eq!(grounds(&error), ["tt15.5.1a"], "{what}");
    }
}

#[test]
fn nothing_is_signed_onto_a_broken_signature() {
    let Some(record) = plain_record(Structure::ClassicTable) else {
        return;
    };
    let signed = signed_by(&record, Role::HomeroomTeacher);
    // In the portrait's or a font's stream: nothing a reader of structure would notice.
    let middle = record.len() / 2;
    let broken = flip_octet(&signed, middle).unwrap();
    let error = refused(&broken, key(Role::Principal), request("HieuTruong"));
    let grounds = grounds(&error);
    assert_eq!(grounds.len(), 1, "{grounds:?}");
    let text = std::error::Error::source(&error).unwrap().to_string();
    assert!(text.contains("GiaoVienChuNhiem"), "{text}");
}

#[test]
fn nothing_is_signed_onto_a_document_that_was_changed_after_its_signature() {
    let signed = signed_by(&small_file(), Role::HomeroomTeacher);
    // Object 3 is the page: it is turned on its side.
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 842 595 ] /Resources << >> >>";
    let changed = with_update(&signed, &[(3, page)]);
    let report = verify(&changed);
    assert_eq!(report.conclusion, DocumentConclusion::Invalid);
    let error = refused(&changed, key(Role::Principal), request("HieuTruong"));
    assert_eq!(grounds(&error).len(), 1, "{error:?}");
}

#[test]
fn nothing_is_signed_onto_a_tail_that_is_no_revision() {
    let signed = signed_by(&small_file(), Role::HomeroomTeacher);
    for tail in [
        &b"\nstray octets\n"[..],
        b"\n4 0 obj\n<< >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n",
    ] {
        let with_tail = [signed.as_slice(), tail].concat();
        let report = verify(&with_tail);
        assert!(sound(&report, &["GiaoVienChuNhiem"]).is_err());
        let error = refused(&with_tail, key(Role::Principal), request("HieuTruong"));
        if matches!(
            error.kind(),
            ErrorKind::Place(PlaceError::Unfinished { .. })
        ) {
            continue;
        }
        assert_eq!(grounds(&error).len(), 1, "{error:?}");
    }
}

#[test]
fn a_key_needs_its_own_certificate() {
    let principal = pki().identity(Role::Principal).unwrap();
    let seal = pki().identity(Role::SchoolSeal).unwrap();
    let key = principal.key().to_owned();
    let error = SoftKey::new(key, &seal.path_der().unwrap()).unwrap_err();
    assert!(
        matches!(error, SoftKeyError::CertificateMissing),
        "{error:?}"
    );
}

/// A key that shows another's certificates, as a mixed-up remote service would.
struct Mismatched {
    shown: SoftKey,
    used: SoftKey,
}

impl SigningKey for Mismatched {
    fn certificate_path(&self) -> &[Vec<u8>] {
        self.shown.certificate_path()
    }

    fn schemes(&self) -> &[SignatureScheme] {
        self.shown.schemes()
    }

    fn sign(
        &mut self,
        scheme: SignatureScheme,
        message: &[u8],
    ) -> Result<Vec<u8>, SigningKeyError> {
        self.used.sign(scheme, message)
    }
}

#[test]
fn a_value_that_does_not_hold_makes_no_document() {
    let file = small_file();
    let mut mismatched = Mismatched {
        shown: key(Role::Principal),
        used: key(Role::SchoolSeal),
    };
    let error = sign(&file, &mut mismatched, request("HieuTruong")).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::ValueDoesNotHold(_)),
        "{error:?}"
    );
    let spoils: [Spoil; 4] = [
        |_| Ok(Vec::new()),
        |value| Ok(value[1..].to_vec()),
        |mut value| {
            value[100] ^= 0x10;
            Ok(value)
        },
        |value| Ok([value.as_slice(), &[0]].concat()),
    ];
    for spoil in spoils {
        let mut key = WatchedKey::of(key(Role::Principal));
        key.spoil = spoil;
        let error = sign(&file, &mut key, request("HieuTruong")).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::ValueDoesNotHold(_)),
            "{error:?}"
        );
        assert_eq!(key.asked, 1, "a key is never asked twice");
    }
}

#[test]
fn a_key_that_does_not_sign_is_asked_once_and_its_reason_is_told() {
    let cancelled: Spoil = |_| {
        let kind = SigningKeyErrorKind::Cancelled;
        Err(SigningKeyError::new(kind, "by the user"))
    };
    let mistyped: Spoil = |_| {
        let kind = SigningKeyErrorKind::PinIncorrect;
        Err(SigningKeyError::new(kind, "one try"))
    };
    for (spoil, kind) in [
        (cancelled, SigningKeyErrorKind::Cancelled),
        (mistyped, SigningKeyErrorKind::PinIncorrect),
    ] {
        let mut key = WatchedKey::of(key(Role::Principal));
        key.spoil = spoil;
        let error = sign(&small_file(), &mut key, request("HieuTruong")).unwrap_err();
        assert_eq!(error.key_error(), Some(kind));
        assert_eq!(key.asked, 1);
    }
}

/// A key of a service that offers nothing usable.
struct Empty(Vec<Vec<u8>>, Vec<SignatureScheme>);

impl SigningKey for Empty {
    fn certificate_path(&self) -> &[Vec<u8>] {
        &self.0
    }

    fn schemes(&self) -> &[SignatureScheme] {
        &self.1
    }

    fn sign(&mut self, _: SignatureScheme, _: &[u8]) -> Result<Vec<u8>, SigningKeyError> {
        panic!("a key without certificate or scheme must not be asked");
    }
}

#[test]
fn a_key_without_certificate_or_scheme_is_not_asked() {
    let real = key(Role::Principal);
    let (path, schemes) = (real.certificate_path().to_vec(), real.schemes().to_vec());
    for mut key in [
        Empty(Vec::new(), schemes.clone()),
        Empty(path.clone(), Vec::new()),
    ] {
        let error = sign(&small_file(), &mut key, request("HieuTruong")).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::KeyUnusable), "{error:?}");
    }
    let mut key = Empty(vec![b"no certificate".to_vec()], schemes);
    let error = sign(&small_file(), &mut key, request("HieuTruong")).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Certificate(_)),
        "{error:?}"
    );
}

#[test]
fn a_time_without_a_date_is_refused() {
    let plan = CertificatePlan::of(Role::Principal).with_key(KeyKind::P256);
    let ever = Validity::new(
        UnixTime::from_seconds(0),
        UnixTime::from_seconds(253_402_300_799),
    );
    let identity = pki()
        .issue("Principal-variant", &plan.with_validity(ever))
        .unwrap();
    let mut late = request("HieuTruong");
    // 9999-12-31T23:59:59Z is in the year 10000 in Vietnam.
    late.signing_time = UnixTime::from_seconds(253_402_300_799);
    let error = sign(&small_file(), &mut key_of(&identity), late).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Place(PlaceError::TimeInvalid)),
        "{error:?}"
    );
}

#[test]
fn limits_stop_the_reader_with_an_error_that_says_so() {
    let mut limits = Limits::default();
    limits.revisions = 2;
    let file = write(&empty_page(), Structure::ClassicTable);
    let signed = signed_by(&signed_by(&file, Role::HomeroomTeacher), Role::Principal);
    let error = Document::open(&signed, &limits).unwrap_err();
    assert!(
        matches!(error.kind, ReadErrorKind::LimitReached(_)),
        "{error:?}"
    );
    assert!(error.is_limit());
    assert_sound(
        &signed,
        &["GiaoVienChuNhiem", "HieuTruong"],
        "within limits",
    );
}

#[test]
fn a_record_cut_off_inside_its_only_signature_is_neither_unsigned_nor_signable() {
    let signed = signed_by(&small_file(), Role::HomeroomTeacher);
    let contents = b"/Contents <";
    let start = signed
        .windows(contents.len())
        .rposition(|window| window == contents)
        .expect("the signature has a value");
    let cut = &signed[..start + 200];
    let report = verify(cut);
    assert_eq!(report.conclusion, DocumentConclusion::Unreadable);
    let error = refused(cut, key(Role::Principal), request("HieuTruong"));
    assert!(matches!(
        error.kind(),
        ErrorKind::Place(PlaceError::Unfinished { .. })
    ));
}
