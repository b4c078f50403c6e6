//! Serial numbers, and issuer with serial number as CMS names a certificate.
//! Does not hold them to the 20 octets of RFC 5280, 4.1.2.2: longer and negative ones exist.

use std::fmt;

/// A certificate's serial number: the content octets of its INTEGER, as received.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SerialNumber(Box<[u8]>);

impl SerialNumber {
    /// Takes the content octets of an INTEGER.
    #[must_use]
    pub fn from_octets(octets: &[u8]) -> Self {
        Self(octets.into())
    }

    /// The content octets.
    #[must_use]
    pub const fn as_octets(&self) -> &[u8] {
        &self.0
    }
}

/// Hexadecimal, without the zero octet that only keeps the number positive.
impl fmt::Display for SerialNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let octets = match &*self.0 {
            [0, rest @ ..] if !rest.is_empty() => rest,
            octets => octets,
        };
        formatter.write_str(&trien_types::encode_hex(octets))
    }
}

/// Names one certificate of one issuer (RFC 5652, 10.2.4). Compared by octets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IssuerAndSerial {
    issuer: Box<[u8]>,
    serial: SerialNumber,
}

impl IssuerAndSerial {
    /// Joins the DER of the issuer's name and a serial number.
    #[must_use]
    pub fn new(issuer: &[u8], serial: SerialNumber) -> Self {
        Self {
            issuer: issuer.into(),
            serial,
        }
    }

    /// DER of the issuer's name as received.
    #[must_use]
    pub const fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// The serial number.
    #[must_use]
    pub const fn serial(&self) -> &SerialNumber {
        &self.serial
    }
}
