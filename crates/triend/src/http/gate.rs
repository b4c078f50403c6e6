//! What every call passes before anything else runs: the address it names, the page it comes from,
//! and whether that page or program is paired.
//! Does not know what the routes do.

mod admission;
mod door;
mod reply;

use axum::body::{Body, HttpBody as _};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::Instant;

use crate::caller::{Caller, Origin, Right};
use crate::daemon::Daemon;
use crate::http::log;
use crate::http::rate::CallRates;
use crate::http::{unread, watched_body};
use crate::rejection::{Code, Rejection};
pub(super) use admission::{Kind, Passage};
use admission::{Refused, admit};

/// A call by somebody who is paired.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Paired(pub Caller);

/// A call by somebody who may read what the law has the school keep ([`Right::ReadRecords`]).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RecordsReader(pub Caller);

/// A call by somebody who may also add to it ([`Right::WriteRecords`]).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RecordsWriter(pub Caller);

/// A call by anybody whose address is right.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MaybePaired(pub Option<Caller>);

/// The page that calls; none for a program and for our own pages. Only where pages that are not
/// paired may call is it anything but the caller's own.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CallingPage(pub Option<Origin>);

/// What stands at the gate.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    pub(super) daemon: Daemon,
    pub(super) rates: std::sync::Arc<CallRates>,
    pub(super) refusals: std::sync::Arc<log::Refusals>,
}

/// Refuses what may not come in, and gives every reply its headers and its line in the log.
pub(super) async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let path = request.uri().path().to_owned();
    let mut line = log::Line::of(&request);
    let admitted = admit(&gate.daemon, &request).and_then(|passage| {
        if gate.daemon.stop().has_begun() {
            return Err(Refused {
                rejection: Code::Stopping.into(),
                cors: passage.cors,
            });
        }
        let rates = &gate.rates;
        match rates.take(&passage, started) {
            Ok(()) => Ok(passage),
            Err(_) => Err(Refused {
                rejection: Code::TooManyRequests.into(),
                cors: passage.cors,
            }),
        }
    });
    let from = only(request.headers(), &header::ORIGIN).and_then(Origin::parse);
    let paired = matches!(&admitted, Ok(passage) if passage.caller.is_some());
    let (mut response, cors) = match admitted {
        Ok(passage) => enter(&gate.daemon, passage, request, next).await,
        Err(refused) => {
            let mut response = refused.rejection.into_response();
            if !request.body().is_end_stream() {
                // Whoever may not come in is not listened to either.
                unread::close_with(&mut response);
            }
            (response, refused.cors)
        }
    };
    if !paired && is_guess(&response) && gate.rates.take_guess(from, started).is_err() {
        response = Rejection::new(Code::TooManyRequests).into_response();
    }
    if !paired && response.status() == StatusCode::TOO_MANY_REQUESTS {
        // Whoever goes on has to come anew, and takes no place meanwhile.
        unread::close_with(&mut response);
    }
    let mut response = super::route::in_csc_form(&path, response);
    reply::add_headers(response.headers_mut(), cors.as_ref());
    line.ended(&mut response, started, (!paired).then_some(&*gate.refusals));
    response
}

/// Whether a word was tried that lets nobody in.
fn is_guess(response: &Response) -> bool {
    let code = response.extensions().get::<Code>();
    matches!(code, Some(Code::NotPaired | Code::ConsentUnknown))
}

async fn enter(
    daemon: &Daemon,
    passage: Passage,
    request: Request,
    next: Next,
) -> (Response, Option<Origin>) {
    let Passage {
        caller,
        page,
        cors,
        kind,
    } = passage;
    if kind == Kind::Preflight {
        let mut response = StatusCode::NO_CONTENT.into_response();
        reply::add_preflight_headers(response.headers_mut());
        return (response, cors);
    }
    let request =
        request.map(|body| Body::new(watched_body::Paced::new(body, watched_body::GRACE)));
    let (mut request, unread) = unread::watched(request);
    request.extensions_mut().insert(CallingPage(page));
    let pairing = caller.as_ref().map(|caller| caller.pairing);
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller);
    }
    let mut response = next.run(request).await;
    unread.settle(&mut response).await;
    let response = match pairing {
        Some(pairing) => watched_body::cut_when_revoked(response, daemon, pairing),
        None => response,
    };
    (response, cors)
}

/// Copies the template of the route into the reply, for the log.
pub(super) async fn note_route(
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// The value of a header that is there exactly once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

impl FromRequestParts<Daemon> for CallingPage {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &Daemon) -> Result<Self, Rejection> {
        // Put there by the gate; where it is missing nothing stood before the route.
        let page = parts.extensions.get::<Self>().cloned();
        page.ok_or_else(|| Code::Internal.into())
    }
}

impl FromRequestParts<Daemon> for MaybePaired {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &Daemon) -> Result<Self, Rejection> {
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

/// A paired caller with a right.
async fn with_right(parts: &mut Parts, daemon: &Daemon, right: Right) -> Result<Caller, Rejection> {
    let Paired(caller) = Paired::from_request_parts(parts, daemon).await?;
    if caller.may(right) {
        Ok(caller)
    } else {
        Err(Rejection::about(Code::RightMissing, right.code()))
    }
}

impl FromRequestParts<Daemon> for RecordsReader {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, daemon: &Daemon) -> Result<Self, Rejection> {
        let caller = with_right(parts, daemon, Right::ReadRecords).await?;
        Ok(Self(caller))
    }
}

impl FromRequestParts<Daemon> for RecordsWriter {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, daemon: &Daemon) -> Result<Self, Rejection> {
        let caller = with_right(parts, daemon, Right::WriteRecords).await?;
        Ok(Self(caller))
    }
}
