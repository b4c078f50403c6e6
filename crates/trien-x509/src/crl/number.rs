//! CRL numbers (RFC 5280, 5.2.3): up to 20 octets, so no machine number holds them.

use std::cmp::Ordering;
use std::fmt;

use crate::asn1::{Asn1Error, Asn1ErrorKind, Element};

/// A number that grows from list to list. Ordered by value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CrlNumber(Box<[u8]>);

impl CrlNumber {
    /// `CRLNumber ::= INTEGER (0..MAX)`
    pub(super) fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let content = element.content();
        if content.first().is_none_or(|first| first & 0x80 != 0) {
            return Err(element.error(Asn1ErrorKind::BadInteger));
        }
        let zeros = content.iter().take_while(|octet| **octet == 0).count();
        Ok(Self(content.get(zeros..).unwrap_or_default().into()))
    }

    /// The number's octets, the highest one first, without leading zeros; none for 0.
    #[must_use]
    pub const fn as_octets(&self) -> &[u8] {
        &self.0
    }
}

impl Ord for CrlNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_length = self.0.len().cmp(&other.0.len());
        by_length.then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for CrlNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Hexadecimal.
impl fmt::Display for CrlNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("00");
        }
        formatter.write_str(&trien_types::encode_hex(&self.0))
    }
}
