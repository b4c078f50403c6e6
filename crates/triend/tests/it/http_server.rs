//! The program's start and end: ports, instances, whom it listens to, signals, its configuration.

use std::fs;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use triend::config::{Config, PORTS};
use triend::daemon::Daemon;
use triend::http::server::Listening;

use crate::running::{Running, code, program, read_all, started};

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

#[test]
fn it_ends_at_once_when_nothing_is_under_way() {
    for name in ["TERM", "INT", "HUP"] {
        let mut running = Running::start("");
        let mut idle = running.connect();
        running.signal(name);
        assert_eq!(running.ended(Duration::from_secs(600)), Some(0), "{name}");
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
    tokio::time::timeout(Duration::from_secs(600), serving)
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

/// A message of the daemon is Vietnamese where nobody asked for English, down to what the system says.
#[test]
fn whoever_reads_vietnamese_is_told_why_in_vietnamese() {
    let running = Running::start("");
    let at = |name: &str, octets: &[u8]| {
        let path = running.folder.path().join(name);
        fs::write(&path, octets).unwrap();
        path.display().to_string()
    };
    let (latin, broken) = (
        at("latin.toml", b"port = 14741\n# h\xe9\n"),
        at("broken.toml", b"port = \n"),
    );
    let twice = at("twice.toml", b"port = 14741\nport = 14742\n");
    let file = at("a-file", b"");
    for (arguments, vietnamese, english) in [
        (
            &["config", "check", &latin][..],
            format!("{latin}: dòng 2: không phải UTF-8: hãy lưu tệp dạng UTF-8\n"),
            "line 2: not UTF-8",
        ),
        (
            &["config", "check", &broken],
            format!(
                "{broken}: dòng 1: không đúng dạng TOML: hãy xem dấu bằng, ngoặc kép và ngoặc vuông\n"
            ),
            "line 1: not TOML",
        ),
        (
            &["config", "check", &twice],
            format!("{twice}: dòng 2: khóa này đã có ở trên\n"),
            "line 2: not TOML: duplicate key",
        ),
        (
            &["config", "check", "/nowhere"],
            "triend: /nowhere: không có tệp hoặc thư mục này (mã lỗi 2)\n".to_owned(),
            "os error 2",
        ),
        (
            &["--data", &file, "serve"],
            format!("triend: {file} là tệp, không phải thư mục: hãy chọn thư mục bằng --data\n"),
            "is a file and no folder",
        ),
        (
            &["pairings", "add", "http://a.example"],
            "triend: <ORIGIN> không nhận “http://a.example”: trang phải dùng https; http chỉ được \
             dùng với trang của chính máy này: http://localhost:8080\nXem cách dùng: triend \
             --help, hoặc --help sau tên lệnh.\n"
                .to_owned(),
            "the page must use https",
        ),
        (
            &["evidence", "xyz"],
            "triend: không có lệnh xyz\nXem cách dùng: triend --help, hoặc --help sau tên \
             lệnh.\n"
                .to_owned(),
            "unrecognized subcommand",
        ),
    ] {
        // Of a folder of its own: `--data` may stand there only once.
        let said = |words: &[&str]| {
            let output = Command::new(env!("CARGO_BIN_EXE_triend"))
                .args(words)
                .env("HOME", running.folder.path())
                .output()
                .unwrap();
            String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
        };
        assert_eq!(said(arguments), vietnamese);
        let english_said = said(&[&["--lang", "en"], arguments].concat());
        assert!(english_said.contains(english), "{english_said}");
    }
}
