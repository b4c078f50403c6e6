//! The daemon over HTTP on this machine.
//! Knows no rules of signing; each route asks the part it stands for.

pub mod body;
pub mod gate;
mod route;

use axum::Router;
use axum::middleware;

use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};

/// Every route behind the gate.
pub fn router(daemon: &Daemon) -> Router {
    route::all()
        .fallback(|| async { Rejection::new(Code::RouteUnknown) })
        .method_not_allowed_fallback(|| async { Rejection::new(Code::MethodUnknown) })
        .layer(middleware::from_fn_with_state(daemon.clone(), gate::guard))
        .with_state(daemon.clone())
}
