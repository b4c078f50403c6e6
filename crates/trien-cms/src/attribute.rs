//! Attributes of a SignerInfo (RFC 5652, 5.3 and 11; RFC 5035; EN 319 122-1) as received.
//! Does not decide which are needed: the verifying rules do.

mod error;
mod ess;
mod signer_attributes;

use std::borrow::Cow;

use trien_types::Limits;
use trien_x509::asn1::{Asn1Error, Asn1ErrorKind, Element, ObjectIdentifier, Reader, Tag};
use trien_x509::const_oid;

pub use error::{AttributeError, AttributeErrorKind};
pub use ess::EssCertificateId;
pub(crate) use ess::{signing_certificates, write_signing_certificate_v2};
pub(crate) use signer_attributes::{MOST_ROLES, claimed_roles, commitment};
pub use signer_attributes::{claimed_role_attribute, commitment_attribute};

/// One attribute.
///
/// ```text
/// Attribute ::= SEQUENCE { attrType OBJECT IDENTIFIER, attrValues SET OF ANY }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attribute {
    /// What it is.
    pub oid: ObjectIdentifier,
    /// The whole attribute as received.
    pub raw: Vec<u8>,
    /// Its values as received, in the order received.
    pub values: Vec<Vec<u8>>,
}

/// The signed or the unsigned attributes of one SignerInfo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    raw: Vec<u8>,
    list: Vec<Attribute>,
    malformed: Vec<usize>,
}

impl Attributes {
    pub(crate) const fn none() -> Self {
        Self {
            raw: Vec::new(),
            list: Vec::new(),
            malformed: Vec::new(),
        }
    }

    /// Signed attributes: every octet counts, so every one must be readable.
    pub(crate) fn strict(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut list = Vec::new();
        let mut reader = element.elements()?;
        while !reader.is_empty() {
            list.push(Attribute::from_element(&reader.element()?)?);
        }
        Ok(Self {
            raw: element.raw().to_vec(),
            list,
            malformed: Vec::new(),
        })
    }

    /// Unsigned attributes: whoever relays the signature can add some, so junk among them is
    /// noted and left out (ATTACKS M13).
    pub(crate) fn lenient(element: &Element<'_>) -> Self {
        let mut attributes = Self {
            raw: element.raw().to_vec(),
            ..Self::none()
        };
        let Ok(mut reader) = element.elements() else {
            attributes.malformed.push(element.offset());
            return attributes;
        };
        while !reader.is_empty() {
            let offset = reader.offset();
            let Ok(inner) = reader.element() else {
                attributes.malformed.push(offset);
                break;
            };
            match Attribute::from_element(&inner) {
                Ok(attribute) => attributes.list.push(attribute),
                Err(_) => attributes.malformed.push(offset),
            }
        }
        attributes
    }

    /// The whole set as received, under the context tag it had.
    #[must_use]
    pub fn as_received(&self) -> &[u8] {
        &self.raw
    }

    /// All attributes that could be read, in the order received.
    pub fn iter(&self) -> impl Iterator<Item = &Attribute> {
        self.list.iter()
    }

    /// How many could be read.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether none could be read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Offsets in the structure of what is no attribute.
    #[must_use]
    pub fn malformed(&self) -> &[usize] {
        &self.malformed
    }

    /// The attribute of this kind, if there is exactly one.
    ///
    /// # Errors
    /// There are several.
    pub fn optional(
        &self,
        oid: const_oid::ObjectIdentifier,
    ) -> Result<Option<&Attribute>, AttributeError> {
        let mut found = self.list.iter().filter(|attribute| attribute.oid == oid);
        let first = found.next();
        if found.next().is_some() {
            return Err(AttributeError::new(oid, AttributeErrorKind::Repeated));
        }
        Ok(first)
    }

    /// The only value of the only attribute of this kind.
    ///
    /// # Errors
    /// None, several attributes, or not exactly one value.
    pub fn only_value(&self, oid: const_oid::ObjectIdentifier) -> Result<&[u8], AttributeError> {
        self.optional_value(oid)?
            .ok_or(AttributeError::new(oid, AttributeErrorKind::Missing))
    }

    /// As [`Attributes::only_value`], where the attribute may be absent.
    ///
    /// # Errors
    /// Several attributes, or not exactly one value.
    pub fn optional_value(
        &self,
        oid: const_oid::ObjectIdentifier,
    ) -> Result<Option<&[u8]>, AttributeError> {
        let Some(attribute) = self.optional(oid)? else {
            return Ok(None);
        };
        match attribute.values.as_slice() {
            [value] => Ok(Some(value)),
            values => Err(AttributeError::new(
                oid,
                AttributeErrorKind::ValueCount {
                    found: values.len(),
                },
            )),
        }
    }

    /// Every value of every attribute of this kind, in the order received.
    pub fn values(&self, oid: const_oid::ObjectIdentifier) -> impl Iterator<Item = &[u8]> {
        self.list
            .iter()
            .filter(move |attribute| attribute.oid == oid)
            .flat_map(|attribute| attribute.values.iter().map(Vec::as_slice))
    }
}

impl Attribute {
    fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = expect(element, Tag::SEQUENCE)?.elements()?;
        let oid = reader.expect(Tag::OBJECT_IDENTIFIER)?.object_identifier()?;
        let mut set = reader.expect(Tag::SET)?.elements()?;
        reader.finish()?;
        let mut values = Vec::new();
        while !set.is_empty() {
            values.push(set.element()?.raw().to_vec());
        }
        Ok(Self {
            oid,
            raw: element.raw().to_vec(),
            values,
        })
    }
}

/// Reads one value of an attribute with the bounds of the structure it came from.
pub(crate) fn read_value<'a, T>(
    oid: const_oid::ObjectIdentifier,
    value: &'a [u8],
    read: impl FnOnce(&Element<'a>) -> Result<T, Asn1Error>,
) -> Result<T, AttributeError> {
    // The value was inside a structure that kept its caller's limits; these only bound nesting.
    let mut reader = Reader::new(value, &Limits::default());
    reader
        .element()
        .and_then(|element| read(&element))
        .map_err(|error| AttributeError::new(oid, AttributeErrorKind::Malformed(error)))
}

/// The octets of an OCTET STRING value.
pub(crate) fn octets<'a>(element: &Element<'a>) -> Result<Cow<'a, [u8]>, Asn1Error> {
    expect(element, Tag::OCTET_STRING)?.string_octets()
}

/// The element, which must have this tag.
pub(crate) fn expect<'e, 'a>(
    element: &'e Element<'a>,
    expected: Tag,
) -> Result<&'e Element<'a>, Asn1Error> {
    if element.tag() == expected {
        Ok(element)
    } else {
        Err(element.error(Asn1ErrorKind::UnexpectedTag {
            expected,
            found: element.tag(),
        }))
    }
}
