//! Documents signed over the API: around digests, as whole files under activation data, and shown
//! in the window of a job; and time stamps over a client's digest.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use trien::{IntegrityFact, Verification};
use trien_testkit::pki::{Role, TestPki};
use trien_testkit::services::LiveServices;
use trien_testkit::tokens::{ContextLogin, TEST_PIN, TokenPlan};

use crate::csc_desk::{Desk, RSA_SHA256, Reply, SHA256, V2, Window, hash};
use crate::job_desk::{anchor_folder, anchors_in, key_folder, letter, now};

const SIGN: &str = "/csc/v2/signatures/signDoc";

/// Services that answer now, a token of the principal whose certificate points to them, and the
/// folder of the roots.
fn live() -> Option<(LiveServices, Desk, PathBuf)> {
    let services = LiveServices::start(&key_folder(), now()).unwrap();
    let folder = anchor_folder(&services.pki, "triend-csc-anchors");
    let further = format!(
        "time-stamp-authorities = [{:?}]\nanchors = {:?}\n",
        services.time_stamps.url(),
        folder.display().to_string()
    );
    let desk = Desk::with(&[live_plan(&services.pki)], &further)?;
    Some((services, desk, folder))
}

fn live_plan(pki: &TestPki) -> TokenPlan {
    let authority = pki.identity(Role::Principal.issuer()).unwrap();
    TokenPlan::new("P", TEST_PIN)
        .with_identity(
            pki.identity(Role::Principal).unwrap(),
            ContextLogin::NotAsked,
        )
        .unwrap()
        .with_certificate(authority.name(), &authority.certificate_der().unwrap())
}

fn digest(octets: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(octets))
}

fn documents(reply: &Value, name: &str) -> Vec<Vec<u8>> {
    let values = reply[name].as_array().unwrap().iter();
    values
        .map(|value| STANDARD.decode(value.as_str().unwrap()).unwrap())
        .collect()
}

/// The level of the first signature; each of them, time stamps among them, must hold.
fn level(octets: &[u8], anchors: &Path) -> String {
    let anchors = anchors_in(anchors);
    let report = trien::verify(octets, &Verification::new(&anchors, now()));
    for signature in &report.signatures {
        assert_eq!(signature.facts.integrity, IntegrityFact::Intact);
    }
    report.signatures[0].facts.level.clone().unwrap_or_default()
}

fn document(octets: &[u8], level: &str) -> Value {
    json!({"document": STANDARD.encode(octets), "signature_format": "P",
        "conformance_level": level, "signAlgo": RSA_SHA256})
}

#[track_caller]
fn is_request_error(reply: &Reply, description: &str) {
    assert_eq!(reply.refused(), (400, "invalid_request", description));
}

#[test]
fn documents_are_signed_at_every_level_under_activation_data_for_their_digests() {
    let Some((_services, desk, anchors)) = live() else {
        return;
    };
    let id = desk.credential();
    let info = desk.call(&format!("{V2}/info"), &json!({})).ok();
    let levels = ["Ades-B-B", "Ades-B-T", "Ades-B-LT", "Ades-B-LTA"];
    assert_eq!(info["conformance_levels"], json!(levels));
    let pdf = letter();
    for (level_name, reached) in levels.iter().zip(["B-B", "B-T", "B-LT", "B-LTA"]) {
        let wish = json!({"credentialID": id, "numSignatures": 1, "hashes": [digest(pdf)]});
        let order = |sad: &str, pdf: &[u8]| json!({"credentialID": id, "SAD": sad, "documents": [document(pdf, level_name)]});
        let sad = desk.agreed(V2, &wish);
        // Another document than the one whose digest was shown.
        let other = [pdf, b"\n"].concat();
        is_request_error(
            &desk.call(SIGN, &order(&sad, &other)),
            "Hash is not authorized by the SAD",
        );
        let reply = desk.call(SIGN, &order(&sad, pdf)).ok();
        let signed = documents(&reply, "DocumentWithSignature");
        assert!(signed[0].starts_with(pdf));
        let found = level(&signed[0], &anchors);
        assert!(found.ends_with(reached), "{found} {reached}");
        is_request_error(&desk.call(SIGN, &order(&sad, pdf)), "SAD expired");
    }
}

#[test]
fn documents_without_activation_data_are_shown_in_the_window_of_a_job() {
    let Some((_services, desk, anchors)) = live() else {
        return;
    };
    let id = desk.credential();
    let order = json!({"credentialID": id,
        "documents": [document(letter(), "AdES-B-T"), document(letter(), "AdES-B-T")]});
    let (reply, _) = desk.asking(0, SIGN, &order, |window| {
        assert_eq!(window.shows()["kind"], "signing");
        window.sign_with(&id, TEST_PIN);
    });
    let signed = documents(&reply.ok(), "DocumentWithSignature");
    assert_eq!(signed.len(), 2);
    for octets in &signed {
        assert!(level(octets, &anchors).ends_with("B-T"));
    }
    let (reply, _) = desk.asking(0, SIGN, &order, |window| window.sign_with(&id, "87654321"));
    let wrong = (
        400,
        "invalid_authentication_data",
        "The authentication data is invalid",
    );
    assert_eq!(reply.refused(), wrong);
    let (reply, _) = desk.asking(0, SIGN, &order, Window::refuse);
    assert_eq!(reply.refused().1, "access_denied");
    // Nothing of any of it stays.
    let spool = desk.folder.path().join("data/spool");
    for _ in 0..1_200 {
        if std::fs::read_dir(&spool).unwrap().count() == 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("something stays in the spool");
}

#[test]
fn orders_that_cannot_be_carried_out_are_refused_before_anybody_is_asked() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let good = document(letter(), "Ades-B-B");
    let with = |name: &str, value: Value| {
        let mut document = good.clone();
        document[name] = value;
        json!({"credentialID": id, "documents": [document]})
    };
    let digests = json!([{"hashes": [hash(1)], "signature_format": "P", "signAlgo": RSA_SHA256}]);
    let missing = "Missing (or invalid type) string parameter";
    for (order, expected) in [
        (
            json!({"credentialID": id}),
            "Empty documentDigests and documents objects".to_owned(),
        ),
        (
            json!({"credentialID": id, "documents": [good], "documentDigests": digests}),
            "Both documentDigests and documents parameters passed".to_owned(),
        ),
        (
            json!({"credentialID": id, "documents": [1]}),
            "Invalid array parameter documents".to_owned(),
        ),
        (
            with("document", json!("*")),
            "Invalid Base64 documents string parameter".to_owned(),
        ),
        (with("document", Value::Null), format!("{missing} document")),
        (
            with("signature_format", Value::Null),
            format!("{missing} signature_format"),
        ),
        (
            with("signature_format", json!("C")),
            "Invalid parameter signature_format".to_owned(),
        ),
        (
            with("signed_envelope_property", json!("Certification")),
            "Invalid parameter signed_envelope_property".to_owned(),
        ),
        (
            with("signed_props", json!([{}])),
            "Invalid parameter signed_props".to_owned(),
        ),
        // Nobody stamps here.
        (
            with("conformance_level", json!("Ades-B-T")),
            "Invalid parameter conformance_level".to_owned(),
        ),
        (
            with("signAlgo", json!("1.2.840.10045.4.3.2")),
            "Invalid parameter signAlgo".to_owned(),
        ),
        (
            json!({"credentialID": id, "documentDigests": digests}),
            format!("{missing} SAD"),
        ),
        (
            json!({"credentialID": id, "documents": [good], "SAD": "x"}),
            "Invalid parameter SAD".to_owned(),
        ),
    ] {
        is_request_error(&desk.call(SIGN, &order), &expected);
    }
    // What is no PDF ends its job without a question.
    let order = with("document", json!(STANDARD.encode("%PDF-1.7 nothing")));
    let reply = desk.call(SIGN, &order);
    assert_eq!(
        (reply.status, reply.refused().1),
        (400, "invalid_request"),
        "{reply:?}"
    );
    assert_eq!(desk.unseen_windows(), 0);
}

#[test]
fn a_structure_around_a_digest_holds_and_has_its_time_stamp() {
    let Some((_services, desk, _)) = live() else {
        return;
    };
    let id = desk.credential();
    let content = b"what a signature covers".to_vec();
    let wish = json!({"credentialID": id, "numSignatures": 1, "hashes": [digest(&content)]});
    let sad = desk.agreed(V2, &wish);
    let order = json!({"credentialID": id, "SAD": sad, "documentDigests": [{
        "hashes": [digest(&content)], "hashAlgorithmOID": SHA256, "signature_format": "P",
        "conformance_level": "Ades-B-T", "signAlgo": RSA_SHA256}]});
    let reply = desk.call(SIGN, &order).ok();
    let [structure] = documents(&reply, "SignatureObject").try_into().unwrap();
    let folder = desk.folder.path();
    std::fs::write(folder.join("content"), &content).unwrap();
    std::fs::write(folder.join("cms"), &structure).unwrap();
    let output = std::process::Command::new("openssl")
        .args(["cms", "-verify", "-inform", "DER", "-binary", "-noverify"])
        .arg("-in")
        .arg(folder.join("cms"))
        .arg("-content")
        .arg(folder.join("content"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let parsed = trien::cms::SignedData::parse(&structure, &trien::Limits::default()).unwrap();
    assert_eq!(parsed.parsed_certificates().len(), 2);
    // id-aa-signatureTimeStampToken.
    let oid = [
        0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0e,
    ];
    assert!(structure.windows(oid.len()).any(|window| window == oid));
}

#[test]
fn a_time_stamp_is_over_the_clients_digest_with_the_clients_nonce() {
    let Some((_services, desk, _)) = live() else {
        return;
    };
    let path = |version: &str| format!("/csc/{version}/signatures/timestamp");
    let stamp = json!({"hash": hash(7), "hashAlgo": SHA256, "nonce": "0123456789ABCDEF"});
    let reply = desk.call(&path("v1"), &stamp).ok();
    let token = STANDARD
        .decode(reply["timestamp"].as_str().unwrap())
        .unwrap();
    let parsed = trien::TimeStampToken::parse(&token, &trien::Limits::default());
    assert!(parsed.is_ok(), "{parsed:?}");
    for part in [&[7; 32][..], &0x0123_4567_89ab_cdef_u64.to_be_bytes()] {
        assert!(token.windows(part.len()).any(|window| window == part));
    }
    let reply = desk.call(
        &path("v2"),
        &json!({"hash": hash(8), "hashAlgorithmOID": SHA256}),
    );
    reply.ok();
    for (changes, expected) in [
        (
            ("hash", Value::Null),
            "Missing (or invalid type) string parameter hash",
        ),
        (("hash", json!("")), "Empty hash parameter"),
        (("hash", json!("*")), "Invalid Base64 hash string parameter"),
        (("hash", json!("AAAA")), "Invalid digest value length"),
        (
            ("hashAlgo", json!("1.3.14.3.2.26")),
            "Invalid parameter hashAlgo",
        ),
        (("nonce", json!("zz")), "Invalid parameter nonce"),
    ] {
        let mut body = stamp.clone();
        body[changes.0] = changes.1;
        is_request_error(&desk.call(&path("v1"), &body), expected);
    }
    assert_eq!(desk.unseen_windows(), 0, "nobody is asked");
}
