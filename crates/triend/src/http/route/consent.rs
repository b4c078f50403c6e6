//! What the consent page calls (docs/adr/0017): its session, what is asked, pictures of pages, the
//! answer, and what comes of it.
//! Does not know how the page looks, nor what an answer leads to.

mod answer;
mod events;
mod mark_picture;
mod page_picture;
mod session;
mod tokens;
mod view;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use trien_types::CertificateId;

use self::session::{OwnPage, Session};
use crate::caller::PairingId;
use crate::consent::{AskId, Outcome, Subject};
use crate::csc::Cancelled;
use crate::daemon::Daemon;
use crate::http::body::JsonBody;
use crate::rejection::{Code, Rejection};
use crate::secret::{Secret, forget};
use crate::store::SigningEvent;

/// Largest body that the page sends: moved marks of a thousand documents.
const BODY_OCTETS: usize = 256 << 10;

pub(super) fn routes() -> Router<Daemon> {
    Router::new()
        .route("/consent/session", post(open))
        .route("/consent/ask", get(ask))
        .route("/consent/answer", post(answer::give))
        .route("/consent/events", get(events::watch))
        .route("/consent/cancel", post(cancel))
        .route("/consent/mark", get(mark_picture::show))
        .route(
            "/consent/documents/{number}/pages/{page}",
            get(page_picture::show),
        )
        .layer(DefaultBodyLimit::max(BODY_OCTETS))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    secret: String,
}

/// Exchanges the window's secret, once.
async fn open(
    _own: OwnPage,
    State(daemon): State<Daemon>,
    JsonBody(opening): JsonBody<Opening>,
) -> Result<impl IntoResponse, Rejection> {
    let secret = Secret::parse(&opening.secret);
    forget(opening.secret);
    let exchanged = secret.and_then(|secret| daemon.asks().exchange(&secret));
    let Some((ask, session)) = exchanged else {
        return Err(Code::ConsentUnknown.into());
    };
    tracing::debug!(ask = ask.number(), "a window opened");
    Ok(unstored(json!({ "session": session.reveal() })))
}

async fn ask(
    session: Session,
    State(daemon): State<Daemon>,
) -> Result<impl IntoResponse, Rejection> {
    // Listing tokens can take long: the events bring them.
    let (view, _) = view::of(&daemon, &session.0, &Value::Null)?;
    Ok(unstored(view))
}

/// Stops what this window's question led to.
async fn cancel(session: Session, State(daemon): State<Daemon>) -> Result<StatusCode, Rejection> {
    let (id, ask, _) = daemon
        .asks()
        .of_session(&session.0)
        .ok_or(Code::ConsentUnknown)?;
    if let (Subject::Digests { credential, .. }, Some(caller)) = (&ask.subject, &ask.caller) {
        return cancel_digests(daemon, id, (*credential, caller.pairing)).await;
    }
    view::cancel(&daemon, &ask)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a consent back: the key is closed when this returns.
async fn cancel_digests(
    daemon: Daemon,
    id: AskId,
    (certificate, caller): (CertificateId, PairingId),
) -> Result<StatusCode, Rejection> {
    let ended = daemon.clone();
    let cancelled = tokio::task::spawn_blocking(move || {
        let cancelled = ended.activations().cancel(id);
        if cancelled == Cancelled::Ended {
            let event = SigningEvent::DigestsCancelled { certificate };
            // Where it cannot be written that is in the daemon's own log.
            let _ = ended.note(&event, caller);
        }
        cancelled
    });
    match cancelled.await.map_err(|_| Code::Internal)? {
        Cancelled::Ended => {
            let failed = Outcome::Failed(Code::Cancelled.into());
            daemon.asks().tell(id, failed);
            Ok(StatusCode::NO_CONTENT)
        }
        Cancelled::Nothing => Err(Code::JobState.into()),
    }
}

/// JSON that no browser keeps.
fn unstored(body: Value) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], Json(body))
}
