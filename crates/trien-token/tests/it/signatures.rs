//! Signature values, verified by OpenSSL past the crate's own check.

use std::collections::BTreeSet;

use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use openssl::x509::X509;
use trien_token::{
    CertificateSelector, FinalTry, Module, Pin, PinSource, TokenError, TokenKey, digest_of,
};
use trien_types::{
    Digest, DigestAlgorithm, PssParameters, SignatureScheme, SigningKey, SigningKeyErrorKind,
};

use crate::certificates::{Authority, ec, rsa};
use crate::hsm::{Filler, PIN, Traits};
use crate::isolation::{Place, Setting, on_tokens, on_tokens_with, this_test};

const MESSAGE: &[u8] = b"signed attributes";

fn open(place: &Place, label: &str) -> TokenKey {
    let pin = PinSource::Pin(Pin::from_text(PIN.into()).unwrap());
    let token = Module::load(&place.softhsm)
        .unwrap()
        .token_labelled("T")
        .unwrap();
    token
        .open_key(
            &CertificateSelector::Label(label.into()),
            pin,
            FinalTry::Refuse,
        )
        .unwrap()
}

fn digest(algorithm: DigestAlgorithm) -> MessageDigest {
    MessageDigest::from_name(algorithm.name()).unwrap()
}

/// Verifies under the signer's certificate, with nothing taken from the crate.
fn holds(key: &TokenKey, scheme: SignatureScheme, message: &[u8], value: &[u8]) -> bool {
    let certificate = X509::from_der(&key.certificate_path()[0]).unwrap();
    let public = certificate.public_key().unwrap();
    let mut verifier = match scheme {
        SignatureScheme::Ed25519 => Verifier::new_without_digest(&public).unwrap(),
        _ => Verifier::new(digest(scheme.digest_algorithm()), &public).unwrap(),
    };
    if let SignatureScheme::RsaPss(parameters) = scheme {
        let salt = i32::try_from(parameters.salt_octets).unwrap();
        verifier.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
        verifier
            .set_rsa_pss_saltlen(RsaPssSaltlen::custom(salt))
            .unwrap();
        verifier
            .set_rsa_mgf1_md(digest(parameters.mask_digest))
            .unwrap();
    }
    verifier.verify_oneshot(value, message).unwrap()
}

/// Signs under every scheme the key has and returns their names.
fn sign_all(key: &mut TokenKey) -> Vec<String> {
    let schemes = key.schemes().to_vec();
    for scheme in &schemes {
        let value = key.sign(*scheme, MESSAGE).unwrap();
        assert!(holds(key, *scheme, MESSAGE, &value), "{scheme}");
        assert!(!holds(key, *scheme, b"another message", &value), "{scheme}");
    }
    for scheme in key.digest_schemes().to_vec() {
        let digest = digest_of(scheme, MESSAGE).unwrap().unwrap();
        let value = key.sign_digest(scheme, &digest).unwrap();
        assert!(holds(key, scheme, MESSAGE, &value), "{scheme}, by digest");
        let mut shorter = digest.as_octets().to_vec();
        shorter.truncate(20);
        let other = Digest::new(DigestAlgorithm::Sha1, shorter).unwrap();
        let refused = key.sign_digest(scheme, &other);
        assert!(matches!(refused, Err(TokenError::SchemeUnsupported(_))));
    }
    schemes.iter().map(ToString::to_string).collect()
}

/// What the token shows before login is what the key has after it.
fn assert_listed(key: &TokenKey, place: &Place) {
    let token = Module::load(&place.softhsm)
        .unwrap()
        .token_labelled("T")
        .unwrap();
    let inventory = token.inventory().unwrap();
    let mut held = inventory.certificates.iter();
    let listed = held.find(|held| held.id == key.certificate_id()).unwrap();
    assert_eq!(listed.schemes, key.schemes());
    assert_eq!(listed.digest_schemes, key.digest_schemes());
    assert!(!listed.digest_schemes.is_empty());
}

const RSA_SCHEMES: [&str; 6] = [
    "RSASSA-PKCS1-v1_5 with SHA-256",
    "RSASSA-PKCS1-v1_5 with SHA-384",
    "RSASSA-PKCS1-v1_5 with SHA-512",
    "RSASSA-PSS with SHA-256",
    "RSASSA-PSS with SHA-384",
    "RSASSA-PSS with SHA-512",
];

fn fill_all_kinds(filler: &Filler) {
    let authority = Authority::root("CA");
    let token = filler.token("T");
    let keys = [
        ("rsa-2048", rsa(2048)),
        ("rsa-3072", rsa(3072)),
        ("rsa-4096", rsa(4096)),
        ("p-256", ec(Nid::X9_62_PRIME256V1)),
        ("p-384", ec(Nid::SECP384R1)),
        ("p-521", ec(Nid::SECP521R1)),
    ];
    for (label, key) in keys {
        token.key(&key, Traits::id(label.as_bytes()));
        let certificate = authority.certify(label, &key).to_der().unwrap();
        token.certificate(label, label.as_bytes(), &certificate);
    }
}

#[test]
fn every_kind_of_key_signs_under_every_scheme_it_offers() {
    on_tokens(this_test!(), fill_all_kinds, |place| {
        for label in ["rsa-2048", "rsa-3072", "rsa-4096"] {
            let mut key = open(place, label);
            assert_eq!(sign_all(&mut key), RSA_SCHEMES, "{label}");
            assert_listed(&key, place);
        }
        for (label, schemes) in [
            ("p-256", &["ECDSA with SHA-256"][..]),
            ("p-384", &["ECDSA with SHA-384", "ECDSA with SHA-256"]),
            (
                "p-521",
                &[
                    "ECDSA with SHA-512",
                    "ECDSA with SHA-384",
                    "ECDSA with SHA-256",
                ],
            ),
        ] {
            assert_eq!(sign_all(&mut open(place, label)), schemes, "{label}");
        }
    });
}

/// The commoner tokens: no mechanism that hashes, so `DigestInfo` and digests are made here.
#[test]
fn a_token_that_does_not_hash_is_given_digests() {
    let setting = Setting {
        configuration: "slots.mechanisms = CKM_RSA_PKCS,CKM_RSA_PKCS_PSS,\
                        CKM_RSA_PKCS_KEY_PAIR_GEN\n",
        ..Setting::default()
    };
    on_tokens_with(this_test!(), &setting, fill_all_kinds, |place| {
        assert_eq!(sign_all(&mut open(place, "rsa-2048")), RSA_SCHEMES);
        let pin = PinSource::Pin(Pin::from_text(PIN.into()).unwrap());
        let token = Module::load(&place.softhsm)
            .unwrap()
            .token_labelled("T")
            .unwrap();
        let selector = CertificateSelector::Label("p-256".into());
        let error = token
            .open_key(&selector, pin, FinalTry::Refuse)
            .unwrap_err();
        assert!(matches!(error, TokenError::SchemeMissing), "{error}");
        assert_eq!(error.kind(), SigningKeyErrorKind::SchemeUnsupported);
    });
}

#[test]
fn a_scheme_the_key_does_not_offer_is_refused_and_the_key_goes_on() {
    on_tokens(
        this_test!(),
        |filler| {
            let token = filler.token("T");
            let key = rsa(2048);
            token.key(&key, Traits::id(b"\x01"));
            let certificate = Authority::root("CA").certify("S", &key).to_der().unwrap();
            token.certificate("seal", b"\x01", &certificate);
        },
        |place| {
            let mut key = open(place, "seal");
            for scheme in [
                SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha1),
                SignatureScheme::Ecdsa(DigestAlgorithm::Sha256),
                SignatureScheme::Ed25519,
                SignatureScheme::RsaPss(PssParameters::new(
                    DigestAlgorithm::Sha256,
                    DigestAlgorithm::Sha1,
                    20,
                )),
            ] {
                let error = key.sign(scheme, MESSAGE).unwrap_err();
                assert_eq!(
                    error.kind(),
                    SigningKeyErrorKind::SchemeUnsupported,
                    "{scheme}"
                );
            }
            assert_eq!(sign_all(&mut key), RSA_SCHEMES);
        },
    );
}

#[test]
fn keys_that_the_token_generated_sign() {
    on_tokens(
        this_test!(),
        |filler| {
            let authority = Authority::root("CA");
            let token = filler.token("T");
            let key = token.generated_rsa(2048, b"\x01");
            token.certificate(
                "rsa",
                b"\x01",
                &authority.certify("S", &key).to_der().unwrap(),
            );
            let key = token.generated_ed25519(b"\x02");
            token.certificate(
                "ed25519",
                b"\x02",
                &authority.certify("S", &key).to_der().unwrap(),
            );
        },
        |place| {
            assert_eq!(sign_all(&mut open(place, "rsa")), RSA_SCHEMES);
            assert_eq!(sign_all(&mut open(place, "ed25519")), ["Ed25519"]);
        },
    );
}

#[test]
fn a_key_brought_in_with_softhsm2_util_signs() {
    on_tokens(
        this_test!(),
        |filler| {
            let key = rsa(2048);
            let certificate = Authority::root("CA").certify("S", &key).to_der().unwrap();
            filler
                .token("T")
                .certificate("seal", b"\xa1\xb2", &certificate);
            let path = filler.directory.join("key.pem");
            std::fs::write(&path, key.private_key_to_pem_pkcs8().unwrap()).unwrap();
            let status = std::process::Command::new("softhsm2-util")
                .args([
                    "--token", "T", "--pin", PIN, "--id", "a1b2", "--label", "key", "--import",
                ])
                .arg(&path)
                .status()
                .unwrap();
            assert!(status.success());
        },
        |place| {
            assert_eq!(sign_all(&mut open(place, "seal")), RSA_SCHEMES);
        },
    );
}

#[test]
fn keys_that_ask_for_the_pin_each_time_sign_again_and_again() {
    on_tokens(
        this_test!(),
        |filler| {
            let authority = Authority::root("CA");
            let token = filler.token("T");
            for (label, key) in [("rsa", rsa(2048)), ("ec", ec(Nid::X9_62_PRIME256V1))] {
                let id = Traits::id(label.as_bytes());
                token.key(
                    &key,
                    Traits {
                        always_authenticate: true,
                        ..id
                    },
                );
                let certificate = authority.certify(label, &key).to_der().unwrap();
                token.certificate(label, label.as_bytes(), &certificate);
            }
        },
        |place| {
            let mut key = open(place, "rsa");
            for _ in 0..3 {
                assert_eq!(sign_all(&mut key), RSA_SCHEMES);
            }
            drop(key);
            let mut key = open(place, "ec");
            for _ in 0..3 {
                assert_eq!(sign_all(&mut key), ["ECDSA with SHA-256"]);
            }
        },
    );
}

#[test]
fn a_thousand_signatures_are_made_on_one_login() {
    let setting = Setting {
        spied: true,
        ..Setting::default()
    };
    on_tokens_with(
        this_test!(),
        &setting,
        |filler| {
            let token = filler.token("T");
            let key = ec(Nid::X9_62_PRIME256V1);
            token.key(&key, Traits::id(b"\x01"));
            let certificate = Authority::root("CA").certify("S", &key).to_der().unwrap();
            token.certificate("seal", b"\x01", &certificate);
        },
        |place| {
            let mut key = open(place, "seal");
            let scheme = key.schemes()[0];
            let mut values = BTreeSet::new();
            for number in 0..1000_u32 {
                let message = number.to_be_bytes();
                let value = key.sign(scheme, &message).unwrap();
                assert!(holds(&key, scheme, &message, &value));
                values.insert(value);
            }
            assert_eq!(values.len(), 1000);
            drop(key);
            let calls = String::from_utf8_lossy(&place.read("calls")).into_owned();
            let count = |name: &str| calls.matches(&format!(": {name}\n")).count();
            assert_eq!(count("C_Login"), 1);
            assert_eq!(count("C_SignInit"), 1000);
            assert_eq!(count("C_Sign"), 1000, "no call asks for the length");
            assert_eq!(count("C_Logout"), 1);
        },
    );
}
