//! Bodies under watch: one that comes in must come on, one that goes out ends with its pairing.
//! Does not know what is in them.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::caller::PairingId;
use crate::daemon::Daemon;

/// What a body may take however small it is.
pub(super) const GRACE: Duration = Duration::from_secs(20);
/// The slowest that a body may come: on this machine it comes at a thousand times that.
const OCTETS_PER_SECOND: u64 = 64 * 1024;

/// A body that ends with an error when it comes too slowly.
#[derive(Debug)]
pub(super) struct Paced {
    inner: Body,
    received: u64,
    started: Instant,
    grace: Duration,
    sleep: Pin<Box<Sleep>>,
}

/// A body came too slowly.
#[derive(Debug)]
pub(crate) struct TooSlow;

impl Paced {
    /// A body that may take `grace`, and more for what has come.
    pub(super) fn new(inner: Body, grace: Duration) -> Self {
        Self {
            inner,
            received: 0,
            started: Instant::now(),
            grace,
            sleep: Box::pin(tokio::time::sleep(grace)),
        }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.sleep.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(Box::new(TooSlow))));
        }
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            let more = u64::try_from(data.len()).unwrap_or(u64::MAX);
            self.received = self.received.saturating_add(more);
            let earned =
                Duration::from_secs(self.received.checked_div(OCTETS_PER_SECOND).unwrap_or(0));
            let deadline = self.started.checked_add(self.grace.saturating_add(earned));
            if let Some(deadline) = deadline {
                self.sleep.as_mut().reset(deadline);
            }
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl std::fmt::Display for TooSlow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the body came too slowly: send it again")
    }
}

impl std::error::Error for TooSlow {}

/// A body that goes out with something that lives until all of it has gone.
#[derive(Debug)]
pub(super) struct WithCall<C> {
    inner: Body,
    _call: C,
}

impl<C> WithCall<C> {
    pub(super) const fn new(inner: Body, call: C) -> Self {
        Self { inner, _call: call }
    }
}

impl<C: Unpin> HttpBody for WithCall<C> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// Ends a reply of events where the pairing of whoever reads it has ended.
pub(super) fn cut_when_revoked(
    response: Response,
    daemon: &Daemon,
    pairing: PairingId,
) -> Response {
    let events = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if !events {
        return response;
    }
    let daemon = daemon.clone();
    response.map(|inner| {
        Body::new(Cut {
            inner,
            daemon,
            pairing,
        })
    })
}

#[derive(Debug)]
struct Cut {
    inner: Body,
    daemon: Daemon,
    pairing: PairingId,
}

impl HttpBody for Cut {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        // Asked after the wait: what came meanwhile is no longer theirs.
        if self.daemon.pairing_holds(self.pairing) {
            Poll::Ready(frame)
        } else {
            Poll::Ready(None)
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::to_bytes;
    use tempfile::TempDir;
    use tokio_stream::StreamExt as _;
    use tokio_stream::wrappers::ReceiverStream;

    use super::*;
    use crate::config::Config;
    use crate::store::{Actor, NewPairing, ShortText};

    fn from_channel() -> (tokio::sync::mpsc::Sender<Result<Vec<u8>, Infallible>>, Body) {
        let (sender, receiver) = tokio::sync::mpsc::channel(4);
        (sender, Body::from_stream(ReceiverStream::new(receiver)))
    }

    /// The clock of the runtime stands still but for those who sleep.
    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_is_cut_and_one_that_comes_on_is_not() {
        let grace = Duration::from_millis(150);
        let (sender, body) = from_channel();
        let drip = tokio::spawn(async move {
            while sender.send(Ok(b"x".to_vec())).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        let error = to_bytes(Body::new(Paced::new(body, grace)), 1 << 20)
            .await
            .unwrap_err();
        let code = crate::http::body::of_broken_body(&error);
        assert_eq!(code, crate::rejection::Code::TooSlow);
        drip.await.unwrap();

        let (sender, body) = from_channel();
        tokio::spawn(async move {
            for _ in 0..6 {
                sender.send(Ok(vec![0; 64 * 1024])).await.unwrap();
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        });
        // It takes longer than the grace in all, and each part far less.
        let grace = Duration::from_secs(1);
        let octets = to_bytes(Body::new(Paced::new(body, grace)), 1 << 20)
            .await
            .unwrap();
        assert_eq!(octets.len(), 6 * 64 * 1024);
    }

    #[tokio::test]
    async fn events_end_with_the_pairing_of_who_reads_them() {
        let folder = TempDir::new().unwrap();
        let daemon = Daemon::open(Config::default(), folder.path().join("data"), 1).unwrap();
        let id = daemon.with_store_blocking(|store, now| {
            let new = NewPairing::Program {
                name: ShortText::new("A").unwrap(),
                token: crate::secret::Secret::new().unwrap().fingerprint(),
            };
            store.add_pairing(&new, Actor::Program, now).unwrap()
        });
        let (sender, body) = from_channel();
        let response = Response::builder()
            .header("content-type", "text/event-stream")
            .body(body)
            .unwrap();
        let mut events = cut_when_revoked(response, &daemon, id)
            .into_body()
            .into_data_stream();
        sender.send(Ok(b"data: 1\n\n".to_vec())).await.unwrap();
        assert!(events.next().await.unwrap().is_ok());
        daemon.with_store_blocking(|store, now| {
            store.end_pairing(id, Actor::Program, now).unwrap();
        });
        sender.send(Ok(b"data: 2\n\n".to_vec())).await.unwrap();
        assert!(events.next().await.is_none());
    }
}
