//! Slow, large, idle and leaving senders over the program's sockets.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http_gate::PAGE;
use crate::running::{Running, code, read_all};

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
fn a_head_that_drips_and_a_connection_that_idles_are_closed() {
    let running = Running::start("");
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
    // Each read ends with its connection.
    read_all(&mut slow);
    assert!(read_all(&mut idle).starts_with("HTTP/1.1 200"));
    drip.join().unwrap();
    // Nobody else came: they had the time that a head has.
    assert!(start.elapsed().as_secs() >= 8, "{:?}", start.elapsed());
    assert!(running.call("GET /v1/status", "", "").contains("triend"));
}

/// Once part of the test above, which counted on a call being over when it was answered.
#[test]
fn of_too_many_connections_those_that_came_first_give_way() {
    let running = Running::start("[limits]\nconnections = 16");
    let crowd: Vec<TcpStream> = (0..56).map(|_| running.connect()).collect();
    // These give way at once, the last sixteen end when they have idled.
    while closed_of(&crowd[..40]) < 40 || running.logged("connection closed").len() < 40 {
        std::thread::sleep(Duration::from_millis(20));
    }
    while closed_of(&crowd) < 56 {
        std::thread::sleep(Duration::from_millis(100));
    }
    let gave_way = running.logged("connection closed");
    assert_eq!(gave_way.len(), 40);
    let code = |line: &Value| line["fields"]["code"] == "too-many-connections";
    assert!(gave_way.iter().all(code), "{gave_way:?}");
    assert!(running.call("GET /v1/status", "", "").contains("triend"));
}

#[test]
fn three_hundred_half_open_connections_keep_no_call_out() {
    let running = Running::start("");
    let half_open: Vec<TcpStream> = (0..300)
        .map(|_| {
            let mut stream = running.connect();
            // A head that never ends. One that gave way already takes nothing more.
            let _ = stream.write_all(b"GET /v1/status HTTP/1.1\r\nHost: ");
            stream
        })
        .collect();
    for _ in 0..20 {
        let reply = running.call("GET /v1/status", "", "");
        assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    }
    // Some gave way to the calls. Had each waited for its time to be over, none would have.
    while running.logged("connection closed").is_empty() || closed_of(&half_open) == 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_call_that_is_under_way_does_not_give_way() {
    let running = Running::start("[limits]\nconnections = 16");
    let (bearer, job) = collecting(&running);
    let document = format!("%PDF-1.7\n{}", "x".repeat(1_000));
    let mut sender = running.connect();
    let head = format!(
        "PUT {job}/documents/1 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{bearer}\
         Content-Type: application/pdf\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        running.port,
        document.len()
    );
    sender.write_all(head.as_bytes()).unwrap();
    sender.write_all(&document.as_bytes()[..500]).unwrap();
    let folder = running.folder.path().join("data/spool");
    let part = folder.join(job.rsplit('/').next().unwrap());
    while !part.join("1.in.part").exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let crowd: Vec<TcpStream> = (0..60).map(|_| running.connect()).collect();
    while closed_of(&crowd) < 60 - 15 {
        std::thread::sleep(Duration::from_millis(20));
    }
    sender.write_all(&document.as_bytes()[500..]).unwrap();
    let reply = read_all(&mut sender);
    assert!(reply.starts_with("HTTP/1.1 204"), "{reply}");
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

/// Clients that keep connections once sent every second call into one that was being closed.
#[test]
fn after_a_body_that_was_left_unread_the_connection_goes_on_or_the_reply_says_that_it_ends() {
    let running = Running::start("");
    let (bearer, job) = collecting(&running);
    let port = running.port;
    let head = |line: &str, octets: usize, further: &str| {
        format!(
            "{line} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{bearer}Content-Type: application/pdf\r\n\
             Content-Length: {octets}\r\n{further}\r\n"
        )
    };
    let unknown = format!("PUT /v1/jobs/{}/documents/1", "0".repeat(32));
    let foreign = "POST /v1/jobs".to_owned();
    let beyond = format!("PUT {job}/documents/3");
    for (line, status) in [(&unknown, "404"), (&beyond, "404"), (&foreign, "415")] {
        let mut stream = running.connect();
        for _ in 0..4 {
            let call = [head(line, 300_000, "").into_bytes(), vec![b'x'; 300_000]].concat();
            stream.write_all(&call).unwrap();
            let (head, _) = one_reply(&mut stream);
            assert!(
                head.starts_with(&format!("http/1.1 {status}")),
                "{line}: {head}"
            );
            // On a machine that has no time for it.
            if head.contains("\r\nconnection: close") {
                stream = running.connect();
            }
        }
    }
    // What is too long is not waited for, and nobody is asked for what is not wanted.
    for (octets, further) in [(20_000_000, ""), (1_000, "Expect: 100-continue\r\n")] {
        let mut stream = running.connect();
        let call = head(&unknown, octets, further);
        stream.write_all(call.as_bytes()).unwrap();
        let (head, _) = one_reply(&mut stream);
        assert!(head.starts_with("http/1.1 404"), "{head}");
        assert!(head.contains("\r\nconnection: close"), "{head}");
    }
}

/// Head, in small letters, and body of a reply on a connection that goes on.
fn one_reply(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut octet = [0];
        stream.read_exact(&mut octet).unwrap();
        head.extend(octet);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap();
    let length = length.split("\r\n").next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    (head, body)
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
