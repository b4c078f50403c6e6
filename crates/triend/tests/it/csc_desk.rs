//! A desk for programs that speak the API of the Cloud Signature Consortium: the real program with
//! tokens in a drawer, paired callers, and a person who answers windows over the page's own routes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use trien_testkit::pki::{CertificatePlan, Identity, KeyKind, Role, Validity};
use trien_testkit::tokens::{CONFIG_VARIABLE, ContextLogin, TEST_PIN, TokenPlan};
use trien_types::UnixTime;
use triend::pairing::Given;
use triend::store::{Actor, ShortText, Store};

use crate::http_gate::{browser, window_secret, windows};
use crate::school::{START, certificate, pki};
use crate::worker_softhsm::{Drawer, plan};

pub(crate) const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub(crate) const SHA384: &str = "2.16.840.1.101.3.4.2.2";
pub(crate) const RSA: &str = "1.2.840.113549.1.1.1";
pub(crate) const RSA_SHA256: &str = "1.2.840.113549.1.1.11";
pub(crate) const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";

pub(crate) const V1: &str = "/csc/v1";
pub(crate) const V2: &str = "/csc/v2";

/// The program, its tokens and its windows.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    drawer: Drawer,
    child: Child,
    pub(crate) port: u16,
    windows: AtomicUsize,
    /// Words of the callers that are paired.
    pub(crate) callers: [String; 2],
}

/// How much the program may write.
#[derive(Clone, Copy)]
pub(crate) enum Room {
    Enough,
    /// Files of so many blocks of 512 octets at most.
    Files(u32),
    /// A disk of so many kilobytes of its own, which is gone with it.
    Disk(u32),
}

impl Room {
    fn program(self, folder: &Path) -> Command {
        let program = env!("CARGO_BIN_EXE_triend");
        let (words, script): (&[&str], String) = match self {
            Self::Enough => return Command::new(program),
            // Ignored, the signal becomes an error of the write.
            Self::Files(blocks) => (
                &["sh", "-c"],
                format!("trap \"\" XFSZ; ulimit -f {blocks};"),
            ),
            Self::Disk(kilobytes) => (
                &[
                    "unshare",
                    "--user",
                    "--map-root-user",
                    "--mount",
                    "sh",
                    "-c",
                ],
                format!(
                    "mount -t tmpfs -o mode=700,size={kilobytes}k tmpfs '{}' &&",
                    folder.join("data").display()
                ),
            ),
        };
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .arg(format!("{script} exec \"$0\" \"$@\""))
            .arg(program);
        command
    }
}

/// Starts the program in its folder and waits for its port.
fn start(folder: &Path, drawer: &Drawer, room: Room) -> (Child, u16) {
    let mut child = room
        .program(folder)
        .arg("--data")
        .arg(folder.join("data"))
        .arg("--config")
        .arg(folder.join("triend.toml"))
        .env(CONFIG_VARIABLE, &drawer.tokens.config_path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let port = line.trim().rsplit_once(':').unwrap().1.parse().unwrap();
    (child, port)
}

/// A reply: status and JSON.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) json: Value,
}

impl Reply {
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.json);
        self.json
    }

    /// Status, `error` and `error_description` of a refusal.
    pub(crate) fn refused(&self) -> (u16, &str, &str) {
        let text = |name: &str| self.json[name].as_str().unwrap_or("-");
        (self.status, text("error"), text("error_description"))
    }

    pub(crate) fn sad(self) -> String {
        self.ok()["SAD"].as_str().unwrap().to_owned()
    }
}

/// The window of a question, with its session.
pub(crate) struct Window<'d> {
    desk: &'d Desk,
    session: String,
}

impl Desk {
    /// The principal's token. `None`, said aloud, without `SoftHSM`.
    pub(crate) fn new() -> Option<Self> {
        Self::with(&[plan(Role::Principal)], "")
    }

    pub(crate) fn with(plans: &[TokenPlan], further: &str) -> Option<Self> {
        let drawer = Drawer::with(plans)?;
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let data = folder.path().join("data");
        let mut store = Store::open_or_create(&data, START).unwrap();
        let callers = ["Sổ điểm", "Kế toán"].map(|name| {
            let name = ShortText::new(name).unwrap();
            let paired = triend::pairing::pair(&mut store, None, name, Actor::Administrator, START);
            match paired.unwrap().1 {
                Given::Token(token) => token.reveal(),
                other => panic!("{other:?}"),
            }
        });
        drop(store);
        let words = browser(folder.path());
        let module = drawer.tokens.module_path.display().to_string();
        let config = folder.path().join("triend.toml");
        let text = format!("port = 0\nbrowser = {words:?}\nmodules = [{module:?}]\n{further}\n");
        std::fs::write(&config, text).unwrap();
        let (child, port) = start(folder.path(), &drawer, Room::Enough);
        Some(Self {
            folder,
            drawer,
            child,
            port,
            windows: AtomicUsize::new(0),
            callers,
        })
    }

    /// The number of the program's process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the end of the program, which somebody killed, and starts it again.
    pub(crate) fn start_again(&mut self) {
        assert!(!self.child.wait().unwrap().success());
        (self.child, self.port) = start(self.folder.path(), &self.drawer, Room::Enough);
    }

    /// Ends the program and starts it with so much room.
    pub(crate) fn start_with(&mut self, room: Room) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        (self.child, self.port) = start(self.folder.path(), &self.drawer, room);
    }

    /// Pairs a program with the data that are there now.
    pub(crate) fn pair_again(&mut self) {
        // Where it has a disk of its own, the command line has to see that one too.
        let process = self.process().to_string();
        let output = Command::new("nsenter")
            .args(["--preserve-credentials", "--user", "--mount", "--target"])
            .arg(process)
            .arg(env!("CARGO_BIN_EXE_triend"))
            .arg("--data")
            .arg(self.folder.path().join("data"))
            .args(["pairings", "add-program", "Sổ điểm"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(output.status.success(), "{output:?}");
        self.callers[0] = said.lines().last().unwrap().to_owned();
    }

    /// The folder of its tokens, and what says where they are.
    pub(crate) fn tokens(&self) -> &Path {
        &self.drawer.tokens.config_path
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A call with these headers; status and body.
    pub(crate) fn send(&self, line: &str, headers: &str, body: &str) -> (u16, String) {
        let (head, octets) = self.exchange(line, headers, body).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let is_json = head
            .to_ascii_lowercase()
            .contains("content-type: application/json");
        assert!(is_json || octets.is_empty(), "{head}");
        (status, String::from_utf8(octets).unwrap())
    }

    /// Head and body of a reply; an error or none where the program is gone.
    pub(crate) fn exchange(
        &self,
        line: &str,
        headers: &str,
        body: &str,
    ) -> std::io::Result<(String, Vec<u8>)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let patience = Some(Duration::from_secs(1_200));
        stream.set_read_timeout(patience)?;
        let request = format!(
            "{line} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\
             Content-Length: {}\r\n{headers}\r\n{body}",
            self.port,
            body.len()
        );
        // One that is refused before its end is closed: the reply tells why.
        let written = stream.write_all(request.as_bytes());
        let mut octets = Vec::new();
        let mut buffer = [0; 65_536];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            octets.extend_from_slice(&buffer[..count]);
        }
        let end = octets.windows(4).position(|four| four == b"\r\n\r\n");
        if end.is_none() {
            written?;
        }
        let end = end.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let head = String::from_utf8(octets[..end].to_vec()).unwrap();
        Ok((head, octets.split_off(end + 4)))
    }

    fn post(&self, path: &str, headers: &str, body: &Value) -> Reply {
        let headers = format!("Content-Type: application/json\r\n{headers}");
        let (status, body) = self.send(&format!("POST {path}"), &headers, &body.to_string());
        Reply {
            status,
            json: serde_json::from_str(&body).unwrap_or(Value::Null),
        }
    }

    /// A call by somebody who is not paired.
    pub(crate) fn stranger(&self, path: &str, body: &Value) -> Reply {
        self.post(path, "", body)
    }

    /// A call by a paired program.
    pub(crate) fn by(&self, caller: usize, path: &str, body: &Value) -> Reply {
        let word = format!("Authorization: Bearer {}\r\n", self.callers[caller]);
        self.post(path, &word, body)
    }

    pub(crate) fn call(&self, path: &str, body: &Value) -> Reply {
        self.by(0, path, body)
    }

    /// Waits for the next window.
    pub(crate) fn window(&self) -> Window<'_> {
        let number = self.windows.fetch_add(1, Ordering::SeqCst) + 1;
        let secret = window_secret(self.folder.path(), number);
        let own = self.own("");
        let opened = self.post("/consent/session", &own, &json!({ "secret": secret }));
        let session = opened.ok()["session"].as_str().unwrap().to_owned();
        Window {
            desk: self,
            session,
        }
    }

    fn own(&self, further: &str) -> String {
        let base = self.base();
        format!("Origin: {base}\r\nSec-Fetch-Site: same-origin\r\n{further}")
    }

    /// Asks for consent; `answer` is given in the window that opens.
    pub(crate) fn asking<'d>(
        &'d self,
        caller: usize,
        path: &str,
        body: &Value,
        answer: impl FnOnce(&Window<'d>),
    ) -> (Reply, Window<'d>) {
        std::thread::scope(|scope| {
            let call = scope.spawn(|| self.by(caller, path, body));
            let window = self.window();
            answer(&window);
            (call.join().unwrap(), window)
        })
    }

    /// Asks, and the person agrees with the right PIN.
    pub(crate) fn agreed(&self, path: &str, body: &Value) -> String {
        let path = format!("{path}/credentials/authorize");
        self.asking(0, &path, body, Window::agree).0.sad()
    }

    /// Windows that were opened and nobody has looked at.
    pub(crate) fn unseen_windows(&self) -> usize {
        let opened = windows(self.folder.path()).len();
        opened - self.windows.load(Ordering::SeqCst)
    }

    /// Kills the processes of the program that have the drivers.
    pub(crate) fn kill_workers(&self) {
        self.signal_workers("-KILL");
    }

    /// Sends them a signal.
    pub(crate) fn signal_workers(&self, signal: &str) {
        let own = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{own}/task/{own}/children"));
        let mut ids: Vec<String> = Vec::new();
        ids.extend(
            children
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned),
        );
        for task in std::fs::read_dir(format!("/proc/{own}/task")).unwrap() {
            let of_task = task.unwrap().path().join("children");
            let children = std::fs::read_to_string(of_task).unwrap_or_default();
            ids.extend(children.split_whitespace().map(str::to_owned));
        }
        let is_worker = |id: &String| {
            let words = std::fs::read_to_string(format!("/proc/{id}/cmdline"));
            words.unwrap_or_default().contains("token-worker")
        };
        ids.retain(is_worker);
        assert!(!ids.is_empty(), "no process of a driver");
        for id in ids {
            Command::new("kill").args([signal, &id]).status().unwrap();
        }
    }

    /// Everything that the program has written.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("data/logs/triend.log")).unwrap()
    }

    /// The only credential there is.
    pub(crate) fn credential(&self) -> String {
        let list = self
            .call(&format!("{V1}/credentials/list"), &json!({}))
            .ok();
        let ids = list["credentialIDs"].as_array().unwrap();
        assert_eq!(ids.len(), 1, "{list}");
        ids[0].as_str().unwrap().to_owned()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Window<'_> {
    fn headers(&self) -> String {
        self.desk
            .own(&format!("X-Trien-Consent: {}\r\n", self.session))
    }

    pub(crate) fn agree(&self) {
        self.type_pin(TEST_PIN);
    }

    pub(crate) fn type_pin(&self, pin: &str) {
        let answer = json!({ "answer": "approved", "pin": pin });
        let reply = self.desk.post("/consent/answer", &self.headers(), &answer);
        assert_eq!(reply.status, 204, "{reply:?}");
    }

    /// Agrees to a job.
    pub(crate) fn sign_with(&self, certificate: &str, pin: &str) {
        let answer = json!({ "answer": "approved", "certificate": certificate, "pin": pin });
        let reply = self.desk.post("/consent/answer", &self.headers(), &answer);
        assert_eq!(reply.status, 204, "{reply:?}");
    }

    pub(crate) fn refuse(&self) {
        let answer = json!({ "answer": "refused" });
        let reply = self.desk.post("/consent/answer", &self.headers(), &answer);
        assert_eq!(reply.status, 204, "{reply:?}");
    }

    pub(crate) fn cancel(&self) -> u16 {
        let path = "/consent/cancel";
        self.desk.post(path, &self.headers(), &json!({})).status
    }

    /// What it shows.
    pub(crate) fn shows(&self) -> Value {
        let (status, body) = self.desk.send("GET /consent/ask", &self.headers(), "");
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// State of what came of it, and the code of the failure.
    pub(crate) fn outcome(&self) -> (String, String) {
        let shown = self.shows()["outcome"].take();
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        (text(&shown["state"]), text(&shown["stopped"]["code"]))
    }
}

/// Digest number `number` of so many octets, in base64.
pub(crate) fn hash_of(number: u8, octets: usize) -> String {
    STANDARD.encode(vec![number; octets])
}

pub(crate) fn hash_of_octets(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

/// As many SHA-256 digests as one consent takes, each another one, in base64.
pub(crate) fn a_thousand_hashes() -> Vec<String> {
    (0..1_000_u32)
        .map(|number| hash_of_octets(&[number.to_be_bytes().to_vec(), vec![0; 28]].concat()))
        .collect()
}

pub(crate) fn hash(number: u8) -> String {
    hash_of(number, 32)
}

/// A token with a certificate of the principal that the table does not have.
fn other_plan(name: &str, plan: &CertificatePlan) -> (TokenPlan, Identity) {
    let identity = pki().issue(name, plan).unwrap();
    let token = TokenPlan::new(name, TEST_PIN)
        .with_identity(&identity, ContextLogin::NotAsked)
        .unwrap()
        .with_certificate("issuer", &certificate(Role::GovernmentAuthority));
    (token, identity)
}

pub(crate) fn elliptic() -> (TokenPlan, Identity) {
    let plan = CertificatePlan::of(Role::Principal).with_key(KeyKind::P256);
    other_plan("csc-p256", &plan)
}

pub(crate) fn expired() -> (TokenPlan, Identity) {
    let validity = Validity::new(
        UnixTime::from_seconds(1_756_659_600),
        UnixTime::from_seconds(1_767_000_000),
    );
    let plan = CertificatePlan::of(Role::Principal).with_validity(validity);
    other_plan("csc-expired", &plan)
}

/// A folder with the roots.
pub(crate) fn anchors(folder: &TempDir) -> PathBuf {
    let anchors = folder.path().join("anchors");
    std::fs::create_dir_all(&anchors).unwrap();
    pki().write_anchors(&anchors).unwrap();
    anchors
}
