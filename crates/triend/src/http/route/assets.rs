//! The daemon's own pages: `GET /consent` and the files it loads; and the client for pages of others.
//! Built by `cargo xtask web` and kept in this program.
//! Knows nothing of what the pages ask or show.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use trien::Language;

use super::embedded::{CSS, HTML, SCRIPT, SVG, embedded};
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};

/// Nothing but our own script, style and calls; pictures are made in the page from what it was
/// given. Nobody frames it, and no text becomes markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' blob:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'; require-trusted-types-for 'script'; \
                      trusted-types 'none'";

/// A built file.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    octets: &'static [u8],
}

macro_rules! assets {
    ($($name:literal: $media_type:ident,)+) => {
        &[$(Asset {
            name: $name,
            media_type: $media_type,
            octets: include_bytes!(concat!("../../../assets/consent/", $name)),
        },)+]
    };
}

const PAGE: Asset = Asset {
    name: "consent.html",
    media_type: HTML,
    octets: include_bytes!("../../../assets/consent/consent.html"),
};

const ASSETS: &[Asset] = assets! {
    "consent.css": CSS,
    "icon.svg": SVG,
    "anchor.js": SCRIPT,
    "caller.js": SCRIPT,
    "calls.js": SCRIPT,
    "catalogue.js": SCRIPT,
    "decision.js": SCRIPT,
    "digests.js": SCRIPT,
    "documents.js": SCRIPT,
    "dom.js": SCRIPT,
    "end.js": SCRIPT,
    "model.js": SCRIPT,
    "page.js": SCRIPT,
    "pairing.js": SCRIPT,
    "places.js": SCRIPT,
    "preview.js": SCRIPT,
    "progress.js": SCRIPT,
    "records.js": SCRIPT,
    "signer.js": SCRIPT,
    "signing.js": SCRIPT,
    "texts.js": SCRIPT,
    "view.js": SCRIPT,
};

const IN_VIETNAMESE: &str = "<html lang=\"vi\">";
const IN_ENGLISH: &str = "<html lang=\"en\">";

/// The client, which pages load from here or keep a copy of, and its types.
const CLIENT: Asset = Asset {
    name: "trien.js",
    media_type: SCRIPT,
    octets: include_bytes!("../../../assets/client/trien.js"),
};
const CLIENT_TYPES: Asset = Asset {
    name: "trien.d.ts",
    media_type: "text/plain; charset=utf-8",
    octets: include_bytes!("../../../assets/client/trien.d.ts"),
};

pub(super) fn routes() -> Router<Daemon> {
    Router::new()
        .route("/consent", get(page))
        .route("/consent/assets/{name}", get(asset))
        .route("/trien.js", get(async || answer(&CLIENT)))
        .route("/trien.d.ts", get(async || answer(&CLIENT_TYPES)))
}

/// A program opened the page, or the person loads it again. Where another page did it the gate says
/// no before; browsers that say nothing are older than the ones that can use triend.
async fn page(State(daemon): State<Daemon>, headers: HeaderMap) -> Result<Response, Rejection> {
    let opened_by = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if matches!(opened_by, Some(b"none" | b"same-origin")) {
        let language = daemon.config().language;
        Ok(embedded(PAGE.media_type, POLICY, page_in(language)))
    } else {
        Err(Code::CrossSite.into())
    }
}

/// The page says in its first tag which language it begins in, before any call: also where none
/// succeeds. What a person chooses in it goes first.
fn page_in(language: Language) -> Vec<u8> {
    match (language, std::str::from_utf8(PAGE.octets)) {
        (Language::En, Ok(page)) => page.replacen(IN_VIETNAMESE, IN_ENGLISH, 1).into_bytes(),
        _ => PAGE.octets.to_vec(),
    }
}

async fn asset(Path(name): Path<String>) -> Result<Response, Rejection> {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    asset.map(answer).ok_or_else(|| Code::RouteUnknown.into())
}

fn answer(asset: &Asset) -> Response {
    embedded(asset.media_type, POLICY, asset.octets)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_page_begins_in_the_language_of_the_configuration() {
        for (language, tag) in [(Language::Vi, IN_VIETNAMESE), (Language::En, IN_ENGLISH)] {
            let page = String::from_utf8(page_in(language)).unwrap();
            assert_eq!(page.matches("<html").count(), 1);
            assert!(page.contains(tag), "{page}");
        }
    }

    #[test]
    fn every_built_file_is_served_and_the_page_names_no_other_host() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/consent");
        let built: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let served = ASSETS.iter().chain([&PAGE]);
        let served: BTreeSet<String> = served.map(|asset| asset.name.to_owned()).collect();
        assert_eq!(built, served);
        for asset in ASSETS.iter().chain([&PAGE]) {
            let text = std::str::from_utf8(asset.octets).unwrap();
            let mut addresses = text.split("http").skip(1);
            assert!(
                addresses.all(|rest| !rest.starts_with("://") && !rest.starts_with("s://")
                    || rest.starts_with("://www.w3.org/2000/svg")
                    || rest.starts_with("://\")")
                    || rest.starts_with("s://\")")),
                "{}",
                asset.name
            );
        }
    }
}
