//! What every call passes before anything else runs: the address it names, the page it comes from,
//! and whether that page or program is paired.
//! Does not know what the routes do.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::caller::{Caller, Origin};
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};

/// A call by somebody who is paired.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Paired(pub Caller);

/// A call by anybody whose address is right.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MaybePaired(pub Option<Caller>);

/// Refuses calls that name another host.
pub async fn guard(State(daemon): State<Daemon>, request: Request, next: Next) -> Response {
    match check_host(&daemon, request.headers()) {
        Ok(()) => next.run(request).await,
        Err(rejection) => rejection.into_response(),
    }
}

fn check_host(daemon: &Daemon, headers: &HeaderMap) -> Result<(), Rejection> {
    let host = only(headers, &header::HOST).ok_or(Code::HostForeign)?;
    let (name, port) = host.rsplit_once(':').ok_or(Code::HostForeign)?;
    let ours = matches!(name, "127.0.0.1" | "[::1]" | "localhost");
    if ours && port.parse() == Ok(daemon.port()) {
        Ok(())
    } else {
        Err(Code::HostForeign.into())
    }
}

/// The value of a header that is there exactly once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

impl FromRequestParts<Daemon> for MaybePaired {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &Daemon) -> Result<Self, Rejection> {
        if parts.headers.contains_key(header::ORIGIN) {
            only(&parts.headers, &header::ORIGIN)
                .and_then(Origin::parse)
                .ok_or(Code::OriginForeign)?;
        }
        Ok(Self(parts.extensions.get::<Caller>().cloned()))
    }
}

impl FromRequestParts<Daemon> for Paired {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, daemon: &Daemon) -> Result<Self, Rejection> {
        let MaybePaired(caller) = MaybePaired::from_request_parts(parts, daemon).await?;
        caller.map(Self).ok_or_else(|| Code::NotPaired.into())
    }
}
