//! `/v1/pairings`: a page or program asks to be let in, and fetches the answer.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::caller::Origin;
use crate::daemon::Daemon;
use crate::http::body::JsonBody;
use crate::http::gate::{CallingPage, MaybePaired};
use crate::pairing::{self, Given, PairingState, ProofKey};
use crate::rejection::{Code, Rejection};
use crate::secret::Secret;
use crate::store::ShortText;

/// The longest name that a window shows, in characters.
const LONGEST_NAME: usize = 80;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// What the page or program calls itself.
    name: String,
}

pub(super) async fn begin(
    State(daemon): State<Daemon>,
    CallingPage(page): CallingPage,
    MaybePaired(caller): MaybePaired,
    JsonBody(wish): JsonBody<Wish>,
) -> Result<(StatusCode, Json<Value>), Rejection> {
    let name = ShortText::new(&wish.name)
        .ok()
        .filter(|name| name.as_str().chars().nth(LONGEST_NAME).is_none())
        .ok_or_else(|| Rejection::about(Code::RequestMalformed, "name"))?;
    if !page.as_ref().is_none_or(Origin::is_trustworthy) {
        return Err(Code::OriginInsecure.into());
    }
    if let (Some(_), Some(caller)) = (&page, caller) {
        let key = pairing::key_of_paired(&daemon, caller.pairing).map_err(|_| Code::Internal)?;
        return Ok((StatusCode::OK, Json(approved(&key))));
    }
    let word = pairing::begin(&daemon, page, &name)?;
    let answer = json!({ "pairing": word.reveal(), "state": "waiting" });
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

pub(super) async fn show(
    State(daemon): State<Daemon>,
    CallingPage(page): CallingPage,
    Path(word): Path<String>,
) -> Result<Json<Value>, Rejection> {
    let word = Secret::parse(&word).ok_or(Code::PairingUnknown)?;
    let state = pairing::outcome(&daemon, &word, page.as_ref())?;
    Ok(Json(match state {
        PairingState::Waiting => json!({ "state": "waiting" }),
        PairingState::Approved(None) => json!({ "state": "approved" }),
        PairingState::Approved(Some(Given::ProofKey(key))) => approved(&key),
        PairingState::Approved(Some(Given::Token(token))) => {
            json!({ "state": "approved", "token": token.reveal() })
        }
        PairingState::Refused => json!({ "state": "refused" }),
        PairingState::Expired => json!({ "state": "expired" }),
        PairingState::Failed => return Err(Code::Internal.into()),
    }))
}

fn approved(key: &ProofKey) -> Value {
    json!({
        "state": "approved",
        "proof_key": key.key.reveal(),
        "proof_key_name": key.name.reveal(),
    })
}
