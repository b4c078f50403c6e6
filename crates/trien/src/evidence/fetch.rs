//! Asking addresses, each once, and not more of them than a document may make us ask.

use std::collections::HashSet;

use trien_types::{Purpose, Transport, TransportError, TransportRequest};

/// Requests for one document: 40 signatures of 20 people with two time-stamping authorities ask
/// some 60.
const MOST_REQUESTS: usize = 256;

/// Addresses of one kind in one certificate that are looked at. Real ones have one or two.
pub(super) const MOST_ADDRESSES: usize = 4;

pub(super) struct Fetcher<'s> {
    transport: &'s dyn Transport,
    /// Requests that were made, by address and body.
    asked: HashSet<(String, Vec<u8>)>,
}

/// What became of a request.
pub(super) enum Fetched {
    Answer(Vec<u8>),
    Failed(TransportError),
    /// The same was asked before in this run.
    AskedBefore,
    TooMany,
}

impl<'s> Fetcher<'s> {
    pub(super) fn new(transport: &'s dyn Transport) -> Self {
        Self {
            transport,
            asked: HashSet::new(),
        }
    }

    pub(super) fn fetch(&mut self, purpose: Purpose, url: &str, body: &[u8]) -> Fetched {
        let key = (url.to_owned(), body.to_vec());
        if self.asked.contains(&key) {
            return Fetched::AskedBefore;
        }
        if self.asked.len() >= MOST_REQUESTS {
            return Fetched::TooMany;
        }
        self.asked.insert(key);
        let request = TransportRequest::new(purpose, url, body);
        match self.transport.exchange(request) {
            Ok(answer) => Fetched::Answer(answer),
            Err(error) => Fetched::Failed(error),
        }
    }
}
