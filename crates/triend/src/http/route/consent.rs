//! What the consent page calls (docs/adr/0017): its session, what is asked, pictures of pages, the
//! answer, and what comes of it.
//! Does not know how the page looks, nor what an answer leads to.

mod answer;
mod events;
mod page_picture;
mod session;
mod view;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use self::session::{OwnPage, Session};
use crate::daemon::Daemon;
use crate::http::body::JsonBody;
use crate::rejection::{Code, Rejection};
use crate::secret::{Secret, forget};

/// Largest body that the page sends: moved marks of a thousand documents.
const BODY_OCTETS: usize = 256 << 10;

pub(super) fn routes() -> Router<Daemon> {
    Router::new()
        .route("/consent/session", post(open))
        .route("/consent/ask", get(ask))
        .route("/consent/answer", post(answer::give))
        .route("/consent/events", get(events::watch))
        .route("/consent/cancel", post(cancel))
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
        tracing::warn!("a consent window came with a secret that opens nothing");
        return Err(Code::ConsentUnknown.into());
    };
    tracing::debug!(ask = ask.number(), "a window opened");
    Ok(unstored(json!({ "session": session.reveal() })))
}

async fn ask(
    session: Session,
    State(daemon): State<Daemon>,
) -> Result<impl IntoResponse, Rejection> {
    let (view, _) = view::of(&daemon, &session.0).await?;
    Ok(unstored(view))
}

/// Stops the job whose question this window answered.
async fn cancel(session: Session, State(daemon): State<Daemon>) -> Result<StatusCode, Rejection> {
    let (_, ask, _) = daemon
        .asks()
        .of_session(&session.0)
        .ok_or(Code::ConsentUnknown)?;
    view::cancel(&daemon, &ask)?;
    Ok(StatusCode::NO_CONTENT)
}

/// JSON that no browser keeps.
fn unstored(body: Value) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], Json(body))
}
