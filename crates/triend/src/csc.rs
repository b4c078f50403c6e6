//! The API of the Cloud Signature Consortium, versions 1.0.4.0 and 2.0.0.2, on the daemon's own
//! consent: digests and documents of programs that build signatures themselves.
//! Does not know HTTP.
//!
//! Consent is given in the daemon's window and nowhere else: a caller is given activation data
//! (SAD) for exactly the digests that the window showed, once, for five minutes at most. While that
//! lives, the key is open; a PIN in a request is refused without being read.

mod activation;
mod algorithm;
mod authorize;
mod credential;
mod digests;
mod error;
mod information;
mod job;
mod order;
mod parameters;
mod sign_document;
mod sign_hash;
mod time_stamp;

use crate::caller::Caller;
use crate::daemon::Daemon;

pub use activation::{Activations, Cancelled};
pub use authorize::{authorize, extend};
pub use credential::{info, list};
pub use error::{CscError, ErrorName};
pub use information::information;
pub use parameters::{Body, Parameters};
pub use sign_document::sign_documents;
pub use sign_hash::sign_hashes;
pub use time_stamp::time_stamp;

/// Signatures that one consent covers at most: as many as a job has documents.
pub const MOST_SIGNATURES: usize = 1_000;

/// The version of the API that a call names in its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Version {
    /// 1.0.4.0, `/csc/v1/`.
    One,
    /// 2.0.0.2, `/csc/v2/`.
    Two,
}

/// A call: by whom, under which version, to which daemon.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Call {
    /// The daemon.
    pub daemon: Daemon,
    /// Who calls.
    pub caller: Caller,
    /// The version of the address.
    pub version: Version,
}

impl Call {
    /// A call.
    #[must_use]
    pub const fn new(daemon: Daemon, caller: Caller, version: Version) -> Self {
        Self {
            daemon,
            caller,
            version,
        }
    }
}
