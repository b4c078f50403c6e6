//! Why a service gave no usable answer.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use trien_types::TransportError;

/// What went wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetErrorKind {
    /// The host's address is private, on this machine or otherwise not public.
    AddressRefused {
        /// The first of its addresses.
        address: IpAddr,
    },
    /// The answer is larger than its purpose allows, unpacked.
    BodyTooLarge {
        /// The bound.
        limit_octets: u64,
    },
    /// The connection failed in a way that has no name of its own here.
    Connection,
    /// The answer is packed in a way that is not understood, or its packing is damaged.
    ContentEncoding,
    /// The address carries a user name or password.
    CredentialsInUrl,
    /// The connection ended before the answer did.
    CutOff,
    /// The answer is empty.
    EmptyAnswer,
    /// The name has no address.
    HostNotFound,
    /// The service answered with this status.
    HttpStatus(u16),
    /// The address cannot be read.
    MalformedUrl,
    /// Nothing may be fetched, and the answer is not at hand.
    Offline,
    /// The answer is no HTTP.
    Protocol,
    /// The redirection leads from a verified connection to a plain one, asks to repeat a POST as
    /// a GET, or says no address.
    RedirectRefused,
    /// The address is neither http nor https.
    SchemeRefused,
    /// No complete answer came in time.
    TimedOut {
        /// The bound for the whole exchange.
        after: Duration,
    },
    /// No secure connection: most often the server's certificate.
    Tls,
    /// One redirection after the other.
    TooManyRedirects {
        /// The bound.
        limit: u32,
    },
    /// Nobody listens there, or no way leads there.
    Unreachable,
    /// A web page came instead, such as the login page of a network.
    WebPage,
}

impl NetErrorKind {
    /// Whether the same request may succeed a little later.
    #[must_use]
    pub const fn is_retriable(&self) -> bool {
        match self {
            // RFC 9110, 15.5.9 and 15.6; RFC 6585, 4.
            Self::HttpStatus(status) => matches!(status, 408 | 425 | 429 | 500..=599),
            Self::Connection
            | Self::CutOff
            | Self::EmptyAnswer
            | Self::HostNotFound
            | Self::Protocol
            | Self::TimedOut { .. }
            | Self::Unreachable => true,
            Self::AddressRefused { .. }
            | Self::BodyTooLarge { .. }
            | Self::ContentEncoding
            | Self::CredentialsInUrl
            | Self::MalformedUrl
            | Self::Offline
            | Self::RedirectRefused
            | Self::SchemeRefused
            | Self::Tls
            | Self::TooManyRedirects { .. }
            | Self::WebPage => false,
        }
    }
}

impl fmt::Display for NetErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AddressRefused { address } => {
                return write!(
                    formatter,
                    "{address} is no public address: allow the host in the settings if it is yours"
                );
            }
            Self::BodyTooLarge { limit_octets } => {
                return write!(formatter, "the answer has over {limit_octets} octets");
            }
            Self::Connection => "the connection failed",
            Self::ContentEncoding => "the answer's content encoding cannot be undone",
            Self::CredentialsInUrl => "the address carries a user name or password: remove it",
            Self::CutOff => "the connection ended before the answer did",
            Self::EmptyAnswer => "the answer is empty",
            Self::HostNotFound => "the host's name has no address",
            Self::HttpStatus(status) => return write!(formatter, "HTTP status {status}"),
            Self::MalformedUrl => "the address cannot be read",
            Self::Offline => "not at hand, and nothing may be fetched: allow the network",
            Self::Protocol => "the answer is no HTTP",
            Self::RedirectRefused => "the redirection may not be followed",
            Self::SchemeRefused => "the address is neither http nor https",
            Self::TimedOut { after } => {
                return write!(formatter, "no answer within {} s", after.as_secs_f64());
            }
            Self::Tls => "no secure connection: look at the server's certificate",
            Self::TooManyRedirects { limit } => {
                return write!(formatter, "more than {limit} redirections");
            }
            Self::Unreachable => "nobody listens there, or no way leads there",
            Self::WebPage => "a web page came instead, such as the login page of a network",
        })
    }
}

/// A request that failed: where, and how.
#[derive(Debug)]
pub struct NetError {
    url: String,
    kind: NetErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl NetError {
    pub(crate) fn new(url: &str, kind: NetErrorKind) -> Self {
        Self {
            url: without_secrets(url),
            kind,
            source: None,
        }
    }

    pub(crate) fn because(
        url: &str,
        kind: NetErrorKind,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(url, kind)
        }
    }

    /// The address asked, after redirections, without query and user name.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> &NetErrorKind {
        &self.kind
    }

    /// The `NetError` behind a transport's error, where there is one.
    #[must_use]
    pub fn of(error: &TransportError) -> Option<&Self> {
        let mut next = error.source();
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref::<Self>() {
                return Some(found);
            }
            next = error.source();
        }
        None
    }
}

/// What may be shown of an address: no query, no user name, no more than 200 characters.
fn without_secrets(url: &str) -> String {
    const SHOWN: usize = 200;
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let rest = rest.get(..end).unwrap_or_default();
    let authority = rest.split('/').next().unwrap_or_default();
    let path = rest.strip_prefix(authority).unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let separator = if scheme.is_empty() { "" } else { "://" };
    let shown = [scheme, separator, host, path].concat();
    shown
        .chars()
        .filter(|character| !character.is_control())
        .take(SHOWN)
        .collect()
}

impl fmt::Display for NetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.url, self.kind)
    }
}

impl Error for NetError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_no_secret_of_its_address() {
        let error = NetError::new(
            "https://user:word@host.example:8443/a/b?key=secret",
            NetErrorKind::HttpStatus(503),
        );
        let shown = error.to_string();
        assert_eq!(shown, "https://host.example:8443/a/b: HTTP status 503");
        let odd = NetError::new("no\naddress", NetErrorKind::MalformedUrl);
        assert_eq!(odd.url(), "noaddress");
    }

    #[test]
    fn the_error_is_found_behind_a_transport_error() {
        let kind = NetErrorKind::CutOff;
        let error = TransportError::new(NetError::new("http://a.example/", kind.clone()));
        assert_eq!(NetError::of(&error).map(NetError::kind), Some(&kind));
    }
}
