//! The test services judged by OpenSSL's command line, and its services by our readers.

use std::path::Path;

use openssl::ocsp;
use trien_testkit::pki::Role;
use trien_testkit::services::{
    CrlPlan, OcspSigning, OpensslOcspServer, ServiceError, TimeStampPlan, make_crl,
    make_time_stamp, time_stamp_response,
};
use trien_types::DigestAlgorithm;
use trien_x509::{Digester, RevocationReason};

use crate::judge::{printed, run};
use crate::services::{now, services};

fn write(folder: &Path, name: &str, octets: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, octets).unwrap();
    path.to_str().unwrap().to_owned()
}

const AT: &str = "1780189200";

#[test]
fn openssl_ts_accepts_tokens_made_here() {
    let live = services();
    let folder = tempfile::tempdir().unwrap();
    for role in [Role::TimeStampAuthority, Role::PublicTimeStampAuthority] {
        let authority = live.pki.identity(role).unwrap();
        let imprint = Digester::digest(DigestAlgorithm::Sha256, b"stamped").unwrap();
        let plan = TimeStampPlan::new(imprint, now());
        let plan = plan.with_path_of(authority).unwrap();
        let token = make_time_stamp(authority, &plan).unwrap();
        let root = authority.issuers().last().unwrap().to_pem().unwrap();
        let arguments = [
            "ts",
            "-verify",
            "-data",
            &write(folder.path(), "data", b"stamped"),
            "-in",
            &write(folder.path(), "tsr", &time_stamp_response(&token)),
            "-CAfile",
            &write(folder.path(), "root", &root),
            "-attime",
            AT,
        ];
        let Some(output) = run("openssl", &arguments) else {
            return;
        };
        assert!(output.status.success(), "{}", printed(&output));
    }
}

#[test]
fn openssl_crl_accepts_lists_made_here() {
    let live = services();
    let folder = tempfile::tempdir().unwrap();
    let issuer = live.pki.identity(Role::GovernmentAuthority).unwrap();
    let list = make_crl(issuer, &CrlPlan::new(now())).unwrap();
    let arguments = [
        "crl",
        "-inform",
        "DER",
        "-noout",
        "-text",
        "-in",
        &write(folder.path(), "crl", &list),
        "-CAfile",
        &write(folder.path(), "ca", &issuer.certificate_pem().unwrap()),
    ];
    if let Some(output) = run("openssl", &arguments) {
        assert!(
            printed(&output).contains("verify OK"),
            "{}",
            printed(&output)
        );
    }
}

#[test]
fn openssl_ocsp_asks_our_responders() {
    let live = services();
    let folder = tempfile::tempdir().unwrap();
    let principal = live.pki.identity(Role::Principal).unwrap();
    let seal = live.pki.identity(Role::SchoolSeal).unwrap();
    let issuer = live.pki.identity(Role::GovernmentAuthority).unwrap();
    live.register
        .revoke(seal, now(), RevocationReason::Superseded)
        .unwrap();
    let root = live.pki.identity(Role::GovernmentRoot).unwrap();
    let cas = [
        issuer.certificate_pem().unwrap(),
        root.certificate_pem().unwrap(),
    ];
    for signing in [OcspSigning::Responder, OcspSigning::Authority] {
        live.ocsp.sign_by(signing);
        let arguments = [
            "ocsp",
            "-issuer",
            &write(folder.path(), "issuer", &cas[0]),
            "-cert",
            &write(folder.path(), "a", &principal.certificate_pem().unwrap()),
            "-cert",
            &write(folder.path(), "b", &seal.certificate_pem().unwrap()),
            "-url",
            &live.ocsp.url(Role::GovernmentAuthority),
            "-CAfile",
            &write(folder.path(), "cas", &cas.concat()),
            "-attime",
            AT,
            "-validity_period",
            "1000000000",
        ];
        let Some(output) = run("openssl", &arguments) else {
            return;
        };
        let printed = printed(&output);
        assert!(printed.contains("Response verify OK"), "{printed}");
        assert!(!printed.contains("nonce"), "{printed}");
        assert!(printed.contains("a: good"), "{printed}");
        assert!(printed.contains("b: revoked"), "{printed}");
        assert!(printed.contains("Reason: superseded"), "{printed}");
    }
}

#[test]
fn the_responder_of_openssl_answers_for_the_test_pki() {
    let live = services();
    let principal = live.pki.identity(Role::Principal).unwrap();
    let seal = live.pki.identity(Role::SchoolSeal).unwrap();
    let server = OpensslOcspServer::start(
        &live.pki,
        Role::GovernmentAuthority,
        Role::GovernmentOcspResponder,
        &[principal],
        &[(seal, now())],
    );
    let server = match server {
        Ok(server) => server,
        Err(ServiceError::ProgramMissing) => {
            eprintln!("SKIPPED: openssl is not installed");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let folder = tempfile::tempdir().unwrap();
    let issuer = live.pki.identity(Role::GovernmentAuthority).unwrap();
    let arguments = [
        "ocsp",
        "-issuer",
        &write(folder.path(), "issuer", &issuer.certificate_pem().unwrap()),
        "-cert",
        &write(folder.path(), "a", &principal.certificate_pem().unwrap()),
        "-cert",
        &write(folder.path(), "b", &seal.certificate_pem().unwrap()),
        "-url",
        server.url(),
        "-noverify",
        "-respout",
        &write(folder.path(), "response", b""),
    ];
    let output = run("openssl", &arguments).unwrap();
    let printed = printed(&output);
    assert!(printed.contains("a: good"), "{printed}");
    assert!(printed.contains("b: revoked"), "{printed}");
    let response = std::fs::read(folder.path().join("response")).unwrap();
    ocsp::OcspResponse::from_der(&response).unwrap();
}
