//! Pairings of the running program: a window that is closed, a word that is revoked.

use std::fs;
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use crate::http_gate::PAGE;
use crate::running::{Running, code};

#[test]
fn a_window_that_is_closed_lets_its_caller_ask_anew() {
    let running = Running::start("");
    let own = format!(
        "Origin: http://127.0.0.1:{}\r\nSec-Fetch-Site: same-origin\r\n",
        running.port
    );
    let json = "Content-Type: application/json\r\n";
    let page = format!("Origin: {PAGE}\r\n{json}");
    let ask = || running.call("POST /v1/pairings", &page, "{\"name\":\"A\"}");
    let asked = ask();
    assert!(asked.starts_with("HTTP/1.1 202"), "{asked}");
    let word = asked.split('"').find(|part| part.len() == 43).unwrap();
    assert_eq!(code(&ask()), "consent-pending");
    let secret = crate::http_gate::window_secret(running.folder.path(), 1);
    let opened = running.call(
        "POST /consent/session",
        &format!("{own}{json}"),
        &format!("{{\"secret\":\"{secret}\"}}"),
    );
    let session = opened.split('"').find(|part| part.len() == 43).unwrap();
    let mut window = running.connect();
    let host = running.port;
    let request = format!(
        "GET /consent/events HTTP/1.1\r\nHost: 127.0.0.1:{host}\r\n{own}X-Trien-Consent: {session}\r\n\r\n"
    );
    window.write_all(request.as_bytes()).unwrap();
    let mut start = [0; 12];
    window.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    let closed = Instant::now();
    drop(window);
    let state = || {
        let page = format!("Origin: {PAGE}\r\n");
        running.call(&format!("GET /v1/pairings/{word}"), &page, "")
    };
    // Strangers may not call often.
    while state().contains("waiting") {
        std::thread::sleep(Duration::from_millis(1_000));
    }
    assert!(state().contains("expired"), "{}", state());
    // Sooner than a question that is looked at may wait, which is 240 seconds.
    assert!(closed.elapsed() < Duration::from_secs(220));
    assert!(ask().starts_with("HTTP/1.1 202"));
}

#[test]
fn a_revoked_program_is_refused_at_its_next_call() {
    let running = Running::start("");
    let (_, token) = running.said(&["pairings", "add-program", "pyHanko"]);
    let (_, id) = running.said(&["pairings", "add", PAGE, "--name", "Sổ điểm"]);
    let bearer = format!("Authorization: Bearer {}\r\n", token.trim());
    let page = format!("Origin: {PAGE}\r\n");
    assert_eq!(
        code(&running.call("GET /v1/x", &bearer, "")),
        "route-unknown"
    );
    assert_eq!(code(&running.call("GET /v1/x", &page, "")), "route-unknown");
    let (_, list) = running.said(&["pairings", "list"]);
    assert!(list.contains("pyHanko") && list.contains(PAGE), "{list}");
    assert!(!list.contains(token.trim()));
    let (status, _) = running.said(&["pairings", "revoke", "1", id.trim()]);
    assert_eq!(status, Some(0));
    assert_eq!(code(&running.call("GET /v1/x", &bearer, "")), "not-paired");
    assert_eq!(
        code(&running.call("GET /v1/x", &page, "")),
        "origin-foreign"
    );
    assert_eq!(
        running.said(&["pairings", "list"]),
        (Some(0), String::new())
    );
    let (_, all) = running.said(&["pairings", "list", "--all", "--format", "json"]);
    assert_eq!(all.lines().count(), 2);
    // Neither a page that anybody can change nor what is no origin is paired.
    for wrong in ["http://a.example", "https://a.example/", "null"] {
        assert_eq!(
            running.said(&["pairings", "add", wrong]).0,
            Some(2),
            "{wrong}"
        );
    }
    let database = fs::read(running.folder.path().join("data/triend.sqlite")).unwrap();
    let journal = fs::read(running.folder.path().join("data/triend.sqlite-wal")).unwrap();
    let token = token.trim().as_bytes();
    for octets in [database, journal] {
        assert!(!octets.windows(token.len()).any(|window| window == token));
    }
}

#[test]
fn pairings_are_revoked_together_or_not_at_all() {
    let running = Running::start("");
    running.said(&["pairings", "add-program", "Sổ điểm"]);
    running.said(&["pairings", "add", PAGE]);
    let (status, said) = running.said(&["pairings", "revoke", "1", "99"]);
    assert_eq!(status, Some(2), "{said}");
    let (_, list) = running.said(&["pairings", "list"]);
    assert_eq!(list.lines().count(), 2, "{list}");
    assert_eq!(running.said(&["pairings", "revoke", "1", "2"]).0, Some(0));
    let (_, list) = running.said(&["pairings", "list"]);
    assert_eq!(list, "");
}
