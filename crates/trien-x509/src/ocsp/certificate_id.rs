//! How an OCSP response names a certificate: by digests of its issuer and its serial number
//! (RFC 6960, 4.1.1).

use trien_types::{Digest, DigestAlgorithm, Limits};

use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{Asn1Error, Asn1ErrorKind, Element, Reader, Tag};
use crate::certificate::{Certificate, SerialNumber};
use crate::digester::Digester;

/// `CertID`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OcspCertificateId {
    /// The digest of the two hashes.
    pub hash_algorithm: AlgorithmIdentifier,
    /// Digest of the issuer's name in DER.
    pub issuer_name_hash: Vec<u8>,
    /// Digest of the issuer's public key, without tag, length and count of unused bits.
    pub issuer_key_hash: Vec<u8>,
    /// The certificate's serial number.
    pub serial: SerialNumber,
}

impl OcspCertificateId {
    /// ```text
    /// CertID ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, issuerNameHash OCTET STRING,
    ///   issuerKeyHash OCTET STRING, serialNumber INTEGER }
    /// ```
    pub(super) fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = element.elements()?;
        let hash_algorithm = AlgorithmIdentifier::from_element(&reader.expect(Tag::SEQUENCE)?)?;
        let mut octets = || -> Result<Vec<u8>, Asn1Error> {
            let string = reader.expect(Tag::OCTET_STRING)?;
            Ok(string.string_octets()?.into_owned())
        };
        let issuer_name_hash = octets()?;
        let issuer_key_hash = octets()?;
        let serial = reader.expect(Tag::INTEGER)?;
        if serial.content().is_empty() {
            return Err(serial.error(Asn1ErrorKind::BadInteger));
        }
        reader.finish()?;
        Ok(Self {
            hash_algorithm,
            issuer_name_hash,
            issuer_key_hash,
            serial: SerialNumber::from_octets(serial.content()),
        })
    }

    /// Whether this names the certificate of that serial number under `issuer`. The name hashed
    /// is the issuer's own, or the one that `certificate_issuer` gives as the certificate writes
    /// it: both are met. A digest that is unknown or unavailable names nothing.
    #[must_use]
    pub fn names(
        &self,
        issuer: &Certificate,
        certificate_issuer: &[u8],
        serial: &SerialNumber,
    ) -> bool {
        let Ok(algorithm) = self.hash_algorithm.digest() else {
            return false;
        };
        let is_name = |name: &[u8]| {
            Digester::digest(algorithm, name)
                .is_ok_and(|digest| digest.as_octets() == self.issuer_name_hash.as_slice())
        };
        let is_key = key_digest(issuer, algorithm)
            .is_some_and(|digest| digest.as_octets() == self.issuer_key_hash.as_slice());
        self.serial == *serial
            && is_key
            && (is_name(issuer.subject().as_der()) || is_name(certificate_issuer))
    }
}

/// The digest of a certificate's public key as OCSP takes it (RFC 6960, 4.1.1 and 4.2.1).
pub(super) fn key_digest(certificate: &Certificate, algorithm: DigestAlgorithm) -> Option<Digest> {
    let limits = Limits::default();
    let mut outer = Reader::new(certificate.subject_public_key_info(), &limits);
    let mut reader = outer.expect(Tag::SEQUENCE).ok()?.elements().ok()?;
    reader.expect(Tag::SEQUENCE).ok()?;
    let key = reader.expect(Tag::BIT_STRING).ok()?;
    Digester::digest(algorithm, key.bits().ok()?).ok()
}
