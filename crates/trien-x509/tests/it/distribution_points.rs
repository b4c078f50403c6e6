//! Where a certificate says its revocation data and its issuer are.

use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::{X509, X509Extension};
use trien_types::Limits;
use trien_x509::asn1::{encode_tlv, sequence};
use trien_x509::{
    AccessMethod, Certificate, DistinguishedName, DistributionPointName, GeneralName, ReasonFlags,
};

use crate::revocation_maker::name;

fn certificate(extensions: &[(&str, &[u8])]) -> Certificate {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut builder = X509::builder().unwrap();
    builder.set_pubkey(&key).unwrap();
    let time = Asn1Time::from_unix(0).unwrap();
    builder.set_not_before(&time).unwrap();
    builder.set_not_after(&time).unwrap();
    for (oid, value) in extensions {
        let oid = Asn1Object::from_str(oid).unwrap();
        let value = Asn1OctetString::new_from_bytes(value).unwrap();
        let extension = X509Extension::new_from_der(&oid, false, &value).unwrap();
        builder.append_extension(extension).unwrap();
    }
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    Certificate::from_der(builder.build().to_der().unwrap()).unwrap()
}

fn uri(text: &str) -> Vec<u8> {
    encode_tlv(0x86, &[text.as_bytes()])
}

#[test]
fn distribution_points_are_read_with_reasons_and_issuers() {
    let full = encode_tlv(
        0xa0,
        &[&encode_tlv(0xa0, &[&uri("http://example.invalid/a.crl")])],
    );
    let issuer = encode_tlv(0xa2, &[&encode_tlv(0xa4, &[&name("Office")])]);
    let whole = sequence(&[&full, b"\x81\x02\x05\x60", &issuer]);
    let bare = sequence(&[&issuer]);
    let points = sequence(&[&whole, &bare]);
    let read = certificate(&[("2.5.29.31", &points), ("2.5.29.46", &points)]);
    let points = read.crl_distribution_points().unwrap();
    assert_eq!(read.freshest_crl().unwrap(), points);
    let place = GeneralName::Uri("http://example.invalid/a.crl".to_owned());
    assert_eq!(
        points[0].name,
        Some(DistributionPointName::Full(vec![place]))
    );
    let two = points[0].reasons.unwrap();
    assert_eq!(two.bits(), 0b110);
    assert_eq!(two.intersection(ReasonFlags::ALL), two);
    assert_eq!(two.union(ReasonFlags::ALL), ReasonFlags::ALL);
    assert!(!two.contains(ReasonFlags::ALL) && ReasonFlags::ALL.contains(two));
    assert_eq!(points[1].name, None);
    assert!(matches!(
        points[1].crl_issuer.as_slice(),
        [GeneralName::Directory(name)] if name.to_string() == "CN=Office"
    ));
    let none = certificate(&[]);
    assert_eq!(none.crl_distribution_points(), Ok(Vec::new()));
}

#[test]
fn a_relative_name_is_completed_by_its_issuer() {
    let pair = sequence(&[b"\x06\x03\x55\x04\x03", &encode_tlv(0x0c, &[b"List 1"])]);
    let relative = encode_tlv(0xa0, &[&encode_tlv(0xa1, &[&pair])]);
    let points = sequence(&[&sequence(&[&relative])]);
    let points = certificate(&[("2.5.29.31", &points)])
        .crl_distribution_points()
        .unwrap();
    let issuer = DistinguishedName::from_der(&name("CA"), &Limits::default()).unwrap();
    let names = points[0]
        .name
        .as_ref()
        .unwrap()
        .full_names(&issuer)
        .unwrap();
    assert!(matches!(
        names.as_slice(),
        [GeneralName::Directory(name)] if name.to_string() == "CN=List 1,CN=CA"
    ));
}

#[test]
fn access_information_tells_responders_from_issuers() {
    let method = |last: u8| encode_tlv(0x06, &[&[0x2b, 6, 1, 5, 5, 7, 0x30, last]]);
    let access = sequence(&[
        &sequence(&[&method(1), &uri("http://ocsp.invalid")]),
        &sequence(&[&method(2), &uri("http://ca.invalid/ca.p7b")]),
        &sequence(&[&method(9), &uri("http://other.invalid")]),
    ]);
    let read = certificate(&[("1.3.6.1.5.5.7.1.1", &access)]);
    let found = read.authority_information_access().unwrap();
    assert_eq!(found[0].method, AccessMethod::Ocsp);
    assert_eq!(found[1].method, AccessMethod::CaIssuers);
    assert!(matches!(found[2].method, AccessMethod::Other(_)));
    assert_eq!(
        found[1].location,
        GeneralName::Uri("http://ca.invalid/ca.p7b".to_owned())
    );
}

#[test]
fn what_cannot_be_read_is_an_error_and_not_nothing() {
    let read = certificate(&[("2.5.29.31", b"\x05\x00"), ("1.3.6.1.5.5.7.1.1", b"")]);
    assert!(read.crl_distribution_points().is_err());
    assert!(read.authority_information_access().is_err());
}
