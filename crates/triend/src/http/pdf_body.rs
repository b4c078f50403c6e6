//! A PDF that comes in: streamed into a file without a name, which nobody else can open and which is
//! gone with this process, and mapped.
//! Does not read it.

use std::io::Write as _;

use axum::extract::Request;
use axum::http::header;
use futures_util::StreamExt as _;
use trien::MappedFile;

use super::body::{is_of_type, of_broken_body};
use crate::daemon::Daemon;
use crate::job::rejection_of;
use crate::rejection::{Code, Rejection};

/// Refuses a body that says to be larger than `limit` octets before any of it is asked for: whoever
/// sends `Expect: 100-continue` then sends nothing (RFC 9110, 10.1.1).
///
/// # Errors
/// It says so.
pub(super) fn refuse_announced(request: &Request, limit: u64) -> Result<(), Rejection> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|octets| octets > limit) {
        return Err(Code::BodyTooLarge.into());
    }
    Ok(())
}

/// The body of a request.
///
/// # Errors
/// It is said to be something else, is larger than a document may be, or does not come to its end;
/// or the disk is full.
pub(super) async fn receive(daemon: &Daemon, request: Request) -> Result<MappedFile, Rejection> {
    if !is_of_type(&request, "application/pdf") {
        return Err(Code::ContentTypeWrong.into());
    }
    let limit = daemon.config().limits.document_octets;
    refuse_announced(&request, limit)?;
    let failed = |error: std::io::Error| rejection_of(&error);
    let mut file = tempfile::tempfile_in(daemon.folder()).map_err(failed)?;
    let mut received = 0_u64;
    let mut body = request.into_body().into_data_stream();
    while let Some(octets) = body.next().await {
        let octets = octets.map_err(|error| of_broken_body(&error))?;
        received = received.saturating_add(u64::try_from(octets.len()).unwrap_or(u64::MAX));
        if received > limit {
            return Err(Code::BodyTooLarge.into());
        }
        // A frame has some kB: it goes into the system's own buffers at once.
        file.write_all(&octets).map_err(failed)?;
    }
    MappedFile::map(&file).map_err(failed)
}
