//! `GET /consent/events`: the same JSON as `/consent/ask`, again whenever it has changed.
//! Does not know what changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};

use super::session::Session;
use super::view;
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};

/// How often is looked: people see no more, and the list of a thousand documents is long.
const PAUSE: Duration = Duration::from_millis(400);

/// Name of the event after which there is nothing more to see.
const GONE: &str = "gone";

enum Watched {
    On { last: Option<String> },
    Over,
}

pub(super) async fn watch(
    session: Session,
    State(daemon): State<Daemon>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Rejection> {
    if daemon.asks().of_session(&session.0).is_none() {
        return Err(Code::ConsentUnknown.into());
    }
    let events = stream::unfold(Watched::On { last: None }, move |watched| {
        let daemon = daemon.clone();
        let session = session.0.clone();
        async move {
            let Watched::On { mut last } = watched else {
                return None;
            };
            loop {
                if last.is_some() {
                    tokio::time::sleep(PAUSE).await;
                }
                let Ok((mut whole, without_time)) = view::of(&daemon, &session).await else {
                    let gone = Event::default().event(GONE).data("{}");
                    return Some((Ok(gone), Watched::Over));
                };
                if last.as_deref() == Some(without_time.as_str()) {
                    continue;
                }
                last = Some(without_time);
                let event = Event::default().data(std::mem::take(&mut whole).to_string());
                return Some((Ok(event), Watched::On { last }));
            }
        }
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
