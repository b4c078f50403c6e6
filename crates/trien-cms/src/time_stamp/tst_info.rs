//! TSTInfo (RFC 3161, 2.4.2) as received.
//! Does not compare the imprint with anything.

use trien_types::{Limits, UnixTime};
use trien_x509::AlgorithmIdentifier;
use trien_x509::SerialNumber;
use trien_x509::asn1::{Asn1Error, Element, ObjectIdentifier, Reader, Tag};

use crate::attribute::octets;
use crate::error::CmsError;

/// How far the authority's time may be off, either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Accuracy {
    /// Seconds.
    pub seconds: u64,
    /// Milliseconds, under 1000.
    pub milliseconds: u64,
    /// Microseconds, under 1000.
    pub microseconds: u64,
}

/// What a time-stamping authority states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TstInfo {
    policy: ObjectIdentifier,
    imprint_algorithm: AlgorithmIdentifier,
    imprint: Vec<u8>,
    serial: SerialNumber,
    gen_time: UnixTime,
    accuracy: Option<Accuracy>,
    nonce: Option<Vec<u8>>,
    authority: Option<Vec<u8>>,
}

impl TstInfo {
    /// ```text
    /// TSTInfo ::= SEQUENCE { version INTEGER, policy OBJECT IDENTIFIER,
    ///   messageImprint SEQUENCE { hashAlgorithm, hashedMessage OCTET STRING },
    ///   serialNumber INTEGER, genTime GeneralizedTime, accuracy SEQUENCE OPTIONAL,
    ///   ordering BOOLEAN DEFAULT FALSE, nonce INTEGER OPTIONAL, tsa [0] OPTIONAL,
    ///   extensions [1] OPTIONAL }
    /// ```
    pub(super) fn parse(content: &[u8], limits: &Limits) -> Result<Self, CmsError> {
        let mut outer = Reader::new(content, limits);
        let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
        outer.finish()?;
        let _version = reader.expect(Tag::INTEGER)?;
        let policy = reader.expect(Tag::OBJECT_IDENTIFIER)?.object_identifier()?;
        let mut imprint = reader.expect(Tag::SEQUENCE)?.elements()?;
        let imprint_algorithm = AlgorithmIdentifier::from_element(&imprint.expect(Tag::SEQUENCE)?)?;
        let hashed_message = octets(&imprint.element()?)?.into_owned();
        imprint.finish()?;
        let serial = SerialNumber::from_octets(reader.expect(Tag::INTEGER)?.content());
        let gen_time = reader.expect(Tag::GENERALIZED_TIME)?.time()?;
        let accuracy = reader
            .optional(Tag::SEQUENCE)?
            .map(|element| accuracy(&element))
            .transpose()?;
        let _ordering = reader.optional(Tag::BOOLEAN)?;
        let nonce = reader.optional(Tag::INTEGER)?;
        let authority = reader.optional(Tag::context(0))?;
        let _extensions = reader.optional(Tag::context(1))?;
        reader.finish()?;
        Ok(Self {
            policy,
            imprint_algorithm,
            imprint: hashed_message,
            serial,
            gen_time,
            accuracy,
            nonce: nonce.map(|element| element.content().to_vec()),
            authority: authority.map(|element| element.content().to_vec()),
        })
    }

    /// The authority's policy.
    #[must_use]
    pub const fn policy(&self) -> &ObjectIdentifier {
        &self.policy
    }

    /// The algorithm of the imprint, as stated.
    #[must_use]
    pub const fn imprint_algorithm(&self) -> &AlgorithmIdentifier {
        &self.imprint_algorithm
    }

    /// The digest of what is stamped.
    #[must_use]
    pub fn imprint(&self) -> &[u8] {
        &self.imprint
    }

    /// The token's serial number.
    #[must_use]
    pub const fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// The time stated, fractions of a second cut off.
    #[must_use]
    pub const fn gen_time(&self) -> UnixTime {
        self.gen_time
    }

    /// How far the time may be off, if stated.
    #[must_use]
    pub const fn accuracy(&self) -> Option<Accuracy> {
        self.accuracy
    }

    /// The nonce's content octets, if there is one.
    #[must_use]
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// The `GeneralName` that hints at the authority, as received, if there is one.
    #[must_use]
    pub fn authority(&self) -> Option<&[u8]> {
        self.authority.as_deref()
    }
}

/// ```text
/// Accuracy ::= SEQUENCE { seconds INTEGER OPTIONAL, millis [0] OPTIONAL, micros [1] OPTIONAL }
/// ```
fn accuracy(element: &Element<'_>) -> Result<Accuracy, Asn1Error> {
    let mut reader = element.elements()?;
    let mut number = |tag| {
        reader
            .optional(tag)?
            .map_or(Ok(0), |element: Element<'_>| element.unsigned())
    };
    Ok(Accuracy {
        seconds: number(Tag::INTEGER)?,
        milliseconds: number(Tag::context(0))?,
        microseconds: number(Tag::context(1))?,
    })
}
