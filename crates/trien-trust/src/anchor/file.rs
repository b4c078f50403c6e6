//! Certificates inside one file's octets: DER, PEM (RFC 7468), PKCS#7 (RFC 2315) of either.
//! Opens no file and trusts nothing.

use openssl::base64::decode_block;
use trien_types::Limits;
use trien_x509::asn1::{Asn1Error, Element, Reader, Tag};
use trien_x509::{Certificate, const_oid};

use super::folder_error::AnchorProblemKind;

/// id-signedData (RFC 5652, 5.1).
const SIGNED_DATA: const_oid::ObjectIdentifier =
    const_oid::ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// One certificate, or why a part of the file gave none.
pub(super) type Found = Result<Certificate, AnchorProblemKind>;

/// Everything a file gives, in its order. A file that gives nothing at all is a problem too.
pub(super) fn certificates(octets: &[u8]) -> Vec<Found> {
    let octets = octets.strip_prefix(BYTE_ORDER_MARK).unwrap_or(octets);
    let mut found = Vec::new();
    if lines(octets).any(|(_, line)| line.starts_with(b"-----BEGIN ")) {
        from_pem(octets, &mut found);
    } else {
        from_binary(octets, 0, &mut found);
    }
    if found.is_empty() {
        found.push(Err(AnchorProblemKind::NoCertificate));
    }
    found
}

/// Lines with their offsets, without the white space around them.
fn lines(octets: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut next = 0_usize;
    octets.split(|octet| *octet == b'\n').map(move |line| {
        let offset = next;
        next = next.saturating_add(line.len()).saturating_add(1);
        (offset, line.trim_ascii())
    })
}

struct Block {
    offset: usize,
    label: Vec<u8>,
    base64: String,
}

/// Text between the blocks is no problem (RFC 7468, 2). Labels are those of certificates and
/// PKCS#7; which of the two a block holds is seen from the octets, as the labels get mixed up.
/// OpenSSL's TRUSTED CERTIFICATE carries bounds of trust of its own and is not taken.
fn from_pem(octets: &[u8], found: &mut Vec<Found>) {
    let mut open: Option<Block> = None;
    for (offset, line) in lines(octets) {
        if let Some(label) = boundary(line, b"-----BEGIN ") {
            if let Some(block) = open.take() {
                found.push(Err(AnchorProblemKind::NotClosed {
                    offset: block.offset,
                }));
            }
            open = Some(Block {
                offset,
                label: label.to_vec(),
                base64: String::new(),
            });
        } else if let Some(label) = boundary(line, b"-----END ") {
            if let Some(block) = open.take() {
                if block.label == label {
                    read_block(&block, found);
                } else {
                    found.push(Err(AnchorProblemKind::NotClosed {
                        offset: block.offset,
                    }));
                }
            }
        } else if let Some(block) = &mut open {
            // What is no ASCII becomes a sign that is no base64 either.
            block.base64.push_str(&String::from_utf8_lossy(line));
        }
    }
    if let Some(block) = open {
        found.push(Err(AnchorProblemKind::NotClosed {
            offset: block.offset,
        }));
    }
}

fn boundary<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(start)?.strip_suffix(b"-----")
}

fn read_block(block: &Block, found: &mut Vec<Found>) {
    let offset = block.offset;
    match block.label.as_slice() {
        b"CERTIFICATE" | b"X509 CERTIFICATE" | b"PKCS7" | b"CMS" => {
            match decode_block(&block.base64) {
                Ok(octets) => from_binary(&octets, offset, found),
                Err(_) => found.push(Err(AnchorProblemKind::NotBase64 { offset })),
            }
        }
        _ => found.push(Err(AnchorProblemKind::OtherBlock { offset })),
    }
}

/// A certificate starts with a SEQUENCE in its SEQUENCE, PKCS#7 with an OBJECT IDENTIFIER.
fn from_binary(octets: &[u8], offset: usize, found: &mut Vec<Found>) {
    let limits = Limits::default();
    match signed_data(octets, &limits) {
        Ok(Some(content)) => match certificate_set(&content) {
            Ok(certificates) => {
                found.extend(certificates.into_iter().map(|der| certificate(der, offset)));
            }
            Err(source) => {
                found.push(Err(AnchorProblemKind::NotSignedData { offset, source }));
            }
        },
        Ok(None) | Err(_) => found.push(certificate(octets, offset)),
    }
}

fn certificate(der: &[u8], offset: usize) -> Found {
    Certificate::from_der(der)
        .map_err(|source| AnchorProblemKind::NotACertificate { offset, source })
}

/// ```text
/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }
/// ```
fn signed_data<'a>(octets: &'a [u8], limits: &Limits) -> Result<Option<Element<'a>>, Asn1Error> {
    let mut outer = Reader::new(octets, limits)
        .expect(Tag::SEQUENCE)?
        .elements()?;
    let Some(content_type) = outer.optional(Tag::OBJECT_IDENTIFIER)? else {
        return Ok(None);
    };
    if content_type.object_identifier()? != SIGNED_DATA {
        return Ok(None);
    }
    outer.element().map(Some)
}

/// The members of the set as received: OpenSSL would encode them anew, and identity is that of
/// the octets.
///
/// ```text
/// SignedData ::= SEQUENCE { version INTEGER, digestAlgorithms SET, contentInfo SEQUENCE,
///   certificates [0] IMPLICIT SET OPTIONAL, ... }
/// ```
fn certificate_set<'a>(content: &Element<'a>) -> Result<Vec<&'a [u8]>, Asn1Error> {
    let mut fields = content.elements()?.expect(Tag::SEQUENCE)?.elements()?;
    fields.expect(Tag::INTEGER)?;
    fields.expect(Tag::SET)?;
    fields.expect(Tag::SEQUENCE)?;
    let mut certificates = Vec::new();
    if let Some(set) = fields.optional(Tag::context(0))? {
        let mut members = set.elements()?;
        while !members.is_empty() {
            certificates.push(members.element()?.raw());
        }
    }
    Ok(certificates)
}
