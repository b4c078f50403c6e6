//! Writing a large document while it is signed: its octets go to the disk on one core while the
//! other hashes them. Nothing is under the target's name until all of it is there.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::signed::SignedDocument;
use crate::file::{FileError, NewFile};

/// From this size on the copy runs beside the making, in octets: below it a thread costs more than
/// what it saves (8 MiB are hashed in about 5 ms).
const COPIED_AHEAD: usize = 8 * 1024 * 1024;

/// What is copied at once, in octets: between two pieces the copy sees that nobody wants it. The
/// system caches a large piece in pages as large, and where these were given back to the host of a
/// virtual machine, having them again costs three times the copy.
const PIECE: usize = 128 * 1024;

impl<'d> SignedDocument<'d> {
    /// Makes a document and writes it, whole or not at all, as [`SignedDocument::write_to`]. A
    /// large `original` is copied to the disk while `make` is at work, so that hashing it and
    /// copying it take as long as the slower of the two. Whatever `make` gives beside the document
    /// is given back.
    ///
    /// # Errors
    /// What `make` answers; the target is the input or cannot be written. Nothing is left behind.
    pub fn write_while_made<T, E: From<FileError>>(
        original: &'d [u8],
        target: &Path,
        input: Option<&Path>,
        make: impl FnOnce() -> Result<(Self, T), E>,
    ) -> Result<T, E> {
        if original.len() < COPIED_AHEAD {
            let (document, told) = make()?;
            document.write_to(target, input)?;
            return Ok(told);
        }
        let mut file = NewFile::begin(target, input.as_slice())?;
        let is_wanted = AtomicBool::new(true);
        let (made, copied) = thread::scope(|scope| {
            let copying = scope.spawn(|| copy(&mut file, original, &is_wanted));
            let made = make();
            is_wanted.store(made.is_ok(), Ordering::Relaxed);
            (made, copying.join())
        });
        let (document, told) = made?;
        let copied = copied.unwrap_or_else(|_| Err(std::io::ErrorKind::Other.into()));
        let failed = |error| E::from(FileError::Write(target.to_owned(), error));
        copied.map_err(failed)?;
        if !std::ptr::eq(document.original(), original) {
            // Of another document than was copied: it is written as it is.
            document.write_to(target, input)?;
            return Ok(told);
        }
        file.write_all(document.appended()).map_err(failed)?;
        file.finish()?;
        Ok(told)
    }
}

/// Copies, and has what is copied brought to the disk, so that less is left to wait for.
fn copy(file: &mut NewFile, original: &[u8], is_wanted: &AtomicBool) -> std::io::Result<()> {
    for piece in original.chunks(PIECE) {
        if !is_wanted.load(Ordering::Relaxed) {
            return Ok(());
        }
        file.write_all(piece)?;
    }
    file.sync()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::MappedFile;

    fn write(
        original: &[u8],
        made: Result<&[u8], &str>,
        target: &Path,
    ) -> Result<usize, Box<dyn std::error::Error>> {
        SignedDocument::write_while_made(original, target, None, || {
            let appended = made?;
            Ok((
                SignedDocument::new(original, appended.to_vec()),
                appended.len(),
            ))
        })
    }

    #[test]
    fn a_document_of_any_size_is_written_whole_and_a_failure_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("signed.pdf");
        for octets in [10, COPIED_AHEAD - 1, COPIED_AHEAD, 2 * COPIED_AHEAD + 7] {
            let original: Vec<u8> = (0..=u8::MAX).cycle().take(octets).collect();
            assert_eq!(write(&original, Ok(b"update"), &target).unwrap(), 6);
            let written = MappedFile::open(&target).unwrap();
            assert!(*written == [&original[..], b"update"].concat());
            std::fs::remove_file(&target).unwrap();
            write(&original, Err("no key"), &target).unwrap_err();
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }

    #[test]
    fn a_document_that_was_made_of_other_octets_is_written_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("signed.pdf");
        let (one, other) = (vec![b'1'; COPIED_AHEAD], vec![b'2'; COPIED_AHEAD]);
        SignedDocument::write_while_made::<_, FileError>(&one, &target, None, || {
            Ok((SignedDocument::new(&other, b"update".to_vec()), ()))
        })
        .unwrap();
        let written = MappedFile::open(&target).unwrap();
        assert!(*written == [&other[..], b"update"].concat());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
