//! The addresses, one module for each area.
//! Does not know what stands in front of them.

mod status;

use axum::Router;
use axum::routing::get;

use crate::daemon::Daemon;

pub(super) fn all() -> Router<Daemon> {
    Router::new().route("/v1/status", get(status::show))
}
