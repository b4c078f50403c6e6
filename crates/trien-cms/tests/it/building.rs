//! What is built verifies, here and with programs we did not write.

use std::process::Command;

use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::x509::X509;
use trien_cms::{
    BuildError, SignatureContents, SignedAttributes, SignedDataBuilder, SubFilter, Verdict,
    attribute, cms_octets_estimate,
};
use trien_types::{Digest, DigestAlgorithm, Limits, PssParameters, SignatureScheme};
use trien_x509::Digester;

use crate::keys::{Key, Purpose, ec, eddsa, rsa};

const DOCUMENT: [&[u8]; 2] = [b"%PDF-1.7 before the gap ", b" after the gap %%EOF"];

fn digest(algorithm: DigestAlgorithm) -> Digest {
    Digester::digest(algorithm, &DOCUMENT.concat()).unwrap()
}

fn build(key: &Key) -> Vec<u8> {
    let digest = digest(key.scheme.digest_algorithm());
    let attributes =
        SignedAttributes::for_pades(&digest, &key.certificate, key.scheme, &[]).unwrap();
    let value = key.sign(attributes.to_be_signed());
    SignedDataBuilder::new(attributes, key.scheme, &key.certificate)
        .build(&value)
        .unwrap()
}

fn verify(contents: &[u8]) -> Verdict {
    let format = SubFilter::EtsiCadesDetached;
    SignatureContents::parse(contents, format, &[], &Limits::default())
        .unwrap()
        .verify(&DOCUMENT, &[])
}

fn keys() -> Vec<Key> {
    use DigestAlgorithm::{Sha3_256, Sha256, Sha384, Sha512};
    let pss = |digest| SignatureScheme::RsaPss(PssParameters::matching(digest));
    let key = |private, scheme| Key::new(private, scheme, Purpose::Signing);
    vec![
        key(rsa(2048), SignatureScheme::RsaPkcs1v15(Sha256)),
        key(rsa(2048), pss(Sha256)),
        key(rsa(3072), SignatureScheme::RsaPkcs1v15(Sha384)),
        key(rsa(3072), pss(Sha384)),
        key(rsa(4096), SignatureScheme::RsaPkcs1v15(Sha512)),
        key(rsa(4096), pss(Sha512)),
        key(rsa(2048), SignatureScheme::RsaPkcs1v15(Sha3_256)),
        key(ec(Nid::X9_62_PRIME256V1), SignatureScheme::Ecdsa(Sha256)),
        key(ec(Nid::SECP384R1), SignatureScheme::Ecdsa(Sha384)),
        key(ec(Nid::SECP521R1), SignatureScheme::Ecdsa(Sha512)),
        key(ec(Nid::BRAINPOOL_P256R1), SignatureScheme::Ecdsa(Sha256)),
        key(eddsa(Id::ED25519), SignatureScheme::Ed25519),
        key(eddsa(Id::ED448), SignatureScheme::Ed448),
    ]
}

#[test]
fn every_scheme_builds_what_verifies_without_a_deviation() {
    for key in keys() {
        let verdict = verify(&build(&key));
        let intact = verdict.intact().unwrap_or_else(|| {
            panic!("{}: {verdict:?}", key.scheme);
        });
        assert_eq!(intact.scheme(), key.scheme);
        assert_eq!(intact.certificate(), &key.certificate);
        assert_eq!(intact.deviations(), &[], "{}", key.scheme);
    }
}

#[test]
fn the_openssl_program_accepts_what_is_built() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("SKIPPED openssl judge: no openssl program on the path");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("content"), DOCUMENT.concat()).unwrap();
    for key in keys() {
        // OpenSSL 3.0 verifies no EdDSA in CMS.
        if matches!(
            key.scheme,
            SignatureScheme::Ed25519 | SignatureScheme::Ed448
        ) {
            continue;
        }
        std::fs::write(path("signature"), build(&key)).unwrap();
        let anchor = X509::from_der(key.certificate.as_der()).unwrap();
        std::fs::write(path("anchor"), anchor.to_pem().unwrap()).unwrap();
        let output = Command::new("openssl")
            .args(["cms", "-verify", "-binary", "-cades"])
            .args(["-purpose", "any", "-partial_chain", "-CAfile"])
            .arg(path("anchor"))
            .args(["-inform", "DER", "-in"])
            .arg(path("signature"))
            .arg("-content")
            .arg(path("content"))
            .arg("-out")
            .arg(path("out"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", key.scheme);
    }
}

#[test]
fn another_decoder_reads_the_same_parts() {
    use cms::cert::x509::der::{Decode, Encode};
    let key = Key::p256();
    let built = build(&key);
    let info = cms::content_info::ContentInfo::from_der(&built).unwrap();
    assert_eq!(info.to_der().unwrap(), built);
    let signed: cms::signed_data::SignedData = info.content.decode_as().unwrap();
    let signer = signed.signer_infos.0.iter().next().unwrap();
    let attributes = signer.signed_attrs.as_ref().unwrap();
    assert_eq!(attributes.len(), 3);
    let signing_time =
        cms::cert::x509::der::asn1::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
    assert!(
        attributes
            .iter()
            .all(|attribute| attribute.oid != signing_time)
    );
}

#[test]
fn the_road_can_be_interrupted_between_the_two_steps() {
    let key = Key::p256();
    let digest = digest(DigestAlgorithm::Sha256);
    let role = attribute(
        trien_x509::const_oid::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.18"),
        &[0x30, 0],
    );
    let attributes =
        SignedAttributes::for_pades(&digest, &key.certificate, key.scheme, &[role]).unwrap();
    let stored = attributes.to_be_signed().to_vec();
    let value = key.sign(&stored);
    let restored = SignedAttributes::from_octets(&stored).unwrap();
    let built = SignedDataBuilder::new(restored, key.scheme, &key.certificate)
        .build(&value)
        .unwrap();
    assert!(verify(&built).intact().is_some());
    assert_eq!(
        SignedAttributes::from_octets(b"%PDF"),
        Err(BuildError::NotSignedAttributes)
    );
}

#[test]
fn certificates_are_spliced_in_octet_for_octet_and_once() {
    let key = Key::p256();
    // BOOLEAN TRUE as 0x01 in a certificate is what re-encoding would change.
    let odd: &[u8] = &[0x30, 3, 1, 1, 1];
    let digest = digest(DigestAlgorithm::Sha256);
    let attributes =
        SignedAttributes::for_pades(&digest, &key.certificate, key.scheme, &[]).unwrap();
    let value = key.sign(attributes.to_be_signed());
    let built = SignedDataBuilder::new(attributes, key.scheme, &key.certificate)
        .certificates([odd, key.certificate.as_der(), odd])
        .build(&value)
        .unwrap();
    let parsed = trien_cms::SignedData::parse(&built, &Limits::default()).unwrap();
    let mut found: Vec<&[u8]> = parsed.certificates().iter().map(AsRef::as_ref).collect();
    found.sort_unstable();
    assert_eq!(found, [odd, key.certificate.as_der()]);
    assert!(verify(&built).intact().is_some());
}

#[test]
fn the_estimate_is_never_too_small() {
    for key in keys() {
        let digest = digest(key.scheme.digest_algorithm());
        let attributes =
            SignedAttributes::for_pades(&digest, &key.certificate, key.scheme, &[]).unwrap();
        let value = key.sign(attributes.to_be_signed());
        let at_most = key.certificate.public_key().unwrap().value_octets_at_most();
        let builder = SignedDataBuilder::new(attributes, key.scheme, &key.certificate);
        let token = vec![0x30; 6000];
        let estimate = cms_octets_estimate(&builder, at_most, token.len()).unwrap();
        let real = builder.signature_time_stamp(&token).build(&value).unwrap();
        assert!(real.len() <= estimate, "{}", key.scheme);
        assert!(estimate - real.len() < 32, "{}", key.scheme);
    }
}

#[test]
fn a_digest_that_does_not_go_with_the_scheme_is_refused() {
    let key = Key::p256();
    let digest = digest(DigestAlgorithm::Sha384);
    assert_eq!(
        SignedAttributes::for_pades(&digest, &key.certificate, key.scheme, &[]),
        Err(BuildError::DigestMismatch {
            document: DigestAlgorithm::Sha384,
            scheme: DigestAlgorithm::Sha256
        })
    );
}
