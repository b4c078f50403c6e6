//! One exchange over HTTP/1.1, within the bounds of its purpose.

use std::fmt;
use std::io::Read;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use trien_types::{Purpose, Transport, TransportError, TransportRequest};
use ureq::http::{HeaderMap, Response, header};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Proxy};

use crate::gate::Gate;
use crate::resolver::{CheckedResolver, RefusedAddress};
use crate::url::ServiceUrl;
use crate::{HttpSettings, NetError, NetErrorKind, PurposeSettings, ServerCertificate};

/// Octets of an answer's head: services send some 300.
const HEAD_OCTETS: usize = 16 * 1024;
/// How long a connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(10);

/// HTTP and HTTPS within [`HttpSettings`]. Keeps nothing but open connections; may be shared by
/// threads.
pub struct HttpTransport {
    settings: HttpSettings,
    time_stamp: Line,
    ocsp: Line,
    crl: Line,
    issuer_certificate: Line,
}

/// What one purpose has of its own: bounds and trust in servers differ, so connections do too.
struct Line {
    agent: Result<Agent, ureq::Error>,
    gate: Gate,
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpTransport")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// What a server answered to one call.
enum Answer {
    Body(Vec<u8>),
    Redirect { status: u16, location: String },
}

impl HttpTransport {
    /// A transport with these bounds. Connects to nothing yet; a proxy's address that cannot be
    /// read shows with the first request.
    #[must_use]
    pub fn new(settings: HttpSettings) -> Self {
        let line = |purpose| Line::new(&settings, settings.of(purpose));
        Self {
            time_stamp: line(Purpose::TimeStamp),
            ocsp: line(Purpose::Ocsp),
            crl: line(Purpose::Crl),
            issuer_certificate: line(Purpose::IssuerCertificate),
            settings,
        }
    }

    const fn line(&self, purpose: Purpose) -> &Line {
        match purpose {
            Purpose::TimeStamp => &self.time_stamp,
            Purpose::Crl => &self.crl,
            Purpose::IssuerCertificate => &self.issuer_certificate,
            Purpose::Ocsp | _ => &self.ocsp,
        }
    }

    /// As [`Transport::exchange`], with the error as it is.
    ///
    /// # Errors
    /// No complete successful answer within the bounds.
    pub fn fetch(&self, request: TransportRequest<'_>) -> Result<Vec<u8>, NetError> {
        let bounds = self.settings.of(request.purpose);
        let line = self.line(request.purpose);
        let mut url = ServiceUrl::parse(request.url)?;
        let _turn = line.gate.enter();
        let started = stop_watch();
        for _ in 0..=self.settings.redirects {
            let left = bounds.time_out.saturating_sub(started.elapsed());
            if left.is_zero() {
                let after = bounds.time_out;
                let timed_out = NetErrorKind::TimedOut { after };
                return Err(NetError::new(request.url, timed_out));
            }
            match self.call(line, &url, request, bounds, left)? {
                Answer::Body(body) => return Ok(body),
                Answer::Redirect { status, location } => {
                    url = redirected(&url, status, &location, request, bounds)?;
                }
            }
        }
        let limit = self.settings.redirects;
        let kind = NetErrorKind::TooManyRedirects { limit };
        Err(NetError::new(request.url, kind))
    }

    fn call(
        &self,
        line: &Line,
        url: &ServiceUrl,
        request: TransportRequest<'_>,
        bounds: &PurposeSettings,
        left: Duration,
    ) -> Result<Answer, NetError> {
        let text = url.uri().to_string();
        self.check_literal(url)?;
        let agent = line.agent.as_ref().map_err(|error| {
            NetError::because(&text, NetErrorKind::MalformedUrl, error.to_string())
        })?;
        let accept = accepted(request.purpose);
        let response = if request.body.is_empty() {
            agent
                .get(url.uri())
                .header(header::ACCEPT, accept)
                .config()
                .timeout_global(Some(left))
                .build()
                .call()
        } else {
            agent
                .post(url.uri())
                .header(header::ACCEPT, accept)
                .content_type(posted(request.purpose))
                .config()
                .timeout_global(Some(left))
                .build()
                .send(request.body)
        };
        let response = response.map_err(|error| failure(&text, error, bounds))?;
        answer(&text, response, bounds)
    }

    /// A proxy looks names up itself; an address given as a number needs no look-up.
    fn check_literal(&self, url: &ServiceUrl) -> Result<(), NetError> {
        match url.host().parse::<IpAddr>() {
            Ok(address) if !self.settings.addresses.permits(url.host(), address) => {
                let kind = NetErrorKind::AddressRefused { address };
                Err(NetError::new(&url.uri().to_string(), kind))
            }
            _ => Ok(()),
        }
    }
}

impl Transport for HttpTransport {
    fn exchange(&self, request: TransportRequest<'_>) -> Result<Vec<u8>, TransportError> {
        self.fetch(request).map_err(TransportError::new)
    }
}

impl Line {
    fn new(settings: &HttpSettings, bounds: &PurposeSettings) -> Self {
        Self {
            agent: agent(settings, bounds),
            gate: Gate::new(bounds.at_once),
        }
    }
}

fn agent(settings: &HttpSettings, bounds: &PurposeSettings) -> Result<Agent, ureq::Error> {
    let proxy = settings.proxy.as_deref().map(Proxy::new).transpose()?;
    let tls = TlsConfig::builder()
        .provider(TlsProvider::NativeTls)
        .root_certs(RootCerts::PlatformVerifier)
        .disable_verification(bounds.server_certificate == ServerCertificate::DangerNotVerified)
        .build();
    let resolver = CheckedResolver {
        policy: settings.addresses.clone(),
        proxy_host: proxy.as_ref().map(|proxy| proxy.host().to_owned()),
        inner: DefaultResolver::default(),
    };
    let config = Agent::config_builder()
        .proxy(proxy)
        .tls_config(tls)
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("trien/", env!("CARGO_PKG_VERSION")))
        .max_response_header_size(HEAD_OCTETS)
        .max_idle_age(IDLE)
        .timeout_connect(Some(bounds.connect_time_out))
        .timeout_resolve(Some(bounds.connect_time_out))
        .build();
    Ok(Agent::with_parts(
        config,
        DefaultConnector::default(),
        resolver,
    ))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a time-out is measured by elapsed time; no result depends on the time of day"
)]
fn stop_watch() -> Instant {
    Instant::now()
}

/// RFC 3161, 3.4; RFC 6960, A.1; RFC 5280, 4.2.1.13 and 4.2.2.1.
const fn posted(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::TimeStamp => "application/timestamp-query",
        Purpose::Ocsp => "application/ocsp-request",
        Purpose::Crl | Purpose::IssuerCertificate | _ => "application/octet-stream",
    }
}

/// What is asked for. What comes may be called otherwise: servers name these things at will.
const fn accepted(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::TimeStamp => "application/timestamp-reply, */*;q=0.5",
        Purpose::Ocsp => "application/ocsp-response, */*;q=0.5",
        Purpose::Crl => "application/pkix-crl, */*;q=0.5",
        Purpose::IssuerCertificate => "application/pkix-cert, application/pkcs7-mime, */*;q=0.5",
        _ => "*/*",
    }
}

fn redirected(
    url: &ServiceUrl,
    status: u16,
    location: &str,
    request: TransportRequest<'_>,
    bounds: &PurposeSettings,
) -> Result<ServiceUrl, NetError> {
    let refused = || NetError::new(&url.uri().to_string(), NetErrorKind::RedirectRefused);
    // RFC 9110, 15.4.4: 303 wants a GET, which means nothing to a service that takes posts.
    if status == 303 && !request.body.is_empty() {
        return Err(refused());
    }
    let target = url.redirected(location)?;
    let wants_secrecy = bounds.server_certificate == ServerCertificate::Verified;
    if wants_secrecy && url.is_secure() && !target.is_secure() {
        return Err(refused());
    }
    Ok(target)
}

fn answer(
    url: &str,
    response: Response<Body>,
    bounds: &PurposeSettings,
) -> Result<Answer, NetError> {
    let status = response.status().as_u16();
    let failed = |kind| Err(NetError::new(url, kind));
    if matches!(status, 301 | 302 | 303 | 307 | 308) {
        let location = text(response.headers(), &header::LOCATION).to_owned();
        return Ok(Answer::Redirect { status, location });
    }
    if status != 200 {
        return failed(NetErrorKind::HttpStatus(status));
    }
    let encoding = text(response.headers(), &header::CONTENT_ENCODING);
    if !matches!(encoding, "" | "gzip" | "identity") {
        return failed(NetErrorKind::ContentEncoding);
    }
    let is_html = text(response.headers(), &header::CONTENT_TYPE).contains("html");
    let limit_octets = bounds.answer_octets;
    let (_, body) = response.into_parts();
    // Unknown where the answer is packed.
    if body
        .content_length()
        .is_some_and(|octets| octets > limit_octets)
    {
        return failed(NetErrorKind::BodyTooLarge { limit_octets });
    }
    let mut octets = Vec::new();
    body.into_reader()
        .take(limit_octets.saturating_add(1))
        .read_to_end(&mut octets)
        .map_err(|error| failure(url, error.into(), bounds))?;
    if u64::try_from(octets.len()).is_ok_and(|found| found > limit_octets) {
        return failed(NetErrorKind::BodyTooLarge { limit_octets });
    }
    if octets.is_empty() {
        return failed(NetErrorKind::EmptyAnswer);
    }
    // Neither DER nor PEM begins so.
    if is_html && octets.trim_ascii_start().starts_with(b"<") {
        return failed(NetErrorKind::WebPage);
    }
    Ok(Answer::Body(octets))
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .trim()
}

fn failure(url: &str, error: ureq::Error, bounds: &PurposeSettings) -> NetError {
    use std::io::ErrorKind as Io;
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "most kinds say no more than that the connection failed"
    )]
    let kind = match &error {
        ureq::Error::Timeout(_) => NetErrorKind::TimedOut {
            after: bounds.time_out,
        },
        ureq::Error::HostNotFound => NetErrorKind::HostNotFound,
        ureq::Error::Other(inner) => match inner.downcast_ref::<RefusedAddress>() {
            Some(refused) => NetErrorKind::AddressRefused {
                address: refused.address,
            },
            None => NetErrorKind::Connection,
        },
        ureq::Error::Io(inner) => match inner.kind() {
            Io::UnexpectedEof | Io::ConnectionReset | Io::ConnectionAborted | Io::BrokenPipe => {
                NetErrorKind::CutOff
            }
            Io::ConnectionRefused
            | Io::HostUnreachable
            | Io::NetworkUnreachable
            | Io::AddrNotAvailable => NetErrorKind::Unreachable,
            Io::TimedOut | Io::WouldBlock => NetErrorKind::TimedOut {
                after: bounds.time_out,
            },
            _ => NetErrorKind::Connection,
        },
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => NetErrorKind::Protocol,
        ureq::Error::Decompress(..) => NetErrorKind::ContentEncoding,
        ureq::Error::Tls(_)
        | ureq::Error::NativeTls(_)
        | ureq::Error::Der(_)
        | ureq::Error::Pem(_)
        | ureq::Error::TlsRequired => NetErrorKind::Tls,
        ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::InvalidProxyUrl => {
            NetErrorKind::MalformedUrl
        }
        _ => NetErrorKind::Connection,
    };
    NetError::because(url, kind, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verified_connection_is_not_given_up_for_a_plain_one() {
        let secure = ServiceUrl::parse("https://tsa.example/").unwrap();
        let plain = ServiceUrl::parse("http://tsa.example/").unwrap();
        let follow = |from: &ServiceUrl, to, purpose| {
            let request = TransportRequest::new(purpose, "", b"body");
            redirected(from, 302, to, request, &PurposeSettings::of(purpose))
        };
        let to_plain = "http://other.example/";
        let refused = follow(&secure, to_plain, Purpose::TimeStamp).unwrap_err();
        assert_eq!(refused.kind(), &NetErrorKind::RedirectRefused);
        assert!(follow(&plain, to_plain, Purpose::TimeStamp).is_ok());
        assert!(follow(&plain, "https://other.example/", Purpose::TimeStamp).is_ok());
        // What is believed for its own signature alone needs no secrecy.
        assert!(follow(&secure, to_plain, Purpose::Ocsp).is_ok());
    }

    #[test]
    fn a_proxy_whose_address_cannot_be_read_shows_with_the_first_request() {
        let settings = HttpSettings {
            proxy: Some("gopher://proxy".to_owned()),
            ..HttpSettings::default()
        };
        let transport = HttpTransport::new(settings);
        let request = TransportRequest::new(Purpose::Crl, "http://1.1.1.1/", b"");
        let error = transport.fetch(request).unwrap_err();
        assert_eq!(error.kind(), &NetErrorKind::MalformedUrl);
    }
}
