//! ATTACKS section 8 and the rules of each /SubFilter, one structure per trick.

use trien_cms::{
    AttributeErrorKind, BrokenBecause, Deviation, SignatureContents, SubFilter, Verdict, attribute,
};
use trien_types::{DigestAlgorithm, Limits, SignatureScheme};
use trien_x509::asn1::{encode_tlv, octet_string, oid, sequence};
use trien_x509::{Certificate, Digester, VerifyError};

use crate::keys::{Key, Purpose, eddsa, rsa};
use crate::maker::{
    CONTENT_TYPE, MESSAGE_DIGEST, Maker, Order, SIGNING_CERTIFICATE_V2, issuer_and_serial,
    message_digest, signing_certificate_v1, signing_certificate_v2,
};

pub(crate) const DOCUMENT: &[u8] = b"document";

fn verify_as(format: SubFilter, contents: &[u8], additional: &[Certificate]) -> Verdict {
    SignatureContents::parse(contents, format, &[], &Limits::default())
        .unwrap()
        .verify(&DOCUMENT, additional)
}

pub(crate) fn verify(contents: &[u8]) -> Verdict {
    verify_as(SubFilter::EtsiCadesDetached, contents, &[])
}

#[track_caller]
pub(crate) fn broken(contents: &[u8]) -> BrokenBecause {
    match verify(contents) {
        Verdict::Broken(reason) => reason,
        other => panic!("not broken: {other:?}"),
    }
}

#[track_caller]
pub(crate) fn deviations(contents: &[u8]) -> Vec<Deviation> {
    match verify(contents) {
        Verdict::Intact(intact) => intact.deviations().to_vec(),
        other => panic!("not intact: {other:?}"),
    }
}

pub(crate) fn rsa_key(digest: DigestAlgorithm) -> Key {
    Key::new(
        rsa(2048),
        SignatureScheme::RsaPkcs1v15(digest),
        Purpose::Signing,
    )
}

#[test]
fn a_changed_document_is_told_apart_from_a_bad_value() {
    let key = Key::p256();
    let sound = Maker::new(&key, b"another document").make();
    assert_eq!(broken(&sound), BrokenBecause::MessageDigestDiffers);
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.value = Some(key.sign(b"other attributes"));
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::Value(VerifyError::ValueDoesNotHold)
    );
}

#[test]
fn m1_embedded_sha_1_must_be_the_documents() {
    let key = Key::p256();
    let sha1 = Digester::digest(DigestAlgorithm::Sha1, DOCUMENT).unwrap();
    let mut maker = Maker::new(&key, sha1.as_octets());
    maker.content = Some(sha1.as_octets().to_vec());
    let format = SubFilter::AdbePkcs7Sha1;
    let verdict = verify_as(format, &maker.make(), &[]);
    let weak = Deviation::WeakDigest(DigestAlgorithm::Sha1);
    assert_eq!(verdict.intact().unwrap().deviations(), [weak]);

    let other = Digester::digest(DigestAlgorithm::Sha1, b"other").unwrap();
    let mut maker = Maker::new(&key, other.as_octets());
    maker.content = Some(other.as_octets().to_vec());
    let verdict = verify_as(format, &maker.make(), &[]);
    assert!(matches!(
        verdict,
        Verdict::Broken(BrokenBecause::ContentDiffers)
    ));
    maker.content = None;
    let verdict = verify_as(format, &maker.make(), &[]);
    assert!(matches!(
        verdict,
        Verdict::Broken(BrokenBecause::ContentAbsent)
    ));
}

#[test]
fn m2_a_bare_rsa_value_verifies_with_the_first_certificate_of_the_entry() {
    for digest in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256] {
        let key = rsa_key(digest);
        let mut contents = octet_string(&key.sign(DOCUMENT));
        contents.extend([0; 50]);
        let entry = [key.certificate.as_der().to_vec()];
        let format = SubFilter::AdbeX509RsaSha1;
        let parse = |octets: &[u8], entry: &[Vec<u8>]| {
            SignatureContents::parse(octets, format, entry, &Limits::default()).unwrap()
        };
        let parsed = parse(&contents, &entry);
        assert_eq!(parsed.digest_algorithms(), [digest]);
        let verdict = parsed.verify(&DOCUMENT, &[]);
        let deviations = verdict.intact().unwrap().deviations().to_vec();
        assert!(deviations.contains(&Deviation::CertificateUnsigned));
        assert_eq!(
            deviations.contains(&Deviation::DigestNotSha1(digest)),
            digest != DigestAlgorithm::Sha1
        );
        let changed = parsed.verify(&b"other".as_slice(), &[]);
        assert!(matches!(changed, Verdict::Broken(BrokenBecause::Value(_))));
        let without = parse(&contents, &[]).verify(&DOCUMENT, &[]);
        assert!(matches!(
            without,
            Verdict::Broken(BrokenBecause::SignerCertificateAbsent)
        ));
    }
}

#[test]
fn m5_content_in_a_detached_signature_is_rejected_even_when_empty() {
    let key = Key::p256();
    for content in [Vec::new(), DOCUMENT.to_vec()] {
        let mut maker = Maker::new(&key, DOCUMENT);
        maker.content = Some(content);
        assert_eq!(broken(&maker.make()), BrokenBecause::ContentPresent);
    }
}

#[test]
fn m5_content_in_no_parts_at_all_is_content() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.content = Some(Vec::new());
    let mut made = maker.make();
    let empty = [0xa0, 2, 0x04, 0];
    let at = made.windows(4).position(|window| window == empty).unwrap();
    // A constructed OCTET STRING (X.690, 8.7) without parts.
    made[at + 2] = 0x24;
    assert_eq!(broken(&made), BrokenBecause::ContentPresent);
}

#[test]
fn m6_without_signed_attributes_the_value_is_over_the_document() {
    for key in [
        Key::p256(),
        rsa_key(DigestAlgorithm::Sha256),
        Key::new(
            eddsa(openssl::pkey::Id::ED25519),
            SignatureScheme::Ed25519,
            Purpose::Signing,
        ),
    ] {
        let mut maker = Maker::new(&key, DOCUMENT);
        maker.attributes = None;
        assert_eq!(
            deviations(&maker.make()),
            [Deviation::SignedAttributesAbsent]
        );
        maker.signed = b"other".to_vec();
        assert!(matches!(broken(&maker.make()), BrokenBecause::Value(_)));
    }
}

#[test]
fn m7_the_signer_is_one_and_named_by_its_identifier() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.signers = 2;
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::SeveralSigners { count: 2 }
    );
    maker.signers = 0;
    assert_eq!(broken(&maker.make()), BrokenBecause::NoSigner);

    // Another certificate stands first; the identifier decides, not the position.
    let other = Key::with_serial(
        crate::keys::ec(openssl::nid::Nid::X9_62_PRIME256V1),
        key.scheme,
        Purpose::Signing,
        9,
    );
    maker.signers = 1;
    maker
        .certificates
        .insert(0, other.certificate.as_der().to_vec());
    assert_eq!(deviations(&maker.make()), []);
    maker.identifier = issuer_and_serial(&other.certificate);
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::SigningCertificateDiffers
    );

    maker.identifier = encode_tlv(0x80, &[&[1, 2, 3, 4]]);
    maker.certificates = vec![key.certificate.as_der().to_vec()];
    assert_eq!(deviations(&maker.make()), []);
    maker.identifier = encode_tlv(0x80, &[&[9, 9]]);
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::SignerCertificateAbsent
    );
}

#[test]
fn a_certificate_from_elsewhere_completes_a_signature_without_one() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.certificates.clear();
    let contents = maker.make();
    assert_eq!(broken(&contents), BrokenBecause::SignerCertificateAbsent);
    let format = SubFilter::EtsiCadesDetached;
    let verdict = verify_as(format, &contents, std::slice::from_ref(&key.certificate));
    assert!(verdict.intact().is_some());
}

#[test]
fn of_two_certificates_with_one_serial_number_the_attribute_decides() {
    let key = Key::p256();
    let impostor = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    maker
        .certificates
        .insert(0, impostor.certificate.as_der().to_vec());
    let verdict = verify(&maker.make());
    let intact = verdict.intact().unwrap();
    assert_eq!(intact.certificate(), &key.certificate);
    assert_eq!(
        intact.deviations(),
        [Deviation::SeveralCertificatesOfSigner]
    );
}

#[test]
fn m7_every_version_of_the_signing_certificate_attribute_must_name_the_signer() {
    let key = Key::p256();
    let other = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    let list = maker.attributes.as_mut().unwrap();
    list.push(signing_certificate_v1(&key.certificate));
    assert_eq!(deviations(&maker.make()), []);
    maker.attributes.as_mut().unwrap().pop();
    let list = maker.attributes.as_mut().unwrap();
    list.push(signing_certificate_v1(&other.certificate));
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::SigningCertificateDiffers
    );

    let mut maker = Maker::new(&key, DOCUMENT);
    maker.replace(
        SIGNING_CERTIFICATE_V2,
        signing_certificate_v2(&other.certificate),
    );
    assert_eq!(
        broken(&maker.make()),
        BrokenBecause::SigningCertificateDiffers
    );
    maker.remove(SIGNING_CERTIFICATE_V2);
    assert_eq!(
        deviations(&maker.make()),
        [Deviation::SigningCertificateAbsent]
    );
}

#[test]
fn mandatory_attributes_missing_or_double_are_typed() {
    let key = Key::p256();
    for kind in [CONTENT_TYPE, MESSAGE_DIGEST] {
        let mut maker = Maker::new(&key, DOCUMENT);
        maker.remove(kind);
        let BrokenBecause::Attribute(error) = broken(&maker.make()) else {
            panic!("not the attribute");
        };
        assert_eq!((error.oid, error.kind), (kind, AttributeErrorKind::Missing));
    }
    let mut maker = Maker::new(&key, DOCUMENT);
    let twice = message_digest(DigestAlgorithm::Sha256, b"other");
    maker.attributes.as_mut().unwrap().push(twice);
    let BrokenBecause::Attribute(error) = broken(&maker.make()) else {
        panic!("not the attribute");
    };
    assert_eq!(error.kind, AttributeErrorKind::Repeated);
    let mut maker = Maker::new(&key, DOCUMENT);
    let two_values = sequence(&[
        &oid(MESSAGE_DIGEST),
        &encode_tlv(0x31, &[&octet_string(b"a"), &octet_string(b"b")]),
    ]);
    maker.replace(MESSAGE_DIGEST, two_values);
    let BrokenBecause::Attribute(error) = broken(&maker.make()) else {
        panic!("not the attribute");
    };
    assert_eq!(error.kind, AttributeErrorKind::ValueCount { found: 2 });
}

#[test]
fn a_content_type_attribute_of_another_type_is_rejected() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    let other = attribute(CONTENT_TYPE, &oid(crate::maker::TST_INFO));
    maker.replace(CONTENT_TYPE, other);
    assert!(matches!(
        broken(&maker.make()),
        BrokenBecause::ContentTypeDiffers { .. }
    ));
}

/// A value over a document without attributes, where the document's first octets frame it as a set of
/// attributes, is one over those attributes too.
#[test]
fn m6_attributes_that_are_a_document_are_rejected() {
    let key = Key::p256();
    for part in [&b"%PDF-1.7 1 0 obj"[..], b"/ByteRange[0 1 2 3]"] {
        let mut maker = Maker::new(&key, DOCUMENT);
        let filling = encode_tlv(0x04, &[part]);
        let attributes = maker.attributes.as_mut().unwrap();
        attributes.push(attribute(crate::maker::TST_INFO, &filling));
        assert_eq!(broken(&maker.make()), BrokenBecause::AttributesHoldDocument);
    }
}

#[test]
fn m12_attributes_out_of_order_are_noted() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    maker.order = Order::WrittenReversed;
    assert_eq!(
        deviations(&maker.make()),
        [Deviation::SignedAttributesNotInDer]
    );
    maker.order = Order::WrittenAndSignedReversed;
    assert_eq!(
        deviations(&maker.make()),
        [Deviation::SignedAttributesOnlyAsReceived]
    );
}

#[test]
fn m13_junk_among_the_unsigned_attributes_is_noted() {
    let key = Key::p256();
    for junk in [b"\x04\x03abc".as_slice(), b"\x30\x05gar", b"\xff\xff\xff"] {
        let mut maker = Maker::new(&key, DOCUMENT);
        maker.unsigned = encode_tlv(0xa1, &[junk]);
        let found = deviations(&maker.make());
        assert!(
            found
                .iter()
                .any(|found| matches!(found, Deviation::UnsignedAttributeMalformed { .. })),
            "{found:?}"
        );
    }
}

#[test]
fn b10_zeros_pad_and_b11_a_second_structure_is_rejected() {
    let key = Key::p256();
    let sound = Maker::new(&key, DOCUMENT).make();
    let with = |tail: &[u8]| [sound.as_slice(), tail].concat();
    assert_eq!(deviations(&with(&[0; 300])), []);
    let offset = sound.len();
    let residue = Deviation::TrailingResidue { offset: offset + 2 };
    assert_eq!(deviations(&with(b"\0\0residue")), [residue]);
    for tail in [
        sound.as_slice(),
        b"\x04\x02\x01\x01",
        b"\x24\x04\x04\x02\x01\x01",
        b"\x31\x00",
        b"\xa0\x02\x05\x00",
    ] {
        let structure = BrokenBecause::TrailingStructure { offset };
        assert_eq!(broken(&with(tail)), structure, "{tail:02x?}");
    }
}

#[test]
fn a_signer_named_in_other_string_types_is_found_and_noted() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, DOCUMENT);
    // The country as UTF8String (12) where the certificate has PrintableString (19).
    let position = maker
        .identifier
        .windows(4)
        .position(|window| window == [19, 2, b'V', b'N'])
        .unwrap();
    maker.identifier[position] = 12;
    assert_eq!(
        deviations(&maker.make()),
        [Deviation::SignerNameEncodedDifferently]
    );
}
