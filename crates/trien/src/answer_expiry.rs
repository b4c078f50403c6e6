//! Until when an answer may be kept, read from the answer itself: what a cache asks.
//! Judges nothing: whether the answer is believed is decided each time it is used.

use trien_trust::certificates_in;
use trien_types::{Limits, Purpose, UnixTime};
use trien_x509::{Certificate, Crl, OcspResponse};

/// The moment until which an answer may be used again: `nextUpdate` of a list or of the first
/// status to be renewed, the end of the first certificate to expire. `None` where it says none,
/// cannot be read, is a refusal, or is a time stamp: those are not kept. For
/// `net::CachedTransport::open`.
#[must_use]
pub fn answer_expiry(purpose: Purpose, answer: &[u8]) -> Option<UnixTime> {
    let limits = Limits::default();
    match purpose {
        Purpose::Crl => Crl::from_der_or_pem(answer, &limits).ok()?.next_update(),
        Purpose::Ocsp => {
            let response = OcspResponse::from_der(answer, &limits).ok()?;
            let statuses = response.basic()?.responses();
            let each: Option<Vec<UnixTime>> =
                statuses.iter().map(|status| status.next_update).collect();
            each?.into_iter().min()
        }
        Purpose::IssuerCertificate => certificates_in(answer)
            .iter()
            .map(Certificate::not_after)
            .min(),
        Purpose::TimeStamp | _ => None,
    }
}
