//! RFC 9882: ML-DSA with and without signed attributes, with digests of every kind beside it.

use ml_dsa::signature::Keypair;
use ml_dsa::{KeyExport, MlDsa65, Seed, SigningKey};
use trien_cms::{BrokenBecause, Deviation, SignatureContents, SubFilter};
use trien_types::{DigestAlgorithm, Limits, SignatureScheme};
use trien_x509::asn1::{Reader, Tag, encode_tlv, oid, sequence, set_of};
use trien_x509::const_oid::ObjectIdentifier as Oid;
use trien_x509::{AlgorithmError, AlgorithmIdentifier, Certificate, VerifyError};

use crate::keys::Key;
use crate::maker::{
    MESSAGE_DIGEST, Maker, SIGNING_CERTIFICATE_V2, issuer_and_serial, message_digest,
    signing_certificate_v2,
};
use crate::rules::{DOCUMENT, broken, deviations};

const SCHEME: SignatureScheme = SignatureScheme::MlDsa65;

fn private() -> SigningKey<MlDsa65> {
    SigningKey::from_seed(&Seed::from([42; 32]))
}

fn value(message: &[u8]) -> Vec<u8> {
    let key = private();
    let value = key.expanded_key().sign_deterministic(message, &[]);
    value.unwrap().encode().to_vec()
}

fn algorithm() -> Vec<u8> {
    AlgorithmIdentifier::for_signature(SCHEME).unwrap().to_der()
}

/// The certificate with these octets of an ML-DSA-65 key in place of its own, unsigned: CMS does
/// not ask who issued it.
fn certificate(template: &Certificate, key: &[u8]) -> Certificate {
    let info = sequence(&[&algorithm(), &encode_tlv(3, &[&[0], key])]);
    let own = template.subject_public_key_info();
    let mut tbs = Reader::new(template.tbs_certificate(), &Limits::default());
    let mut fields = tbs.expect(Tag::SEQUENCE).unwrap().elements().unwrap();
    let mut replaced = Vec::new();
    while !fields.is_empty() {
        let field = fields.element().unwrap().raw();
        replaced.extend_from_slice(if field == own { &info } else { field });
    }
    let named = template.signature_algorithm().to_der();
    let der = sequence(&[
        &encode_tlv(0x30, &[&replaced]),
        &named,
        &encode_tlv(3, &[&[0], template.signature_value()]),
    ]);
    Certificate::from_der(der).unwrap()
}

/// A maker with this certificate and digest; the value is missing.
fn maker<'a>(key: &'a Key, certificate: &Certificate, digest: DigestAlgorithm) -> Maker<'a> {
    let mut maker = Maker::new(key, DOCUMENT);
    maker.digest_algorithm = AlgorithmIdentifier::for_digest(digest).unwrap().to_der();
    maker.signature_algorithm = algorithm();
    maker.replace(MESSAGE_DIGEST, message_digest(digest, DOCUMENT));
    maker.replace(SIGNING_CERTIFICATE_V2, signing_certificate_v2(certificate));
    maker.certificates = vec![certificate.as_der().to_vec()];
    maker.identifier = issuer_and_serial(certificate);
    maker
}

fn sound_certificate(key: &Key) -> Certificate {
    certificate(&key.certificate, &private().verifying_key().to_bytes())
}

fn over_attributes(maker: &Maker<'_>) -> Vec<u8> {
    value(&set_of(maker.attributes.as_ref().unwrap()))
}

#[test]
fn every_digest_of_the_content_is_taken_and_a_weaker_one_noted() {
    let key = Key::p256();
    let certificate = sound_certificate(&key);
    let weaker = |content| Deviation::DigestWeakerThanScheme {
        content,
        scheme: SCHEME,
    };
    for (digest, noted) in [
        (DigestAlgorithm::Sha384, vec![]),
        (DigestAlgorithm::Sha512, vec![]),
        (DigestAlgorithm::Shake256, vec![]),
        (
            DigestAlgorithm::Sha256,
            vec![weaker(DigestAlgorithm::Sha256)],
        ),
        (
            DigestAlgorithm::Sha1,
            vec![
                weaker(DigestAlgorithm::Sha1),
                Deviation::WeakDigest(DigestAlgorithm::Sha1),
            ],
        ),
    ] {
        let mut maker = maker(&key, &certificate, digest);
        maker.value = Some(over_attributes(&maker));
        assert_eq!(deviations(&maker.make()), noted, "{digest}");
    }
}

#[test]
fn a_changed_value_or_document_and_a_short_value_are_broken() {
    let key = Key::p256();
    let certificate = sound_certificate(&key);
    let mut maker = maker(&key, &certificate, DigestAlgorithm::Sha512);
    let sound = over_attributes(&maker);
    let mut changed = sound.clone();
    changed[1000] ^= 1;
    for value in [changed, sound[1..].to_vec(), Vec::new()] {
        maker.value = Some(value);
        assert_eq!(
            broken(&maker.make()),
            BrokenBecause::Value(VerifyError::ValueDoesNotHold)
        );
    }
    let other = message_digest(DigestAlgorithm::Sha512, b"other");
    maker.replace(MESSAGE_DIGEST, other);
    maker.value = Some(over_attributes(&maker));
    assert_eq!(broken(&maker.make()), BrokenBecause::MessageDigestDiffers);
}

#[test]
fn without_signed_attributes_the_stated_digest_means_nothing() {
    let key = Key::p256();
    let certificate = sound_certificate(&key);
    let mut maker = maker(&key, &certificate, DigestAlgorithm::Sha512);
    maker.attributes = None;
    maker.value = Some(value(DOCUMENT));
    let unknown = sequence(&[&oid(Oid::new_unwrap("1.2.3.4"))]);
    let sha1 = AlgorithmIdentifier::for_digest(DigestAlgorithm::Sha1).unwrap();
    for stated in [maker.digest_algorithm.clone(), sha1.to_der(), unknown] {
        maker.digest_algorithm = stated;
        let contents = maker.make();
        assert_eq!(deviations(&contents), [Deviation::SignedAttributesAbsent]);
        let parsed = SignatureContents::parse(
            &contents,
            SubFilter::EtsiCadesDetached,
            &[],
            &Limits::default(),
        );
        assert_eq!(parsed.unwrap().digest_algorithms(), []);
    }
    maker.value = Some(value(b"other"));
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::Value(VerifyError::ValueDoesNotHold)
    );
}

#[test]
fn parameters_and_keys_of_the_wrong_length_are_broken() {
    let key = Key::p256();
    let certificate_of_65 = sound_certificate(&key);
    let mut with_null = maker(&key, &certificate_of_65, DigestAlgorithm::Sha512);
    let id = Oid::new_unwrap("2.16.840.1.101.3.4.3.18");
    with_null.signature_algorithm = sequence(&[&oid(id), &[5, 0]]);
    with_null.value = Some(over_attributes(&with_null));
    assert!(matches!(
        broken(&with_null.make()),
        BrokenBecause::Algorithm(AlgorithmError::BadParameters(_))
    ));

    let short = certificate(&key.certificate, &private().verifying_key().to_bytes()[1..]);
    let mut with_short_key = maker(&key, &short, DigestAlgorithm::Sha512);
    with_short_key.value = Some(over_attributes(&with_short_key));
    assert_eq!(
        broken(&with_short_key.make()),
        BrokenBecause::SignerCertificateMalformed
    );
}
