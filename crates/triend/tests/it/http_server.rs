//! The program over its sockets: ports, instances, slow and large senders, signals, and its log.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use triend::config::{Config, PORTS};
use triend::daemon::Daemon;
use triend::http::server::Listening;

use crate::http_gate::{PAGE, browser};

/// The program, running with a folder of its own on a free port.
struct Running {
    folder: TempDir,
    child: Child,
    port: u16,
}

fn program(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_triend"));
    command.arg("--data").arg(folder.path().join("data"));
    command
}

impl Running {
    fn start(further: &str) -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let words = browser(folder.path());
        let text = format!("port = 0\nbrowser = {words:?}\n{further}\n");
        fs::write(folder.path().join("triend.toml"), text).unwrap();
        let child = program(&folder)
            .arg("--config")
            .arg(folder.path().join("triend.toml"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (child, port) = started(child);
        Self {
            folder,
            child,
            port,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(120)))
            .unwrap();
        stream
    }

    /// Sends octets and reads until the other side ends.
    fn raw(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        read_all(&mut stream)
    }

    fn call(&self, line: &str, headers: &str, body: &str) -> String {
        let host = format!("127.0.0.1:{}", self.port);
        let length = body.len();
        self.raw(&format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             {headers}\r\n{body}"
        ))
    }

    fn said(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = program(&self.folder).args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("data/logs/triend.log")).unwrap()
    }

    /// The lines of the log with this message.
    fn logged(&self, message: &str) -> Vec<Value> {
        let lines: Vec<Value> = self
            .log()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let of = |line: &Value| line["fields"]["message"] == message;
        lines.into_iter().filter(of).collect()
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([format!("-{name}"), self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }

    fn ended(&mut self, within: Duration) -> Option<i32> {
        let start = Instant::now();
        while start.elapsed() < within {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it still runs after {within:?}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for the line with the address.
fn started(mut child: Child) -> (Child, u16) {
    let mut line = String::new();
    let out = child.stdout.as_mut().unwrap();
    BufReader::new(out).read_line(&mut line).unwrap();
    let port = line.trim().rsplit_once(':').map(|(_, port)| port.parse());
    match port {
        Some(Ok(port)) => (child, port),
        _ => panic!("{line:?} {:?}", child.wait()),
    }
}

fn read_all(stream: &mut TcpStream) -> String {
    let mut octets = vec![];
    // A connection that is closed with something unread is reset: what came before counts.
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        octets.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8(octets).unwrap()
}

fn code(reply: &str) -> String {
    let body = reply.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    body["error"]["code"].as_str().unwrap_or("-").to_owned()
}

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

#[test]
fn a_second_start_says_where_the_first_one_is() {
    let mut running = Running::start("");
    let (status, said) = running.said(&["serve"]);
    assert_eq!(status, Some(2));
    assert!(
        said.contains(&format!("http://127.0.0.1:{}", running.port)),
        "{said}"
    );
    // Neither log nor store of the first one is touched, and it goes on.
    assert!(running.call("GET /v1/status", "", "").contains("triend"));
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    // However it ended, its place is free.
    let child = program(&running.folder)
        .args([
            "--config".as_ref(),
            running.folder.path().join("triend.toml").as_os_str(),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (child, port) = started(child);
    running.child = child;
    running.port = port;
    assert!(running.call("GET /v1/status", "", "").contains("triend"));
}

#[test]
fn on_a_fresh_machine_it_starts_without_any_file() {
    let home = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_triend"))
        .env_clear()
        .env("HOME", home.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut child, port) = started(child);
    assert!(PORTS.contains(&port), "{port}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        home.path()
            .join(".local/share/triend/triend.sqlite")
            .exists()
    );
}

#[tokio::test]
async fn a_port_that_is_taken_gives_way_to_the_next_of_the_list() {
    let first = Listening::on(PORTS[0]).await.unwrap();
    let second = Listening::on(PORTS[0]).await.unwrap();
    assert!(PORTS.contains(&first.port()) && PORTS.contains(&second.port()));
    assert_ne!(first.port(), second.port());
    assert!(second.skipped().contains(&first.port()));
    // A port that somebody chose is that port or none, also when only `::1` has it.
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let error = Listening::on(port).await.unwrap_err().to_string();
    assert!(error.contains(&port.to_string()), "{error}");
    drop(other);
    if let Ok(other) = TcpListener::bind(SocketAddr::new("::1".parse().unwrap(), port)) {
        Listening::on(port).await.unwrap_err();
        drop(other);
    }
}

#[test]
fn it_listens_on_this_machine_alone() {
    let running = Running::start("");
    let hex = format!(":{:04X}", running.port);
    let mut found = vec![];
    for list in ["/proc/net/tcp", "/proc/net/tcp6"] {
        for line in fs::read_to_string(list).unwrap_or_default().lines() {
            let columns: Vec<&str> = line.split_ascii_whitespace().collect();
            if columns[1].ends_with(&hex) && columns[3] == "0A" {
                found.push(columns[1].trim_end_matches(&hex).to_owned());
            }
        }
    }
    assert!(!found.is_empty(), "this test needs /proc/net/tcp");
    let loopback = ["0100007F", "00000000000000000000000001000000"];
    assert!(
        found
            .iter()
            .all(|address| loopback.contains(&address.as_str())),
        "{found:?}"
    );
}

/// How many of these connections the other side has closed.
fn closed_of(connections: &[TcpStream]) -> usize {
    let is_closed = |mut stream: &TcpStream| {
        stream.set_nonblocking(true).unwrap();
        match stream.read(&mut [0]) {
            Ok(0) => true,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => true,
            Err(error) => {
                assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
                false
            }
            Ok(_) => panic!("nobody asked"),
        }
    };
    let closed = connections.iter().filter(|stream| is_closed(stream));
    closed.count()
}

#[test]
fn a_head_that_drips_a_connection_that_idles_and_too_many_of_them_are_closed() {
    let running = Running::start("[limits]\nconnections = 16");
    let start = Instant::now();
    let mut slow = running.connect();
    slow.write_all(b"GET /v1/status HTTP/1.1\r\nHost: ")
        .unwrap();
    let mut idle = running.connect();
    let host = running.port;
    let request = format!("GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{host}\r\n\r\n");
    idle.write_all(request.as_bytes()).unwrap();
    let drip = std::thread::spawn({
        let mut slow = slow.try_clone().unwrap();
        move || {
            while slow.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(200));
            }
        }
    });
    // Fourteen places are left.
    let others: Vec<TcpStream> = (0..40).map(|_| running.connect()).collect();
    // The others are closed at once, these fourteen only when they have idled for ten seconds.
    let mut closed = closed_of(&others);
    while closed < 40 - 14 {
        std::thread::sleep(Duration::from_millis(20));
        closed = closed_of(&others);
    }
    assert_eq!(closed, 40 - 14);
    assert!(!running.log().is_empty());
    read_all(&mut slow);
    read_all(&mut idle);
    drip.join().unwrap();
    let took = start.elapsed();
    assert!((8..60).contains(&took.as_secs()), "{took:?}");
    drop(others);
    assert!(running.call("GET /v1/status", "", "").contains("triend"));
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let running = Running::start("");
    let many = "X-A: b\r\n".repeat(100);
    let reply = running.call("GET /v1/status", &many, "");
    assert!(reply.starts_with("HTTP/1.1 431"), "{reply}");
    let large = format!("X-A: {}\r\n", "b".repeat(100_000));
    let reply = running.call("GET /v1/status", &large, "");
    assert!(reply.starts_with("HTTP/1.1 431"), "{reply}");
    let host = running.port;
    let head = format!(
        "POST /v1/pairings HTTP/1.1\r\nHost: 127.0.0.1:{host}\r\nOrigin: {PAGE}\r\n\
         Content-Type: application/json\r\nContent-Length: 9000000000\r\n\r\n"
    );
    let mut stream = running.connect();
    stream.write_all(head.as_bytes()).unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 413");
}

/// A program that is paired and has begun a job of two documents: its word and the job's address.
fn collecting(running: &Running) -> (String, String) {
    let (_, token) = running.said(&["pairings", "add-program", "pyHanko"]);
    let bearer = format!("Authorization: Bearer {}\r\n", token.trim());
    let order = r#"{"documents":[{"name":"a"},{"name":"b"}],"signature":{"level":"b-b"}}"#;
    let json = format!("{bearer}Content-Type: application/json\r\n");
    let reply = running.call("POST /v1/jobs", &json, order);
    let job = reply.split("/v1/jobs/").nth(1).unwrap();
    (
        bearer,
        format!("/v1/jobs/{}", job.split("\r\n").next().unwrap()),
    )
}

#[test]
fn who_asks_before_sending_too_much_is_refused_at_once() {
    let running = Running::start("");
    let (bearer, job) = collecting(&running);
    let port = running.port;
    let start_of = |line: &str, octets: u64| {
        let mut stream = running.connect();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{bearer}Content-Type: application/pdf\r\n\
             Content-Length: {octets}\r\nExpect: 100-continue\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut start = [0; 12];
        stream.read_exact(&mut start).unwrap();
        String::from_utf8(start.to_vec()).unwrap()
    };
    for line in [
        format!("PUT {job}/documents/1"),
        "POST /v1/verifications".to_owned(),
    ] {
        assert_eq!(start_of(&line, 9_000_000_000_000), "HTTP/1.1 413", "{line}");
        assert_eq!(start_of(&line, 1_000), "HTTP/1.1 100", "{line}");
    }
}

#[test]
fn of_two_who_send_the_same_document_at_once_one_is_taken() {
    let running = Running::start("");
    let (bearer, job) = collecting(&running);
    let document = format!("%PDF-1.7\n{}", "x".repeat(10_000));
    let line = format!("PUT {job}/documents/1");
    let headers = format!("{bearer}Content-Type: application/pdf\r\n");
    let mut first = running.connect();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{headers}Connection: close\r\nContent-Length: {}\r\n\r\n",
        running.port,
        document.len()
    );
    first.write_all(head.as_bytes()).unwrap();
    first.write_all(&document.as_bytes()[..5_000]).unwrap();
    let folder = running
        .folder
        .path()
        .join("data/spool")
        .join(job.rsplit('/').next().unwrap());
    let has = |name: &str| folder.join(name).exists();
    while !has("1.in.part") {
        std::thread::sleep(Duration::from_millis(10));
    }
    let second = running.call(&line, &headers, &document);
    assert!(second.starts_with("HTTP/1.1 409"), "{second}");
    assert_eq!(code(&second), "job-state");
    first.write_all(&document.as_bytes()[5_000..]).unwrap();
    let reply = read_all(&mut first);
    assert!(reply.starts_with("HTTP/1.1 204"), "{reply}");
    let kept = fs::read(folder.join("1.in.pdf")).unwrap();
    assert!(kept == document.as_bytes() && !has("1.in.part"));
    // One that goes away in the middle leaves the place free.
    let mut gone = running.connect();
    let head = head.replace("documents/1", "documents/2");
    gone.write_all(head.as_bytes()).unwrap();
    gone.write_all(&document.as_bytes()[..5_000]).unwrap();
    while !has("2.in.part") {
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(gone);
    while has("2.in.part") {
        std::thread::sleep(Duration::from_millis(10));
    }
}

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
    // Far sooner than a question that is looked at may wait.
    assert!(closed.elapsed() < Duration::from_secs(120));
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
fn it_ends_at_once_when_nothing_is_under_way() {
    for name in ["TERM", "INT", "HUP"] {
        let mut running = Running::start("");
        let mut idle = running.connect();
        running.signal(name);
        assert_eq!(running.ended(Duration::from_secs(60)), Some(0), "{name}");
        read_all(&mut idle);
        assert_eq!(running.logged("ended").len(), 1);
        assert!(!running.folder.path().join("data/daemon.address").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_waits_for_what_is_under_way_and_takes_nothing_new() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let listening = Listening::on(0).await.unwrap();
    let port = listening.port();
    let daemon = Daemon::open(Config::default(), folder.path().join("data"), port).unwrap();
    let hold = daemon.stop().hold();
    let serving = tokio::spawn({
        let daemon = daemon.clone();
        async move { listening.serve(&daemon).await }
    });
    let call = move || {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let request = format!(
            "GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        read_all(&mut stream)
    };
    let before = tokio::task::spawn_blocking(call).await.unwrap();
    assert!(before.starts_with("HTTP/1.1 200"), "{before}");
    daemon.stop().begin();
    let during = tokio::task::spawn_blocking(call).await.unwrap();
    assert_eq!(code(&during), "stopping");
    assert!(!serving.is_finished());
    drop(hold);
    tokio::time::timeout(Duration::from_secs(60), serving)
        .await
        .unwrap()
        .unwrap();
}

#[test]
fn the_connection_of_another_user_is_closed_unanswered() {
    let running = Running::start("");
    let script = format!(
        "exec 3<>/dev/tcp/127.0.0.1/{0}; printf 'GET /v1/status HTTP/1.1\\r\\nHost: 127.0.0.1:{0}\\r\\nConnection: close\\r\\n\\r\\n' >&3; cat <&3",
        running.port
    );
    let ours = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert!(String::from_utf8_lossy(&ours.stdout).contains("HTTP/1.1 200"));
    let theirs = Command::new("setpriv")
        .args(["--reuid", "65534", "--clear-groups", "bash", "-c", &script])
        .output();
    let Ok(theirs) = theirs else {
        println!("skipped: no setpriv here to become another user");
        return;
    };
    if String::from_utf8_lossy(&theirs.stderr).contains("setpriv:") {
        println!("skipped: not allowed to become another user here");
        return;
    }
    assert_eq!(String::from_utf8_lossy(&theirs.stdout), "");
    assert!(running.log().contains("\"code\":\"other-user\""));
}

#[test]
fn a_wrong_configuration_is_told_with_its_file_and_line_and_nothing_starts() {
    let running = Running::start("");
    let path: PathBuf = running.folder.path().join("wrong.toml");
    fs::write(&path, "port = 14741\n[limits]\njob_seconds = 5\n").unwrap();
    let path = path.display().to_string();
    let (status, said) = running.said(&["config", "check", &path]);
    assert_eq!(status, Some(1));
    assert_eq!(
        said,
        format!("{path}: dòng 3: không có khóa limits.job_seconds; có phải là job-seconds?\n")
    );
    let (status, said) = running.said(&["--config", &path, "--lang", "en"]);
    assert_eq!(status, Some(2));
    assert!(
        said.contains("line 3: there is no key limits.job_seconds"),
        "{said}"
    );
    let good = running
        .folder
        .path()
        .join("triend.toml")
        .display()
        .to_string();
    assert_eq!(running.said(&["config", "check", &good]).0, Some(0));
    assert_eq!(running.said(&["config", "check", "/nowhere"]).0, Some(2));
}
