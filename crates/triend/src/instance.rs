//! One daemon for each folder.
//! Does not know what the daemon does.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Held by the daemon that runs.
const LOCK: &str = "daemon.lock";
/// The address it listens on. Beside the lock: on Windows a locked file cannot be read.
const ADDRESS: &str = "daemon.address";

/// The right to be the daemon of a folder. The system takes it back however the process ends.
#[derive(Debug)]
pub struct Instance {
    folder: PathBuf,
    #[expect(dead_code, reason = "holds the lock until it is dropped")]
    lock: File,
}

/// Why this process is not the daemon of the folder.
#[derive(Debug)]
#[non_exhaustive]
pub enum InstanceError {
    /// Another one is, at this address where it is known.
    Running(Option<String>),
    /// A file cannot be written.
    File(PathBuf, io::Error),
}

impl Instance {
    /// Becomes the daemon of a folder, which is made where it is not there.
    ///
    /// # Errors
    /// Another process is, or the folder cannot be written.
    pub fn take(folder: &Path) -> Result<Self, InstanceError> {
        let path = folder.join(LOCK);
        let failed = |error| InstanceError::File(path.clone(), error);
        create_folder(folder).map_err(failed)?;
        let lock = private().open(&path).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                folder: folder.to_owned(),
                lock,
            }),
            Err(TryLockError::WouldBlock) => Err(InstanceError::Running(address(folder))),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Leaves the address for those who come later.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn listens_at(&self, address: &str) -> Result<(), InstanceError> {
        let path = self.folder.join(ADDRESS);
        let mut options = private();
        let written = options
            .truncate(true)
            .open(&path)
            .and_then(|mut file| io::Write::write_all(&mut file, address.as_bytes()));
        written.map_err(|error| InstanceError::File(path, error))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Where it stays, the lock tells that nobody listens there.
        let _ = std::fs::remove_file(self.folder.join(ADDRESS));
    }
}

/// The address that the daemon of a folder left.
fn address(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join(ADDRESS)).ok()?;
    text.starts_with("http://127.0.0.1:").then_some(text)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

impl InstanceError {
    /// What is wrong and what to do, in Vietnamese.
    #[must_use]
    pub fn in_vietnamese(&self) -> String {
        match self {
            Self::Running(Some(address)) => format!("triend đang chạy rồi ở {address}"),
            Self::Running(None) => "triend đang chạy rồi và đang khởi động".to_owned(),
            Self::File(path, _) => {
                format!("không ghi được {}: hãy kiểm tra quyền", path.display())
            }
        }
    }
}

impl std::fmt::Display for InstanceError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Running(Some(address)) => write!(formatter, "triend runs already at {address}"),
            Self::Running(None) => formatter.write_str("triend runs already and is starting"),
            Self::File(path, _) => {
                write!(
                    formatter,
                    "{} cannot be written: check its rights",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for InstanceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Running(_) => None,
            Self::File(_, error) => Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_second_daemon_is_told_where_the_first_one_is() {
        let folder = TempDir::new().unwrap();
        let first = Instance::take(folder.path()).unwrap();
        let second = Instance::take(folder.path());
        assert!(matches!(second, Err(InstanceError::Running(None))));
        first.listens_at("http://127.0.0.1:14742").unwrap();
        let second = Instance::take(folder.path());
        assert!(matches!(
            second,
            Err(InstanceError::Running(Some(address))) if address == "http://127.0.0.1:14742"
        ));
        drop(first);
        Instance::take(folder.path()).unwrap();
    }
}
