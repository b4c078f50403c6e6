//! Runs the example programs, and what they are run on.
//! Knows nothing of what they should say.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use trien_testkit::pki::{Identity, PkiSettings, Role, TestPki};
use trien_testkit::records::PlainDocument;
use trien_testkit::structures::{Structure, write};

/// Inside every validity of the test PKI.
pub(crate) const NOW: &str = "2026-05-31T08:00:00+07:00";

/// Behind every validity of signers in the test PKI.
pub(crate) const LATE: &str = "2031-05-31T08:00:00+07:00";

/// Where cargo puts the example programs: beside the folder of this test program.
fn examples() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let this = std::env::current_exe().unwrap();
        let mut profile = this.parent().unwrap();
        if profile.ends_with("deps") {
            profile = profile.parent().unwrap();
        }
        let folder = profile.join("examples");
        let name = format!("verify{}", std::env::consts::EXE_SUFFIX);
        // `cargo test` builds them; `cargo test --test it` does not.
        if !folder.join(name).is_file() {
            build(profile);
        }
        folder
    })
}

fn build(profile: &Path) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--examples", "--package", "trien-examples"])
        .arg("--target-dir")
        .arg(profile.parent().unwrap())
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    match profile.file_name().and_then(OsStr::to_str) {
        Some("debug") => {}
        Some(name) => {
            command.args(["--profile", name]);
        }
        None => panic!("{} has no name", profile.display()),
    }
    let built = command.output().unwrap();
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
}

pub(crate) fn program(name: &str) -> Command {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let mut command = Command::new(examples().join(file));
    // Where programs keep what is this user's: not in the home of whoever runs tests.
    command.env(
        "XDG_STATE_HOME",
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("state"),
    );
    command
}

/// What a program did.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Exit status.
    pub(crate) status: i32,
    pub(crate) printed: String,
    pub(crate) complained: String,
}

impl Ran {
    pub(crate) fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap(),
            printed: String::from_utf8(output.stdout).unwrap(),
            complained: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// It ended so, with one line on standard error that the program's name begins.
    pub(crate) fn assert_one_line(&self, program: &str, status: i32) {
        assert_eq!(self.status, status, "{self:?}");
        // Warnings of the permit come before it.
        let mut lines = self
            .complained
            .lines()
            .filter(|line| !line.starts_with("! "));
        let line = lines.next().unwrap_or_default();
        assert!(line.starts_with(&format!("{program}: ")), "{self:?}");
        assert_eq!(lines.next(), None, "{self:?}");
        assert!(self.printed.is_empty(), "{self:?}");
    }

    /// It ended well with one line that says what was signed, in Vietnamese.
    pub(crate) fn assert_signed(&self) {
        assert_eq!(self.status, 0, "{self:?}");
        // Warnings, such as that nobody was asked about revocation, are no complaints.
        let is_warning = |line: &str| line.starts_with("! ");
        assert!(self.complained.lines().all(is_warning), "{self:?}");
        assert!(self.printed.starts_with("Đã ký: "), "{self:?}");
        assert_eq!(self.printed.lines().count(), 1, "{self:?}");
    }

    /// What `verify --format json` printed, an object per line.
    pub(crate) fn reports(&self) -> Vec<Value> {
        self.printed
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

pub(crate) fn run(name: &str, arguments: &[&OsStr]) -> Ran {
    Ran::from(program(name).args(arguments).output().unwrap())
}

/// Arguments of several kinds in one list.
macro_rules! arguments {
    ($($argument:expr),* $(,)?) => {
        &[$(std::convert::AsRef::<std::ffi::OsStr>::as_ref($argument)),*]
    };
}
pub(crate) use arguments;

/// `verify --format json` on one path, at [`NOW`] with the test roots.
pub(crate) fn report(path: &Path) -> Value {
    let ran = run(
        "verify",
        arguments![
            "--format",
            "json",
            "--at",
            NOW,
            "--anchors",
            anchors(),
            path
        ],
    );
    let mut reports = ran.reports();
    assert_eq!(reports.len(), 1, "{ran:?}");
    reports.remove(0)
}

/// Field, integrity, coverage and changes of each signature.
pub(crate) fn states(report: &Value) -> Vec<String> {
    let signatures = report["signatures"].as_array().unwrap();
    signatures
        .iter()
        .map(|signature| {
            ["field", "integrity", "coverage", "changes"]
                .map(|key| signature[key].as_str().unwrap())
                .join(" ")
        })
        .collect()
}

/// Name and octets of every file below a folder.
pub(crate) fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            let octets = std::fs::read(&path).unwrap();
            files.insert(path, octets);
        }
    }
    files
}

pub(crate) fn pki() -> &'static TestPki {
    static PKI: OnceLock<TestPki> = OnceLock::new();
    PKI.get_or_init(|| {
        let keys = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keys");
        TestPki::open_or_make(&keys, PkiSettings::default()).unwrap()
    })
}

pub(crate) fn identity(role: Role) -> &'static Identity {
    pki().identity(role).unwrap()
}

/// The roots of the test PKI in a folder.
pub(crate) fn anchors() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples-anchors");
        pki().write_anchors(&folder).unwrap();
        folder
    })
}

/// A file with one empty page.
pub(crate) fn page() -> Vec<u8> {
    let mut document = PlainDocument::new();
    let pages = document.allocate();
    let page = document.add(format!(
        "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 595 842 ] /Resources << >> >>"
    ));
    let tree = format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>");
    document.set(pages, tree);
    let catalogue = format!("<< /Type /Catalog /Pages {pages} 0 R >>");
    document.set(document.root, catalogue);
    write(&document, Structure::ClassicTable)
}

/// Key, certificate and issuers of a role in one PEM file, as `--soft-key` takes them.
pub(crate) fn soft_key(role: Role) -> Vec<u8> {
    let identity = identity(role);
    let mut pem = identity.key_pem().unwrap();
    pem.extend(identity.certificate_pem().unwrap());
    pem.extend(identity_of_issuer(role).certificate_pem().unwrap());
    pem
}

fn identity_of_issuer(role: Role) -> &'static Identity {
    identity(role.issuer())
}

/// A folder with an unsigned record `0.pdf` and a soft key for each signer, `ROLE.pem`.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        desk.put("0.pdf", &page());
        for role in Role::SIGNERS {
            desk.put(&format!("{}.pem", role.label()), &soft_key(role));
        }
        desk
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, octets: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, octets).unwrap();
        path
    }

    /// `sign` or `countersign` with a role's soft key in the field of its label.
    pub(crate) fn sign(&self, program: &str, role: Role, input: &str, output: &str) -> Ran {
        let label = role.label();
        self.sign_with(
            program,
            role,
            input,
            output,
            &["--field", label, "--at", NOW],
        )
    }

    /// The same with the options named.
    pub(crate) fn sign_with(
        &self,
        program: &str,
        role: Role,
        input: &str,
        output: &str,
        options: &[&str],
    ) -> Ran {
        let key = self.path(&format!("{}.pem", role.label()));
        let (input, output) = (self.path(input), self.path(output));
        let mut list = arguments!["--soft-key", &key].to_vec();
        list.extend(options.iter().map(OsStr::new));
        list.extend([input.as_os_str(), output.as_os_str()]);
        run(program, &list)
    }
}
