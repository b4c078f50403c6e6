//! A file that is read piece by piece by ordinary reads: it may be cut off, its medium may fail, and
//! an error comes of it where a mapped file would end the program (docs/adr/0003).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use crate::FileError;

/// Octets read at a time: what headers and names of one entry take, and no more pages than that.
const WINDOW: usize = 8 << 10;

/// A file with a place in it. Clones share the file and have places of their own.
#[derive(Debug)]
pub(super) struct ReadFile {
    file: Arc<File>,
    length: u64,
    at: u64,
    /// What was read last, and where it begins.
    window: Vec<u8>,
    start: u64,
}

impl Clone for ReadFile {
    fn clone(&self) -> Self {
        Self {
            file: Arc::clone(&self.file),
            length: self.length,
            at: self.at,
            window: Vec::new(),
            start: 0,
        }
    }
}

impl ReadFile {
    /// Opens a regular file.
    pub(super) fn open(path: &Path) -> Result<Self, FileError> {
        let failed = |error| FileError::Open(path.to_owned(), error);
        // Asked before opening: opening a pipe would wait for its other end.
        if !std::fs::metadata(path).map_err(failed)?.is_file() {
            return Err(FileError::NotAFile(path.to_owned()));
        }
        File::open(path).and_then(Self::of).map_err(failed)
    }

    /// A file that is open.
    pub(super) fn of(file: File) -> io::Result<Self> {
        Ok(Self {
            length: file.metadata()?.len(),
            file: Arc::new(file),
            at: 0,
            window: Vec::new(),
            start: 0,
        })
    }

    /// The octets it had when it was opened.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Octets at a place; `None` where they are not there.
    pub(super) fn part(&mut self, at: u64, length: usize) -> Option<Vec<u8>> {
        // Asked before memory is taken: lengths are the file's to claim.
        let end = at.checked_add(u64::try_from(length).ok()?)?;
        if end > self.length {
            return None;
        }
        let mut part = vec![0; length];
        self.exactly(at, &mut part)?;
        Some(part)
    }

    /// As [`ReadFile::part`], of a length that is known.
    pub(super) fn array<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        let mut array = [0; N];
        self.exactly(at, &mut array)?;
        Some(array)
    }

    fn exactly(&mut self, at: u64, octets: &mut [u8]) -> Option<()> {
        self.at = at;
        self.read_exact(octets).ok()
    }

    /// What of the window stands at the place and behind it.
    fn ahead(&self) -> &[u8] {
        let from = self.at.checked_sub(self.start);
        let from = from.and_then(|from| usize::try_from(from).ok());
        from.and_then(|from| self.window.get(from..))
            .unwrap_or_default()
    }
}

impl Read for ReadFile {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        let mut count = self.ahead().read(octets)?;
        if count == 0 && !octets.is_empty() {
            if octets.len() >= WINDOW {
                count = read_at(&self.file, octets, self.at)?;
            } else {
                self.window.resize(WINDOW, 0);
                self.start = self.at;
                let read = read_at(&self.file, &mut self.window, self.at);
                // What was not read is no octet of the file.
                self.window.truncate(*read.as_ref().unwrap_or(&0));
                read?;
                count = self.ahead().read(octets)?;
            }
        }
        self.at = self.at.saturating_add(u64::try_from(count).unwrap_or(0));
        Ok(count)
    }
}

impl Seek for ReadFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(unix)]
fn read_at(file: &File, octets: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, octets, at)
}

#[cfg(windows)]
fn read_at(file: &File, octets: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, octets, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_come_from_any_place_and_clones_have_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let whole: Vec<u8> = (0..=u8::MAX).cycle().take(3 * WINDOW + 7).collect();
        std::fs::write(&path, &whole).unwrap();
        let mut file = ReadFile::open(&path).unwrap();
        for at in [0, 5, WINDOW - 1, 3 * WINDOW, 1] {
            let place = u64::try_from(at).unwrap();
            assert_eq!(file.array::<4>(place).unwrap(), whole[at..at + 4]);
        }
        assert_eq!(file.array::<8>(file.length() - 7), None);
        assert_eq!(file.part(1, usize::MAX), None);
        assert_eq!(file.part(7, 2 * WINDOW).unwrap(), whole[7..7 + 2 * WINDOW]);
        file.seek(SeekFrom::End(-2)).unwrap();
        let mut other = file.clone();
        let mut end = Vec::new();
        other.read_to_end(&mut end).unwrap();
        assert_eq!(end, whole[whole.len() - 2..]);
        assert_eq!(file.stream_position().unwrap(), file.length() - 2);
        assert!(file.seek(SeekFrom::Current(i64::MIN)).is_err());
    }
}
