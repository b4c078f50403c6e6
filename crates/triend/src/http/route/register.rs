//! `/v1/register`: who signs as what, and who holds the seal device.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::daemon::Daemon;
use crate::entry_json;
use crate::http::body::JsonBody;
use crate::http::form::{
    CapacityCode, Fingerprint, Line, Moment, OneCertificate, QueryOf, RoleCode, number,
};
use crate::http::gate::{RecordsReader, RecordsWriter};
use crate::rejection::Rejection;
use crate::store::{
    Actor, NewSealAssignment, NewSigner, SealAssignmentId, SignerId, StoreError, Term,
};

pub(super) fn routes() -> Router<Daemon> {
    Router::new()
        .route("/v1/register/signers", get(signers).post(add_signer))
        .route("/v1/register/signers/{id}/end", post(end_signer))
        .route("/v1/register/seals", get(seals).post(assign_seal))
        .route("/v1/register/seals/{id}/return", post(return_seal))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Only what holds at this time.
    at: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhichSigners {
    /// Only who holds at this time.
    at: Option<Moment>,
    /// Only those with this certificate.
    certificate: Option<Fingerprint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignerAddition {
    person: Line,
    body: Line,
    role: RoleCode,
    capacity: Option<CapacityCode>,
    certificate: OneCertificate,
    from: Option<Moment>,
    until: Option<Moment>,
    decision: Option<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealAddition {
    device: Line,
    clerk: i64,
    decision: Line,
    from: Option<Moment>,
    until: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignerEnd {
    until: Moment,
    decision: Option<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealReturn {
    until: Moment,
}

async fn signers(
    State(daemon): State<Daemon>,
    _reader: RecordsReader,
    QueryOf(which): QueryOf<WhichSigners>,
) -> Result<Json<Value>, Rejection> {
    let mut found = daemon
        .with_store::<_, StoreError>(move |store, _| match which.at {
            Some(at) => store.signers_at(at.0),
            None => store.signers(),
        })
        .await?;
    if let Some(certificate) = which.certificate {
        found.retain(|signer| signer.certificate == certificate.0.into());
    }
    let found: Vec<Value> = found.iter().map(entry_json::signer).collect();
    Ok(Json(json!({ "signers": found })))
}

async fn add_signer(
    State(daemon): State<Daemon>,
    RecordsWriter(caller): RecordsWriter,
    JsonBody(addition): JsonBody<SignerAddition>,
) -> Result<(StatusCode, Json<Value>), Rejection> {
    let id = daemon
        .with_store::<_, StoreError>(move |store, now| {
            let mut new = NewSigner::new(
                addition.person.0,
                addition.body.0,
                addition.role.0,
                addition.certificate.0.as_der().to_vec(),
                term(addition.from, addition.until, now)?,
            );
            if let Some(capacity) = addition.capacity {
                new.capacity = capacity.0;
            }
            new.decision = addition.decision.map(|decision| decision.0);
            store.add_signer(&new, Actor::Pairing(caller.pairing), now)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.number() }))))
}

fn term(
    from: Option<Moment>,
    until: Option<Moment>,
    now: trien::UnixTime,
) -> Result<Term, StoreError> {
    let from = from.map_or(now, |from| from.0);
    Ok(Term::new(from, until.map(|until| until.0))?)
}

async fn end_signer(
    State(daemon): State<Daemon>,
    RecordsWriter(caller): RecordsWriter,
    Path(id): Path<String>,
    JsonBody(end): JsonBody<SignerEnd>,
) -> Result<StatusCode, Rejection> {
    let id = SignerId::from_number(number(&id)?);
    daemon
        .with_store::<_, StoreError>(move |store, now| {
            let decision = end.decision.map(|decision| decision.0);
            let actor = Actor::Pairing(caller.pairing);
            store.end_signer(id, end.until.0, decision.as_ref(), actor, now)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn seals(
    State(daemon): State<Daemon>,
    _reader: RecordsReader,
    QueryOf(which): QueryOf<Which>,
) -> Result<Json<Value>, Rejection> {
    let found = daemon
        .with_store::<_, StoreError>(move |store, _| {
            let mut seals = store.seal_assignments()?;
            if let Some(at) = which.at {
                let mut held = Vec::new();
                for seal in seals {
                    let holder = store.seal_holder(&seal.device, at.0)?;
                    if holder.is_some_and(|holder| holder.id == seal.id) {
                        held.push(seal);
                    }
                }
                seals = held;
            }
            Ok(seals)
        })
        .await?;
    let found: Vec<Value> = found.iter().map(entry_json::seal_assignment).collect();
    Ok(Json(json!({ "seals": found })))
}

async fn assign_seal(
    State(daemon): State<Daemon>,
    RecordsWriter(caller): RecordsWriter,
    JsonBody(addition): JsonBody<SealAddition>,
) -> Result<(StatusCode, Json<Value>), Rejection> {
    let id = daemon
        .with_store::<_, StoreError>(move |store, now| {
            let new = NewSealAssignment::new(
                addition.device.0,
                SignerId::from_number(addition.clerk),
                addition.decision.0,
                term(addition.from, addition.until, now)?,
            );
            store.assign_seal(&new, Actor::Pairing(caller.pairing), now)
        })
        .await?;
    let answer = json!({ "seal_assignment": id.number() });
    Ok((StatusCode::CREATED, Json(answer)))
}

async fn return_seal(
    State(daemon): State<Daemon>,
    RecordsWriter(caller): RecordsWriter,
    Path(id): Path<String>,
    JsonBody(given_back): JsonBody<SealReturn>,
) -> Result<StatusCode, Rejection> {
    let id = SealAssignmentId::from_number(number(&id)?);
    daemon
        .with_store::<_, StoreError>(move |store, now| {
            let actor = Actor::Pairing(caller.pairing);
            store.return_seal(id, given_back.until.0, actor, now)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
