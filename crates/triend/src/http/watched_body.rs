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
const GRACE: Duration = Duration::from_secs(20);
/// The slowest that a body may come: on this machine it comes at a thousand times that.
const OCTETS_PER_SECOND: u64 = 64 * 1024;

/// A body that ends with an error when it comes too slowly.
#[derive(Debug)]
pub(super) struct Paced {
    inner: Body,
    received: u64,
    started: Instant,
    sleep: Pin<Box<Sleep>>,
}

/// A body came too slowly.
#[derive(Debug)]
pub(crate) struct TooSlow;

impl Paced {
    pub(super) fn new(inner: Body) -> Self {
        Self {
            inner,
            received: 0,
            started: Instant::now(),
            sleep: Box::pin(tokio::time::sleep(GRACE)),
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
            let deadline = self.started.checked_add(GRACE.saturating_add(earned));
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
