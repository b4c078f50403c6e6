//! `GET /openapi.json` and `GET /docs`: the description of the calls, and a page to read and to try it.
//! Describes nothing itself: the description is kept beside this program and held against its routes by
//! the tests.

use axum::Router;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::daemon::Daemon;

/// The description in the form of the `OpenAPI` Specification, version 3.1.
const DESCRIPTION: &str = include_str!("../../../assets/openapi.json");

/// Our own script, style and calls; nothing of any other host, and no text becomes markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

pub(super) fn routes() -> Router<Daemon> {
    let page = || async {
        file(
            "text/html; charset=utf-8",
            include_str!("../../../assets/docs/docs.html"),
        )
    };
    let script = || async {
        file(
            "text/javascript; charset=utf-8",
            include_str!("../../../assets/docs/docs.js"),
        )
    };
    let style = || async {
        file(
            "text/css; charset=utf-8",
            include_str!("../../../assets/docs/docs.css"),
        )
    };
    Router::new()
        .route(
            "/openapi.json",
            get(|| async { file("application/json", DESCRIPTION) }),
        )
        .route("/docs", get(page))
        .route("/docs/page.js", get(script))
        .route("/docs/page.css", get(style))
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    let headers: [(HeaderName, &str); 2] = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, text)
}
