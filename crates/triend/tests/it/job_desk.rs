//! A desk with a daemon, a drawer of tokens, a paired program, and a person who answers windows.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;
use trien::trust::{FolderLimits, TrustAnchors};
use trien::{DocumentConclusion, IntegrityFact, Verification};
use trien_testkit::pki::{Role, TestPki};
use trien_testkit::records::{Conformance, PageShape, official_letter};
use trien_testkit::structures::{Structure, write};
use trien_testkit::tokens::TEST_PIN;
use trien_token::Pin;
use triend::config::Config;
use triend::consent::{Answer, Approval};
use triend::daemon::Daemon;
use triend::job::{Job, JobId};
use triend::secret::Secret;
use triend::store::{Actor, ShortText};
use triend::token_worker::{TokenService, TokenServiceSettings};

use crate::http_gate::{browser, secret_of, windows};
use crate::school::pki;
use crate::worker_softhsm::{Drawer, id};

pub(crate) const PORT: u16 = 14741;

/// The longest that anything of a job may take here.
const PATIENCE: Duration = Duration::from_secs(1_200);

pub(crate) struct Desk {
    pub(crate) folder: PathBuf,
    pub(crate) daemon: Daemon,
    router: axum::Router,
    token: String,
    windows: AtomicUsize,
    tokens: TokenServiceSettings,
    /// Goes away with the desk.
    kept: Option<(TempDir, Drawer)>,
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) octets: Bytes,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.octets).unwrap()
    }

    /// The code of an error, which this must be.
    pub(crate) fn code(&self) -> String {
        assert!(!self.status.is_success(), "{:?}", self.status);
        self.json()["error"]["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn is_ok(&self) -> &Self {
        let said = String::from_utf8_lossy(&self.octets);
        assert!(self.status.is_success(), "{:?}: {said}", self.status);
        self
    }
}

/// A certificate of the principal is on the token, and nothing else.
pub(crate) fn drawer() -> Option<Drawer> {
    Drawer::with(&[crate::worker_softhsm::plan(Role::Principal)])
}

pub(crate) fn config_of(folder: &Path) -> Config {
    let mut config = Config::default();
    config.browser = browser(folder);
    config
}

impl Desk {
    pub(crate) fn new() -> Option<Self> {
        Self::with(drawer()?, |_| {})
    }

    pub(crate) fn with(drawer: Drawer, configure: impl FnOnce(&mut Config)) -> Option<Self> {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let mut desk = Self::at(folder.path(), drawer.settings(), configure, None);
        desk.kept = Some((folder, drawer));
        Some(desk)
    }

    /// The tokens are reached through this module alone.
    pub(crate) fn through(module: PathBuf, drawer: Drawer) -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let mut tokens = drawer.settings();
        tokens.modules = vec![module];
        let mut desk = Self::at(folder.path(), tokens, |_| {}, None);
        desk.kept = Some((folder, drawer));
        desk
    }

    /// A desk in a folder that others have, too; `token` is that of a program paired before.
    pub(crate) fn at(
        folder: &Path,
        tokens: TokenServiceSettings,
        configure: impl FnOnce(&mut Config),
        token: Option<String>,
    ) -> Self {
        let mut config = config_of(folder);
        configure(&mut config);
        let service = TokenService::new(tokens.clone());
        let daemon = Daemon::open_with_tokens(config, folder.join("data"), PORT, service).unwrap();
        let opened = windows(folder).len();
        Self {
            token: token.unwrap_or_else(|| paired(&daemon)),
            router: triend::http::router(&daemon),
            daemon,
            folder: folder.to_owned(),
            windows: AtomicUsize::new(opened),
            tokens,
            kept: None,
        }
    }

    /// The daemon ends and starts again.
    pub(crate) fn restarted(self) -> Self {
        let Self {
            folder,
            daemon,
            router,
            token,
            tokens,
            kept,
            ..
        } = self;
        let config = daemon.config().clone();
        drop((daemon, router));
        let mut desk = Self::at(&folder, tokens, |new| *new = config, Some(token));
        desk.kept = kept;
        desk
    }

    /// The folder of the tokens.
    pub(crate) fn token_folder(&self) -> PathBuf {
        let (_, drawer) = self.kept.as_ref().unwrap();
        drawer.tokens.config_path.parent().unwrap().join("tokens")
    }

    /// The word of the program that calls.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) async fn stream(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:14741")
            .header("authorization", format!("Bearer {}", self.token))
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.stream(request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let octets = to_bytes(response.into_body(), 1 << 28).await.unwrap();
        Reply {
            status,
            headers,
            octets,
        }
    }

    pub(crate) async fn call(&self, method: &str, path: &str) -> Reply {
        let request = self.request(method, path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        let request = self
            .request("POST", path)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn put(&self, path: &str, pdf: &[u8]) -> Reply {
        let request = self
            .request("PUT", path)
            .header("content-type", "application/pdf")
            .body(Body::from(pdf.to_vec()))
            .unwrap();
        self.send(request).await
    }

    /// Makes a job of these documents and gives its address.
    pub(crate) async fn create(&self, documents: &[(&str, &[u8])], signature: Value) -> String {
        let documents: Vec<Value> = documents
            .iter()
            .map(|(name, pdf)| json!({"name": name, "pdf": STANDARD.encode(pdf)}))
            .collect();
        let body = json!({"documents": documents, "signature": signature});
        let reply = self.post("/v1/jobs", &body).await;
        reply.is_ok();
        assert_eq!(reply.status, StatusCode::CREATED);
        let location = reply.headers["location"].to_str().unwrap().to_owned();
        assert_eq!(
            location,
            format!("/v1/jobs/{}", reply.json()["job"].as_str().unwrap())
        );
        location
    }

    pub(crate) async fn show(&self, address: &str) -> Value {
        self.call("GET", address).await.is_ok().json()
    }

    /// Waits until the job is in one of these states.
    pub(crate) async fn until(&self, address: &str, states: &[&str]) -> Value {
        let start = Instant::now();
        loop {
            let job = self.show(address).await;
            if states.contains(&job["state"].as_str().unwrap()) {
                return job;
            }
            assert!(start.elapsed() < PATIENCE, "{job}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn until_over(&self, address: &str) -> Value {
        self.until(address, &["finished", "stopped", "cancelled"])
            .await
    }

    /// Answers the window of this job, once it is opened.
    pub(crate) async fn answer(&self, address: &str, answer: Answer) {
        self.until(address, &["awaiting-consent"]).await;
        let session = self.next_window().await;
        self.daemon.asks().answer(&session, answer).unwrap();
    }

    /// Opens the next window. The browser of a daemon that was killed may write its own down after
    /// the next daemon has begun: those open nothing any more.
    async fn next_window(&self) -> Secret {
        let start = Instant::now();
        loop {
            let number = self.windows.load(Ordering::SeqCst);
            if let Some(address) = windows(&self.folder).get(number) {
                self.windows.store(number + 1, Ordering::SeqCst);
                let secret = Secret::parse(&secret_of(address)).unwrap();
                if let Some((_, session)) = self.daemon.asks().exchange(&secret) {
                    return session;
                }
            } else {
                assert!(start.elapsed() < PATIENCE, "no window was opened");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }

    /// Signs a job with the right PIN, and waits for its end.
    pub(crate) async fn approve(&self, address: &str) -> Value {
        self.answer(address, approved(Role::Principal, TEST_PIN))
            .await;
        self.until_over(address).await
    }

    pub(crate) async fn result(&self, address: &str, number: usize) -> Bytes {
        let reply = self
            .call("GET", &format!("{address}/documents/{number}"))
            .await;
        reply.is_ok();
        reply.octets
    }

    pub(crate) fn job(&self, address: &str) -> Arc<Job> {
        let id = address.rsplit('/').next().unwrap();
        self.daemon.jobs().find(JobId::parse(id).unwrap()).unwrap()
    }

    pub(crate) fn spool_of(&self, address: &str) -> PathBuf {
        let id = address.rsplit('/').next().unwrap();
        self.daemon
            .jobs()
            .spool()
            .folder_of(JobId::parse(id).unwrap())
    }

    /// A further program that is paired.
    pub(crate) fn other_program(&self) -> String {
        paired(&self.daemon)
    }
}

pub(crate) fn paired(daemon: &Daemon) -> String {
    let given = daemon.with_store_blocking(|store, now| {
        let name = ShortText::new("Sổ điểm").unwrap();
        triend::pairing::pair(store, None, name, Actor::Administrator, now)
            .unwrap()
            .1
    });
    match given {
        triend::pairing::Given::Token(token) => token.reveal(),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn approved(role: Role, pin: &str) -> Answer {
    let mut approval = Approval::default();
    approval.certificate = Some(id(role));
    approval.pin = Some(Pin::from_text(pin.to_owned()).unwrap());
    Answer::Approved(Box::new(approval))
}

/// For tests with services of the test kit, which have runtimes of their own.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Services of the test kit stand still at the moment they are given.
pub(crate) fn now() -> trien::UnixTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    trien::UnixTime::from_seconds(since.unwrap().as_secs() as i64)
}

/// A letter of a school of one page, some 50 kB.
pub(crate) fn letter() -> &'static [u8] {
    static LETTER: OnceLock<Vec<u8>> = OnceLock::new();
    LETTER.get_or_init(|| {
        let letter = official_letter(PageShape::A4, 1, Conformance::PdfA2b).unwrap();
        write(&letter, Structure::ClassicTable)
    })
}

pub(crate) fn anchors() -> TrustAnchors {
    anchors_in(&anchor_folder(pki(), "triend-anchors"))
}

pub(crate) fn anchor_folder(pki: &TestPki, name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    pki.write_anchors(&folder).unwrap();
    folder
}

pub(crate) fn anchors_in(folder: &Path) -> TrustAnchors {
    TrustAnchors::read_dir(folder, &FolderLimits::default())
        .unwrap()
        .anchors
}

/// The fields of the signatures, each of which must hold; the level of the last.
pub(crate) fn verified(octets: &[u8], anchors: &TrustAnchors, daemon: &Daemon) -> Vec<String> {
    let report = trien::verify(octets, &Verification::new(anchors, daemon.now()));
    for signature in &report.signatures {
        assert_eq!(signature.facts.integrity, IntegrityFact::Intact);
    }
    assert!(
        matches!(
            report.conclusion,
            DocumentConclusion::Valid | DocumentConclusion::Indeterminate
        ),
        "{:?}",
        report.conclusion
    );
    let levels = report.signatures.iter().map(|signature| {
        let level = signature.facts.level.as_deref().unwrap_or("-");
        format!("{} {level}", signature.facts.field)
    });
    levels.collect()
}

/// The keys of the test PKI, made once.
pub(crate) fn key_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("triend-keys")
}

/// States of the documents of a job in their order.
pub(crate) fn states(job: &Value) -> Vec<&str> {
    let documents = job["documents"].as_array().unwrap();
    documents
        .iter()
        .map(|document| document["state"].as_str().unwrap())
        .collect()
}

/// Codes of the documents' errors in their order; `-` where there is none.
pub(crate) fn errors(job: &Value) -> Vec<&str> {
    let documents = job["documents"].as_array().unwrap();
    documents
        .iter()
        .map(|document| document["error"]["code"].as_str().unwrap_or("-"))
        .collect()
}
