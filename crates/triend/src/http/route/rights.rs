//! `/v1/rights`: what the caller may do beside signing and verifying, and asking the person for more.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::caller::Right;
use crate::consent::Subject;
use crate::daemon::Daemon;
use crate::http::body::JsonBody;
use crate::http::gate::Paired;
use crate::rejection::{Code, Rejection};
use crate::store::{Actor, StoreError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    rights: Vec<String>,
}

pub(super) fn routes() -> Router<Daemon> {
    Router::new().route("/v1/rights", get(show).post(ask))
}

async fn show(Paired(caller): Paired) -> Json<Value> {
    Json(held(&caller.rights))
}

fn held(rights: &BTreeSet<Right>) -> Value {
    json!({ "rights": rights.iter().map(|right| right.code()).collect::<Vec<_>>() })
}

/// The person's answer is waited for. What the caller has already is not asked for again.
async fn ask(
    State(daemon): State<Daemon>,
    Paired(caller): Paired,
    JsonBody(wish): JsonBody<Wish>,
) -> Result<Json<Value>, Rejection> {
    let wanted: Option<BTreeSet<Right>> = wish
        .rights
        .iter()
        .map(|code| Right::from_code(code))
        .collect();
    let wanted = wanted
        .filter(|wanted| !wanted.is_empty())
        .ok_or_else(|| Rejection::about(Code::RequestMalformed, "rights"))?;
    let rights: BTreeSet<Right> = wanted.difference(&caller.rights).copied().collect();
    if rights.is_empty() {
        return Ok(Json(held(&caller.rights)));
    }
    let subject = Subject::Rights {
        rights: rights.clone(),
    };
    let pairing = caller.pairing;
    let now_held = daemon.ask_and_do::<_, StoreError>(&caller, subject, move |store, now| {
        store.grant_rights(pairing, &rights, Actor::Pairing(pairing), now)?;
        store.rights_of_pairing(pairing)
    });
    let now_held = now_held.await?;
    Ok(Json(held(&now_held)))
}
