//! Certificate revocation lists of every shape, small and large.

use std::sync::OnceLock;

use proptest::prelude::*;
use trien_types::{Limit, Limits, UnixTime};
use trien_x509::asn1::{Asn1ErrorKind, encode_tlv, octet_string, sequence};
use trien_x509::{
    CertificateScope, Crl, DistributionPointName, GeneralName, RevocationErrorKind,
    RevocationReason, RevocationSignatureError, SerialNumber,
};

use crate::revocation_maker::{CRITICAL, Issuer, NOT_CRITICAL, entry, extension, name, utc};

fn limits() -> Limits {
    Limits::default()
}

fn serial(octets: &[u8]) -> SerialNumber {
    SerialNumber::from_octets(octets)
}

#[test]
fn two_hundred_thousand_entries_are_found_by_their_serial_numbers() {
    let issuer = Issuer::new();
    let mut entries = Vec::new();
    let reason = extension(21, NOT_CRITICAL, b"\x0a\x01\x04");
    // An odd factor permutes the numbers of 24 bits: no order, no repetition.
    let number = |index: u32| (index.wrapping_mul(0x9E37_79B1) & 0x00ff_ffff).to_be_bytes();
    for index in 0..200_000 {
        entries.extend(entry(&number(index), &reason));
    }
    let der = issuer.crl(&entries, b"");
    let crl = Crl::from_der(der.as_slice(), &limits()).unwrap();
    assert_eq!(crl.len(), 200_000);
    crl.verify_signature(&issuer.public_key()).unwrap();
    for index in (0..200_000).step_by(97) {
        let found: Vec<_> = crl.entries_of(&serial(&number(index))).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].reason(), Ok(RevocationReason::Superseded));
    }
    assert_eq!(crl.entries_of(&serial(&number(200_001))).count(), 0);
    assert_eq!(crl.entries_of(&serial(b"")).count(), 0);
}

#[test]
fn a_serial_number_is_found_however_it_is_padded() {
    let issuer = Issuer::new();
    let entries = [
        entry(b"\x00\x00\x7f", b""),
        entry(b"\x00\x80", b""),
        entry(b"\xff\x80", b""),
        entry(b"\x01", b""),
    ];
    let crl = Crl::from_der(issuer.crl(&entries.concat(), b""), &limits()).unwrap();
    let count = |octets: &[u8]| crl.entries_of(&serial(octets)).count();
    assert_eq!(count(b"\x7f"), 1);
    assert_eq!(count(b"\x00\x01"), 1);
    assert_eq!(count(b"\x00\x00\x80"), 1, "128");
    assert_eq!(count(b"\x80"), 1, "-128 is another number than 128");
    assert_eq!(count(b"\x02"), 0);
}

#[test]
fn on_an_indirect_list_the_issuer_of_an_entry_holds_until_the_next_one() {
    let issuer = Issuer::new();
    let other = |common_name| {
        let directory = encode_tlv(0xa4, &[&name(common_name)]);
        extension(29, CRITICAL, &sequence(&[&directory]))
    };
    let entries = [
        entry(b"\x05", b""),
        entry(b"\x09", &other("CA A")),
        entry(b"\x05", b""),
        entry(b"\x05", &other("CA B")),
    ];
    let point = sequence(&[b"\x84\x01\xff"]);
    let der = issuer.crl(&entries.concat(), &extension(28, CRITICAL, &point));
    let crl = Crl::from_der(der, &limits()).unwrap();
    assert!(crl.issuing_distribution_point().unwrap().indirect);
    assert_eq!(crl.unknown_critical_extensions().count(), 0);
    let issuers: Vec<String> = crl
        .entries_of(&serial(b"\x05"))
        .map(
            |entry| match entry.certificate_issuer().unwrap().as_slice() {
                [] => "of the list".to_owned(),
                [GeneralName::Directory(name)] => name.to_string(),
                other => panic!("{other:?}"),
            },
        )
        .collect();
    assert_eq!(issuers, ["of the list", "CN=CA A", "CN=CA B"]);
}

#[test]
fn an_issuing_distribution_point_says_what_the_list_is_about() {
    let issuer = Issuer::new();
    let uri = encode_tlv(0x86, &[b"http://example.invalid/a.crl"]);
    let full = encode_tlv(0xa0, &[&encode_tlv(0xa0, &[&uri])]);
    let read = |parts: &[&[u8]]| {
        let der = issuer.crl(b"", &extension(28, CRITICAL, &sequence(parts)));
        Crl::from_der(der, &limits()).map(|crl| crl.issuing_distribution_point().cloned())
    };
    let point = read(&[&full, b"\x82\x01\xff", b"\x83\x02\x05\x60"]).unwrap();
    let point = point.unwrap();
    assert_eq!(point.scope, CertificateScope::AuthorityCertificates);
    assert_eq!(point.only_some_reasons.unwrap().bits(), 0b110);
    let uri = GeneralName::Uri("http://example.invalid/a.crl".to_owned());
    assert_eq!(
        point.distribution_point,
        Some(DistributionPointName::Full(vec![uri]))
    );
    let both = read(&[b"\x81\x01\xff", b"\x82\x01\xff"]).unwrap().unwrap();
    assert_eq!(both.scope, CertificateScope::Contradictory);
    let error = read(&[b"\x81\x02\xff\xff"]).unwrap_err();
    assert!(matches!(
        error.kind,
        RevocationErrorKind::Structure(error) if error.kind == Asn1ErrorKind::BadBoolean
    ));
}

#[test]
fn a_delta_list_names_its_base_and_numbers_compare_by_value() {
    let issuer = Issuer::new();
    let read = |number: &[u8], base: &[u8]| {
        let extensions = [
            extension(20, NOT_CRITICAL, number),
            extension(27, CRITICAL, base),
        ];
        Crl::from_der(issuer.crl(b"", &extensions.concat()), &limits()).unwrap()
    };
    let crl = read(b"\x02\x02\x01\x00", b"\x02\x02\x00\xff");
    assert!(crl.delta_base().unwrap() < crl.number().unwrap());
    assert_eq!(crl.number().unwrap().to_string(), "0100");
    assert!(crl.is_empty());
    let zero = read(b"\x02\x01\x00", b"\x02\x01\x00");
    assert_eq!(zero.number(), zero.delta_base());
    assert_eq!(zero.number().unwrap().to_string(), "00");
}

#[test]
fn an_unknown_critical_extension_is_told_of_list_and_entry() {
    let issuer = Issuer::new();
    let entries = [
        entry(b"\x01", &extension(99, CRITICAL, b"\x05\x00")),
        entry(b"\x02", &extension(99, NOT_CRITICAL, b"\x05\x00")),
    ];
    let der = issuer.crl(&entries.concat(), &extension(98, CRITICAL, b"\x05\x00"));
    let crl = Crl::from_der(der, &limits()).unwrap();
    let critical: Vec<String> = crl
        .unknown_critical_extensions()
        .map(ToString::to_string)
        .collect();
    assert_eq!(critical, ["2.5.29.98"]);
    let of_entries: Vec<usize> = crl
        .entries()
        .map(|entry| entry.unknown_critical_extensions().unwrap().len())
        .collect();
    assert_eq!(of_entries, [1, 0]);
}

#[test]
fn an_extension_that_stands_there_twice_is_refused() {
    let issuer = Issuer::new();
    let twice = [
        extension(20, NOT_CRITICAL, b"\x02\x01\x01"),
        extension(20, NOT_CRITICAL, b"\x02\x01\x02"),
    ];
    let error = Crl::from_der(issuer.crl(b"", &twice.concat()), &limits()).unwrap_err();
    assert!(matches!(
        error.kind,
        RevocationErrorKind::ExtensionRepeated(_)
    ));
}

#[test]
fn an_entry_without_a_readable_date_stays_listed() {
    let issuer = Issuer::new();
    let odd = sequence(&[b"\x02\x01\x07", &utc("269931000000Z")]);
    let crl = Crl::from_der(issuer.crl(&odd, b""), &limits()).unwrap();
    let found = crl.entries_of(&serial(b"\x07")).next().unwrap();
    assert_eq!(
        found.revocation_date().unwrap_err().kind,
        Asn1ErrorKind::BadTime
    );
}

#[test]
fn a_list_over_the_limit_or_cut_short_is_refused_with_the_place() {
    let issuer = Issuer::new();
    let der = issuer.crl(&entry(b"\x01", b""), b"");
    let mut small = limits();
    small.crl_octets = der.len() - 1;
    let error = Crl::from_der(der.as_slice(), &small).unwrap_err();
    assert_eq!(
        error.kind,
        RevocationErrorKind::LimitReached(Limit::CrlOctets)
    );
    for end in 0..der.len() {
        Crl::from_der(&der[..end], &limits()).unwrap_err();
    }
    let mut longer = der;
    longer.push(0);
    let error = Crl::from_der(longer.as_slice(), &limits()).unwrap_err();
    assert_eq!(error.offset, longer.len() - 1);
}

#[test]
fn the_signature_holds_over_the_octets_received_and_no_others() {
    let issuer = Issuer::new();
    let der = issuer.crl(&entry(b"\x01", b""), b"");
    let crl = Crl::from_der(der.as_slice(), &limits()).unwrap();
    crl.verify_signature(&issuer.public_key()).unwrap();
    let error = crl
        .verify_signature(&Issuer::new().public_key())
        .unwrap_err();
    assert!(matches!(error, RevocationSignatureError::Verify(_)));
    let place = der
        .windows(13)
        .position(|window| window == b"260501000000Z")
        .unwrap();
    let mut changed = der.clone();
    changed[place + 5] = b'2';
    let changed = Crl::from_der(changed, &limits()).unwrap();
    assert_ne!(
        changed.entries().next().unwrap().revocation_date(),
        crl.entries().next().unwrap().revocation_date()
    );
    changed.verify_signature(&issuer.public_key()).unwrap_err();
}

/// RFC 5280, 5.1.1.2: whoever may choose the outer algorithm could weaken the inner one.
#[test]
fn an_algorithm_that_differs_inside_and_outside_is_refused() {
    let issuer = Issuer::new();
    let der = issuer.crl(b"", b"");
    let oid = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
    let place = der.windows(9).position(|window| window == oid).unwrap();
    let mut changed = der;
    changed[place + 8] = 0x0d;
    let crl = Crl::from_der(changed, &limits()).unwrap();
    assert_eq!(
        crl.verify_signature(&issuer.public_key()),
        Err(RevocationSignatureError::AlgorithmsDiffer)
    );
}

#[test]
fn a_list_in_pem_is_the_list_in_der() {
    let issuer = Issuer::new();
    let der = issuer.crl(&entry(b"\x01", b""), b"");
    let body = openssl::base64::encode_block(&der);
    let pem = format!(
        "text of a server\r\n-----BEGIN X509 CRL-----\r\n{body}\r\n-----END X509 CRL-----\r\n"
    );
    let crl = Crl::from_der_or_pem(pem.as_bytes(), &limits()).unwrap();
    assert_eq!(crl.as_der(), der);
    assert_eq!(Crl::from_der_or_pem(&der, &limits()).unwrap(), crl);
    let open = pem.replace("-----END X509 CRL-----", "");
    for broken in [
        open.as_str(),
        &pem.replacen("-----\r\nMII", "-----\r\n*", 1),
    ] {
        let error = Crl::from_der_or_pem(broken.as_bytes(), &limits()).unwrap_err();
        assert_eq!((error.offset, error.kind), (18, RevocationErrorKind::Pem));
    }
}

#[test]
fn times_may_be_of_either_kind_and_next_update_may_be_absent() {
    let issuer = Issuer::new();
    let tbs = sequence(&[
        b"\x02\x01\x01\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00",
        &name("CN"),
        &encode_tlv(0x18, &[b"20600531000000Z"]),
    ]);
    let crl = Crl::from_der(issuer.signed(&tbs), &limits()).unwrap();
    let expected = UnixTime::from_rfc3339("2060-05-31T00:00:00Z").unwrap();
    assert_eq!((crl.this_update(), crl.next_update()), (expected, None));
    assert_eq!(crl.issuer().to_string(), "CN=CN");
}

#[test]
fn octets_of_another_structure_are_no_list() {
    let error = Crl::from_der(octet_string(b"x"), &limits()).unwrap_err();
    assert_eq!(error.to_string(), "the octets are no revocation data");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn an_extension_of_no_consequence_for_the_scope_may_be_unreadable() {
    let issuer = Issuer::new();
    let odd = extension(60, NOT_CRITICAL, b"\x18\x0f-0001112923021Z");
    let crl = Crl::from_der(issuer.crl(b"", &odd), &limits()).unwrap();
    assert_eq!(crl.expired_certificates_since(), None);
    assert_eq!(crl.unreadable_extensions()[0].to_string(), "2.5.29.60");
    let read = extension(60, NOT_CRITICAL, b"\x18\x0f20200101000000Z");
    let crl = Crl::from_der(issuer.crl(b"", &read), &limits()).unwrap();
    let since = UnixTime::from_rfc3339("2020-01-01T00:00:00Z").unwrap();
    assert_eq!(crl.expired_certificates_since(), Some(since));
    assert!(crl.unreadable_extensions().is_empty());
}

proptest! {
    #[test]
    fn a_damaged_list_is_refused_or_every_entry_is_found(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut octets = sound().to_vec();
        for (place, octet) in changes {
            let place = place.index(octets.len());
            octets[place] = octet;
        }
        if let Some(cut) = cut {
            octets.truncate(cut.index(octets.len()));
        }
        if let Ok(crl) = Crl::from_der_or_pem(&octets, &limits()) {
            for entry in crl.entries() {
                let serial = entry.serial().unwrap();
                prop_assert!(crl.entries_of(&serial).any(|one| one.offset() == entry.offset()));
                let _read = (entry.reason(), entry.certificate_issuer(), entry.revocation_date());
            }
        }
    }
}

/// A list with entries and extensions of every kind.
fn sound() -> &'static [u8] {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    SOUND.get_or_init(|| {
        let directory = encode_tlv(0xa4, &[&name("CA A")]);
        let entries = [
            entry(b"\x05", &extension(21, NOT_CRITICAL, b"\x0a\x01\x01")),
            entry(b"\x03", &extension(29, CRITICAL, &sequence(&[&directory]))),
            entry(b"\x00\xf0", b""),
        ];
        let extensions = [
            extension(20, NOT_CRITICAL, b"\x02\x01\x09"),
            extension(28, CRITICAL, &sequence(&[b"\x84\x01\xff"])),
        ];
        Issuer::new().crl(&entries.concat(), &extensions.concat())
    })
}
