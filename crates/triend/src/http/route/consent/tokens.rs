//! The tokens, for a window that waits for a certificate to be chosen. Listing them goes on beside
//! the events: a driver may take its time.
//! Does not list them itself.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::daemon::Daemon;
use crate::http::route::certificates::{error_json, tokens_json};
use crate::token_worker::ModuleReport;

/// How often they are asked for. The service itself asks drivers no more often than it must.
const PAUSE: Duration = Duration::from_secs(1);

/// What was listed last, and the listing under way.
#[derive(Default)]
pub(super) struct Tokens {
    listed: Value,
    listing: Option<JoinHandle<Value>>,
    asked: Option<Instant>,
}

impl Tokens {
    /// The tokens as JSON; `null` before they were listed for the first time.
    pub(super) const fn listed(&self) -> &Value {
        &self.listed
    }

    /// Takes what has been listed, and asks again where it is time.
    pub(super) async fn refresh(&mut self, daemon: &Daemon) {
        if self.listing.as_ref().is_some_and(JoinHandle::is_finished)
            && let Some(listing) = self.listing.take()
            && let Ok(listed) = listing.await
        {
            self.listed = listed;
        }
        let is_time = self.asked.is_none_or(|asked| asked.elapsed() >= PAUSE);
        if self.listing.is_none() && is_time {
            let daemon = daemon.clone();
            self.asked = Some(Instant::now());
            self.listing = Some(tokio::task::spawn_blocking(move || list(&daemon)));
        }
    }
}

/// The tokens that are plugged in; and, as tokens without certificates, the modules that could not
/// be asked.
fn list(daemon: &Daemon) -> Value {
    let modules = daemon.tokens().tokens();
    let mut tokens = tokens_json(&modules, daemon.now());
    tokens.extend(modules.iter().filter_map(failed));
    tokens.into()
}

fn failed(module: &ModuleReport) -> Option<Value> {
    let error = module.tokens.as_ref().err()?;
    let file = module.path.file_name().unwrap_or_default();
    let name = module
        .name
        .map_or_else(|| file.to_string_lossy().into_owned(), str::to_owned);
    Some(json!({
        "label": name,
        "pin_state": "unknown",
        "pad": false,
        "error": error_json(error),
        "certificates": [],
    }))
}
