//! The gate: who comes in, who may read the reply, and what nobody is answered. In the process
//! itself; `http_server.rs` has the program.

use std::path::Path;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;
use triend::caller::Origin;
use triend::config::Config;
use triend::consent::{Answer, Approval};
use triend::daemon::Daemon;
use triend::secret::Secret;
use triend::store::{Actor, ShortText};

pub(crate) const PAGE: &str = "https://hocba.example.edu.vn";
const STRANGER: &str = "https://evil.example";
const PORT: u16 = 14741;

struct Gate {
    folder: TempDir,
    daemon: Daemon,
    router: axum::Router,
}

/// Method, path, headers, body.
type Call<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);
/// Status and code.
type Refusal = (u16, &'static str);

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Reply {
    fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or("-")
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn cors(&self) -> Option<&str> {
        self.header("access-control-allow-origin")
    }
}

/// A browser that writes the addresses it is to open into a file.
pub(crate) fn browser(folder: &Path) -> Vec<String> {
    let script = folder.join("browser.sh");
    let text = format!("echo \"$1\" >> '{}'\n", folder.join("windows").display());
    std::fs::write(&script, text).unwrap();
    vec!["sh".to_owned(), script.display().to_string()]
}

/// The addresses that a browser wrote down; a line that is being written is not there yet.
pub(crate) fn windows(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("windows")).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().map(str::to_owned).collect()
}

/// The secret in the address of a window.
pub(crate) fn secret_of(address: &str) -> String {
    address.split_once("/consent#").unwrap().1.to_owned()
}

/// The secret in the address of the window that was opened as number `number`, from 1.
pub(crate) fn window_secret(folder: &Path, number: usize) -> String {
    for _ in 0..60_000 {
        if let Some(address) = windows(folder).get(number - 1) {
            return secret_of(address);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("no window {number} was opened");
}

impl Gate {
    fn new() -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let mut config = Config::default();
        config.browser = browser(folder.path());
        let daemon = Daemon::open(config, folder.path().join("data"), PORT).unwrap();
        let router = triend::http::router(&daemon);
        Self {
            folder,
            daemon,
            router,
        }
    }

    fn pair(&self, origin: Option<&str>) -> triend::pairing::Given {
        let origin = origin.map(|origin| Origin::parse(origin).unwrap());
        self.daemon.with_store_blocking(|store, now| {
            let name = ShortText::new("Sổ điểm").unwrap();
            triend::pairing::pair(store, origin, name, Actor::Administrator, now)
                .unwrap()
                .1
        })
    }

    fn token(&self) -> String {
        match self.pair(None) {
            triend::pairing::Given::Token(token) => token.reveal(),
            other => panic!("{other:?}"),
        }
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:14741");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let octets = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Reply {
            status,
            headers,
            body: serde_json::from_slice(&octets).unwrap_or(Value::Null),
        }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send("GET", path, headers, "").await
    }

    async fn ask_to_pair(&self, headers: &[(&str, &str)], name: &str) -> Reply {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/json"));
        let body = serde_json::json!({ "name": name }).to_string();
        self.send("POST", "/v1/pairings", &headers, &body).await
    }

    /// Answers the question of the window with this number.
    fn answer(&self, window: usize, answer: Answer) {
        let secret = Secret::parse(&window_secret(self.folder.path(), window)).unwrap();
        let (_, session) = self.daemon.asks().exchange(&secret).unwrap();
        self.daemon.asks().answer(&session, answer).unwrap();
    }

    async fn settled(&self, word: &str, headers: &[(&str, &str)]) -> Reply {
        for _ in 0..60_000 {
            let reply = self.get(&format!("/v1/pairings/{word}"), headers).await;
            // Strangers may not ask as often as this where it takes its time.
            let asked_again = reply.status == StatusCode::TOO_MANY_REQUESTS;
            if !asked_again && reply.body["state"] != "waiting" {
                return reply;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the pairing was not settled");
    }
}

#[tokio::test]
async fn every_call_that_may_not_come_in_is_refused_with_its_code_and_without_cors() {
    let gate = Gate::new();
    gate.pair(Some(PAGE));
    let token = format!("Bearer {}", gate.token());
    let bearer = ("authorization", token.as_str());
    let json = ("content-type", "application/json");
    let own = ("origin", "http://127.0.0.1:14741");
    let stranger = ("origin", STRANGER);
    let other = format!("Bearer {}", Secret::new().unwrap().reveal());
    #[rustfmt::skip]
    let cases: &[(Call<'_>, Refusal)] = &[
        // Host: names of others, other ports, forms that only look alike, none, two.
        (("GET", "/v1/status", &[("host", "evil.example:14741")], ""), (403, "host-foreign")),
        (("GET", "/v1/status", &[("host", "127.0.0.1:14742")], ""), (403, "host-foreign")),
        (("GET", "/v1/status", &[("host", "127.0.0.1")], ""), (403, "host-foreign")),
        (("GET", "/v1/status", &[("host", "127.0.0.1:014741")], ""), (403, "host-foreign")),
        (("GET", "/v1/status", &[("host", "127.0.0.1.evil.example:14741")], ""), (403, "host-foreign")),
        (("GET", "/v1/status", &[("host", "localhost.:14741")], ""), (403, "host-foreign")),
        (("GET", "/v1/status", &[("host", "LOCALHOST:14741")], ""), (403, "host-foreign")),
        (("GET", "/v1/status", &[("host", "")], ""), (403, "host-foreign")),
        (("GET", "/v1/status", &[("host", "127.0.0.1:14741"), ("host", "evil.example:14741")], ""), (403, "host-foreign")),
        (("GET", "http://evil.example/v1/status", &[], ""), (403, "host-foreign")),
        // Origin: null, unreadable, two, unpaired.
        (("GET", "/v1/status", &[("origin", "null")], ""), (403, "origin-foreign")),
        (("GET", "/v1/status", &[("origin", "")], ""), (403, "origin-foreign")),
        (("GET", "/v1/status", &[("origin", PAGE), ("origin", STRANGER)], ""), (403, "origin-foreign")),
        (("GET", "/v1/status", &[("origin", "chrome-extension://abc")], ""), (403, "origin-foreign")),
        (("POST", "/v1/pairings", &[("origin", "null"), json], ""), (403, "origin-foreign")),
        (("GET", "/v1/jobs", &[stranger], ""), (403, "origin-foreign")),
        (("GET", "/v1/jobs", &[("origin", "null"), bearer], ""), (403, "origin-foreign")),
        (("GET", "/v1/jobs", &[stranger, bearer], ""), (403, "origin-foreign")),
        (("GET", "/v1/jobs", &[("origin", "http://hocba.example.edu.vn")], ""), (403, "origin-foreign")),
        (("GET", "/v1/jobs", &[("origin", "https://hocba.example.edu.vn.evil.example")], ""), (403, "origin-foreign")),
        (("GET", "/v1/jobs", &[("origin", "http://127.0.0.1:3000")], ""), (403, "origin-foreign")),
        (("GET", "/no/such/route", &[stranger], ""), (403, "origin-foreign")),
        // Preflights of strangers.
        (("OPTIONS", "/v1/jobs", &[stranger, ("access-control-request-method", "POST")], ""), (403, "origin-foreign")),
        (("OPTIONS", "/consent/answer", &[stranger, ("access-control-request-method", "POST")], ""), (403, "origin-foreign")),
        (("OPTIONS", "/consent/answer", &[("origin", PAGE), ("access-control-request-method", "POST")], ""), (403, "origin-foreign")),
        (("OPTIONS", "/v1/pairings", &[("origin", "null"), ("access-control-request-method", "POST")], ""), (403, "origin-foreign")),
        // No origin: a token, or nothing.
        (("GET", "/v1/jobs", &[], ""), (401, "not-paired")),
        (("GET", "/v1/jobs", &[("authorization", &other)], ""), (401, "not-paired")),
        (("GET", "/v1/jobs", &[("authorization", "Basic YTpi")], ""), (401, "not-paired")),
        (("GET", "/v1/jobs", &[bearer, bearer], ""), (401, "not-paired")),
        (("GET", "/v1/status", &[("authorization", &other)], ""), (401, "not-paired")),
        (("GET", "/v1/jobs", &[own], ""), (401, "not-paired")),
        // What browsers send without an origin: images, frames, links.
        (("GET", "/v1/status", &[("sec-fetch-site", "cross-site")], ""), (403, "cross-site")),
        (("GET", "/v1/jobs", &[("sec-fetch-site", "same-site"), bearer], ""), (403, "cross-site")),
        (("GET", "/v1/status", &[("sec-fetch-site", "other")], ""), (403, "cross-site")),
        // Our own pages: from nobody else, framed by nobody, opened by no link.
        (("POST", "/consent/session", &[stranger, json], ""), (403, "origin-foreign")),
        (("POST", "/consent/session", &[("origin", PAGE), json], ""), (403, "origin-foreign")),
        (("POST", "/consent/session", &[json], ""), (403, "origin-foreign")),
        (("POST", "/consent/session", &[("origin", "http://localhost:14741"), json], ""), (403, "origin-foreign")),
        (("POST", "/consent/session", &[own, json, ("sec-fetch-site", "cross-site")], ""), (403, "cross-site")),
        (("GET", "/consent/ask", &[("sec-fetch-site", "same-site")], ""), (403, "cross-site")),
        (("GET", "/consent", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")], ""), (403, "cross-site")),
        (("GET", "/consent", &[("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")], ""), (403, "cross-site")),
        (("GET", "/status", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")], ""), (403, "cross-site")),
        (("GET", "/status", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")], ""), (403, "cross-site")),
    ];
    for ((method, path, headers, body), (status, code)) in cases {
        let reply = gate.send(method, path, headers, body).await;
        let what = format!("{method} {path} {headers:?}");
        assert_eq!(reply.code(), *code, "{what}");
        assert_eq!(reply.status.as_u16(), *status, "{what}");
        for name in reply.headers.keys() {
            assert!(!name.as_str().starts_with("access-control-"), "{what}");
        }
        assert_eq!(reply.header("vary"), Some("Origin"), "{what}");
        assert_eq!(reply.header("x-frame-options"), Some("DENY"), "{what}");
    }
}

#[tokio::test]
async fn a_paired_page_may_read_refusals_and_forms_are_none_it_could_send_unasked() {
    let gate = Gate::new();
    gate.pair(Some(PAGE));
    let page = ("origin", PAGE);
    let long = format!("/v1/{}", "a".repeat(2000));
    #[rustfmt::skip]
    let cases: &[(Call<'_>, Refusal)] = &[
        (("GET", "/v1/nothing", &[page], ""), (404, "route-unknown")),
        (("GET", "/v1//status", &[page], ""), (404, "route-unknown")),
        (("GET", "/v1/x/../status", &[page], ""), (404, "route-unknown")),
        (("GET", "/v1/%73tatus", &[page], ""), (404, "route-unknown")),
        (("GET", &long, &[page], ""), (404, "route-unknown")),
        (("PUT", "/v1/status", &[page], ""), (405, "method-unknown")),
        (("TRACE", "/v1/status", &[page], ""), (405, "method-unknown")),
        (("PATCH", "/v1/jobs", &[page], ""), (405, "method-unknown")),
        (("OPTIONS", "/v1/jobs", &[page], ""), (405, "method-unknown")),
        (("GET", "/v1/status", &[page, ("upgrade", "websocket"), ("connection", "upgrade")], ""), (403, "upgrade-refused")),
        (("POST", "/v1/pairings", &[page, ("content-type", "text/plain")], "{}"), (415, "content-type-wrong")),
        (("POST", "/v1/pairings", &[page, ("content-type", "application/x-www-form-urlencoded")], "a=1"), (415, "content-type-wrong")),
        (("POST", "/v1/pairings", &[page, ("content-type", "multipart/form-data; boundary=x")], "--x--"), (415, "content-type-wrong")),
        (("POST", "/v1/pairings", &[page, ("content-type", "application/json"), ("content-type", "text/plain")], "{}"), (415, "content-type-wrong")),
        (("POST", "/v1/pairings", &[page], "{}"), (415, "content-type-wrong")),
        (("POST", "/v1/pairings", &[page, ("content-type", "application/json")], "{"), (400, "request-malformed")),
        (("POST", "/v1/pairings", &[page, ("content-type", "application/json")], "{\"name\":\"a\",\"x\":1}"), (400, "request-malformed")),
        (("POST", "/v1/pairings", &[page, ("content-type", "application/json")], "{\"name\":\"\\u202ea\"}"), (400, "request-malformed")),
        (("GET", "/v1/status?nonce=short", &[page], ""), (400, "request-malformed")),
    ];
    for ((method, path, headers, body), (status, code)) in cases {
        let reply = gate.send(method, path, headers, body).await;
        let what = format!("{method} {path} {headers:?}");
        assert_eq!(reply.code(), *code, "{what}");
        assert_eq!(reply.status.as_u16(), *status, "{what}");
        assert_eq!(reply.cors(), Some(PAGE), "{what}");
    }
    let large = format!("{{\"name\":\"{}\"}}", "a".repeat(1 << 20));
    let headers = [page, ("content-type", "application/json")];
    let reply = gate.send("POST", "/v1/pairings", &headers, &large).await;
    assert_eq!(
        (reply.code(), reply.status.as_u16()),
        ("body-too-large", 413)
    );
}

#[tokio::test]
async fn preflights_are_answered_to_paired_pages_and_where_pages_pair() {
    let gate = Gate::new();
    gate.pair(Some(PAGE));
    let asks = ("access-control-request-method", "POST");
    for (origin, path) in [
        (PAGE, "/v1/jobs"),
        (PAGE, "/v1/pairings"),
        (STRANGER, "/v1/pairings"),
        (STRANGER, "/v1/status"),
    ] {
        let reply = gate
            .send("OPTIONS", path, &[("origin", origin), asks], "")
            .await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
        assert_eq!(reply.cors(), Some(origin));
        assert_eq!(
            reply.header("access-control-allow-methods"),
            Some("GET, POST, PUT, DELETE")
        );
        let allowed = reply.header("access-control-allow-headers").unwrap();
        for header in ["content-type", "authorization", "last-event-id", "x-trien"] {
            assert!(allowed.contains(header), "{allowed}");
        }
        assert_eq!(reply.header("access-control-allow-credentials"), None);
    }
}

#[tokio::test]
async fn strangers_learn_name_and_version_and_the_paired_that_they_are() {
    let gate = Gate::new();
    let unpaired = gate.get("/v1/status", &[("origin", STRANGER)]).await;
    assert_eq!(unpaired.status, StatusCode::OK);
    assert_eq!(unpaired.cors(), Some(STRANGER));
    let members: Vec<&String> = unpaired.body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["name", "pair_with", "paired", "version"]);
    assert_eq!(unpaired.body["paired"], false);
    let key = match gate.pair(Some(PAGE)) {
        triend::pairing::Given::ProofKey(key) => key,
        other => panic!("{other:?}"),
    };
    let nonce = "0123456789abcdef";
    let path = format!("/v1/status?nonce={nonce}");
    let paired = gate.get(&path, &[("origin", PAGE)]).await;
    assert_eq!(paired.body["paired"], true);
    // Under what is kept of the pairing, and under the key that its browser has.
    let kept = gate.daemon.with_store_blocking(|store, _| {
        let id = store.pairings().unwrap()[0].id;
        store.proof_key_of(id).unwrap()
    });
    let expected = triend::pairing::proof(&kept, PORT, nonce);
    assert_eq!(paired.body["proof"], expected);
    let named = format!("{path}&key={}", key.name.reveal());
    let paired = gate.get(&named, &[("origin", PAGE)]).await;
    let expected = triend::pairing::proof(key.key.as_octets(), PORT, nonce);
    assert_eq!(paired.body["proof"], expected);
    let wrong = gate
        .get(&format!("{path}&key=a"), &[("origin", PAGE)])
        .await;
    assert_eq!(wrong.code(), "request-malformed");
    let stranger = gate.get(&path, &[("origin", STRANGER)]).await;
    assert_eq!(stranger.body["proof"], Value::Null);
    let token = format!("Bearer {}", gate.token());
    let program = gate.get("/v1/status", &[("authorization", &token)]).await;
    assert_eq!(program.body["paired"], true);
    assert_eq!(program.cors(), None);
}

#[tokio::test]
async fn a_page_is_paired_when_the_user_says_yes_and_cut_off_when_it_is_revoked() {
    let gate = Gate::new();
    let page = [("origin", PAGE)];
    let asked = gate.ask_to_pair(&page, "Sổ điểm").await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let word = asked.body["pairing"].as_str().unwrap().to_owned();
    assert_ne!(word, window_secret(gate.folder.path(), 1));
    let path = format!("/v1/pairings/{word}");
    assert_eq!(gate.get(&path, &page).await.body["state"], "waiting");
    // Neither another page nor a program asks in its place.
    for other in [&[("origin", STRANGER)][..], &[]] {
        assert_eq!(gate.get(&path, other).await.code(), "pairing-unknown");
    }
    gate.answer(1, Answer::Approved(Box::<Approval>::default()));
    let settled = gate.settled(&word, &page).await;
    assert_eq!(settled.body["state"], "approved");
    assert_eq!(settled.body["proof_key"].as_str().unwrap().len(), 43);
    assert_eq!(settled.body["token"], Value::Null);
    let again = gate.get(&path, &page).await;
    assert_eq!(again.body["proof_key"], Value::Null, "once");
    assert_eq!(gate.get("/v1/x", &page).await.code(), "route-unknown");

    let id = gate.daemon.with_store_blocking(|store, now| {
        let id = store.pairings().unwrap()[0].id;
        store.end_pairing(id, Actor::Administrator, now).unwrap();
        id
    });
    assert!(!gate.daemon.pairing_holds(id));
    assert_eq!(gate.get("/v1/x", &page).await.code(), "origin-foreign");
}

#[tokio::test]
async fn a_page_that_an_administrator_paired_is_given_its_key_and_nobody_is_asked() {
    let gate = Gate::new();
    gate.pair(Some(PAGE));
    let page = [("origin", PAGE)];
    let mut keys = vec![];
    for _ in 0..2 {
        let answered = gate.ask_to_pair(&page, "Sổ điểm").await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
        assert_eq!(answered.body["state"], "approved");
        assert_eq!(answered.body["pairing"], Value::Null);
        assert_eq!(answered.cors(), Some(PAGE));
        keys.push(answered.body.clone());
    }
    let windows = std::fs::read_to_string(gate.folder.path().join("windows"));
    assert_eq!(windows.unwrap_or_default(), "");
    // Each browser has one of its own: what one was given proves nothing to the other.
    assert_ne!(keys[0]["proof_key"], keys[1]["proof_key"]);
    let nonce = "0123456789abcdef";
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    for given in &keys {
        let name = word(&given["proof_key_name"]);
        let path = format!("/v1/status?nonce={nonce}&key={name}");
        let proof = gate.get(&path, &page).await.body["proof"].clone();
        let proves = |given: &Value| {
            let key = Secret::parse(&word(&given["proof_key"])).unwrap();
            proof == triend::pairing::proof(key.as_octets(), PORT, nonce)
        };
        let proven = keys.iter().filter(|key| proves(key)).count();
        assert!(proves(given) && proven == 1);
    }
    let pairings = gate
        .daemon
        .with_store_blocking(|store, _| store.pairings().unwrap());
    assert_eq!(pairings.len(), 1);
}

#[tokio::test]
async fn only_the_very_origin_that_was_paired_is_spared_the_question() {
    let gate = Gate::new();
    gate.pair(Some(PAGE));
    for origin in [
        "https://hocba.example.edu.vn:8443",
        "https://a.hocba.example.edu.vn",
        "https://example.edu.vn",
        STRANGER,
    ] {
        let gate = Gate::new();
        gate.pair(Some(PAGE));
        let reply = gate.ask_to_pair(&[("origin", origin)], "A").await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{origin}");
        assert_eq!(reply.body["proof_key"], Value::Null);
    }
    // A program, which has no origin, is asked about; and so is the page once it is revoked.
    let program = gate.ask_to_pair(&[], "A").await;
    assert_eq!(program.status, StatusCode::ACCEPTED);
    gate.answer(1, Answer::Refused);
    let word = program.body["pairing"].as_str().unwrap().to_owned();
    gate.settled(&word, &[]).await;
    gate.daemon.with_store_blocking(|store, now| {
        let id = store.pairings().unwrap()[0].id;
        store.end_pairing(id, Actor::Administrator, now).unwrap();
    });
    let page = gate.ask_to_pair(&[("origin", PAGE)], "A").await;
    assert_eq!(page.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_program_is_given_a_token_once_and_a_refused_one_nothing() {
    let gate = Gate::new();
    let asked = gate.ask_to_pair(&[], "pyHanko").await;
    let word = asked.body["pairing"].as_str().unwrap().to_owned();
    gate.answer(1, Answer::Approved(Box::default()));
    let settled = gate.settled(&word, &[]).await;
    let token = format!("Bearer {}", settled.body["token"].as_str().unwrap());
    let paired = [("authorization", token.as_str())];
    assert_eq!(gate.get("/v1/x", &paired).await.code(), "route-unknown");
    assert_eq!(gate.settled(&word, &[]).await.body["token"], Value::Null);

    let asked = gate.ask_to_pair(&[], "other").await;
    let word = asked.body["pairing"].as_str().unwrap().to_owned();
    gate.answer(2, Answer::Refused);
    let settled = gate.settled(&word, &[]).await;
    assert_eq!(settled.body, serde_json::json!({ "state": "refused" }));
}

#[tokio::test]
async fn nobody_floods_the_user_with_windows() {
    let gate = Gate::new();
    let first = gate.ask_to_pair(&[("origin", STRANGER)], "A").await;
    assert_eq!(first.status, StatusCode::ACCEPTED);
    let second = gate.ask_to_pair(&[("origin", STRANGER)], "B").await;
    assert_eq!(
        (second.code(), second.status.as_u16()),
        ("consent-pending", 409)
    );
    // From a hundred origins: one window in all, until it is answered.
    for number in 0..100 {
        let origin = format!("https://a{number}.evil.example");
        let reply = gate.ask_to_pair(&[("origin", &origin)], "A").await;
        assert_eq!(reply.code(), "consent-pending");
    }
    assert_eq!(gate.ask_to_pair(&[], "A").await.code(), "consent-pending");
    gate.answer(1, Answer::Refused);
    let word = first.body["pairing"].as_str().unwrap().to_owned();
    gate.settled(&word, &[("origin", STRANGER)]).await;
    let reply = gate.ask_to_pair(&[("origin", PAGE)], "A").await;
    assert_eq!(reply.status, StatusCode::ACCEPTED);
    // One that is told no again and again: three windows in a while.
    let gate = Gate::new();
    for window in 1..=3 {
        let reply = gate.ask_to_pair(&[("origin", STRANGER)], "A").await;
        assert_eq!(reply.status, StatusCode::ACCEPTED);
        gate.answer(window, Answer::Refused);
        let word = reply.body["pairing"].as_str().unwrap().to_owned();
        gate.settled(&word, &[("origin", STRANGER)]).await;
    }
    let reply = gate.ask_to_pair(&[("origin", STRANGER)], "A").await;
    assert_eq!(reply.code(), "too-many-requests");
    // Pages that anybody on the way can change are not paired at all.
    let reply = gate
        .ask_to_pair(&[("origin", "http://hocba.example.edu.vn")], "A")
        .await;
    assert_eq!(reply.code(), "origin-insecure");
}

#[tokio::test]
async fn the_status_page_is_ours_alone_shows_pairings_and_takes_them_back() {
    let gate = Gate::new();
    gate.pair(Some(PAGE));
    let link = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    // A link of the school's page leads there; what the page shows, it reads as ours.
    let page = gate.get("/status", &link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.cors(), None);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self'") && policy.contains("frame-ancestors 'none'"));
    assert_eq!(
        gate.get("/", &link).await.header("location"),
        Some("/status")
    );
    assert_eq!(
        gate.get("/status/pairings", &link).await.code(),
        "cross-site"
    );
    for path in ["/status/pairings", "/status/facts", "/status/page.js"] {
        let refused = gate.get(path, &[("origin", PAGE)]).await;
        assert_eq!(refused.code(), "origin-foreign", "{path}");
    }
    let ours = [("sec-fetch-site", "same-origin")];
    let facts = gate.get("/status/facts", &ours).await;
    assert_eq!(facts.body["port"], PORT);
    assert_eq!(facts.body["language"], "vi");
    let list = gate.get("/status/pairings", &ours).await;
    assert_eq!(list.body["pairings"][0]["origin"], PAGE);
    assert_eq!(list.body["pairings"][0].as_object().unwrap().len(), 4);
    let number = list.body["pairings"][0]["number"].to_string();
    let path = format!("/status/pairings/{number}");
    for other in [PAGE, STRANGER, "http://localhost:14741"] {
        let reply = gate.send("DELETE", &path, &[("origin", other)], "").await;
        assert_eq!(reply.code(), "origin-foreign");
    }
    let own = [("origin", "http://127.0.0.1:14741"), ours[0]];
    let reply = gate.send("DELETE", &path, &own, "").await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(
        gate.get("/v1/x", &[("origin", PAGE)]).await.code(),
        "origin-foreign"
    );
    assert_eq!(
        gate.send("DELETE", &path, &own, "").await.code(),
        "pairing-unknown"
    );
}

#[tokio::test]
async fn calls_beyond_the_allowance_wait_and_callers_do_not_share_it() {
    // Time stands still: however long the calls take, no allowance grows meanwhile.
    tokio::time::pause();
    let gate = Gate::new();
    gate.pair(Some(PAGE));
    let mut refused = 0;
    for _ in 0..200 {
        let reply = gate.get("/v1/status", &[("origin", STRANGER)]).await;
        refused += usize::from(reply.code() == "too-many-requests");
    }
    assert!(refused > 100, "{refused}");
    for origin in [PAGE, "https://other.example"] {
        let reply = gate.get("/v1/status", &[("origin", origin)]).await;
        assert_eq!(reply.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn words_that_let_nobody_in_count_wherever_they_are_tried_and_the_connection_is_closed() {
    type Guess<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);
    let own = [
        ("origin", "http://127.0.0.1:14741"),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/json"),
    ];
    let wrong = Secret::new().unwrap().reveal();
    let session = serde_json::json!({ "secret": wrong }).to_string();
    let bearer = format!("Bearer {wrong}");
    // However long the guesses take, none is forgotten meanwhile.
    tokio::time::pause();
    let guesses: [Guess<'_>; 3] = [
        ("POST", "/consent/session", &own, &session),
        (
            "POST",
            "/csc/v1/credentials/list",
            &[("authorization", &bearer)],
            "{}",
        ),
        ("GET", "/v1/jobs", &[("authorization", &bearer)], ""),
    ];
    for (method, path, headers, body) in guesses {
        let gate = Gate::new();
        let token = gate.token();
        let mut refused = 0;
        for _ in 0..200 {
            let reply = gate.send(method, path, headers, body).await;
            assert!(!reply.status.is_success());
            if reply.status == StatusCode::TOO_MANY_REQUESTS {
                refused += 1;
                assert_eq!(reply.headers["connection"], "close");
            }
        }
        assert!(refused > 100, "{path}: {refused}");
        // Whoever has the right word is let in all the same, and strangers may still pair.
        let right = format!("Bearer {token}");
        let reply = gate
            .get("/v1/certificates", &[("authorization", &right)])
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        let reply = gate.get("/v1/status", &[]).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
    }
}
