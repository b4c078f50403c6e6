//! Two-step signing: prepared here, stored, signed by another program, completed in another
//! process. Whatever is not what was prepared gives a typed error and no document.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use trien::{
    Document, ErrorKind, IntegrityFact, Limits, Prepared, ResumeError, SignatureRequest,
    SignatureScheme, SigningKey as _, propose,
};
use trien_testkit::pki::{CertificatePlan, Identity, KeyKind, Role};
use trien_testkit::structures::{Structure, write};

use crate::judges::Case;
use crate::school::{
    SIGNED_AT, assert_accepted, assert_sound, empty_page, key, key_of, pki, sign, verify,
};

/// Set for the child process that completes what was stored in this folder.
const FOLDER: &str = "TRIEN_TEST_TWO_STEP_FOLDER";

fn identity(kind: KeyKind) -> Identity {
    let plan = CertificatePlan::of(Role::Principal).with_key(kind);
    pki().issue("Principal-variant", &plan).unwrap()
}

/// The first step: everything but the value, as text, and the octets to sign.
fn prepared(original: &[u8], identity: &Identity, scheme: SignatureScheme) -> (String, Vec<u8>) {
    let document = Document::open(original, &Limits::default()).unwrap();
    let path = identity.path_der().unwrap();
    let request = SignatureRequest::new("HieuTruong", SIGNED_AT).with_reason("Ký duyệt học bạ");
    let permitted = propose(&document, &path[0], request).unwrap();
    let prepared = permitted.prepare(&path, scheme).unwrap();
    (prepared.to_json(), prepared.to_be_signed().to_vec())
}

/// `None`, said aloud, without OpenSSL's command line.
fn openssl(arguments: &[&str], folder: &Path) -> Option<()> {
    let run = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output();
    match run {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("SKIPPED: openssl is not installed");
            None
        }
        run => {
            let run = run.unwrap();
            let said = String::from_utf8_lossy(&run.stderr);
            assert!(run.status.success(), "{arguments:?}: {said}");
            Some(())
        }
    }
}

/// Run again as a child process by the tests below; nothing to do otherwise.
#[test]
fn second_step() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let original = std::fs::read(folder.join("original.pdf")).unwrap();
    let json = std::fs::read_to_string(folder.join("prepared.json")).unwrap();
    let value = std::fs::read(folder.join("value")).unwrap();
    let signed = Prepared::resume(&original, &json)
        .unwrap()
        .complete(&value)
        .unwrap()
        .finish();
    signed
        .write_to(
            &folder.join("signed.pdf"),
            Some(&folder.join("original.pdf")),
        )
        .unwrap();
}

fn completed_in_another_process(folder: &Path) -> Vec<u8> {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "two_step::second_step", "--nocapture"])
        .env(FOLDER, folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    std::fs::read(folder.join("signed.pdf")).unwrap()
}

#[test]
fn what_openssl_signed_completes_in_another_process() {
    let mut cases = Vec::new();
    for (kind, structure) in [
        (KeyKind::Rsa2048, Structure::ClassicTable),
        (KeyKind::P256, Structure::ObjectStreams),
        (KeyKind::P384, Structure::ClassicTable),
    ] {
        let identity = identity(kind);
        let scheme = key_of(&identity).schemes()[0];
        let original = write(&empty_page(), structure);
        let (json, message) = prepared(&original, &identity, scheme);
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        std::fs::write(folder.join("original.pdf"), &original).unwrap();
        std::fs::write(folder.join("prepared.json"), &json).unwrap();
        std::fs::write(folder.join("message"), &message).unwrap();
        std::fs::write(folder.join("key.pem"), identity.key_pem().unwrap()).unwrap();
        let digest = format!("-{}", scheme.digest_algorithm()).replace("SHA-", "sha");
        let arguments = [
            "dgst", &digest, "-sign", "key.pem", "-out", "value", "message",
        ];
        if openssl(&arguments, folder).is_none() {
            return;
        }
        let signed = completed_in_another_process(folder);
        assert!(signed.starts_with(&original));
        let name = format!("{kind:?} in two steps");
        assert_sound(&signed, &["HieuTruong"], &name);
        cases.push(Case::new(name, signed, &["HieuTruong"]));
    }
    assert_accepted(&cases, &[]);
}

#[test]
fn a_service_that_signs_digests_needs_no_message() {
    let identity = identity(KeyKind::P256);
    let scheme = key_of(&identity).schemes()[0];
    let original = write(&empty_page(), Structure::ClassicTable);
    let (json, _) = prepared(&original, &identity, scheme);
    let stage = Prepared::resume(&original, &json).unwrap();
    assert_eq!(stage.scheme(), scheme);
    let digest = stage.to_be_signed_digest().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("digest"), digest.as_octets()).unwrap();
    std::fs::write(folder.join("key.pem"), identity.key_pem().unwrap()).unwrap();
    let arguments = [
        "pkeyutl", "-sign", "-inkey", "key.pem", "-in", "digest", "-out", "value",
    ];
    if openssl(&arguments, folder).is_none() {
        return;
    }
    let value = std::fs::read(folder.join("value")).unwrap();
    let signed = stage.complete(&value).unwrap().finish();
    assert_sound(&signed.to_vec(), &["HieuTruong"], "by digest");
}

/// A stored stage, the file it is for, and a value that completes it.
struct Stored {
    original: Vec<u8>,
    json: String,
    value: Vec<u8>,
    signed: Vec<u8>,
}

impl Stored {
    fn make() -> Self {
        let identity = identity(KeyKind::Rsa2048);
        let mut key = key_of(&identity);
        let scheme = key.schemes()[0];
        let original = write(&empty_page(), Structure::ClassicTable);
        let (json, message) = prepared(&original, &identity, scheme);
        let value = key.sign(scheme, &message).unwrap();
        let signed = Prepared::resume(&original, &json)
            .unwrap()
            .complete(&value)
            .unwrap()
            .finish()
            .to_vec();
        assert_sound(&signed, &["HieuTruong"], "stored");
        Self {
            original,
            json,
            value,
            signed,
        }
    }

    fn changed(&self, entry: &str, change: impl FnOnce(&mut Value)) -> String {
        let mut stage: Value = serde_json::from_str(&self.json).unwrap();
        change(&mut stage[entry]);
        stage.to_string()
    }
}

#[test]
fn another_original_is_refused() {
    let stored = Stored::make();
    let longer = [stored.original.as_slice(), b"\n"].concat();
    let mut changed = stored.original.clone();
    let at = changed.len() / 2;
    changed[at] ^= 1;
    for other in [&longer, &changed, &Vec::new()] {
        let error = Prepared::resume(other, &stored.json).unwrap_err();
        assert_eq!(error, ResumeError::OtherFile);
    }
}

#[test]
fn text_that_is_no_stored_stage_is_refused() {
    let stored = Stored::make();
    let cut = &stored.json[..stored.json.len() - 1];
    let schema = stored.changed("schema", |schema| *schema = "trien.prepared/2".into());
    let mechanism = stored.changed("scheme", |scheme| scheme["algorithm"] = "HMAC".into());
    let certificates = stored.changed("certificates", |list| *list = Value::Array(Vec::new()));
    let gap = stored.changed("gap", |gap| gap[0] = 0.into());
    let digits = stored.changed("appended", |digits| *digits = "0g".into());
    let texts = [
        "",
        "{}",
        "null",
        cut,
        &schema,
        &mechanism,
        &certificates,
        &gap,
        &digits,
    ];
    for text in texts {
        let error = Prepared::resume(&stored.original, text).unwrap_err();
        assert_eq!(error, ResumeError::Malformed, "{text:.80}");
    }
}

/// Every change of the stored text is refused, when it is taken up or when it is completed, or
/// means the same; but in the issuers' certificates, which travel beside the signature and bear
/// signatures of their own.
#[test]
fn a_stored_stage_cannot_be_bent() {
    let stored = Stored::make();
    let certificates = stored.json.find("\"certificates\":[").unwrap();
    let issuers = certificates + stored.json[certificates..].find("\",\"").unwrap();
    let mut bent = 0;
    for at in (0..stored.json.len()).step_by(37) {
        let mut text = stored.json.clone().into_bytes();
        text[at] ^= 1;
        let Ok(text) = String::from_utf8(text) else {
            continue;
        };
        bent += 1;
        let Ok(stage) = Prepared::resume(&stored.original, &text) else {
            continue;
        };
        match stage.complete(&stored.value) {
            Err(error) => {
                let kind = error.kind();
                assert!(
                    matches!(kind, ErrorKind::ValueDoesNotHold(_)),
                    "{at}: {kind:?}"
                );
            }
            Ok(signed) => {
                let signed = signed.finish().to_vec();
                let place = &stored.json[at.saturating_sub(30)..at];
                // The name of an entry that means nothing beside this scheme, for one.
                let means_the_same = signed == stored.signed;
                assert!(means_the_same || at > issuers, "{place}");
                let integrity = &verify(&signed).signatures[0].facts.integrity;
                assert_eq!(*integrity, IntegrityFact::Intact, "{place}");
            }
        }
    }
    assert!(bent > 200, "{bent}");
}

#[test]
fn a_value_that_does_not_hold_completes_nothing() {
    let stored = Stored::make();
    let mut flipped = stored.value.clone();
    flipped[17] ^= 1;
    let stage = || Prepared::resume(&stored.original, &stored.json).unwrap();
    let of_another_key = {
        let mut seal = key(Role::SchoolSeal);
        seal.sign(stage().scheme(), stage().to_be_signed()).unwrap()
    };
    let of_another_message = {
        let mut own = key_of(&identity(KeyKind::Rsa2048));
        own.sign(stage().scheme(), b"another message").unwrap()
    };
    let too_long = vec![0x30; 4096];
    for value in [
        &Vec::new(),
        &vec![0; 256],
        &flipped,
        &of_another_key,
        &of_another_message,
        &too_long,
    ] {
        let error = stage().complete(value).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::ValueDoesNotHold(_)),
            "{error:?}"
        );
        assert!(error.to_string().contains("nothing was written"));
    }
}

#[test]
fn a_path_that_does_not_start_with_the_proposed_certificate_is_refused() {
    let original = write(&empty_page(), Structure::ClassicTable);
    let document = Document::open(&original, &Limits::default()).unwrap();
    let (seal, principal) = (key(Role::SchoolSeal), key(Role::Principal));
    let request = SignatureRequest::new("ConDau", SIGNED_AT);
    for path in [principal.certificate_path(), &[]] {
        let certificate = &seal.certificate_path()[0];
        let permitted = propose(&document, certificate, request.clone()).unwrap();
        let error = permitted.prepare(path, seal.schemes()[0]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::KeyUnusable), "{error:?}");
    }
}

#[test]
fn room_that_is_too_small_grows_by_itself() {
    let original = write(&empty_page(), Structure::ClassicTable);
    let mut request = SignatureRequest::new("HieuTruong", SIGNED_AT);
    request.contents_octets = std::num::NonZeroUsize::new(16);
    let signed = sign(&original, &mut key(Role::Principal), request).unwrap();
    assert_sound(&signed, &["HieuTruong"], "grown");
    assert_accepted(&[Case::new("grown", signed, &["HieuTruong"])], &[]);
}

#[test]
fn room_that_is_too_small_for_a_value_from_elsewhere_is_said() {
    let original = write(&empty_page(), Structure::ClassicTable);
    let document = Document::open(&original, &Limits::default()).unwrap();
    let mut principal = key(Role::Principal);
    let path = principal.certificate_path().to_vec();
    let scheme = principal.schemes()[0];
    let mut request = SignatureRequest::new("HieuTruong", SIGNED_AT);
    request.contents_octets = std::num::NonZeroUsize::new(16);
    let permitted = propose(&document, &path[0], request).unwrap();
    let stage = permitted.prepare(&path, scheme).unwrap();
    let value = principal.sign(scheme, stage.to_be_signed()).unwrap();
    let error = stage.complete(&value).unwrap_err();
    let ErrorKind::ContentsTooSmall(small) = error.kind() else {
        panic!("{error:?}");
    };
    assert_eq!(small.room_octets, 16);
    assert!(small.needed_octets > 2_000);
}
