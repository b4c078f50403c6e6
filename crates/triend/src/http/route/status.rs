//! `GET /v1/status`: that the daemon is there, and whether the caller is paired.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::daemon::Daemon;
use crate::http::gate::MaybePaired;

pub(super) async fn show(State(_daemon): State<Daemon>, caller: MaybePaired) -> Json<Value> {
    Json(json!({
        "name": "triend",
        "version": env!("CARGO_PKG_VERSION"),
        "paired": caller.0.is_some(),
        "pair_with": "POST /v1/pairings",
    }))
}
