//! A signature as `trien.verify/1` writes it.

use serde::{Deserialize, Serialize};
use trien_policy::{
    ChangeFact, ChangesFact, Confirmation, CoverageFact, Level, Outcome, SignatureKindFact,
    SignerKind, TimestampStatus,
};
use trien_types::UnixTime;

use crate::archive::moment;

/// What is said of one signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignatureRecord {
    /// Full name of its field.
    pub field: String,
    /// What kind it is.
    pub kind: SignatureKindFact,
    /// /SubFilter as written.
    pub sub_filter: Option<String>,
    /// PAdES level, where it is one.
    pub level: Option<String>,
    /// `intact`, `broken` or `unsupported`.
    pub integrity: String,
    /// Why it is not intact.
    pub integrity_reason: Option<String>,
    /// What it covers.
    pub coverage: CoverageFact,
    /// The signed revision, from 1.
    pub revision: Option<usize>,
    /// What came after it, in a word.
    pub changes: ChangesFact,
    /// What came after it.
    #[serde(default)]
    pub change_list: Vec<ChangeFact>,
    /// Changes that are not listed.
    #[serde(default)]
    pub changes_left_out: usize,
    /// EN 319 102-1: `TOTAL-PASSED`, `TOTAL-FAILED` or `INDETERMINATE`.
    pub indication: String,
    /// EN 319 102-1: why.
    pub sub_indication: Option<String>,
    /// Who signed, as far as a certificate says.
    pub signer: Option<SignerRecord>,
    /// What the signer's program claims.
    #[serde(with = "moment::optional")]
    pub claimed_signing_time: Option<UnixTime>,
    /// The earliest moment at which it is proven to have existed.
    #[serde(with = "moment::optional")]
    pub best_signature_time: Option<UnixTime>,
    /// Its time stamps.
    #[serde(default)]
    pub timestamps: Vec<TimestampRecord>,
    /// The revocation evidence relied on: SHA-256 in hexadecimal.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Where it shows; `None` for one that is not seen.
    #[serde(default)]
    pub placed: Option<PlacedRecord>,
    /// /Reason.
    #[serde(default)]
    pub reason: Option<String>,
    /// The roles it claims.
    #[serde(default)]
    pub claimed_roles: Vec<String>,
    /// What it commits its signer to.
    #[serde(default)]
    pub commitments: Vec<String>,
    /// What departs from a standard.
    #[serde(default)]
    pub deviations: Vec<String>,
    /// The anchor it leads to.
    #[serde(default)]
    pub trust_anchor: Option<TrustAnchorRecord>,
    /// The rules it was judged under.
    #[serde(default)]
    pub profile: Option<ProfileRecord>,
    /// The rules in force when it was made.
    #[serde(default)]
    pub profile_in_force: Option<ProfileRecord>,
    /// Every rule that ran.
    #[serde(default)]
    pub findings: Vec<FindingRecord>,
}

impl SignatureRecord {
    /// When it was made, as far as is known: stamped, else claimed. Document time stamps are put
    /// over archives for years and tell no time of signing; they refute a claim to a later one.
    #[must_use]
    pub fn time(&self) -> Option<UnixTime> {
        self.stamped_at().or_else(|| {
            let claimed = self.claimed_signing_time?;
            Some(
                self.best_signature_time
                    .map_or(claimed, |best| best.min(claimed)),
            )
        })
    }

    /// The moment that a time stamp of its own proves, where one holds.
    #[must_use]
    pub fn stamped_at(&self) -> Option<UnixTime> {
        let is_stamped = self.timestamps.iter().any(|stamp| {
            stamp.status == TimestampStatus::Valid
                && stamp.sub_indication.is_none()
                && stamp.time.is_some()
        });
        self.best_signature_time.filter(|_| is_stamped)
    }

    /// Whether it is intact with nothing forbidden behind it, trust aside.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.integrity == "intact"
            && self.coverage != CoverageFact::Broken
            && self.changes != ChangesFact::Forbidden
            && self.indication != "TOTAL-FAILED"
    }
}

/// The certificate that a signature presents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignerRecord {
    /// commonName of the subject.
    pub common_name: Option<String>,
    /// commonName of the issuer.
    pub issuer_common_name: Option<String>,
    /// Subject, RFC 4514.
    pub subject: String,
    /// Issuer, RFC 4514.
    pub issuer: String,
    /// Serial number in hexadecimal.
    pub serial: String,
    /// Whom it names.
    pub kind: SignerKind,
    /// Start of its validity.
    #[serde(with = "moment")]
    pub not_before: UnixTime,
    /// End of its validity.
    #[serde(with = "moment")]
    pub not_after: UnixTime,
}

/// What is said of a time stamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimestampRecord {
    /// genTime.
    #[serde(with = "moment::optional")]
    pub time: Option<UnixTime>,
    /// What it is by itself.
    pub status: TimestampStatus,
    /// Why it proves nothing at the time of judgement.
    #[serde(default)]
    pub sub_indication: Option<String>,
}

/// Where a signature shows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlacedRecord {
    /// The page, from 1.
    pub page: usize,
    /// Left, bottom, right, top in PDF points.
    pub rectangle: [f64; 4],
}

/// The anchor that a path leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrustAnchorRecord {
    /// Subject, RFC 4514.
    pub subject: String,
    /// SHA-256 of the certificate in hexadecimal.
    pub sha256: String,
    /// What it is known as.
    pub known_as: Option<String>,
}

/// A set of rules by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfileRecord {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Since when it applies.
    #[serde(with = "moment")]
    pub applies_from: UnixTime,
    /// Until when.
    #[serde(with = "moment::optional")]
    pub applies_until: Option<UnixTime>,
    /// How well the dates are known.
    pub dates: Confirmation,
}

/// One rule that ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FindingRecord {
    /// Its id.
    pub rule: String,
    /// Where it comes from.
    pub clause: String,
    /// What it found.
    pub outcome: Outcome,
    /// What a failure weighs.
    pub level: Level,
    /// A sentence in the language of the run.
    pub message: String,
}
