//! Whether a data folder is the user's own: nobody else can have put anything in it, or in its way.
//! Makes nothing and opens nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders in it that the daemon writes into.
const FOLDERS: [&str; 3] = ["spool", "logs", "anchors"];
/// Files in it that the daemon writes by name.
const FILES: [&str; 3] = ["daemon.lock", "daemon.address", "logs/triend.log"];

/// Files in it that the store opens by name: none may lead elsewhere.
const STORE_FILES: [&str; 4] = [
    "triend.sqlite",
    "triend.sqlite-wal",
    "triend.sqlite-shm",
    "triend.lock",
];

/// Why a data folder is not used.
#[derive(Debug)]
#[non_exhaustive]
pub enum FolderFault {
    /// A symbolic link stands where a folder or file of the daemon belongs.
    Link(PathBuf),
    /// It belongs to another user.
    OfAnother(PathBuf),
    /// Others may write into it.
    WritableByOthers(PathBuf),
    /// A file stands where a folder belongs.
    NotAFolder(PathBuf),
    /// It cannot be looked at.
    Unreadable(PathBuf, io::Error),
}

/// Looks at a data folder and at what the daemon writes in it, as far as it is there.
///
/// # Errors
/// One of them is a symbolic link, belongs to another user, can be written by others, or is a file where
/// a folder belongs.
pub fn check(folder: &Path) -> Result<(), FolderFault> {
    let folders = FOLDERS.map(|name| folder.join(name));
    for path in std::iter::once(folder).chain(folders.iter().map(PathBuf::as_path)) {
        check_one(path)?;
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_dir()) {
            return Err(FolderFault::NotAFolder(path.to_owned()));
        }
    }
    for name in FILES {
        check_one(&folder.join(name))?;
    }
    for name in STORE_FILES {
        let path = folder.join(name);
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink()) {
            return Err(FolderFault::Link(path));
        }
    }
    Ok(())
}

fn check_one(path: &Path) -> Result<(), FolderFault> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(FolderFault::Unreadable(path.to_owned(), error)),
    };
    if metadata.is_symlink() {
        return Err(FolderFault::Link(path.to_owned()));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if metadata.uid() != rustix::process::geteuid().as_raw() {
            return Err(FolderFault::OfAnother(path.to_owned()));
        }
        if metadata.mode() & 0o022 != 0 {
            return Err(FolderFault::WritableByOthers(path.to_owned()));
        }
    }
    Ok(())
}

impl FolderFault {
    /// What is wrong and what to do, in Vietnamese.
    #[must_use]
    pub fn in_vietnamese(&self) -> String {
        match self {
            Self::Link(path) => format!(
                "{} là liên kết: hãy xóa liên kết hoặc chọn thư mục khác bằng --data",
                path.display()
            ),
            Self::OfAnother(path) => format!(
                "{} thuộc người dùng khác: hãy chọn thư mục khác bằng --data",
                path.display()
            ),
            Self::WritableByOthers(path) => format!(
                "người dùng khác ghi được vào {}: hãy chạy chmod go-w",
                path.display()
            ),
            Self::NotAFolder(path) => format!(
                "{} là tệp, không phải thư mục: hãy chọn thư mục bằng --data",
                path.display()
            ),
            Self::Unreadable(path, _) => {
                format!("không xem được {}: hãy kiểm tra quyền", path.display())
            }
        }
    }
}

impl std::fmt::Display for FolderFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Link(path) => write!(
                formatter,
                "{} is a symbolic link: remove it or choose another folder with --data",
                path.display()
            ),
            Self::OfAnother(path) => write!(
                formatter,
                "{} belongs to another user: choose another folder with --data",
                path.display()
            ),
            Self::WritableByOthers(path) => write!(
                formatter,
                "others can write {}: run chmod go-w on it",
                path.display()
            ),
            Self::NotAFolder(path) => write!(
                formatter,
                "{} is a file and no folder: choose a folder with --data",
                path.display()
            ),
            Self::Unreadable(path, _) => {
                write!(
                    formatter,
                    "{} cannot be looked at: check its rights",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for FolderFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(_, error) => Some(error),
            Self::Link(_)
            | Self::NotAFolder(_)
            | Self::OfAnother(_)
            | Self::WritableByOthers(_) => None,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_folder_that_others_can_reach_into_is_not_used() {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        check(&data).unwrap();
        let rights = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        fs::write(&data, "").unwrap();
        rights(&data, 0o600);
        assert!(matches!(check(&data), Err(FolderFault::NotAFolder(path)) if path == data));
        fs::remove_file(&data).unwrap();
        fs::create_dir(&data).unwrap();
        fs::create_dir(data.join("logs")).unwrap();
        rights(&data, 0o700);
        rights(&data.join("logs"), 0o700);
        check(&data).unwrap();
        rights(&data, 0o707);
        assert!(matches!(
            check(&data),
            Err(FolderFault::WritableByOthers(_))
        ));
        rights(&data, 0o700);
        let link = folder.path().join("link");
        symlink(&data, &link).unwrap();
        assert!(matches!(check(&link), Err(FolderFault::Link(path)) if path == link));
        for name in [
            "spool",
            "anchors",
            "daemon.address",
            "logs/triend.log",
            "triend.lock",
            "triend.sqlite",
            "triend.sqlite-wal",
        ] {
            let path = data.join(name);
            symlink(folder.path().join("elsewhere"), &path).unwrap();
            assert!(matches!(check(&data), Err(FolderFault::Link(found)) if found == path));
            fs::remove_file(&path).unwrap();
        }
        check(&data).unwrap();
    }
}
