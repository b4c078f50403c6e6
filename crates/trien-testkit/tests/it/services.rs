//! The test services as the readers of the libraries see them, asked over a bare socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use trien_cms::{
    TimeStampFault, TimeStampRequest, TimeStampResponseError, TimeStampToken, token_of_response,
};
use trien_testkit::pki::{Identity, Role};
use trien_testkit::services::{
    CertificateEncoding, CrlEncoding, CrlPlan, CrlScope, Fault, Framing, LiveServices, OcspCertId,
    OcspSigning, RevokedCertificate, indirect_crl_issuer, issuing_distribution_point, make_crl,
    make_ocsp_request,
};
use trien_types::{DigestAlgorithm, Limits, UnixTime};
use trien_x509::{
    BasicOcspResponse, CertStatus, Certificate, Crl, Digester, GeneralName, OcspResponse,
    OcspResponseStatus, RevocationReason, SerialNumber,
};

use crate::judge::kept_folder;

pub(crate) fn now() -> UnixTime {
    UnixTime::from_rfc3339("2026-05-31T08:00:00+07:00").unwrap()
}

pub(crate) fn services() -> LiveServices {
    LiveServices::start(&kept_folder("keys"), now()).unwrap()
}

struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn status(&self) -> u16 {
        self.head.get(9..12).unwrap().parse().unwrap()
    }
}

/// One request on a connection of its own; a reset ends the body where it is.
fn exchange(address: SocketAddr, method: &str, target: &str, kind: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "{method} {target} HTTP/1.0\r\nHost: {address}\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut octets = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut piece) {
        octets.extend_from_slice(&piece[..count]);
    }
    let end = octets.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.map_or(octets.len(), |end| end + 4);
    let body = octets.split_off(end);
    let head = String::from_utf8(octets).unwrap();
    Answer { head, body }
}

fn get(address: SocketAddr, url: &str) -> Answer {
    exchange(address, "GET", path(url), "", b"")
}

fn path(url: &str) -> &str {
    let after_scheme = url.strip_prefix("http://").unwrap();
    after_scheme.trim_start_matches(|character| character != '/')
}

const STAMPED: &[u8] = b"a signature value";
const NONCE: u64 = 0x8000_0000_0000_0001;

fn query() -> TimeStampRequest {
    let imprint = Digester::digest(DigestAlgorithm::Sha256, STAMPED).unwrap();
    TimeStampRequest::new(&imprint, NONCE).unwrap()
}

fn stamp(live: &LiveServices) -> Result<TimeStampToken, TimeStampResponseError> {
    let query = query();
    let kind = "application/timestamp-query";
    let address = live.time_stamps.address();
    let answer = exchange(address, "POST", "/tsa", kind, query.to_der());
    assert_eq!(answer.status(), 200);
    let token = token_of_response(&answer.body, &query, &Limits::default())?;
    TimeStampToken::parse(&token, &Limits::default()).map_err(TimeStampResponseError::Token)
}

#[test]
fn a_sound_time_stamp_verifies_at_the_moment_of_the_clock() {
    let live = services();
    let token = stamp(&live).unwrap();
    let verification = token.verify(&STAMPED, &[]);
    assert_eq!(verification.intact().unwrap().gen_time(), now());
    assert_eq!(token.signed_data().certificates().len(), 1);
    live.set_time(now().plus_seconds(60));
    let later = stamp(&live).unwrap();
    let intact = later.verify(&STAMPED, &[]);
    assert_eq!(intact.intact().unwrap().gen_time(), now().plus_seconds(60));
    assert_ne!(later.tst_info().serial(), token.tst_info().serial());
    assert_eq!(live.time_stamps.log().count("/tsa"), 2);
}

#[test]
fn each_time_stamp_fault_is_what_it_says() {
    let live = services();
    let with = |fault: Fault| {
        live.time_stamps.faults().next([fault]);
        stamp(&live)
    };
    assert!(matches!(
        with(Fault::WrongNonce),
        Err(TimeStampResponseError::NonceDiffers)
    ));
    assert!(matches!(
        with(Fault::Refuse),
        Err(TimeStampResponseError::Refused(refusal)) if refusal.status == 2
    ));
    assert!(matches!(
        with(Fault::UnknownStatus),
        Err(TimeStampResponseError::Refused(refusal)) if refusal.status == 6
    ));
    assert!(matches!(
        with(Fault::Garbage),
        Err(TimeStampResponseError::Malformed(_))
    ));
    let verify = |fault| with(fault).unwrap().verify(&STAMPED, &[]);
    assert_eq!(
        verify(Fault::WrongImprint).faults(),
        [TimeStampFault::ImprintDiffers]
    );
    assert_eq!(
        verify(Fault::ExpiredSigner).faults(),
        [TimeStampFault::OutsideValidity]
    );
    assert!(verify(Fault::WrongKey).broken().is_some());
    for (fault, seconds) in [
        (Fault::LocalTimeAsUtc, 7 * 3_600),
        (Fault::FromFuture, 86_400),
        (Fault::Stale, -22 * 86_400),
    ] {
        let verification = verify(fault);
        let time = verification.intact().unwrap().gen_time();
        assert_eq!(time, now().plus_seconds(seconds));
    }
}

#[test]
fn a_time_stamp_query_that_breaks_the_rules_is_refused() {
    let live = services();
    let address = live.time_stamps.address();
    let query = query();
    let kind = "application/timestamp-query";
    assert_eq!(exchange(address, "GET", "/tsa", kind, b"").status(), 403);
    let other = exchange(address, "POST", "/tsa", "text/plain", query.to_der());
    assert_eq!(other.status(), 415);
    let wrong_version = [&[0x30, 3, 2, 1, 9][..], &[]].concat();
    let refused = exchange(address, "POST", "/tsa", kind, &wrong_version);
    let error = token_of_response(&refused.body, &query, &Limits::default()).unwrap_err();
    assert!(matches!(error, TimeStampResponseError::Refused(_)));
    // badDataFormat is bit 5: one octet, two unused bits, the last used one set.
    assert!(refused.body.ends_with(&[0x03, 2, 2, 0b0000_0100]));
}

fn ask(live: &LiveServices, asked: &Identity, role: Role) -> OcspResponse {
    let issuer = live.pki.identity(role).unwrap();
    let id = OcspCertId::new(
        asked.certificate(),
        issuer.certificate(),
        DigestAlgorithm::Sha1,
    );
    let request = make_ocsp_request(&[id.unwrap()], Some(b"sixteen octets !"));
    let url = live.ocsp.url(role);
    let kind = "application/ocsp-request";
    let answer = exchange(live.ocsp.address(), "POST", path(&url), kind, &request);
    assert_eq!(answer.status(), 200);
    OcspResponse::from_der(answer.body, &Limits::default()).unwrap()
}

fn basic(response: &OcspResponse) -> BasicOcspResponse {
    response.basic().unwrap().clone()
}

fn public_key_of(der: &[u8]) -> trien_x509::PublicKey {
    let certificate = Certificate::from_der(der.to_vec()).unwrap();
    certificate.public_key().unwrap()
}

#[test]
fn ocsp_says_good_until_the_clock_reaches_the_revocation() {
    let live = services();
    let principal = live.pki.identity(Role::Principal).unwrap();
    let revoked_at = now().plus_seconds(3_600);
    live.register
        .revoke(principal, revoked_at, RevocationReason::KeyCompromise)
        .unwrap();
    let before = basic(&ask(&live, principal, Role::GovernmentAuthority));
    assert_eq!(before.responses()[0].status, CertStatus::Good);
    assert_eq!(before.nonce(), Some(&b"sixteen octets !"[..]));
    assert_eq!(before.produced_at(), now());
    live.set_time(revoked_at);
    let after = basic(&ask(&live, principal, Role::GovernmentAuthority));
    assert_eq!(
        after.responses()[0].status,
        CertStatus::Revoked {
            time: revoked_at,
            reason: RevocationReason::KeyCompromise
        }
    );
    let serial = SerialNumber::from_octets(
        &principal
            .certificate()
            .serial_number()
            .to_bn()
            .unwrap()
            .to_vec(),
    );
    let issuer = live.pki.identity(Role::GovernmentAuthority).unwrap();
    let issuer = Certificate::from_der(issuer.certificate_der().unwrap()).unwrap();
    assert!(
        after.responses()[0]
            .certificate
            .names(&issuer, issuer.subject().as_der(), &serial)
    );
}

#[test]
fn ocsp_is_signed_by_responder_or_authority() {
    let live = services();
    let teacher = live.pki.identity(Role::SubjectTeacher).unwrap();
    let authority = live.pki.identity(Role::PublicAuthority).unwrap();
    let no_check = "1.3.6.1.5.5.7.48.1.5".parse().unwrap();
    for (signing, has_no_check) in [
        (OcspSigning::Responder, true),
        (OcspSigning::CheckedResponder, false),
    ] {
        live.ocsp.sign_by(signing);
        let answer = basic(&ask(&live, teacher, Role::PublicAuthority));
        let responder = answer.certificates().next().unwrap().to_vec();
        answer.verify_signature(&public_key_of(&responder)).unwrap();
        let responder = Certificate::from_der(responder).unwrap();
        assert_eq!(responder.extension(no_check).is_some(), has_no_check);
    }
    live.ocsp.sign_by(OcspSigning::Authority);
    let answer = basic(&ask(&live, teacher, Role::PublicAuthority));
    assert_eq!(answer.certificates().count(), 0);
    let authority = authority.certificate_der().unwrap();
    answer.verify_signature(&public_key_of(&authority)).unwrap();
}

#[test]
fn each_ocsp_fault_is_what_it_says() {
    let live = services();
    let teacher = live.pki.identity(Role::SubjectTeacher).unwrap();
    let with = |fault: Fault| {
        live.ocsp.faults().next([fault]);
        ask(&live, teacher, Role::PublicAuthority)
    };
    assert_eq!(with(Fault::Refuse).status(), OcspResponseStatus::TryLater);
    let unknown = basic(&with(Fault::UnknownStatus));
    assert_eq!(unknown.responses()[0].status, CertStatus::Unknown);
    let nonce = basic(&with(Fault::WrongNonce));
    assert_eq!(nonce.nonce(), Some(&b"another nonce"[..]));
    let stale = basic(&with(Fault::Stale));
    assert!(stale.responses()[0].next_update.unwrap() < now());
    let future = basic(&with(Fault::FromFuture));
    assert!(future.responses()[0].this_update > now());
    let sound = basic(&ask(&live, teacher, Role::PublicAuthority));
    let other = basic(&with(Fault::WrongImprint));
    assert_ne!(
        other.responses()[0].certificate,
        sound.responses()[0].certificate
    );
    let forged = basic(&with(Fault::WrongKey));
    let responder = forged.certificates().next().unwrap().to_vec();
    assert!(forged.verify_signature(&public_key_of(&responder)).is_err());
    let expired = basic(&with(Fault::ExpiredSigner));
    let responder = expired.certificates().next().unwrap().to_vec();
    expired
        .verify_signature(&public_key_of(&responder))
        .unwrap();
    assert!(Certificate::from_der(responder).unwrap().not_after() < now());
}

fn fetched_crl(live: &LiveServices, url: &str) -> Crl {
    let answer = get(live.crls.address(), url);
    assert_eq!(answer.status(), 200);
    Crl::from_der_or_pem(&answer.body, &Limits::default()).unwrap()
}

fn key_of(identity: &Identity) -> trien_x509::PublicKey {
    public_key_of(&identity.certificate_der().unwrap())
}

#[test]
fn a_full_list_and_a_delta_list_share_the_revocations() {
    let live = services();
    let authority = live.pki.identity(Role::GovernmentAuthority).unwrap();
    let base = now().plus_seconds(-86_400);
    for (role, time) in [
        (Role::Principal, base.plus_seconds(-1)),
        (Role::SchoolSeal, base.plus_seconds(1)),
        (Role::SubjectTeacher, base.plus_seconds(-1)),
    ] {
        let identity = live.pki.identity(role).unwrap();
        let reason = RevocationReason::CessationOfOperation;
        live.register.revoke(identity, time, reason).unwrap();
    }
    let full = fetched_crl(&live, &live.crls.url(Role::GovernmentAuthority));
    assert_eq!(full.len(), 2, "the teacher is of another authority");
    full.verify_signature(&key_of(authority)).unwrap();
    live.crls.keep_base(base);
    live.crls.encode_as(CrlEncoding::Pem);
    let full = fetched_crl(&live, &live.crls.url(Role::GovernmentAuthority));
    let delta = fetched_crl(&live, &live.crls.delta_url(Role::GovernmentAuthority));
    assert_eq!((full.len(), delta.len()), (1, 1));
    assert_eq!(delta.delta_base(), full.number());
    assert!(delta.number() > full.number());
    delta.verify_signature(&key_of(authority)).unwrap();
}

#[test]
fn an_indirect_list_names_the_issuers_of_its_entries() {
    let live = services();
    for role in [Role::Principal, Role::SubjectTeacher] {
        let identity = live.pki.identity(role).unwrap();
        live.register
            .revoke(identity, now(), RevocationReason::Superseded)
            .unwrap();
    }
    let list = fetched_crl(&live, &live.crls.indirect_url());
    assert!(list.issuing_distribution_point().unwrap().indirect);
    let issuer = indirect_crl_issuer(&live.pki).unwrap();
    list.verify_signature(&key_of(&issuer)).unwrap();
    let mut names: Vec<String> = list
        .entries()
        .flat_map(|entry| entry.certificate_issuer().unwrap())
        .map(|name| {
            let GeneralName::Directory(name) = name else {
                panic!("{name:?}");
            };
            name.common_name().unwrap().to_owned()
        })
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "CA phục vụ các cơ quan Nhà nước THỬ NGHIỆM",
            "TEST-CA SHA-256"
        ]
    );
}

#[test]
fn each_list_fault_is_what_it_says() {
    let live = services();
    let authority = live.pki.identity(Role::PublicAuthority).unwrap();
    let url = live.crls.url(Role::PublicAuthority);
    let with = |fault: Fault| {
        live.crls.faults().next([fault]);
        fetched_crl(&live, &url)
    };
    let forged = with(Fault::WrongKey);
    assert!(forged.verify_signature(&key_of(authority)).is_err());
    assert!(with(Fault::Stale).next_update().unwrap() < now());
    assert!(with(Fault::FromFuture).this_update() > now());
    live.crls
        .publish("/crl/PublicAuthority.crl", b"no list".to_vec());
    assert_eq!(get(live.crls.address(), &url).body, b"no list");
}

#[test]
fn a_list_can_be_made_without_a_server() {
    let live = services();
    let issuer = live.pki.identity(Role::NationalRoot).unwrap();
    let revoked = live.pki.identity(Role::PublicAuthority).unwrap();
    let entry =
        RevokedCertificate::new(revoked.certificate(), now(), RevocationReason::CaCompromise);
    let mut plan = CrlPlan::new(now()).with(entry.unwrap());
    plan.issuing_distribution_point = Some(issuing_distribution_point(
        "http://x.invalid/a.crl",
        CrlScope::AuthorityCertificates,
    ));
    plan.expired_certificates_since = Some(now().plus_seconds(-1));
    let list = Crl::from_der(make_crl(issuer, &plan).unwrap(), &Limits::default()).unwrap();
    list.verify_signature(&key_of(issuer)).unwrap();
    assert_eq!(list.next_update(), Some(now().plus_seconds(86_400)));
    assert_eq!(
        list.expired_certificates_since(),
        Some(now().plus_seconds(-1))
    );
    let entry = list.entries().next().unwrap();
    assert_eq!(entry.reason(), Ok(RevocationReason::CaCompromise));
    assert_eq!(list.unknown_critical_extensions().count(), 0);
}

#[test]
fn issuers_certificates_come_in_three_wrappings() {
    let live = services();
    let url = live.issuers.url(Role::PublicAuthority);
    let issuer = live.pki.identity(Role::PublicAuthority).unwrap();
    let fetched = || get(live.issuers.address(), &url).body;
    assert_eq!(fetched(), issuer.certificate_der().unwrap());
    live.issuers.encode_as(CertificateEncoding::Pem);
    let pem = openssl::x509::X509::from_pem(&fetched()).unwrap();
    assert_eq!(pem.to_der().unwrap(), issuer.certificate_der().unwrap());
    live.issuers.encode_as(CertificateEncoding::Pkcs7);
    let pkcs7 = openssl::pkcs7::Pkcs7::from_der(&fetched()).unwrap();
    assert_eq!(pkcs7.signed().unwrap().certificates().unwrap().len(), 2);
}

#[test]
fn certificates_point_to_the_services() {
    let live = services();
    let teacher = live.pki.identity(Role::SubjectTeacher).unwrap();
    let certificate = teacher.certificate();
    assert_eq!(
        certificate.ocsp_responders().unwrap()[0].to_string(),
        live.ocsp.url(Role::PublicAuthority)
    );
    let points = certificate.crl_distribution_points().unwrap();
    let names = points[0].distpoint().unwrap().fullname().unwrap();
    let url = live.crls.url(Role::PublicAuthority);
    assert_eq!(names[0].uri(), Some(url.as_str()));
}

#[test]
fn faults_of_http_are_what_they_say() {
    let live = services();
    let (server, faults) = (live.issuers.address(), live.issuers.faults());
    let url = live.issuers.url(Role::PublicAuthority);
    let sound = get(server, &url).body;
    faults.next([Fault::CutOff]);
    let cut = get(server, &url);
    assert_eq!(cut.body, sound[..sound.len() / 2]);
    assert!(
        cut.head
            .contains(&format!("content-length: {}", sound.len()))
    );
    faults.next([Fault::HangUp]);
    assert_eq!(get(server, &url).head, "");
    faults.next([Fault::HttpStatus(503)]);
    assert_eq!(get(server, &url).status(), 503);
    faults.always([Fault::RedirectLoop]);
    let first = get(server, &url);
    assert!(
        first.head.contains("PublicAuthority.cer?1"),
        "{}",
        first.head
    );
    let second = get(server, &format!("{url}?1"));
    assert!(second.head.contains("PublicAuthority.cer?2"));
    faults.clear();
    for framing in [Framing::Chunked, Framing::Declared] {
        let octets = 3_000_000;
        faults.next([Fault::Huge { octets, framing }]);
        // HTTP/1.0 knows no chunks: the body ends with the connection.
        let huge = get(server, &url);
        assert_eq!(huge.body.len(), 3_000_000);
        let declared = huge.head.contains("content-length: 3000000");
        assert_eq!(declared, framing == Framing::Declared);
    }
    let octets = 10_000_000;
    faults.next([Fault::GzipBomb { octets }]);
    let bomb = get(server, &url);
    assert!(bomb.head.contains("content-encoding: gzip"));
    assert!(bomb.body.len() < 20_000, "{}", bomb.body.len());
    let start = std::time::Instant::now();
    let pause = Duration::from_millis(50);
    faults.next([Fault::Slow(pause), Fault::HttpStatus(404)]);
    assert_eq!(get(server, &url).status(), 404);
    assert!(start.elapsed() >= pause);
    let pause = Duration::from_millis(1);
    faults.next([Fault::Trickle { pause }]);
    let start = std::time::Instant::now();
    assert_eq!(get(server, &url).body, sound);
    assert!(start.elapsed() >= pause * u32::try_from(sound.len()).unwrap());
    assert_eq!(live.issuers.log().len(), 11);
}
