//! The routes of the consent page: who may call them, and what an answer needs. In the process
//! itself; `web/tests` has the page in a browser.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;
use trien_testkit::pki::Role as Holder;
use trien_types::CertificateId;
use triend::caller::{Caller, Origin, PairingId};
use triend::config::Config;
use triend::consent::{AnchorChange, Answer, Ask, Awaited, OpenedAsk, Subject};
use triend::daemon::Daemon;
use triend::secret::Secret;

use crate::school::certificate;

const PORT: u16 = 14741;
const OWN: &str = "http://127.0.0.1:14741";

struct Desk {
    _folder: TempDir,
    daemon: Daemon,
    router: axum::Router,
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Reply {
    fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or("-")
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let daemon = Daemon::open(Config::default(), folder.path().join("data"), PORT).unwrap();
        let router = triend::http::router(&daemon);
        Self {
            _folder: folder,
            daemon,
            router,
        }
    }

    fn put(&self, subject: Subject) -> OpenedAsk {
        let caller = match subject {
            Subject::Pairing { .. } => None,
            _ => Some(caller()),
        };
        self.daemon.asks().put(Ask::new(caller, subject)).unwrap()
    }

    async fn send(
        &self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:14741");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |text| Body::from(text.to_owned()));
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let octets = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Reply {
            status,
            headers,
            body: serde_json::from_slice(&octets).unwrap_or(Value::Null),
        }
    }

    /// As our own page calls.
    async fn own(&self, call: (&str, &str), session: Option<&str>, body: Option<&str>) -> Reply {
        let mut headers = vec![("sec-fetch-site", "same-origin")];
        if call.0 == "POST" {
            headers.push(("origin", OWN));
        }
        headers.extend(session.map(|session| ("x-trien-consent", session)));
        self.send(call, &headers, body).await
    }

    async fn open(&self, secret: &Secret) -> Reply {
        let body = json!({ "secret": secret.reveal() }).to_string();
        self.own(("POST", "/consent/session"), None, Some(&body))
            .await
    }

    async fn session(&self, opened: &OpenedAsk) -> String {
        let reply = self.open(&opened.secret).await;
        assert_eq!(reply.status, StatusCode::OK);
        reply.body["session"].as_str().unwrap().to_owned()
    }

    async fn answer(&self, session: &str, body: &Value) -> Reply {
        let body = body.to_string();
        self.own(("POST", "/consent/answer"), Some(session), Some(&body))
            .await
    }
}

/// A caller as the gate lets it in.
fn caller() -> Caller {
    Caller::new(
        PairingId::from_number(1),
        Origin::parse("https://hocba.example.edu.vn"),
        "Học bạ".to_owned(),
    )
}

fn pairing() -> Subject {
    Subject::Pairing {
        origin: Origin::parse("https://hocba.example.edu.vn"),
        name: "Học bạ".to_owned(),
    }
}

async fn expired(awaited: Awaited) -> bool {
    let quick = std::time::Duration::from_millis(50);
    tokio::time::timeout(quick, awaited.answer()).await.is_err()
}

#[tokio::test]
async fn a_secret_opens_one_session_and_that_one_answers_once() {
    let desk = Desk::new();
    let opened = desk.put(pairing());
    let session = desk.session(&opened).await;
    assert_eq!(desk.open(&opened.secret).await.code(), "consent-unknown");
    let ask = desk
        .own(("GET", "/consent/ask"), Some(&session), None)
        .await;
    assert_eq!(ask.body["kind"], "pairing");
    assert_eq!(ask.body["answered"], false);
    assert_eq!(
        ask.body["pairing"]["origin"],
        "https://hocba.example.edu.vn"
    );
    assert!(ask.body["seconds_left"].as_u64().unwrap() > 200);
    let reply = desk
        .answer(&session, &json!({ "answer": "approved" }))
        .await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert!(matches!(opened.awaited.answer().await, Answer::Approved(_)));
    let again = desk.answer(&session, &json!({ "answer": "refused" })).await;
    assert_eq!(again.code(), "consent-unknown");
    let after = desk
        .own(("GET", "/consent/ask"), Some(&session), None)
        .await;
    assert_eq!(after.body["answered"], true);
    assert!(after.body["seconds_left"].is_null());
}

#[tokio::test]
async fn a_guessed_secret_or_session_is_told_nothing() {
    let desk = Desk::new();
    let opened = desk.put(pairing());
    let guessed = Secret::new().unwrap();
    let reply = desk.open(&guessed).await;
    assert_eq!(
        (reply.status.as_u16(), reply.code()),
        (404, "consent-unknown")
    );
    // The window's own secret is no session either.
    let of_the_window = opened.secret.reveal();
    for session in [
        None,
        Some(guessed.reveal()),
        Some(String::new()),
        Some(of_the_window),
    ] {
        for call in [
            ("GET", "/consent/ask"),
            ("GET", "/consent/events"),
            ("GET", "/consent/documents/1/pages/0?width=600"),
            ("GET", "/consent/mark"),
            ("POST", "/consent/cancel"),
        ] {
            let reply = desk.own(call, session.as_deref(), None).await;
            assert_eq!(reply.code(), "consent-unknown", "{call:?} {session:?}");
        }
        let body = r#"{"answer":"approved"}"#;
        let call = ("POST", "/consent/answer");
        let reply = desk.own(call, session.as_deref(), Some(body)).await;
        assert_eq!(reply.code(), "consent-unknown", "{session:?}");
    }
    assert!(expired(opened.awaited).await);
}

#[tokio::test]
async fn a_session_answers_its_own_question_and_no_other() {
    let desk = Desk::new();
    let first = desk.put(pairing());
    let second = desk.put(Subject::Anchor {
        certificate: certificate(Holder::Principal),
        change: AnchorChange::Add,
    });
    let session = desk.session(&first).await;
    let ask = desk
        .own(("GET", "/consent/ask"), Some(&session), None)
        .await;
    assert_eq!(ask.body["kind"], "pairing");
    let refused = desk.answer(&session, &json!({ "answer": "refused" })).await;
    assert_eq!(refused.status, StatusCode::NO_CONTENT);
    assert!(matches!(first.awaited.answer().await, Answer::Refused));
    assert!(expired(second.awaited).await);
}

#[tokio::test]
async fn no_other_origin_calls_even_with_the_right_words() {
    let desk = Desk::new();
    let opened = desk.put(pairing());
    let secret = json!({ "secret": opened.secret.reveal() }).to_string();
    let wrong: &[&[(&str, &str)]] = &[
        &[],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", OWN)],
        &[("origin", "null"), ("sec-fetch-site", "cross-site")],
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "same-origin"),
        ],
        &[
            ("origin", "http://127.0.0.1:3000"),
            ("sec-fetch-site", "same-site"),
        ],
        &[
            ("origin", "http://127.0.0.1"),
            ("sec-fetch-site", "same-origin"),
        ],
        &[("origin", OWN), ("sec-fetch-site", "same-site")],
        &[("origin", OWN), ("sec-fetch-site", "none")],
        &[
            ("origin", OWN),
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "same-origin"),
        ],
    ];
    for headers in wrong {
        let reply = desk
            .send(("POST", "/consent/session"), headers, Some(&secret))
            .await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(
            reply.header("access-control-allow-origin"),
            "",
            "{headers:?}"
        );
    }
    // None of them used the secret up.
    let session = desk.session(&opened).await;
    for headers in wrong {
        let mut headers = headers.to_vec();
        headers.push(("x-trien-consent", &session));
        let body = Some(r#"{"answer":"approved"}"#);
        let reply = desk.send(("POST", "/consent/answer"), &headers, body).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let preflight = [
        ("origin", "https://evil.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "x-trien-consent"),
    ];
    let reply = desk
        .send(("OPTIONS", "/consent/answer"), &preflight, None)
        .await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert_eq!(reply.header("access-control-allow-origin"), "");
    assert!(expired(opened.awaited).await);
}

#[tokio::test]
async fn the_page_is_opened_by_nobody_else_and_says_that_it_may_not_be_framed() {
    let desk = Desk::new();
    let visit = [
        ("sec-fetch-site", "none"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    let page = desk.send(("GET", "/consent"), &visit, None).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(page.header("cross-origin-resource-policy"), "same-origin");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("access-control-allow-origin"), "");
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.split("; ").any(|given| given == part), "{part}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    for (site, destination) in [
        ("cross-site", "document"),
        ("cross-site", "iframe"),
        ("same-origin", "iframe"),
        ("none", "iframe"),
        ("same-site", "document"),
    ] {
        let headers = [
            ("sec-fetch-site", site),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", destination),
        ];
        let reply = desk.send(("GET", "/consent"), &headers, None).await;
        // Framed by ourselves is left to the headers.
        let allowed = site == "same-origin";
        assert_eq!(
            reply.status == StatusCode::OK,
            allowed,
            "{site} {destination}"
        );
    }
    assert_eq!(
        desk.send(("GET", "/consent"), &[], None).await.code(),
        "cross-site"
    );
    let script = [("sec-fetch-site", "same-origin")];
    let reply = desk
        .send(("GET", "/consent/assets/page.js"), &script, None)
        .await;
    assert_eq!(
        reply.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    let other = desk
        .send(("GET", "/consent/assets/daemon.rs"), &script, None)
        .await;
    assert_eq!(other.code(), "route-unknown");
}

#[tokio::test]
async fn an_answer_of_another_form_is_no_answer() {
    let desk = Desk::new();
    let opened = desk.put(pairing());
    let session = desk.session(&opened).await;
    for body in [
        json!({}),
        json!({ "answer": "maybe" }),
        json!({ "answer": "approved", "more": 1 }),
        json!({ "answer": "approved", "pin": "123456" }),
        json!([]),
    ] {
        let reply = desk.answer(&session, &body).await;
        assert_eq!(reply.code(), "request-malformed", "{body}");
        assert!(!reply.body.to_string().contains("123456"));
    }
    let headers = [
        ("origin", OWN),
        ("sec-fetch-site", "same-origin"),
        ("x-trien-consent", session.as_str()),
        ("content-type", "text/plain"),
    ];
    let reply = desk.send(("POST", "/consent/answer"), &headers, None).await;
    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let long = json!({ "answer": "approved", "certificate": "a".repeat(300_000) });
    let reply = desk.answer(&session, &long).await;
    assert_eq!(reply.code(), "body-too-large");
    assert!(expired(opened.awaited).await);
}

#[tokio::test]
async fn an_anchor_is_shown_with_its_fingerprint_and_taken_with_its_last_digits_alone() {
    let desk = Desk::new();
    let opened = desk.put(Subject::Anchor {
        certificate: certificate(Holder::Principal),
        change: AnchorChange::Add,
    });
    let session = desk.session(&opened).await;
    let ask = desk
        .own(("GET", "/consent/ask"), Some(&session), None)
        .await;
    let anchor = &ask.body["anchor"];
    let fingerprint = anchor["fingerprint"].as_str().unwrap();
    assert_eq!(fingerprint.len(), 64);
    assert!(anchor["subject"].as_str().unwrap().contains("CN="));
    assert_eq!(ask.body["caller"]["origin"], "https://hocba.example.edu.vn");
    let wrong = json!({ "answer": "approved", "fingerprint": "00000000" });
    assert_eq!(
        desk.answer(&session, &wrong).await.code(),
        "fingerprint-differs"
    );
    let right = json!({ "answer": "approved", "fingerprint": fingerprint[56..] });
    assert_eq!(
        desk.answer(&session, &right).await.status,
        StatusCode::NO_CONTENT
    );
    assert!(matches!(opened.awaited.answer().await, Answer::Approved(_)));
}

#[tokio::test]
async fn digests_are_answered_for_their_own_certificate_with_the_pin() {
    let desk = Desk::new();
    let credential = CertificateId::from_sha256([9; 32]);
    let opened = desk.put(Subject::Digests {
        credential,
        description: "Hóa đơn".to_owned(),
        digests: vec!["ab".repeat(32)],
        names: vec!["hoa-don.xml".to_owned()],
    });
    let session = desk.session(&opened).await;
    let ask = desk
        .own(("GET", "/consent/ask"), Some(&session), None)
        .await;
    assert_eq!(ask.body["digests"]["count"], 1);
    let answer = json!({ "answer": "approved", "pin": "12\"34\u{e9}", "final_try": true });
    let reply = desk.answer(&session, &answer).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(reply.header("connection"), "close");
    let Answer::Approved(approval) = opened.awaited.answer().await else {
        panic!("not approved");
    };
    assert_eq!(approval.certificate, Some(credential));
    assert!(approval.pin.is_some());
}
