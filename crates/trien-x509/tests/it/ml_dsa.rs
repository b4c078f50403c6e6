//! ML-DSA keys, values and certificates: sound, of the wrong form, of the wrong length.

use ml_dsa::signature::Keypair;
use ml_dsa::{KeyExport, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Seed, SigningKey};
use trien_types::{DigestAlgorithm, SignatureScheme};
use trien_x509::asn1::{encode_tlv, sequence};
use trien_x509::{
    AlgorithmIdentifier, Certificate, Digester, KeyKind, PublicKey, PublicKeyError, VerifyError,
};

const MESSAGE: &[u8] = b"message";

/// The octets of a public key, and what its private part makes of messages.
struct Pair {
    scheme: SignatureScheme,
    kind: KeyKind,
    public: Vec<u8>,
    sign: fn(&[u8], &[u8]) -> Vec<u8>,
}

fn private<P: MlDsaParams>() -> SigningKey<P> {
    SigningKey::from_seed(&Seed::from([7; 32]))
}

/// The value over a message with a context.
fn sign<P: MlDsaParams>(message: &[u8], context: &[u8]) -> Vec<u8> {
    let key = private::<P>();
    let value = key.expanded_key().sign_deterministic(message, context);
    value.unwrap().encode().to_vec()
}

fn pair<P: MlDsaParams>(scheme: SignatureScheme, kind: KeyKind) -> Pair {
    Pair {
        scheme,
        kind,
        public: private::<P>().verifying_key().to_bytes().to_vec(),
        sign: sign::<P>,
    }
}

fn pairs() -> [Pair; 3] {
    [
        pair::<MlDsa44>(SignatureScheme::MlDsa44, KeyKind::MlDsa44),
        pair::<MlDsa65>(SignatureScheme::MlDsa65, KeyKind::MlDsa65),
        pair::<MlDsa87>(SignatureScheme::MlDsa87, KeyKind::MlDsa87),
    ]
}

fn algorithm(scheme: SignatureScheme) -> Vec<u8> {
    AlgorithmIdentifier::for_signature(scheme).unwrap().to_der()
}

/// A `SubjectPublicKeyInfo` with this count of unused bits.
fn info(algorithm: &[u8], unused: u8, key: &[u8]) -> Vec<u8> {
    sequence(&[algorithm, &encode_tlv(0x03, &[&[unused], key])])
}

fn read(pair: &Pair) -> PublicKey {
    let octets = info(&algorithm(pair.scheme), 0, &pair.public);
    PublicKey::from_subject_public_key_info(&octets).unwrap()
}

#[test]
fn values_of_every_parameter_set_hold_and_changed_ones_do_not() {
    let sizes = [(10_496, 2420), (15_616, 3309), (20_736, 4627)];
    for (pair, (bits, value_octets)) in pairs().into_iter().zip(sizes) {
        let key = read(&pair);
        assert_eq!((key.kind(), key.bits()), (pair.kind, bits));
        assert_eq!(key.value_octets_at_most(), value_octets);
        let value = (pair.sign)(MESSAGE, &[]);
        assert_eq!(value.len(), value_octets);
        assert_eq!(key.verify(pair.scheme, MESSAGE, &value), Ok(()));

        let does_not_hold = Err(VerifyError::ValueDoesNotHold);
        assert_eq!(key.verify(pair.scheme, b"other", &value), does_not_hold);
        // Challenge, response, hint, and the counts at the hint's end.
        for position in [0, 40, value_octets / 2, value_octets - 40, value_octets - 1] {
            let mut changed = value.clone();
            changed[position] ^= 1;
            assert_eq!(key.verify(pair.scheme, MESSAGE, &changed), does_not_hold);
        }
        let long = [value.as_slice(), &[0]].concat();
        for value in [&[][..], &value[1..], &long, &vec![0xff; value_octets]] {
            assert_eq!(key.verify(pair.scheme, MESSAGE, value), does_not_hold);
        }
    }
}

#[test]
fn a_value_with_a_context_does_not_hold() {
    for pair in pairs() {
        let value = (pair.sign)(MESSAGE, b"context");
        assert_eq!(
            read(&pair).verify(pair.scheme, MESSAGE, &value),
            Err(VerifyError::ValueDoesNotHold)
        );
    }
}

#[test]
fn a_digest_does_not_do_and_another_parameter_set_does_not_fit() {
    for pair in pairs() {
        let key = read(&pair);
        let digest = Digester::digest(DigestAlgorithm::Sha512, MESSAGE).unwrap();
        assert_eq!(
            key.verify_digest(pair.scheme, &digest, b"value"),
            Err(VerifyError::MessageNeeded)
        );
        for scheme in [
            SignatureScheme::MlDsa44,
            SignatureScheme::MlDsa65,
            SignatureScheme::MlDsa87,
            SignatureScheme::Ed25519,
            SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256),
        ] {
            if scheme != pair.scheme {
                let kind = pair.kind;
                assert_eq!(
                    key.verify(scheme, MESSAGE, b"value"),
                    Err(VerifyError::KeyDoesNotFit { kind, scheme })
                );
            }
        }
        assert_eq!(key.pkcs1_digest_algorithm(b"value"), None);
    }
}

#[test]
fn keys_of_the_wrong_length_or_form_are_told() {
    for pair in pairs() {
        let named = algorithm(pair.scheme);
        let long = [pair.public.as_slice(), &[0]].concat();
        for key in [&[][..], &pair.public[1..], &long] {
            let error = PublicKey::from_subject_public_key_info(&info(&named, 0, key));
            assert!(matches!(
                error,
                Err(PublicKeyError::MlDsaOctets { kind, found })
                    if kind == pair.kind && found == key.len()
            ));
        }
        // NULL parameters (RFC 9881, 2), and bits that are no whole octets.
        let content = AlgorithmIdentifier::for_signature(pair.scheme).unwrap();
        let oid = encode_tlv(6, &[content.oid().as_octets()]);
        let with_null = sequence(&[&oid, &[5, 0]]);
        let empty = sequence(&[&named, &[3, 0]]);
        for octets in [
            info(&with_null, 0, &pair.public),
            info(&named, 1, &pair.public),
            empty,
        ] {
            let error = PublicKey::from_subject_public_key_info(&octets);
            assert!(matches!(error, Err(PublicKeyError::MlDsaForm(kind)) if kind == pair.kind));
        }
        // More than the two elements: not ours to read, nor OpenSSL's.
        let mut behind = info(&named, 0, &pair.public);
        behind.push(0);
        assert!(PublicKey::from_subject_public_key_info(&behind).is_err());
    }
}

/// RFC 9881: a certificate signed with ML-DSA over an ML-DSA key.
#[test]
fn a_certificate_verifies_under_its_issuers_key() {
    for pair in pairs() {
        let named = algorithm(pair.scheme);
        let name = sequence(&[&encode_tlv(
            0x31,
            &[&sequence(&[
                &[6, 3, 0x55, 4, 3],
                &encode_tlv(12, &[b"ML-DSA"]),
            ])],
        )]);
        let time = |text: &[u8]| encode_tlv(0x17, &[text]);
        let tbs = sequence(&[
            &[0xa0, 3, 2, 1, 2, 2, 1, 5],
            &named,
            &name,
            &sequence(&[&time(b"200101000000Z"), &time(b"400101000000Z")]),
            &name,
            &info(&named, 0, &pair.public),
        ]);
        let certificate = |tbs: &[u8], value: &[u8]| {
            let der = sequence(&[tbs, &named, &encode_tlv(3, &[&[0], value])]);
            Certificate::from_der(der).unwrap()
        };
        let value = (pair.sign)(&tbs, &[]);
        let sound = certificate(&tbs, &value);
        let key = sound.public_key().unwrap();
        assert_eq!(key.kind(), pair.kind);
        assert!(sound.verify_signature(&key).is_ok());
        let mut other = tbs.clone();
        // The serial number, behind four octets of header and five of version.
        assert_eq!(other[9..12], [2, 1, 5]);
        other[11] = 6;
        assert!(certificate(&other, &value).verify_signature(&key).is_err());
    }
}
