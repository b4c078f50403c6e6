//! `GET /v1/status`: that the daemon is there, whether the caller is paired, and to a paired one
//! that it is the daemon that paired.

pub(super) mod page;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::daemon::Daemon;
use crate::http::gate::MaybePaired;
use crate::rejection::{Code, Rejection};
use crate::secret::Secret;

#[derive(Deserialize)]
pub(super) struct Question {
    /// What the proof is to be of: 16 to 128 characters of the caller's choice.
    nonce: Option<String>,
    /// Name of the key that the proof is to be under.
    key: Option<String>,
}

pub(super) async fn show(
    State(daemon): State<Daemon>,
    MaybePaired(caller): MaybePaired,
    question: Result<Query<Question>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Rejection> {
    let Query(question) = question.map_err(|_| Code::RequestMalformed)?;
    let key = question
        .key
        .map(|name| Secret::parse(&name).ok_or(Code::RequestMalformed))
        .transpose()
        .map_err(|code| Rejection::about(code, "key"))?;
    let mut body = json!({
        "name": "triend",
        "version": env!("CARGO_PKG_VERSION"),
        "paired": caller.is_some(),
        "pair_with": "POST /v1/pairings",
    });
    if let (Some(nonce), Some(caller)) = (question.nonce, caller) {
        let fits = (16..=128).contains(&nonce.len())
            && nonce
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(&octet));
        if !fits {
            return Err(Rejection::about(Code::RequestMalformed, "nonce"));
        }
        let proof = daemon
            .proof(caller.pairing, key.as_ref(), &nonce)
            .map_err(|_| Code::Internal)?;
        if let Some(members) = body.as_object_mut() {
            members.insert("proof".to_owned(), proof.into());
        }
    }
    Ok(Json(body))
}
