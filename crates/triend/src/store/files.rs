//! The files of a store: where they lie, who may read them, and who is using them.
//! Does not know what is in the database.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::StoreError;

/// The database in the store's folder.
const DATABASE: &str = "triend.sqlite";
/// Held shared by who has the store open, alone by who puts another database in its place.
const LOCK: &str = "triend.lock";

/// How often the lock is tried, two seconds in all: a command that is about to end, and a process
/// that was forked and has not yet begun its own program, hold it for milliseconds.
const LOCK_TRIES: u32 = 100;
const BETWEEN_LOCK_TRIES: Duration = Duration::from_millis(20);

/// Whether a store is to be made or to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Existing,
    New,
}

/// The folder of a store, and a share in its lock as long as this value lives.
#[derive(Debug)]
pub(super) struct StoreFiles {
    folder: PathBuf,
    #[expect(dead_code, reason = "holds the lock until it is dropped")]
    lock: File,
}

impl StoreFiles {
    /// Takes a share in the store of a folder.
    pub(super) fn lock(folder: &Path, presence: Presence) -> Result<Self, StoreError> {
        let files = Self::locked(folder, presence, File::try_lock_shared)?;
        let database = files.database();
        match presence {
            // SQLite gives its journals the rights of the database.
            Presence::New => match create_private(&database) {
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                    return Err(StoreError::StoreExists(folder.to_owned()));
                }
                Err(error) => return Err(StoreError::File(database, error)),
            },
            Presence::Existing => check_private(&database)?,
        }
        Ok(files)
    }

    /// Takes the whole store: nobody else has it open.
    pub(super) fn lock_alone(folder: &Path, presence: Presence) -> Result<Self, StoreError> {
        Self::locked(folder, presence, File::try_lock)
    }

    fn locked(
        folder: &Path,
        presence: Presence,
        take: impl Fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Self, StoreError> {
        let database = folder.join(DATABASE);
        if presence == Presence::New {
            create_folder(folder).map_err(|error| StoreError::File(folder.to_owned(), error))?;
        } else if fs::symlink_metadata(&database).is_err() {
            return Err(StoreError::NoStore(folder.to_owned()));
        }
        let path = folder.join(LOCK);
        let failed = |error| StoreError::File(path.clone(), error);
        let lock = open_private(&path).map_err(failed)?;
        for _ in 0..LOCK_TRIES {
            match take(&lock) {
                Ok(()) => {
                    return Ok(Self {
                        folder: folder.to_owned(),
                        lock,
                    });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_LOCK_TRIES),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        Err(StoreError::Busy)
    }

    pub(super) fn database(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }
}

/// A new file that its owner alone may read and write.
pub(super) fn create_private(path: &Path) -> std::io::Result<File> {
    private_options().create_new(true).open(path)
}

fn open_private(path: &Path) -> std::io::Result<File> {
    private_options().create(true).truncate(false).open(path)
}

#[cfg(unix)]
fn private_options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

#[cfg(not(unix))]
fn private_options() -> OpenOptions {
    // The user's own application folder gives its rights to what is made in it.
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    options
}

/// The folder that a name stands in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes the removal or renaming of a name in its folder last.
#[cfg(unix)]
pub(super) fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

/// Folders are not opened as files here; the file system writes names in order.
#[cfg(not(unix))]
pub(super) fn sync_folder_of(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn create_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn create_folder(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}

/// The database is a file, not a link to one, and others have no right to it.
fn check_private(path: &Path) -> Result<(), StoreError> {
    let metadata =
        fs::symlink_metadata(path).map_err(|error| StoreError::File(path.to_owned(), error))?;
    if !metadata.is_file() {
        return Err(StoreError::NotAStore(path.to_owned()));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(StoreError::Exposed(path.to_owned()));
        }
    }
    Ok(())
}
