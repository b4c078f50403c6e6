//! Files at each level of PAdES that pyHanko and the EU's DSS library make over the test PKI, with
//! its live services, so that our verdicts can be held against theirs.
//!
//! Knows who signs and where the files go; the programs are started by [`crate::judges`].

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use trien_types::UnixTime;

use crate::judges::{BaselineLevel, JudgeError, LevelJudge, Making, make};
use crate::pki::{CertificatePlan, Identity, PkiError, PkiSettings, Role, Validity};
use crate::services::{LiveServices, ServiceError};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What opens the PKCS#12 file, which lies beside the files it signs.
const PASSWORD: &str = "thu-nghiem";

/// A file that a program of others made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForeignFile {
    /// Who made it.
    pub maker: LevelJudge,
    /// The level it was asked for.
    pub level: BaselineLevel,
    /// Where it is.
    pub path: PathBuf,
}

/// Files of all makers that are set up here, at all levels.
#[derive(Debug)]
#[non_exhaustive]
pub struct ForeignLevels {
    /// The files, maker by maker, the lowest level first.
    pub files: Vec<ForeignFile>,
    /// The folder with the roots.
    pub anchors: PathBuf,
    /// Who signed.
    pub signer: Identity,
    /// When they were made.
    pub made_at: UnixTime,
    /// A moment when all is fresh: an hour after the files were made.
    pub fresh: UnixTime,
    /// A moment when the signer has expired, and the time-stamping authority has not: 270 days on.
    pub signer_expired: UnixTime,
    /// A moment when the time-stamping authority and the responder have expired too: two years on.
    pub all_expired: UnixTime,
    /// The services, for judges that may ask them.
    pub services: LiveServices,
}

impl ForeignLevels {
    /// Signs `input` in `folder`. The makers read the machine's clock, so `now` has to be it.
    ///
    /// # Errors
    /// The folder or loopback cannot be used, or a program fails.
    pub fn make(folder: &Path, input: &[u8], now: UnixTime) -> Result<Self, ForeignLevelsError> {
        let moved = |days: i64| {
            let seconds = days.saturating_mul(DAY);
            UnixTime::from_seconds(now.seconds().saturating_add(seconds))
        };
        let settings = PkiSettings {
            leaves: Validity::new(moved(-30), moved(365)),
            ..PkiSettings::default()
        };
        let services = LiveServices::start_with(&folder.join("keys"), settings, now)?;
        let anchors = folder.join("anchors");
        services.pki.write_anchors(&anchors)?;
        let plan = CertificatePlan::of(Role::Principal)
            .with_validity(Validity::new(moved(-30), moved(180)));
        let signer = services.pki.issue(Role::Principal.label(), &plan)?;
        let key = folder.join("signer.p12");
        std::fs::write(&key, signer.pkcs12(PASSWORD)?)?;
        let original = folder.join("unsigned.pdf");
        std::fs::write(&original, input)?;
        let stamper = services.time_stamps.url();
        let making = Making::new(&original, (&key, PASSWORD), &anchors, &stamper, folder);
        let mut files = Vec::new();
        for maker in LevelJudge::ALL {
            let made = make(maker, &making)?.unwrap_or_default();
            files.extend(
                made.into_iter()
                    .map(|(level, path)| ForeignFile { maker, level, path }),
            );
        }
        Ok(Self {
            files,
            anchors,
            signer,
            made_at: now,
            fresh: UnixTime::from_seconds(now.seconds().saturating_add(3_600)),
            signer_expired: moved(270),
            all_expired: moved(2 * 365),
            services,
        })
    }
}

/// Why the files could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum ForeignLevelsError {
    /// A program of others failed.
    Maker(JudgeError),
    /// The test PKI failed.
    Pki(PkiError),
    /// The live services failed.
    Services(ServiceError),
    /// A file could not be written.
    System(io::Error),
}

impl fmt::Display for ForeignLevelsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Maker(_) => "a program of others did not make its files",
            Self::Pki(_) => "the test PKI failed",
            Self::Services(_) => "the live services failed",
            Self::System(_) => "a file could not be written",
        })
    }
}

impl Error for ForeignLevelsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(match self {
            Self::Maker(source) => source,
            Self::Pki(source) => source,
            Self::Services(source) => source,
            Self::System(source) => source,
        })
    }
}

impl From<JudgeError> for ForeignLevelsError {
    fn from(source: JudgeError) -> Self {
        Self::Maker(source)
    }
}

impl From<PkiError> for ForeignLevelsError {
    fn from(source: PkiError) -> Self {
        Self::Pki(source)
    }
}

impl From<ServiceError> for ForeignLevelsError {
    fn from(source: ServiceError) -> Self {
        Self::Services(source)
    }
}

impl From<io::Error> for ForeignLevelsError {
    fn from(source: io::Error) -> Self {
        Self::System(source)
    }
}
