//! Programs that others wrote, asked about our files: pyHanko, poppler, mupdf, qpdf, the EU's DSS. An absent one
//! is skipped aloud, by name; where one is known to be wrong, the exception stands in a table with
//! its reason, and a verdict that the table does not expect is noticed both ways.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use trien::{UnixTime, UtcOffset};
use trien_testkit::judges::{FileVerdict, LevelJudge, Question, ask as ask_about_levels};

/// A program that judges PDF files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Judge {
    Dss,
    MuPdf,
    Poppler,
    PyHanko,
    Qpdf,
}

impl Judge {
    pub(crate) const ALL: [Self; 5] = [
        Self::Dss,
        Self::MuPdf,
        Self::Poppler,
        Self::PyHanko,
        Self::Qpdf,
    ];
}

impl fmt::Display for Judge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Dss => "DSS",
            Self::MuPdf => "mutool",
            Self::Poppler => "pdfsig",
            Self::PyHanko => "pyHanko",
            Self::Qpdf => "qpdf",
        })
    }
}

/// What the judges are told to trust.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trust<'t> {
    /// A folder with the roots as PEM.
    pub(crate) anchors: &'t Path,
    /// The time of judgement.
    pub(crate) moment: UnixTime,
}

/// A file under judgement.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) file: Vec<u8>,
    /// Names of its signature fields in the order of signing.
    pub(crate) fields: Vec<String>,
}

impl Case {
    pub(crate) fn new(name: impl Into<String>, file: Vec<u8>, fields: &[&str]) -> Self {
        Self {
            name: name.into(),
            file,
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        }
    }
}

/// The judge does not accept this file, although it is right, for this reason.
#[derive(Debug)]
pub(crate) struct Exception {
    case: String,
    judge: Judge,
    reason: &'static str,
}

impl Exception {
    pub(crate) fn new(case: &str, judge: Judge, reason: &'static str) -> Self {
        let case = case.to_owned();
        Self {
            case,
            judge,
            reason,
        }
    }
}

/// Every judge accepts every case, but for the exceptions, which it must reject: an exception that
/// is no longer needed is to be deleted.
pub(crate) fn assert_accepted(trust: Trust<'_>, cases: &[Case], exceptions: &[Exception]) {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let path = folder.path().join(format!("{number}.pdf"));
        std::fs::write(&path, &case.file).unwrap();
        paths.push(path);
    }
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    for exception in exceptions {
        assert!(
            names.contains(exception.case.as_str()),
            "no case {}",
            exception.case
        );
        assert!(!exception.reason.is_empty());
    }
    let mut wrong = Vec::new();
    for judge in Judge::ALL {
        let Some(verdicts) = ask(judge, trust, cases, &paths) else {
            println!("SKIPPED: {judge} is not installed");
            continue;
        };
        assert_eq!(verdicts.len(), cases.len(), "{judge}");
        for (case, verdict) in cases.iter().zip(verdicts) {
            let exception = exceptions
                .iter()
                .find(|exception| exception.judge == judge && exception.case == case.name);
            match (verdict, exception) {
                (Ok(()), None) | (Err(_), Some(_)) => {}
                (Ok(()), Some(exception)) => wrong.push(format!(
                    "{judge} accepts {} now, delete the exception: {}",
                    case.name, exception.reason
                )),
                (Err(said), None) => wrong.push(format!("{judge}, {}: {said}", case.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

type Verdict = Result<(), String>;

fn ask(judge: Judge, trust: Trust<'_>, cases: &[Case], paths: &[PathBuf]) -> Option<Vec<Verdict>> {
    let each = |one: fn(&Case, &Path) -> Option<Verdict>| {
        cases
            .iter()
            .zip(paths)
            .map(|(case, path)| one(case, path))
            .collect()
    };
    match judge {
        Judge::Dss => {
            let mut question = Question::new(trust.anchors);
            question.moment = Some(trust.moment);
            let verdicts = ask_about_levels(LevelJudge::Dss, &question, paths).unwrap()?;
            let pairs = cases.iter().zip(&verdicts);
            Some(pairs.map(|(case, verdict)| dss(case, verdict)).collect())
        }
        Judge::MuPdf => each(mupdf),
        Judge::Poppler => each(poppler),
        Judge::PyHanko => {
            let answers = pyhanko(trust, paths)?;
            let pairs = cases.iter().zip(&answers);
            Some(pairs.map(|(case, answer)| accepted(case, answer)).collect())
        }
        Judge::Qpdf => each(qpdf),
    }
}

/// What DSS says of certificates whose issuer serves no evidence, as those of the test PKI here:
/// it is the PKI's, not the signature's.
const DSS_WITHOUT_EVIDENCE: [&str; 4] = [
    "No revocation data found for the certificate!",
    "The authority info access is not present!",
    "The certificate validation is not conclusive!",
    "The revocation info access is not present!",
];

/// What DSS says where marks lie on one another: NĐ 30/2020 has the seal cover a third of the
/// principal's signature.
const DSS_ON_SEALS: &str = "Elements overlap on page(s)";

/// PAdES-BASELINE-B, and nothing to be said but that nobody was asked about revocation.
fn dss(case: &Case, verdict: &FileVerdict) -> Verdict {
    // DSS gives the last part of a full name.
    let in_order = verdict.signatures.len() == case.fields.len()
        && verdict
            .signatures
            .iter()
            .zip(&case.fields)
            .all(|(signature, field)| signature.field.as_deref() == field.rsplit('.').next());
    let as_expected = verdict.error.is_none()
        && in_order
        && verdict.signatures.iter().all(|signature| {
            let remarks = [&signature.errors, &signature.warnings, &signature.infos];
            signature.level == "PAdES-BASELINE-B"
                && signature.indication == "INDETERMINATE"
                && remarks.into_iter().flatten().all(|remark| {
                    DSS_WITHOUT_EVIDENCE.contains(&remark.as_str())
                        || remark.starts_with(DSS_ON_SEALS)
                })
        });
    if as_expected {
        Ok(())
    } else {
        Err(format!("{verdict:?}"))
    }
}

/// `None` when the program is not installed.
fn run(program: &Path, arguments: &[&Path]) -> Option<Output> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => panic!("{}: {error}", program.display()),
    }
}

fn printed(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

fn mupdf(case: &Case, path: &Path) -> Option<Verdict> {
    let output = run(Path::new("mutool"), &["sign".as_ref(), "-v".as_ref(), path])?;
    let text = printed(&output);
    let later = case.fields.len() - 1;
    let as_expected = output.status.success()
        && text.matches("Verifying signature").count() == case.fields.len()
        && text.matches("valid but there have been edits").count() == later
        && text.matches("unchanged since signing").count() == 1
        && !text.contains("repair");
    Some(if as_expected { Ok(()) } else { Err(text) })
}

fn poppler(case: &Case, path: &Path) -> Option<Verdict> {
    // Without its certificate database, which belongs to a user of the machine.
    let output = run(Path::new("pdfsig"), &["-nocert".as_ref(), path])?;
    let text = printed(&output);
    let lines = |wanted: &str| text.lines().filter(|line| line.contains(wanted)).count();
    let as_expected = output.status.success()
        && lines("Signature is Valid.") == case.fields.len()
        && lines("- Total document signed") == 1
        && lines("- Not total document signed") == case.fields.len() - 1
        && case
            .fields
            .iter()
            .all(|field| text.contains(field.as_str()));
    Some(if as_expected { Ok(()) } else { Err(text) })
}

fn qpdf(_: &Case, path: &Path) -> Option<Verdict> {
    let output = run(Path::new("qpdf"), &["--check".as_ref(), path])?;
    // 3 would be a file with warnings.
    let as_expected = output.status.success();
    let text = printed(&output);
    Some(if as_expected { Ok(()) } else { Err(text) })
}

/// Reads a task from standard input, judges all its files in one process, prints one JSON line
/// per file. Hybrid files are read without strictness, as pyHanko's own command line does with
/// `--no-strict-syntax`.
const PYHANKO_SCRIPT: &str = r#"
import datetime, json, logging, sys
logging.disable(logging.CRITICAL)
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
task = json.load(sys.stdin)
roots = list(load_certs_from_pemder(task["anchors"]))
moment = datetime.datetime.fromisoformat(task["moment"])
for path in task["files"]:
    signatures, error = [], None
    try:
        with open(path, "rb") as file:
            reader = PdfFileReader(file, strict=False)
            if reader.encrypted and task.get("password") is not None:
                reader.decrypt(task["password"])
            for signature in reader.embedded_signatures:
                trust = ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)
                status = validate_pdf_signature(signature, trust)
                level = status.modification_level
                signatures.append({
                    "field": signature.field_name,
                    "sub_filter": str(signature.sig_object.get("/SubFilter")),
                    "intact": status.intact,
                    "valid": status.valid,
                    "trusted": status.trusted,
                    "coverage": status.coverage.name,
                    "modification": level.name if level is not None else None,
                    "bottom_line": status.bottom_line,
                })
    except Exception as raised:
        error = type(raised).__name__ + ": " + str(raised)
    print(json.dumps({"error": error, "signatures": signatures}), flush=True)
"#;

fn pyhanko_python() -> PathBuf {
    // Where `cargo xtask judges` puts it, whatever CARGO_TARGET_DIR says.
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = manifest
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file());
    root.unwrap().join("target/judges/venv/bin/python")
}

/// What pyHanko says of each file; `None` when it is not set up.
pub(crate) fn pyhanko(trust: Trust<'_>, paths: &[PathBuf]) -> Option<Vec<Value>> {
    let anchors: Vec<PathBuf> = std::fs::read_dir(trust.anchors)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let task = json!({
        "anchors": anchors,
        "moment": trust.moment.to_rfc3339(UtcOffset::VIETNAM),
        "files": paths,
        "password": "",
    });
    let lines = python(PYHANKO_SCRIPT, &task)?;
    Some(
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

/// Runs a script where pyHanko is, with a task on its standard input; gives what it prints. `None`
/// when pyHanko is not set up.
pub(crate) fn python(script: &str, task: &Value) -> Option<String> {
    let child = Command::new(pyhanko_python())
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        child => child.unwrap(),
    };
    let mut input = child.stdin.take().unwrap();
    input.write_all(task.to_string().as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Intact, valid, trusted, PAdES, with nothing behind it but what a signature may add.
fn accepted(case: &Case, answer: &Value) -> Verdict {
    let said = || Err(answer.to_string());
    let signatures = answer["signatures"].as_array().unwrap();
    if !answer["error"].is_null() || signatures.len() != case.fields.len() {
        return said();
    }
    for (index, (signature, field)) in signatures.iter().zip(&case.fields).enumerate() {
        let is_last = index + 1 == case.fields.len();
        let coverage = if is_last {
            "ENTIRE_FILE"
        } else {
            "ENTIRE_REVISION"
        };
        let modification = signature["modification"].as_str();
        let as_expected = signature["field"] == field.as_str()
            && signature["sub_filter"] == "/ETSI.CAdES.detached"
            && signature["intact"] == true
            && signature["valid"] == true
            && signature["trusted"] == true
            && signature["bottom_line"] == true
            && signature["coverage"] == coverage
            && if is_last {
                modification == Some("NONE")
            } else {
                matches!(modification, Some("LTA_UPDATES" | "FORM_FILLING"))
            };
        if !as_expected {
            return said();
        }
    }
    Ok(())
}
