//! The folder of trust anchors that the daemon verifies with: what it holds, and one more or one less.
//! Asks nobody: whoever calls has the person's answer.

use std::path::{Path, PathBuf};
use std::{fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use trien::trust::{AnchorFolder, FolderLimits, TrustAnchors};
use trien::{FileError, UtcOffset, write_new_file};
use trien_types::{CertificateId, UnixTime};

use crate::config::Config;
use crate::rejection::{Code, Rejection};
use crate::store::StoreError;

/// Characters of a line of PEM (RFC 7468, 2).
const PEM_LINE: usize = 64;

/// What a root is trusted for, beside everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NarrowPurpose {
    /// Signatures and seals on documents.
    Signing,
    /// Time stamps.
    TimeStamping,
}

/// The bounds of a trust that is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NewBounds {
    /// What for; none for everything.
    pub purpose: Option<NarrowPurpose>,
    /// The last moment; none for as long as the certificate holds.
    pub until: Option<UnixTime>,
}

/// Makes the daemon's own folder.
///
/// # Errors
/// The file system fails.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Reads the folder that the configuration names.
///
/// # Errors
/// It cannot be read. Files in it that cannot be are among its problems.
pub fn read(config: &Config) -> Result<AnchorFolder, Rejection> {
    let folder = folder(config)?;
    TrustAnchors::read_dir(folder, &FolderLimits::default()).map_err(|error| {
        tracing::error!(%error, "the trust anchors cannot be read");
        Rejection::about(Code::Internal, "anchors")
    })
}

/// Whether anything is trusted at all.
#[must_use]
pub fn are_there(config: &Config) -> bool {
    read(config).is_ok_and(|folder| !folder.anchors.is_empty())
}

/// The folder.
///
/// # Errors
/// None was named and none was made, which no daemon that runs meets.
pub fn folder(config: &Config) -> Result<&Path, Rejection> {
    let folder = config.anchors.as_deref();
    folder.ok_or_else(|| Rejection::about(Code::Internal, "anchors"))
}

/// Writes a root into the folder, its bounds first: it is never trusted for more.
///
/// # Errors
/// The folder cannot be written.
pub fn add(
    folder: &Path,
    der: &[u8],
    id: CertificateId,
    bounds: NewBounds,
) -> Result<(), StoreError> {
    let file = folder.join(format!("{id}.pem"));
    if bounds != NewBounds::default() {
        let beside = folder.join(format!("{id}.pem.toml"));
        write(&beside, &bounds_text(bounds))?;
    }
    write(&file, &pem(der))
}

/// Takes a root out of the folder. A file that also holds others is left as it is.
///
/// # Errors
/// It stands together with others in one file, or the folder cannot be changed.
pub fn remove(folder: &Path, id: CertificateId) -> Result<(), RemovalError> {
    let files = files_with(folder, id).map_err(RemovalError::Folder)?;
    if files.iter().any(|(_, held)| *held > 1) {
        return Err(RemovalError::Shared);
    }
    for (file, _) in files {
        fs::remove_file(&file).map_err(RemovalError::Folder)?;
        let mut beside = file.into_os_string();
        beside.push(".toml");
        match fs::remove_file(beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(RemovalError::Folder(error));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Whether a root stands in a file with others.
///
/// # Errors
/// The folder cannot be read.
pub fn check_removable(folder: &Path, id: CertificateId) -> Result<(), RemovalError> {
    let files = files_with(folder, id).map_err(RemovalError::Folder)?;
    if files.iter().any(|(_, held)| *held > 1) {
        return Err(RemovalError::Shared);
    }
    Ok(())
}

/// Why a root is not taken out.
#[derive(Debug)]
#[non_exhaustive]
pub enum RemovalError {
    /// The folder cannot be read or changed.
    Folder(io::Error),
    /// Its file holds other roots too.
    Shared,
}

impl std::fmt::Display for RemovalError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Folder(_) => "the folder of trust anchors cannot be changed: check its rights",
            Self::Shared => "the file of this root holds others too: take it out there by hand",
        })
    }
}

impl std::error::Error for RemovalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Folder(error) => Some(error),
            Self::Shared => None,
        }
    }
}

/// The files that hold a root, each with how many it holds.
fn files_with(folder: &Path, id: CertificateId) -> io::Result<Vec<(PathBuf, usize)>> {
    let limits = FolderLimits::default();
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)?.take(limits.files.saturating_mul(2)) {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        if name.starts_with(b".") || name.ends_with(b".toml") {
            continue;
        }
        let found = TrustAnchors::read_file(&path, &limits);
        if found.anchors.find(id).is_some() {
            files.push((path, found.anchors.len()));
        }
    }
    Ok(files)
}

fn write(target: &Path, text: &str) -> Result<(), StoreError> {
    let written = write_new_file(target, None, &[text.as_bytes()]);
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is left says by itself what it is"
    )]
    written.map_err(|error| match error {
        FileError::Write(path, cause) | FileError::Open(path, cause) => {
            StoreError::File(path, cause)
        }
        other => StoreError::File(target.to_owned(), io::Error::other(other)),
    })
}

fn pem(der: &[u8]) -> String {
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut left = STANDARD.encode(der);
    while !left.is_empty() {
        // Base64 has one octet for each character.
        let rest = left.split_off(left.len().min(PEM_LINE));
        text.push_str(&left);
        text.push('\n');
        left = rest;
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

/// As [`TrustAnchors::read_dir`] reads it.
fn bounds_text(bounds: NewBounds) -> String {
    let mut text = String::new();
    if let Some(purpose) = bounds.purpose {
        let word = match purpose {
            NarrowPurpose::Signing => "signing",
            NarrowPurpose::TimeStamping => "time-stamping",
        };
        text.push_str(&format!("purpose = \"{word}\"\n"));
    }
    if let Some(until) = bounds.until {
        let until = until.to_rfc3339(UtcOffset::VIETNAM);
        text.push_str(&format!("valid-until = \"{until}\"\n"));
    }
    text
}
