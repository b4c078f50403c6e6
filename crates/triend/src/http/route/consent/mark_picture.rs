//! `GET /consent/mark`: the picture that the caller would have put on the pages.
//! Does not know where it goes.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use super::session::Session;
use super::view;
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};

pub(super) async fn show(
    session: Session,
    State(daemon): State<Daemon>,
) -> Result<impl IntoResponse, Rejection> {
    let (_, ask, _) = daemon
        .asks()
        .of_session(&session.0)
        .ok_or(Code::ConsentUnknown)?;
    let job = view::job(&daemon, &ask)?;
    // A large picture takes a while.
    let png = tokio::task::spawn_blocking(move || job.mark_picture())
        .await
        .map_err(|_| Code::Internal)?
        .ok_or(Code::PreviewUnavailable)?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, png))
}
