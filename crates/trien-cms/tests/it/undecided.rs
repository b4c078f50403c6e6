//! Algorithms that are not known here must not hide what can be seen without them.

use openssl::nid::Nid;
use openssl::pkey::Id;
use trien_cms::{
    BrokenBecause, SignatureContents, SubFilter, TimeStampStatus, TimeStampToken,
    UnsupportedBecause, Verdict, attribute,
};
use trien_types::{DigestAlgorithm, Limits, SignatureScheme};
use trien_x509::asn1::{encode_tlv, octet_string, oid, sequence, unsigned_integer};
use trien_x509::const_oid::ObjectIdentifier as Oid;
use trien_x509::{AlgorithmError, AlgorithmIdentifier, Digester, VerifyError};

use crate::keys::{Key, Purpose, ec, eddsa, rsa};
use crate::maker::{CONTENT_TYPE, MESSAGE_DIGEST, Maker, TST_INFO, message_digest};
use crate::rules::{DOCUMENT, broken, rsa_key, verify};

const UNKNOWN: Oid = Oid::new_unwrap("1.2.3.4");
const RSA_ENCRYPTION: Oid = Oid::new_unwrap("1.2.840.113549.1.1.1");

fn unknown() -> Vec<u8> {
    sequence(&[&oid(UNKNOWN)])
}

fn keys() -> [Key; 4] {
    let p384 = SignatureScheme::Ecdsa(DigestAlgorithm::Sha384);
    [
        Key::p256(),
        Key::new(ec(Nid::SECP384R1), p384, Purpose::Signing),
        rsa_key(DigestAlgorithm::Sha256),
        Key::new(
            eddsa(Id::ED25519),
            SignatureScheme::Ed25519,
            Purpose::Signing,
        ),
    ]
}

#[track_caller]
fn assert_undecided(contents: &[u8]) {
    let verdict = verify(contents);
    let Verdict::Unsupported(UnsupportedBecause::Algorithm(AlgorithmError::Unknown(_))) = verdict
    else {
        panic!("decided: {verdict:?}");
    };
}

#[test]
fn a_changed_document_is_broken_whatever_the_signature_algorithm_is_called() {
    for key in keys() {
        let mut maker = Maker::new(&key, b"another document");
        maker.signature_algorithm = unknown();
        assert_eq!(broken(&maker.make()), BrokenBecause::MessageDigestDiffers);
        let mut maker = Maker::new(&key, DOCUMENT);
        maker.signature_algorithm = unknown();
        assert_undecided(&maker.make());
    }
}

#[test]
fn the_digest_that_tells_a_change_is_asked_for_beforehand() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.signature_algorithm = unknown();
    let parsed = SignatureContents::parse(
        &maker.make(),
        SubFilter::EtsiCadesDetached,
        &[],
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(parsed.digest_algorithms(), [DigestAlgorithm::Sha256]);
}

#[test]
fn another_certificate_is_told_whatever_the_signature_algorithm_is_called() {
    let (key, other) = (Key::p256(), Key::p256());
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.signature_algorithm = unknown();
    maker.certificates = vec![other.certificate.as_der().to_vec()];
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::SigningCertificateDiffers
    );
    maker.certificates = Vec::new();
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::SignerCertificateAbsent
    );
}

#[test]
fn an_unknown_digest_beside_a_signature_algorithm_that_fixes_another_is_broken() {
    for key in keys() {
        let mut maker = Maker::new(&key, DOCUMENT);
        maker.digest_algorithm = unknown();
        let reason = broken(&maker.make());
        let BrokenBecause::Algorithm(AlgorithmError::UnknownDigestMismatch { fixed, stated }) =
            reason
        else {
            panic!("{reason:?}");
        };
        assert_eq!(fixed, key.scheme.digest_algorithm());
        assert_eq!(stated, UNKNOWN);
    }
}

#[test]
fn an_unknown_digest_that_an_rsa_value_contradicts_is_broken() {
    let key = rsa_key(DigestAlgorithm::Sha384);
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.digest_algorithm = unknown();
    maker.signature_algorithm = sequence(&[&oid(RSA_ENCRYPTION), &[5, 0]]);
    assert!(matches!(
        broken(&maker.make()),
        BrokenBecause::Algorithm(AlgorithmError::UnknownDigestMismatch {
            fixed: DigestAlgorithm::Sha384,
            ..
        })
    ));
    // A value without that padding says nothing.
    maker.value = Some(vec![0x42; 256]);
    assert_undecided(&maker.make());
}

#[test]
fn an_unknown_digest_that_the_set_of_digests_lacks_is_broken() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.digest_algorithm = unknown();
    maker.signature_algorithm = unknown();
    let contents = maker.make();
    assert_undecided(&contents);
    let known = AlgorithmIdentifier::for_digest(DigestAlgorithm::Sha256)
        .unwrap()
        .to_der();
    maker.listed = Some(known);
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::DigestNotListed(UNKNOWN.into())
    );
}

#[test]
fn an_algorithm_for_another_kind_of_key_is_broken_with_an_unknown_digest_too() {
    let rsa_key = rsa_key(DigestAlgorithm::Sha256);
    let mut maker = Maker::new(&rsa_key, DOCUMENT);
    // The bare arc of ECDSA leaves the digest open.
    maker.signature_algorithm = sequence(&[&oid(Oid::new_unwrap("1.2.840.10045.4"))]);
    for digest in [unknown(), maker.digest_algorithm.clone()] {
        maker.digest_algorithm = digest;
        assert!(matches!(
            broken(&maker.make()),
            BrokenBecause::Value(VerifyError::KeyDoesNotFit { .. })
        ));
    }
    let ec_key = Key::p256();
    let mut maker = Maker::new(&ec_key, DOCUMENT);
    maker.signature_algorithm = sequence(&[&oid(RSA_ENCRYPTION), &[5, 0]]);
    for digest in [unknown(), maker.digest_algorithm.clone()] {
        maker.digest_algorithm = digest;
        assert!(matches!(
            broken(&maker.make()),
            BrokenBecause::Value(VerifyError::KeyDoesNotFit { .. })
        ));
    }
}

#[test]
fn missing_and_other_attributes_are_broken_under_unknown_algorithms() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.signature_algorithm = unknown();
    maker.digest_algorithm = unknown();
    maker.remove(MESSAGE_DIGEST);
    assert!(matches!(broken(&maker.make()), BrokenBecause::Attribute(_)));
    maker
        .attributes
        .as_mut()
        .unwrap()
        .push(message_digest(DigestAlgorithm::Sha256, DOCUMENT));
    assert_undecided(&maker.make());
    maker.replace(CONTENT_TYPE, attribute(CONTENT_TYPE, &oid(TST_INFO)));
    assert!(matches!(
        broken(&maker.make()),
        BrokenBecause::ContentTypeDiffers { .. }
    ));
}

#[test]
fn without_signed_attributes_an_unknown_algorithm_stays_undecided() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, b"another document");
    maker.attributes = None;
    maker.signature_algorithm = unknown();
    assert_undecided(&maker.make());
}

#[test]
fn a_time_stamp_over_other_data_is_refused_whatever_its_algorithm_is_called() {
    let stamped: &[u8] = b"signature value";
    let imprint = Digester::digest(DigestAlgorithm::Sha256, stamped).unwrap();
    let algorithm = AlgorithmIdentifier::for_digest(DigestAlgorithm::Sha256).unwrap();
    let content = sequence(&[
        &unsigned_integer(1),
        &oid(UNKNOWN),
        &sequence(&[&algorithm.to_der(), &octet_string(imprint.as_octets())]),
        &unsigned_integer(99),
        &encode_tlv(24, &[b"20260531010203Z"]),
    ]);
    let private = rsa(2048);
    let scheme = SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256);
    let key = Key::new(private, scheme, Purpose::TimeStamping);
    let mut maker = Maker::new(&key, &content);
    maker.content_type = TST_INFO;
    maker.content = Some(content.clone());
    maker.replace(CONTENT_TYPE, attribute(CONTENT_TYPE, &oid(TST_INFO)));
    maker.signature_algorithm = unknown();
    let octets = maker.make();
    let token = TimeStampToken::parse(&octets, &Limits::default()).unwrap();
    let over_other = token.verify(&b"another value".as_slice(), &[]);
    assert_eq!(over_other.status(), TimeStampStatus::Refused);
    assert_eq!(over_other.broken(), Some(&BrokenBecause::ImprintDiffers));
    let undecided = token.verify(&stamped, &[]);
    assert_eq!(undecided.status(), TimeStampStatus::Unsupported);

    let as_document_stamp = |spans: &[u8]| {
        SignatureContents::parse(&octets, SubFilter::EtsiRfc3161, &[], &Limits::default())
            .unwrap()
            .verify(&spans, &[])
    };
    assert!(matches!(
        as_document_stamp(b"another value"),
        Verdict::Broken(BrokenBecause::ImprintDiffers)
    ));
    assert!(matches!(
        as_document_stamp(stamped),
        Verdict::Unsupported(_)
    ));
}
