//! The files of jobs until they are collected: documents as they came and as they were signed.
//! Does not know what they are, nor whose.
//!
//! A file has its name once it is whole: it is written under another one that ends in `.part`.

mod private;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::JobId;
use crate::rejection::{Code, Rejection};
use crate::store::ContentHash;

use private::{make_private_folder, private, sync_folder};

/// What is not whole yet.
const PART: &str = "part";
/// The certificate that signs, DER.
const CERTIFICATE: &str = "certificate.der";
/// Octets of a certificate; real ones have 1 to 3 kB.
const CERTIFICATE_OCTETS: u64 = 1 << 18;

/// The folder of all jobs: one folder for each, readable by its owner alone.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: PathBuf,
}

/// A document that is being written. Dropping it before [`PartFile::keep`] removes it.
#[derive(Debug)]
pub struct PartFile {
    file: File,
    part: PathBuf,
    target: PathBuf,
    octets: u64,
    kept: Kept,
}

#[derive(Debug, PartialEq, Eq)]
enum Kept {
    NotYet,
    Kept,
}

impl Spool {
    /// The spool in `folder`, which is made where it is not there.
    ///
    /// # Errors
    /// It cannot be made, or its rights cannot be set.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        make_private_folder(&folder)?;
        Ok(Self { folder })
    }

    /// Makes the folder of a job.
    ///
    /// # Errors
    /// It is there already or cannot be made.
    pub fn create(&self, job: JobId) -> io::Result<()> {
        make_private_folder(&self.folder_of(job))
    }

    /// The folder of a job.
    #[must_use]
    pub fn folder_of(&self, job: JobId) -> PathBuf {
        self.folder.join(job.to_string())
    }

    /// Document `number` (from 1) as it came.
    #[must_use]
    pub fn input(&self, job: JobId, number: u32) -> PathBuf {
        self.folder_of(job).join(format!("{number}.in.pdf"))
    }

    /// Document `number` (from 1) as it was signed.
    #[must_use]
    pub fn result(&self, job: JobId, number: u32) -> PathBuf {
        self.folder_of(job).join(format!("{number}.out.pdf"))
    }

    /// Keeps the certificate (DER) that signs a job, or most likely will: what is found after an
    /// interruption must be signed with it. It is on the disk when this returns; one that is kept
    /// already is not written again.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep_certificate(&self, job: JobId, der: &[u8]) -> io::Result<()> {
        if self.certificate(job).is_some_and(|kept| kept == der) {
            return Ok(());
        }
        let path = self.folder_of(job).join(CERTIFICATE);
        let mut file = private().create(true).truncate(true).open(&path)?;
        file.write_all(der)
            .and_then(|()| file.sync_data())
            .inspect_err(|_| {
                // What may not be on the disk is written again.
                let _ = fs::remove_file(&path);
            })
    }

    /// The certificate that signs a job, where one was chosen.
    #[must_use]
    pub fn certificate(&self, job: JobId) -> Option<Vec<u8>> {
        let file = File::open(self.folder_of(job).join(CERTIFICATE)).ok()?;
        let mut der = Vec::new();
        file.take(CERTIFICATE_OCTETS).read_to_end(&mut der).ok()?;
        Some(der)
    }

    /// Begins to write document `number` as it comes.
    ///
    /// # Errors
    /// Another one is being written in its place, or the folder cannot be written.
    pub fn receive(&self, job: JobId, number: u32) -> io::Result<PartFile> {
        let target = self.input(job, number);
        let part = target.with_extension(PART);
        let file = private().create_new(true).open(&part)?;
        Ok(PartFile {
            file,
            part,
            target,
            octets: 0,
            kept: Kept::NotYet,
        })
    }

    /// Begins the signed document `number` with a copy of the document as it came: there is time for
    /// that before the person answers, and where there is no room for it there is none for a
    /// signature. One that is begun already stays.
    ///
    /// # Errors
    /// The disk is full, or the file system fails; nothing is left of it.
    pub fn begin_result(&self, job: JobId, number: u32) -> io::Result<()> {
        let begun = self.begun_result(job, number);
        let mut from = File::open(self.input(job, number))?;
        let octets = from.metadata()?.len();
        if fs::metadata(&begun).is_ok_and(|there| there.len() == octets) {
            return Ok(());
        }
        let mut to = private().create(true).truncate(true).open(&begun)?;
        match io::copy(&mut from, &mut to) {
            Ok(copied) if copied == octets => Ok(()),
            other => {
                self.remove_begun(job, number);
                Err(other.err().unwrap_or(io::ErrorKind::UnexpectedEof.into()))
            }
        }
    }

    /// The signed document `number` as it was begun: the document as it came, which is signed here
    /// and nowhere else, so that what is signed is what the signature is appended to.
    #[must_use]
    pub fn begun_result(&self, job: JobId, number: u32) -> PathBuf {
        self.result(job, number).with_extension(PART)
    }

    /// Removes the signed document `number` that was begun and is not completed, where there is one.
    pub fn remove_begun(&self, job: JobId, number: u32) {
        // What cannot be removed now is removed at the next start.
        let _ = fs::remove_file(self.begun_result(job, number));
    }

    /// Completes the signed document `number`: `appended` is written behind `original`, with which it
    /// was begun. It is on the disk when this returns, but for its name, which [`Spool::sync_names`]
    /// makes last. Gives its octets and their hash.
    ///
    /// # Errors
    /// It was not begun, or cannot be written; nothing is left of it.
    pub fn write_result(
        &self,
        job: JobId,
        number: u32,
        original: &[u8],
        appended: &[u8],
    ) -> io::Result<(u64, ContentHash)> {
        let part = self.begun_result(job, number);
        let file = OpenOptions::new().append(true).open(&part)?;
        let octets = file.metadata()?.len();
        let mut writing = PartFile {
            file,
            part,
            target: self.result(job, number),
            octets,
            kept: Kept::NotYet,
        };
        if u64::try_from(original.len()).ok() != Some(octets) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        writing.write(appended)?;
        let digest = Sha256::new().chain_update(original).chain_update(appended);
        writing.file.sync_data()?;
        let octets = writing.octets;
        writing.keep()?;
        Ok((octets, ContentHash::from_octets(digest.finalize().into())))
    }

    /// Makes the names of a job's files last.
    ///
    /// # Errors
    /// The file system fails.
    pub fn sync_names(&self, job: JobId) -> io::Result<()> {
        sync_folder(&self.folder_of(job))
    }

    /// Removes a job's folder with everything in it; one that is not there is gone already.
    ///
    /// # Errors
    /// The file system fails.
    pub fn remove(&self, job: JobId) -> io::Result<()> {
        match fs::remove_dir_all(self.folder_of(job)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Removes what is not whole in a job's folder.
    ///
    /// # Errors
    /// The file system fails.
    pub fn remove_parts(&self, job: JobId) -> io::Result<()> {
        for entry in fs::read_dir(self.folder_of(job))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == PART) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// The jobs that have a folder. What else lies there is nobody's and is left alone.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn jobs(&self) -> io::Result<Vec<JobId>> {
        let mut jobs = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            jobs.extend(name.to_str().and_then(JobId::parse));
        }
        Ok(jobs)
    }
}

impl PartFile {
    /// Writes further octets.
    ///
    /// # Errors
    /// The disk is full, or the file system fails.
    pub fn write(&mut self, octets: &[u8]) -> io::Result<()> {
        self.file.write_all(octets)?;
        let more = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        self.octets = self.octets.saturating_add(more);
        Ok(())
    }

    /// How many were written.
    #[must_use]
    pub const fn octets(&self) -> u64 {
        self.octets
    }

    /// Gives it its name. A document that came is not forced to the disk: its sender has it, and
    /// after a loss of power its length tells.
    ///
    /// # Errors
    /// The file system fails; nothing is left of it.
    pub fn keep(mut self) -> io::Result<()> {
        fs::rename(&self.part, &self.target)?;
        self.kept = Kept::Kept;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if self.kept == Kept::NotYet {
            // What cannot be removed now is removed at the next start.
            let _ = fs::remove_file(&self.part);
        }
    }
}

/// What a failure of the spool is to the caller.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what else may fail is nothing the caller can mend"
)]
pub(crate) fn rejection_of(error: &io::Error) -> Rejection {
    match error.kind() {
        // Beyond a limit on the size of files the system says that the file is too large.
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Code::NoRoom.into()
        }
        io::ErrorKind::NotFound => Code::DocumentUnknown.into(),
        _ => Code::Internal.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn spool() -> (tempfile::TempDir, Spool, JobId) {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path().join("spool")).unwrap();
        let job = JobId::new().unwrap();
        spool.create(job).unwrap();
        (folder, spool, job)
    }

    fn receive(spool: &Spool, job: JobId, number: u32, octets: &[u8]) {
        let mut part = spool.receive(job, number).unwrap();
        part.write(octets).unwrap();
        part.keep().unwrap();
    }

    #[test]
    fn a_document_has_its_name_once_it_is_whole_and_leaves_nothing_when_it_is_not() {
        let (_folder, spool, job) = spool();
        let mut part = spool.receive(job, 1).unwrap();
        part.write(b"%PDF").unwrap();
        assert!(!spool.input(job, 1).exists());
        assert!(spool.receive(job, 1).is_err(), "two at once");
        drop(part);
        assert_eq!(fs::read_dir(spool.folder_of(job)).unwrap().count(), 0);
        let mut part = spool.receive(job, 1).unwrap();
        part.write(b"%PDF").unwrap();
        part.write(b"-2.0").unwrap();
        assert_eq!(part.octets(), 8);
        part.keep().unwrap();
        assert_eq!(fs::read_to_string(spool.input(job, 1)).unwrap(), "%PDF-2.0");
    }

    #[test]
    fn a_result_is_hashed_and_parts_left_behind_are_swept() {
        let (_folder, spool, job) = spool();
        receive(&spool, job, 7, b"one");
        spool.begin_result(job, 7).unwrap();
        spool.begin_result(job, 7).unwrap();
        assert!(!spool.result(job, 7).exists());
        for der in [b"a", b"a", b"b"] {
            spool.keep_certificate(job, der).unwrap();
            assert_eq!(spool.certificate(job).unwrap(), der);
        }
        fs::remove_file(spool.folder_of(job).join(CERTIFICATE)).unwrap();
        let (octets, hash) = spool.write_result(job, 7, b"one", b"two").unwrap();
        assert_eq!((octets, hash), (6, ContentHash::of(b"onetwo")));
        assert_eq!(fs::read_to_string(spool.result(job, 7)).unwrap(), "onetwo");
        spool.sync_names(job).unwrap();
        fs::write(spool.folder_of(job).join("8.out.part"), b"half").unwrap();
        spool.remove_parts(job).unwrap();
        assert_eq!(fs::read_dir(spool.folder_of(job)).unwrap().count(), 2);
        assert_eq!(spool.jobs().unwrap(), [job]);
        spool.remove(job).unwrap();
        spool.remove(job).unwrap();
        assert_eq!(spool.jobs().unwrap(), []);
    }

    #[test]
    fn a_result_is_appended_to_nothing_but_the_document_it_was_made_of() {
        let (_folder, spool, job) = spool();
        assert!(spool.begin_result(job, 1).is_err(), "nothing came");
        receive(&spool, job, 1, b"one");
        assert!(spool.write_result(job, 1, b"one", b"x").is_err());
        spool.begin_result(job, 1).unwrap();
        assert!(spool.write_result(job, 1, b"other", b"x").is_err());
        assert!(!spool.begun_result(job, 1).exists(), "it is not used again");
        spool.begin_result(job, 1).unwrap();
        spool.remove_begun(job, 1);
        assert!(!spool.begun_result(job, 1).exists());
        // Cut off by a disk that was full: begun anew.
        fs::write(spool.begun_result(job, 1), b"on").unwrap();
        spool.begin_result(job, 1).unwrap();
        spool.write_result(job, 1, b"one", b"x").unwrap();
        assert_eq!(fs::read_to_string(spool.result(job, 1)).unwrap(), "onex");
    }

    #[cfg(unix)]
    #[test]
    fn others_read_nothing() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, spool, job) = spool();
        receive(&spool, job, 1, b"");
        spool.begin_result(job, 1).unwrap();
        spool.write_result(job, 1, b"", b"x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&spool.folder_of(job)), 0o700);
        assert_eq!(mode(spool.folder_of(job).parent().unwrap()), 0o700);
        assert_eq!(mode(&spool.input(job, 1)), 0o600);
        assert_eq!(mode(&spool.result(job, 1)), 0o600);
    }
}
