//! The signing road in types. Each stage is consumed by the next:
//!
//! [`propose`] asks the rules and gives a [`PermittedSignature`]; with the key's certificates and
//! scheme it becomes [`Prepared`], which can be stored and completed elsewhere; a value turns it
//! into [`Signed`], and that into a [`SignedDocument`]. [`sign`] walks all of it.

mod ahead;
mod earlier;
mod permitted;
mod prepared;
mod request;
mod resumed;
mod signed;
mod stored;
mod timestamped;

use trien_pdf::Document;
use trien_types::{SignatureScheme, SigningKey, Transport};

use crate::error::{Error, ErrorKind};
use crate::time_stamp_authority::TimeStampAuthority;

pub(crate) use earlier::earlier_signatures;
pub use permitted::{PermittedSignature, propose};
pub use prepared::Prepared;
pub use request::{SignatureRequest, WhereShown};
pub use signed::{Signed, SignedDocument};
pub use stored::ResumeError;
pub use timestamped::{TimestampFailed, TimestampFailure, Timestamped, TimestampedSigningError};

/// Layouts tried before giving up: the first may be too small, the second has the size needed.
const MOST_LAYOUTS: usize = 3;

/// Signs `document` with `key` as `request` says: the first signature, a countersignature or a
/// seal, which are the same road. The rules are asked before the key is.
///
/// # Errors
/// The rules refuse, the document cannot take the signature, or the key does not sign. Nothing is
/// written in any case: the caller gets the new octets or an error.
pub fn sign<'d>(
    document: &'d Document<'d>,
    key: &mut dyn SigningKey,
    request: SignatureRequest,
) -> Result<SignedDocument<'d>, Error> {
    sign_basic(document, key, request).map(Signed::finish)
}

/// Signs as [`sign`] does and has the signature time-stamped: level B-T. A time stamp larger than
/// its room makes the key sign once more, with more room.
///
/// # Errors
/// As [`sign`]; or there is a signature but no time stamp for it, and the error holds it.
pub fn sign_and_timestamp<'d>(
    document: &'d Document<'d>,
    key: &mut dyn SigningKey,
    request: SignatureRequest,
    transport: &dyn Transport,
    authority: &TimeStampAuthority,
) -> Result<Timestamped<'d>, TimestampedSigningError<'d>> {
    let mut request = request;
    if request.time_stamp_octets == 0 {
        request = request.with_room_for_time_stamp();
    }
    for _ in 1..MOST_LAYOUTS {
        let signed = sign_basic(document, key, request.clone())?;
        let failed = match signed.timestamp(transport, authority) {
            Ok(timestamped) => return Ok(timestamped),
            Err(failed) => failed,
        };
        let TimestampFailure::ContentsTooSmall(too_small) = failed.failure() else {
            return Err(TimestampedSigningError::Timestamp(failed));
        };
        // The next token may be a little longer than this one.
        let lacking = too_small
            .needed_octets
            .saturating_sub(too_small.room_octets);
        request.time_stamp_octets = request
            .time_stamp_octets
            .saturating_add(lacking)
            .saturating_add(MARGIN_OCTETS);
    }
    sign_basic(document, key, request)?
        .timestamp(transport, authority)
        .map_err(TimestampedSigningError::Timestamp)
}

/// Tokens of one authority differ by their serial numbers, times and signature values.
const MARGIN_OCTETS: usize = 256;

fn sign_basic<'d>(
    document: &'d Document<'d>,
    key: &mut dyn SigningKey,
    mut request: SignatureRequest,
) -> Result<Signed<'d>, Error> {
    let path = key.certificate_path().to_vec();
    for issuer in path.iter().skip(1) {
        request.supplied.add_certificate(issuer);
    }
    let scheme = scheme_for(key, &request)?;
    let signer = path
        .first()
        .ok_or_else(|| Error::new(ErrorKind::KeyUnusable))?;
    let mut permitted = propose(document, signer, request)?;
    for _ in 1..MOST_LAYOUTS {
        let prepared = permitted.clone().prepare(&path, scheme)?;
        match prepared.sign_or_grow(key)? {
            prepared::Attempt::Signed(signed) => return Ok(*signed),
            prepared::Attempt::TooSmall { needed_octets } => {
                permitted = permitted.with_contents_octets(needed_octets);
            }
        }
    }
    permitted.prepare(&path, scheme)?.sign(key)
}

/// The scheme that was asked for, if the key has it, else the one the key prefers.
fn scheme_for(key: &dyn SigningKey, request: &SignatureRequest) -> Result<SignatureScheme, Error> {
    let schemes = key.schemes();
    let scheme = match request.scheme {
        Some(wanted) => schemes.iter().find(|scheme| **scheme == wanted),
        None => schemes.first(),
    };
    scheme
        .copied()
        .ok_or_else(|| Error::new(ErrorKind::KeyUnusable))
}
