//! Linearized files (ISO 32000-2, annex F), made by qpdf.
//! The one structure that this crate does not write itself.

use std::error::Error;
use std::fmt;
use std::io;
use std::process::Command;

/// Why a file was not linearized.
#[derive(Debug)]
#[non_exhaustive]
pub enum LinearizeError {
    /// A temporary file could not be used.
    File(io::Error),
    /// qpdf ended with an error.
    QpdfFailed {
        /// What it printed.
        printed: String,
    },
    /// qpdf is not installed.
    QpdfMissing,
}

impl fmt::Display for LinearizeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(_) => formatter.write_str("a temporary file cannot be used"),
            Self::QpdfFailed { printed } => write!(formatter, "qpdf failed: {printed}"),
            Self::QpdfMissing => {
                formatter.write_str("qpdf is not installed: install the package qpdf")
            }
        }
    }
}

impl Error for LinearizeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File(source) => Some(source),
            Self::QpdfFailed { .. } | Self::QpdfMissing => None,
        }
    }
}

/// `file` linearized by qpdf, with the same identifiers each time.
///
/// # Errors
/// qpdf is not installed or refuses the file.
pub fn linearize(file: &[u8]) -> Result<Vec<u8>, LinearizeError> {
    let folder = tempfile::tempdir().map_err(LinearizeError::File)?;
    let (input, output) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&input, file).map_err(LinearizeError::File)?;
    let run = Command::new("qpdf")
        .args(["--linearize", "--deterministic-id"])
        .args([&input, &output])
        .output();
    let run = match run {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(LinearizeError::QpdfMissing);
        }
        run => run.map_err(LinearizeError::File)?,
    };
    if !run.status.success() {
        return Err(LinearizeError::QpdfFailed {
            printed: String::from_utf8_lossy(&run.stderr).into_owned(),
        });
    }
    let mut linearized = Vec::new();
    let mut file = std::fs::File::open(&output).map_err(LinearizeError::File)?;
    io::Read::read_to_end(&mut file, &mut linearized).map_err(LinearizeError::File)?;
    Ok(linearized)
}
