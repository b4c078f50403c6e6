//! Certificate extensions (RFC 5280, 4.2) and the values this crate reads.
//! Does not enforce them, and leaves the rest as octets.

use trien_types::Limits;

use crate::asn1::{Asn1Error, Element, ObjectIdentifier, Reader, Tag};
use crate::oid;

/// One extension as received.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Extension {
    /// What it is.
    pub oid: ObjectIdentifier,
    /// Whether a reader that does not know it must refuse the certificate.
    pub critical: bool,
    /// The octets inside the OCTET STRING.
    pub value: Vec<u8>,
}

/// Basic constraints (RFC 5280, 4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct BasicConstraints {
    /// Whether the subject is a certification authority.
    pub authority: bool,
    /// How many authorities may follow on the path.
    pub path_length: Option<u64>,
}

/// Key usage bits (RFC 5280, 4.2.1.3), bit 0 of the standard in the lowest place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// digitalSignature.
    pub const DIGITAL_SIGNATURE: Self = Self(1);
    /// nonRepudiation, contentCommitment.
    pub const CONTENT_COMMITMENT: Self = Self(1 << 1);
    /// keyCertSign.
    pub const KEY_CERT_SIGN: Self = Self(1 << 5);
    /// cRLSign.
    pub const CRL_SIGN: Self = Self(1 << 6);

    /// Whether every bit of `other` is set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The bits: bit n of the standard is bit n of the number.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }
}

/// Extended key usage (RFC 5280, 4.2.1.12).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ExtendedKeyUsage {
    /// Whether the extension is critical.
    pub critical: bool,
    /// The purposes in the order written.
    pub purposes: Vec<ObjectIdentifier>,
}

/// The extensions that this crate reads.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) subject_key_identifier: Option<Vec<u8>>,
    pub(crate) authority_key_identifier: Option<Vec<u8>>,
    pub(crate) basic_constraints: Option<BasicConstraints>,
    pub(crate) key_usage: Option<KeyUsage>,
    pub(crate) extended_key_usage: Option<ExtendedKeyUsage>,
    pub(crate) unreadable: Vec<ObjectIdentifier>,
}

impl Known {
    pub(super) fn of(extensions: &[Extension], limits: &Limits) -> Self {
        let mut known = Self::default();
        for extension in extensions {
            if known.read(extension, limits).is_err() {
                known.unreadable.push(extension.oid.clone());
            }
        }
        known
    }

    /// The first extension of a kind counts; RFC 5280, 4.2 forbids a second.
    fn read(&mut self, extension: &Extension, limits: &Limits) -> Result<(), Asn1Error> {
        let mut reader = Reader::new(&extension.value, limits);
        match extension.oid.known() {
            Some(oid::SUBJECT_KEY_IDENTIFIER) if self.subject_key_identifier.is_none() => {
                let element = reader.expect(Tag::OCTET_STRING)?;
                self.subject_key_identifier = Some(element.string_octets()?.into_owned());
            }
            Some(oid::AUTHORITY_KEY_IDENTIFIER) if self.authority_key_identifier.is_none() => {
                let mut inner = reader.expect(Tag::SEQUENCE)?.elements()?;
                self.authority_key_identifier = inner
                    .optional(Tag::context(0))?
                    .map(|element| element.content().to_vec());
            }
            Some(oid::BASIC_CONSTRAINTS) if self.basic_constraints.is_none() => {
                let mut inner = reader.expect(Tag::SEQUENCE)?.elements()?;
                let authority = inner.optional(Tag::BOOLEAN)?;
                let length = inner.optional(Tag::INTEGER)?;
                self.basic_constraints = Some(BasicConstraints {
                    authority: authority.map_or(Ok(false), |element| element.boolean())?,
                    path_length: length.map(|element| element.unsigned()).transpose()?,
                });
            }
            Some(oid::KEY_USAGE) if self.key_usage.is_none() => {
                let bits = reader.expect(Tag::BIT_STRING)?.bits()?;
                let octet = |position| bits.get(position).copied().map_or(0, u8::reverse_bits);
                self.key_usage = Some(KeyUsage(u16::from_le_bytes([octet(0), octet(1)])));
            }
            Some(oid::EXTENDED_KEY_USAGE) if self.extended_key_usage.is_none() => {
                let mut inner = reader.expect(Tag::SEQUENCE)?.elements()?;
                let mut purposes = Vec::new();
                while !inner.is_empty() {
                    let purpose = inner.expect(Tag::OBJECT_IDENTIFIER)?;
                    purposes.push(purpose.object_identifier()?);
                }
                self.extended_key_usage = Some(ExtendedKeyUsage {
                    critical: extension.critical,
                    purposes,
                });
            }
            _ => {}
        }
        Ok(())
    }
}

/// ```text
/// Extensions ::= SEQUENCE OF SEQUENCE {
///   extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
/// ```
pub(crate) fn wrapped_list(wrapper: &Element<'_>) -> Result<Vec<Extension>, Asn1Error> {
    let mut outer = wrapper.elements()?;
    let extensions = outer.expect(Tag::SEQUENCE)?;
    outer.finish()?;
    list(&extensions)
}

/// As [`wrapped_list`], without the explicit tag around.
pub(crate) fn list(extensions: &Element<'_>) -> Result<Vec<Extension>, Asn1Error> {
    let mut reader = extensions.elements()?;
    let mut extensions = Vec::new();
    while !reader.is_empty() {
        let mut inner = reader.expect(Tag::SEQUENCE)?.elements()?;
        let oid = inner.expect(Tag::OBJECT_IDENTIFIER)?.object_identifier()?;
        let critical = inner
            .optional(Tag::BOOLEAN)?
            .map_or(Ok(false), |element| element.boolean())?;
        let value = inner
            .expect(Tag::OCTET_STRING)?
            .string_octets()?
            .into_owned();
        extensions.push(Extension {
            oid,
            critical,
            value,
        });
    }
    Ok(extensions)
}
