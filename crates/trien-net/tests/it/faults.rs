//! Each fault of a service gives the error that names it.

use std::time::Duration;

use trien_cms::{TimeStampRequest, TimeStampToken, token_of_response};
use trien_net::{AddressPolicy, HttpSettings, HttpTransport, NetError, NetErrorKind};
use trien_testkit::pki::Role;
use trien_testkit::services::{
    CrlEncoding, Fault, Framing, LiveServices, OcspCertId, make_ocsp_request,
};
use trien_types::{DigestAlgorithm, Limits, Purpose, Transport, TransportRequest};
use trien_x509::{CertStatus, Crl, Digester, OcspResponse};

use crate::live::{get, http, kind, now, services, settings};

pub(crate) const STAMPED: &[u8] = b"a signature value";

pub(crate) fn query(nonce: u64) -> TimeStampRequest {
    let imprint = Digester::digest(DigestAlgorithm::Sha256, STAMPED).unwrap();
    TimeStampRequest::new(&imprint, nonce).unwrap()
}

/// A revocation list while `fault` lasts.
fn list_with(live: &LiveServices, transport: &HttpTransport, fault: Fault) -> NetErrorKind {
    live.crls.faults().always([fault]);
    let url = live.crls.url(Role::PublicAuthority);
    let kind = kind(get(transport, Purpose::Crl, &url));
    live.crls.faults().clear();
    kind
}

#[test]
fn a_time_stamp_comes_as_rfc_3161_wants_it() {
    let live = services();
    let query = query(7);
    let url = live.time_stamps.url();
    let request = TransportRequest::new(Purpose::TimeStamp, &url, query.to_der());
    let answer = http().exchange(request).unwrap();
    let token = token_of_response(&answer, &query, &Limits::default()).unwrap();
    let token = TimeStampToken::parse(&token, &Limits::default()).unwrap();
    let verification = token.verify(&STAMPED, &[]);
    assert_eq!(verification.intact().unwrap().gen_time(), now());
    let logged = &live.time_stamps.log().requests()[0];
    assert_eq!(logged.method, "POST");
    assert_eq!(logged.content_type, "application/timestamp-query");
    assert!(logged.accept.starts_with("application/timestamp-reply"));
    assert_eq!(logged.body_octets, query.to_der().len());
}

#[test]
fn an_ocsp_answer_comes_as_rfc_6960_wants_it() {
    let live = services();
    let teacher = live.pki.identity(Role::SubjectTeacher).unwrap();
    let issuer = live.pki.identity(Role::PublicAuthority).unwrap();
    let digest = DigestAlgorithm::Sha1;
    let id = OcspCertId::new(teacher.certificate(), issuer.certificate(), digest).unwrap();
    let request = make_ocsp_request(&[id], None);
    // The address as the certificate gives it.
    let url = teacher.certificate().ocsp_responders().unwrap()[0].to_string();
    let answer = http()
        .exchange(TransportRequest::new(Purpose::Ocsp, &url, &request))
        .unwrap();
    let response = OcspResponse::from_der(answer, &Limits::default()).unwrap();
    let status = response.basic().unwrap().responses()[0].status;
    assert_eq!(status, CertStatus::Good);
    let logged = &live.ocsp.log().requests()[0];
    assert_eq!(logged.content_type, "application/ocsp-request");
}

#[test]
fn lists_and_issuers_come_by_get_whatever_they_are_called() {
    let live = services();
    let url = live.crls.url(Role::PublicAuthority);
    live.crls.encode_as(CrlEncoding::Pem);
    for called in ["text/plain", "text/html; charset=utf-8", "", "image/png"] {
        let fault = Fault::WrongContentType(called.to_owned());
        live.crls.faults().next([fault]);
        let answer = get(&http(), Purpose::Crl, &url).unwrap();
        Crl::from_der_or_pem(&answer, &Limits::default()).unwrap();
    }
    assert_eq!(live.crls.log().requests()[0].method, "GET");
    let url = live.issuers.url(Role::PublicAuthority);
    let issuer = live.pki.identity(Role::PublicAuthority).unwrap();
    let answer = get(&http(), Purpose::IssuerCertificate, &url).unwrap();
    assert_eq!(answer, issuer.certificate_der().unwrap());
}

#[test]
fn a_slow_service_meets_the_time_out() {
    let live = services();
    let mut settings = settings();
    settings.crl.time_out = Duration::from_millis(200);
    let transport = HttpTransport::new(settings);
    let after = Duration::from_millis(200);
    // Waiting for it to answer would take an hour.
    let slow = Fault::Slow(Duration::from_secs(3600));
    assert_eq!(
        list_with(&live, &transport, slow),
        NetErrorKind::TimedOut { after }
    );
}

#[test]
fn a_body_that_trickles_meets_the_time_out() {
    let live = services();
    let mut settings = settings();
    settings.crl.time_out = Duration::from_millis(2_500);
    let transport = HttpTransport::new(settings);
    let after = Duration::from_millis(2_500);
    // Each octet is in time by itself; all of them together take an hour.
    let octets = vec![0x30; 3_600];
    live.crls.publish("/crl/PublicAuthority.crl", octets);
    let pause = Duration::from_secs(1);
    assert_eq!(
        list_with(&live, &transport, Fault::Trickle { pause }),
        NetErrorKind::TimedOut { after }
    );
}

#[test]
fn a_huge_body_meets_the_size_limit_however_its_length_is_told() {
    let live = services();
    let mut settings = settings();
    settings.crl.answer_octets = 100_000;
    let transport = HttpTransport::new(settings);
    for framing in [Framing::Chunked, Framing::Declared] {
        // So long that reading it whole would meet the time-out first.
        let octets = 1 << 40;
        assert_eq!(
            list_with(&live, &transport, Fault::Huge { octets, framing }),
            NetErrorKind::BodyTooLarge {
                limit_octets: 100_000
            }
        );
    }
}

#[test]
fn a_body_of_exactly_the_limit_passes() {
    let live = services();
    let url = live.crls.url(Role::PublicAuthority);
    let octets = get(&http(), Purpose::Crl, &url).unwrap().len();
    let mut settings = settings();
    settings.crl.answer_octets = u64::try_from(octets).unwrap();
    let exact = HttpTransport::new(settings.clone());
    assert_eq!(get(&exact, Purpose::Crl, &url).unwrap().len(), octets);
    settings.crl.answer_octets -= 1;
    let short = HttpTransport::new(settings);
    assert!(matches!(
        kind(get(&short, Purpose::Crl, &url)),
        NetErrorKind::BodyTooLarge { .. }
    ));
}

#[test]
fn a_gzip_bomb_meets_the_size_limit() {
    let live = services();
    let mut settings = settings();
    settings.crl.answer_octets = 1_000_000;
    let transport = HttpTransport::new(settings);
    let octets = 100_000_000;
    assert_eq!(
        list_with(&live, &transport, Fault::GzipBomb { octets }),
        NetErrorKind::BodyTooLarge {
            limit_octets: 1_000_000
        }
    );
    let octets = 5_000;
    live.crls.faults().next([Fault::GzipBomb { octets }]);
    let url = live.crls.url(Role::PublicAuthority);
    assert_eq!(get(&transport, Purpose::Crl, &url).unwrap(), [0; 5_000]);
}

#[test]
fn a_body_that_is_cut_off_is_no_answer() {
    let live = services();
    assert_eq!(
        list_with(&live, &http(), Fault::CutOff),
        NetErrorKind::CutOff
    );
}

#[test]
fn a_service_that_hangs_up_is_told() {
    let live = services();
    assert_eq!(
        list_with(&live, &http(), Fault::HangUp),
        NetErrorKind::CutOff
    );
}

#[test]
fn an_http_error_is_told_with_its_status() {
    let live = services();
    for status in [400, 403, 404, 500, 503, 204] {
        assert_eq!(
            list_with(&live, &http(), Fault::HttpStatus(status)),
            NetErrorKind::HttpStatus(status)
        );
    }
    assert!(NetErrorKind::HttpStatus(503).is_retriable());
    assert!(!NetErrorKind::HttpStatus(404).is_retriable());
}

#[test]
fn an_empty_answer_is_told() {
    let live = services();
    assert_eq!(
        list_with(&live, &http(), Fault::HttpStatus(200)),
        NetErrorKind::EmptyAnswer
    );
}

#[test]
fn a_login_page_of_a_network_is_told() {
    let live = services();
    let page = b"\n<!DOCTYPE html><title>Welcome</title>".to_vec();
    live.crls.publish("/crl/PublicAuthority.crl", page);
    let html = Fault::WrongContentType("text/html".to_owned());
    assert_eq!(list_with(&live, &http(), html), NetErrorKind::WebPage);
}

#[test]
fn garbage_is_handed_on_for_whoever_reads_it() {
    let live = services();
    live.crls.faults().next([Fault::Garbage]);
    let url = live.crls.url(Role::PublicAuthority);
    let answer = get(&http(), Purpose::Crl, &url).unwrap();
    assert!(Crl::from_der_or_pem(&answer, &Limits::default()).is_err());
}

#[test]
fn nobody_there_is_told() {
    let url = "http://127.0.0.1:1/a.crl";
    let result = get(&http(), Purpose::Crl, url);
    let error = result.unwrap_err();
    let error = NetError::of(&error).unwrap();
    assert_eq!(error.kind(), &NetErrorKind::Unreachable);
    assert_eq!(error.url(), url);
}

#[test]
fn private_addresses_are_refused_without_a_connection() {
    let live = services();
    let port = live.crls.address().port();
    let transport = HttpTransport::new(HttpSettings::default());
    // The last forms are what a system's resolver makes of odd numbers, and a name.
    for host in [
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "localhost",
    ] {
        let url = format!("http://{host}:{port}/crl/PublicAuthority.crl");
        assert!(
            matches!(
                kind(get(&transport, Purpose::Crl, &url)),
                NetErrorKind::AddressRefused { .. } | NetErrorKind::HostNotFound
            ),
            "{host}"
        );
    }
    let name = format!("http://localhost:{port}/");
    assert!(matches!(
        kind(get(&transport, Purpose::Crl, &name)),
        NetErrorKind::AddressRefused { address } if address.is_loopback()
    ));
    assert!(live.crls.log().is_empty());
}

#[test]
fn a_listed_host_may_be_private() {
    let live = services();
    let url = live.crls.url(Role::PublicAuthority);
    let mut settings = settings();
    settings.addresses = AddressPolicy::public_or(["127.0.0.1"]);
    let transport = HttpTransport::new(settings);
    assert!(get(&transport, Purpose::Crl, &url).is_ok());
    let other = url.replace("127.0.0.1", "localhost");
    assert!(matches!(
        kind(get(&transport, Purpose::Crl, &other)),
        NetErrorKind::AddressRefused { .. }
    ));
}

#[test]
fn a_name_without_an_address_is_told() {
    let mut settings = settings();
    settings.crl.time_out = Duration::from_secs(10);
    settings.crl.connect_time_out = Duration::from_secs(5);
    let transport = HttpTransport::new(settings);
    let result = get(
        &transport,
        Purpose::Crl,
        "http://no-such-host.invalid/a.crl",
    );
    assert!(matches!(
        kind(result),
        // A machine without any name server may take its time to say so.
        NetErrorKind::HostNotFound | NetErrorKind::TimedOut { .. }
    ));
}

#[test]
fn a_proxy_is_used_only_where_it_is_set() {
    let live = services();
    let url = live.crls.url(Role::PublicAuthority);
    let mut settings = settings();
    settings.proxy = Some("http://127.0.0.1:1".to_owned());
    settings.addresses = AddressPolicy::PublicOnly;
    let transport = HttpTransport::new(settings);
    assert!(matches!(
        kind(get(&transport, Purpose::Crl, &url)),
        NetErrorKind::AddressRefused { .. }
    ));
    // Nothing listens at the proxy's address, which itself may be private.
    let public = get(&transport, Purpose::Crl, "http://1.1.1.1/a.crl");
    assert_eq!(kind(public), NetErrorKind::Unreachable);
    assert!(live.crls.log().is_empty());
}
