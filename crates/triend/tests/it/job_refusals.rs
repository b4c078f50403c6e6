//! What a caller may not do with jobs, and what it is told.

use axum::body::Body;
use futures_util::{FutureExt as _, StreamExt as _};
use serde_json::{Value, json};
use trien_testkit::pki::Role;
use trien_testkit::tokens::TEST_PIN;
use triend::consent::Answer;

use crate::job_desk::{Desk, approved, errors, letter, states};

const BASIC: &str = r#""signature": {"level": "b-b"}"#;

fn basic() -> Value {
    json!({"level": "b-b"})
}

#[tokio::test(flavor = "multi_thread")]
async fn descriptions_that_are_none_are_refused_by_name() {
    let Some(desk) = Desk::new() else { return };
    let many = vec![r#"{"name": "a"}"#; 1_001].join(",");
    for (body, code, named) in [
        (
            format!(r#"{{"documents": [{many}], {BASIC}}}"#),
            "too-many-documents",
            "1001",
        ),
        (
            format!(r#"{{"documents": [], {BASIC}}}"#),
            "no-documents",
            "",
        ),
        (
            format!(r#"{{"documents": [{{"name": "a", "path": "/etc/passwd"}}], {BASIC}}}"#),
            "content-not-given",
            "document 1",
        ),
        (
            format!(r#"{{"documents": [{{"name": "a", "url": "http://a/"}}], {BASIC}}}"#),
            "content-not-given",
            "",
        ),
        (
            format!(r#"{{"documents": [{{"name": "a"}}], "module": "x.so", {BASIC}}}"#),
            "request-malformed",
            "module",
        ),
        (
            format!(r#"{{"documents": [{{"name": "a", "pdf": "%%%"}}], {BASIC}}}"#),
            "request-malformed",
            "document 1",
        ),
        (
            r#"{"documents": [{"name": "a"}], "signature": {"level": "b-t"}}"#.to_owned(),
            "level-not-set-up",
            "time-stamp-authorities",
        ),
        (
            r#"{"documents": [{"name": "a"}], "signature": {"level": "b-x"}}"#.to_owned(),
            "request-malformed",
            "line 1",
        ),
        ("[".to_owned(), "request-malformed", ""),
    ] {
        let request = desk
            .request("POST", "/v1/jobs")
            .header("content-type", "application/json")
            .body(Body::from(body))
            .unwrap();
        let reply = desk.send(request).await;
        assert_eq!(reply.code(), code);
        let said = reply.json()["error"]["message_en"].to_string();
        assert!(said.contains(named), "{said}");
    }
    let jobs = desk
        .daemon
        .with_store_blocking(|store, _| store.jobs().unwrap());
    assert!(jobs.is_empty(), "nothing is left");
    assert!(desk.daemon.jobs().spool().jobs().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_its_callers_alone() {
    let Some(desk) = Desk::new() else { return };
    let address = desk.create(&[("a", letter())], basic()).await;
    let other = desk.other_program();
    for (method, path) in [
        ("GET", String::new()),
        ("GET", "/events".to_owned()),
        ("GET", "/documents/1".to_owned()),
        ("PUT", "/documents/1".to_owned()),
        ("POST", "/retries".to_owned()),
        ("POST", "/collected".to_owned()),
        ("DELETE", String::new()),
    ] {
        let request = axum::http::Request::builder()
            .method(method)
            .uri(format!("{address}{path}"))
            .header("host", "127.0.0.1:14741")
            .header("authorization", format!("Bearer {other}"))
            .header("content-type", "application/pdf")
            .body(Body::from("%PDF"))
            .unwrap();
        assert_eq!(
            desk.send(request).await.code(),
            "job-unknown",
            "{method} {path}"
        );
    }
    assert_eq!(desk.call("GET", "/v1/jobs/0").await.code(), "job-unknown");
    let missing = "/v1/jobs/00000000000000000000000000000000";
    assert_eq!(desk.call("GET", missing).await.code(), "job-unknown");
    desk.show(&address).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_with_emoji_are_signed_and_a_document_has_one_number() {
    let Some(desk) = Desk::new() else { return };
    let name = "Học bạ ❤️.pdf";
    let body = json!({"documents": [{"name": name}], "signature": basic()});
    let reply = desk.post("/v1/jobs", &body).await;
    let address = reply.is_ok().headers["location"].to_str().unwrap();
    for number in ["01", "001", "00000000001"] {
        let other = format!("{address}/documents/{number}");
        assert_eq!(desk.put(&other, letter()).await.code(), "document-unknown");
    }
    assert_eq!(states(&desk.show(address).await), ["awaited"]);
    let first = format!("{address}/documents/1");
    desk.put(&first, letter()).await.is_ok();
    let job = desk.approve(address).await;
    assert_eq!(
        (&job["signed"], &job["documents"][0]["name"]),
        (&json!(1), &json!(name))
    );
    let other = format!("{address}/documents/01");
    assert_eq!(desk.call("GET", &other).await.code(), "document-unknown");
    let signed = desk.call("GET", &first).await;
    let said = signed.is_ok().headers["content-disposition"]
        .to_str()
        .unwrap();
    assert!(said.contains("%E2%9D%A4%EF%B8%8F.pdf"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_documents_come_by_themselves_and_within_the_limit() {
    let Some(drawer) = crate::job_desk::drawer() else {
        return;
    };
    let desk = Desk::with(drawer, |config| config.limits.document_octets = 400_000).unwrap();
    let body = json!({"documents": [{"name": "a"}, {"name": "b"}], "signature": basic()});
    let reply = desk.post("/v1/jobs", &body).await;
    let address = reply.is_ok().headers["location"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(reply.json()["state"], "collecting");
    assert_eq!(states(&reply.json()), ["awaited", "awaited"]);
    let first = format!("{address}/documents/1");
    assert_eq!(desk.post(&first, &json!({})).await.code(), "method-unknown");
    let request = desk
        .request("PUT", &first)
        .header("content-type", "text/plain");
    let reply = desk.send(request.body(Body::from("%PDF")).unwrap()).await;
    assert_eq!(reply.code(), "content-type-wrong");
    let large = vec![b'%'; 400_001];
    assert_eq!(desk.put(&first, &large).await.code(), "body-too-large");
    // Without a length that could be asked for beforehand.
    let pieces = (0..5).map(|_| Ok::<_, std::io::Error>(vec![b'%'; 100_000]));
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let request = desk
        .request("PUT", &first)
        .header("content-type", "application/pdf");
    let reply = desk.send(request.body(body).unwrap()).await;
    assert_eq!(reply.code(), "body-too-large");
    // Its sender goes away in the middle.
    let broken = vec![Ok(vec![b'%'; 10]), Err(std::io::Error::other("gone"))];
    let body = Body::from_stream(futures_util::stream::iter(broken));
    let request = desk
        .request("PUT", &first)
        .header("content-type", "application/pdf");
    desk.send(request.body(body).unwrap()).await.code();
    assert_eq!(
        desk.put(&format!("{address}/documents/3"), b"%")
            .await
            .code(),
        "document-unknown"
    );
    assert_eq!(
        desk.put(&format!("{address}/documents/x"), b"%")
            .await
            .code(),
        "document-unknown"
    );
    assert_eq!(
        std::fs::read_dir(desk.spool_of(&address)).unwrap().count(),
        0
    );
    desk.put(&first, letter()).await.is_ok();
    // The reply was lost and it comes again.
    desk.put(&first, letter()).await.is_ok();
    assert_eq!(desk.call("GET", &first).await.code(), "job-state");
    assert_eq!(
        desk.call("POST", &format!("{address}/collected"))
            .await
            .code(),
        "job-state"
    );
    assert_eq!(
        desk.call("POST", &format!("{address}/retries"))
            .await
            .code(),
        "job-state"
    );
    // Documents that are there survive a restart, and the job goes on collecting.
    let desk = desk.restarted();
    let job = desk.show(&address).await;
    assert_eq!(
        (job["state"].as_str(), states(&job)),
        (Some("collecting"), vec!["received", "awaited"])
    );
    desk.put(&format!("{address}/documents/2"), letter())
        .await
        .is_ok();
    let job = desk.approve(&address).await;
    assert_eq!(job["signed"], 2);
    assert_eq!(desk.put(&first, letter()).await.code(), "job-state");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_no_or_nothing_signs_nothing() {
    let Some(desk) = Desk::new() else { return };
    let address = desk.create(&[("a", letter())], basic()).await;
    desk.answer(&address, Answer::Refused).await;
    let job = desk.until_over(&address).await;
    assert_eq!(job["stopped"]["code"], "consent-refused");
    assert_eq!(errors(&job), ["consent-refused"]);
    desk.call("POST", &format!("{address}/retries"))
        .await
        .is_ok();
    desk.answer(&address, Answer::Expired).await;
    let job = desk.until_over(&address).await;
    assert_eq!(job["stopped"]["code"], "consent-expired");
    // A certificate that is on no token: nothing is asked of one.
    desk.call("POST", &format!("{address}/retries"))
        .await
        .is_ok();
    desk.answer(&address, approved(Role::SchoolSeal, TEST_PIN))
        .await;
    let job = desk.until_over(&address).await;
    assert_eq!(job["stopped"]["code"], "certificate-unknown");
    // The rules refuse every document: no window is opened at all.
    let address = desk
        .create(&[("a", letter())], json!({"level": "b-b", "act": "seal"}))
        .await;
    let job = desk.until_over(&address).await;
    assert_eq!(
        (job["state"].as_str(), errors(&job)),
        (Some("finished"), vec!["signing-refused"])
    );
    // While the window of one job is open, the caller's next one is told so.
    let first = desk.create(&[("a", letter())], basic()).await;
    desk.until(&first, &["awaiting-consent"]).await;
    let second = desk.create(&[("a", letter())], basic()).await;
    let job = desk.until_over(&second).await;
    assert_eq!(job["stopped"]["code"], "consent-pending");
    // Taken back by removing the job: the window no longer answers.
    desk.call("DELETE", &first).await.is_ok();
    for _ in 0..6_000 {
        if !desk.spool_of(&first).exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(!desk.spool_of(&first).exists());
    desk.call("POST", &format!("{second}/retries"))
        .await
        .is_ok();
    desk.until(&second, &["awaiting-consent"]).await;
}

/// The question of a removed job was in the way of the next one until its thread came to it.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_removed_takes_its_question_back_at_once() {
    let Some(desk) = Desk::new() else { return };
    for _ in 0..8 {
        let address = desk.create(&[("a", letter())], basic()).await;
        let job = desk.until(&address, &["awaiting-consent", "stopped"]).await;
        assert_eq!(job["state"], "awaiting-consent", "{job}");
        desk.call("DELETE", &address).await.is_ok();
    }
}

/// Reads the events of a reply until `enough` or its end: id, kind, data.
async fn events(
    reply: axum::http::Response<Body>,
    enough: impl Fn(&[(String, String, Value)]) -> bool,
) -> Vec<(String, String, Value)> {
    let mut stream = reply.into_body().into_data_stream();
    let mut text = String::new();
    let mut events = Vec::new();
    while let Some(octets) = stream.next().await {
        text.push_str(std::str::from_utf8(&octets.unwrap()).unwrap());
        while let Some((event, rest)) = text.split_once("\n\n") {
            let member = |name: &str| {
                let line = event.lines().find_map(|line| line.strip_prefix(name));
                line.unwrap_or_default().trim().to_owned()
            };
            if let Ok(value) = serde_json::from_str(&member("data:")) {
                events.push((member("id:"), member("event:"), value));
            }
            text = rest.to_owned();
        }
        if enough(&events) {
            break;
        }
    }
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_followed_and_resumed_where_it_was_cut() {
    let Some(desk) = Desk::new() else { return };
    let documents: Vec<(&str, &[u8])> = (0..30).map(|_| ("a", letter())).collect();
    let address = desk.create(&documents, basic()).await;
    let stream = |last: Option<String>| {
        let mut request = desk.request("GET", &format!("{address}/events"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        desk.stream(request.body(Body::empty()).unwrap())
    };
    desk.until(&address, &["awaiting-consent"]).await;
    let reply = stream(None).await;
    assert_eq!(reply.headers()["content-type"], "text/event-stream");
    let first = events(reply, |events| events.len() >= 31).await;
    assert_eq!(
        first
            .iter()
            .filter(|(_, kind, _)| kind == "document")
            .count(),
        30
    );
    assert_eq!(first[30].2["state"], "awaiting-consent");
    let last = first[30].0.clone();
    desk.answer(&address, approved(Role::Principal, TEST_PIN))
        .await;
    let cut = events(stream(Some(last)).await, |events| events.len() >= 5).await;
    // Resumed behind what was seen, to the end of the job.
    let last = cut.last().unwrap().0.clone();
    let rest = events(stream(Some(last)).await, |_| false).await;
    let (end, kind, value) = rest.last().unwrap();
    assert_eq!(
        (kind.as_str(), &value["state"]),
        ("job", &json!("finished"))
    );
    assert_eq!(value["signed"], 30);
    let mut signed: Vec<u64> = cut
        .iter()
        .chain(&rest)
        .filter(|(_, _, value)| value["state"] == "signed")
        .map(|(_, _, value)| value["number"].as_u64().unwrap())
        .collect();
    signed.sort_unstable();
    signed.dedup();
    assert_eq!(signed.len(), 30, "every document was told of");
    // Nothing more is to come: the browser is told to stay away.
    let reply = stream(Some(end.clone())).await;
    assert_eq!(reply.status(), 204);
    // An id of another run of the daemon tells nothing: all is told again.
    let again = events(stream(Some("x-99".to_owned())).await, |_| false).await;
    assert_eq!(again.len(), 31);
}

/// Its beginning was once told again and again, as fast as could be.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_job_that_has_not_changed_yet_everything_is_told_once() {
    let Some(desk) = Desk::new() else { return };
    let body = json!({"documents": [{"name": "a"}, {"name": "b"}], "signature": basic()});
    let reply = desk.post("/v1/jobs", &body).await;
    let address = reply.headers["location"].to_str().unwrap().to_owned();
    let stream = |last: Option<String>| {
        let mut request = desk.request("GET", &format!("{address}/events"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        desk.stream(request.body(Body::empty()).unwrap())
    };
    let told = |text: &str| text.matches("data:").count();
    for last in [None, Some("x-0".to_owned())] {
        let mut octets = stream(last).await.into_body().into_data_stream();
        let mut text = String::new();
        while told(&text) < 3 {
            let next = octets.next().await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(&next).unwrap());
        }
        // What is there at once, without what keeps the connection alive.
        while told(&text) <= 3
            && let Some(next) = octets.next().now_or_never()
        {
            text.push_str(std::str::from_utf8(&next.unwrap().unwrap()).unwrap());
        }
        assert_eq!(told(&text), 3, "{text}");
    }
    // Cut between two documents, it goes on with the second one.
    let first = events(stream(None).await, |events| !events.is_empty()).await;
    let last = first[0].0.clone();
    let rest = events(stream(Some(last)).await, |events| events.len() >= 2).await;
    assert_eq!(
        (&rest[0].2["number"], rest[1].1.as_str()),
        (&json!(2), "job")
    );
    // And what changes is told.
    let last = rest[1].0.clone();
    let reply = stream(Some(last)).await;
    desk.put(&format!("{address}/documents/2"), letter())
        .await
        .is_ok();
    let changed = events(reply, |events| !events.is_empty()).await;
    assert_eq!(changed[0].2["number"], 2);
    assert_eq!(changed[0].2["state"], "received");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_time_is_over_goes_with_everything() {
    let Some(drawer) = crate::job_desk::drawer() else {
        return;
    };
    let desk = Desk::with(drawer, |config| config.limits.job_seconds = 1).unwrap();
    let body = json!({"documents": [{"name": "a"}], "signature": basic()});
    let reply = desk.post("/v1/jobs", &body).await;
    let address = reply.headers["location"].to_str().unwrap().to_owned();
    let spool = desk.spool_of(&address);
    assert!(spool.exists());
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    desk.daemon.jobs().sweep(&desk.daemon);
    assert!(!spool.exists());
    assert_eq!(desk.call("GET", &address).await.code(), "job-unknown");
    // The same when it ends while the daemon is not running.
    let reply = desk.post("/v1/jobs", &body).await;
    let address = reply.headers["location"].to_str().unwrap().to_owned();
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    let stranger = desk
        .daemon
        .jobs()
        .spool()
        .folder_of(triend::job::JobId::new().unwrap());
    std::fs::create_dir(&stranger).unwrap();
    let desk = desk.restarted();
    assert_eq!(desk.call("GET", &address).await.code(), "job-unknown");
    assert!(desk.daemon.jobs().spool().jobs().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_listed_without_a_pin_and_without_paths() {
    let Some(desk) = Desk::new() else { return };
    let reply = desk.call("GET", "/v1/certificates").await;
    let tokens = reply.is_ok().json()["tokens"].clone();
    let certificate = &tokens[0]["certificates"][0];
    assert_eq!(certificate["usable"], true, "{tokens}");
    assert_eq!(certificate["kind"], "personal");
    assert_eq!(certificate["id"].as_str().unwrap().len(), 64);
    assert!(!String::from_utf8_lossy(&reply.octets).contains(".so"));
}

/// A document that is read and cannot be signed: with this in its catalog and trailer.
fn odd(pages: &str, trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for object in [
        "<</Type/Catalog/Pages 2 0 R>>",
        pages,
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ] {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", offsets.len()).bytes());
    }
    let xref = file.len();
    file.extend(b"xref\n0 4\n0000000000 65535 f \n");
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let rest = format!("trailer\n<</Size 4/Root 1 0 R{trailer}>>\nstartxref\n{xref}\n%%EOF\n");
    file.extend(rest.bytes());
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn encrypted_documents_and_those_without_a_page_have_codes_of_their_own() {
    let Some(desk) = Desk::new() else { return };
    let whole = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
    let word = "<00000000000000000000000000000000>";
    let encryption =
        format!("/Encrypt<</Filter/Standard/V 1/R 2/P -4/O{word}/U{word}>>/ID[{word}{word}]");
    let documents = [
        odd(whole, ""),
        odd(whole, &encryption),
        odd("<</Type/Pages/Kids[]/Count 0>>", ""),
    ];
    let documents: Vec<(&str, &[u8])> = documents.iter().map(|one| ("a", &**one)).collect();
    let address = desk.create(&documents, basic()).await;
    let job = desk.until(&address, &["awaiting-consent"]).await;
    let expected = ["-", "document-encrypted", "document-without-pages"];
    assert_eq!(errors(&job), expected, "{job}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seal_without_a_signature_is_refused_before_a_pin_is_asked_whoever_could_sign() {
    let Some(drawer) = crate::worker_softhsm::Drawer::of_school() else {
        return;
    };
    // Nobody has chosen one of several certificates yet.
    let desk = Desk::with(drawer, |_| {}).unwrap();
    let address = desk
        .create(&[("a", letter())], json!({"level": "b-b", "act": "seal"}))
        .await;
    let job = desk
        .until(&address, &["finished", "awaiting-consent"])
        .await;
    assert_eq!(job["state"], "finished", "{job}");
    assert_eq!(errors(&job), ["signing-refused"], "{job}");
}
