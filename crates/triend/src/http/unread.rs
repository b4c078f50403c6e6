//! What is left of a body that nobody read to its end. A little is read away, so that the connection
//! goes on; otherwise it ends with the reply, and the reply says so: a client that keeps connections
//! would send its next call into one that is being closed.
//! Does not know why it was left.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use hyper::body::{Frame, SizeHint};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

/// The most that is read away. Documents of schools are smaller, and on this machine so much comes
/// in some ten milliseconds; whoever sends more, and all of it in vain, connects anew.
const MOST_READ_AWAY: u64 = 16 * 1024 * 1024;
/// How long that may take: the reply waits for it.
const READ_AWAY_WITHIN: Duration = Duration::from_secs(2);

/// A body that hands back what is left of it when it is dropped.
#[derive(Debug)]
struct Watched {
    inner: Body,
    /// Gone with the end of the body.
    left: Option<oneshot::Sender<Left>>,
}

/// What a body was left with.
#[derive(Debug)]
enum Left {
    /// This is to come.
    Rest(Body),
    /// It came too slowly, or not as HTTP has it: nobody knows where it ends.
    Broken,
}

/// Where what is left of a body comes to.
#[derive(Debug)]
pub(super) struct Unread {
    left: oneshot::Receiver<Left>,
    has_expectation: bool,
}

/// The request with a body that is watched, and where its rest comes to. Whoever expects to be asked
/// for it (RFC 9110, 10.1.1) has not sent it, and is not asked for a rest.
pub(super) fn watched(request: Request) -> (Request, Unread) {
    let (sender, left) = oneshot::channel();
    let unread = Unread {
        left,
        has_expectation: request.headers().contains_key(header::EXPECT),
    };
    let request = request.map(|inner| {
        Body::new(Watched {
            inner,
            left: Some(sender),
        })
    });
    (request, unread)
}

/// Says that the connection ends with this reply.
pub(super) fn close_with(response: &mut Response) {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
}

impl Unread {
    /// Reads away what the route left, or ends the connection with its reply.
    pub(super) async fn settle(mut self, response: &mut Response) {
        let goes_on = match self.left.try_recv() {
            Ok(Left::Rest(rest)) => !self.has_expectation && is_read_away(rest).await,
            // Somebody still reads it.
            Ok(Left::Broken) | Err(TryRecvError::Empty) => false,
            Err(TryRecvError::Closed) => true,
        };
        if !goes_on {
            close_with(response);
        }
    }
}

/// Whether a body came to its end, and soon enough.
async fn is_read_away(body: Body) -> bool {
    if body.size_hint().lower() > MOST_READ_AWAY {
        return false;
    }
    let mut body = body.into_data_stream();
    let to_its_end = async {
        let mut count = 0_u64;
        while let Some(octets) = body.next().await {
            let Ok(octets) = octets else { return false };
            count = count.saturating_add(u64::try_from(octets.len()).unwrap_or(u64::MAX));
            if count > MOST_READ_AWAY {
                return false;
            }
        }
        true
    };
    tokio::time::timeout(READ_AWAY_WITHIN, to_its_end)
        .await
        .unwrap_or(false)
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        match &frame {
            Some(Ok(_)) => (),
            None => self.left = None,
            Some(Err(_)) => {
                // Nobody waits where the call is over.
                if let Some(left) = self.left.take() {
                    let _ = left.send(Left::Broken);
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.inner.is_end_stream() {
            return;
        }
        if let Some(left) = self.left.take() {
            let _ = left.send(Left::Rest(mem::take(&mut self.inner)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::to_bytes;
    use futures_util::stream;

    use super::*;

    /// Whether the reply ends the connection when the route has read so many frames of the body.
    async fn closes(body: Body, frames: usize) -> bool {
        closes_after(Request::new(body), frames).await
    }

    async fn closes_after(request: Request, frames: usize) -> bool {
        let (request, unread) = watched(request);
        let mut body = request.into_body().into_data_stream();
        for _ in 0..frames {
            let _ = body.next().await;
        }
        drop(body);
        let mut response = Response::new(Body::empty());
        unread.settle(&mut response).await;
        response.headers().get(header::CONNECTION).is_some()
    }

    fn of_frames(count: usize) -> Body {
        let frame = || Ok::<_, Infallible>(vec![0; 64 * 1024]);
        Body::from_stream(stream::iter((0..count).map(move |_| frame())))
    }

    /// The clock of the runtime stands still but for those who sleep.
    #[tokio::test(start_paused = true)]
    async fn what_is_left_of_a_body_is_read_away_or_the_reply_says_that_the_connection_ends() {
        for (frames, read) in [(0, 0), (8, 0), (8, 3), (8, 8), (8, 9), (256, 0)] {
            assert!(!closes(of_frames(frames), read).await, "{frames} {read}");
        }
        assert!(!closes(Body::empty(), 0).await);
        assert!(!closes(Body::from(vec![0; 1 << 20]), 0).await);
        // More than is worth the while, said before or not.
        assert!(closes(of_frames(257), 0).await);
        assert!(closes(Body::from(vec![0; (16 << 20) + 1]), 0).await);
        // Nothing was sent, and nothing is asked for.
        let expecting = |body: &'static str| {
            let request = Request::builder().header(header::EXPECT, "100-continue");
            request.body(Body::from(body)).unwrap()
        };
        assert!(closes_after(expecting("{}"), 0).await);
        assert!(!closes_after(expecting("{}"), 1).await);
        // It never comes.
        let silent = stream::pending::<Result<Vec<u8>, Infallible>>();
        assert!(closes(Body::from_stream(silent), 0).await);
        let broken = || stream::iter([Err::<Vec<u8>, _>("cut")]);
        assert!(closes(Body::from_stream(broken()), 0).await);
        assert!(closes(Body::from_stream(broken()), 2).await);
    }

    #[tokio::test]
    async fn a_body_that_somebody_still_reads_ends_the_connection() {
        let (request, unread) = watched(Request::new(Body::from("{}")));
        let mut response = Response::new(Body::empty());
        unread.settle(&mut response).await;
        assert_eq!(response.headers()[header::CONNECTION], "close");
        assert_eq!(to_bytes(request.into_body(), 8).await.unwrap(), "{}");
    }
}
