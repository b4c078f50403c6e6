//! The network of the tests: HTTP on loopback, remembering what was asked, and no network at all.

use std::cell::RefCell;

use trien::net::{AddressPolicy, HttpSettings, HttpTransport};
use trien::{Purpose, Transport, TransportError, TransportRequest};

/// Octets of an answer: what the test services send soundly has some kB.
const ANSWER_OCTETS: u64 = 1024 * 1024;

#[derive(Debug)]
pub(crate) struct Client {
    http: HttpTransport,
    asked: RefCell<Vec<(Purpose, String)>>,
}

impl Default for Client {
    fn default() -> Self {
        let mut settings = HttpSettings::default();
        settings.addresses = AddressPolicy::AllowPrivate;
        settings.time_stamp.answer_octets = ANSWER_OCTETS;
        settings.crl.answer_octets = ANSWER_OCTETS;
        Self {
            http: HttpTransport::new(settings),
            asked: RefCell::default(),
        }
    }
}

impl Client {
    pub(crate) fn asked(&self) -> Vec<(Purpose, String)> {
        self.asked.borrow().clone()
    }
}

impl Transport for Client {
    fn exchange(&self, request: TransportRequest<'_>) -> Result<Vec<u8>, TransportError> {
        let asked = (request.purpose, request.url.to_owned());
        self.asked.borrow_mut().push(asked);
        self.http.exchange(request)
    }
}

/// Nobody answers.
#[derive(Debug)]
pub(crate) struct Unplugged;

impl Transport for Unplugged {
    fn exchange(&self, _: TransportRequest<'_>) -> Result<Vec<u8>, TransportError> {
        Err(TransportError::new("the network is unplugged"))
    }
}
