//! The headers of every reply.
//! Does not know what is in it.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::caller::Origin;

/// On every reply that does not say otherwise itself: nothing is run, framed, kept or passed on.
const GUARDS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    ),
];

/// Adds the guards and, where a page may read the reply, says so to its browser.
pub(super) fn add_headers(headers: &mut HeaderMap, cors: Option<&Origin>) {
    for (name, value) in GUARDS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    // Nobody else says who may read.
    headers.remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let allowed = cors.and_then(|origin| HeaderValue::from_str(origin.as_str()).ok());
    if let Some(allowed) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("content-disposition, retry-after"),
        );
    }
}

/// What a page may send. The last header was Chrome's before it asked the user; it does no harm.
pub(super) fn add_preflight_headers(headers: &mut HeaderMap) {
    for (name, value) in [
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            "GET, POST, PUT, DELETE",
        ),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "content-type, authorization, last-event-id, x-trien",
        ),
        // A revoked page finds out at its next call anyway.
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
        (
            HeaderName::from_static("access-control-allow-private-network"),
            "true",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
