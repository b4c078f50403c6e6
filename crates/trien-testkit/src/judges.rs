//! Programs of others that judge files, where one call is not enough.
//! The judges are not shipped: a missing one is an error that says how to get it.

mod levels;

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

pub use levels::{
    BaselineLevel, EvidenceSource, FileVerdict, LevelJudge, Making, Question, SignatureVerdict,
    TimeStampVerdict, ask, make, raise_with_dss,
};

/// Octets of the class path file: some twenty paths.
const CLASS_PATH_OCTETS: u64 = 64 * 1024;

/// What veraPDF says of a file that shall be PDF/A-2b (ISO 19005-2).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PdfAVerdict {
    /// No test failed.
    Conforms,
    /// Clause, number and message of each failed test.
    Violates(Vec<String>),
}

/// Why a judge gave no verdict.
#[derive(Debug)]
#[non_exhaustive]
pub enum JudgeError {
    /// The judge failed; what it printed.
    Failed {
        /// Standard output and error.
        printed: String,
    },
    /// veraPDF's library or Java is not installed.
    Missing {
        /// Where its class path is looked for.
        class_path: PathBuf,
    },
    /// A file or program could not be used.
    System(io::Error),
}

impl fmt::Display for JudgeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { printed } => write!(formatter, "the judge gave no verdict: {printed}"),
            Self::Missing { class_path } => write!(
                formatter,
                "veraPDF is not set up: with a JDK and Maven run `mvn -q -f {} \
                 dependency:build-classpath -Dmdep.outputFile={}`",
                source_folder().join("pom.xml").display(),
                class_path.display()
            ),
            Self::System(_) => formatter.write_str("the judge cannot be run"),
        }
    }
}

impl Error for JudgeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::System(source) => Some(source),
            Self::Failed { .. } | Self::Missing { .. } => None,
        }
    }
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("judges/verapdf")
}

/// The verdict of veraPDF on the file at `path`, for PDF/A-2b.
///
/// # Errors
/// veraPDF is not set up below `target/judges`, or fails.
pub fn pdf_a_2b(path: &Path) -> Result<PdfAVerdict, JudgeError> {
    let class_path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/judges/verapdf.classpath");
    let mut classes = String::new();
    let read = File::open(&class_path)
        .and_then(|file| file.take(CLASS_PATH_OCTETS).read_to_string(&mut classes));
    if let Err(error) = read {
        return Err(missing(error, class_path));
    }
    let run = Command::new("java")
        .args(["-cp", classes.trim()])
        .arg(source_folder().join("Judge.java"))
        .arg(path)
        .output();
    let output = match run {
        Ok(output) => output,
        Err(error) => return Err(missing(error, class_path)),
    };
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let violations: Vec<String> = printed
        .lines()
        .filter_map(|line| line.strip_prefix("violates "))
        .map(str::to_owned)
        .collect();
    if !violations.is_empty() {
        Ok(PdfAVerdict::Violates(violations))
    } else if output.status.success() && printed.lines().any(|line| line == "conforms") {
        Ok(PdfAVerdict::Conforms)
    } else {
        let error = String::from_utf8_lossy(&output.stderr);
        Err(JudgeError::Failed {
            printed: format!("{printed}{error}"),
        })
    }
}

fn missing(error: io::Error, class_path: PathBuf) -> JudgeError {
    if error.kind() == io::ErrorKind::NotFound {
        JudgeError::Missing { class_path }
    } else {
        JudgeError::System(error)
    }
}
