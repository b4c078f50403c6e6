//! The plainest client of the test services: one HTTP/1.1 exchange on loopback, and a transport
//! over it that remembers what was asked.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use trien::{Purpose, Transport, TransportError, TransportRequest};

/// Octets of an answer: more is a fault of a service.
const ANSWER_OCTETS: u64 = 1024 * 1024;

#[derive(Debug, Default)]
pub(crate) struct Client {
    asked: RefCell<Vec<(Purpose, String)>>,
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
        exchange(request)
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

fn exchange(request: TransportRequest<'_>) -> Result<Vec<u8>, TransportError> {
    let rest = request
        .url
        .strip_prefix("http://")
        .ok_or_else(|| TransportError::new("no http"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let method = if request.body.is_empty() {
        "GET"
    } else {
        "POST"
    };
    let content_type = match request.purpose {
        Purpose::TimeStamp => "application/timestamp-query",
        Purpose::Ocsp => "application/ocsp-request",
        _ => "application/octet-stream",
    };
    let head = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        request.body.len()
    );
    let mut stream = TcpStream::connect(host).map_err(TransportError::new)?;
    let patience = Some(Duration::from_secs(20));
    stream
        .set_read_timeout(patience)
        .map_err(TransportError::new)?;
    stream
        .write_all(&[head.as_bytes(), request.body].concat())
        .map_err(TransportError::new)?;
    let mut answer = Vec::new();
    stream
        .take(ANSWER_OCTETS)
        .read_to_end(&mut answer)
        .map_err(TransportError::new)?;
    let end = answer
        .windows(4)
        .position(|octets| octets == b"\r\n\r\n")
        .ok_or_else(|| TransportError::new("no head"))?;
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    if !head.starts_with("http/1.1 200") {
        return Err(TransportError::new(head));
    }
    let body = answer.split_off(end + 4);
    let length: Option<usize> = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    if length.is_some_and(|length| length != body.len()) {
        return Err(TransportError::new("the answer is cut off"));
    }
    Ok(body)
}
