//! One HTTP/1.1 server on 127.0.0.1 at a port the system chooses, with scripted faults and a log.
//! Knows nothing of what it serves.

use std::convert::Infallible;
use std::fmt;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

use super::ServiceError;
use super::body::ReplyBody;
use super::fault::{Fault, FaultScript};
use super::log::{LoggedRequest, RequestLog};

/// Octets of a request's body: time-stamp and OCSP requests have under 1 kB.
const REQUEST_OCTETS: usize = 64 * 1024;
/// How long dropping a server waits for answers that are being made: on a busy machine a signature
/// takes its time, and who still listens afterwards is taken for the next one.
const UNTIL_CLOSED: Duration = Duration::from_secs(30);
/// Octets compressed at a time.
const ZEROS: [u8; 16 * 1024] = [0; 16 * 1024];

/// A request with the faults its answer shall have.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
    pub(super) faults: Vec<Fault>,
}

impl Exchange {
    pub(super) fn has(&self, fault: &Fault) -> bool {
        self.faults.contains(fault)
    }
}

/// What a service answers.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn ok(content_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status: 200,
            content_type,
            body,
        }
    }

    pub(super) fn status(status: u16) -> Self {
        Self {
            status,
            content_type: "text/plain",
            body: Vec::new(),
        }
    }
}

type Responder = Arc<dyn Fn(Exchange) -> Result<Reply, ServiceError> + Send + Sync>;

/// A server that runs until it is dropped.
pub(super) struct HttpServer {
    address: SocketAddr,
    script: FaultScript,
    log: RequestLog,
    /// Taken only by `drop`.
    runtime: Option<Runtime>,
}

impl fmt::Debug for HttpServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HttpServer({})", self.address)
    }
}

impl HttpServer {
    /// Listens at once; `respond` is called on a thread where it may block.
    pub(super) fn start(
        respond: impl Fn(Exchange) -> Result<Reply, ServiceError> + Send + Sync + 'static,
    ) -> Result<Self, ServiceError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let (script, log) = (FaultScript::default(), RequestLog::default());
        let (scripted, logged) = (script.clone(), log.clone());
        let respond: Responder = Arc::new(respond);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, log) = (scripted.clone(), logged.clone());
                tokio::spawn(connection(stream, script, log, Arc::clone(&respond)));
            }
        });
        Ok(Self {
            address,
            script,
            log,
            runtime: Some(runtime),
        })
    }

    /// `http://127.0.0.1:PORT`
    pub(super) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) const fn script(&self) -> &FaultScript {
        &self.script
    }

    pub(super) const fn log(&self) -> &RequestLog {
        &self.log
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // So that nobody is accepted any more when this returns.
            runtime.shutdown_timeout(UNTIL_CLOSED);
        }
    }
}

async fn connection(stream: TcpStream, script: FaultScript, log: RequestLog, respond: Responder) {
    let service = service_fn(|request| exchange(request, &script, &log, &respond));
    // A connection that ends badly is what faults are for; the client sees it.
    let _ended = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn exchange(
    request: Request<Incoming>,
    script: &FaultScript,
    log: &RequestLog,
    respond: &Responder,
) -> Result<Response<ReplyBody>, io::Error> {
    let (head, body) = request.into_parts();
    let text = |name: HeaderName| header_text(&head.headers, &name);
    let body = Limited::new(body, REQUEST_OCTETS)
        .collect()
        .await
        .map_err(io::Error::other)?
        .to_bytes();
    let exchange = Exchange {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        content_type: text(header::CONTENT_TYPE),
        body: body.to_vec(),
        faults: script.take(),
    };
    let open = log.open(LoggedRequest {
        method: exchange.method.clone(),
        path: exchange.path.clone(),
        content_type: exchange.content_type.clone(),
        accept: text(header::ACCEPT),
        host: text(header::HOST),
        body_octets: exchange.body.len(),
    });
    for fault in &exchange.faults {
        if let Fault::Slow(pause) = fault {
            tokio::time::sleep(*pause).await;
        }
        if let Fault::Held(hold) = fault {
            hold.released().await;
        }
    }
    if exchange.has(&Fault::HangUp) {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    let faults = exchange.faults.clone();
    let query = head.uri.query().unwrap_or("0").to_owned();
    let path = exchange.path.clone();
    let respond = Arc::clone(respond);
    let reply = tokio::task::spawn_blocking(move || respond(exchange))
        .await
        .map_err(io::Error::other)?
        .map_err(io::Error::other)?;
    drop(open);
    faulty(reply, &faults, &path, &query)
        .or_else(|error: hyper::http::Error| {
            let mut response = Response::new(ReplyBody::whole(error.to_string().into_bytes()));
            *response.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
            Ok::<_, Infallible>(response)
        })
        .map_err(|never| match never {})
}

fn header_text(headers: &HeaderMap, name: &HeaderName) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// The answer with the faults that concern HTTP.
fn faulty(
    reply: Reply,
    faults: &[Fault],
    path: &str,
    query: &str,
) -> Result<Response<ReplyBody>, hyper::http::Error> {
    let mut response = Response::builder();
    let mut status = reply.status;
    let mut content_type = reply.content_type.to_owned();
    let mut location = None;
    let mut encoding = None;
    let mut body = ReplyBody::whole(reply.body.clone());
    for fault in faults {
        match fault {
            Fault::CutOff => body = ReplyBody::cut_off(reply.body.clone()),
            Fault::Garbage => body = ReplyBody::whole(b"\xff\xfe this is no ASN.1".to_vec()),
            Fault::GzipBomb { octets } => {
                body = ReplyBody::whole(gzip_of_zeros(*octets));
                encoding = Some("gzip");
            }
            Fault::HttpStatus(wanted) => {
                status = *wanted;
                body = ReplyBody::whole(Vec::new());
            }
            Fault::Huge { octets, framing } => {
                body = ReplyBody::Huge {
                    left: *octets,
                    framing: *framing,
                };
            }
            Fault::Redirect {
                status: wanted,
                location: address,
            } => {
                status = *wanted;
                location = Some(address.clone());
            }
            Fault::RedirectLoop => {
                let hop = query.parse::<u64>().unwrap_or(0).saturating_add(1);
                status = 302;
                location = Some(format!("{path}?{hop}"));
            }
            Fault::Trickle { pause } => body = ReplyBody::trickle(reply.body.clone(), *pause),
            Fault::WrongContentType(wanted) => content_type.clone_from(wanted),
            Fault::ExpiredSigner
            | Fault::FromFuture
            | Fault::HangUp
            | Fault::Held(_)
            | Fault::LocalTimeAsUtc
            | Fault::Refuse
            | Fault::Slow(_)
            | Fault::Stale
            | Fault::UnknownStatus
            | Fault::WrongImprint
            | Fault::WrongKey
            | Fault::WrongNonce => {}
        }
    }
    response = response
        .status(status)
        .header(header::CONTENT_TYPE, content_type);
    if let Some(location) = location {
        response = response.header(header::LOCATION, location);
    }
    if let Some(encoding) = encoding {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    response.body(body)
}

/// About a thousandth of the octets it unpacks to; writing into memory does not fail.
fn gzip_of_zeros(octets: u64) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let mut left = octets;
    while left > 0 {
        let count = usize::try_from(left).map_or(ZEROS.len(), |left| left.min(ZEROS.len()));
        if encoder
            .write_all(ZEROS.get(..count).unwrap_or_default())
            .is_err()
        {
            break;
        }
        left = left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
    }
    encoder.finish().unwrap_or_default()
}
