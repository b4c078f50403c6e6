//! The files of jobs until they are collected: documents as they came and as they were signed.
//! Does not know what they are, nor whose.
//!
//! A file has its name once it is whole: it is written under another one that ends in `.part`.

mod private;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::JobId;
use super::original::Original;
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
    digest: Sha256,
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
            digest: Sha256::new(),
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
    /// It was not begun, or cannot be written, or another program changed it; nothing is left of it.
    pub(super) fn write_result(
        &self,
        job: JobId,
        number: u32,
        original: &Original,
        appended: &[u8],
    ) -> Result<(u64, ContentHash), Rejection> {
        let part = self.begun_result(job, number);
        let target = self.result(job, number);
        let octets = append(&part, original, appended)
            .and_then(|octets| {
                fs::rename(&part, &target).map_err(|error| rejection_of(&error))?;
                Ok(octets)
            })
            .inspect_err(|_| self.remove_begun(job, number))?;
        Ok((octets, original.hash_with(appended)))
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
        self.digest.update(octets);
        let more = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        self.octets = self.octets.saturating_add(more);
        Ok(())
    }

    /// The hash of what was written.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        ContentHash::from_octets(self.digest.clone().finalize().into())
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

/// Appends to a copy of `original`, which it must be before and after. Gives its octets.
fn append(part: &Path, original: &Original, appended: &[u8]) -> Result<u64, Rejection> {
    let write = || {
        let mut file = OpenOptions::new().append(true).open(part)?;
        file.write_all(appended)?;
        let is_whole = original.is_in(part, appended)?;
        if is_whole {
            file.sync_data()?;
        }
        Ok::<_, io::Error>(is_whole)
    };
    match write() {
        Ok(true) => {
            let octets = original.len().saturating_add(appended.len());
            Ok(u64::try_from(octets).unwrap_or(u64::MAX))
        }
        Ok(false) => Err(Code::DocumentChanged.into()),
        Err(error) => Err(rejection_of(&error)),
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
mod tests;
