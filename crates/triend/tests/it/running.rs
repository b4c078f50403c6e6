//! The program, running, with its sockets, its log and its signals.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::http_gate::browser;

/// The program, running with a folder of its own on a free port.
pub(crate) struct Running {
    pub(crate) folder: TempDir,
    pub(crate) child: Child,
    pub(crate) port: u16,
}

pub(crate) fn program(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_triend"));
    command.arg("--data").arg(folder.path().join("data"));
    command
}

impl Running {
    pub(crate) fn start(further: &str) -> Self {
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

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(600)))
            .unwrap();
        stream
    }

    /// Sends octets and reads until the other side ends.
    pub(crate) fn raw(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        read_all(&mut stream)
    }

    pub(crate) fn call(&self, line: &str, headers: &str, body: &str) -> String {
        let host = format!("127.0.0.1:{}", self.port);
        let length = body.len();
        self.raw(&format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             {headers}\r\n{body}"
        ))
    }

    pub(crate) fn said(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = program(&self.folder).args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    }

    /// The lines of the log that are whole: the program may be writing the next one.
    pub(crate) fn log(&self) -> String {
        let path = self.folder.path().join("data/logs/triend.log");
        let mut octets = Vec::new();
        let mut file = fs::File::open(path).unwrap();
        file.read_to_end(&mut octets).unwrap();
        let whole = octets.iter().rposition(|octet| *octet == b'\n');
        octets.truncate(whole.map_or(0, |end| end + 1));
        String::from_utf8(octets).unwrap()
    }

    /// The lines of the log with this message.
    pub(crate) fn logged(&self, message: &str) -> Vec<Value> {
        let lines: Vec<Value> = self
            .log()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let of = |line: &Value| line["fields"]["message"] == message;
        lines.into_iter().filter(of).collect()
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([format!("-{name}"), self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }

    pub(crate) fn ended(&mut self, within: Duration) -> Option<i32> {
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
pub(crate) fn started(mut child: Child) -> (Child, u16) {
    let mut line = String::new();
    let out = child.stdout.as_mut().unwrap();
    BufReader::new(out).read_line(&mut line).unwrap();
    let port = line.trim().rsplit_once(':').map(|(_, port)| port.parse());
    match port {
        Some(Ok(port)) => (child, port),
        _ => panic!("{line:?} {:?}", child.wait()),
    }
}

/// Reads until the other side ends.
pub(crate) fn read_all(stream: &mut TcpStream) -> String {
    let mut octets = vec![];
    // A connection that is closed with something unread is reset: what came before counts.
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        octets.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8(octets).unwrap()
}

/// The code of an error, or a dash.
pub(crate) fn code(reply: &str) -> String {
    let body = reply.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    body["error"]["code"].as_str().unwrap_or("-").to_owned()
}
