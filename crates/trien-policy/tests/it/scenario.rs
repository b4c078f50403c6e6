//! A school's signature and what later happens around it, as facts.
//!
//! A homeroom teacher's certificate (2026–2028) under an authority (2020–2030) under a root
//! (2015–2040), with time stamps by two authorities under the same root, the second of which takes
//! over before the first one ends.

use trien_policy::{
    AlgorithmFact, CertificateFacts, CertificateStatus, CoverageFact, DocumentFacts,
    EvidenceInFile, EvidenceKind, IntegrityFact, KeyFact, PathFact, PathFacts, SignatureFacts,
    SignatureKindFact, SignerFacts, SignerKind, StatusFact, TimestampFacts, TokenFact,
    ValidationFacts,
};
use trien_types::UnixTime;

/// Midnight in Vietnam on a day `2026-05-31`, or a moment in full.
pub(crate) fn day(text: &str) -> UnixTime {
    let full = if text.contains('T') {
        text.to_owned()
    } else {
        format!("{text}T00:00:00+07:00")
    };
    UnixTime::from_rfc3339(&full).unwrap()
}

/// When the teacher signed.
pub(crate) const SIGNED: &str = "2026-05-31T08:00:00+07:00";
/// When the signature was stamped, five seconds later.
pub(crate) const STAMPED: &str = "2026-05-31T08:00:05+07:00";
/// When the archive was stamped first.
pub(crate) const ARCHIVED: &str = "2026-06-01";
/// When it was stamped again, by the second authority.
pub(crate) const RENEWED: &str = "2028-12-01";

fn rsa(bits: u32) -> Option<AlgorithmFact> {
    let key = KeyFact::new("RSA", bits);
    Some(AlgorithmFact::new(key, Some("SHA-256".to_owned())))
}

fn certificate(name: &str, from: &str, until: &str) -> CertificateFacts {
    let mut facts = CertificateFacts::new(name, format!("CN={name}"), (day(from), day(until)));
    facts.key = Some(KeyFact::new("RSA", 3_072));
    facts.algorithm = rsa(3_072);
    facts
}

fn root() -> CertificateFacts {
    let mut root = certificate("root", "2015-01-01", "2040-01-01");
    root.algorithm = None;
    root
}

/// What a list or an answer says; `covered_from` as in the facts.
fn said(
    kind: EvidenceKind,
    status: CertificateStatus,
    (this, next): (&str, Option<&str>),
    covered_from: Option<usize>,
) -> StatusFact {
    let mut fact = StatusFact::new(kind, status, day(this), next.map(day));
    fact.algorithm = rsa(3_072);
    fact.evidence = vec![format!("{kind:?}-{this}")];
    fact.covered_from = covered_from;
    fact
}

/// How much the file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Held {
    /// The signature.
    Basic,
    /// And a stamp on it.
    Time,
    /// And the evidence for all certificates.
    LongTerm,
    /// And a document time stamp over it.
    Archive,
    /// And a second one before the first one's authority ends, with evidence for it.
    Renewed,
}

impl Held {
    pub(crate) const ALL: [Self; 5] = [
        Self::Basic,
        Self::Time,
        Self::LongTerm,
        Self::Archive,
        Self::Renewed,
    ];
}

/// What happened after signing, as lists that the verifier fetched on the day of judgement say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happened {
    /// Nothing; and nothing is fetched.
    NothingFetched,
    /// Nothing; the newest lists and answers are at hand.
    Nothing,
    /// The teacher's certificate was revoked on 1 March 2027.
    SignerRevoked,
    /// The teacher's certificate was revoked before signing.
    RevokedBefore,
    /// The authority was compromised on 1 March 2027.
    AuthorityRevoked,
    /// The first time-stamping authority was compromised on 1 March 2027.
    StampingRevoked,
}

/// Which authority stamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Authority {
    First,
    Second,
}

pub(crate) struct Scenario {
    pub(crate) held: Held,
    pub(crate) happened: Happened,
    /// The key the teacher signed with, in bits.
    pub(crate) bits: u32,
}

impl Scenario {
    pub(crate) fn new(held: Held, happened: Happened) -> Self {
        Self {
            held,
            happened,
            bits: 3_072,
        }
    }

    /// What is fetched on the day of judgement about a certificate that was revoked or not.
    fn fetched(&self, at: UnixTime, revoked: Option<&str>, validity_end: &str) -> Vec<StatusFact> {
        if self.happened == Happened::NothingFetched {
            return Vec::new();
        }
        let status = match revoked.map(day).filter(|since| *since <= at) {
            Some(since) => CertificateStatus::Revoked {
                since,
                reason: Some("keyCompromise".to_owned()),
            },
            // Lists drop what expired: nothing is said of it any more.
            None if at > day(validity_end) => return Vec::new(),
            None => CertificateStatus::Good,
        };
        let mut fact = StatusFact::new(
            EvidenceKind::Crl,
            status,
            at.plus_seconds(-3_600),
            Some(at.plus_seconds(86_400)),
        );
        fact.algorithm = rsa(3_072);
        fact.evidence = vec!["fetched".to_owned()];
        vec![fact]
    }

    fn signer_path(&self, at: UnixTime) -> PathFacts {
        let covered = (self.held >= Held::Archive).then_some(3);
        let mut signer = certificate("teacher", "2026-01-01", "2028-01-01");
        let mut authority = certificate("authority", "2020-01-01", "2030-01-01");
        if self.held >= Held::LongTerm {
            let revoked_before = self.happened == Happened::RevokedBefore;
            let answer = if revoked_before {
                CertificateStatus::Revoked {
                    since: day("2026-05-01"),
                    reason: Some("cessationOfOperation".to_owned()),
                }
            } else {
                CertificateStatus::Good
            };
            let moment = ("2026-05-31T08:00:07+07:00", None);
            let answered = said(EvidenceKind::Ocsp, answer, moment, covered);
            signer.statuses.push(answered);
            let list = ("2026-05-20", Some("2026-11-20"));
            let listed = said(EvidenceKind::Crl, CertificateStatus::Good, list, covered);
            authority.statuses.push(listed);
        }
        let revoked = match self.happened {
            Happened::SignerRevoked => Some("2027-03-01"),
            Happened::RevokedBefore => Some("2026-05-01"),
            Happened::NothingFetched
            | Happened::Nothing
            | Happened::AuthorityRevoked
            | Happened::StampingRevoked => None,
        };
        signer
            .statuses
            .extend(self.fetched(at, revoked, "2028-01-01"));
        let compromised = (self.happened == Happened::AuthorityRevoked).then_some("2027-03-01");
        authority
            .statuses
            .extend(self.fetched(at, compromised, "2030-01-01"));
        PathFacts::new(vec![signer, authority, root()], None)
    }

    fn stamp(&self, at: UnixTime, time: &str, by: Authority) -> TimestampFacts {
        let mut stamp = TimestampFacts::new(Some(day(time)), TokenFact::Intact);
        stamp.algorithm = rsa(3_072);
        stamp.digests = vec!["SHA-256".to_owned()];
        let (name, from, until) = if by == Authority::Second {
            ("stamping-2", "2028-01-01", "2033-01-01")
        } else {
            ("stamping-1", "2024-01-01", "2029-01-01")
        };
        let mut authority = certificate(name, from, until);
        let good = CertificateStatus::Good;
        if by == Authority::First && self.held >= Held::LongTerm {
            let covered = (self.held >= Held::Archive).then_some(3);
            let list = ("2026-05-31T09:00:00+07:00", Some("2026-11-30"));
            authority
                .statuses
                .push(said(EvidenceKind::Crl, good.clone(), list, covered));
        }
        if by == Authority::First && self.held >= Held::Renewed {
            // Evidence about the first authority as of the second stamp.
            let list = ("2028-11-30", Some("2029-05-30"));
            authority
                .statuses
                .push(said(EvidenceKind::Crl, good, list, Some(4)));
        }
        let compromised = (by == Authority::First && self.happened == Happened::StampingRevoked)
            .then_some("2027-03-01");
        authority
            .statuses
            .extend(self.fetched(at, compromised, until));
        stamp.path = PathFact::Found {
            paths: vec![PathFacts::new(vec![authority, root()], None)],
        };
        stamp
    }

    fn document_stamp(&self, at: UnixTime, revision: usize) -> SignatureFacts {
        let (time, by) = if revision == 4 {
            (RENEWED, Authority::Second)
        } else {
            (ARCHIVED, Authority::First)
        };
        let field = format!("stamp-{revision}");
        let kind = SignatureKindFact::DocumentTimestamp;
        let mut facts = SignatureFacts::new(field, kind, IntegrityFact::Intact);
        facts.coverage = CoverageFact::Revision;
        facts.revision = Some(revision);
        let stamp = self.stamp(at, time, by);
        facts.path = stamp.path.clone();
        facts.timestamps = vec![stamp];
        facts.signer = Some(signer("stamping", "2024-01-01", "2033-01-01"));
        facts
    }

    /// The facts as they are gathered at `at`.
    pub(crate) fn facts(&self, at: UnixTime) -> ValidationFacts {
        let kind = SignatureKindFact::Approval;
        let mut facts = SignatureFacts::new("GVCN", kind, IntegrityFact::Intact);
        facts.coverage = CoverageFact::Revision;
        facts.revision = Some(1);
        facts.claimed_signing_time = Some(day(SIGNED));
        facts.signer = Some(signer("teacher", "2026-01-01", "2028-01-01"));
        facts.algorithm = rsa(self.bits);
        facts.digests = vec!["SHA-256".to_owned()];
        facts.evidence_in_file = EvidenceInFile::Incomplete;
        facts.path = PathFact::Found {
            paths: vec![self.signer_path(at)],
        };
        if self.held >= Held::Time {
            facts.timestamps = vec![self.stamp(at, STAMPED, Authority::First)];
        }
        let mut all = vec![facts];
        if self.held >= Held::Archive {
            all.push(self.document_stamp(at, 3));
        }
        if self.held >= Held::Renewed {
            all.push(self.document_stamp(at, 4));
        }
        ValidationFacts::new(DocumentFacts::default(), all)
    }
}

fn signer(name: &str, from: &str, until: &str) -> SignerFacts {
    SignerFacts::new(
        format!("CN={name}"),
        "CN=authority".to_owned(),
        "01".to_owned(),
        SignerKind::Person,
        (day(from), day(until)),
    )
}
