//! The answer with a file that is kept in this program.
//! Knows neither the files nor who may load them.

use std::borrow::Cow;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const CSS: &str = "text/css; charset=utf-8";
pub(super) const SCRIPT: &str = "text/javascript; charset=utf-8";
pub(super) const SVG: &str = "image/svg+xml";

/// The file under the content policy of its page. The gate adds the other guards: not framed, not kept,
/// not opened by anybody who could reach into it.
pub(super) fn embedded(
    media_type: &'static str,
    policy: &'static str,
    octets: impl Into<Cow<'static, [u8]>>,
) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        ),
    ];
    (headers, octets.into()).into_response()
}
