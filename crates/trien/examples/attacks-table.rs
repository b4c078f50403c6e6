//! Asks pdfsig, mutool, pyHanko and this library about every attack of the test kit and its
//! control, and prints the table of `docs/ATTACKS_RESULTS.md`:
//!
//! `cargo run --release -p trien --example attacks-table -- FOLDER > docs/ATTACKS_RESULTS.md`
//!
//! FOLDER keeps the keys, the files and the anchors. A judge that is not installed ends the program:
//! a table without its column would look like one that nobody asked it for.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for developers: what fails must stop it, aloud"
)]

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use trien::trust::{FolderLimits, TrustAnchors};
use trien::{UnixTime, UtcOffset, Verification};
use trien_testkit::attacks::{Attack, AttackKind, all};
use trien_testkit::pki::{PkiSettings, TestPki};

/// 2027-05-31T08:00:00+07:00, a year after the signatures.
const JUDGED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200 + 365 * 86_400);

/// What a judge makes of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Every signature is called valid, and nothing is said against the document.
    Valid,
    /// As valid, with a hint in passing that something follows the signed octets.
    Hint,
    /// Something is said against a signature or the document.
    Refused,
    /// The judge lists no signature.
    None,
    /// The judge ends with an error.
    Error,
}

impl Answer {
    const fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Hint => "valid (hint)",
            Self::Refused => "refused",
            Self::None => "no signature",
            Self::Error => "error",
        }
    }

    const fn is_valid(self) -> bool {
        matches!(self, Self::Valid | Self::Hint)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(
        std::env::args_os()
            .nth(1)
            .ok_or("usage: attacks-table FOLDER")?,
    );
    let pki = |name: &str| TestPki::open_or_make(&folder.join(name), PkiSettings::default());
    let own = pki("keys")?;
    own.write_anchors(&folder.join("anchors"))?;
    let attacks = all(&own, &pki("foreign-keys")?);
    let mut paths = Vec::new();
    for attack in &attacks {
        let path = folder.join(format!("{}.pdf", attack.id));
        std::fs::write(&path, &attack.file)?;
        paths.push(path);
    }
    let trust = TrustAnchors::read_dir(&folder.join("anchors"), &FolderLimits::default())?;
    let verification = Verification::new(&trust.anchors, JUDGED_AT);
    let ours = attacks.iter().map(|attack| our(attack, &verification));
    let mut columns = vec![("Triện", ours.collect::<Vec<Answer>>())];
    let judges: [(&str, Option<Vec<Answer>>); 3] = [
        ("pdfsig", paths.iter().map(|path| pdfsig(path)).collect()),
        ("mutool", paths.iter().map(|path| mutool(path)).collect()),
        ("pyHanko", pyhanko(&paths, &folder.join("anchors"))),
    ];
    for (name, answers) in judges {
        let answers = answers.ok_or_else(|| {
            format!("{name} is not installed: `cargo xtask test` installs it or tells how")
        })?;
        columns.push((name, answers));
    }
    print(&attacks, &columns);
    Ok(())
}

/// Were every certificate known to be good: whether it was revoked is not asked here, nor of the
/// other judges.
fn our(attack: &Attack, verification: &Verification<'_>) -> Answer {
    let report = trien::verify(&attack.file, verification);
    let report = serde_json::to_value(report.named("")).unwrap();
    let signatures = report["signatures"].as_array().unwrap();
    if signatures.is_empty() {
        return if report["document"]["error"].is_null() {
            Answer::None
        } else {
            Answer::Error
        };
    }
    let holds = |signature: &Value| {
        let stamps = signature["timestamps"].as_array().unwrap();
        signature["integrity"] == "intact"
            && signature["coverage"] != "broken"
            && signature["changes"] != "forbidden"
            && signature["sub_indication"] == "TRY_LATER"
            && stamps.iter().all(|stamp| stamp["status"] == "valid")
    };
    if signatures.iter().all(holds) {
        Answer::Valid
    } else {
        Answer::Refused
    }
}

/// Twenty seconds each: a judge that needs more has no answer.
fn run(program: &str, arguments: &[&str], path: &Path) -> Option<(bool, String)> {
    let mut command = Command::new("timeout");
    command.args(["20", program]).args(arguments).arg(path);
    let output = command.stdin(Stdio::null()).output().ok()?;
    // 127: `timeout` found no such program.
    if output.status.code() == Some(127) {
        return None;
    }
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Some((output.status.success(), text))
}

fn pdfsig(path: &Path) -> Option<Answer> {
    let (ended_well, text) = run("pdfsig", &["-nocert"], path)?;
    let count = |wanted: &str| text.matches(wanted).count();
    let judged = count("Signature Validation:");
    Some(if text.contains("does not contain any signatures") {
        Answer::None
    } else if judged == 0 {
        if ended_well {
            Answer::None
        } else {
            Answer::Error
        }
    } else if count("Signature is Valid.") < judged {
        Answer::Refused
    } else if count("- Total document signed") == 0 {
        Answer::Hint
    } else {
        Answer::Valid
    })
}

fn mutool(path: &Path) -> Option<Answer> {
    let (_, text) = run("mutool", &["sign", "-v"], path)?;
    let count = |wanted: &str| text.matches(wanted).count();
    let judged = count("Verifying signature") - count("Signature is not signed");
    let unchanged = count("unchanged since signing");
    let edited = count("valid but there have been edits");
    Some(if judged == 0 {
        if text.contains("error") {
            Answer::Error
        } else {
            Answer::None
        }
    } else if unchanged + edited < judged {
        Answer::Refused
    } else if unchanged == 0 {
        Answer::Hint
    } else {
        Answer::Valid
    })
}

/// Reads a task from standard input and prints one JSON line per file.
const PYHANKO: &str = r#"
import datetime, json, logging, sys
logging.disable(logging.CRITICAL)
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
task = json.load(sys.stdin)
roots = list(load_certs_from_pemder(task["anchors"]))
moment = datetime.datetime.fromisoformat(task["moment"])
for path in task["files"]:
    good, error = [], None
    try:
        with open(path, "rb") as file:
            reader = PdfFileReader(file, strict=False)
            trust = lambda: ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)
            for signature in reader.embedded_regular_signatures:
                status = validate_pdf_signature(signature, trust())
                good.append(bool(status.bottom_line))
            for stamp in reader.embedded_timestamp_signatures:
                status = validate_pdf_timestamp(stamp, trust())
                good.append(bool(status.valid and status.intact and status.trusted))
    except Exception as raised:
        error = type(raised).__name__
    print(json.dumps({"error": error, "good": good}), flush=True)
"#;

/// As `cargo xtask judges` installs it.
fn pyhanko(paths: &[PathBuf], anchors: &Path) -> Option<Vec<Answer>> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/judges/venv/bin/python");
    let roots = std::fs::read_dir(anchors).ok()?;
    let roots: Vec<PathBuf> = roots.flatten().map(|entry| entry.path()).collect();
    let moment = JUDGED_AT.to_rfc3339(UtcOffset::VIETNAM);
    let task = json!({ "anchors": roots, "moment": moment, "files": paths });
    let mut child = Command::new(python)
        .args(["-c", PYHANKO])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child
        .stdin
        .take()?
        .write_all(task.to_string().as_bytes())
        .ok()?;
    let output = child.wait_with_output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let answers: Vec<Answer> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|answer| {
            let good = answer["good"].as_array().unwrap();
            if !answer["error"].is_null() {
                Answer::Error
            } else if good.is_empty() {
                Answer::None
            } else if good.iter().all(|good| *good == true) {
                Answer::Valid
            } else {
                Answer::Refused
            }
        })
        .collect();
    (answers.len() == paths.len()).then_some(answers)
}

fn print(attacks: &[Attack], columns: &[(&str, Vec<Answer>)]) {
    println!("# Attacks without a public sample, and what verifiers say\n");
    println!(
        "Made by `cargo run --release -p trien --example attacks-table -- FOLDER`; not edited by \
         hand. The files are\nthose of `testdata/attacks/manifest.json`, made by the test kit from \
         its own keys. Nobody was asked whether a\ncertificate was revoked; everybody was given the \
         roots who takes any. *valid*: every signature is called valid\nand nothing is said against \
         the document; *valid (hint)*: the same, with a remark that not everything is signed;\n\
         *refused*: something is said against a signature or the document; *error*: the judge \
         ended without a verdict.\nWhere the standard leaves room, the rows follow ADR 0007: a \
         judge that calls a comment on a page valid,\nwhich ISO 32000-2, table 257 lets follow, goes \
         by the standard.\n"
    );
    println!("| judge | attacks called valid | controls not called valid |");
    println!("|---|---|---|");
    let of = |kind: AttackKind| attacks.iter().filter(move |a| a.kind == kind).count();
    for (name, answers) in columns {
        let count = |kind: AttackKind, valid: bool| {
            let pairs = attacks.iter().zip(answers);
            pairs
                .filter(|(attack, answer)| {
                    // Where there is no signature, saying so is right.
                    let unsigned = attack.signatures.is_empty() && **answer == Answer::None;
                    attack.kind == kind && (answer.is_valid() || unsigned) == valid
                })
                .count()
        };
        println!(
            "| {name} | {} of {} | {} of {} |",
            count(AttackKind::Attack, true),
            of(AttackKind::Attack),
            count(AttackKind::Control, false),
            of(AttackKind::Control)
        );
    }
    for (kind, title) in [
        (AttackKind::Attack, "Attacks"),
        (AttackKind::Control, "Controls"),
    ] {
        println!("\n## {title}\n");
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        println!("| file | what was done | {} |", names.join(" | "));
        println!("|---|---|{}", "---|".repeat(names.len()));
        for (index, attack) in attacks.iter().enumerate().filter(|(_, a)| a.kind == kind) {
            let words: Vec<&str> = columns
                .iter()
                .map(|(_, answers)| answers[index].word())
                .collect();
            println!(
                "| {} | {} | {} |",
                attack.id,
                attack.what,
                words.join(" | ")
            );
        }
    }
}
