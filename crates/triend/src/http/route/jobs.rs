//! `/v1/jobs`: documents in, consent, progress, signed documents out.
//! Decides nothing about signing: see [`crate::job`].

mod events;
mod file_name;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::super::body::{JsonBody, is_of_type, of_broken_body};
use super::super::form::as_written;
use super::super::gate::Paired;
use super::super::pdf_body::refuse_announced;
use crate::daemon::Daemon;
use crate::job::{self, Collected, DocumentState, Job, JobDescription, rejection_of};
use crate::rejection::{Code, Rejection};

/// Octets of a job's description with the documents in it: forty scanned records. Larger ones come
/// by themselves.
const DESCRIPTION_OCTETS: usize = 64 << 20;

/// The addresses.
pub(super) fn routes() -> Router<Daemon> {
    Router::new()
        .route(
            "/v1/jobs",
            post(create).layer(DefaultBodyLimit::max(DESCRIPTION_OCTETS)),
        )
        .route("/v1/jobs/{job}", get(show).delete(remove))
        .route("/v1/jobs/{job}/events", get(events::stream))
        .route("/v1/jobs/{job}/retries", post(retry))
        .route("/v1/jobs/{job}/collected", post(collected))
        .route(
            "/v1/jobs/{job}/documents/{number}",
            put(receive)
                .get(result)
                // Bounded by the configuration, and never held in memory.
                .layer(DefaultBodyLimit::disable()),
        )
}

/// The job of a caller that an address names.
fn job_of(daemon: &Daemon, caller: &Paired, id: &str) -> Result<Arc<Job>, Rejection> {
    daemon.jobs().of_caller(daemon, id, &caller.0)
}

/// The number of a document, as triend itself writes it.
fn number(text: &str) -> Result<u32, Rejection> {
    as_written(text).ok_or_else(|| Code::DocumentUnknown.into())
}

async fn create(
    State(daemon): State<Daemon>,
    Paired(caller): Paired,
    JsonBody(description): JsonBody<JobDescription>,
) -> Result<Response, Rejection> {
    let new = description.checked()?;
    let (at, by) = (daemon.clone(), caller.clone());
    let made = tokio::task::spawn_blocking(move || at.jobs().create(&at, &by, new));
    let job = made.await.map_err(|_| Code::Internal)??;
    job::begin_if_collected(&daemon, &job, &caller);
    let location = format!("/v1/jobs/{}", job.id());
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(job.to_json()),
    )
        .into_response())
}

async fn show(
    State(daemon): State<Daemon>,
    caller: Paired,
    Path(id): Path<String>,
) -> Result<Json<Value>, Rejection> {
    Ok(Json(job_of(&daemon, &caller, &id)?.to_json()))
}

/// Streams a document into the spool.
async fn receive(
    State(daemon): State<Daemon>,
    caller: Paired,
    Path((id, text)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Rejection> {
    let job = job_of(&daemon, &caller, &id)?;
    let number = number(&text)?;
    if !is_of_type(&request, "application/pdf") {
        return Err(Code::ContentTypeWrong.into());
    }
    let limit = daemon.config().limits.document_octets;
    refuse_announced(&request, limit)?;
    let mut part = daemon.jobs().receive(&job, number)?;
    let mut body = request.into_body().into_data_stream();
    while let Some(octets) = body.next().await {
        // What came is removed: a caller that is gone needs no answer.
        let octets = octets.map_err(|error| of_broken_body(&error))?;
        let more = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        if part.octets().saturating_add(more) > limit {
            return Err(Code::BodyTooLarge.into());
        }
        // A frame has some kB: it goes into the system's own buffers at once.
        part.write(&octets).map_err(|error| rejection_of(&error))?;
    }
    if part.octets() == 0 {
        return Err(Code::NotAPdf.into());
    }
    let (at, kept) = (daemon.clone(), Arc::clone(&job));
    let keep = tokio::task::spawn_blocking(move || at.jobs().keep(&at, &kept, (number, part)));
    if keep.await.map_err(|_| Code::Internal)?? == Collected::Now {
        job::begin(&daemon, &job, &caller.0);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A signed document.
async fn result(
    State(daemon): State<Daemon>,
    caller: Paired,
    Path((id, text)): Path<(String, String)>,
) -> Result<Response, Rejection> {
    let job = job_of(&daemon, &caller, &id)?;
    let number = number(&text)?;
    let (state, name) = job.document(number).ok_or(Code::DocumentUnknown)?;
    if state != DocumentState::Signed {
        return Err(Code::JobState.into());
    }
    let path = daemon.jobs().spool().result(job.id(), number);
    let file = tokio::fs::File::open(path)
        .await
        .map_err(|error| rejection_of(&error))?;
    let octets = file
        .metadata()
        .await
        .map_err(|error| rejection_of(&error))?;
    let disposition = file_name::attachment(&name, number);
    let headers: [(HeaderName, HeaderValue); 5] = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/pdf"),
        ),
        (header::CONTENT_LENGTH, octets.len().into()),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::try_from(disposition).map_err(|_| Code::Internal)?,
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    Ok((headers, Body::from_stream(chunks(file))).into_response())
}

/// Octets of a file in one piece of an answer.
const CHUNK_OCTETS: usize = 64 << 10;

fn chunks(
    file: tokio::fs::File,
) -> impl futures_util::Stream<Item = std::io::Result<Vec<u8>>> + Send {
    use tokio::io::AsyncReadExt as _;
    futures_util::stream::try_unfold(file, |mut file| async move {
        let mut chunk = vec![0; CHUNK_OCTETS];
        let read = file.read(&mut chunk).await?;
        chunk.truncate(read);
        Ok((read > 0).then_some((chunk, file)))
    })
}

async fn retry(
    State(daemon): State<Daemon>,
    caller: Paired,
    Path(id): Path<String>,
) -> Result<Response, Rejection> {
    let job = job_of(&daemon, &caller, &id)?;
    let (at, again) = (daemon.clone(), Arc::clone(&job));
    let prepared = tokio::task::spawn_blocking(move || job::prepare_retry(&at, &again));
    prepared.await.map_err(|_| Code::Internal)??;
    job::begin(&daemon, &job, &caller.0);
    Ok((StatusCode::ACCEPTED, Json(job.to_json())).into_response())
}

/// Cancels what is under way and removes the job.
async fn remove(
    State(daemon): State<Daemon>,
    caller: Paired,
    Path(id): Path<String>,
) -> Result<StatusCode, Rejection> {
    let job = job_of(&daemon, &caller, &id)?;
    let task = tokio::task::spawn_blocking(move || daemon.jobs().remove(&daemon, &job));
    task.await.map_err(|_| Code::Internal)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller has every result it wants: the job goes, unless it is under way.
async fn collected(
    State(daemon): State<Daemon>,
    caller: Paired,
    Path(id): Path<String>,
) -> Result<Json<Value>, Rejection> {
    let job = job_of(&daemon, &caller, &id)?;
    if !job.state().is_over() {
        return Err(Code::JobState.into());
    }
    let name = job.id().to_string();
    let task = tokio::task::spawn_blocking(move || daemon.jobs().remove(&daemon, &job));
    task.await.map_err(|_| Code::Internal)?;
    Ok(Json(json!({ "job": name, "state": "removed" })))
}
