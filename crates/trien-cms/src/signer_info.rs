//! One SignerInfo (RFC 5652, 5.3) as received.
//! Does not verify it.

use trien_types::{Limits, UnixTime};
use trien_x509::asn1::{self, Asn1Error, Element, Framing, ObjectIdentifier, Reader, Tag};
use trien_x509::{
    AlgorithmIdentifier, Certificate, DistinguishedName, IssuerAndSerial, SerialNumber,
};

use crate::attribute::{self, AttributeError, Attributes, EssCertificateId, octets, read_value};
use crate::oid;

/// How a SignerInfo names its certificate (RFC 5652, 5.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignerIdentifier {
    /// By issuer and serial number.
    IssuerAndSerial(IssuerAndSerial),
    /// By subject key identifier.
    SubjectKeyIdentifier(Vec<u8>),
}

impl SignerIdentifier {
    /// Whether this names `certificate`. Names are compared octet by octet.
    #[must_use]
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial(named) => *named == certificate.issuer_and_serial(),
            Self::SubjectKeyIdentifier(named) => {
                certificate.subject_key_identifier() == Some(named.as_slice())
            }
        }
    }

    /// As [`SignerIdentifier::names`], with the issuer's name compared as text: some signers write
    /// it in other string types than the certificate does (RFC 5280, 7.1).
    #[must_use]
    pub fn names_as_text(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial(named) => {
                named.serial() == certificate.serial()
                    && DistinguishedName::from_der(named.issuer(), &Limits::default())
                        .is_ok_and(|issuer| issuer.says_the_same(certificate.issuer()))
            }
            Self::SubjectKeyIdentifier(_) => self.names(certificate),
        }
    }
}

/// What one signer signed, and the value.
///
/// ```text
/// SignerInfo ::= SEQUENCE { version INTEGER, sid SignerIdentifier, digestAlgorithm,
///   signedAttrs [0] IMPLICIT SET OF Attribute OPTIONAL, signatureAlgorithm,
///   signature OCTET STRING, unsignedAttrs [1] IMPLICIT SET OF Attribute OPTIONAL }
/// ```
#[derive(Debug, Clone)]
pub struct SignerInfo {
    identifier: SignerIdentifier,
    digest_algorithm: AlgorithmIdentifier,
    signed_attributes: Option<Attributes>,
    signature_algorithm: AlgorithmIdentifier,
    signature: Vec<u8>,
    unsigned_attributes: Attributes,
}

impl SignerInfo {
    pub(crate) fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = element.elements()?;
        let _version = reader.expect(Tag::INTEGER)?;
        let identifier = identifier(&mut reader)?;
        let digest_algorithm = AlgorithmIdentifier::from_element(&reader.expect(Tag::SEQUENCE)?)?;
        let signed_attributes = reader
            .optional(Tag::context(0))?
            .map(|attributes| Attributes::strict(&attributes))
            .transpose()?;
        let signature_algorithm =
            AlgorithmIdentifier::from_element(&reader.expect(Tag::SEQUENCE)?)?;
        let signature = octets(&reader.element()?)?.into_owned();
        let unsigned_attributes = reader
            .optional(Tag::context(1))?
            .map_or_else(Attributes::none, |set| Attributes::lenient(&set));
        reader.finish()?;
        Ok(Self {
            identifier,
            digest_algorithm,
            signed_attributes,
            signature_algorithm,
            signature,
            unsigned_attributes,
        })
    }

    /// Which certificate made the signature.
    #[must_use]
    pub const fn identifier(&self) -> &SignerIdentifier {
        &self.identifier
    }

    /// The digest over the content, as stated.
    #[must_use]
    pub const fn digest_algorithm(&self) -> &AlgorithmIdentifier {
        &self.digest_algorithm
    }

    /// The signature algorithm, as stated.
    #[must_use]
    pub const fn signature_algorithm(&self) -> &AlgorithmIdentifier {
        &self.signature_algorithm
    }

    /// The signature value; what a signature time stamp covers (EN 319 122-1, 5.3).
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The signed attributes, if there are any.
    #[must_use]
    pub const fn signed_attributes(&self) -> Option<&Attributes> {
        self.signed_attributes.as_ref()
    }

    /// The unsigned attributes; empty when there are none.
    #[must_use]
    pub const fn unsigned_attributes(&self) -> &Attributes {
        &self.unsigned_attributes
    }

    /// The signed attributes as received, under the SET OF tag that the signature is over
    /// (RFC 5652, 5.4).
    #[must_use]
    pub fn signed_attributes_as_received(&self) -> Option<Vec<u8>> {
        self.signed_attributes()
            .map(|attributes| asn1::retag(SET, attributes.as_received()))
    }

    /// The signed attributes as DER orders them: each as received, the set ascending.
    #[must_use]
    pub fn signed_attributes_in_der_order(&self) -> Option<Vec<u8>> {
        let attributes = self.signed_attributes()?;
        let each: Vec<Vec<u8>> = attributes
            .iter()
            .map(|attribute| attribute.raw.clone())
            .collect();
        Some(asn1::set_of(&each))
    }

    /// The signed attributes in DER throughout, which is what RFC 5652, 5.4 has signed.
    #[must_use]
    pub fn signed_attributes_in_der(&self, limits: &Limits) -> Option<Vec<u8>> {
        let received = self.signed_attributes_as_received()?;
        asn1::der_form(&received, limits).ok()
    }

    /// The content type that the signed attributes state (RFC 5652, 11.1).
    ///
    /// # Errors
    /// Missing, repeated or malformed.
    pub fn content_type(&self) -> Result<ObjectIdentifier, AttributeError> {
        let value = self.signed().only_value(oid::CONTENT_TYPE)?;
        read_value(oid::CONTENT_TYPE, value, |element| {
            attribute::expect(element, Tag::OBJECT_IDENTIFIER)?.object_identifier()
        })
    }

    /// The digest that the signed attributes state (RFC 5652, 11.2).
    ///
    /// # Errors
    /// Missing, repeated or malformed.
    pub fn message_digest(&self) -> Result<Vec<u8>, AttributeError> {
        let value = self.signed().only_value(oid::MESSAGE_DIGEST)?;
        read_value(oid::MESSAGE_DIGEST, value, |element| {
            octets(element).map(std::borrow::Cow::into_owned)
        })
    }

    /// The time that the signer claims (RFC 5652, 11.3). Nobody vouches for it.
    ///
    /// # Errors
    /// Repeated or malformed.
    pub fn claimed_signing_time(&self) -> Result<Option<UnixTime>, AttributeError> {
        self.signed()
            .optional_value(oid::SIGNING_TIME)?
            .map(|value| read_value(oid::SIGNING_TIME, value, Element::time))
            .transpose()
    }

    /// The certificates that the signing-certificate attributes name as the signer's.
    ///
    /// # Errors
    /// Repeated or malformed.
    pub fn signing_certificates(&self) -> Result<Vec<EssCertificateId>, AttributeError> {
        attribute::signing_certificates(self.signed())
    }

    /// The signature time-stamp tokens among the unsigned attributes, as received
    /// (EN 319 122-1, 5.3). Each covers [`SignerInfo::signature`].
    pub fn signature_time_stamps(&self) -> impl Iterator<Item = &[u8]> {
        self.unsigned_attributes.values(oid::SIGNATURE_TIME_STAMP)
    }

    /// Adobe's revocation information archival among the signed attributes, as received
    /// (ISO 32000-2, 12.8.3.3.2).
    pub fn revocation_info_archival(&self) -> impl Iterator<Item = &[u8]> {
        self.signed().values(oid::REVOCATION_INFO_ARCHIVAL)
    }

    /// The signature policy identifier, as received (EN 319 122-1, 5.2.9).
    pub fn signature_policy(&self) -> impl Iterator<Item = &[u8]> {
        self.signed().values(oid::SIGNATURE_POLICY)
    }

    /// The commitment type indications, as received (EN 319 122-1, 5.2.3).
    pub fn commitment_types(&self) -> impl Iterator<Item = &[u8]> {
        self.signed().values(oid::COMMITMENT_TYPE)
    }

    /// The signer attributes of either version, claimed roles among them, as received
    /// (EN 319 122-1, 5.2.6).
    pub fn signer_attributes(&self) -> impl Iterator<Item = &[u8]> {
        self.signed()
            .values(oid::SIGNER_ATTRIBUTES)
            .chain(self.signed().values(oid::SIGNER_ATTRIBUTES_V2))
    }

    /// The roles that the signer claims, in either version of the attribute (EN 319 122-1,
    /// 5.2.6.1). Nobody vouches for them; at most 16 are given, of at most 512 octets.
    ///
    /// # Errors
    /// An attribute is malformed.
    pub fn claimed_roles(&self) -> Result<Vec<String>, AttributeError> {
        let mut roles = Vec::new();
        for oid in [oid::SIGNER_ATTRIBUTES, oid::SIGNER_ATTRIBUTES_V2] {
            for value in self.signed().values(oid) {
                roles.extend(read_value(oid, value, attribute::claimed_roles)?);
            }
        }
        roles.truncate(attribute::MOST_ROLES);
        Ok(roles)
    }

    /// What the signer commits to (EN 319 122-1, 5.2.3): the code of a
    /// [`trien_types::CommitmentType`], or the identifier in dots of another; at most 16.
    ///
    /// # Errors
    /// An attribute is malformed.
    pub fn commitments(&self) -> Result<Vec<String>, AttributeError> {
        let oid = oid::COMMITMENT_TYPE;
        self.signed()
            .values(oid)
            .take(attribute::MOST_ROLES)
            .map(|value| read_value(oid, value, attribute::commitment))
            .collect()
    }

    /// Whether the signed attributes were received as DER orders and frames them.
    #[must_use]
    pub fn signed_attributes_were_der(&self, limits: &Limits) -> bool {
        let Some(received) = self.signed_attributes_as_received() else {
            return true;
        };
        Reader::new(&received, limits).framing() == Framing::Der
            && self.signed_attributes_in_der_order() == Some(received)
    }

    fn signed(&self) -> &Attributes {
        static NONE: Attributes = Attributes::none();
        self.signed_attributes.as_ref().unwrap_or(&NONE)
    }
}

/// Identifier octet of SET OF, constructed.
const SET: u8 = 0x31;

/// ```text
/// SignerIdentifier ::= CHOICE {
///   issuerAndSerialNumber SEQUENCE { issuer Name, serialNumber INTEGER },
///   subjectKeyIdentifier [0] IMPLICIT OCTET STRING }
/// ```
fn identifier(reader: &mut Reader<'_>) -> Result<SignerIdentifier, Asn1Error> {
    if let Some(key) = reader.optional(Tag::context(0))? {
        let identifier = key.string_octets()?.into_owned();
        return Ok(SignerIdentifier::SubjectKeyIdentifier(identifier));
    }
    let mut inner = reader.expect(Tag::SEQUENCE)?.elements()?;
    let issuer = inner.expect(Tag::SEQUENCE)?;
    let serial = inner.expect(Tag::INTEGER)?;
    inner.finish()?;
    Ok(SignerIdentifier::IssuerAndSerial(IssuerAndSerial::new(
        issuer.raw(),
        SerialNumber::from_octets(serial.content()),
    )))
}
