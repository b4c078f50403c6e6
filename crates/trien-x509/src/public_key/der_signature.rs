//! The value of DSA and ECDSA: the DER SEQUENCE of r and s (RFC 3279, 2.2.2 and 2.2.3).
//! Does not verify it.

use trien_types::Limits;

use super::VerifyError;
use crate::asn1::{Asn1Error, Asn1ErrorKind, Framing, Reader, Tag};

/// Whether the value is that SEQUENCE, for a group order of `order_bits`; tells plain r‖s apart
/// from junk.
pub(super) fn check(value: &[u8], order_bits: u32) -> Result<(), VerifyError> {
    if r_and_s(value).is_ok() {
        return Ok(());
    }
    let order_octets = usize::try_from(order_bits.div_ceil(8)).unwrap_or(0);
    if value.len() == order_octets.saturating_mul(2) {
        Err(VerifyError::PlainRAndS)
    } else {
        Err(VerifyError::NotASequenceOfTwoIntegers)
    }
}

fn r_and_s(value: &[u8]) -> Result<(), Asn1Error> {
    let mut outer = Reader::new(value, &Limits::default());
    if outer.framing() != Framing::Der {
        return Err(Asn1Error::new(0, Asn1ErrorKind::BadInteger));
    }
    let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    positive(&mut reader)?;
    positive(&mut reader)?;
    reader.finish()
}

/// A positive INTEGER in the fewest octets (X.690, 8.3.2): malleable forms are refused.
fn positive(reader: &mut Reader<'_>) -> Result<(), Asn1Error> {
    let element = reader.expect(Tag::INTEGER)?;
    match element.content() {
        [] | [0] | [0, 0..=0x7f, ..] | [0x80..=0xff, ..] => {
            Err(element.error(Asn1ErrorKind::BadInteger))
        }
        _ => Ok(()),
    }
}
