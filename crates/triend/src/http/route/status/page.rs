//! `/status`: the page for people whose signing does not work, and for taking pairings back.
//! Its parts are our own page's alone; callers see `GET /v1/status`.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde_json::{Value, json};
use trien::{Language, UtcOffset};

use crate::anchors;
use crate::caller::{Origin, PairingId};
use crate::config::{DEFAULT_PORT, PORTS};
use crate::daemon::Daemon;
use crate::http::form::as_written;
use crate::http::route::certificates::{error_json, tokens_json};
use crate::http::route::embedded::{CSS, HTML, SCRIPT, embedded};
use crate::rejection::{Code, Rejection};
use crate::store::{Actor, StoreError};
use crate::token_worker::ModuleReport;

/// Our own files and calls, nothing written into the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

pub(in crate::http::route) fn routes() -> Router<Daemon> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/status") }))
        .route("/status", get(html))
        .route("/status/page.js", get(script))
        .route("/status/page.css", get(style))
        .route("/status/facts", get(facts))
        .route("/status/tokens", get(tokens))
        .route("/status/pairings", get(pairings))
        .route("/status/pairings/{number}", delete(revoke))
}

async fn html() -> Response {
    embedded(
        HTML,
        POLICY,
        include_bytes!("../../../../assets/status.html"),
    )
}

async fn script() -> Response {
    embedded(
        SCRIPT,
        POLICY,
        include_bytes!("../../../../assets/status.js"),
    )
}

async fn style() -> Response {
    embedded(CSS, POLICY, include_bytes!("../../../../assets/status.css"))
}

async fn facts(State(daemon): State<Daemon>) -> Json<Value> {
    let config = daemon.config();
    Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "address": daemon.base(),
        "port": daemon.port(),
        "default_port": DEFAULT_PORT,
        "ports": PORTS,
        "language": if config.language == Language::En { "en" } else { "vi" },
        "folder": daemon.folder().display().to_string(),
        "time_stamp_authorities": config.time_stamp_authorities.len(),
        "anchors": anchors::are_there(config),
    }))
}

async fn tokens(State(daemon): State<Daemon>) -> Result<Json<Value>, Rejection> {
    let listed = tokio::task::spawn_blocking(move || {
        let modules = daemon.tokens().refresh();
        let tokens = tokens_json(&modules, daemon.now());
        let modules: Vec<Value> = modules.iter().map(module).collect();
        json!({ "tokens": tokens, "modules": modules })
    });
    Ok(Json(listed.await.map_err(|_| Code::Internal)?))
}

/// A driver, and what is wrong with it: the file's place helps who installed it.
fn module(report: &ModuleReport) -> Value {
    json!({
        "path": report.path.display().to_string(),
        "name": report.name,
        "error": report.tokens.as_ref().err().map(error_json),
    })
}

async fn pairings(State(daemon): State<Daemon>) -> Result<Json<Value>, Rejection> {
    let pairings = daemon.with_store(|store, _| store.pairings()).await;
    let pairings = pairings.map_err(|_: StoreError| Code::Internal)?;
    let rows: Vec<Value> = pairings
        .iter()
        .filter(|pairing| pairing.ended.is_none())
        .map(|pairing| {
            json!({
                "number": pairing.id.number(),
                "origin": pairing.origin.as_ref().map(Origin::as_str),
                "name": pairing.name.as_str(),
                "paired": pairing.paired.to_rfc3339(UtcOffset::VIETNAM),
            })
        })
        .collect();
    Ok(Json(json!({ "pairings": rows })))
}

async fn revoke(
    State(daemon): State<Daemon>,
    Path(number): Path<String>,
) -> Result<StatusCode, Rejection> {
    let number = as_written(&number).ok_or(Code::PairingUnknown)?;
    let id = PairingId::from_number(number);
    let ended = daemon
        .with_store(move |store, now| store.end_pairing(id, Actor::Program, now))
        .await;
    match ended {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(StoreError::NotFound(..) | StoreError::AlreadyEnded(_)) => {
            Err(Code::PairingUnknown.into())
        }
        Err(error) => {
            tracing::error!(cause = %error, "a pairing could not be ended");
            Err(Code::Internal.into())
        }
    }
}
