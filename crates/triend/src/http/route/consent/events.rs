//! `GET /consent/events`: the same JSON as `/consent/ask`, again whenever it has changed.
//! Does not know what changed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};

use super::session::Session;
use super::tokens::Tokens;
use super::view;
use crate::consent::Watching;
use crate::daemon::Daemon;
use crate::job::Job;
use crate::rejection::{Code, Rejection};
use crate::secret::Secret;

/// How often is looked: people see no more, and the list of a thousand documents is long.
const PAUSE: Duration = Duration::from_millis(400);

/// Name of the event after which there is nothing more to see.
const GONE: &str = "gone";

struct Watched {
    /// Given back with the connection: a window that is closed is missed.
    _watching: Watching,
    daemon: Daemon,
    session: Secret,
    tokens: Tokens,
    /// The job that is asked about. Its caller may collect it at once: its window sees its end all
    /// the same.
    job: Option<Arc<Job>>,
    /// What was sent last, without the time that is left.
    last: Option<String>,
    end: End,
}

enum End {
    NotYet,
    Sent,
}

pub(super) async fn watch(
    session: Session,
    State(daemon): State<Daemon>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Rejection> {
    let watching = daemon.asks().watch(&session.0);
    let watched = Watched {
        _watching: watching.ok_or(Code::ConsentUnknown)?,
        daemon,
        session: session.0,
        tokens: Tokens::default(),
        job: None,
        last: None,
        end: End::NotYet,
    };
    let events = stream::unfold(watched, |mut watched| async {
        let event = watched.next().await?;
        Some((Ok(event), watched))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

impl Watched {
    /// What is to be sent next, once there is something new.
    async fn next(&mut self) -> Option<Event> {
        if matches!(self.end, End::Sent) {
            return None;
        }
        loop {
            if self.last.is_some() {
                tokio::time::sleep(PAUSE).await;
            }
            if view::wants_tokens(&self.daemon, &self.session) {
                self.tokens.refresh(&self.daemon).await;
            }
            let viewed = view::of_watched(
                &self.daemon,
                &self.session,
                self.tokens.listed(),
                &mut self.job,
            );
            let Ok((whole, without_time)) = viewed else {
                self.end = End::Sent;
                return Some(Event::default().event(GONE).data("{}"));
            };
            if self.last.as_deref() != Some(without_time.as_str()) {
                self.last = Some(without_time);
                return Some(Event::default().data(whole.to_string()));
            }
        }
    }
}
