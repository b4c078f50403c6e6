//! A file of log lines that is put aside when it is full. The five newest are kept.
//! Does not know what stands in the lines.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Files that are kept, the present one among them.
const KEPT: u32 = 5;

/// The file `triend.log`, with `triend.1.log` and so on put aside. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LogFile(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    most_octets: u64,
    file: File,
    octets: u64,
}

impl LogFile {
    /// Opens the file in `folder`, which is made where it is not there; its owner alone may read
    /// it. A file that would have more than `most_octets` is put aside.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn open(folder: &Path, most_octets: u64) -> io::Result<Self> {
        create_folder(folder)?;
        let file = open(&present(folder))?;
        let octets = file.metadata()?.len();
        Ok(Self(Arc::new(Mutex::new(Inner {
            folder: folder.to_owned(),
            most_octets,
            file,
            octets,
        }))))
    }
}

impl Write for LogFile {
    /// Takes a line whole: it does not go over two files.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let more = u64::try_from(line.len()).unwrap_or(u64::MAX);
        let full = inner.octets.saturating_add(more) > inner.most_octets;
        if full && inner.octets > 0 {
            inner.put_aside()?;
        }
        inner.file.write_all(line)?;
        inner.octets = inner.octets.saturating_add(more);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.file.flush()
    }
}

impl Inner {
    fn put_aside(&mut self) -> io::Result<()> {
        for number in (1..KEPT.saturating_sub(1)).rev() {
            move_aside(
                &aside(&self.folder, number),
                &aside(&self.folder, number.saturating_add(1)),
            )?;
        }
        move_aside(&present(&self.folder), &aside(&self.folder, 1))?;
        self.file = open(&present(&self.folder))?;
        self.octets = 0;
        Ok(())
    }
}

fn move_aside(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn present(folder: &Path) -> PathBuf {
    folder.join("triend.log")
}

fn aside(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("triend.{number}.log"))
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_full_file_is_put_aside_and_the_fifth_before_it_is_gone() {
        let folder = TempDir::new().unwrap();
        let logs = folder.path().join("logs");
        let mut log = LogFile::open(&logs, 30).unwrap();
        for number in 0..20 {
            writeln!(log, "line number {number:02}").unwrap();
        }
        let mut names: Vec<String> = fs::read_dir(&logs)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "triend.1.log",
                "triend.2.log",
                "triend.3.log",
                "triend.4.log",
                "triend.log"
            ]
        );
        let text = |name: &str| fs::read_to_string(logs.join(name)).unwrap();
        assert_eq!(text("triend.log"), "line number 18\nline number 19\n");
        assert_eq!(text("triend.4.log"), "line number 10\nline number 11\n");
        // It goes on where it was.
        drop(log);
        let mut log = LogFile::open(&logs, 30).unwrap();
        writeln!(log, "line number 20").unwrap();
        assert_eq!(text("triend.log"), "line number 20\n");
        assert_eq!(text("triend.1.log"), "line number 18\nline number 19\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(logs.join("triend.log"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
