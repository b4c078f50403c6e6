//! Which requests came in.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A request as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// GET or POST.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// `Content-Type`, empty where there is none.
    pub content_type: String,
    /// `Accept`, empty where there is none.
    pub accept: String,
    /// `Host`, empty where there is none.
    pub host: String,
    /// Octets of the body.
    pub body_octets: usize,
}

/// The requests of one server in the order they came. Clones share the log.
#[derive(Debug, Clone, Default)]
pub struct RequestLog(Arc<Mutex<Log>>);

#[derive(Debug, Default)]
struct Log {
    requests: Vec<LoggedRequest>,
    open: usize,
    most_at_once: usize,
}

impl RequestLog {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All requests.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.log().requests.clone()
    }

    /// How many requests came in.
    #[must_use]
    pub fn len(&self) -> usize {
        self.log().requests.len()
    }

    /// Whether none came in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many requests came in for this path.
    #[must_use]
    pub fn count(&self, path: &str) -> usize {
        let log = self.log();
        log.requests.iter().filter(|one| one.path == path).count()
    }

    /// How many requests were being answered at the same time, at most.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.log().most_at_once
    }

    /// Notes a request, which is open until the returned value is dropped.
    pub(super) fn open(&self, request: LoggedRequest) -> OpenRequest {
        let mut log = self.log();
        log.requests.push(request);
        log.open = log.open.saturating_add(1);
        log.most_at_once = log.most_at_once.max(log.open);
        OpenRequest(self.clone())
    }
}

/// A request that is being answered.
pub(super) struct OpenRequest(RequestLog);

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let mut log = self.0.log();
        log.open = log.open.saturating_sub(1);
    }
}
