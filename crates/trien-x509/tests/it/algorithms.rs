//! Algorithm identifiers both ways, and the ones that cannot stand where they stand.

use trien_types::{DigestAlgorithm, Limits, PssParameters, SignatureScheme};
use trien_x509::asn1::{oid, sequence};
use trien_x509::{AlgorithmError, AlgorithmIdentifier, const_oid};

const DIGESTS: [DigestAlgorithm; 13] = [
    DigestAlgorithm::Md5,
    DigestAlgorithm::Ripemd160,
    DigestAlgorithm::Sha1,
    DigestAlgorithm::Sha224,
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
    DigestAlgorithm::Sha512_256,
    DigestAlgorithm::Sha3_224,
    DigestAlgorithm::Sha3_256,
    DigestAlgorithm::Sha3_384,
    DigestAlgorithm::Sha3_512,
    DigestAlgorithm::Shake256,
];

fn identifier(dotted: &str, parameters: &[u8]) -> AlgorithmIdentifier {
    let known = const_oid::ObjectIdentifier::new_unwrap(dotted);
    let der = sequence(&[&oid(known), parameters]);
    AlgorithmIdentifier::from_der(&der, &Limits::default()).unwrap()
}

#[test]
fn every_digest_goes_there_and_back() {
    for digest in DIGESTS {
        let der = AlgorithmIdentifier::for_digest(digest).unwrap().to_der();
        let read = AlgorithmIdentifier::from_der(&der, &Limits::default()).unwrap();
        assert_eq!(read.digest(), Ok(digest));
    }
}

#[test]
fn every_scheme_with_an_identifier_goes_there_and_back() {
    let mut schemes = vec![
        SignatureScheme::Ed25519,
        SignatureScheme::Ed448,
        SignatureScheme::MlDsa44,
        SignatureScheme::MlDsa65,
        SignatureScheme::MlDsa87,
    ];
    for digest in DIGESTS {
        schemes.push(SignatureScheme::RsaPkcs1v15(digest));
        schemes.push(SignatureScheme::Ecdsa(digest));
        schemes.push(SignatureScheme::Dsa(digest));
        schemes.push(SignatureScheme::RsaPss(PssParameters::matching(digest)));
    }
    let mut named = 0;
    for scheme in schemes {
        let Some(written) = AlgorithmIdentifier::for_signature(scheme) else {
            continue;
        };
        named += 1;
        let read = AlgorithmIdentifier::from_der(&written.to_der(), &Limits::default()).unwrap();
        assert_eq!(read.signature_scheme(None), Ok(scheme));
        let stated = scheme.digest_algorithm();
        assert_eq!(read.signature_scheme(Some(stated)), Ok(scheme));
    }
    assert!(named > 40, "{named}");
}

#[test]
fn pss_defaults_are_left_out_and_read_back() {
    // RFC 4055, 3.1: SHA-1, MGF1 with SHA-1, 20 octets of salt.
    let defaults = PssParameters::matching(DigestAlgorithm::Sha1);
    let written = AlgorithmIdentifier::for_signature(SignatureScheme::RsaPss(defaults)).unwrap();
    assert_eq!(written.parameters(), Some([0x30, 0].as_slice()));
    assert_eq!(
        written.signature_scheme(None),
        Ok(SignatureScheme::RsaPss(defaults))
    );
    let absent = identifier("1.2.840.113549.1.1.10", &[]);
    assert!(matches!(
        absent.signature_scheme(None),
        Err(AlgorithmError::BadParameters(_))
    ));
    // A trailer field other than 1.
    let trailer = identifier("1.2.840.113549.1.1.10", &[0x30, 5, 0xa3, 3, 2, 1, 2]);
    assert!(matches!(
        trailer.signature_scheme(None),
        Err(AlgorithmError::BadParameters(_))
    ));
}

#[test]
fn identifiers_in_the_wrong_place_are_told_apart_from_unknown_ones() {
    let rsa_with_sha256 = identifier("1.2.840.113549.1.1.11", &[5, 0]);
    assert!(matches!(
        rsa_with_sha256.digest(),
        Err(AlgorithmError::NotADigest(_))
    ));
    let ec_key = identifier("1.2.840.10045.2.1", &[]);
    assert!(matches!(
        ec_key.signature_scheme(None),
        Err(AlgorithmError::NotASignature(_))
    ));
    let sha256 = identifier("2.16.840.1.101.3.4.2.1", &[]);
    assert!(matches!(
        sha256.signature_scheme(None),
        Err(AlgorithmError::NotASignature(_))
    ));
    let unknown = identifier("1.2.3.4", &[]);
    assert!(matches!(unknown.digest(), Err(AlgorithmError::Unknown(_))));
    assert!(matches!(
        unknown.signature_scheme(None),
        Err(AlgorithmError::Unknown(_))
    ));
}

#[test]
fn rsa_encryption_takes_the_stated_digest_and_others_must_agree_with_it() {
    let rsa = identifier("1.2.840.113549.1.1.1", &[5, 0]);
    assert_eq!(
        rsa.signature_scheme(None),
        Err(AlgorithmError::DigestNotStated)
    );
    assert_eq!(
        rsa.signature_scheme(Some(DigestAlgorithm::Sha384)),
        Ok(SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha384))
    );
    let ed25519 = identifier("1.3.101.112", &[]);
    assert_eq!(
        ed25519.signature_scheme(Some(DigestAlgorithm::Sha1)),
        Err(AlgorithmError::DigestMismatch {
            stated: DigestAlgorithm::Sha1,
            fixed: DigestAlgorithm::Sha512
        })
    );
}

#[test]
fn ml_dsa_goes_with_any_stated_digest_and_takes_no_parameters() {
    for (dotted, scheme) in [
        ("2.16.840.1.101.3.4.3.17", SignatureScheme::MlDsa44),
        ("2.16.840.1.101.3.4.3.18", SignatureScheme::MlDsa65),
        ("2.16.840.1.101.3.4.3.19", SignatureScheme::MlDsa87),
    ] {
        let bare = identifier(dotted, &[]);
        assert_eq!(
            AlgorithmIdentifier::for_signature(scheme).as_ref(),
            Some(&bare)
        );
        for stated in DIGESTS {
            assert_eq!(bare.signature_scheme(Some(stated)), Ok(scheme));
        }
        assert!(matches!(
            identifier(dotted, &[5, 0]).signature_scheme(None),
            Err(AlgorithmError::BadParameters(_))
        ));
        assert!(matches!(bare.digest(), Err(AlgorithmError::NotADigest(_))));
    }
}

#[test]
fn shake256_with_a_length_is_known_at_512_bits_alone() {
    let with = |parameters: &[u8]| identifier("2.16.840.1.101.3.4.2.18", parameters).digest();
    assert_eq!(with(&[2, 2, 2, 0]), Ok(DigestAlgorithm::Shake256));
    assert!(matches!(
        with(&[2, 2, 1, 0]),
        Err(AlgorithmError::BadParameters(_))
    ));
    assert!(matches!(with(&[]), Err(AlgorithmError::BadParameters(_))));
}
