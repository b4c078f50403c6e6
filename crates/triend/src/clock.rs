//! The daemon's edge: where the time of day comes in. Times that are only measured (limits, how long a
//! window waits) are tokio's `Instant`, which tests can hold still.
//! Decides nothing by it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use trien::UnixTime;

/// The time of day as the system has it, in whole seconds.
#[must_use]
pub fn now() -> UnixTime {
    #[expect(
        clippy::disallowed_methods,
        reason = "the program's edge: time goes in from here"
    )]
    let now = SystemTime::now();
    let seconds = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    UnixTime::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// The moment `by` after `from`; `from` itself where the system cannot count as far.
pub(crate) fn later(from: Instant, by: Duration) -> Instant {
    from.checked_add(by).unwrap_or(from)
}
