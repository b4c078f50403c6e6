//! Answers that cannot be meant: they are told why while the window is open, and use no try of the
//! PIN.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use trien_testkit::pki::Role;
use trien_testkit::records::Picture;
use trien_testkit::tokens::TEST_PIN;
use triend::secret::Secret;

use crate::http_gate::window_secret;
use crate::job_desk::{Desk, Reply, letter};
use crate::worker_softhsm::id;

/// Opens the first window of a desk, whose job this is.
async fn session(desk: &Desk, address: &str, number: usize) -> String {
    desk.until(address, &["awaiting-consent"]).await;
    let secret = Secret::parse(&window_secret(&desk.folder, number)).unwrap();
    let (_, session) = desk.daemon.asks().exchange(&secret).unwrap();
    session.reveal()
}

async fn answer(desk: &Desk, session: &str, body: &str) -> Reply {
    let request = Request::builder()
        .method("POST")
        .uri("/consent/answer")
        .header("host", "127.0.0.1:14741")
        .header("origin", "http://127.0.0.1:14741")
        .header("sec-fetch-site", "same-origin")
        .header("x-trien-consent", session)
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap();
    desk.send(request).await
}

fn approval(more: &Value) -> String {
    let mut answer = json!({"answer": "approved", "certificate": id(Role::Principal).to_string()});
    let members = answer.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    answer.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_that_is_none_is_said_while_the_window_is_open_and_uses_no_try() {
    let Some(desk) = Desk::new() else { return };
    let address = desk
        .create(&[("a", letter())], json!({"level": "b-b"}))
        .await;
    let session = session(&desk, &address, 1).await;
    for (more, code) in [
        (json!({}), "pin-missing"),
        (json!({"pin": null}), "pin-missing"),
        (json!({"pin": ""}), "pin-missing"),
        (json!({"pin": format!(" {TEST_PIN}")}), "pin-malformed"),
        (json!({"pin": format!("{TEST_PIN}\n")}), "pin-malformed"),
        (
            json!({"pin": format!("\u{202e}{TEST_PIN}")}),
            "pin-malformed",
        ),
        (json!({"pin": "１２３４５６"}), "pin-malformed"),
        // SoftHSM takes 4 to 255.
        (json!({"pin": "123"}), "pin-malformed"),
        (json!({"pin": "1".repeat(256)}), "pin-malformed"),
    ] {
        let reply = answer(&desk, &session, &approval(&more)).await;
        assert_eq!(
            (reply.status.as_u16(), reply.code().as_str()),
            (400, code),
            "{more}"
        );
        assert_eq!(desk.show(&address).await["state"], "awaiting-consent");
    }
    // The PIN's flags are as they were, and the right one signs.
    let tokens = desk.call("GET", "/v1/certificates").await.json();
    assert_ne!(tokens["tokens"][0]["pin_state"], "count-low", "{tokens}");
    let reply = answer(&desk, &session, &approval(&json!({"pin": TEST_PIN}))).await;
    assert_eq!(reply.status, 204);
    assert_eq!(desk.until_over(&address).await["signed"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_is_moved_where_it_may_be_and_the_job_shows_the_place_used() {
    let Some(desk) = Desk::new() else { return };
    let signature = |movable: bool| {
        json!({"level": "b-b", "mark": {
            "kind": "text", "lines": ["Đã ký"], "movable": movable,
            "place": {"page": 0, "left": 120, "top": 200},
        }})
    };
    let at = |document: u32, page: u32, left: f64, bottom: f64| json!({"document": document, "page": page, "left": left, "bottom": bottom});
    let fixed = desk.create(&[("a", letter())], signature(false)).await;
    let window = session(&desk, &fixed, 1).await;
    let more = json!({"pin": TEST_PIN, "moved": [at(1, 0, 100.0, 100.0)]});
    let reply = answer(&desk, &window, &approval(&more)).await;
    assert_eq!(
        (reply.status.as_u16(), reply.code().as_str()),
        (400, "mark-not-movable")
    );
    desk.call("DELETE", &fixed).await.is_ok();

    let address = desk
        .create(&[("a", letter()), ("b", letter())], signature(true))
        .await;
    let window = session(&desk, &address, 2).await;
    for (moved, code) in [
        (json!([at(3, 0, 100.0, 100.0)]), "mark-not-movable"),
        (json!([at(0, 0, 100.0, 100.0)]), "request-malformed"),
        (
            json!([at(1, 0, 100.0, 100.0), at(1, 0, 90.0, 100.0)]),
            "mark-not-movable",
        ),
        (json!([at(1, 1, 100.0, 100.0)]), "no-place"),
        (json!([at(2, 0, -1.0, 100.0)]), "no-place"),
        (json!([at(2, 0, 590.0, 100.0)]), "no-place"),
        (json!([at(1, 0, 1e9, 100.0)]), "request-malformed"),
    ] {
        let more = json!({"pin": TEST_PIN, "moved": moved});
        let reply = answer(&desk, &window, &approval(&more)).await;
        assert_eq!(
            (reply.status.as_u16(), reply.code().as_str()),
            (400, code),
            "{more}"
        );
        assert_eq!(desk.show(&address).await["state"], "awaiting-consent");
    }
    let endless = approval(&json!({"pin": TEST_PIN, "moved": [at(1, 0, 7.25, 100.0)]}));
    let reply = answer(&desk, &window, &endless.replace("7.25", "1e999")).await;
    assert_eq!(
        (reply.status.as_u16(), reply.code().as_str()),
        (400, "request-malformed")
    );

    let more = json!({"pin": TEST_PIN, "moved": [at(2, 0, 100.0, 120.0)]});
    assert_eq!(answer(&desk, &window, &approval(&more)).await.status, 204);
    let job = desk.until_over(&address).await;
    assert_eq!(job["signed"], 2, "{job}");
    let mark = |index: usize| &job["documents"][index]["mark"];
    assert_eq!(
        (mark(1)["left"].as_f64(), mark(1)["bottom"].as_f64()),
        (Some(100.0), Some(120.0))
    );
    assert!(mark(0)["left"].as_f64().unwrap() > 300.0, "{job}");
}

fn pixels(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .unwrap();
    let mut octets = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut octets).unwrap();
    assert_eq!(frame.color_type, png::ColorType::Rgba);
    octets.truncate(frame.buffer_size());
    (frame.width, frame.height, octets)
}

async fn looked_at(desk: &Desk, session: &str, path: &str) -> Reply {
    let request = Request::builder()
        .uri(path)
        .header("host", "127.0.0.1:14741")
        .header("sec-fetch-site", "same-origin")
        .header("x-trien-consent", session)
        .body(Body::empty())
        .unwrap();
    desk.send(request).await
}

/// Fresh eyes had a sum of money put on a page that the window showed an empty frame for.
#[tokio::test(flavor = "multi_thread")]
async fn the_window_has_what_the_caller_puts_on_the_pages_and_what_the_signer_commits_to() {
    let Some(desk) = Desk::new() else { return };
    let ink = Picture::handwriting(3, 80).to_png().unwrap();
    let place = json!({"page": 0, "left": 120, "top": 200});
    let image = base64::engine::Engine::encode(&base64::engine::general_purpose::STANDARD, &ink);
    let lines = json!(["Tôi đồng ý chi 1.000.000.000 đồng", "Đã duyệt"]);
    for (number, (mark, looks)) in [
        (
            json!({"kind": "text", "lines": lines, "place": place}),
            json!({"kind": "text", "lines": lines}),
        ),
        (
            json!({"kind": "image", "image": image, "place": place}),
            json!({"kind": "picture"}),
        ),
        (
            json!({"kind": "information", "place": place}),
            json!({"kind": "information"}),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let signature = json!({"level": "b-b", "mark": mark, "commitment": "proof-of-approval"});
        let address = desk.create(&[("a", letter())], signature).await;
        let window = session(&desk, &address, number + 1).await;
        let asked = looked_at(&desk, &window, "/consent/ask").await.json();
        assert_eq!(asked["signing"]["looks"], looks);
        assert_eq!(asked["signing"]["commitment"], "proof-of-approval");
        let picture = looked_at(&desk, &window, "/consent/mark").await;
        if looks["kind"] == "picture" {
            assert_eq!(picture.headers["content-type"], "image/png");
            // The pixels of what was given, without the margins.
            let ((width, height, octets), given) = (pixels(&picture.octets), pixels(&ink));
            assert!(width <= given.0 && height <= given.1);
            let seen = |octets: &[u8]| {
                octets
                    .chunks_exact(4)
                    .filter(|pixel| pixel[3] >= 24)
                    .map(<[u8]>::to_vec)
                    .collect::<Vec<_>>()
            };
            assert_eq!(seen(&octets), seen(&given.2));
        } else {
            assert_eq!(picture.code(), "preview-unavailable");
        }
        desk.call("DELETE", &address).await.is_ok();
    }
}
