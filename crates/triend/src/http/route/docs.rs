//! `GET /openapi.json` and `GET /docs`: the description of the calls, and a page to read and to try it.
//! Describes nothing itself: the description is kept beside this program and held against its routes by
//! the tests.

use axum::Router;
use axum::routing::get;

use super::embedded::{CSS, HTML, SCRIPT, embedded};
use crate::daemon::Daemon;

/// The description in the form of the `OpenAPI` Specification, version 3.1.
const DESCRIPTION: &[u8] = include_bytes!("../../../assets/openapi.json");

/// Our own script, style and calls; nothing of any other host, and no text becomes markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

pub(super) fn routes() -> Router<Daemon> {
    let page = async || {
        embedded(
            HTML,
            POLICY,
            include_bytes!("../../../assets/docs/docs.html"),
        )
    };
    let script = async || {
        embedded(
            SCRIPT,
            POLICY,
            include_bytes!("../../../assets/docs/docs.js"),
        )
    };
    let style = async || embedded(CSS, POLICY, include_bytes!("../../../assets/docs/docs.css"));
    let description = async || embedded("application/json", POLICY, DESCRIPTION);
    Router::new()
        .route("/openapi.json", get(description))
        .route("/docs", get(page))
        .route("/docs/page.js", get(script))
        .route("/docs/page.css", get(style))
}
