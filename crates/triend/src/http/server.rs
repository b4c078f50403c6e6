//! Listening on this machine, and the connections.
//! Does not know what is called.

mod peer;
mod places;

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::config::PORTS;
use crate::daemon::Daemon;
use crate::http::watched_body::WithCall;
use crate::stop::Stop;
use places::{Place, Places};

/// The head of a request comes at once from this machine; who waits longer holds a place that
/// others need. Also how long a connection may lie idle.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// Browsers send fewer than thirty.
const MOST_HEADERS: usize = 64;
/// A head of a browser has some two thousand octets.
const MOST_HEAD_OCTETS: usize = 32 * 1024;
/// How long connections may go on when everything else has ended.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// How often both addresses are tried for one free port.
const FREE_PORT_TRIES: u32 = 16;
/// After an error of the listener, such as too many open files.
const AFTER_ACCEPT_ERROR: Duration = Duration::from_millis(100);

/// Sockets that listen on one port of 127.0.0.1 and `::1`.
#[derive(Debug)]
pub struct Listening {
    listeners: Vec<TcpListener>,
    port: u16,
    skipped: Vec<u16>,
}

/// Nothing could be listened on.
#[derive(Debug)]
pub struct ListenError {
    /// In the order in which they were tried.
    tried: Vec<u16>,
    cause: io::Error,
}

impl Listening {
    /// Listens on `wanted`. Where it is one of [`PORTS`] and another program has it, on the first
    /// of them that is free. 0 is any free one.
    ///
    /// # Errors
    /// None is free.
    pub async fn on(wanted: u16) -> Result<Self, ListenError> {
        if wanted == 0 {
            return Self::on_a_free_port().await;
        }
        let others = PORTS.into_iter().filter(|port| *port != wanted);
        let others = others.filter(|_| PORTS.contains(&wanted));
        let mut skipped = Vec::new();
        let mut last = None;
        for port in std::iter::once(wanted).chain(others) {
            match bind(port).await {
                Ok(listeners) => {
                    return Ok(Self {
                        listeners,
                        port,
                        skipped,
                    });
                }
                Err(error) => {
                    last = Some(error);
                    skipped.push(port);
                }
            }
        }
        Err(ListenError {
            tried: skipped,
            cause: last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()),
        })
    }

    async fn on_a_free_port() -> Result<Self, ListenError> {
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for _ in 0..FREE_PORT_TRIES {
            // The port that the system gives for one address may be taken on the other.
            let bound = match TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await {
                Ok(listener) => listener
                    .local_addr()
                    .map(|address| (listener, address.port())),
                Err(error) => Err(error),
            };
            match bound {
                Ok((listener, port)) => match beside(listener, port).await {
                    Ok(listeners) => {
                        return Ok(Self {
                            listeners,
                            port,
                            skipped: Vec::new(),
                        });
                    }
                    Err(error) => last = error,
                },
                Err(error) => last = error,
            }
        }
        Err(ListenError {
            tried: vec![0],
            cause: last,
        })
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Ports that were wanted before it and that another program has.
    #[must_use]
    pub fn skipped(&self) -> &[u16] {
        &self.skipped
    }

    /// Whether `::1` is listened on too; it is not where the machine has no IPv6.
    #[must_use]
    pub fn has_ipv6(&self) -> bool {
        self.listeners.len() > 1
    }

    /// Answers until the daemon stops, then lets what holds it end within the configured time.
    pub async fn serve(self, daemon: &Daemon) {
        let router = super::router(daemon);
        let limits = &daemon.config().limits;
        let places = usize::try_from(limits.connections).unwrap_or(usize::MAX);
        let places = Places::new(places);
        let closing = Stop::default();
        let loops: Vec<_> = self
            .listeners
            .into_iter()
            .map(|listener| {
                let (router, places) = (router.clone(), places.clone());
                tokio::spawn(accept(listener, router, places, closing.clone()))
            })
            .collect();
        daemon.stop().begun().await;
        // Meanwhile calls are answered, with why they are not served.
        let within = Duration::from_secs(limits.stop_seconds);
        let ended = tokio::time::timeout(within, daemon.stop().released()).await;
        if ended.is_err() {
            tracing::warn!(left = daemon.stop().holds(), "stopped before all was done");
        }
        for task in loops {
            task.abort();
        }
        closing.begin();
        // What watches events would never end by itself.
        let _ = tokio::time::timeout(CLOSE_WITHIN, closing.released()).await;
    }
}

async fn bind(port: u16) -> io::Result<Vec<TcpListener>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    beside(listener, port).await
}

/// The same port on `::1`, where the machine has it. A port that another program has there is not
/// ours: a page that calls `localhost` would reach that one.
async fn beside(listener: TcpListener, port: u16) -> io::Result<Vec<TcpListener>> {
    match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
        Ok(other) => Ok(vec![listener, other]),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        Err(_) => Ok(vec![listener]),
    }
}

async fn accept(listener: TcpListener, router: Router, places: Places, closing: Stop) {
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(cause = %error, "no connection could be accepted");
                tokio::time::sleep(AFTER_ACCEPT_ERROR).await;
                continue;
            }
        };
        let Ok((place, gives_way)) = places.take() else {
            // Closed at once: a call is under way on each of the others.
            tracing::warn!(code = "too-many-connections", "connection closed");
            continue;
        };
        let (router, closing) = (router.clone(), closing.clone());
        let hold = closing.hold();
        tokio::spawn(async move {
            // Dropped in the middle of a head, or while it idles.
            tokio::select! {
                () = serve_connection(stream, peer, router, (closing, place)) => (),
                () = told(gives_way) => {
                    tracing::warn!(code = "too-many-connections", "connection closed");
                }
            }
            drop(hold);
        });
    }
}

/// Waits until a connection is to give way to a new one.
async fn told(gives_way: oneshot::Receiver<()>) {
    if gives_way.await.is_err() {
        // Its place is gone with it.
        std::future::pending::<()>().await;
    }
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    (closing, place): (Stop, Place),
) {
    let Ok(local) = stream.local_addr() else {
        return;
    };
    let allowed = tokio::task::spawn_blocking(move || peer::is_of_this_user(peer, local)).await;
    if !allowed.unwrap_or(false) {
        tracing::warn!(code = "other-user", "connection of another user closed");
        return;
    }
    // A delayed answer waits for nothing on this machine.
    let _ = stream.set_nodelay(true);
    let routes = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        let call = place.begin();
        let reply = routes.call(request);
        async move {
            let response = reply.await?;
            Ok::<_, Infallible>(response.map(|body| Body::new(WithCall::new(body, call))))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_headers(MOST_HEADERS)
        .max_buf_size(MOST_HEAD_OCTETS)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = closing.begun() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // What was sent is not repeated: the kind of error alone.
        let timeout = error.is_timeout();
        let parse = error.is_parse();
        tracing::info!(timeout, parse, "connection ended early");
    }
}

impl ListenError {
    /// What is wrong and what to do, in Vietnamese.
    #[must_use]
    pub fn in_vietnamese(&self) -> String {
        let tried = self.ports();
        if self.is_taken() {
            return format!(
                "đã thử cổng {tried} và chương trình khác đang dùng, có thể là triend của người dùng \
                 khác trên máy này: hãy tắt chương trình đó, hoặc đặt port khác trong tệp cấu hình"
            );
        }
        format!("không mở được cổng {tried}: hãy đặt port khác trong tệp cấu hình")
    }

    /// Whether another program has the ports, which the sentence says then.
    fn is_taken(&self) -> bool {
        self.cause.kind() == io::ErrorKind::AddrInUse
    }

    fn ports(&self) -> String {
        let ports: Vec<String> = self.tried.iter().map(ToString::to_string).collect();
        ports.join(", ")
    }
}

impl fmt::Display for ListenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tried = self.ports();
        if self.is_taken() {
            write!(
                formatter,
                "tried port {tried}, which another program has, perhaps the triend of another user \
                 of this machine: end that program, or set another port in the configuration"
            )
        } else {
            write!(
                formatter,
                "port {tried} cannot be opened: set another port in the configuration"
            )
        }
    }
}

impl std::error::Error for ListenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // That a port is taken has been said, with what to do; the system's number adds nothing.
        if self.is_taken() {
            return None;
        }
        Some(&self.cause)
    }
}
