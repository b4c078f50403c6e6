//! The signed attributes of a PAdES signature: the octets a key signs.
//! Does not know the key.

use trien_types::{Digest, DigestAlgorithm, Limits, SignatureScheme};
use trien_x509::asn1::{self, Reader, Tag};
use trien_x509::{Certificate, Digester};

use super::{BuildError, attribute};
use crate::attribute::write_signing_certificate_v2;
use crate::oid;

/// DER of a SET OF Attribute. Octets alone, so that it can be stored between the two steps of
/// remote signing and handed to whatever signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedAttributes(Vec<u8>);

impl SignedAttributes {
    /// The attributes of a PAdES baseline signature over a document with this digest:
    /// content-type, message-digest, signing-certificate-v2 with SHA-256, and `extra` attributes
    /// given as DER (see [`attribute`]), such as a claimed role.
    ///
    /// There is no signing-time: in PAdES the claimed time is /M of the signature dictionary
    /// (EN 319 142-1, 6.3).
    ///
    /// # Errors
    /// The document's digest is not the scheme's, or SHA-256 is not available.
    pub fn for_pades(
        message_digest: &Digest,
        signer: &Certificate,
        scheme: SignatureScheme,
        extra: &[Vec<u8>],
    ) -> Result<Self, BuildError> {
        if message_digest.algorithm() != scheme.digest_algorithm() {
            return Err(BuildError::DigestMismatch {
                document: message_digest.algorithm(),
                scheme: scheme.digest_algorithm(),
            });
        }
        let hash = Digester::digest(DigestAlgorithm::Sha256, signer.as_der())
            .map_err(BuildError::DigestUnavailable)?;
        let signing_certificate = write_signing_certificate_v2(&hash)
            .ok_or(BuildError::DigestUnnamed(hash.algorithm()))?;
        let mut attributes = vec![
            attribute(oid::CONTENT_TYPE, &asn1::oid(oid::ID_DATA)),
            attribute(
                oid::MESSAGE_DIGEST,
                &asn1::octet_string(message_digest.as_octets()),
            ),
            attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate),
        ];
        attributes.extend_from_slice(extra);
        Ok(Self(asn1::set_of(&attributes)))
    }

    /// Takes back octets that [`SignedAttributes::to_be_signed`] gave.
    ///
    /// # Errors
    /// The octets are no DER SET.
    pub fn from_octets(octets: &[u8]) -> Result<Self, BuildError> {
        let limits = Limits::default();
        let mut reader = Reader::new(octets, &limits);
        let is_set = reader.expect(Tag::SET).is_ok() && reader.finish().is_ok();
        if is_set && asn1::der_form(octets, &limits).is_ok_and(|der| der == octets) {
            Ok(Self(octets.to_vec()))
        } else {
            Err(BuildError::NotSignedAttributes)
        }
    }

    /// The message a key signs: DER with the SET OF tag (RFC 5652, 5.4).
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.0
    }
}
