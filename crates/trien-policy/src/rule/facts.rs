//! Facts for the tests of rules: a signature with nothing wrong, and ways to spoil it.

use trien_types::UnixTime;

use crate::judged::Judged;
use crate::proof_of_existence::ProofsOfExistence;
use crate::{
    CertificateFacts, CertificateStatus, CoverageFact, EvidenceKind, IntegrityFact, PathFact,
    PathFacts, SignatureFacts, SignatureKindFact, SignerFacts, SignerKind, StatusFact,
};

/// Judged at second 1,500 with a certificate from 1,000 to 2,000.
pub(crate) fn judged() -> Judged {
    let mut signature =
        SignatureFacts::new("GVCN", SignatureKindFact::Approval, IntegrityFact::Intact);
    signature.coverage = CoverageFact::WholeFile;
    signature.path = PathFact::Found {
        paths: vec![path()],
    };
    signature.signer = Some(SignerFacts::new(
        "CN=A".into(),
        "CN=B".into(),
        "01".into(),
        SignerKind::Person,
        (UnixTime::from_seconds(1_000), UnixTime::from_seconds(2_000)),
    ));
    let time = UnixTime::from_seconds(1_500);
    Judged::new(signature, 0, &ProofsOfExistence::none(time), time)
}

/// A signer's certificate from 1,000 to 2,000 that a responder called good at 1,500, under an
/// anchor from 0 to 10,000.
pub(crate) fn path() -> PathFacts {
    let validity = |from, until| (UnixTime::from_seconds(from), UnixTime::from_seconds(until));
    let mut leaf = CertificateFacts::new("aa", "CN=A", validity(1_000, 2_000));
    leaf.statuses = vec![StatusFact::new(
        EvidenceKind::Ocsp,
        CertificateStatus::Good,
        UnixTime::from_seconds(1_500),
        None,
    )];
    let anchor = CertificateFacts::new("bb", "CN=B", validity(0, 10_000));
    PathFacts::new(vec![leaf, anchor], None)
}

pub(crate) fn judged_with(spoil: impl FnOnce(&mut SignatureFacts)) -> Judged {
    judged_at(1_500, spoil)
}

pub(crate) fn judged_at(seconds: i64, spoil: impl FnOnce(&mut SignatureFacts)) -> Judged {
    let mut signature = judged().signature;
    spoil(&mut signature);
    let time = UnixTime::from_seconds(seconds);
    Judged::new(signature, 0, &ProofsOfExistence::none(time), time)
}
