//! `GET /v1/jobs/{id}/events`: progress as server-sent events that resume where they were cut.
//! Knows nothing of what the events say.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::Stream;
use tokio::sync::watch;

use crate::daemon::Daemon;
use crate::http::gate::Paired;
use crate::job::{Job, News, NewsId};
use crate::rejection::Rejection;

use super::job_of;

/// Where a browser says how far it had come.
const LAST_EVENT_ID: &str = "last-event-id";

pub(super) async fn stream(
    State(daemon): State<Daemon>,
    caller: Paired,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Rejection> {
    let job = job_of(&daemon, &caller, &id)?;
    let run = daemon.jobs().run().to_owned();
    let last = headers
        .get(LAST_EVENT_ID)
        .and_then(|value| value.to_str().ok())
        .map(|text| NewsId::parse(text, &run));
    let Some(last) = last else {
        return Ok(events(job, NewsId::default(), run));
    };
    // A browser that resumes a stream which has ended is told not to come again.
    if job.state().is_over() && job.news_since(last).is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(events(job, last, run))
}

fn events(job: Arc<Job>, last: NewsId, run: String) -> Response {
    let changes = job.watch();
    Sse::new(follow(Following {
        job,
        changes,
        last,
        run,
        ready: VecDeque::new(),
    }))
    .keep_alive(KeepAlive::default())
    .into_response()
}

struct Following {
    job: Arc<Job>,
    changes: watch::Receiver<u64>,
    last: NewsId,
    run: String,
    ready: VecDeque<News>,
}

/// One event after the other, until the job is over and everything was told.
fn follow(following: Following) -> impl Stream<Item = Result<Event, Infallible>> {
    futures_util::stream::unfold(following, |mut following| async move {
        loop {
            if let Some(news) = following.ready.pop_front() {
                following.last = news.id;
                let event = Event::default()
                    .id(news.id.to_text(&following.run))
                    .event(news.kind)
                    .data(news.value.to_string());
                return Some((Ok(event), following));
            }
            // Before looking, so that nothing that changes meanwhile is missed.
            following.changes.borrow_and_update();
            following.ready = following.job.news_since(following.last).into();
            if !following.ready.is_empty() {
                continue;
            }
            if following.job.state().is_over() || following.changes.changed().await.is_err() {
                return None;
            }
        }
    })
}
