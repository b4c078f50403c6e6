//! Who may call: our own page, with the session of its window.
//! Does not know what it asks for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};
use crate::secret::Secret;

/// Where the session's word stands.
const SESSION: &str = "x-trien-consent";

/// A call by a page of our own origin.
#[derive(Debug, Clone, Copy)]
pub(super) struct OwnPage;

/// A call by our own page with the word of a session: whether there is one, [`Asks`] knows.
///
/// [`Asks`]: crate::consent::Asks
#[derive(Debug)]
pub(super) struct Session(pub(super) Secret);

impl FromRequestParts<Daemon> for OwnPage {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, daemon: &Daemon) -> Result<Self, Rejection> {
        check(&parts.method, &parts.headers, &daemon.base()).map(|()| Self)
    }
}

impl FromRequestParts<Daemon> for Session {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, daemon: &Daemon) -> Result<Self, Rejection> {
        OwnPage::from_request_parts(parts, daemon).await?;
        only(&parts.headers, SESSION)
            .ok()
            .flatten()
            .and_then(Secret::parse)
            .map(Self)
            .ok_or_else(|| Code::ConsentUnknown.into())
    }
}

/// Browsers name the origin of every POST, and of a GET where it is not the page's own.
fn check(method: &Method, headers: &HeaderMap, own: &str) -> Result<(), Rejection> {
    match only(headers, header::ORIGIN.as_str())? {
        Some(origin) if origin == own => {}
        None if *method == Method::GET => {}
        Some(_) | None => return Err(Code::OriginForeign.into()),
    }
    match only(headers, "sec-fetch-site")? {
        Some("same-origin") => Ok(()),
        Some(_) | None => Err(Code::CrossSite.into()),
    }
}

/// The value of a header that is there at most once.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Rejection> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| Code::OriginForeign)?;
    if values.next().is_some() {
        return Err(Code::OriginForeign.into());
    }
    Ok(Some(text))
}
