//! The folder of a cache: one file an answer, named by its key.
//! Touches no file that it did not name.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use trien_types::{TransportRequest, encode_hex};

use super::entry::{Entry, key};

const SUFFIX: &str = ".answer";
/// Hexadecimal digits of a key.
const KEY_DIGITS: usize = 64;

#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
}

impl Store {
    /// Makes the folder, for its owner alone where the system knows owners, and tries it out.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        tempfile::NamedTempFile::new_in(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    fn path(&self, key: &[u8]) -> PathBuf {
        self.folder.join(format!("{}{SUFFIX}", encode_hex(key)))
    }

    /// The answer kept for `request`; a file that is not whole is as good as none.
    pub(super) fn read(&self, request: TransportRequest<'_>, answer_octets: u64) -> Option<Entry> {
        let key = key(request);
        let head = u64::try_from(Entry::HEAD).unwrap_or(u64::MAX);
        let mut octets = Vec::new();
        File::open(self.path(&key))
            .ok()?
            .take(answer_octets.saturating_add(head))
            .read_to_end(&mut octets)
            .ok()?;
        Entry::from_octets(&octets, &key)
    }

    /// Puts the whole file in place at once, then makes room so that all files together have no
    /// more than `limit_octets`.
    pub(super) fn write(&self, entry: &Entry, limit_octets: u64) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&entry.to_octets())?;
        let path = self.path(&entry.key);
        file.persist(&path).map_err(|error| error.error)?;
        self.make_room(&path, limit_octets)
    }

    /// Removes the files written longest ago, never `kept`, until the rest fits.
    fn make_room(&self, kept: &Path, limit_octets: u64) -> io::Result<()> {
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        let mut total = 0_u64;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let is_ours = name
                .to_str()
                .and_then(|name| name.strip_suffix(SUFFIX))
                .is_some_and(|digits| {
                    digits.len() == KEY_DIGITS && digits.bytes().all(|one| one.is_ascii_hexdigit())
                });
            // Another process may have removed it meanwhile.
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if is_ours && metadata.is_file() {
                total = total.saturating_add(metadata.len());
                files.push((metadata.modified()?, metadata.len(), entry.path()));
            }
        }
        files.sort();
        for (_, octets, path) in files {
            if total <= limit_octets {
                break;
            }
            if path != kept && fs::remove_file(&path).is_ok() {
                total = total.saturating_sub(octets);
            }
        }
        Ok(())
    }
}
