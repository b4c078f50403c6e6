//! Object identifiers as received, of any length.
//! Knows no names: constants live where they are used.

use std::fmt;

use super::{Asn1Error, Asn1ErrorKind, Element};

/// An OBJECT IDENTIFIER (X.690, 8.19) as its content octets. Unlike `const_oid`'s, it holds the
/// 128-bit arcs of UUIDs (2.25.…) and any length; it compares equal to that type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectIdentifier(Box<[u8]>);

impl ObjectIdentifier {
    pub(super) fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let identifier = Self(element.content().into());
        let is_cut = identifier.0.last().is_none_or(|octet| octet & 0x80 != 0);
        if is_cut || (!identifier.has_short_arcs() && identifier.arcs().is_none()) {
            return Err(element.error(Asn1ErrorKind::BadObjectIdentifier));
        }
        Ok(identifier)
    }

    /// The content octets.
    #[must_use]
    pub const fn as_octets(&self) -> &[u8] {
        &self.0
    }

    /// The identifier as a constant that can be matched on; `None` for arcs over 32 bits.
    #[must_use]
    pub fn known(&self) -> Option<const_oid::ObjectIdentifier> {
        const_oid::ObjectIdentifier::from_bytes(&self.0).ok()
    }

    /// Whether every arc is of so few octets that it fits 128 bits.
    fn has_short_arcs(&self) -> bool {
        let arcs = self.0.split_inclusive(|octet| octet & 0x80 == 0);
        arcs.into_iter().all(|arc| arc.len() <= 18)
    }

    fn arcs(&self) -> Option<Vec<u128>> {
        let mut arcs = Vec::new();
        let mut arc = 0_u128;
        for octet in self.0.iter().copied() {
            arc = arc
                .checked_mul(128)?
                .checked_add(u128::from(octet & 0x7f))?;
            if octet & 0x80 == 0 {
                if arcs.is_empty() {
                    // X.690, 8.19.4: the first two arcs share one number.
                    let root = (arc / 40).min(2);
                    arcs.push(root);
                    arc = arc.saturating_sub(root.saturating_mul(40));
                }
                arcs.push(arc);
                arc = 0;
            }
        }
        Some(arcs)
    }
}

impl PartialEq<const_oid::ObjectIdentifier> for ObjectIdentifier {
    fn eq(&self, other: &const_oid::ObjectIdentifier) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl From<const_oid::ObjectIdentifier> for ObjectIdentifier {
    fn from(known: const_oid::ObjectIdentifier) -> Self {
        Self(known.as_bytes().into())
    }
}

impl fmt::Display for ObjectIdentifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, arc) in self.arcs().unwrap_or_default().iter().enumerate() {
            if position > 0 {
                formatter.write_str(".")?;
            }
            write!(formatter, "{arc}")?;
        }
        Ok(())
    }
}
