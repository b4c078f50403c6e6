//! The program at a command line: what a clerk does in a year, and its exit statuses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use trien_testkit::pki::Role as Holder;
use trien_testkit::services::LiveServices;
use trien_types::UnixTime;

use crate::school::{behind_the_program, certificate, crl, pki, time_stamp};

pub(crate) struct Desk {
    folder: TempDir,
}

pub(crate) struct Said {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap(),
        }
    }

    pub(crate) fn file(&self, name: &str, octets: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, octets).unwrap();
        path.display().to_string()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn database(&self) -> PathBuf {
        self.path("data/triend.sqlite")
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_triend"))
            .arg("--data")
            .arg(self.path("data"))
            .args(arguments)
            .output()
            .unwrap();
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        Said {
            status: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// Runs what must be done, and gives what it said.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.status, Some(0), "{arguments:?}: {}", said.err);
        said.out
    }

    /// With a principal (1) and a clerk (2) in the register.
    pub(crate) fn staffed() -> Self {
        let desk = Self::new();
        let principal = desk.file("principal.der", &certificate(Holder::Principal));
        let pem = pki().identity(Holder::SchoolSeal).unwrap();
        let seal = desk.file("seal.pem", &pem.certificate_pem().unwrap());
        for (person, role, file) in [
            ("Nguyễn Thị Hòa", "hieu-truong", &principal),
            ("Trần Văn Thư", "van-thu", &seal),
        ] {
            desk.done(&[
                "register",
                "add",
                "--person",
                person,
                "--body",
                "Trường THCS Thái Học",
                "--role",
                role,
                "--certificate",
                file,
                "--from",
                "2026-09-05",
                "--decision",
                "12/QĐ",
            ]);
        }
        desk
    }
}

pub(crate) fn add_record<'a>(document: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec![
        "evidence",
        "add",
        "--document",
        document,
        "--direction",
        "outgoing",
    ];
    arguments.extend_from_slice(rest);
    arguments
}

#[test]
fn the_register_is_kept_and_asked_at_a_time() {
    let desk = Desk::staffed();
    let assigned = desk.done(&[
        "register",
        "assign-seal",
        "--device",
        "VGCA 5A21",
        "--clerk",
        "2",
        "--decision",
        "7/QĐ",
        "--from",
        "2026-09-06",
        "--as",
        "1",
    ]);
    assert_eq!(assigned, "1\n");
    desk.done(&["register", "end", "1", "--until", "2026-12-01"]);
    let listed = |at| desk.done(&["register", "list", "--at", at]);
    assert_eq!(listed("2026-09-01"), "");
    let autumn = listed("2026-10-01");
    assert!(autumn.contains("Hiệu trưởng\tNguyễn Thị Hòa"), "{autumn}");
    assert!(autumn.contains("thiết bị con dấu\tVGCA 5A21"), "{autumn}");
    assert!(!listed("2026-12-01").contains("Hiệu trưởng"));
    let json = desk.done(&["register", "list", "--format", "json"]);
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(first["role"], "hieu-truong");
    assert_eq!(first["until"], "2026-12-01T00:00:00+07:00");
    let refused = desk.run(&["register", "end", "1", "--until", "2026-11-01"]);
    assert_eq!(refused.status, Some(2));
    assert!(refused.err.contains("đã kết thúc rồi"), "{}", refused.err);
    let refused = desk.run(&[
        "--lang",
        "en",
        "register",
        "end",
        "9",
        "--until",
        "2026-11-01",
    ]);
    assert!(refused.err.contains("there is no entry of the register 9"));
    assert_eq!(desk.run(&["audit", "check"]).status, Some(0));
}

#[test]
fn evidence_is_added_checked_shown_and_destroyed() {
    let desk = Desk::staffed();
    let document = desk.file("record.pdf", b"%PDF-1.7 signed");
    let crl_file = desk.file("ca.crl", &crl());
    let cps = desk.file("cps.pdf", b"quy che");
    let token = desk.file("token.tsr", &time_stamp(b"%PDF-1.7 signed"));
    let rest = ["--signer", "1", "--crl", &crl_file, "--number", "15"];
    assert_eq!(desk.done(&add_record(&document, &rest)), "1\n");
    let incomplete = desk.run(&["evidence", "check"]);
    assert_eq!(incomplete.status, Some(1));
    assert_eq!(
        incomplete.out,
        "1\tthiếu quy chế chứng thực\n1\tthiếu dấu thời gian khi ký\n"
    );
    let rest = [
        "--cps-url",
        "https://ca.gov.vn/cps.pdf",
        "--cps-file",
        &cps,
        "--time-stamp-at-signing",
        &token,
    ];
    assert_eq!(desk.done(&add_record(&document, &rest)), "1\n");
    assert_eq!(desk.done(&["evidence", "check", "1"]), "1\tđầy đủ\n");
    let export = desk.path("export");
    fs::create_dir(&export).unwrap();
    let shown = desk.done(&[
        "evidence",
        "show",
        "1",
        "--export",
        export.to_str().unwrap(),
    ]);
    assert!(shown.contains("trách nhiệm của người ký"), "{shown}");
    assert!(
        shown.contains("hieu-truong · chinh-danh · 12/QĐ"),
        "{shown}"
    );
    let octets = fs::read(export.join("2-crl.der")).unwrap();
    assert_eq!(octets, crl());

    let other = desk.file("other.pdf", b"other");
    let wrong = desk.run(&[
        "evidence",
        "destroy",
        "1",
        "--decision",
        "3/BB",
        "--document",
        &other,
    ]);
    assert_eq!(wrong.status, Some(2));
    assert!(
        wrong.err.contains("không phải văn bản của hồ sơ"),
        "{}",
        wrong.err
    );
    desk.done(&["evidence", "withdraw", "1", "--notice", "20/TB-PGDĐT"]);
    let destroyed = desk.done(&[
        "evidence",
        "destroy",
        "1",
        "--decision",
        "3/BB",
        "--document",
        &document,
    ]);
    assert_eq!(destroyed, "5 mục đã hủy\n");
    assert!(!Path::new(&document).exists());
    desk.done(&["evidence", "report", "1", "--reference", "21/BC"]);
    let listed = desk.done(&["--lang", "en", "evidence", "list"]);
    assert!(listed.contains("destroyed, withdrawn"), "{listed}");
    assert_eq!(desk.done(&["evidence", "check"]), "");
    assert_eq!(desk.run(&["store", "check"]).status, Some(0));
}

#[test]
fn an_exported_head_and_the_check_find_what_was_altered() {
    let desk = Desk::staffed();
    let head = desk.path("head.json").display().to_string();
    let shown = desk.done(&["audit", "head", "--export", &head]);
    assert_eq!(fs::read_to_string(&head).unwrap(), shown);
    let checked = desk.done(&["audit", "check", "--head", &head]);
    assert!(checked.contains("3 mục trong nhật ký"), "{checked}");
    let junk = desk.file("junk.json", b"{}");
    assert_eq!(
        desk.run(&["audit", "check", "--head", &junk]).status,
        Some(2)
    );
    // A head may take an earlier one's place, and no other file's.
    desk.done(&["audit", "head", "--export", &head]);
    let refused = desk.run(&["audit", "head", "--export", &junk]);
    assert_eq!(refused.status, Some(2));
    assert_eq!(fs::read(&junk).unwrap(), b"{}");

    let backup = desk.path("backup.sqlite").display().to_string();
    desk.done(&["store", "backup", &backup]);
    behind_the_program(&desk.database())
        .execute_batch(
            "DELETE FROM audit_entry WHERE sequence = 3; DELETE FROM signer WHERE id = 2;",
        )
        .unwrap();
    let found = desk.run(&["audit", "check", "--head", &head]);
    assert_eq!(found.status, Some(1));
    assert!(
        found.out.contains("nhật ký kết thúc trước mục 3"),
        "{}",
        found.out
    );
    let restored = desk.done(&["store", "restore", &backup]);
    assert!(restored.contains("đã phục hồi đến mục 3"), "{restored}");
    let checked = desk.done(&["--lang", "en", "audit", "check", "--head", &head]);
    assert!(checked.contains("4 entries in the log"), "{checked}");
}

#[test]
fn a_head_is_time_stamped_by_an_authority_and_kept() {
    let desk = Desk::staffed();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let now = UnixTime::from_seconds(i64::try_from(now).unwrap());
    let keys = Path::new(env!("CARGO_TARGET_TMPDIR")).join("triend-live-keys");
    let services = LiveServices::start(&keys, now).unwrap();
    let url = services.time_stamps.url();
    let refused = desk.run(&["audit", "head", "--tsa", &url]);
    assert_eq!(refused.status, Some(2), "loopback is no public address");
    desk.done(&["audit", "head", "--tsa", &url, "--allow-private-addresses"]);
    let checked = desk.done(&["audit", "check"]);
    assert!(checked.contains("bảo đảm đến mục 3"), "{checked}");
}

#[test]
fn without_a_store_nothing_is_made_by_asking() {
    let desk = Desk::new();
    for arguments in [
        &["register", "list"][..],
        &["evidence", "list"],
        &["evidence", "check"],
        &["audit", "check"],
        &["store", "check"],
        &["store", "backup", "x"],
    ] {
        let said = desk.run(arguments);
        assert_eq!(said.status, Some(2));
        assert!(said.err.contains("chưa có kho"), "{}", said.err);
    }
    assert!(!desk.path("data").exists());
    let usage = desk.run(&["register", "add"]);
    assert_eq!(usage.status, Some(2));
}
