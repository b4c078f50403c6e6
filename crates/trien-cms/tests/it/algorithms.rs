//! ATTACKS M8 to M10 and M15: algorithms that contradict, do not fit, or are weak.

use openssl::pkey::Id;
use trien_cms::{BrokenBecause, Deviation, UnsupportedBecause, Verdict};
use trien_types::{DigestAlgorithm, PssParameters, SignatureScheme};
use trien_x509::asn1::{oid, sequence};
use trien_x509::const_oid::ObjectIdentifier as Oid;
use trien_x509::{AlgorithmError, AlgorithmIdentifier, VerifyError};

use crate::keys::{Key, Purpose, eddsa, rsa};
use crate::maker::{MESSAGE_DIGEST, Maker, message_digest};
use crate::rules::{DOCUMENT, broken, deviations, rsa_key, verify};

fn identifier(digest: DigestAlgorithm) -> Vec<u8> {
    AlgorithmIdentifier::for_digest(digest).unwrap().to_der()
}

#[test]
fn m8_eddsa_with_another_digest_is_rejected() {
    let private = eddsa(Id::ED25519);
    let key = Key::new(private, SignatureScheme::Ed25519, Purpose::Signing);
    for digest in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256] {
        let mut maker = Maker::new(&key, DOCUMENT);
        maker.digest_algorithm = identifier(digest);
        maker.replace(MESSAGE_DIGEST, message_digest(digest, DOCUMENT));
        assert_eq!(
            broken(&maker.make()),
            BrokenBecause::Algorithm(AlgorithmError::DigestMismatch {
                stated: digest,
                fixed: DigestAlgorithm::Sha512
            })
        );
    }
}

#[test]
fn m8_a_signature_algorithm_in_the_digest_field_is_rejected() {
    let key = rsa_key(DigestAlgorithm::Sha256);
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.digest_algorithm = maker.signature_algorithm.clone();
    assert!(matches!(
        broken(&maker.make()),
        BrokenBecause::Algorithm(AlgorithmError::NotADigest(_))
    ));
}

#[test]
fn m8_two_digests_are_noted_whichever_the_value_is_made_with() {
    let key = rsa_key(DigestAlgorithm::Sha256);
    let differ = Deviation::DigestsDiffer {
        content: DigestAlgorithm::Sha384,
        value: DigestAlgorithm::Sha256,
    };
    for made_with in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384] {
        let mut maker = Maker::new(&key, DOCUMENT);
        maker.digest_algorithm = identifier(DigestAlgorithm::Sha384);
        let digest = message_digest(DigestAlgorithm::Sha384, DOCUMENT);
        maker.replace(MESSAGE_DIGEST, digest);
        maker.scheme = SignatureScheme::RsaPkcs1v15(made_with);
        assert_eq!(deviations(&maker.make()), std::slice::from_ref(&differ));
    }
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.digest_algorithm = identifier(DigestAlgorithm::Sha384);
    maker.replace(
        MESSAGE_DIGEST,
        message_digest(DigestAlgorithm::Sha384, DOCUMENT),
    );
    maker.scheme = SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha512);
    assert!(matches!(broken(&maker.make()), BrokenBecause::Value(_)));
}

#[test]
fn m9_another_mask_digest_is_noted() {
    let parameters = PssParameters::new(DigestAlgorithm::Sha256, DigestAlgorithm::Sha1, 20);
    let scheme = SignatureScheme::RsaPss(parameters);
    let key = Key::new(rsa(2048), scheme, Purpose::Signing);
    let mask_differs = Deviation::MaskDigestDiffers {
        message: DigestAlgorithm::Sha256,
        mask: DigestAlgorithm::Sha1,
    };
    assert_eq!(
        deviations(&Maker::new(&key, DOCUMENT).make()),
        [mask_differs]
    );
}

#[test]
fn m10_plain_r_and_s_and_key_identifiers_have_their_own_reasons() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.value = Some(vec![0x42; 64]);
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::Value(VerifyError::PlainRAndS)
    );
    maker.value = None;
    let ec_public_key = Oid::new_unwrap("1.2.840.10045.2.1");
    maker.signature_algorithm = sequence(&[&oid(ec_public_key)]);
    assert!(matches!(
        broken(&maker.make()),
        BrokenBecause::Algorithm(AlgorithmError::NotASignature(_))
    ));
    maker.signature_algorithm = sequence(&[&oid(Oid::new_unwrap("1.2.3.4"))]);
    assert!(matches!(
        verify(&maker.make()),
        Verdict::Unsupported(UnsupportedBecause::Algorithm(AlgorithmError::Unknown(_)))
    ));
}

#[test]
fn a_scheme_that_does_not_fit_the_key_is_rejected() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    let scheme = SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256);
    maker.signature_algorithm = AlgorithmIdentifier::for_signature(scheme).unwrap().to_der();
    assert!(matches!(
        broken(&maker.make()),
        BrokenBecause::Value(VerifyError::KeyDoesNotFit { .. })
    ));
}

#[test]
fn m15_weak_digests_are_noted_and_leave_the_signature_intact() {
    let key = rsa_key(DigestAlgorithm::Sha1);
    assert_eq!(
        deviations(&Maker::new(&key, DOCUMENT).make()),
        [Deviation::WeakDigest(DigestAlgorithm::Sha1)]
    );
}

#[test]
fn a_key_algorithm_in_place_of_a_signature_algorithm_is_noted_where_it_is_met() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    // The bare arc of ECDSA, with the digest stated beside it.
    maker.signature_algorithm = sequence(&[&oid(Oid::new_unwrap("1.2.840.10045.4"))]);
    assert_eq!(
        deviations(&maker.make()),
        [Deviation::KeyAlgorithmForSignature]
    );
    let key = rsa_key(DigestAlgorithm::Sha256);
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.signature_algorithm = sequence(&[&oid(Oid::new_unwrap("1.2.840.113549.1.1.1")), &[5, 0]]);
    assert_eq!(deviations(&maker.make()), []);
}
