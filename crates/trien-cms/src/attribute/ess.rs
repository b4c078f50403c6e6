//! The signing-certificate attributes (RFC 5035, 3 to 5): which certificate the signer meant.
//! Does not look the certificate up.

use trien_types::{Digest, DigestAlgorithm};
use trien_x509::asn1::{self, Asn1Error, Element, Reader, Tag};
use trien_x509::{AlgorithmIdentifier, IssuerAndSerial, SerialNumber};

use super::{AttributeError, Attributes, expect, octets, read_value};
use crate::oid;

/// An `ESSCertID` or ESSCertIDv2: the hash of a certificate, perhaps with its issuer and serial.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EssCertificateId {
    /// The algorithm of the hash; SHA-1 for the first version of the attribute.
    pub hash_algorithm: AlgorithmIdentifier,
    /// Hash of the certificate's DER.
    pub hash: Vec<u8>,
    /// Issuer and serial number, if stated and if the issuer is one directory name.
    pub issuer_and_serial: Option<IssuerAndSerial>,
}

/// The certificate that each signing-certificate attribute present names first: it is the
/// signer's (RFC 5035, 5.4 and 4). At most two, one per version of the attribute.
pub(crate) fn signing_certificates(
    attributes: &Attributes,
) -> Result<Vec<EssCertificateId>, AttributeError> {
    let mut found = Vec::new();
    for (oid, version) in [
        (oid::SIGNING_CERTIFICATE, Version::One),
        (oid::SIGNING_CERTIFICATE_V2, Version::Two),
    ] {
        if let Some(value) = attributes.optional_value(oid)? {
            found.push(read_value(oid, value, |element| first(element, version))?);
        }
    }
    Ok(found)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// ```text
/// SigningCertificate   ::= SEQUENCE { certs SEQUENCE OF ESSCertID, policies OPTIONAL }
/// ESSCertID            ::= SEQUENCE { certHash OCTET STRING, issuerSerial OPTIONAL }
/// SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies OPTIONAL }
/// ESSCertIDv2          ::= SEQUENCE { hashAlgorithm DEFAULT id-sha256, certHash OCTET STRING,
///                                     issuerSerial OPTIONAL }
/// ```
fn first(element: &Element<'_>, version: Version) -> Result<EssCertificateId, Asn1Error> {
    let mut certificates = expect(element, Tag::SEQUENCE)?
        .elements()?
        .expect(Tag::SEQUENCE)?
        .elements()?;
    let mut reader = certificates.expect(Tag::SEQUENCE)?.elements()?;
    let stated = match version {
        Version::One => None,
        Version::Two => reader.optional(Tag::SEQUENCE)?,
    };
    let default = match version {
        Version::One => DigestAlgorithm::Sha1,
        Version::Two => DigestAlgorithm::Sha256,
    };
    let hash_algorithm = match stated {
        Some(element) => AlgorithmIdentifier::from_element(&element)?,
        None => AlgorithmIdentifier::for_digest(default)
            .ok_or(element.error(asn1::Asn1ErrorKind::EndOfOctets))?,
    };
    let hash = octets(&reader.element()?)?.into_owned();
    let issuer_and_serial = reader
        .optional(Tag::SEQUENCE)?
        .and_then(|element| issuer_serial(&element).ok());
    Ok(EssCertificateId {
        hash_algorithm,
        hash,
        issuer_and_serial,
    })
}

/// ```text
/// IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber INTEGER }
/// ```
/// The issuer is one directoryName, `[4]` EXPLICIT.
fn issuer_serial(element: &Element<'_>) -> Result<IssuerAndSerial, Asn1Error> {
    let mut reader = element.elements()?;
    let mut names: Reader<'_> = reader.expect(Tag::SEQUENCE)?.elements()?;
    let mut directory_name = names.expect(Tag::context(4))?.elements()?;
    let issuer = directory_name.element()?;
    let serial = reader.expect(Tag::INTEGER)?;
    Ok(IssuerAndSerial::new(
        issuer.raw(),
        SerialNumber::from_octets(serial.content()),
    ))
}

/// The value of signing-certificate-v2 for one certificate. The default hash algorithm is left
/// out (X.690, 11.5), and so is issuerSerial: EN 319 122-1, 5.2.2.3 advises against it, the hash
/// names the certificate already, and a re-encoded issuer name could only contradict it.
///
/// `None` when the hash algorithm has no identifier.
pub(crate) fn write_signing_certificate_v2(hash: &Digest) -> Option<Vec<u8>> {
    let algorithm = if hash.algorithm() == DigestAlgorithm::Sha256 {
        Vec::new()
    } else {
        AlgorithmIdentifier::for_digest(hash.algorithm())?.to_der()
    };
    let certificate = asn1::sequence(&[&algorithm, &asn1::octet_string(hash.as_octets())]);
    Some(asn1::sequence(&[&asn1::sequence(&[&certificate])]))
}
