//! `/v1/evidence`: what is kept with records, what of it is missing, and how it goes.
//!
//! Documents themselves are not kept here: a record is known by the SHA-256 of its PDF. Evidence is
//! destroyed over HTTP only where another system has destroyed the document, and the person is asked.

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::evidence_item::Item;
use crate::consent::Subject;
use crate::daemon::Daemon;
use crate::entry_json;
use crate::http::body::JsonBody;
use crate::http::form::{Fingerprint, Line, Moment, QueryOf, number};
use crate::http::gate::{RecordsReader, RecordsWriter};
use crate::rejection::Rejection;
use crate::store::{
    Actor, Direction, DocumentPlace, EvidenceItem, NewRecord, NewWithdrawal, RecordId, RecordState,
    StoreError, Traces,
};

/// Octets of items that come together: revocation lists have up to some megabytes.
const ITEMS_OCTETS: usize = 32 << 20;

pub(super) fn routes() -> Router<Daemon> {
    Router::new()
        .route("/v1/evidence/records", get(list).post(add))
        .route("/v1/evidence/records/{id}", get(show))
        .route("/v1/evidence/records/{id}/items", post(add_items))
        .route("/v1/evidence/records/{id}/completeness", get(completeness))
        .route("/v1/evidence/records/{id}/withdrawal", post(withdraw))
        .route(
            "/v1/evidence/records/{id}/withdrawal-reports",
            post(report_withdrawal),
        )
        .route("/v1/evidence/records/{id}/destruction", post(destroy))
        .layer(DefaultBodyLimit::max(ITEMS_OCTETS))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Only those of the document with this SHA-256.
    document: Option<Fingerprint>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum DirectionName {
    Incoming,
    Outgoing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Addition {
    direction: DirectionName,
    sha256: Fingerprint,
    number: Option<Line>,
    symbol: Option<Line>,
    #[serde(default)]
    items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Items {
    items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
    notice: Line,
    notice_time: Option<Moment>,
    replaced_by: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    reference: Line,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    decision: Line,
}

fn record_id(text: &str) -> Result<RecordId, Rejection> {
    number(text).map(RecordId::from_number)
}

async fn list(
    State(daemon): State<Daemon>,
    _reader: RecordsReader,
    QueryOf(which): QueryOf<Which>,
) -> Result<Json<Value>, Rejection> {
    let records = daemon
        .with_store::<_, StoreError>(move |store, _| match which.document {
            Some(document) => store.records_of(document.0),
            None => store.records(),
        })
        .await?;
    let records: Vec<Value> = records.iter().map(entry_json::record).collect();
    Ok(Json(json!({ "records": records })))
}

async fn add(
    State(daemon): State<Daemon>,
    RecordsWriter(caller): RecordsWriter,
    JsonBody(addition): JsonBody<Addition>,
) -> Result<(StatusCode, Json<Value>), Rejection> {
    let direction = match addition.direction {
        DirectionName::Incoming => Direction::Incoming,
        DirectionName::Outgoing => Direction::Outgoing,
    };
    let mut new = NewRecord::new(direction, addition.sha256.0);
    new.number = addition.number.map(|line| line.0);
    new.symbol = addition.symbol.map(|line| line.0);
    let items: Vec<EvidenceItem> = addition
        .items
        .into_iter()
        .map(Item::into_evidence)
        .collect();
    let id = daemon
        .with_store::<_, StoreError>(move |store, now| {
            store.add_record(&new, &items, Actor::Pairing(caller.pairing), now)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id.number() }))))
}

async fn show(
    State(daemon): State<Daemon>,
    _reader: RecordsReader,
    Path(id): Path<String>,
) -> Result<Json<Value>, Rejection> {
    let id = record_id(&id)?;
    let answer = daemon
        .with_store::<_, StoreError>(move |store, _| {
            let record = store.record(id)?;
            let items = store.evidence_of(id)?;
            let completeness = match record.state {
                RecordState::Kept => Some(entry_json::completeness(&store.completeness(id)?)),
                RecordState::Destroyed | RecordState::DestructionBegun => None,
            };
            let withdrawal = store.withdrawal(id)?;
            Ok(json!({
                "record": entry_json::record(&record),
                "items": items.iter().map(entry_json::item).collect::<Vec<_>>(),
                "completeness": completeness,
                "withdrawal": withdrawal.as_ref().map(entry_json::withdrawal),
            }))
        })
        .await?;
    Ok(Json(answer))
}

async fn add_items(
    State(daemon): State<Daemon>,
    RecordsWriter(caller): RecordsWriter,
    Path(id): Path<String>,
    JsonBody(items): JsonBody<Items>,
) -> Result<StatusCode, Rejection> {
    let id = record_id(&id)?;
    let items: Vec<EvidenceItem> = items.items.into_iter().map(Item::into_evidence).collect();
    daemon
        .with_store::<_, StoreError>(move |store, now| {
            store.add_evidence(id, &items, Actor::Pairing(caller.pairing), now)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn completeness(
    State(daemon): State<Daemon>,
    _reader: RecordsReader,
    Path(id): Path<String>,
) -> Result<Json<Value>, Rejection> {
    let id = record_id(&id)?;
    let found = daemon
        .with_store::<_, StoreError>(move |store, _| store.completeness(id))
        .await?;
    Ok(Json(entry_json::completeness(&found)))
}

async fn withdraw(
    State(daemon): State<Daemon>,
    RecordsWriter(caller): RecordsWriter,
    Path(id): Path<String>,
    JsonBody(notice): JsonBody<Notice>,
) -> Result<StatusCode, Rejection> {
    let id = record_id(&id)?;
    daemon
        .with_store::<_, StoreError>(move |store, now| {
            let time = notice.notice_time.map_or(now, |time| time.0);
            let mut new = NewWithdrawal::new(notice.notice.0, time);
            new.replaced_by = notice.replaced_by.map(RecordId::from_number);
            store.withdraw(id, &new, Actor::Pairing(caller.pairing), now)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn report_withdrawal(
    State(daemon): State<Daemon>,
    RecordsWriter(caller): RecordsWriter,
    Path(id): Path<String>,
    JsonBody(report): JsonBody<Report>,
) -> Result<StatusCode, Rejection> {
    let id = record_id(&id)?;
    daemon
        .with_store::<_, StoreError>(move |store, now| {
            let actor = Actor::Pairing(caller.pairing);
            store.report_withdrawal(id, &report.reference.0, actor, now)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is destroyed does not come back: the right alone does not do it.
async fn destroy(
    State(daemon): State<Daemon>,
    RecordsWriter(caller): RecordsWriter,
    Path(id): Path<String>,
    JsonBody(decision): JsonBody<Decision>,
) -> Result<Json<Value>, Rejection> {
    let id = record_id(&id)?;
    let decision = decision.decision.0;
    let (record, items) = daemon
        .with_store::<_, StoreError>(move |store, _| {
            let record = store.record(id)?;
            if record.state == RecordState::Destroyed {
                return Err(StoreError::RecordDestroyed(id));
            }
            Ok((record, store.evidence_of(id)?.len()))
        })
        .await?;
    let subject = Subject::Destruction {
        record: Box::new(record),
        items,
        decision: decision.clone(),
    };
    let actor = Actor::Pairing(caller.pairing);
    let destroyed = daemon
        .ask_and_do::<_, StoreError>(&caller, subject, move |store, now| {
            store.destroy(id, &decision, DocumentPlace::DestroyedElsewhere, actor, now)
        })
        .await?;
    Ok(Json(json!({
        "items": destroyed.items,
        "traces_overwritten": destroyed.traces == Traces::Overwritten,
    })))
}
