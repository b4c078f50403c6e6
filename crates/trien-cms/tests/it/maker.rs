//! Makes CMS structures with any one thing wrong, which the builder of the crate refuses to do.

use trien_cms::attribute;
use trien_types::{DigestAlgorithm, SignatureScheme};
use trien_x509::asn1::{encode_tlv, octet_string, oid, retag, sequence, set_of, unsigned_integer};
use trien_x509::const_oid::ObjectIdentifier as Oid;
use trien_x509::{AlgorithmIdentifier, Certificate, Digester};

use crate::keys::Key;

pub(crate) const DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
pub(crate) const TST_INFO: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.1.4");
pub(crate) const CONTENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: Oid = Oid::new_unwrap("1.2.840.113549.1.9.4");
pub(crate) const SIGNING_CERTIFICATE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.12");
pub(crate) const SIGNING_CERTIFICATE_V2: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SIGNED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.2");

/// In which order the signed attributes are written, and over which order the value is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Der,
    WrittenReversed,
    WrittenAndSignedReversed,
}

/// The parts of one structure; change any before [`Maker::make`].
pub(crate) struct Maker<'a> {
    pub(crate) key: &'a Key,
    pub(crate) scheme: SignatureScheme,
    pub(crate) digest_algorithm: Vec<u8>,
    /// The set of digests, when it is not the signer's alone.
    pub(crate) listed: Option<Vec<u8>>,
    pub(crate) signature_algorithm: Vec<u8>,
    pub(crate) content_type: Oid,
    pub(crate) content: Option<Vec<u8>>,
    /// `None`: no signed attributes, the value is over `signed`.
    pub(crate) attributes: Option<Vec<Vec<u8>>>,
    pub(crate) order: Order,
    pub(crate) signed: Vec<u8>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) identifier: Vec<u8>,
    pub(crate) unsigned: Vec<u8>,
    pub(crate) signers: usize,
    pub(crate) value: Option<Vec<u8>>,
}

impl<'a> Maker<'a> {
    /// A sound CAdES signature over `signed`.
    pub(crate) fn new(key: &'a Key, signed: &[u8]) -> Self {
        let digest = key.scheme.digest_algorithm();
        let certificate = &key.certificate;
        Self {
            key,
            scheme: key.scheme,
            digest_algorithm: AlgorithmIdentifier::for_digest(digest).unwrap().to_der(),
            listed: None,
            signature_algorithm: AlgorithmIdentifier::for_signature(key.scheme)
                .unwrap()
                .to_der(),
            content_type: DATA,
            content: None,
            attributes: Some(vec![
                attribute(CONTENT_TYPE, &oid(DATA)),
                message_digest(digest, signed),
                signing_certificate_v2(certificate),
            ]),
            order: Order::Der,
            signed: signed.to_vec(),
            certificates: vec![certificate.as_der().to_vec()],
            identifier: issuer_and_serial(certificate),
            unsigned: Vec::new(),
            signers: 1,
            value: None,
        }
    }

    pub(crate) fn make(&self) -> Vec<u8> {
        let (message, written) = match &self.attributes {
            None => (self.signed.clone(), Vec::new()),
            Some(list) => {
                let in_order = set_of(list);
                let mut reversed = list.clone();
                reversed.sort_unstable();
                reversed.reverse();
                let reversed = encode_tlv(0x31, &[&reversed.concat()]);
                match self.order {
                    Order::Der => (in_order.clone(), in_order),
                    Order::WrittenReversed => (in_order, reversed),
                    Order::WrittenAndSignedReversed => (reversed.clone(), reversed),
                }
            }
        };
        let value = self
            .value
            .clone()
            .unwrap_or_else(|| self.key.sign_under(self.scheme, &message));
        let signer = sequence(&[
            &unsigned_integer(1),
            &self.identifier,
            &self.digest_algorithm,
            &retag(0xa0, &written),
            &self.signature_algorithm,
            &octet_string(&value),
            &self.unsigned,
        ]);
        let content = self.content.as_ref().map_or_else(Vec::new, |content| {
            encode_tlv(0xa0, &[&octet_string(content)])
        });
        let signed_data = sequence(&[
            &unsigned_integer(1),
            &encode_tlv(
                0x31,
                &[self.listed.as_ref().unwrap_or(&self.digest_algorithm)],
            ),
            &sequence(&[&oid(self.content_type), &content]),
            &encode_tlv(0xa0, &[&self.certificates.concat()]),
            &encode_tlv(0x31, &[&signer.repeat(self.signers)]),
        ]);
        sequence(&[&oid(SIGNED_DATA), &encode_tlv(0xa0, &[&signed_data])])
    }

    /// Replaces the attribute of this kind.
    pub(crate) fn replace(&mut self, kind: Oid, new: Vec<u8>) {
        self.remove(kind);
        self.attributes.as_mut().unwrap().push(new);
    }

    /// Leaves out the attribute of this kind.
    pub(crate) fn remove(&mut self, kind: Oid) {
        let named = oid(kind);
        self.attributes.as_mut().unwrap().retain(|attribute| {
            !attribute[2..].starts_with(&named) && !attribute[3..].starts_with(&named)
        });
    }
}

pub(crate) fn message_digest(algorithm: DigestAlgorithm, signed: &[u8]) -> Vec<u8> {
    let digest = Digester::digest(algorithm, signed).unwrap();
    attribute(MESSAGE_DIGEST, &octet_string(digest.as_octets()))
}

pub(crate) fn signing_certificate_v2(certificate: &Certificate) -> Vec<u8> {
    let id = sequence(&[&octet_string(certificate.id().as_octets())]);
    attribute(SIGNING_CERTIFICATE_V2, &sequence(&[&sequence(&[&id])]))
}

pub(crate) fn signing_certificate_v1(certificate: &Certificate) -> Vec<u8> {
    let hash = Digester::digest(DigestAlgorithm::Sha1, certificate.as_der()).unwrap();
    let id = sequence(&[&octet_string(hash.as_octets())]);
    attribute(SIGNING_CERTIFICATE, &sequence(&[&sequence(&[&id])]))
}

pub(crate) fn issuer_and_serial(certificate: &Certificate) -> Vec<u8> {
    sequence(&[
        certificate.issuer().as_der(),
        &encode_tlv(2, &[certificate.serial().as_octets()]),
    ])
}
