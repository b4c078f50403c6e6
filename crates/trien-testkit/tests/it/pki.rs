//! The test PKI as OpenSSL's command line sees it.

use std::path::Path;

use trien_testkit::pki::{
    CertificatePlan, Identity, KeyKind, PkiSettings, Role, SubjectAttribute, TestPki,
};

use crate::judge::{kept_folder, printed, run};

pub(crate) fn test_pki() -> TestPki {
    TestPki::open_or_make(&kept_folder("keys"), PkiSettings::default()).unwrap()
}

/// `openssl verify` at a moment inside every validity, 2026-05-31T01:00:00Z.
fn openssl_accepts(folder: &Path, identity: &Identity) {
    let leaf = folder.join("leaf.pem");
    std::fs::write(&leaf, identity.certificate_pem().unwrap()).unwrap();
    // openssl wants at least one certificate in this file, so a root stands beside itself.
    let mut issuers = identity.certificate_pem().unwrap();
    for issuer in identity.issuers() {
        issuers.extend(issuer.to_pem().unwrap());
    }
    let untrusted = folder.join("untrusted.pem");
    std::fs::write(&untrusted, issuers).unwrap();
    let anchors = folder.join("anchors.pem");
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let arguments = [
        "verify".to_owned(),
        "-x509_strict".to_owned(),
        "-attime".to_owned(),
        "1780189200".to_owned(),
        "-CAfile".to_owned(),
        path(&anchors),
        "-untrusted".to_owned(),
        path(&untrusted),
        path(&leaf),
    ];
    if let Some(output) = run("openssl", &arguments) {
        assert!(
            output.status.success(),
            "{}: {}",
            identity.name(),
            printed(&output)
        );
    }
}

fn write_anchors(pki: &TestPki, folder: &Path) {
    let mut anchors = Vec::new();
    for role in Role::ANCHORS {
        anchors.extend(pki.identity(role).unwrap().certificate_pem().unwrap());
    }
    std::fs::write(folder.join("anchors.pem"), anchors).unwrap();
}

#[test]
fn openssl_accepts_every_certificate_of_the_table() {
    let pki = test_pki();
    let folder = tempfile::tempdir().unwrap();
    write_anchors(&pki, folder.path());
    for role in Role::all() {
        openssl_accepts(folder.path(), pki.identity(role).unwrap());
    }
}

#[test]
fn openssl_accepts_a_leaf_of_every_key_kind_with_pointers() {
    let pki = TestPki::open_or_make(
        &kept_folder("keys"),
        PkiSettings::with_services("http://127.0.0.1:1"),
    )
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    write_anchors(&pki, folder.path());
    for kind in KeyKind::ALL {
        let plan = CertificatePlan::of(Role::Principal).with_key(kind);
        let identity = pki.issue("Principal-variant", &plan).unwrap();
        openssl_accepts(folder.path(), &identity);
        let certificate = identity.certificate();
        assert_eq!(
            certificate.ocsp_responders().unwrap()[0].to_string(),
            "http://127.0.0.1:1/ocsp/GovernmentAuthority"
        );
        let points = certificate.crl_distribution_points().unwrap();
        let name = points[0].distpoint().unwrap().fullname().unwrap();
        assert_eq!(
            name[0].uri(),
            Some("http://127.0.0.1:1/crl/GovernmentAuthority.crl")
        );
    }
}

#[test]
fn the_same_keys_and_settings_give_the_same_certificates() {
    let (first, second) = (test_pki(), test_pki());
    for role in Role::all() {
        assert_eq!(
            first.identity(role).unwrap().certificate_der().unwrap(),
            second.identity(role).unwrap().certificate_der().unwrap()
        );
    }
}

#[test]
fn a_person_in_an_organisation_bears_two_user_ids() {
    let pki = test_pki();
    let head = pki.identity(Role::HeadOfGroup).unwrap();
    let ids: Vec<String> = head
        .certificate()
        .subject_name()
        .entries()
        .filter(|entry| entry.object().to_string() == "userId")
        .map(|entry| entry.data().to_string().unwrap())
        .collect();
    assert_eq!(ids, ["MST:0000000001", "CCCD:000000000003"]);
}

#[test]
fn a_certificate_outside_the_table_can_be_issued() {
    let pki = test_pki();
    let plan = CertificatePlan::signer(
        Role::PublicAuthority,
        &[
            (SubjectAttribute::UserId, "000000000009"),
            (SubjectAttribute::CommonName, "THỬ NGHIỆM không tiền tố"),
        ],
    );
    let identity = pki.issue("unknown-holder", &plan).unwrap();
    assert_eq!(identity.path_der().unwrap().len(), 3);
    assert!(!identity.pkcs12("mật khẩu").unwrap().is_empty());
}

#[test]
fn no_private_key_is_printed_or_written_with_the_certificates() {
    let pki = test_pki();
    let identity = pki.identity(Role::Principal).unwrap();
    assert!(!format!("{identity:?}").contains("PRIVATE"));
    let folder = tempfile::tempdir().unwrap();
    pki.write_certificates(folder.path()).unwrap();
    let mut files = 0;
    for kind in ["anchors", "authorities", "certificates"] {
        for entry in std::fs::read_dir(folder.path().join(kind)).unwrap() {
            let octets = std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
            assert!(!octets.contains("PRIVATE KEY"));
            files += 1;
        }
    }
    assert_eq!(files, 2 + 2 + 2 * 13);
}
