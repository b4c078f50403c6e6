//! General names (RFC 5280, 4.2.1.6) of the kinds that say where revocation data are and whose
//! they are. Keeps all other kinds as octets.

use crate::asn1::{Asn1Error, Element, Reader, Tag};
use crate::name::DistinguishedName;

/// One alternative of `GeneralName`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GeneralName {
    /// directoryName.
    Directory(DistinguishedName),
    /// Any other alternative, as received.
    Other(Vec<u8>),
    /// uniformResourceIdentifier; octets that are no UTF-8 are replaced.
    Uri(String),
}

impl GeneralName {
    /// ```text
    /// GeneralName ::= CHOICE { …, directoryName [4] Name (explicit: a CHOICE), …,
    ///   uniformResourceIdentifier [6] IMPLICIT IA5String, … }
    /// ```
    pub(crate) fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        if element.tag() == Tag::context(4) {
            let mut inner = element.elements()?;
            let name = DistinguishedName::from_element(&inner.expect(Tag::SEQUENCE)?)?;
            inner.finish()?;
            return Ok(Self::Directory(name));
        }
        if element.tag() == Tag::context(6) {
            let octets = element.string_octets()?;
            return Ok(Self::Uri(String::from_utf8_lossy(&octets).into_owned()));
        }
        Ok(Self::Other(element.raw().to_vec()))
    }
}

/// All that is left of `reader`, as general names.
pub(crate) fn general_names(mut reader: Reader<'_>) -> Result<Vec<GeneralName>, Asn1Error> {
    let mut names = Vec::new();
    while !reader.is_empty() {
        names.push(GeneralName::from_element(&reader.element()?)?);
    }
    Ok(names)
}
