//! Certificates made here, and bent the way certificates in the wild are.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage as KeyUsageExtension,
    SubjectKeyIdentifier,
};
use openssl::x509::{X509Builder, X509NameBuilder};
use proptest::prelude::*;
use trien_types::UnixTime;
use trien_x509::{Certificate, CertificateErrorKind, KeyUsage, SubjectKind};

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn certificate(key: &PKey<Private>) -> Vec<u8> {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("C", "VN").unwrap();
    name.append_entry_by_text("O", "Phòng Giáo dục").unwrap();
    name.append_entry_by_text("UID", "MST:0101234567").unwrap();
    name.append_entry_by_text("UID", "CCCD:001099012345")
        .unwrap();
    name.append_entry_by_text("CN", "Nguyễn Thị Hoa").unwrap();
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_hex_str("00F0010203").unwrap();
    builder
        .set_serial_number(&serial.to_asn1_integer().unwrap())
        .unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder
        .set_not_before(&Asn1Time::from_unix(1_577_836_800).unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::from_unix(2_900_000_000).unwrap())
        .unwrap();
    builder.set_pubkey(key).unwrap();
    let constraints = BasicConstraints::new().critical().ca().pathlen(3).build();
    builder.append_extension(constraints.unwrap()).unwrap();
    let mut usage = KeyUsageExtension::new();
    usage
        .critical()
        .digital_signature()
        .crl_sign()
        .decipher_only();
    builder.append_extension(usage.build().unwrap()).unwrap();
    let purposes = ExtendedKeyUsage::new().critical().time_stamping().build();
    builder.append_extension(purposes.unwrap()).unwrap();
    let subject_key = SubjectKeyIdentifier::new()
        .build(&builder.x509v3_context(None, None))
        .unwrap();
    builder.append_extension(subject_key).unwrap();
    let authority_key = AuthorityKeyIdentifier::new()
        .keyid(true)
        .build(&builder.x509v3_context(None, None))
        .unwrap();
    builder.append_extension(authority_key).unwrap();
    builder.sign(key, MessageDigest::sha256()).unwrap();
    builder.build().to_der().unwrap()
}

fn replace(octets: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let position = octets
        .windows(old.len())
        .position(|window| window == old)
        .unwrap();
    let mut changed = octets.to_vec();
    changed[position..position + new.len()].copy_from_slice(new);
    changed
}

#[test]
fn every_part_is_read() {
    let key = key();
    let der = certificate(&key);
    let certificate = Certificate::from_der(der.as_slice()).unwrap();
    assert_eq!(certificate.as_der(), der);
    assert_eq!(certificate.serial().to_string(), "f0010203");
    assert_eq!(certificate.serial().as_octets(), [0, 0xf0, 1, 2, 3]);
    assert_eq!(
        certificate.subject().to_string(),
        "CN=Nguyễn Thị Hoa,UID=CCCD:001099012345,UID=MST:0101234567,O=Phòng Giáo dục,C=VN"
    );
    assert_eq!(
        certificate.subject_kind(),
        SubjectKind::PersonInOrganisation
    );
    assert_eq!(
        certificate.not_before(),
        UnixTime::from_rfc3339("2020-01-01T00:00:00Z").unwrap()
    );
    assert_eq!(
        certificate.not_after(),
        UnixTime::from_seconds(2_900_000_000)
    );
    assert!(certificate.is_within_validity(certificate.not_after()));
    assert!(!certificate.is_within_validity(certificate.not_after().plus_seconds(1)));
    let constraints = certificate.basic_constraints().unwrap();
    assert_eq!(
        (constraints.authority, constraints.path_length),
        (true, Some(3))
    );
    let usage = certificate.key_usage().unwrap();
    assert!(usage.contains(KeyUsage::DIGITAL_SIGNATURE));
    assert!(usage.contains(KeyUsage::CRL_SIGN));
    assert!(!usage.contains(KeyUsage::CONTENT_COMMITMENT));
    assert_eq!(usage.bits(), 1 | 1 << 6 | 1 << 8);
    let purposes = certificate.extended_key_usage().unwrap();
    assert!(purposes.critical);
    assert_eq!(purposes.purposes[0].to_string(), "1.3.6.1.5.5.7.3.8");
    assert_eq!(certificate.subject_key_identifier().unwrap().len(), 20);
    assert_eq!(
        certificate.authority_key_identifier(),
        certificate.subject_key_identifier()
    );
    assert!(certificate.is_self_issued());
    assert!(certificate.unreadable_extensions().is_empty());
    assert_eq!(certificate.extensions().len(), 5);
}

#[test]
fn the_issuers_signature_is_checked() {
    let issuer = key();
    let read = Certificate::from_der(certificate(&issuer)).unwrap();
    assert_eq!(read.verify_signature(&read.public_key().unwrap()), Ok(()));
    let other = Certificate::from_der(certificate(&key())).unwrap();
    assert!(read.verify_signature(&other.public_key().unwrap()).is_err());
}

#[test]
fn breaches_of_der_that_leave_the_meaning_clear_are_tolerated() {
    let der = certificate(&key());
    // critical as 0x01 instead of 0xFF.
    let boolean = replace(&der, &[1, 1, 0xff, 4, 8], &[1, 1, 1, 4, 8]);
    let read = Certificate::from_der(boolean.as_slice()).unwrap();
    assert_eq!(read.as_der(), boolean);
    assert!(read.extensions()[0].critical);
    // A negative serial number.
    let negative = replace(&der, &[2, 5, 0, 0xf0, 1], &[2, 5, 0x80, 0xf0, 1]);
    assert!(Certificate::from_der(negative).is_ok());
    // A UTCTime with an offset for a Z.
    let odd_time = replace(&der, b"200101000000Z", b"2001010000+00");
    assert!(Certificate::from_der(odd_time).is_ok());
}

#[test]
fn an_extension_that_cannot_be_read_is_told_not_guessed() {
    let der = certificate(&key());
    // The key usage BIT STRING becomes an OCTET STRING.
    let usage = [0x55, 0x1d, 0x0f, 1, 1, 0xff, 4, 5, 3];
    let bent = replace(&der, &usage, &[0x55, 0x1d, 0x0f, 1, 1, 0xff, 4, 5, 4]);
    let read = Certificate::from_der(bent).unwrap();
    assert_eq!(read.key_usage(), None);
    assert_eq!(read.unreadable_extensions()[0].to_string(), "2.5.29.15");
}

#[test]
fn octets_behind_a_certificate_are_refused() {
    let mut der = certificate(&key());
    der.push(0);
    let error = Certificate::from_der(der).unwrap_err();
    assert!(matches!(error.kind(), CertificateErrorKind::Structure(_)));
    assert!(std::error::Error::source(&error).is_some());
}

proptest! {
    #[test]
    fn changed_octets_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        keep in any::<prop::sample::Index>(),
    ) {
        static DER: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let mut octets = DER.get_or_init(|| certificate(&key())).clone();
        for (index, octet) in changes {
            let position = index.index(octets.len());
            octets[position] = octet;
        }
        let cut = octets[..keep.index(octets.len())].to_vec();
        prop_assert!(Certificate::from_der(cut).is_err());
        if let Ok(read) = Certificate::from_der(octets) {
            let _ = read.subject().to_string();
            let _ = read.subject_kind();
            if let Ok(key) = read.public_key() {
                let _ = read.verify_signature(&key);
            }
        }
    }
}
