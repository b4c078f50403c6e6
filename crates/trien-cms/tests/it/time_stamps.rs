//! ATTACKS section 9, as far as the token alone decides.

use trien_cms::{
    BrokenBecause, CmsErrorKind, Deviation, SignatureContents, SubFilter, TimeStampFault,
    TimeStampRequest, TimeStampResponseError, TimeStampStatus, TimeStampToken, Verdict, attribute,
    token_of_response,
};
use trien_types::{DigestAlgorithm, Limits, UnixTime};
use trien_x509::asn1::{encode_tlv, octet_string, oid, sequence, unsigned_integer};
use trien_x509::const_oid::ObjectIdentifier as Oid;
use trien_x509::{AlgorithmIdentifier, Digester};

use crate::keys::{Key, Purpose};
use crate::maker::{CONTENT_TYPE, Maker, SIGNING_CERTIFICATE_V2, TST_INFO};

const STAMPED: &[u8] = b"signature value";

fn tst_info(time: &str, nonce: Option<u64>) -> Vec<u8> {
    let imprint = Digester::digest(DigestAlgorithm::Sha256, STAMPED).unwrap();
    let algorithm = AlgorithmIdentifier::for_digest(DigestAlgorithm::Sha256).unwrap();
    sequence(&[
        &unsigned_integer(1),
        &oid(Oid::new_unwrap("1.2.3.4.5")),
        &sequence(&[&algorithm.to_der(), &octet_string(imprint.as_octets())]),
        &unsigned_integer(99),
        &encode_tlv(24, &[time.as_bytes()]),
        &sequence(&[&unsigned_integer(1), &encode_tlv(0x80, &[&[0, 250]])]),
        &nonce.map_or_else(Vec::new, unsigned_integer),
    ])
}

fn maker<'a>(key: &'a Key, content: &[u8]) -> Maker<'a> {
    let mut maker = Maker::new(key, content);
    maker.content_type = TST_INFO;
    maker.content = Some(content.to_vec());
    maker.replace(CONTENT_TYPE, attribute(CONTENT_TYPE, &oid(TST_INFO)));
    maker
}

const TIME: &str = "20260531010203.456Z";

fn token(key: &Key) -> Vec<u8> {
    maker(key, &tst_info(TIME, Some(0x8000_0001))).make()
}

fn parse(octets: &[u8]) -> TimeStampToken {
    TimeStampToken::parse(octets, &Limits::default()).unwrap()
}

fn faults(octets: &[u8]) -> Vec<TimeStampFault> {
    let verification = parse(octets).verify(&STAMPED, &[]);
    assert!(verification.broken().is_none(), "{verification:?}");
    verification.faults().to_vec()
}

#[test]
fn a_sound_token_is_intact_and_states_its_time() {
    let key = Key::for_purpose(Purpose::TimeStamping);
    let token = parse(&token(&key));
    let info = token.tst_info();
    assert_eq!(info.serial().to_string(), "63");
    assert_eq!(info.policy().to_string(), "1.2.3.4.5");
    assert_eq!(info.accuracy().unwrap().seconds, 1);
    let verification = token.verify(&STAMPED, &[]);
    assert_eq!(verification.status(), TimeStampStatus::Intact);
    let intact = verification.intact().unwrap();
    assert_eq!(
        intact.gen_time(),
        UnixTime::from_rfc3339("2026-05-31T01:02:03Z").unwrap()
    );
    assert_eq!(intact.signer().certificate(), &key.certificate);
}

#[test]
fn t1_a_token_over_other_data_is_refused() {
    let key = Key::for_purpose(Purpose::TimeStamping);
    let verification = parse(&token(&key)).verify(&b"another value".as_slice(), &[]);
    assert_eq!(verification.faults(), [TimeStampFault::ImprintDiffers]);
    assert_eq!(verification.status(), TimeStampStatus::Refused);
    assert!(verification.intact().is_none());
}

#[test]
fn t2_an_edited_time_breaks_the_token() {
    let key = Key::for_purpose(Purpose::TimeStamping);
    let mut octets = token(&key);
    let position = octets
        .windows(4)
        .position(|window| window == b"2026")
        .unwrap();
    octets[position + 3] = b'5';
    let verification = parse(&octets).verify(&STAMPED, &[]);
    assert_eq!(
        verification.broken(),
        Some(&BrokenBecause::MessageDigestDiffers)
    );
    assert_eq!(verification.status(), TimeStampStatus::Refused);
}

#[test]
fn t3_the_authority_is_for_time_stamps_alone_and_says_so_critically() {
    for (purpose, fault) in [
        (Purpose::Signing, TimeStampFault::PurposeAbsent),
        (Purpose::TimeStampingLax, TimeStampFault::PurposeNotCritical),
        (Purpose::TimeStampingAndMore, TimeStampFault::PurposeNotSole),
    ] {
        let key = Key::for_purpose(purpose);
        assert_eq!(faults(&token(&key)), [fault]);
    }
}

#[test]
fn t4_the_authority_is_stated_and_valid_at_the_time() {
    let key = Key::for_purpose(Purpose::TimeStamping);
    let content = tst_info(TIME, None);
    let mut without = maker(&key, &content);
    without.remove(SIGNING_CERTIFICATE_V2);
    assert_eq!(
        faults(&without.make()),
        [TimeStampFault::SigningCertificateAbsent]
    );
    for time in ["20191231235959Z", "20400101000001Z"] {
        let octets = maker(&key, &tst_info(time, None)).make();
        assert_eq!(faults(&octets), [TimeStampFault::OutsideValidity], "{time}");
    }
    assert_eq!(
        faults(&maker(&key, &tst_info("20400101000000Z", None)).make()),
        []
    );
}

#[test]
fn a_token_needs_signed_attributes() {
    let key = Key::for_purpose(Purpose::TimeStamping);
    let mut bare = maker(&key, &tst_info(TIME, None));
    bare.attributes = None;
    let verification = parse(&bare.make()).verify(&STAMPED, &[]);
    assert!(matches!(
        verification.broken(),
        Some(BrokenBecause::Attribute(_))
    ));
}

#[test]
fn what_is_no_token_is_told() {
    let key = Key::p256();
    let data = Maker::new(&key, STAMPED).make();
    let error = TimeStampToken::parse(&data, &Limits::default()).unwrap_err();
    assert!(matches!(error.kind, CmsErrorKind::NotATimeStamp(_)));
    let mut empty = maker(&key, &tst_info(TIME, None));
    empty.content = None;
    let error = TimeStampToken::parse(&empty.make(), &Limits::default()).unwrap_err();
    assert_eq!(error.kind, CmsErrorKind::TimeStampWithoutContent);
}

#[test]
fn a_document_time_stamp_is_intact_by_its_octets_and_notes_the_rest() {
    let lax = Key::for_purpose(Purpose::TimeStampingLax);
    let contents = token(&lax);
    let format = SubFilter::EtsiRfc3161;
    let parsed = SignatureContents::parse(&contents, format, &[], &Limits::default()).unwrap();
    assert_eq!(parsed.digest_algorithms(), [DigestAlgorithm::Sha256]);
    let verdict = parsed.verify(&STAMPED, &[]);
    assert_eq!(
        verdict.intact().unwrap().deviations(),
        [Deviation::TimeStamp(TimeStampFault::PurposeNotCritical)]
    );
    let moved = parsed.verify(&b"another document".as_slice(), &[]);
    assert!(matches!(
        moved,
        Verdict::Broken(BrokenBecause::ImprintDiffers)
    ));
}

#[test]
fn a_signature_time_stamp_is_found_where_it_was_put() {
    use trien_cms::{SignedAttributes, SignedData, SignedDataBuilder};
    let signer = Key::p256();
    let authority = Key::for_purpose(Purpose::TimeStamping);
    let digest = Digester::digest(DigestAlgorithm::Sha256, b"document").unwrap();
    let attributes =
        SignedAttributes::for_pades(&digest, &signer.certificate, signer.scheme, &[]).unwrap();
    let value = signer.sign(attributes.to_be_signed());
    let token = token(&authority);
    let built = SignedDataBuilder::new(attributes, signer.scheme, &signer.certificate)
        .signature_time_stamp(&token)
        .build(&value)
        .unwrap();
    let parsed = SignedData::parse(&built, &Limits::default()).unwrap();
    let info = parsed.only_signer().unwrap();
    assert_eq!(info.signature_time_stamps().collect::<Vec<_>>(), [token]);
    assert_eq!(info.signature(), value);
    assert_eq!(info.claimed_signing_time(), Ok(None));
}

#[test]
fn an_answer_is_taken_only_for_the_request_it_answers() {
    let key = Key::for_purpose(Purpose::TimeStamping);
    let imprint = Digester::digest(DigestAlgorithm::Sha256, STAMPED).unwrap();
    let token = token(&key);
    let granted = sequence(&[&sequence(&[&unsigned_integer(0)]), &token]);
    let limits = Limits::default();
    // The nonce's first bit is set, so its INTEGER has a zero in front.
    let request = TimeStampRequest::new(&imprint, 0x8000_0001).unwrap();
    assert_eq!(token_of_response(&granted, &request, &limits), Ok(token));
    let other = TimeStampRequest::new(&imprint, 5).unwrap();
    assert_eq!(
        token_of_response(&granted, &other, &limits),
        Err(TimeStampResponseError::NonceDiffers)
    );
    let refused = sequence(&[&sequence(&[&unsigned_integer(2)])]);
    assert!(matches!(
        token_of_response(&refused, &request, &limits),
        Err(TimeStampResponseError::Refused(refusal)) if refusal.status == 2
    ));
    let empty = sequence(&[&sequence(&[&unsigned_integer(0)])]);
    assert_eq!(
        token_of_response(&empty, &request, &limits),
        Err(TimeStampResponseError::TokenAbsent)
    );
}
