//! The transports against servers we did not write: OpenSSL's.

use trien_cms::{TimeStampToken, token_of_response};
use trien_net::{HttpTransport, NetErrorKind, ServerCertificate};
use trien_testkit::pki::Role;
use trien_testkit::services::{
    OcspCertId, OpensslOcspServer, OpensslTimeStampServer, OpensslTlsServer, ServiceError,
    make_ocsp_request,
};
use trien_types::{DigestAlgorithm, Limits, Purpose, Transport, TransportRequest};
use trien_x509::{CertStatus, OcspResponse, RevocationReason};

use crate::faults::{STAMPED, query};
use crate::live::{get, http, kind, now, services, settings};

/// The server, or `None` and a line that says so where OpenSSL is not installed.
fn started<S>(server: Result<S, ServiceError>) -> Option<S> {
    match server {
        Ok(server) => Some(server),
        Err(ServiceError::ProgramMissing) => {
            eprintln!("SKIPPED: openssl is not installed");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn openssl_ts_stamps() {
    let live = services();
    let server = OpensslTimeStampServer::start(&live.pki, Role::PublicTimeStampAuthority);
    let Some(server) = started(server) else {
        return;
    };
    let query = query(0x1234_5678_9ABC_DEF0);
    let url = server.url();
    let request = TransportRequest::new(Purpose::TimeStamp, &url, query.to_der());
    let answer = http().exchange(request).unwrap();
    let token = token_of_response(&answer, &query, &Limits::default()).unwrap();
    let token = TimeStampToken::parse(&token, &Limits::default()).unwrap();
    assert!(token.verify(&STAMPED, &[]).intact().is_some());
    assert_eq!(server.log().len(), 1);
}

#[test]
fn openssl_ocsp_answers() {
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
    let Some(server) = started(server) else {
        return;
    };
    let issuer = live.pki.identity(Role::GovernmentAuthority).unwrap();
    let transport = http();
    let status = |certificate: &trien_testkit::pki::Identity| {
        let id = OcspCertId::new(
            certificate.certificate(),
            issuer.certificate(),
            DigestAlgorithm::Sha1,
        );
        let request = make_ocsp_request(&[id.unwrap()], Some(&[7; 16]));
        let request = TransportRequest::new(Purpose::Ocsp, server.url(), &request);
        let answer = transport.exchange(request).unwrap();
        let response = OcspResponse::from_der(answer, &Limits::default()).unwrap();
        let basic = response.basic().unwrap();
        assert_eq!(basic.nonce(), Some(&[7; 16][..]));
        basic.responses()[0].status
    };
    assert_eq!(status(principal), CertStatus::Good);
    assert_eq!(
        status(seal),
        CertStatus::Revoked {
            time: now(),
            reason: RevocationReason::KeyCompromise
        }
    );
    let teacher = live.pki.identity(Role::SubjectTeacher).unwrap();
    assert_eq!(status(teacher), CertStatus::Unknown);
}

#[test]
fn a_server_certificate_matters_where_the_settings_say_so() {
    let live = services();
    let server = OpensslTlsServer::start(&live.pki, Role::PublicAuthority, b"a list");
    let Some(server) = started(server) else {
        return;
    };
    let mut settings = settings();
    let lax = HttpTransport::new(settings.clone());
    assert_eq!(get(&lax, Purpose::Crl, server.url()).unwrap(), b"a list");
    settings.crl.server_certificate = ServerCertificate::Verified;
    let strict = HttpTransport::new(settings);
    assert_eq!(
        kind(get(&strict, Purpose::Crl, server.url())),
        NetErrorKind::Tls
    );
    assert_eq!(
        kind(get(&strict, Purpose::TimeStamp, server.url())),
        NetErrorKind::Tls
    );
}
