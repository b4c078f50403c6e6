//! Elements within bounds, BER and DER.

use proptest::prelude::*;
use trien_types::{Limits, UnixTime};
use trien_x509::asn1::{
    Asn1ErrorKind, Framing, ObjectIdentifier, Reader, Tag, der_form, encode_tlv, set_of,
    unsigned_integer,
};
use trien_x509::const_oid;

fn reader(octets: &[u8]) -> Reader<'_> {
    Reader::new(octets, &Limits::default())
}

fn fault(octets: &[u8]) -> (usize, Asn1ErrorKind) {
    let error = reader(octets).element().unwrap_err();
    (error.offset, error.kind)
}

#[test]
fn lengths_are_read_in_every_form() {
    let long = [&[4, 0x81, 0x80][..], &[7; 128]].concat();
    for octets in [&[4, 2, 1, 2][..], &long] {
        let element = reader(octets).element().unwrap();
        assert_eq!(element.raw(), octets);
        assert!(element.has_der_length());
        assert_eq!(reader(octets).framing(), Framing::Der);
    }
    let padded = [4, 0x82, 0, 1, 9];
    let element = reader(&padded).element().unwrap();
    assert_eq!(element.content(), [9]);
    assert!(!element.has_der_length());
    let indefinite = [0x30, 0x80, 4, 1, 9, 0x30, 0x80, 0, 0, 0, 0, 0xff];
    let mut outer = reader(&indefinite);
    let element = outer.element().unwrap();
    assert!(element.is_indefinite());
    assert_eq!(element.content(), &indefinite[2..9]);
    assert_eq!(outer.rest(), [0xff]);
    assert_eq!(reader(&indefinite).framing(), Framing::Ber);
}

#[test]
fn faults_carry_their_offset() {
    assert_eq!(fault(&[]), (0, Asn1ErrorKind::EndOfOctets));
    assert_eq!(fault(&[0x30]), (0, Asn1ErrorKind::EndOfOctets));
    assert_eq!(
        fault(&[0x30, 5, 1]),
        (
            0,
            Asn1ErrorKind::LengthBeyondOctets {
                claimed: 5,
                available: 1
            }
        )
    );
    assert_eq!(
        fault(&[4, 0x80, 0, 0]),
        (0, Asn1ErrorKind::IndefinitePrimitive)
    );
    assert_eq!(fault(&[4, 0xff]), (0, Asn1ErrorKind::LengthTooLong));
    assert_eq!(
        fault(&[0x30, 0x80, 4, 0]),
        (0, Asn1ErrorKind::EndOfContentsMissing)
    );
    assert_eq!(
        fault(&[0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0]),
        (0, Asn1ErrorKind::TagTooLong)
    );
    let inner = [0x30, 4, 4, 0, 2, 9];
    let mut elements = reader(&inner).element().unwrap().elements().unwrap();
    elements.element().unwrap();
    assert_eq!(elements.element().unwrap_err().offset, 4);
}

#[test]
fn nesting_stops_at_the_limit() {
    let mut octets = vec![5, 0];
    for _ in 0..70 {
        octets = encode_tlv(0x30, &[&octets]);
    }
    let mut current = reader(&octets);
    let mut depth = 0;
    let kind = loop {
        let element = current.element().unwrap();
        match element.elements() {
            Ok(inside) => current = inside,
            Err(error) => break error.kind,
        }
        depth += 1;
    };
    assert_eq!((depth, kind), (64, Asn1ErrorKind::NestingTooDeep));
    assert!(der_form(&octets, &Limits::default()).is_err());
}

#[test]
fn object_identifiers_of_any_length_print_and_compare() {
    let identifier = |octets: &[u8]| reader(octets).element().unwrap().object_identifier();
    let sha256 = const_oid::ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
    let read = identifier(&[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]).unwrap();
    assert_eq!(read, sha256);
    assert_eq!(read, ObjectIdentifier::from(sha256));
    assert_eq!(read.to_string(), "2.16.840.1.101.3.4.2.1");
    // 2.25 and a UUID: an arc of more than 32 bits.
    let uuid = identifier(&[6, 7, 0x69, 0x8f, 0xff, 0xff, 0xff, 0xff, 0x7f]).unwrap();
    assert_eq!(uuid.to_string(), "2.25.549755813887");
    assert_eq!(uuid.known(), None);
    for bad in [
        &[6, 0][..],
        &[6, 1, 0x86],
        &[
            6, 20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
        ],
    ] {
        assert_eq!(
            identifier(bad).unwrap_err().kind,
            Asn1ErrorKind::BadObjectIdentifier
        );
    }
}

#[test]
fn times_in_the_field_are_read() {
    let time = |tag, text: &str| {
        let octets = encode_tlv(tag, &[text.as_bytes()]);
        reader(&octets).element().unwrap().time().ok()
    };
    let at = |text| UnixTime::from_rfc3339(text).ok();
    assert_eq!(time(23, "260531080000Z"), at("2026-05-31T08:00:00Z"));
    assert_eq!(time(23, "2605310800Z"), at("2026-05-31T08:00:00Z"));
    assert_eq!(
        time(23, "260531080000+0700"),
        at("2026-05-31T08:00:00+07:00")
    );
    assert_eq!(time(23, "500101000000Z"), at("1950-01-01T00:00:00Z"));
    assert_eq!(time(24, "20260531080000.987Z"), at("2026-05-31T08:00:00Z"));
    assert_eq!(time(24, "20260531080060Z"), at("2026-05-31T08:00:59Z"));
    for bad in [
        "",
        "20260231080000Z",
        "2026053108000",
        "20260531080000Zx",
        "é",
    ] {
        assert_eq!(time(24, bad), None, "{bad}");
    }
}

#[test]
fn der_form_minimises_joins_and_sorts() {
    let ber = [
        0x31, 0x80, 0x30, 0x80, 0x24, 0x80, 4, 1, 1, 4, 1, 2, 0, 0, 0, 0, 2, 0x81, 1, 5, 0, 0,
    ];
    let der = der_form(&ber, &Limits::default()).unwrap();
    assert_eq!(der, [0x31, 9, 2, 1, 5, 0x30, 4, 4, 2, 1, 2]);
    assert_eq!(der_form(&der, &Limits::default()).unwrap(), der);
}

#[test]
fn a_set_is_written_in_ascending_order() {
    let set = set_of(&[vec![4, 1, 9], vec![4, 1, 2], vec![2, 1, 5]]);
    assert_eq!(set, [0x31, 9, 2, 1, 5, 4, 1, 2, 4, 1, 9]);
}

#[test]
fn tags_print_as_the_standard_names_them() {
    assert_eq!(Tag::SEQUENCE.to_string(), "SEQUENCE");
    assert_eq!(Tag::context(3).to_string(), "tag [3]");
}

proptest! {
    #[test]
    fn numbers_go_there_and_back(number: u64) {
        let octets = unsigned_integer(number);
        prop_assert_eq!(reader(&octets).element().unwrap().unsigned(), Ok(number));
        prop_assert_eq!(reader(&octets).framing(), Framing::Der);
    }

    #[test]
    fn any_octets_are_read_or_refused(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut current = reader(&octets);
        while let Ok(element) = current.element() {
            prop_assert!(element.raw().len() >= 2);
            let _ = element.string_octets();
            let _ = element.object_identifier();
            let _ = element.time();
            let _ = element.bits();
        }
        if let Ok(der) = der_form(&octets, &Limits::default()) {
            prop_assert_eq!(der_form(&der, &Limits::default()), Ok(der));
        }
    }
}
