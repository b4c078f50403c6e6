//! The PEM that some distribution points wrap their lists in (RFC 7468, 6).

use openssl::base64::decode_block;
use trien_types::{Limit, Limits};

use crate::revocation_error::{RevocationError, RevocationErrorKind};

/// Base64 and line ends make a third more of it, and text may stand around.
const PEM_OVERHEAD: usize = 2;

const BEGIN: &[u8] = b"-----BEGIN X509 CRL-----";
const END: &[u8] = b"-----END X509 CRL-----";

/// Refuses what is too large before anything is copied.
pub(super) fn limited(octets: &[u8], limits: &Limits) -> Result<(), RevocationError> {
    if octets.len() > limits.crl_octets.saturating_mul(PEM_OVERHEAD) {
        let reached = RevocationErrorKind::LimitReached(Limit::CrlOctets);
        return Err(RevocationError::new(0, reached));
    }
    Ok(())
}

/// The octets in the first block of `octets`; `None` when there is none, and they may be DER.
pub(super) fn unwrapped(octets: &[u8]) -> Result<Option<Vec<u8>>, RevocationError> {
    // DER of a list never starts with what text starts with: 0x30 is its SEQUENCE.
    if octets.first().is_none_or(|first| *first == 0x30) {
        return Ok(None);
    }
    let Some(start) = find(octets, BEGIN) else {
        return Ok(None);
    };
    let broken = RevocationError::new(start, RevocationErrorKind::Pem);
    let body_start = start.saturating_add(BEGIN.len());
    let rest = octets.get(body_start..).unwrap_or_default();
    let end = find(rest, END).ok_or_else(|| broken.clone())?;
    let body = rest.get(..end).unwrap_or_default();
    let digits: Vec<u8> = body
        .iter()
        .copied()
        .filter(|octet| !octet.is_ascii_whitespace())
        .collect();
    let text = String::from_utf8(digits).map_err(|_| broken.clone())?;
    decode_block(&text).map(Some).map_err(|_| broken)
}

fn find(octets: &[u8], mark: &[u8]) -> Option<usize> {
    octets.windows(mark.len()).position(|window| window == mark)
}
