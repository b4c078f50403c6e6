//! A folder of anchor files, read within bounds; what could not be read is listed, not lost.
//! Does not judge the certificates found: whoever may write the folder is trusted.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use trien_types::CertificateId;

use super::bounds::{self, Bounds};
use super::folder_error::{AnchorFolderError, AnchorProblem, AnchorProblemKind};
use super::{TrustAnchor, TrustAnchors, file};

/// Bounds for a folder of anchors. Start from [`FolderLimits::default`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FolderLimits {
    /// Files in the folder. Every certificate of every Vietnamese issuer since 2008, one a file,
    /// makes under 300.
    pub files: usize,
    /// Octets of one file. The bundle of all public web roots has about 220 kB.
    pub file_octets: u64,
    /// Certificates in all files together. All European trusted lists have about 5,000.
    pub certificates: usize,
}

impl Default for FolderLimits {
    fn default() -> Self {
        Self {
            files: 1_000,
            file_octets: 4 * 1024 * 1024,
            certificates: 10_000,
        }
    }
}

/// What a folder gave.
#[derive(Debug)]
#[non_exhaustive]
pub struct AnchorFolder {
    /// The anchors, by file name and then by place in the file.
    pub anchors: TrustAnchors,
    /// What could not be read, in the same order.
    pub problems: Vec<AnchorProblem>,
}

impl TrustAnchors {
    /// Reads every file of a folder: PEM with any number of certificates, DER, PKCS#7 in either
    /// form, told apart by their octets and not by their names. Files are taken by name, hidden
    /// ones (`.name`) are passed over, links are followed, folders inside are not entered.
    ///
    /// Anchors are for every purpose and without an end of their own, unless a file of bounds
    /// stands beside theirs, named as it is with `.toml` behind:
    ///
    /// ```toml
    /// purpose = "signing"                          # or "time-stamping"
    /// valid-until = "2030-12-31T23:59:59+07:00"    # the last moment of the trust
    /// ```
    ///
    /// Where the bounds cannot be used, or two files bound one certificate differently, it is not
    /// trusted.
    ///
    /// # Errors
    /// The folder cannot be read. A file that cannot be is among [`AnchorFolder::problems`], and
    /// the others still count.
    pub fn read_dir(path: &Path, limits: &FolderLimits) -> Result<AnchorFolder, AnchorFolderError> {
        let failed = |source| AnchorFolderError {
            path: path.to_owned(),
            source,
        };
        let (names, left_out) = names(path, limits.files).map_err(failed)?;
        let mut reading = Reading::new(limits);
        for name in names {
            reading.file(&path.join(name));
        }
        if left_out > 0 {
            reading.problem(
                path,
                AnchorProblemKind::TooManyFiles {
                    limit: limits.files,
                    left_out,
                },
            );
        }
        Ok(reading.finish())
    }

    /// Reads one file as [`TrustAnchors::read_dir`] reads each, its bounds too.
    #[must_use]
    pub fn read_file(path: &Path, limits: &FolderLimits) -> AnchorFolder {
        let mut reading = Reading::new(limits);
        reading.file(path);
        reading.finish()
    }
}

/// What was read so far.
struct Reading<'a> {
    limits: &'a FolderLimits,
    certificates_left: usize,
    anchors: Vec<TrustAnchor>,
    by_id: HashMap<CertificateId, usize>,
    /// Bounded differently in two files.
    contradicted: HashSet<CertificateId>,
    problems: Vec<AnchorProblem>,
}

impl<'a> Reading<'a> {
    fn new(limits: &'a FolderLimits) -> Self {
        Self {
            limits,
            certificates_left: limits.certificates,
            anchors: Vec::new(),
            by_id: HashMap::new(),
            contradicted: HashSet::new(),
            problems: Vec::new(),
        }
    }

    fn problem(&mut self, path: &Path, kind: AnchorProblemKind) {
        self.problems.push(AnchorProblem {
            path: path.to_owned(),
            kind,
        });
    }

    fn file(&mut self, path: &Path) {
        if let Some(bounded) = bounded_file(path) {
            if fs::symlink_metadata(bounded).is_err() {
                self.problem(path, AnchorProblemKind::BoundsAlone);
            }
            return;
        }
        let bounds = match self.bounds_of(path) {
            Ok(bounds) => bounds,
            Err((path, kind)) => return self.problem(&path, kind),
        };
        match read(path, self.limits.file_octets) {
            Ok(octets) => self.take(path, &octets, bounds),
            Err(kind) => self.problem(path, kind),
        }
    }

    /// Looked for by its name, not among the files listed: a limit must not part the two.
    fn bounds_of(&self, path: &Path) -> Result<Bounds, (PathBuf, AnchorProblemKind)> {
        let mut name = path.as_os_str().to_owned();
        name.push(bounds::ENDING);
        let beside = PathBuf::from(name);
        match fs::symlink_metadata(&beside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Bounds::default()),
            Err(error) => return Err((beside, AnchorProblemKind::Unreadable(error))),
            Ok(_) => {}
        }
        match read(&beside, self.limits.file_octets) {
            Ok(octets) => {
                Bounds::read(&octets).map_err(|error| (beside, AnchorProblemKind::Bounds(error)))
            }
            Err(kind) => Err((beside, kind)),
        }
    }

    fn take(&mut self, path: &Path, octets: &[u8], bounds: Bounds) {
        for found in file::certificates(octets) {
            let certificate = match found {
                Ok(certificate) => certificate,
                Err(kind) => {
                    self.problem(path, kind);
                    continue;
                }
            };
            let Some(left) = self.certificates_left.checked_sub(1) else {
                let limit = self.limits.certificates;
                return self.problem(path, AnchorProblemKind::TooManyCertificates { limit });
            };
            self.certificates_left = left;
            let id = certificate.id();
            let anchor = bounds.apply(TrustAnchor::new(certificate));
            match self
                .by_id
                .get(&id)
                .and_then(|place| self.anchors.get(*place))
            {
                None => {
                    self.by_id.insert(id, self.anchors.len());
                    self.anchors.push(anchor);
                }
                Some(first) if *first == anchor => {}
                Some(_) => {
                    self.contradicted.insert(id);
                    let certificate = id;
                    self.problem(path, AnchorProblemKind::BoundsDiffer { certificate });
                }
            }
        }
    }

    fn finish(self) -> AnchorFolder {
        let contradicted = self.contradicted;
        AnchorFolder {
            anchors: self
                .anchors
                .into_iter()
                .filter(|anchor| !contradicted.contains(&anchor.certificate().id()))
                .collect(),
            problems: self.problems,
        }
    }
}

/// The file that a file of bounds is for.
fn bounded_file(path: &Path) -> Option<PathBuf> {
    let is_bounds = path.extension().is_some_and(|ending| ending == "toml");
    is_bounds.then(|| path.with_extension(""))
}

/// The first `limit` names in order, and how many more there are.
fn names(path: &Path, limit: usize) -> io::Result<(BTreeSet<OsString>, usize)> {
    let mut names = BTreeSet::new();
    let mut left_out = 0_usize;
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        names.insert(name);
        if names.len() > limit {
            names.pop_last();
            left_out = left_out.saturating_add(1);
        }
    }
    Ok((names, left_out))
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, AnchorProblemKind> {
    // Asked before opening: opening a pipe would wait for its writer.
    let metadata = fs::metadata(path).map_err(AnchorProblemKind::Unreadable)?;
    if !metadata.is_file() {
        return Err(AnchorProblemKind::NotAFile);
    }
    let mut octets = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut octets))
        .map_err(AnchorProblemKind::Unreadable)?;
    if u64::try_from(octets.len()).is_ok_and(|length| length <= limit) {
        Ok(octets)
    } else {
        Err(AnchorProblemKind::TooLarge { limit })
    }
}
