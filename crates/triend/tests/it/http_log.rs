//! What the program's log says of those who are refused, and what it says of nobody.

use crate::http_gate::PAGE;
use crate::running::{Running, code};

const SECRET: &str = "q7Zl2PersonalSecret0000000000000000000000000";
const NAME: &str = "Nguyễn Thị Bí Mật";

/// Request line, headers, body and the code that they are refused with.
type Attack = (&'static str, String, String, &'static str);

fn attacks(token: &str) -> Vec<Attack> {
    let json = "Content-Type: application/json\r\n";
    let page = format!("Origin: {PAGE}\r\n");
    let evil = "Origin: https://evil.example\r\n";
    vec![
        (
            "GET /v1/jobs",
            evil.to_owned(),
            String::new(),
            "origin-foreign",
        ),
        (
            "GET /v1/jobs",
            "Origin: null\r\n".to_owned(),
            String::new(),
            "origin-foreign",
        ),
        (
            "POST /v1/jobs",
            format!("{evil}Content-Type: application/x-www-form-urlencoded\r\n"),
            format!("pin=123456&name={NAME}"),
            "origin-foreign",
        ),
        (
            "POST /consent/session",
            format!("{evil}{json}"),
            format!("{{\"secret\":\"{SECRET}\"}}"),
            "origin-foreign",
        ),
        (
            "GET /consent",
            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n"
                .to_owned(),
            String::new(),
            "cross-site",
        ),
        (
            "GET /v1/status",
            format!("{page}Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"),
            String::new(),
            "upgrade-refused",
        ),
        (
            "GET /v1/jobs",
            format!("Authorization: Bearer {SECRET}\r\n"),
            String::new(),
            "not-paired",
        ),
        (
            "POST /v1/pairings",
            format!("{page}{json}"),
            format!("{{\"name\":\"{NAME}\",\"pin\":\"987654\"}}"),
            "request-malformed",
        ),
        (
            "GET /v1/status?nonce=BiMat",
            format!("Authorization: Bearer {token}\r\n"),
            String::new(),
            "request-malformed",
        ),
        (
            "GET /v1/pairings/BiMatWord",
            page.clone(),
            String::new(),
            "pairing-unknown",
        ),
        (
            "GET /Nguyen-Thi-Bi-Mat",
            format!("Authorization: Bearer {token}\r\n"),
            String::new(),
            "route-unknown",
        ),
        (
            "BREW /v1/status",
            page.clone(),
            String::new(),
            "method-unknown",
        ),
    ]
}

#[test]
fn every_refusal_has_its_line_in_the_log_and_nothing_personal_has() {
    let running = Running::start("log-level = \"debug\"");
    let token = running.said(&["pairings", "add-program", "Phần mềm Hòa Bình"]);
    assert_eq!(token.0, Some(0));
    let token = token.1.trim().to_owned();
    let json = "Content-Type: application/json\r\n";
    let page = format!("Origin: {PAGE}\r\n");
    let attacks = attacks(&token);
    for (line, headers, body, expected) in &attacks {
        let reply = running.call(line, headers, body);
        assert_eq!(code(&reply), *expected, "{line} {headers} {reply}");
    }
    let foreign = "GET /v1/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    assert_eq!(code(&running.raw(foreign)), "host-foreign");
    let old = format!(
        "GET /v1/status HTTP/1.0\r\nHost: 127.0.0.1:{}\r\n\r\n",
        running.port
    );
    assert_eq!(code(&running.raw(&old)), "request-malformed");
    let asked = running.call(
        "POST /v1/pairings",
        &format!("{page}{json}"),
        &format!("{{\"name\":\"{NAME}\"}}"),
    );
    assert!(asked.starts_with("HTTP/1.1 202"), "{asked}");

    let refused = running.logged("refused");
    let codes: Vec<&str> = refused
        .iter()
        .map(|line| line["fields"]["code"].as_str().unwrap())
        .collect();
    let mut expected: Vec<&str> = attacks.iter().map(|attack| attack.3).collect();
    expected.extend(["host-foreign", "request-malformed"]);
    assert_eq!(codes, expected);
    let answered = running.logged("answered");
    assert_eq!(answered.len(), 1);
    let fields = &answered[0]["fields"];
    assert_eq!(fields["route"], "/v1/pairings");
    assert_eq!(fields["origin"], PAGE);
    assert_eq!(fields["status"], 202);
    assert_eq!(refused[0]["fields"]["origin"], "https://evil.example");

    let log = running.log();
    let window = crate::http_gate::window_secret(running.folder.path(), 1);
    let word = asked.split('"').find(|part| part.len() == 43).unwrap();
    for personal in [
        NAME,
        "Bí Mật",
        "BiMat",
        "Bi-Mat",
        "123456",
        "987654",
        SECRET,
        &token,
        &window,
        word,
        "Hòa",
        "BREW",
    ] {
        assert!(!log.contains(personal), "{personal} is in {log}");
    }
}
