//! The daemon's routes in the process itself, as somebody who is paired calls them, with a person who
//! answers what is asked.

use std::path::{Path, PathBuf};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;
use triend::caller::{Origin, PairingId, Right};
use triend::config::Config;
use triend::consent::{Answer, Approval, Ask};
use triend::daemon::Daemon;
use triend::secret::Secret;
use triend::store::{Actor, ShortText};

use crate::contract;
use crate::http_gate::{PAGE, browser, window_secret};

/// A daemon, a page that is paired and a program that is.
pub(crate) struct Door {
    pub(crate) folder: TempDir,
    pub(crate) daemon: Daemon,
    pub(crate) pairing: PairingId,
    router: axum::Router,
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or("-")
    }

    /// What was answered, where it went well.
    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        self.body
    }
}

impl Door {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let mut config = Config::default();
        config.browser = browser(folder.path());
        change(&mut config);
        let daemon = Daemon::open(config, folder.path().join("data"), 14741).unwrap();
        let router = triend::http::router(&daemon);
        let pairing = daemon.with_store_blocking(|store, now| {
            let origin = Origin::parse(PAGE);
            let name = ShortText::new("Sổ điểm").unwrap();
            triend::pairing::pair(store, origin, name, Actor::Administrator, now)
                .unwrap()
                .0
        });
        Self {
            folder,
            daemon,
            pairing,
            router,
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn grant(&self, rights: &[Right]) {
        let rights = rights.iter().copied().collect();
        self.daemon.with_store_blocking(|store, now| {
            store
                .grant_rights(self.pairing, &rights, Actor::Administrator, now)
                .unwrap();
        });
    }

    /// As the page calls.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        (media_type, body): (&str, Vec<u8>),
    ) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:14741")
            .header("origin", PAGE);
        if !media_type.is_empty() {
            request = request.header("content-type", media_type);
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let octets = to_bytes(response.into_body(), 64 << 20).await.unwrap();
        let body = serde_json::from_slice(&octets).unwrap_or(Value::Null);
        contract::check(method, path, status.as_u16(), &body);
        Reply { status, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, ("", Vec::new())).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        let body = body.to_string().into_bytes();
        self.send("POST", path, ("application/json", body)).await
    }

    pub(crate) async fn post_pdf(&self, path: &str, pdf: Vec<u8>) -> Reply {
        self.send("POST", path, ("application/pdf", pdf)).await
    }

    /// What the window with this number asks.
    pub(crate) async fn asked(&self, window: usize) -> (Ask, Secret) {
        let folder = self.folder.path().to_owned();
        let secret = tokio::task::spawn_blocking(move || window_secret(&folder, window));
        let secret = Secret::parse(&secret.await.unwrap()).unwrap();
        let (_, session) = self.daemon.asks().exchange(&secret).unwrap();
        let (_, ask, _) = self.daemon.asks().of_session(&session).unwrap();
        (ask, session)
    }

    /// Says yes in the window with this number.
    pub(crate) async fn approve(&self, window: usize) -> Ask {
        let (ask, session) = self.asked(window).await;
        let yes = Answer::Approved(Box::<Approval>::default());
        self.daemon.asks().answer(&session, yes).unwrap();
        ask
    }

    /// Says no in the window with this number.
    pub(crate) async fn refuse(&self, window: usize) -> Ask {
        let (ask, session) = self.asked(window).await;
        self.daemon
            .asks()
            .answer(&session, Answer::Refused)
            .unwrap();
        ask
    }

    /// The last entries of the log: who did what.
    pub(crate) fn log(&self, count: usize) -> Vec<(String, String)> {
        self.daemon.with_store_blocking(|store, _| {
            let entries = store.audit_entries(1, 100_000).unwrap();
            assert_eq!(store.check_audit().unwrap().faults, vec![]);
            let tail = entries.len().saturating_sub(count);
            let tail = entries.into_iter().skip(tail);
            tail.map(|entry| (entry.actor, entry.action)).collect()
        })
    }

    /// How many windows were opened.
    pub(crate) fn windows(&self) -> usize {
        let text = std::fs::read_to_string(self.folder.path().join("windows"));
        text.unwrap_or_default().lines().count()
    }
}

/// The names in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
