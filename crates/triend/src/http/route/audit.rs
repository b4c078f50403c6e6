//! `/v1/audit`: the log as it stands. It holds no names, but who did what when.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::daemon::Daemon;
use crate::entry_json;
use crate::http::form::QueryOf;
use crate::http::gate::RecordsReader;
use crate::rejection::{Code, Rejection};

/// Entries of one answer: some 300 kB.
const MOST_ENTRIES: u32 = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    first: Option<i64>,
    count: Option<u32>,
}

pub(super) fn routes() -> Router<Daemon> {
    Router::new()
        .route("/v1/audit", get(list))
        .route("/v1/audit/head", get(head))
}

async fn list(
    State(daemon): State<Daemon>,
    _reader: RecordsReader,
    QueryOf(page): QueryOf<Page>,
) -> Result<Json<Value>, Rejection> {
    let first = page.first.unwrap_or(1);
    let count = page.count.unwrap_or(MOST_ENTRIES);
    if first < 1 || !(1..=MOST_ENTRIES).contains(&count) {
        return Err(Rejection::about(Code::RequestMalformed, "first, count"));
    }
    let (entries, last) = daemon
        .with_store::<_, Rejection>(move |store, _| {
            Ok((
                store.audit_entries(first, count)?,
                store.last_audit_entry()?,
            ))
        })
        .await?;
    Ok(Json(json!({
        "last": last.sequence,
        "entries": entries.iter().map(entry_json::audit_entry).collect::<Vec<_>>(),
    })))
}

/// To be kept elsewhere, for the check of the log.
async fn head(
    State(daemon): State<Daemon>,
    _reader: RecordsReader,
) -> Result<Json<Value>, Rejection> {
    let head = daemon
        .with_store::<_, Rejection>(|store, now| Ok(store.audit_head(now)?))
        .await?;
    let head = serde_json::from_str(&head.to_json()).map_err(|_| Code::Internal)?;
    Ok(Json(head))
}
