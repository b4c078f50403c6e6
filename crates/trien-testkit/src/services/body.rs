//! Bodies of answers, sound and faulty, piece by piece: a huge one is never held.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep as sleep_for};

use super::fault::Framing;

/// Octets of one piece of a huge body.
const PIECE_OCTETS: usize = 64 * 1024;

/// How long a connection stays open after the first half of a body.
const UNTIL_SENT: Duration = Duration::from_millis(20);

/// What goes out after the head.
pub(super) enum ReplyBody {
    /// All at once.
    Whole(Option<Bytes>),
    /// The first half of what Content-Length says, then a reset.
    CutOff {
        half: Option<Bytes>,
        declared: u64,
        /// Since the half was taken: on a busy machine it goes out later than it was made.
        sleep: Option<Pin<Box<Sleep>>>,
    },
    /// So many octets.
    Huge { left: u64, framing: Framing },
    /// One octet at a time.
    Trickle {
        left: Bytes,
        pause: Duration,
        sleep: Pin<Box<Sleep>>,
    },
}

impl ReplyBody {
    pub(super) fn whole(octets: Vec<u8>) -> Self {
        Self::Whole((!octets.is_empty()).then(|| octets.into()))
    }

    pub(super) fn cut_off(octets: Vec<u8>) -> Self {
        let octets = Bytes::from(octets);
        let declared = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        Self::CutOff {
            half: Some(octets.slice(..octets.len() / 2)),
            declared,
            sleep: None,
        }
    }

    pub(super) fn trickle(octets: Vec<u8>, pause: Duration) -> Self {
        Self::Trickle {
            left: octets.into(),
            pause,
            sleep: Box::pin(sleep_for(pause)),
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let piece = match &mut *self {
            Self::Whole(octets) => octets.take(),
            Self::CutOff { half, sleep, .. } => match half.take() {
                Some(half) => Some(half),
                None => {
                    let sleep = sleep.get_or_insert_with(|| Box::pin(sleep_for(UNTIL_SENT)));
                    // What is buffered goes out while the body has nothing to give.
                    if sleep.as_mut().poll(context).is_pending() {
                        return Poll::Pending;
                    }
                    return Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())));
                }
            },
            Self::Huge { left: 0, .. } => None,
            Self::Huge { left, .. } => {
                let octets =
                    usize::try_from(*left).map_or(PIECE_OCTETS, |left| left.min(PIECE_OCTETS));
                *left = left.saturating_sub(u64::try_from(octets).unwrap_or(u64::MAX));
                Some(vec![0x30; octets].into())
            }
            Self::Trickle { left, .. } if left.is_empty() => None,
            Self::Trickle { left, pause, sleep } => {
                if sleep.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                *sleep = Box::pin(sleep_for(*pause));
                Some(left.split_to(1))
            }
        };
        Poll::Ready(piece.map(|octets| Ok(Frame::data(octets))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(octets) => octets.is_none(),
            Self::CutOff { .. } => false,
            Self::Huge { left, .. } => *left == 0,
            Self::Trickle { left, .. } => left.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        let octets = match self {
            Self::Whole(octets) => octets.as_ref().map_or(0, Bytes::len).try_into(),
            Self::CutOff { declared, .. } => Ok(*declared),
            Self::Huge {
                framing: Framing::Chunked,
                ..
            } => return SizeHint::default(),
            Self::Huge { left, .. } => Ok(*left),
            Self::Trickle { left, .. } => left.len().try_into(),
        };
        SizeHint::with_exact(octets.unwrap_or(u64::MAX))
    }
}
