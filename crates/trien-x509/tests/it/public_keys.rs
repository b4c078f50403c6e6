//! Values under keys of every kind: sound, forged, misplaced, malformed.

use openssl::bn::BigNum;
use openssl::dsa::Dsa;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};
use openssl::sign::Signer;
use trien_types::{DigestAlgorithm, PssParameters, SignatureScheme};
use trien_x509::asn1::{octet_string, sequence};
use trien_x509::{AlgorithmIdentifier, Digester, KeyKind, PublicKey, VerifyError};

const MESSAGE: &[u8] = b"message";

fn public<T: HasPublic>(key: &PKey<T>) -> PublicKey {
    PublicKey::from_subject_public_key_info(&key.public_key_to_der().unwrap()).unwrap()
}

fn hash(algorithm: DigestAlgorithm) -> Vec<u8> {
    let digest = Digester::digest(algorithm, MESSAGE).unwrap();
    digest.as_octets().to_vec()
}

/// PKCS#1 v1.5 around any octets.
fn pad(key: &Rsa<Private>, encoding: &[u8]) -> Vec<u8> {
    let mut value = vec![0; key.size() as usize];
    key.private_encrypt(encoding, &mut value, Padding::PKCS1)
        .unwrap();
    value
}

fn digest_info(algorithm: DigestAlgorithm, parameters: &[u8], digest: &[u8]) -> Vec<u8> {
    let identifier = AlgorithmIdentifier::for_digest(algorithm).unwrap();
    let oid = trien_x509::asn1::encode_tlv(6, &[identifier.oid().as_octets()]);
    sequence(&[&sequence(&[&oid, parameters]), &octet_string(digest)])
}

#[test]
fn rsa_holds_for_every_digest_with_and_without_null() {
    let rsa = Rsa::generate(2048).unwrap();
    let key = public(&PKey::from_rsa(rsa.clone()).unwrap());
    assert_eq!((key.kind(), key.bits()), (KeyKind::Rsa, 2048));
    for algorithm in [
        DigestAlgorithm::Md5,
        DigestAlgorithm::Ripemd160,
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha224,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha512_256,
        DigestAlgorithm::Sha3_512,
    ] {
        let scheme = SignatureScheme::RsaPkcs1v15(algorithm);
        for parameters in [&[5, 0][..], &[]] {
            let value = pad(&rsa, &digest_info(algorithm, parameters, &hash(algorithm)));
            assert_eq!(key.verify(scheme, MESSAGE, &value), Ok(()));
            assert_eq!(key.pkcs1_digest_algorithm(&value), Some(algorithm));
            assert_eq!(
                key.verify(scheme, b"other", &value),
                Err(VerifyError::ValueDoesNotHold)
            );
        }
    }
}

#[test]
fn rsa_encodings_with_room_for_a_forgery_do_not_hold() {
    let rsa = Rsa::generate(2048).unwrap();
    let key = public(&PKey::from_rsa(rsa.clone()).unwrap());
    let algorithm = DigestAlgorithm::Sha256;
    let scheme = SignatureScheme::RsaPkcs1v15(algorithm);
    let sound = digest_info(algorithm, &[5, 0], &hash(algorithm));
    let behind = [sound.as_slice(), b"garbage"].concat();
    let in_parameters = digest_info(algorithm, b"\x04\x03abc", &hash(algorithm));
    let bare = hash(algorithm);
    for encoding in [behind, in_parameters, bare] {
        let value = pad(&rsa, &encoding);
        assert_eq!(
            key.verify(scheme, MESSAGE, &value),
            Err(VerifyError::ValueDoesNotHold)
        );
    }
    let value = pad(&rsa, &sound);
    let short = &value[1..];
    let long = [&[0], value.as_slice()].concat();
    for value in [short, &long, &[]] {
        assert_eq!(
            key.verify(scheme, MESSAGE, value),
            Err(VerifyError::ValueDoesNotHold)
        );
    }
    assert_eq!(key.verify(scheme, MESSAGE, &value), Ok(()));
}

#[test]
fn pss_holds_under_its_own_parameters_only() {
    let rsa = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let key = public(&rsa);
    let sha256 = DigestAlgorithm::Sha256;
    let mut context = PkeyCtx::new(&rsa).unwrap();
    context.sign_init().unwrap();
    context.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
    context.set_signature_md(openssl::md::Md::sha256()).unwrap();
    context.set_rsa_mgf1_md(openssl::md::Md::sha1()).unwrap();
    context
        .set_rsa_pss_saltlen(openssl::sign::RsaPssSaltlen::custom(11))
        .unwrap();
    let mut value = Vec::new();
    context.sign_to_vec(&hash(sha256), &mut value).unwrap();
    let verify = |mask, salt| {
        let scheme = SignatureScheme::RsaPss(PssParameters::new(sha256, mask, salt));
        key.verify(scheme, MESSAGE, &value)
    };
    assert_eq!(verify(DigestAlgorithm::Sha1, 11), Ok(()));
    assert_eq!(verify(sha256, 11), Err(VerifyError::ValueDoesNotHold));
    assert_eq!(
        verify(DigestAlgorithm::Sha1, 20),
        Err(VerifyError::ValueDoesNotHold)
    );
    assert_eq!(
        verify(DigestAlgorithm::Sha1, usize::MAX),
        Err(VerifyError::ValueDoesNotHold)
    );
    assert!(matches!(
        verify(DigestAlgorithm::Shake256, 11),
        Err(VerifyError::Unsupported(_))
    ));
}

#[test]
fn ecdsa_values_are_der_and_nothing_else() {
    for (curve, algorithm) in [
        (Nid::X9_62_PRIME256V1, DigestAlgorithm::Sha256),
        (Nid::SECP384R1, DigestAlgorithm::Sha384),
        (Nid::SECP521R1, DigestAlgorithm::Sha512),
        (Nid::SECP224R1, DigestAlgorithm::Sha512),
        (Nid::BRAINPOOL_P384R1, DigestAlgorithm::Sha3_384),
        (Nid::X9_62_PRIME256V1, DigestAlgorithm::Shake256),
    ] {
        let group = EcGroup::from_curve_name(curve).unwrap();
        let private = EcKey::generate(&group).unwrap();
        let key = public(&PKey::from_ec_key(private.clone()).unwrap());
        let scheme = SignatureScheme::Ecdsa(algorithm);
        let signature = EcdsaSig::sign(&hash(algorithm), &private).unwrap();
        let der = signature.to_der().unwrap();
        assert_eq!(key.verify(scheme, MESSAGE, &der), Ok(()), "{algorithm}");
        assert!(der.len() <= key.value_octets_at_most());

        let octets = usize::try_from(key.bits().div_ceil(8)).unwrap();
        let number = |number: &openssl::bn::BigNumRef| {
            number
                .to_vec_padded(i32::try_from(octets).unwrap())
                .unwrap()
        };
        let plain = [number(signature.r()), number(signature.s())].concat();
        assert_eq!(
            key.verify(scheme, MESSAGE, &plain),
            Err(VerifyError::PlainRAndS)
        );
        let behind = [der.as_slice(), &[0]].concat();
        assert_eq!(
            key.verify(scheme, MESSAGE, &behind),
            Err(VerifyError::NotASequenceOfTwoIntegers)
        );
        // r and s out of range: well formed, and holds for nothing.
        let zero_like = EcdsaSig::from_private_components(
            BigNum::from_u32(1).unwrap(),
            BigNum::from_slice(&vec![0x7f; octets + 4]).unwrap(),
        );
        assert_eq!(
            key.verify(scheme, MESSAGE, &zero_like.unwrap().to_der().unwrap()),
            Err(VerifyError::ValueDoesNotHold)
        );
    }
}

#[test]
fn dsa_and_eddsa_hold() {
    let dsa = PKey::from_dsa(Dsa::generate(2048).unwrap()).unwrap();
    let mut context = PkeyCtx::new(&dsa).unwrap();
    context.sign_init().unwrap();
    let sha256 = DigestAlgorithm::Sha256;
    let mut value = Vec::new();
    context.sign_to_vec(&hash(sha256), &mut value).unwrap();
    let scheme = SignatureScheme::Dsa(sha256);
    assert_eq!(public(&dsa).verify(scheme, MESSAGE, &value), Ok(()));
    assert_eq!(
        public(&dsa).verify(scheme, b"other", &value),
        Err(VerifyError::ValueDoesNotHold)
    );
    for (private, scheme) in [
        (PKey::generate_ed25519().unwrap(), SignatureScheme::Ed25519),
        (PKey::generate_ed448().unwrap(), SignatureScheme::Ed448),
    ] {
        let key = public(&private);
        let mut signer = Signer::new_without_digest(&private).unwrap();
        let mut value = signer.sign_oneshot_to_vec(MESSAGE).unwrap();
        assert_eq!(key.verify(scheme, MESSAGE, &value), Ok(()));
        let digest = Digester::digest(scheme.digest_algorithm(), MESSAGE).unwrap();
        assert_eq!(
            key.verify_digest(scheme, &digest, &value),
            Err(VerifyError::MessageNeeded)
        );
        value[3] ^= 1;
        for value in [value.as_slice(), &value[..10]] {
            assert_eq!(
                key.verify(scheme, MESSAGE, value),
                Err(VerifyError::ValueDoesNotHold)
            );
        }
    }
}

#[test]
fn a_key_of_another_kind_is_told() {
    let rsa = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let ed = PKey::generate_ed25519().unwrap();
    let scheme = SignatureScheme::Ecdsa(DigestAlgorithm::Sha256);
    for key in [public(&rsa), public(&ed)] {
        assert_eq!(
            key.verify(scheme, MESSAGE, b"value"),
            Err(VerifyError::KeyDoesNotFit {
                kind: key.kind(),
                scheme
            })
        );
    }
    assert!(PublicKey::from_subject_public_key_info(b"junk").is_err());
}

#[test]
fn a_digest_of_another_algorithm_does_not_hold() {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let private = EcKey::generate(&group).unwrap();
    let key = public(&PKey::from_ec_key(private.clone()).unwrap());
    let sha256 = Digester::digest(DigestAlgorithm::Sha256, MESSAGE).unwrap();
    let value = EcdsaSig::sign(sha256.as_octets(), &private)
        .unwrap()
        .to_der()
        .unwrap();
    let scheme = SignatureScheme::Ecdsa(DigestAlgorithm::Sha3_256);
    assert_eq!(
        key.verify_digest(scheme, &sha256, &value),
        Err(VerifyError::ValueDoesNotHold)
    );
}
