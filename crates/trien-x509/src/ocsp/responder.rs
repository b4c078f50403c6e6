//! Who signed an OCSP response (RFC 6960, 4.2.2.3).

use std::fmt;

use trien_types::DigestAlgorithm;

use super::certificate_id::key_digest;
use crate::asn1::{Asn1Error, Asn1ErrorKind, Element, Tag};
use crate::certificate::Certificate;
use crate::name::DistinguishedName;

/// `ResponderID`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponderId {
    /// SHA-1 of the responder's public key, without tag, length and count of unused bits.
    KeyHash(Vec<u8>),
    /// The responder's name.
    Name(DistinguishedName),
}

impl ResponderId {
    /// ```text
    /// ResponderID ::= CHOICE { byName [1] EXPLICIT Name, byKey [2] EXPLICIT OCTET STRING }
    /// ```
    pub(super) fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let unexpected = element.error(Asn1ErrorKind::UnexpectedTag {
            expected: Tag::context(1),
            found: element.tag(),
        });
        let number = element.tag().number();
        if !element.tag().is_context() || !(1..=2).contains(&number) {
            return Err(unexpected);
        }
        let mut inner = element.elements()?;
        let responder = if number == 1 {
            Self::Name(DistinguishedName::from_element(
                &inner.expect(Tag::SEQUENCE)?,
            )?)
        } else {
            let hash = inner.expect(Tag::OCTET_STRING)?.string_octets()?;
            Self::KeyHash(hash.into_owned())
        };
        inner.finish()?;
        Ok(responder)
    }

    /// Whether this names `certificate`; names in other string types count as the same.
    #[must_use]
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::KeyHash(hash) => key_digest(certificate, DigestAlgorithm::Sha1)
                .is_some_and(|digest| digest.as_octets() == hash.as_slice()),
            Self::Name(name) => {
                name.as_der() == certificate.subject().as_der()
                    || name.says_the_same(certificate.subject())
            }
        }
    }
}

impl fmt::Display for ResponderId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyHash(hash) => write!(formatter, "key {}", trien_types::encode_hex(hash)),
            Self::Name(name) => name.fmt(formatter),
        }
    }
}
