//! A line for each call: what was called by whom, and how it ended.
//! Knows the template of the address alone: neither names, numbers and words in it nor a body.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use tokio::time::Instant;

use crate::caller::Origin;
use crate::rejection::Code;

/// Lines of one code that callers who are not paired can cause in a minute: enough to see who calls
/// and how, and a log of five files of 5 MiB still goes back for days.
const LINES_A_MINUTE: u32 = 20;
const MINUTE: Duration = Duration::from_secs(60);

/// What is known of a call when it comes.
#[derive(Debug)]
pub(super) struct Line {
    method: Method,
    origin: Option<String>,
}

impl Line {
    pub(super) fn of(request: &Request) -> Self {
        // What is no origin is not written down: anything could stand there.
        let origin = request.headers().get(header::ORIGIN).map(|value| {
            let origin = value.to_str().ok().and_then(Origin::parse);
            origin.map_or_else(|| "unreadable".to_owned(), |origin| origin.to_string())
        });
        Self {
            method: known(request.method()),
            origin,
        }
    }

    /// Writes it.
    pub(super) fn ended(
        &mut self,
        response: &mut Response,
        started: Instant,
        unpaired: Option<&Refusals>,
    ) {
        let status = response.status().as_u16();
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let route = response.extensions_mut().remove::<MatchedPath>();
        let route = route.as_ref().map_or("-", MatchedPath::as_str);
        let method = self.method.as_str();
        let origin = self.origin.as_deref().unwrap_or("-");
        match response.extensions().get::<Code>() {
            Some(code) if response.status() == StatusCode::INTERNAL_SERVER_ERROR => {
                tracing::error!(
                    method,
                    route,
                    status,
                    code = code.name(),
                    ms,
                    origin,
                    "failed"
                );
            }
            Some(code) => {
                if let Some(refusals) = unpaired {
                    let (due, left_out) = refusals.count(*code, started);
                    say_left_out(*code, left_out);
                    if due == Due::Nothing {
                        return;
                    }
                }
                tracing::warn!(
                    method,
                    route,
                    status,
                    code = code.name(),
                    ms,
                    origin,
                    "refused"
                );
            }
            None => tracing::info!(method, route, status, ms, origin, "answered"),
        }
    }
}

/// Refusals of callers who are not paired, which anybody on this machine can cause without end: so
/// many lines of each code in a minute, and then how many more there were.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<HashMap<Code, Minute>>);

/// The lines of one code since the first of them.
#[derive(Debug)]
struct Minute {
    began: Instant,
    lines: u32,
    left_out: u64,
}

/// Whether a refusal has a line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Line,
    Nothing,
}

impl Refusals {
    /// Counts one. With it comes how many had no line in the minute that is over.
    fn count(&self, code: Code, now: Instant) -> (Due, u64) {
        let mut minutes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = minutes.entry(code).or_insert(Minute {
            began: now,
            lines: 0,
            left_out: 0,
        });
        let mut left_out = 0;
        if now.saturating_duration_since(minute.began) >= MINUTE {
            left_out = minute.left_out;
            *minute = Minute {
                began: now,
                lines: 0,
                left_out: 0,
            };
        }
        if minute.lines < LINES_A_MINUTE {
            minute.lines = minute.lines.saturating_add(1);
            (Due::Line, left_out)
        } else {
            minute.left_out = minute.left_out.saturating_add(1);
            (Due::Nothing, left_out)
        }
    }
}

/// The end of the daemon says what no later refusal has said.
impl Drop for Refusals {
    fn drop(&mut self) {
        let minutes = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        for (code, minute) in minutes {
            say_left_out(*code, minute.left_out);
        }
    }
}

fn say_left_out(code: Code, left_out: u64) {
    if left_out > 0 {
        let code = code.name();
        tracing::warn!(code, left_out, "refused, without a line for each");
    }
}

/// A method that somebody made up is text of theirs.
fn known(method: &Method) -> Method {
    let all = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
        Method::TRACE,
        Method::CONNECT,
    ];
    if all.contains(method) {
        method.clone()
    } else {
        // The only one left that no reply of ours is for.
        Method::CONNECT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_refusals_has_so_many_lines_a_minute_and_then_their_number() {
        let refusals = Refusals::default();
        let start = Instant::now();
        let lines = (0..10_000)
            .filter(|_| refusals.count(Code::NotPaired, start).0 == Due::Line)
            .count();
        assert_eq!(lines, 20);
        // Another code has lines of its own.
        assert_eq!(refusals.count(Code::HostForeign, start), (Due::Line, 0));
        let later = start + MINUTE;
        assert_eq!(refusals.count(Code::NotPaired, later), (Due::Line, 9_980));
        assert_eq!(refusals.count(Code::NotPaired, later), (Due::Line, 0));
    }
}
