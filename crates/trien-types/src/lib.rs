//! The words that every Triện crate shares: time, digests, signature schemes, certificate ids,
//! limits, roles, and the two traits through which keys and networks are reached.
//!
//! Knows nothing of the bytes of any format and does no input or output.

mod certificate_id;
mod commitment;
mod digest;
mod hex;
mod limits;
mod remembered;
mod role;
mod scheme;
mod signing_key;
mod time;
mod transport;

pub use certificate_id::CertificateId;
pub use commitment::CommitmentType;
pub use digest::{Digest, DigestAlgorithm, DigestLengthError, Strength};
pub use hex::{HexError, decode_hex, encode_hex};
pub use limits::{Limit, Limits};
pub use remembered::Remembered;
pub use role::{Capacity, Role, Signatory};
pub use scheme::{ContentDigest, PssParameters, SignatureInput, SignatureScheme};
pub use signing_key::{SigningKey, SigningKeyError, SigningKeyErrorKind};
pub use time::{CivilTime, TimeError, UnixTime, UtcOffset};
pub use transport::{Purpose, Transport, TransportError, TransportRequest};
