//! Digests signed over both versions of the API: what a credential says of itself, consent, the
//! values, and the transactions of several calls.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trien_testkit::pki::Role;
use trien_token::VerificationKey;
use trien_types::{Digest, DigestAlgorithm, SignatureScheme};

use crate::csc_desk::{
    Desk, ECDSA_SHA256, RSA, RSA_SHA256, SHA256, SHA384, V1, V2, Window, a_thousand_hashes,
    elliptic, hash, hash_of,
};
use crate::school::certificate;

/// Whether each value is a signature of its digest.
fn verify(reply: &Value, certificate: &[u8], scheme: SignatureScheme, hashes: &[String]) {
    let key = VerificationKey::of_certificate(certificate).unwrap();
    let values = reply["signatures"].as_array().unwrap();
    assert_eq!(values.len(), hashes.len(), "{reply}");
    for (value, hash) in values.iter().zip(hashes) {
        let value = STANDARD.decode(value.as_str().unwrap()).unwrap();
        let octets = STANDARD.decode(hash).unwrap();
        let digest = Digest::new(scheme.digest_algorithm(), octets).unwrap();
        assert!(key.verifies_digest(scheme, &digest, &value).unwrap());
    }
}

#[test]
fn a_credential_says_what_it_can_and_a_stranger_learns_what_every_copy_of_the_program_has() {
    let Some(desk) = Desk::new() else { return };
    let path = |method: &str| format!("{V1}/{method}");
    let info = desk.stranger(&path("info"), &json!({"lang": "vi"})).ok();
    assert_eq!(info["specs"], "1.0.4.0");
    assert_eq!(info["authType"], json!(["external"]));
    assert_eq!(info["region"], "VN");
    assert_eq!(info, desk.call(&path("info"), &json!({})).ok());
    let id = desk.credential();
    let body = json!({"credentialID": id, "certificates": "chain", "certInfo": true, "unknown": 1});
    let one = desk.call(&path("credentials/info"), &body).ok();
    assert_eq!(one["key"]["status"], "enabled");
    assert_eq!(one["key"]["len"], 2048);
    let algorithms = one["key"]["algo"].as_array().unwrap();
    assert_eq!(algorithms[0], RSA);
    for exact in [RSA_SHA256, "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13"] {
        assert!(algorithms.contains(&json!(exact)), "{algorithms:?}");
    }
    assert_eq!(one["authMode"], "implicit");
    assert!(one["PIN"].is_null() && one["OTP"].is_null());
    assert_eq!(one["SCAL"], "2");
    assert_eq!(one["multisign"], 1_000);
    let chain = one["cert"]["certificates"].as_array().unwrap();
    let der = STANDARD.encode(certificate(Role::Principal));
    assert_eq!(chain[0], der, "the signer's comes first");
    assert_eq!(
        chain[1],
        STANDARD.encode(certificate(Role::GovernmentAuthority))
    );
    assert_eq!(one["cert"]["validTo"], "20300831170000Z");
    assert!(
        one["cert"]["subjectDN"]
            .as_str()
            .unwrap()
            .contains("Phạm Đức Thắng")
    );
    assert!(
        one["cert"]["issuerDN"]
            .as_str()
            .unwrap()
            .contains("CA phục vụ")
    );
    let serial = one["cert"]["serialNumber"].as_str().unwrap();
    assert!(
        serial
            .bytes()
            .all(|digit| digit.is_ascii_digit() || (b'A'..=b'F').contains(&digit))
    );
    // Version 2, in one call.
    let body = json!({"credentialInfo": true, "authInfo": true, "onlyValid": true});
    let list = desk.call(&format!("{V2}/credentials/list"), &body).ok();
    let one = &list["credentialInfos"][0];
    assert_eq!(one["credentialID"], id);
    assert_eq!(one["auth"]["mode"], "explicit");
    assert_eq!(one["auth"]["objects"][0]["type"], "PasswordOOB");
    assert!(one["authMode"].is_null());
    assert_eq!(one["cert"]["certificates"], json!([der]));
    assert_eq!(list["onlyValid"], true);
    let info = desk.call(&format!("{V2}/info"), &json!({})).ok();
    assert_eq!(info["specs"], "2.0.0.0");
    assert_eq!(info["conformance_levels"], json!(["Ades-B-B"]));
    assert!(
        info["methods"]
            .as_array()
            .unwrap()
            .contains(&json!("signatures/signDoc"))
    );
    // No window for any of it.
    assert_eq!(desk.unseen_windows(), 0);
}

#[test]
fn what_was_shown_is_signed_once_in_its_order_under_every_spelling() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let der = certificate(Role::Principal);
    let hashes = [hash(3), hash(1), hash(2)];
    for (version, name, algorithm) in [
        (V1, "hash", "hashAlgo"),
        (V2, "hashes", "hashAlgorithmOID"),
        (V1, "hashes", "hashAlgorithmOID"),
        (V2, "hash", "hashAlgo"),
    ] {
        let mut wish = json!({
            "credentialID": id,
            "numSignatures": 3,
            "description": "Học bạ lớp 6A\u{202e}",
            "documents": [{"document_name": "a.pdf"}, {"document_name": "b.pdf"}],
        });
        wish[name] = json!(hashes);
        let authorize = format!("{version}/credentials/authorize");
        let (reply, window) = desk.asking(0, &authorize, &wish, |window| {
            let shown = window.shows();
            assert_eq!(shown["kind"], "digests");
            assert_eq!(shown["caller"]["name"], "Sổ điểm");
            let digests = &shown["digests"];
            assert_eq!(digests["description"], "Học bạ lớp 6A");
            assert_eq!(digests["names"], json!(["a.pdf", "b.pdf"]));
            assert_eq!(digests["count"], 3);
            assert_eq!(digests["digests"][0], "03".repeat(32));
            assert_eq!(digests["credential"], json!(id));
            window.agree();
        });
        let granted = reply.ok();
        assert_eq!(granted["expiresIn"], 300);
        assert_eq!(window.outcome().0, "underway");
        let mut order = json!({
            "credentialID": id,
            "SAD": granted["SAD"],
            "signAlgo": RSA,
            "clientData": "7",
        });
        order[name] = json!(hashes);
        order[algorithm] = json!(SHA256);
        let path = format!("{version}/signatures/signHash");
        let signed = desk.call(&path, &order).ok();
        let scheme = SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256);
        verify(&signed, &der, scheme, &hashes);
        assert_eq!(window.outcome().0, "done");
        let again = desk.call(&path, &order);
        assert_eq!(again.refused(), (400, "invalid_request", "SAD expired"));
        let log = desk.log();
        assert!(!log.contains(granted["SAD"].as_str().unwrap()) && !log.contains("12345678"));
    }
}

#[test]
fn a_transaction_goes_on_with_new_data_for_what_is_left_and_no_further() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let der = certificate(Role::Principal);
    let hashes: Vec<String> = (0..4).map(|number| hash_of(number, 48)).collect();
    let sad = desk.agreed(
        V2,
        &json!({"credentialID": id, "numSignatures": 4, "hashes": hashes,
            "hashAlgorithmOID": SHA384, "authData": [{"id": "PIN"}]}),
    );
    let sign = |sad: &str, hashes: &[String]| {
        let body = json!({"credentialID": id, "SAD": sad, "hashes": hashes,
            "signAlgo": "1.2.840.113549.1.1.12"});
        desk.call(&format!("{V2}/signatures/signHash"), &body)
    };
    let extend = |sad: &str, hashes: &[String]| {
        let body = json!({"credentialID": id, "SAD": sad, "hashes": hashes});
        desk.call(&format!("{V2}/credentials/extendTransaction"), &body)
    };
    let scheme = SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha384);
    verify(&sign(&sad, &hashes[..1]).ok(), &der, scheme, &hashes[..1]);
    // Spent, and no hash is signed twice.
    let spent = (400, "invalid_request", "SAD expired");
    assert_eq!(sign(&sad, &hashes[1..2]).refused(), spent);
    let foreign = (400, "invalid_request", "Hash is not authorized by the SAD");
    assert_eq!(extend(&sad, &hashes[..1]).refused(), foreign);
    assert_eq!(extend(&sad, &[hash_of(9, 48)]).refused(), foreign);
    let next = extend(&sad, &hashes[1..3]).ok();
    assert!(
        (1..=300).contains(&next["expiresIn"].as_u64().unwrap()),
        "{next}"
    );
    let next = next["SAD"].as_str().unwrap().to_owned();
    let unknown = (400, "invalid_request", "Invalid parameter SAD");
    assert_eq!(extend(&sad, &hashes[1..3]).refused(), unknown);
    assert_eq!(sign(&next, &hashes[3..]).refused(), foreign);
    verify(
        &sign(&next, &hashes[1..3]).ok(),
        &der,
        scheme,
        &hashes[1..3],
    );
    let last = extend(&next, &hashes[3..]).sad();
    verify(&sign(&last, &hashes[3..]).ok(), &der, scheme, &hashes[3..]);
    assert_eq!(extend(&last, &hashes[3..]).refused(), spent);
    assert_eq!(desk.unseen_windows(), 0, "one consent for all of it");
}

#[test]
fn values_of_an_elliptic_curve_are_der_and_hold() {
    let (token, identity) = elliptic();
    let Some(desk) = Desk::with(&[token], "") else {
        return;
    };
    let id = desk.credential();
    let info = json!({"credentialID": id});
    let one = desk.call(&format!("{V1}/credentials/info"), &info).ok();
    let algorithms = one["key"]["algo"].as_array().unwrap();
    assert!(algorithms.contains(&json!(ECDSA_SHA256)), "{one}");
    assert_eq!(one["key"]["curve"], "1.2.840.10045.3.1.7");
    assert_eq!(one["key"]["len"], 256);
    for number in 0..6 {
        let hashes = [hash(number)];
        let wish = json!({"credentialID": id, "numSignatures": 1, "hash": hashes});
        let sad = desk.agreed(V1, &wish);
        let order = json!({"credentialID": id, "SAD": sad, "hash": hashes,
            "signAlgo": ECDSA_SHA256, "hashAlgo": SHA256});
        let signed = desk.call(&format!("{V1}/signatures/signHash"), &order).ok();
        let scheme = SignatureScheme::Ecdsa(DigestAlgorithm::Sha256);
        verify(
            &signed,
            &identity.certificate_der().unwrap(),
            scheme,
            &hashes,
        );
        let value = STANDARD
            .decode(signed["signatures"][0].as_str().unwrap())
            .unwrap();
        assert_eq!((value[0], usize::from(value[1])), (0x30, value.len() - 2));
    }
}

#[test]
fn a_thousand_digests_are_one_consent_and_one_call() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let hashes = a_thousand_hashes();
    let wish = json!({"credentialID": id, "numSignatures": 1_000, "hash": hashes});
    let sad = desk.agreed(V1, &wish);
    let order = json!({"credentialID": id, "SAD": sad, "hash": hashes, "signAlgo": RSA_SHA256});
    let signed = desk.call(&format!("{V1}/signatures/signHash"), &order).ok();
    let scheme = SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256);
    verify(&signed, &certificate(Role::Principal), scheme, &hashes);
}

#[test]
fn a_new_consent_of_a_caller_ends_the_one_it_left_lying() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let wish = |number| json!({"credentialID": id, "numSignatures": 1, "hash": [hash(number)]});
    let first = desk.agreed(V1, &wish(1));
    let authorize = format!("{V1}/credentials/authorize");
    // Another caller does not get the token meanwhile.
    let (busy, window) = desk.asking(1, &authorize, &wish(2), Window::agree);
    assert_eq!(busy.refused().1, "temporarily_unavailable");
    assert_eq!(
        window.outcome(),
        ("stopped".to_owned(), "token-busy".to_owned())
    );
    let second = desk.agreed(V1, &wish(3));
    let sign = |sad: &str, number| {
        let order = json!({"credentialID": id, "SAD": sad, "hash": [hash(number)],
            "signAlgo": RSA_SHA256});
        desk.call(&format!("{V1}/signatures/signHash"), &order)
    };
    assert_eq!(
        sign(&first, 1).refused(),
        (400, "invalid_request", "SAD expired")
    );
    sign(&second, 3).ok();
    // The key is closed: the other caller gets it now.
    let (reply, _) = desk.asking(1, &authorize, &wish(2), Window::agree);
    reply.ok();
}

#[test]
fn the_log_tells_of_digests_signed_of_a_wrong_pin_and_of_a_consent_taken_back_with_who_asked() {
    let Some(desk) = Desk::new() else { return };
    let id = desk.credential();
    let wish = json!({"credentialID": id, "numSignatures": 1, "hash": [hash(1)]});
    let path = format!("{V1}/credentials/authorize");
    let sad = desk.agreed(V1, &wish);
    let order = json!({"credentialID": id, "SAD": sad, "hash": [hash(1)], "signAlgo": RSA_SHA256});
    desk.call(&format!("{V1}/signatures/signHash"), &order).ok();
    let (reply, _) = desk.asking(1, &path, &wish, |window| window.type_pin("87654321"));
    assert_eq!(reply.status, 400, "{reply:?}");
    let (reply, window) = desk.asking(1, &path, &wish, Window::agree);
    reply.sad();
    assert_eq!(window.cancel(), 204);
    let now = crate::job_desk::now();
    let store = triend::store::Store::open(&desk.folder.path().join("data"), now).unwrap();
    let entries = store.audit_entries(1, 1_000).unwrap();
    let told: Vec<(&str, &str)> = entries[entries.len() - 3..]
        .iter()
        .map(|entry| (entry.actor.as_str(), entry.action.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("pairing:1", "digests.signed"),
            ("pairing:2", "pin.incorrect"),
            ("pairing:2", "consent.cancelled"),
        ]
    );
    assert!(store.check_audit().unwrap().is_intact());
}
