//! pyHanko and the EU's DSS library on levels of PAdES: what they say of files, and files they make.
//! Each is run once for many files, because starting it takes longer than judging.
//!
//! Knows how they are started and what they print (`fixtures/judges`), and nothing of signatures.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use trien_types::{UnixTime, UtcOffset};

use super::JudgeError;

/// A judge of signatures after EN 319 102-1 that we did not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LevelJudge {
    /// The EU's DSS library.
    Dss,
    /// pyHanko.
    PyHanko,
}

impl LevelJudge {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Dss, Self::PyHanko];
}

impl fmt::Display for LevelJudge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Dss => "DSS",
            Self::PyHanko => "pyHanko",
        })
    }
}

/// A level of EN 319 142-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BaselineLevel {
    /// Signed.
    B,
    /// With a signature time stamp.
    T,
    /// With the evidence of certificates and their status.
    Lt,
    /// With a document time stamp over all that.
    Lta,
}

impl BaselineLevel {
    /// All of them, the lowest first.
    pub const ALL: [Self; 4] = [Self::B, Self::T, Self::Lt, Self::Lta];

    /// The end of its name: `B`, `T`, `LT` or `LTA`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::B => "B",
            Self::T => "T",
            Self::Lt => "LT",
            Self::Lta => "LTA",
        }
    }
}

/// Where a judge may look for certificates and their status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EvidenceSource {
    /// In the file alone.
    Embedded,
    /// Also at the addresses that certificates name.
    Fetched,
}

/// What a judge is told beside the files.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Question<'q> {
    /// A folder of trusted roots, PEM or DER.
    pub anchors: &'q Path,
    /// A folder of certificates that are known and not trusted, PEM or DER.
    pub known: Option<&'q Path>,
    /// The time of judgement; `None` is now.
    pub moment: Option<UnixTime>,
    /// Where evidence may come from.
    pub evidence: EvidenceSource,
}

impl<'q> Question<'q> {
    /// Now, from what the file holds.
    #[must_use]
    pub const fn new(anchors: &'q Path) -> Self {
        Self {
            anchors,
            known: None,
            moment: None,
            evidence: EvidenceSource::Embedded,
        }
    }

    fn arguments(&self) -> Vec<OsString> {
        let mut words = vec!["--anchors".into(), self.anchors.into()];
        if let Some(known) = self.known {
            words.extend(["--known".into(), known.into()]);
        }
        if let Some(moment) = self.moment {
            words.extend(["--at".into(), moment.to_rfc3339(UtcOffset::UTC).into()]);
        }
        if self.evidence == EvidenceSource::Fetched {
            words.push("--online".into());
        }
        words
    }
}

/// What a judge says of one file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FileVerdict {
    /// The file, as it was named.
    pub file: PathBuf,
    /// Why the judge gave up on it.
    pub error: Option<String>,
    /// Its signatures in the judge's order.
    pub signatures: Vec<SignatureVerdict>,
}

/// What a judge says of one signature. Words are the judge's own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SignatureVerdict {
    /// Name of the signature field.
    pub field: Option<String>,
    /// `PAdES-BASELINE-B` and so on.
    pub level: String,
    /// `TOTAL_PASSED`, `INDETERMINATE` or `TOTAL_FAILED`.
    pub indication: String,
    /// EN 319 102-1, table 3, as `TRY_LATER`.
    pub sub_indication: Option<String>,
    /// What is wrong.
    pub errors: Vec<String>,
    /// What is questionable.
    pub warnings: Vec<String>,
    /// What is remarkable.
    pub infos: Vec<String>,
    /// The claimed time in RFC 3339, UTC.
    pub signing_time: Option<String>,
    /// The time from which the signature is proved, in RFC 3339, UTC.
    pub best_signature_time: Option<String>,
    /// Its time stamps.
    pub time_stamps: Vec<TimeStampVerdict>,
}

/// What a judge says of one time stamp.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TimeStampVerdict {
    /// What is stamped, as `SIGNATURE_TIMESTAMP`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The stamped time in RFC 3339, UTC.
    pub time: Option<String>,
    /// `PASSED`, `INDETERMINATE` or `FAILED`, in some judges with `TOTAL_`.
    pub indication: String,
    /// EN 319 102-1, table 3.
    pub sub_indication: Option<String>,
    /// What is wrong.
    pub errors: Vec<String>,
    /// What is questionable.
    pub warnings: Vec<String>,
}

/// What to have signed, and with what.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Making<'m> {
    /// The file to sign.
    pub input: &'m Path,
    /// Key, certificate and issuers as PKCS#12.
    pub key: &'m Path,
    /// The password of the PKCS#12 file.
    pub password: &'m str,
    /// A folder of trusted roots.
    pub anchors: &'m Path,
    /// The address of the time-stamping authority.
    pub stamper: &'m str,
    /// Where the files go: `dss-LTA.pdf`, `pyhanko-LTA.pdf` and so on.
    pub folder: &'m Path,
}

impl<'m> Making<'m> {
    /// All of it.
    #[must_use]
    pub const fn new(
        input: &'m Path,
        key: (&'m Path, &'m str),
        anchors: &'m Path,
        stamper: &'m str,
        folder: &'m Path,
    ) -> Self {
        let (key, password) = key;
        Self {
            input,
            key,
            password,
            anchors,
            stamper,
            folder,
        }
    }

    fn arguments(&self) -> Vec<OsString> {
        vec![
            "--key".into(),
            self.key.into(),
            "--password".into(),
            self.password.into(),
            "--anchors".into(),
            self.anchors.into(),
            "--tsa".into(),
            self.stamper.into(),
            "--out".into(),
            self.folder.into(),
            self.input.into(),
        ]
    }
}

/// What `judge` says of each file, in their order. `None`, with a line that says so, where it is
/// not set up.
///
/// # Errors
/// The judge was started and failed as a whole. A file it cannot judge is no failure but a verdict.
pub fn ask(
    judge: LevelJudge,
    question: &Question<'_>,
    files: &[PathBuf],
) -> Result<Option<Vec<FileVerdict>>, JudgeError> {
    let Some(mut command) = started(judge, Act::Judge) else {
        return Ok(None);
    };
    command.args(question.arguments()).args(files);
    let Some(printed) = run(judge, &mut command)? else {
        return Ok(None);
    };
    let verdicts: Result<Vec<FileVerdict>, _> = printed.lines().map(serde_json::from_str).collect();
    match verdicts {
        Ok(verdicts) if verdicts.len() == files.len() => Ok(Some(verdicts)),
        Ok(_) | Err(_) => Err(JudgeError::Failed { printed }),
    }
}

/// Has a judge make one file per level, of the names that [`Making::folder`] tells. `None`, with a
/// line that says so, where it is not set up.
///
/// # Errors
/// The program was started and failed: an address in the certificates may not answer.
pub fn make(
    judge: LevelJudge,
    making: &Making<'_>,
) -> Result<Option<Vec<(BaselineLevel, PathBuf)>>, JudgeError> {
    let Some(mut command) = started(judge, Act::Make) else {
        return Ok(None);
    };
    command.args(making.arguments());
    let Some(_) = run(judge, &mut command)? else {
        return Ok(None);
    };
    let stem = match judge {
        LevelJudge::Dss => "dss",
        LevelJudge::PyHanko => "pyhanko",
    };
    let path = |level: BaselineLevel| making.folder.join(format!("{stem}-{}.pdf", level.name()));
    let made = BaselineLevel::ALL.map(|level| (level, path(level)));
    Ok(Some(made.to_vec()))
}

/// Has DSS raise the signatures of `input` to `level`, as `output`. `None`, with a line that says
/// so, where it is not set up.
///
/// # Errors
/// As [`make`].
pub fn raise_with_dss(
    input: &Path,
    level: BaselineLevel,
    anchors: &Path,
    stamper: &str,
    output: &Path,
) -> Result<Option<()>, JudgeError> {
    let Some(mut command) = started(LevelJudge::Dss, Act::Raise) else {
        return Ok(None);
    };
    command.args(["--level", level.name(), "--tsa", stamper]);
    command.arg("--anchors").arg(anchors);
    command.arg("--out").arg(output).arg(input);
    Ok(run(LevelJudge::Dss, &mut command)?.map(drop))
}

#[derive(Clone, Copy)]
enum Act {
    Judge,
    Make,
    Raise,
}

/// The program without its arguments, or `None` and a line that says so.
fn started(judge: LevelJudge, act: Act) -> Option<Command> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match judge {
        LevelJudge::Dss => {
            let folder = root.join("target/judges/dss");
            let Ok(libraries) = std::fs::read_to_string(folder.join("classpath")) else {
                skipped(judge);
                return None;
            };
            let mut classes = OsString::from(folder.join("classes"));
            classes.push(":");
            classes.push(libraries.trim());
            let mut command = Command::new("java");
            command.arg("-cp").arg(classes).arg("trien.Main");
            command.arg(match act {
                Act::Judge => "judge",
                Act::Make => "sign",
                Act::Raise => "extend",
            });
            Some(command)
        }
        LevelJudge::PyHanko => {
            let mut command = Command::new(root.join("target/judges/venv/bin/python"));
            command.arg(root.join("fixtures/judges/pyhanko").join(match act {
                Act::Judge => "ades.py",
                Act::Make | Act::Raise => "make.py",
            }));
            Some(command)
        }
    }
}

/// What a program prints, or `None` where there is none.
fn run(judge: LevelJudge, command: &mut Command) -> Result<Option<String>, JudgeError> {
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            skipped(judge);
            return Ok(None);
        }
        Err(error) => return Err(JudgeError::System(error)),
    };
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(Some(printed));
    }
    let error = String::from_utf8_lossy(&output.stderr);
    Err(JudgeError::Failed {
        printed: format!("{judge}: {printed}{error}"),
    })
}

#[expect(clippy::print_stdout, reason = "a skipped judge must be seen")]
fn skipped(judge: LevelJudge) {
    println!("SKIPPED: {judge} is not set up: `cargo xtask judges` does it");
}
