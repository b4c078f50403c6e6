//! Files in and out: mapped for reading, written whole or not at all.

use std::fs::File;
use std::io::{Read as _, Write};
use std::ops::Deref;
use std::path::{Path, PathBuf};

mod error;
mod pages;
mod text;

use pages::Pages;

pub use error::FileError;
pub use text::{SETTINGS_OCTETS, read_settings, read_settings_octets};

/// Octets of a file that is read and not mapped: to map a file, to touch its pages and to give them
/// back, which every thread notices, takes longer than to read so many.
const READ_OCTETS: u64 = 64 << 10;

/// A file's octets, mapped, or read where they are few: memory use does not grow with the file.
#[derive(Debug)]
pub struct MappedFile {
    octets: Octets,
}

#[derive(Debug)]
enum Octets {
    Mapped(Pages),
    Read(Vec<u8>),
}

impl MappedFile {
    /// Maps a regular file. An empty one gives no octets.
    ///
    /// The file must not be cut off by another program while it is mapped: the operating system
    /// would end this one (docs/adr/0003).
    ///
    /// # Errors
    /// It cannot be opened, or is no regular file.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        Self::open_reading(path, READ_OCTETS)
    }

    /// As [`MappedFile::open`], but a file of up to `read` octets is read into memory: it may be cut
    /// off afterwards, its medium may fail, and only this file cannot be read.
    ///
    /// # Errors
    /// It cannot be opened or read, or is no regular file.
    pub(crate) fn open_reading(path: &Path, read: u64) -> Result<Self, FileError> {
        let failed = |error| FileError::Open(path.to_owned(), error);
        // Asked before opening: opening a pipe would wait for its other end.
        let metadata = std::fs::metadata(path).map_err(failed)?;
        if !metadata.is_file() {
            return Err(FileError::NotAFile(path.to_owned()));
        }
        let file = File::open(path).map_err(failed)?;
        if metadata.len() <= read {
            let mut octets = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
            let mut some = (&file).take(read.saturating_add(1));
            let count = some.read_to_end(&mut octets).map_err(failed)?;
            // It may have grown meanwhile.
            if u64::try_from(count).is_ok_and(|count| count <= read) {
                let octets = Octets::Read(octets);
                return Ok(Self { octets });
            }
        }
        Self::map(&file).map_err(failed)
    }

    /// Maps a file that is open already, such as one without a name. As [`MappedFile::open`] in all
    /// else.
    ///
    /// # Errors
    /// It cannot be mapped.
    pub fn map(file: &File) -> std::io::Result<Self> {
        if file.metadata()?.len() == 0 {
            let octets = Octets::Read(Vec::new());
            return Ok(Self { octets });
        }
        let octets = Octets::Mapped(Pages::of(file)?);
        Ok(Self { octets })
    }
}

impl Deref for MappedFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.octets {
            Octets::Mapped(pages) => pages,
            Octets::Read(octets) => octets,
        }
    }
}

/// Writes `parts` one after the other to a temporary file beside `target`, then renames it: the
/// target is there whole or not at all. `input` is the file the octets came from, which must not
/// be the target.
///
/// # Errors
/// The target is the input, or its folder cannot be written.
pub fn write_new_file(
    target: &Path,
    input: Option<&Path>,
    parts: &[&[u8]],
) -> Result<(), FileError> {
    let mut file = NewFile::begin(target, input.as_slice())?;
    for part in parts {
        file.write_all(part)
            .map_err(|error| FileError::Write(target.to_owned(), error))?;
    }
    file.finish()
}

/// Whether `target` may be written: it is none of the `inputs`, it is not there or a regular file
/// that is not marked read-only, and its folder is there. A link is never followed. Asked before
/// long work, so that a name that will be refused costs none.
///
/// # Errors
/// Which of these does not hold.
pub fn check_target(target: &Path, inputs: &[&Path]) -> Result<(), FileError> {
    if inputs.iter().any(|input| same_file(target, input)) {
        return Err(FileError::WouldReplaceInput(target.to_owned()));
    }
    // A folder, a device, a pipe or a link is nobody's record: none of them is replaced.
    match std::fs::symlink_metadata(target) {
        Ok(metadata) if !metadata.is_file() => {
            return Err(FileError::NotAFile(target.to_owned()));
        }
        // A rename would pass over a target that is marked read-only; its owner marked it on
        // purpose.
        Ok(metadata) if metadata.permissions().readonly() => {
            let denied = std::io::ErrorKind::PermissionDenied.into();
            return Err(FileError::Write(target.to_owned(), denied));
        }
        Ok(_) | Err(_) => {}
    }
    let folder = folder_of(target);
    if folder.is_dir() {
        Ok(())
    } else {
        Err(FileError::NoSuchFolder(folder.to_owned()))
    }
}

/// A file that is written piece by piece, under another name beside its own until it is whole.
/// Dropped before [`NewFile::finish`] it leaves nothing behind.
#[derive(Debug)]
pub struct NewFile {
    target: PathBuf,
    temporary: tempfile::NamedTempFile,
}

impl NewFile {
    /// Begins a file; see [`check_target`].
    ///
    /// # Errors
    /// As [`check_target`], or the folder cannot be written.
    pub fn begin(target: &Path, inputs: &[&Path]) -> Result<Self, FileError> {
        check_target(target, inputs)?;
        let temporary = tempfile::Builder::new()
            .prefix(".trien-")
            .suffix(".part")
            .tempfile_in(folder_of(target))
            .map_err(|error| FileError::Write(target.to_owned(), error))?;
        Ok(Self {
            target: target.to_owned(),
            temporary,
        })
    }

    /// Where it is until it has its name: no file of anybody's.
    #[must_use]
    pub fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Has what was written so far brought to the disk.
    pub(crate) fn sync(&self) -> std::io::Result<()> {
        self.temporary.as_file().sync_data()
    }

    /// Gives the file its name; it keeps the rights of the one that it replaces.
    ///
    /// # Errors
    /// What has come to stand there meanwhile is not replaced, or it cannot be written.
    pub fn finish(self) -> Result<(), FileError> {
        let Self { target, temporary } = self;
        let failed = |error| FileError::Write(target.clone(), error);
        temporary.as_file().sync_all().map_err(failed)?;
        check_target(&target, &[])?;
        match std::fs::symlink_metadata(&target) {
            Ok(metadata) => temporary.as_file().set_permissions(metadata.permissions()),
            Err(_) => share_as_usual(temporary.as_file()),
        }
        .map_err(failed)?;
        temporary
            .persist(&target)
            .map_err(|error| failed(error.error))?;
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.temporary.write(octets)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.temporary.flush()
    }
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Temporary files are private; a signed record is an ordinary file.
#[cfg(unix)]
fn share_as_usual(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn share_as_usual(_: &File) -> std::io::Result<()> {
    Ok(())
}

/// Whether two names lead to one file: by their full paths, or by one more name of it.
fn same_file(target: &Path, input: &Path) -> bool {
    match (target.canonicalize(), input.canonicalize()) {
        (Ok(target), Ok(input)) => target == input || is_one_node(&target, &input),
        _ => false,
    }
}

#[cfg(unix)]
fn is_one_node(target: &Path, input: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (std::fs::metadata(target), std::fs::metadata(input)) {
        (Ok(target), Ok(input)) => (target.dev(), target.ino()) == (input.dev(), input.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_one_node(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_stays_when_the_file_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.pdf");
        let octets = vec![7; 1 << 20];
        std::fs::write(&path, &octets).unwrap();
        let read = MappedFile::open_reading(&path, 1 << 20).unwrap();
        File::create(&path).unwrap();
        assert!(*read == octets);
    }

    #[test]
    fn output_is_whole_and_never_the_input() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.pdf");
        write_new_file(&target, None, &[b"one", b"two"]).unwrap();
        assert_eq!(&*MappedFile::open(&target).unwrap(), b"onetwo");
        let error = write_new_file(&target, Some(&target), &[b"x"]).unwrap_err();
        assert!(matches!(error, FileError::WouldReplaceInput(_)));
        assert_eq!(&*MappedFile::open(&target).unwrap(), b"onetwo");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_or_a_read_only_target_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            write_new_file(folder.path(), None, &[b"x"]),
            Err(FileError::NotAFile(_))
        ));
        assert!(matches!(
            MappedFile::open(folder.path()),
            Err(FileError::NotAFile(_))
        ));
        let target = folder.path().join("kept.pdf");
        write_new_file(&target, None, &[b"kept"]).unwrap();
        let mut permissions = std::fs::metadata(&target).unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&target, permissions).unwrap();
        assert!(matches!(
            write_new_file(&target, None, &[b"x"]),
            Err(FileError::Write(..))
        ));
        assert_eq!(&*MappedFile::open(&target).unwrap(), b"kept");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_a_device_and_another_name_of_an_input_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("input.pdf");
        let (link, second) = (folder.path().join("link"), folder.path().join("second.pdf"));
        write_new_file(&input, None, &[b"kept"]).unwrap();
        std::os::unix::fs::symlink(&input, &link).unwrap();
        std::fs::hard_link(&input, &second).unwrap();
        for target in [&input, &second, &link] {
            assert!(matches!(
                check_target(target, &[&input]),
                Err(FileError::WouldReplaceInput(_))
            ));
        }
        for target in [link.as_path(), Path::new("/dev/full")] {
            assert!(matches!(
                NewFile::begin(target, &[]),
                Err(FileError::NotAFile(_))
            ));
        }
        // What is dropped half-way leaves nothing.
        let mut half = NewFile::begin(&folder.path().join("new"), &[&input]).unwrap();
        half.write_all(b"half").unwrap();
        drop(half);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn an_empty_file_has_no_octets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("empty.pdf");
        write_new_file(&path, None, &[]).unwrap();
        assert!(MappedFile::open(&path).unwrap().is_empty());
    }
}
