//! Facts for the tests of rules: a signature with nothing wrong, and ways to spoil it.

use trien_types::UnixTime;

use super::Judged;
use crate::{
    CoverageFact, IntegrityFact, PathFact, SignatureFacts, SignatureKindFact, SignerFacts,
    SignerKind,
};

/// Judged at second 1,500 with a certificate from 1,000 to 2,000.
pub(crate) fn judged() -> Judged {
    let mut signature =
        SignatureFacts::new("GVCN", SignatureKindFact::Approval, IntegrityFact::Intact);
    signature.coverage = CoverageFact::WholeFile;
    signature.path = PathFact::Trusted {
        anchor: "CN=TEST".into(),
    };
    signature.signer = Some(SignerFacts::new(
        "CN=A".into(),
        "CN=B".into(),
        "01".into(),
        SignerKind::Person,
        (UnixTime::from_seconds(1_000), UnixTime::from_seconds(2_000)),
    ));
    Judged {
        signature,
        validation_time: UnixTime::from_seconds(1_500),
        earlier_approvals: 0,
    }
}

pub(crate) fn judged_with(spoil: impl FnOnce(&mut SignatureFacts)) -> Judged {
    let mut judged = judged();
    spoil(&mut judged.signature);
    judged
}
