//! Texts that people write for the programs: read within a bound, whatever the path leads to.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::FileError;

/// Octets of a settings file: the longest met, a province's list of staff, has some 3 MB. A device
/// or a pipe that never ends is told instead of filling the memory.
pub const SETTINGS_OCTETS: u64 = 16 << 20;

/// Reads a settings file (a mapping, a workflow, changes to rules, a list of staff): text in UTF-8
/// of at most [`SETTINGS_OCTETS`].
///
/// # Errors
/// It cannot be read, is larger, or is no text.
pub fn read_settings(path: &Path) -> Result<String, FileError> {
    let octets = read_settings_octets(path)?;
    String::from_utf8(octets).map_err(|_| FileError::NotText(path.to_owned()))
}

/// The same for text that may be in another encoding.
///
/// # Errors
/// It cannot be read, or is larger.
pub fn read_settings_octets(path: &Path) -> Result<Vec<u8>, FileError> {
    let failed = |error| FileError::Open(path.to_owned(), error);
    let mut octets = Vec::new();
    File::open(path)
        .and_then(|file| {
            file.take(SETTINGS_OCTETS.saturating_add(1))
                .read_to_end(&mut octets)
        })
        .map_err(failed)?;
    if u64::try_from(octets.len()).is_ok_and(|length| length > SETTINGS_OCTETS) {
        return Err(FileError::TooLarge {
            path: path.to_owned(),
            most: SETTINGS_OCTETS,
        });
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_device_that_never_ends_is_told_and_not_read_for_ever() {
        let error = read_settings(Path::new("/dev/zero")).unwrap_err();
        assert!(matches!(error, FileError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn texts_are_read_and_other_octets_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trường.toml");
        std::fs::write(&path, "level = \"thcs\"").unwrap();
        assert_eq!(read_settings(&path).unwrap(), "level = \"thcs\"");
        std::fs::write(&path, b"\xff\xfe").unwrap();
        assert!(matches!(read_settings(&path), Err(FileError::NotText(_))));
        let none = read_settings(&folder.path().join("none"));
        assert!(matches!(none, Err(FileError::Open(..))));
    }
}
