//! The daemon over HTTP on this machine.
//! Knows no rules of signing; each route asks the part it stands for.

pub mod body;
mod form;
pub mod gate;
mod log;
mod pdf_body;
mod rate;
mod route;
pub mod server;
mod unread;
mod watched_body;

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};

/// Every route behind the gate.
pub fn router(daemon: &Daemon) -> Router {
    let gate = gate::Gate {
        daemon: daemon.clone(),
        rates: Arc::default(),
        refusals: Arc::default(),
    };
    route::all()
        .fallback(|| async { Rejection::new(Code::RouteUnknown) })
        .method_not_allowed_fallback(|| async { Rejection::new(Code::MethodUnknown) })
        .layer(DefaultBodyLimit::max(body::JSON_OCTETS))
        .layer(middleware::from_fn(gate::note_route))
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(middleware::from_fn_with_state(gate, gate::guard))
        .with_state(daemon.clone())
}

/// What the panic says is not repeated: it may hold anything.
fn answer_panic(_: Box<dyn Any + Send>) -> Response {
    Rejection::new(Code::Internal).into_response()
}
