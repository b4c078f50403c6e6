//! No network: every request fails with an error that says so.

use trien_types::{Transport, TransportError, TransportRequest};

use crate::{NetError, NetErrorKind};

/// A transport that fetches nothing. Inside a [`crate::CachedTransport`] it leaves what is cached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "there is nothing to it, now or later"
)]
pub struct Offline;

impl Transport for Offline {
    fn exchange(&self, request: TransportRequest<'_>) -> Result<Vec<u8>, TransportError> {
        let error = NetError::new(request.url, NetErrorKind::Offline);
        Err(TransportError::new(error))
    }
}
