//! Builds CMS for PAdES baseline signatures (EN 319 142-1, 6.3; RFC 5652, 5; RFC 5035), in two
//! steps: attributes to sign, then the structure around the value.
//! Holds no key and reads no clock; certificates and tokens are spliced in octet for octet.

mod signed_attributes;

use std::fmt;

use trien_types::{DigestAlgorithm, SignatureScheme};
use trien_x509::asn1::{self, encode_tlv};
use trien_x509::const_oid::ObjectIdentifier;
use trien_x509::{AlgorithmIdentifier, Certificate, DigestUnavailable};

use crate::oid;

pub use signed_attributes::SignedAttributes;

/// Why a structure was not built.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// The digest has no registered identifier.
    DigestUnnamed(DigestAlgorithm),
    /// The OpenSSL in use does not offer the digest.
    DigestUnavailable(DigestUnavailable),
    /// The document's digest is not the one the scheme goes with (RFC 5652, 5.4; RFC 8419, 3.1).
    DigestMismatch {
        /// The document's digest.
        document: DigestAlgorithm,
        /// The scheme's.
        scheme: DigestAlgorithm,
    },
    /// The octets are no signed attributes that this crate made.
    NotSignedAttributes,
    /// The scheme has no registered identifier.
    SchemeUnnamed(SignatureScheme),
}

impl fmt::Display for BuildError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DigestUnnamed(digest) => write!(formatter, "{digest} has no identifier in CMS"),
            Self::DigestUnavailable(error) => error.fmt(formatter),
            Self::DigestMismatch { document, scheme } => write!(
                formatter,
                "the document was digested with {document}, the scheme goes with {scheme}"
            ),
            Self::NotSignedAttributes => {
                formatter.write_str("the octets are no signed attributes made here")
            }
            Self::SchemeUnnamed(scheme) => write!(formatter, "{scheme} has no identifier in CMS"),
        }
    }
}

impl std::error::Error for BuildError {}

/// One attribute with one value, given as DER.
#[must_use]
pub fn attribute(oid: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    asn1::sequence(&[&asn1::oid(oid), &encode_tlv(0x31, &[value])])
}

/// The second step: everything but the value is fixed, [`SignedDataBuilder::build`] adds it.
#[derive(Debug, Clone)]
pub struct SignedDataBuilder {
    signed_attributes: SignedAttributes,
    scheme: SignatureScheme,
    signer: Certificate,
    certificates: Vec<Vec<u8>>,
    unsigned_attributes: Vec<Vec<u8>>,
}

impl SignedDataBuilder {
    /// Starts the structure for one signer, whose certificate goes into it.
    #[must_use]
    pub fn new(
        signed_attributes: SignedAttributes,
        scheme: SignatureScheme,
        signer: &Certificate,
    ) -> Self {
        Self {
            signed_attributes,
            scheme,
            signer: signer.clone(),
            certificates: vec![signer.as_der().to_vec()],
            unsigned_attributes: Vec::new(),
        }
    }

    /// Adds certificates of the signer's path, as their octets; doubles are left out.
    #[must_use]
    pub fn certificates<'a>(mut self, octets: impl IntoIterator<Item = &'a [u8]>) -> Self {
        for certificate in octets {
            if !self.certificates.iter().any(|known| known == certificate) {
                self.certificates.push(certificate.to_vec());
            }
        }
        self
    }

    /// Adds a time-stamp token over the signature value as an unsigned attribute
    /// (EN 319 122-1, 5.3): B-B becomes B-T.
    #[must_use]
    pub fn signature_time_stamp(self, token: &[u8]) -> Self {
        self.unsigned_attribute(attribute(oid::SIGNATURE_TIME_STAMP, token))
    }

    /// Adds an unsigned attribute given as DER; see [`attribute`].
    #[must_use]
    pub fn unsigned_attribute(mut self, octets: Vec<u8>) -> Self {
        self.unsigned_attributes.push(octets);
        self
    }

    /// DER of the `ContentInfo` with this signature value, the octets for /Contents.
    ///
    /// # Errors
    /// The scheme or its digest has no identifier.
    pub fn build(&self, value: &[u8]) -> Result<Vec<u8>, BuildError> {
        let digest = self.scheme.digest_algorithm();
        let digest_algorithm = AlgorithmIdentifier::for_digest(digest)
            .ok_or(BuildError::DigestUnnamed(digest))?
            .to_der();
        let signature_algorithm = AlgorithmIdentifier::for_signature(self.scheme)
            .ok_or(BuildError::SchemeUnnamed(self.scheme))?
            .to_der();
        let version = asn1::unsigned_integer(VERSION);
        let identifier = asn1::sequence(&[
            self.signer.issuer().as_der(),
            &encode_tlv(0x02, &[self.signer.serial().as_octets()]),
        ]);
        let unsigned = if self.unsigned_attributes.is_empty() {
            Vec::new()
        } else {
            asn1::retag(0xa1, &asn1::set_of(&self.unsigned_attributes))
        };
        let signer_info = asn1::sequence(&[
            &version,
            &identifier,
            &digest_algorithm,
            &asn1::retag(0xa0, self.signed_attributes.to_be_signed()),
            &signature_algorithm,
            &asn1::octet_string(value),
            &unsigned,
        ]);
        let signed_data = asn1::sequence(&[
            &version,
            &asn1::set_of(&[digest_algorithm]),
            &asn1::sequence(&[&asn1::oid(oid::ID_DATA)]),
            &asn1::retag(0xa0, &asn1::set_of(&self.certificates)),
            &asn1::set_of(&[signer_info]),
        ]);
        Ok(asn1::sequence(&[
            &asn1::oid(oid::ID_SIGNED_DATA),
            &encode_tlv(0xa0, &[&signed_data]),
        ]))
    }
}

/// RFC 5652, 5.1 and 5.3: version 1 where the content is plain data, the signer is named by
/// issuer and serial number, and all certificates are X.509.
const VERSION: u64 = 1;

/// The most octets [`SignedDataBuilder::build`] can need in the end: with a value of
/// `value_octets` (see [`trien_x509::PublicKey::value_octets_at_most`]) and unsigned attributes
/// of `unsigned_octets`, such as a time-stamp token still to come. To reserve /Contents with.
///
/// # Errors
/// As [`SignedDataBuilder::build`].
pub fn cms_octets_estimate(
    builder: &SignedDataBuilder,
    value_octets: usize,
    unsigned_octets: usize,
) -> Result<usize, BuildError> {
    let mut largest = builder.clone();
    if unsigned_octets > 0 {
        let token = vec![0; unsigned_octets];
        largest = largest.signature_time_stamp(&token);
    }
    largest
        .build(&vec![0; value_octets])
        .map(|octets| octets.len())
}
