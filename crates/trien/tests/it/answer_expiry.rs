//! Until when answers of services are kept.

use trien::net::{CacheSettings, CachedTransport, HttpSettings, HttpTransport};
use trien::{Purpose, Transport, TransportRequest, UnixTime, answer_expiry};
use trien_testkit::pki::Role;
use trien_testkit::services::{
    CertificateEncoding, CrlEncoding, Fault, LiveServices, OcspCertId, make_ocsp_request,
};
use trien_types::DigestAlgorithm;

fn now() -> UnixTime {
    UnixTime::from_rfc3339("2026-05-31T08:00:00+07:00").unwrap()
}

#[test]
fn answers_are_kept_until_the_moment_they_name_and_refusals_not_at_all() {
    let keys = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("keys");
    let live = LiveServices::start(&keys, now()).unwrap();
    let mut settings = HttpSettings::default();
    settings.addresses = trien::net::AddressPolicy::public_or(["127.0.0.1"]);
    let http = HttpTransport::new(settings);
    let folder = tempfile::tempdir().unwrap();
    let kept = CacheSettings::default();
    let cache = CachedTransport::open(http, folder.path(), kept, answer_expiry, now).unwrap();
    let tomorrow = Some(now().plus_seconds(86_400));
    let ask = |purpose, url: &str, body: &[u8]| {
        let request = TransportRequest::new(purpose, url, body);
        let answer = cache.exchange(request).unwrap();
        answer_expiry(purpose, &answer)
    };

    let list = live.crls.url(Role::PublicAuthority);
    live.crls.encode_as(CrlEncoding::Pem);
    assert_eq!(ask(Purpose::Crl, &list, b""), tomorrow);
    assert_eq!(ask(Purpose::Crl, &list, b""), tomorrow);
    assert_eq!(live.crls.log().len(), 1);

    let teacher = live.pki.identity(Role::SubjectTeacher).unwrap();
    let issuer = live.pki.identity(Role::PublicAuthority).unwrap();
    let digest = DigestAlgorithm::Sha1;
    let id = OcspCertId::new(teacher.certificate(), issuer.certificate(), digest).unwrap();
    let question = make_ocsp_request(&[id], None);
    let responder = live.ocsp.url(Role::PublicAuthority);
    live.ocsp.faults().next([Fault::Refuse]);
    live.ocsp.faults().next([Fault::Garbage]);
    assert_eq!(ask(Purpose::Ocsp, &responder, &question), None);
    assert_eq!(ask(Purpose::Ocsp, &responder, &question), None);
    assert_eq!(ask(Purpose::Ocsp, &responder, &question), tomorrow);
    assert_eq!(ask(Purpose::Ocsp, &responder, &question), tomorrow);
    assert_eq!(live.ocsp.log().len(), 3);

    let address = live.issuers.url(Role::PublicAuthority);
    let authority_ends = UnixTime::from_rfc3339("2045-01-01T00:00:00Z").unwrap();
    for encoding in [
        CertificateEncoding::Der,
        CertificateEncoding::Pem,
        CertificateEncoding::Pkcs7,
    ] {
        live.issuers.encode_as(encoding);
        let octets = uncached(&live, &address);
        let expiry = answer_expiry(Purpose::IssuerCertificate, &octets);
        assert_eq!(expiry, Some(authority_ends), "{encoding:?}");
    }
    assert_eq!(answer_expiry(Purpose::TimeStamp, b""), None);
}

/// Without the cache, which would give the first encoding again.
fn uncached(live: &LiveServices, url: &str) -> Vec<u8> {
    let mut settings = HttpSettings::default();
    settings.addresses = trien::net::AddressPolicy::AllowPrivate;
    let request = TransportRequest::new(Purpose::IssuerCertificate, url, b"");
    let answer = HttpTransport::new(settings).exchange(request).unwrap();
    assert!(!live.issuers.log().is_empty());
    answer
}
