//! The daemon to try as a person: software tokens, a records page and `triend`, until Ctrl+C.
//! Knows the lines that the records page's program prints, and nothing of signing.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};

use crate::failure::Failure;
use crate::workspace::{Workspace, status};

/// Where tokens, configuration and the daemon's store are.
const FOLDER: &str = "target/demo-daemon";

const PAGE: [&str; 4] = ["--package", "trien-examples", "--example", "records-page"];
const DAEMON: [&str; 2] = ["--package", "triend"];

/// A program that ends with this one.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already needs nothing.
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

/// Builds both programs, starts them, says what to click, and waits for the daemon's end.
///
/// # Errors
/// Where a program cannot be built or started, or the records page ends before it is there.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Failure> {
    println!("xtask: building triend and the records page.");
    for package in [&DAEMON[..], &PAGE[..]] {
        let mut build = workspace.cargo();
        build.args(["build", "--release", "--quiet"]).args(package);
        if !status(&mut build)?.success() {
            let command = format!("cargo build --release {}", package.join(" "));
            return Err(Failure::CommandFailed { command });
        }
    }
    println!("xtask: making tokens and the học bạ of a class.");
    let folder = workspace.path(FOLDER);
    let mut page = cargo_run(workspace, &PAGE);
    page.arg(&folder).stdout(Stdio::piped());
    let mut page = Running(start(page)?);
    let said = page.0.stdout.take().map(BufReader::new).map(facts);
    let said = said.unwrap_or_default();
    let value = |name: &str| said.get(name).map_or("", String::as_str);
    if value("page").is_empty() {
        let command = format!("cargo run --release {}", PAGE.join(" "));
        return Err(Failure::CommandFailed { command });
    }
    let mut daemon = cargo_run(workspace, &DAEMON);
    daemon.arg("--data").arg(folder.join("data"));
    daemon.args(["--config", value("config"), "serve"]);
    daemon.env("SOFTHSM2_CONF", value("SOFTHSM2_CONF"));
    let mut daemon = Running(start(daemon)?);
    println!("{}", words(value("page"), value("pin")));
    let status = daemon.0.wait().map_err(not_started("triend"))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn cargo_run(workspace: &Workspace, package: &[&str]) -> Command {
    let mut command = workspace.cargo();
    command.args(["run", "--release", "--quiet"]).args(package);
    command.arg("--").stdin(Stdio::null());
    command
}

fn start(mut command: Command) -> Result<Child, Failure> {
    command.spawn().map_err(not_started("cargo run"))
}

fn not_started(command: &str) -> impl FnOnce(std::io::Error) -> Failure {
    let command = command.to_owned();
    move |source| Failure::CommandNotStarted { command, source }
}

/// The lines `name=value` up to the last one, which names the page.
fn facts(lines: impl BufRead) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    for line in lines.lines().map_while(Result::ok) {
        if let Some((name, value)) = line.split_once('=') {
            facts.insert(name.to_owned(), value.to_owned());
            if name == "page" {
                break;
            }
        }
    }
    facts
}

fn words(page: &str, pin: &str) -> String {
    format!(
        "
Mở trang này trong trình duyệt trên máy này / open this page in a browser on this machine:

    {page}

  1. Bấm “Kết nối triend”; trong cửa sổ vừa mở, bấm “Cho phép”.
     Press “Kết nối triend”; in the window that opens press “Cho phép” (allow).
  2. Chọn việc và học sinh, bấm nút ký; trong cửa sổ vừa mở, chọn chứng thư số, dời dấu nếu muốn,
     nhập mã PIN {pin}.
     Choose what to do and for whom, and press the button; in the window that opens choose the
     certificate, move the mark if you like, type the PIN {pin}.
  3. Tải các tệp đã ký về từ trang. Ctrl+C để kết thúc.
     Fetch the signed files from the page. Ctrl+C ends it all.
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_end_with_the_page() {
        let lines = "config=/a/b=c.toml\nhello\npage=http://127.0.0.1:1/\npin=1\n";
        let found = facts(lines.as_bytes());
        assert_eq!(found["config"], "/a/b=c.toml");
        assert_eq!(found["page"], "http://127.0.0.1:1/");
        assert_eq!(found.len(), 2);
        assert!(words("PAGE", "PIN").contains("PAGE"));
    }
}
