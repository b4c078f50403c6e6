//! The addresses, one module for each area.
//! Does not know what stands in front of them.

mod anchors;
mod assets;
mod audit;
mod certificates;
mod consent;
mod csc;
mod docs;
mod embedded;
mod evidence;
mod evidence_item;
mod jobs;
mod pairings;
mod register;
mod rights;
mod status;
mod verifications;
mod workflows;

pub(super) use csc::in_form as in_csc_form;

use axum::Router;
use axum::routing::{get, post};

use crate::daemon::Daemon;

pub(super) fn all() -> Router<Daemon> {
    Router::new()
        .route("/v1/status", get(status::show))
        .route("/v1/pairings", post(pairings::begin))
        .route("/v1/pairings/{word}", get(pairings::show))
        .merge(csc::routes())
        .route("/v1/certificates", get(certificates::list))
        .merge(anchors::routes())
        .merge(audit::routes())
        .merge(docs::routes())
        .merge(evidence::routes())
        .merge(register::routes())
        .merge(rights::routes())
        .merge(verifications::routes())
        .merge(workflows::routes())
        .merge(jobs::routes())
        .merge(assets::routes())
        .merge(consent::routes())
        .merge(status::page::routes())
}
