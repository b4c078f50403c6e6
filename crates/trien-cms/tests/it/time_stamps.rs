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

fn response(status: u64, rest: &[&[u8]]) -> Vec<u8> {
    let status = sequence(&[&unsigned_integer(status)]);
    let parts: Vec<&[u8]> = std::iter::once(status.as_slice())
        .chain(rest.iter().copied())
        .collect();
    sequence(&parts)
}

fn refused(request: &TimeStampRequest, answer: &[u8]) -> TimeStampResponseError {
    let limits = Limits::default();
    request.accept(answer, &limits).unwrap_err()
}

fn request(nonce: u64) -> TimeStampRequest {
    let imprint = Digester::digest(DigestAlgorithm::Sha256, STAMPED).unwrap();
    TimeStampRequest::new(&imprint, nonce).unwrap()
}

#[test]
fn a_request_is_read_back_and_nothing_else_is_one() {
    let plain = request(0x8000_0001);
    let bound = plain.clone().under_policy(Oid::new_unwrap("1.2.3.4.5"));
    for wanted in [plain, bound] {
        let read = TimeStampRequest::from_der(wanted.to_der());
        assert_eq!(read.as_ref(), Some(&wanted));
        let mut octets = wanted.to_der().to_vec();
        octets.push(0);
        assert_eq!(TimeStampRequest::from_der(&octets), None);
        for length in 0..wanted.to_der().len() {
            assert_eq!(TimeStampRequest::from_der(&wanted.to_der()[..length]), None);
        }
    }
}

#[test]
fn an_answer_is_taken_only_for_the_request_it_answers() {
    let key = Key::for_purpose(Purpose::TimeStamping);
    let token = token(&key);
    let granted = response(0, &[&token]);
    let limits = Limits::default();
    // The nonce's first bit is set, so its INTEGER has a zero in front.
    let right = request(0x8000_0001);
    assert_eq!(token_of_response(&granted, &right, &limits).unwrap(), token);
    let accepted = right.accept(&granted, &limits).unwrap();
    assert_eq!(accepted.as_octets(), token);
    assert_eq!(accepted.intact().signer().certificate(), &key.certificate);
    let policy = Oid::new_unwrap("1.2.3.4.5");
    assert!(
        right
            .clone()
            .under_policy(policy)
            .accept(&granted, &limits)
            .is_ok()
    );
    let other = right.clone().under_policy(Oid::new_unwrap("1.2.3.4.6"));
    assert!(matches!(
        refused(&other, &granted),
        TimeStampResponseError::PolicyDiffers { found } if found == policy
    ));
    assert!(matches!(
        refused(&request(5), &granted),
        TimeStampResponseError::NonceDiffers
    ));
    let elsewhere = Digester::digest(DigestAlgorithm::Sha256, b"elsewhere").unwrap();
    let longer = Digester::digest(DigestAlgorithm::Sha512, STAMPED).unwrap();
    for imprint in [elsewhere, longer] {
        let request = TimeStampRequest::new(&imprint, 0x8000_0001).unwrap();
        assert!(matches!(
            refused(&request, &granted),
            TimeStampResponseError::ImprintDiffers
        ));
    }
    assert!(matches!(
        refused(&right, &response(0, &[])),
        TimeStampResponseError::TokenAbsent
    ));
}

#[test]
fn a_token_that_must_not_be_used_is_not_accepted() {
    let lax = Key::for_purpose(Purpose::TimeStampingLax);
    let answer = response(0, &[&token(&lax)]);
    assert!(matches!(
        refused(&request(0x8000_0001), &answer),
        TimeStampResponseError::Faulty(TimeStampFault::PurposeNotCritical)
    ));
    let key = Key::for_purpose(Purpose::TimeStamping);
    let mut edited = token(&key);
    let time = edited
        .windows(4)
        .position(|window| window == b"2026")
        .unwrap();
    edited[time + 3] = b'5';
    assert!(matches!(
        refused(&request(0x8000_0001), &response(0, &[&edited])),
        TimeStampResponseError::Broken(BrokenBecause::MessageDigestDiffers)
    ));
    let whole = response(0, &[&token(&key)]);
    for length in 0..whole.len() {
        let error = refused(&request(0x8000_0001), &whole[..length]);
        assert!(
            matches!(error, TimeStampResponseError::Malformed(_)),
            "{error}"
        );
    }
}

#[test]
fn a_refusal_is_told_with_the_authority_s_reason() {
    let text = sequence(&[&encode_tlv(12, &["Hết hạn\u{7}".as_bytes()])]);
    let status = sequence(&[&unsigned_integer(2), &text, &encode_tlv(3, &[&[0, 0, 1]])]);
    let error = refused(&request(1), &sequence(&[&status]));
    assert_eq!(
        error.to_string(),
        "the time-stamping authority refused with status 2: the policy is not supported \
         (\"Hết hạn\")"
    );
    assert!(matches!(
        refused(&request(1), &response(3, &[])),
        TimeStampResponseError::Refused(refusal)
            if refusal.status == 3 && refusal.failure.is_none()
    ));
}
