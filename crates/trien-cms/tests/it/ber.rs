//! BER as signers write it: indefinite lengths, strings in pieces, lengths in too many octets.

use trien_cms::{Deviation, SignatureContents, SignedData, SubFilter};
use trien_types::Limits;
use trien_x509::asn1::{Framing, Reader, Tag};

use crate::keys::Key;
use crate::maker::Maker;

/// Writes one DER element again with every container indefinite and every long OCTET STRING in
/// pieces of 100 octets. Certificates and signed attributes keep their octets when `keep` says so.
fn indefinite(element: &[u8], keep: &[&[u8]]) -> Vec<u8> {
    let limits = Limits::default();
    let parsed = Reader::new(element, &limits).element().unwrap();
    if keep.contains(&element) {
        return element.to_vec();
    }
    if parsed.is_constructed() {
        let mut octets = vec![element[0], 0x80];
        let mut inside = parsed.elements().unwrap();
        while !inside.is_empty() {
            octets.extend(indefinite(inside.element().unwrap().raw(), keep));
        }
        octets.extend([0, 0]);
        return octets;
    }
    if parsed.tag() == Tag::OCTET_STRING && parsed.content().len() > 60 {
        let mut octets = vec![0x24, 0x80];
        for piece in parsed.content().chunks(25) {
            octets.extend([4, piece.len() as u8]);
            octets.extend_from_slice(piece);
        }
        octets.extend([0, 0]);
        return octets;
    }
    // The length in the long form with a leading zero.
    let mut octets = vec![element[0], 0x83, 0];
    octets.extend(u16::try_from(parsed.content().len()).unwrap().to_be_bytes());
    octets.extend_from_slice(parsed.content());
    octets
}

#[test]
fn m11_a_structure_in_indefinite_lengths_verifies() {
    let key = Key::p256();
    let mut maker = Maker::new(&key, b"document");
    // Attribute certificates are skipped but counted.
    maker.certificates.push(vec![0xa1, 3, 2, 1, 5]);
    let der = maker.make();
    let certificate = key.certificate.as_der();
    let ber = indefinite(&der, &[certificate]);
    let parsed = SignedData::parse(&ber, &Limits::default()).unwrap();
    assert_eq!(parsed.framing(), Framing::Ber);
    assert_eq!(parsed.certificates().len(), 1);
    assert_eq!(&*parsed.certificates()[0], certificate);
    assert_eq!(parsed.other_certificates(), 1);
    let original = SignedData::parse(&der, &Limits::default()).unwrap();
    let signature = |data: &SignedData| data.only_signer().unwrap().signature().to_vec();
    assert_eq!(signature(&parsed), signature(&original));

    let format = SubFilter::AdbePkcs7Detached;
    let verdict = SignatureContents::parse(&ber, format, &[], &Limits::default())
        .unwrap()
        .verify(&b"document".as_slice(), &[]);
    let intact = verdict.intact().unwrap();
    assert!(intact.deviations().contains(&Deviation::BerEncoding));
}

#[test]
fn content_in_pieces_is_joined_and_empty_content_is_not_absent_content() {
    let key = Key::p256();
    let content: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let mut maker = Maker::new(&key, &content);
    maker.content = Some(content.clone());
    let ber = indefinite(&maker.make(), &[]);
    let parsed = SignedData::parse(&ber, &Limits::default()).unwrap();
    assert_eq!(parsed.content(), Some(content.as_slice()));

    maker.content = Some(Vec::new());
    let empty = SignedData::parse(&maker.make(), &Limits::default()).unwrap();
    assert_eq!(empty.content(), Some([].as_slice()));
    maker.content = None;
    let absent = SignedData::parse(&maker.make(), &Limits::default()).unwrap();
    assert_eq!(absent.content(), None);
}
