//! A line for each call: what was called by whom, and how it ended.
//! Knows the template of the address alone: neither names, numbers and words in it nor a body.

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use tokio::time::Instant;

use crate::caller::Origin;
use crate::rejection::Code;

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
    pub(super) fn ended(&mut self, response: &mut Response, started: Instant) {
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
