//! Time-stamping authorities that are down, slow to agree, or lie: nothing they say is taken that
//! is not the time stamp asked for, and the signature is given back untouched.

use std::time::Duration;

use trien::{
    AuthorityFailureReason, Document, ExtensionErrorKind, ExtensionLevel, Limits, NoTimeStamp,
    SignatureRequest, TimeStampAuthority, TimestampFailure, TimestampedSigningError, Transport,
    TransportError, TransportRequest, extend, sign_and_timestamp,
};
use trien_cms::{TimeStampRequest, TimeStampResponseError};
use trien_testkit::pki::Role;
use trien_testkit::services::{
    Fault, Framing, TimeStampPlan, make_time_stamp, time_stamp_response,
};
use trien_testkit::structures::{Structure, write};

use crate::client::{Client, Unplugged};
use crate::levels::{assert_intact, authority, basic, request, services, stamped};
use crate::school::{SIGNED_AT, assert_sound, empty_page, key_of};

fn small() -> Vec<u8> {
    write(&empty_page(), Structure::ClassicTable)
}

/// What a failed signing says of its one authority, and the signature it gives back.
fn failed(error: TimestampedSigningError<'_>) -> (String, Vec<u8>) {
    let TimestampedSigningError::Timestamp(failed) = error else {
        panic!("{error}")
    };
    let TimestampFailure::NoTimeStamp(NoTimeStamp::Authorities(failures)) = failed.failure() else {
        panic!("{failed}")
    };
    assert_eq!(failures.len(), 1);
    let said = format!("{:?}", failures[0].reason);
    let basic = failed.into_basic();
    // Asked again without a network, it says so, and is still there.
    let failed = basic
        .timestamp(&Unplugged, &TimeStampAuthority::at("http://127.0.0.1:1/"))
        .unwrap_err();
    let TimestampFailure::NoTimeStamp(NoTimeStamp::Authorities(failures)) = failed.failure() else {
        panic!("{failed} after {said}")
    };
    assert!(failures[0].to_string().contains("unplugged"));
    let basic = failed.into_basic().finish().to_vec();
    (said, basic)
}

#[test]
fn every_fault_of_an_authority_is_named_and_leaves_the_signature_untouched() {
    let services = services(SIGNED_AT);
    let file = small();
    let document = Document::open(&file, &Limits::default()).unwrap();
    let mut key = key_of(services.pki.identity(Role::Principal).unwrap());
    let cut_off = Fault::CutOff;
    let huge = Fault::Huge {
        octets: 3_000_000,
        framing: Framing::Declared,
    };
    for (fault, wanted) in [
        (cut_off, "Transport"),
        (huge, "Transport"),
        (Fault::HangUp, "Transport"),
        (Fault::HttpStatus(503), "Transport"),
        (Fault::Garbage, "Malformed"),
        (Fault::Refuse, "Refused"),
        (Fault::UnknownStatus, "Refused"),
        (Fault::WrongNonce, "NonceDiffers"),
        (Fault::WrongImprint, "ImprintDiffers"),
        (Fault::WrongKey, "Broken"),
        (Fault::ExpiredSigner, "Faulty(OutsideValidity)"),
    ] {
        services.time_stamps.faults().always([fault.clone()]);
        let request = SignatureRequest::new("HieuTruong", SIGNED_AT);
        let error = sign_and_timestamp(
            &document,
            &mut key,
            request,
            &Client::default(),
            &authority(&services),
        )
        .unwrap_err();
        let (said, basic) = failed(error);
        assert!(said.contains(wanted), "{fault:?}: {said}");
        assert_sound(&basic, &["HieuTruong"], "kept as B-B");
    }
}

#[test]
fn the_next_authority_is_asked_when_one_fails_and_only_then() {
    let services = services(SIGNED_AT);
    let file = small();
    let document = Document::open(&file, &Limits::default()).unwrap();
    let mut key = key_of(services.pki.identity(Role::Principal).unwrap());
    let both = [
        services.time_stamps.url(),
        services.public_time_stamps.url(),
    ];
    let authority = TimeStampAuthority::first_of(both.clone());
    services.time_stamps.faults().next([Fault::Garbage]);
    services
        .time_stamps
        .faults()
        .next([Fault::Slow(Duration::from_millis(300))]);
    for (number, url) in [(1, &both[1]), (0, &both[0])] {
        let request = SignatureRequest::new("HieuTruong", SIGNED_AT);
        let client = Client::default();
        let stamped =
            sign_and_timestamp(&document, &mut key, request, &client, &authority).unwrap();
        assert_eq!(stamped.url(), url);
        assert_eq!(stamped.failures().len(), number);
        assert_eq!(client.asked().len(), number + 1);
    }
    let none: [String; 0] = [];
    let request = SignatureRequest::new("HieuTruong", SIGNED_AT);
    let nobody = TimeStampAuthority::first_of(none);
    let error = sign_and_timestamp(&document, &mut key, request, &Unplugged, &nobody);
    let error = error.unwrap_err();
    assert!(
        std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("no time-stamping authority")),
        "{error:?}"
    );
}

#[test]
fn a_time_stamp_larger_than_its_room_makes_the_key_sign_again() {
    let services = services(SIGNED_AT);
    let file = small();
    let document = Document::open(&file, &Limits::default()).unwrap();
    let mut key = key_of(services.pki.identity(Role::Principal).unwrap());
    let mut request = SignatureRequest::new("HieuTruong", SIGNED_AT);
    request.time_stamp_octets = 1;
    let client = Client::default();
    let stamped =
        sign_and_timestamp(&document, &mut key, request, &client, &authority(&services)).unwrap();
    assert_eq!(client.asked().len(), 2);
    assert_intact(&stamped.finish().to_vec(), &["HieuTruong"]);
}

#[test]
fn a_signature_without_room_keeps_its_level_and_says_so() {
    let services = services(SIGNED_AT);
    let file = small();
    let document = Document::open(&file, &Limits::default()).unwrap();
    let identity = services.pki.identity(Role::Principal).unwrap();
    let mut key = key_of(identity);
    let request = SignatureRequest::new("HieuTruong", SIGNED_AT);
    let path = identity.path_der().unwrap();
    let scheme = trien::SigningKey::schemes(&key)[0];
    let signed = trien::propose(&document, &path[0], request)
        .unwrap()
        .prepare(&path, scheme)
        .unwrap()
        .sign(&mut key)
        .unwrap();
    let failed = signed
        .timestamp(&Client::default(), &authority(&services))
        .unwrap_err();
    assert!(matches!(
        failed.failure(),
        TimestampFailure::ContentsTooSmall(_)
    ));
    assert_sound(
        &failed.into_basic().finish().to_vec(),
        &["HieuTruong"],
        "B-B",
    );
}

#[test]
fn a_document_time_stamp_that_is_refused_leaves_the_file_as_it_was() {
    let services = services(SIGNED_AT);
    let client = Client::default();
    let t = stamped(&services, &small(), SIGNED_AT, &client);
    let limits = Limits::default();
    for fault in [Fault::WrongNonce, Fault::WrongImprint, Fault::CutOff] {
        services.time_stamps.faults().always([fault]);
        let wanted = request(&services, ExtensionLevel::BLta, SIGNED_AT, &client);
        let error = extend(&t, &wanted, &limits).unwrap_err();
        assert!(
            matches!(error.kind(), ExtensionErrorKind::NoTimeStamp(_)),
            "{error}"
        );
    }
    let mut nobody = request(&services, ExtensionLevel::BLta, SIGNED_AT, &client);
    nobody.authority = None;
    let error = extend(&t, &nobody, &limits).unwrap_err();
    assert!(matches!(error.kind(), ExtensionErrorKind::NoAuthority));
    // B-LT needs no further time stamp: the signature has one.
    nobody.level = ExtensionLevel::BLt;
    assert!(extend(&t, &nobody, &limits).is_ok());
    let b = basic(&services, &small(), SIGNED_AT);
    let error = extend(&b, &nobody, &limits).unwrap_err();
    assert!(matches!(error.kind(), ExtensionErrorKind::NoAuthority));
}

#[test]
fn openssl_as_an_authority_is_accepted() {
    use trien_testkit::services::OpensslTimeStampServer;
    let now = crate::levels::ago(0);
    let services = services(now);
    let server = match OpensslTimeStampServer::start(&services.pki, Role::TimeStampAuthority) {
        Ok(server) => server,
        Err(error) => {
            println!("SKIPPED: openssl ts: {error}");
            return;
        }
    };
    let file = small();
    let document = Document::open(&file, &Limits::default()).unwrap();
    let mut key = key_of(services.pki.identity(Role::Principal).unwrap());
    let request = SignatureRequest::new("HieuTruong", now);
    let authority = TimeStampAuthority::at(server.url());
    let stamped =
        sign_and_timestamp(&document, &mut key, request, &Client::default(), &authority).unwrap();
    assert!(stamped.time() >= now && stamped.time() <= now.plus_seconds(60));
    let policy = trien_x509::const_oid::ObjectIdentifier::new_unwrap("1.2.3.4.5.6.7");
    let request = SignatureRequest::new("HieuTruong", now);
    let strict = authority.under_policy(policy);
    let error = sign_and_timestamp(&document, &mut key, request, &Client::default(), &strict);
    let TimestampedSigningError::Timestamp(failed) = error.unwrap_err() else {
        panic!("no signature")
    };
    let TimestampFailure::NoTimeStamp(NoTimeStamp::Authorities(failures)) = failed.failure() else {
        panic!("{failed}")
    };
    assert!(matches!(
        failures[0].reason,
        AuthorityFailureReason::Response(TimeStampResponseError::Refused(_))
    ));
}

/// An authority that sends every certificate it knows along.
#[derive(Debug)]
struct Talkative<'p>(&'p trien_testkit::pki::TestPki);

impl Transport for Talkative<'_> {
    fn exchange(&self, request: TransportRequest<'_>) -> Result<Vec<u8>, TransportError> {
        let read = TimeStampRequest::from_der(request.body).unwrap();
        // The nonce stands before the three octets of certReq.
        let rest = &request.body[..request.body.len() - 3];
        let nonce = (1..10)
            .map(|length| rest.split_at(rest.len() - length))
            .find(|(head, nonce)| head.ends_with(&[2, u8::try_from(nonce.len()).unwrap()]))
            .map(|(_, nonce)| nonce.to_vec());
        let authority = self.0.identity(Role::TimeStampAuthority).unwrap();
        let mut plan = TimeStampPlan::new(read.imprint().clone(), SIGNED_AT);
        plan.nonce = nonce;
        plan.certificates = Role::all()
            .into_iter()
            .map(|role| self.0.identity(role).unwrap().certificate_der().unwrap())
            .collect();
        Ok(time_stamp_response(
            &make_time_stamp(authority, &plan).unwrap(),
        ))
    }
}

#[test]
fn a_document_time_stamp_larger_than_its_room_is_laid_out_again() {
    let services = services(SIGNED_AT);
    let t = stamped(&services, &small(), SIGNED_AT, &Client::default());
    let talkative = Talkative(&services.pki);
    let wanted = request(&services, ExtensionLevel::BT, SIGNED_AT, &talkative);
    let b = basic(&services, &small(), SIGNED_AT);
    let extended = extend(&b, &wanted, &Limits::default()).unwrap();
    let file = extended.document.to_vec();
    assert!(file.len() > b.len() + 2 * 13_000, "{}", file.len());
    assert_intact(&file, &["HieuTruong", "DocTimeStamp1"]);
    let nothing = extend(&t, &wanted, &Limits::default()).unwrap();
    assert!(nothing.document.appended().is_empty());
}
