//! Whether a call comes in: its form, its host, its origin, what the browser says of the site it
//! comes from, and its pairing, in this order.
//! Does not know the routes, nor what a reply looks like.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, Method, Version, header};

use super::door::Door;
use super::only;
use crate::caller::{Caller, Origin};
use crate::daemon::Daemon;
use crate::http::body;
use crate::rejection::{Code, Rejection};
use crate::secret::Secret;
use crate::store::StoreError;

/// The longest path and query. The longest of ours has a word of 43 characters in it.
const LONGEST_PATH: usize = 1024;
const LONGEST_QUERY: usize = 2048;

/// What anybody may send.
const JSON_OCTETS: u64 = 1 << 20;

/// What browsers say of the site that a call comes from (W3C Fetch Metadata, 2.4).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
/// A header that a page can set only after a preflight.
const X_TRIEN: HeaderName = HeaderName::from_static("x-trien");

/// A call that may come in.
#[derive(Debug)]
pub(in crate::http) struct Passage {
    /// Who, where it is paired.
    pub(in crate::http) caller: Option<Caller>,
    /// The foreign page that calls.
    pub(in crate::http) page: Option<Origin>,
    /// The page that may read the reply.
    pub(super) cors: Option<Origin>,
    /// What it is.
    pub(in crate::http) kind: Kind,
}

/// What a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Kind {
    /// For a route, by a page or program.
    Call,
    /// For a route, by a page of our own.
    OwnPage,
    /// A browser asks whether a page may call.
    Preflight,
}

/// A call that may not.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) rejection: Rejection,
    /// The page that may read why.
    pub(super) cors: Option<Origin>,
}

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Self {
            rejection: code.into(),
            cors: None,
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        tracing::error!(cause = %error, "the pairings cannot be read");
        Code::Internal.into()
    }
}

/// What the browser says of where a call comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    /// No browser, or one of before 2023.
    Unsaid,
    /// The user typed the address, or a program opened it.
    Nobody,
    /// Our own page.
    Ours,
    /// Another page, also one of another port of this machine.
    Another,
}

pub(super) fn admit(daemon: &Daemon, request: &Request) -> Result<Passage, Refused> {
    let headers = request.headers();
    let host = host(daemon, request)?;
    let origin = match headers.contains_key(header::ORIGIN) {
        true => Some(
            only(headers, &header::ORIGIN)
                .and_then(Origin::parse)
                .ok_or(Code::OriginForeign)?,
        ),
        false => None,
    };
    let ours = |origin: &Origin| origin.as_str().strip_prefix("http://") == Some(host);
    let site = site(headers)?;
    let door = Door::of(request.uri().path());
    let passage = match (door, origin) {
        // Our own pages call as programs do: what they may, their word says.
        (Door::Own | Door::OwnPage, origin) => {
            own_page(request, door, origin.as_ref().map(ours), site)?
        }
        (Door::Anyone, Some(page)) if !ours(&page) => Passage {
            caller: daemon.caller_of_origin(&page)?,
            cors: Some(page.clone()),
            page: Some(page),
            kind: kind(request),
        },
        (Door::Paired, Some(page)) if !ours(&page) => Passage {
            caller: Some(daemon.caller_of_origin(&page)?.ok_or(Code::OriginForeign)?),
            cors: Some(page.clone()),
            page: Some(page),
            kind: kind(request),
        },
        (Door::Anyone | Door::Paired, origin) => {
            // A browser sends no origin with images, frames and links: those are for nobody here.
            if origin.is_none() && site == Site::Another {
                return Err(Code::CrossSite.into());
            }
            let caller = bearer(daemon, headers)?;
            if door == Door::Paired && caller.is_none() {
                return Err(Code::NotPaired.into());
            }
            Passage {
                caller,
                page: None,
                cors: None,
                kind: Kind::Call,
            }
        }
    };
    let formed = form(request, passage.kind).and_then(|()| size(daemon, request, door));
    match formed {
        Ok(()) => Ok(passage),
        Err(rejection) => Err(Refused {
            rejection,
            cors: passage.cors,
        }),
    }
}

/// The host that is named, which is this machine with our port, once, and the same in the address.
fn host<'r>(daemon: &Daemon, request: &'r Request) -> Result<&'r str, Code> {
    let host = only(request.headers(), &header::HOST).ok_or(Code::HostForeign)?;
    let (name, port) = host.rsplit_once(':').ok_or(Code::HostForeign)?;
    let named = matches!(name, "127.0.0.1" | "[::1]" | "localhost");
    // As it is written: `+14741` and `014741` are no ports of a browser.
    let ours = named && port == daemon.port().to_string();
    let address = request.uri().authority();
    let agrees = address.is_none_or(|authority| authority.as_str() == host);
    if ours && agrees {
        Ok(host)
    } else {
        Err(Code::HostForeign)
    }
}

fn site(headers: &HeaderMap) -> Result<Site, Code> {
    if !headers.contains_key(SEC_FETCH_SITE) {
        return Ok(Site::Unsaid);
    }
    match only(headers, &SEC_FETCH_SITE) {
        Some("none") => Ok(Site::Nobody),
        Some("same-origin") => Ok(Site::Ours),
        Some("same-site" | "cross-site") => Ok(Site::Another),
        _ => Err(Code::CrossSite),
    }
}

/// Our own pages, what they load and what they call.
fn own_page(
    request: &Request,
    door: Door,
    origin_is_ours: Option<bool>,
    site: Site,
) -> Result<Passage, Code> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // Browsers send an origin with every call that is no GET.
    if origin_is_ours == Some(false) || (!reads && origin_is_ours.is_none()) {
        return Err(Code::OriginForeign);
    }
    let is = |name: &HeaderName, value| only(request.headers(), name) == Some(value);
    let visit = reads && is(&SEC_FETCH_MODE, "navigate") && is(&SEC_FETCH_DEST, "document");
    let welcome = match site {
        Site::Unsaid | Site::Ours => true,
        Site::Nobody => visit,
        // A link leads there and shows the page to the user; no page learns anything from it.
        Site::Another => visit && door == Door::OwnPage,
    };
    if !welcome {
        return Err(Code::CrossSite);
    }
    Ok(Passage {
        caller: None,
        page: None,
        cors: None,
        kind: Kind::OwnPage,
    })
}

/// The program that the word in `Authorization` belongs to. A word that lets nobody in is said to
/// be wrong, wherever it is sent.
fn bearer(daemon: &Daemon, headers: &HeaderMap) -> Result<Option<Caller>, Refused> {
    if !headers.contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    let token = only(headers, &header::AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .and_then(|(_, word)| Secret::parse(word.trim()))
        .ok_or(Code::NotPaired)?;
    match daemon.caller_of_token(&token.fingerprint())? {
        Some(caller) => Ok(Some(caller)),
        None => Err(Code::NotPaired.into()),
    }
}

fn kind(request: &Request) -> Kind {
    let asks = header::ACCESS_CONTROL_REQUEST_METHOD;
    if request.method() == Method::OPTIONS && request.headers().contains_key(asks) {
        Kind::Preflight
    } else {
        Kind::Call
    }
}

/// Version, method, path, protocol and type of the content.
fn form(request: &Request, kind: Kind) -> Result<(), Rejection> {
    let headers = request.headers();
    if request.version() != Version::HTTP_11 {
        return Err(Rejection::about(Code::RequestMalformed, "HTTP/1.1"));
    }
    if headers.contains_key(header::UPGRADE) {
        return Err(Code::UpgradeRefused.into());
    }
    let allowed = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
    ];
    if kind != Kind::Preflight && !allowed.contains(request.method()) {
        return Err(Code::MethodUnknown.into());
    }
    if !is_plain(request.uri().path())
        || request.uri().query().unwrap_or_default().len() > LONGEST_QUERY
    {
        return Err(Code::RouteUnknown.into());
    }
    if has_body(headers) && !takes(request) {
        return Err(Code::ContentTypeWrong.into());
    }
    Ok(())
}

/// What says beforehand that it is too large is not read. What does not say it is cut at the limit
/// of its route.
fn size(daemon: &Daemon, request: &Request, door: Door) -> Result<(), Rejection> {
    let headers = request.headers();
    let Some(length) = headers.get(header::CONTENT_LENGTH) else {
        return Ok(());
    };
    let length: Option<u64> = length.to_str().ok().and_then(|text| text.parse().ok());
    let most = match door {
        Door::Anyone | Door::Own | Door::OwnPage => JSON_OCTETS,
        Door::Paired if body::is_of_type(request, "application/pdf") => {
            daemon.config().limits.document_octets
        }
        // Each route knows how many documents it takes.
        Door::Paired => u64::MAX,
    };
    match length {
        Some(length) if length <= most => Ok(()),
        _ => Err(Code::BodyTooLarge.into()),
    }
}

/// A path that everybody reads alike: no empty or dotted step, nothing encoded, no backslash.
fn is_plain(path: &str) -> bool {
    path.len() <= LONGEST_PATH
        && path.starts_with('/')
        && path
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || b"-._~/".contains(&octet))
        && (path == "/"
            || path
                .split('/')
                .skip(1)
                .all(|step| !matches!(step, "" | "." | "..")))
}

fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING)
        || headers.contains_key(header::CONTENT_TYPE)
        || headers
            .get(header::CONTENT_LENGTH)
            .is_some_and(|length| length != "0")
}

/// JSON and PDF, which a page can send only after a preflight; forms of files where another header
/// makes it ask.
fn takes(request: &Request) -> bool {
    let headers = request.headers();
    // Twice is once too often: others would read the other one.
    if only(headers, &header::CONTENT_TYPE).is_none() {
        return false;
    }
    let asked = headers.contains_key(header::AUTHORIZATION) || headers.contains_key(X_TRIEN);
    body::is_of_type(request, "application/json")
        || body::is_of_type(request, "application/pdf")
        || (asked && body::is_of_type(request, "multipart/form-data"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_reading() {
        for path in ["/", "/v1/status", "/v1/jobs/a-_b/documents/1"] {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "",
            "v1",
            "//v1",
            "/v1/",
            "/v1/../consent",
            "/./v1",
            "/v1/%2e%2e/x",
            "/v1/%73tatus",
            "/a\\b",
            "/a;b",
            &format!("/{}", "a".repeat(LONGEST_PATH)),
        ] {
            assert!(!is_plain(path), "{path}");
        }
    }
}
