//! What every test here starts from: live services, transports that may reach them.

use std::path::PathBuf;
use std::time::Duration;

use trien_net::{AddressPolicy, HttpSettings, HttpTransport, NetError, NetErrorKind};
use trien_testkit::services::LiveServices;
use trien_types::{Purpose, Transport, TransportError, TransportRequest, UnixTime};

pub(crate) fn now() -> UnixTime {
    UnixTime::from_rfc3339("2026-05-31T08:00:00+07:00").unwrap()
}

pub(crate) fn services() -> LiveServices {
    let keys = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("keys");
    LiveServices::start(&keys, now()).unwrap()
}

/// The default, but loopback may be reached, and no busy machine meets a time-out that is not the test's.
pub(crate) fn settings() -> HttpSettings {
    let mut settings = HttpSettings::default();
    settings.addresses = AddressPolicy::AllowPrivate;
    for bounds in [
        &mut settings.time_stamp,
        &mut settings.ocsp,
        &mut settings.crl,
        &mut settings.issuer_certificate,
    ] {
        bounds.time_out = Duration::from_secs(600);
        bounds.connect_time_out = Duration::from_secs(120);
    }
    settings
}

pub(crate) fn http() -> HttpTransport {
    HttpTransport::new(settings())
}

pub(crate) fn get(
    transport: &impl Transport,
    purpose: Purpose,
    url: &str,
) -> Result<Vec<u8>, TransportError> {
    transport.exchange(TransportRequest::new(purpose, url, b""))
}

pub(crate) fn kind(result: Result<Vec<u8>, TransportError>) -> NetErrorKind {
    let error = result.unwrap_err();
    NetError::of(&error).unwrap().kind().clone()
}
