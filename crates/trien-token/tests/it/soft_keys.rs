//! Soft keys: PKCS#12 and PEM, read and used.

use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::provider::Provider;
use openssl::sign::Verifier;
use openssl::stack::Stack;
use openssl::symm::Cipher;
use openssl::x509::X509;
use trien_token::{Pin, SoftKey, SoftKeyError};
use trien_types::{DigestAlgorithm, SignatureScheme, SigningKey, SigningKeyErrorKind};

use crate::certificates::{Authority, ec, rsa};

const PASSWORD: &str = "Sen-trắng-15";

fn password(text: &str) -> Pin {
    Pin::from_text(text.into()).unwrap()
}

struct Holder {
    root: Authority,
    issuing: Authority,
    key: PKey<Private>,
    certificate: X509,
}

impl Holder {
    fn new(key: PKey<Private>) -> Self {
        let root = Authority::root("Root");
        let issuing = root.below("Issuing");
        let certificate = issuing.certify("Holder", &key);
        Self {
            root,
            issuing,
            key,
            certificate,
        }
    }

    fn path(&self) -> [Vec<u8>; 3] {
        [
            self.certificate.to_der().unwrap(),
            self.issuing.der(),
            self.root.der(),
        ]
    }

    fn pkcs12(&self, change: impl FnOnce(&mut openssl::pkcs12::Pkcs12Builder)) -> Vec<u8> {
        let mut issuers = Stack::new().unwrap();
        // The wrong way round.
        issuers.push(self.root.certificate.clone()).unwrap();
        issuers.push(self.issuing.certificate.clone()).unwrap();
        let mut builder = Pkcs12::builder();
        builder.pkey(&self.key).cert(&self.certificate).ca(issuers);
        change(&mut builder);
        builder.build2(PASSWORD).unwrap().to_der().unwrap()
    }
}

#[test]
fn a_pkcs12_file_gives_the_key_and_its_path_in_order() {
    let holder = Holder::new(rsa(2048));
    let file = holder.pkcs12(|_| {});
    let mut key = SoftKey::from_pkcs12(&file, &password(PASSWORD)).unwrap();
    assert_eq!(key.certificate_path(), holder.path());
    let scheme = key.schemes()[0];
    assert_eq!(
        scheme,
        SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256)
    );
    let value = key.sign(scheme, b"message").unwrap();
    let public = holder.certificate.public_key().unwrap();
    let mut verifier = Verifier::new(MessageDigest::sha256(), &public).unwrap();
    assert!(verifier.verify_oneshot(&value, b"message").unwrap());
}

#[test]
fn a_wrong_password_and_a_damaged_file_are_told_apart() {
    let file = Holder::new(ec(Nid::X9_62_PRIME256V1)).pkcs12(|_| {});
    let error = SoftKey::from_pkcs12(&file, &password("Sen-hồng-15")).unwrap_err();
    assert!(matches!(error, SoftKeyError::PasswordIncorrect), "{error}");
    let cut = &file[..file.len() / 2];
    let error = SoftKey::from_pkcs12(cut, &password(PASSWORD)).unwrap_err();
    assert!(matches!(error, SoftKeyError::Malformed(_)), "{error}");
}

/// RC2 with 40 bits, as Windows and old tools write it.
#[test]
fn a_legacy_file_is_named_as_such() {
    let holder = Holder::new(rsa(2048));
    let Ok(legacy) = Provider::try_load(None, "legacy", true) else {
        return eprintln!("SKIPPED a_legacy_file_is_named_as_such: no legacy provider");
    };
    let file = holder.pkcs12(|builder| {
        builder
            .cert_algorithm(Nid::PBE_WITHSHA1AND40BITRC2_CBC)
            .key_algorithm(Nid::PBE_WITHSHA1AND3_KEY_TRIPLEDES_CBC)
            .mac_md(MessageDigest::sha1());
    });
    SoftKey::from_pkcs12(&file, &password(PASSWORD)).unwrap();
    drop(legacy);
    let error = SoftKey::from_pkcs12(&file, &password(PASSWORD)).unwrap_err();
    assert!(
        matches!(error, SoftKeyError::LegacyEncryption),
        "{error} {error:?}"
    );
    let error = SoftKey::from_pkcs12(&file, &password("Sen-hồng-15")).unwrap_err();
    assert!(matches!(error, SoftKeyError::PasswordIncorrect), "{error}");
}

#[test]
fn pem_text_is_read_in_any_order_encrypted_or_not() {
    let holder = Holder::new(ec(Nid::SECP384R1));
    let certificates = [
        &holder.root.certificate,
        &holder.certificate,
        &holder.issuing.certificate,
    ]
    .map(|certificate| certificate.to_pem().unwrap())
    .concat();
    let plain = [
        &certificates[..],
        &holder.key.private_key_to_pem_pkcs8().unwrap(),
    ]
    .concat();
    let key = SoftKey::from_pem(&plain, None).unwrap();
    assert_eq!(key.certificate_path(), holder.path());
    assert_eq!(
        key.schemes()[0],
        SignatureScheme::Ecdsa(DigestAlgorithm::Sha384)
    );

    let cipher = Cipher::aes_256_cbc();
    let encrypted = holder
        .key
        .private_key_to_pem_pkcs8_passphrase(cipher, PASSWORD.as_bytes());
    let encrypted = [encrypted.unwrap(), certificates].concat();
    SoftKey::from_pem(&encrypted, Some(&password(PASSWORD))).unwrap();
    // Without a password nobody is asked for one at the terminal.
    for wrong in [None, Some(&password("Sen-hồng-15"))] {
        let error = SoftKey::from_pem(&encrypted, wrong).unwrap_err();
        assert!(
            matches!(error, SoftKeyError::PasswordIncorrect),
            "{error} {error:?}"
        );
    }
}

#[test]
fn a_key_without_its_certificate_or_a_certificate_without_key_is_refused() {
    let holder = Holder::new(rsa(2048));
    let stranger = holder
        .issuing
        .certify("Holder", &rsa(2048))
        .to_der()
        .unwrap();
    let error = SoftKey::new(holder.key.clone(), &[stranger, holder.root.der()]).unwrap_err();
    assert!(matches!(error, SoftKeyError::CertificateMissing), "{error}");
    let error = SoftKey::from_pem(&holder.certificate.to_pem().unwrap(), None).unwrap_err();
    assert!(
        matches!(error, SoftKeyError::KeyMissing),
        "{error} {error:?}"
    );
    let error = SoftKey::from_pem(b"", None).unwrap_err();
    assert!(
        matches!(error, SoftKeyError::KeyMissing),
        "{error} {error:?}"
    );
}

#[test]
fn every_scheme_of_a_soft_key_verifies() {
    for (key, schemes) in [
        (rsa(2048), 6),
        (ec(Nid::SECP521R1), 3),
        (PKey::generate_ed25519().unwrap(), 1),
        (PKey::generate_ed448().unwrap(), 1),
    ] {
        let holder = Holder::new(key);
        let mut key = SoftKey::new(holder.key.clone(), &holder.path()).unwrap();
        let offered = key.schemes().to_vec();
        assert_eq!(offered.len(), schemes);
        let public = holder.certificate.public_key().unwrap();
        for scheme in offered {
            let value = key.sign(scheme, b"message").unwrap();
            let digest = MessageDigest::from_name(scheme.digest_algorithm().name());
            let mut verifier = match (scheme, digest) {
                (SignatureScheme::Ed25519 | SignatureScheme::Ed448, _) | (_, None) => {
                    Verifier::new_without_digest(&public).unwrap()
                }
                (_, Some(digest)) => Verifier::new(digest, &public).unwrap(),
            };
            if matches!(scheme, SignatureScheme::RsaPss(_)) {
                verifier
                    .set_rsa_padding(openssl::rsa::Padding::PKCS1_PSS)
                    .unwrap();
            }
            assert!(
                verifier.verify_oneshot(&value, b"message").unwrap(),
                "{scheme}"
            );
        }
        let unsupported = SignatureScheme::Dsa(DigestAlgorithm::Sha256);
        let error = key.sign(unsupported, b"message").unwrap_err();
        assert_eq!(error.kind(), SigningKeyErrorKind::SchemeUnsupported);
    }
}

#[test]
fn the_debug_form_shows_no_key() {
    let holder = Holder::new(ec(Nid::X9_62_PRIME256V1));
    let key = SoftKey::new(holder.key, &[holder.certificate.to_der().unwrap()]).unwrap();
    assert_eq!(
        format!("{key:?}"),
        "SoftKey { certificates: 1, schemes: [Ecdsa(Sha256)], .. }"
    );
}
