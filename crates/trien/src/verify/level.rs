//! The PAdES level that each signature reaches by what stands in the file (EN 319 142-1, 6).
//! Says nothing about trust: a level is a matter of structure.

use trien_cms::Deviation;
use trien_policy::{EvidenceInFile, IntegrityFact, SignatureFacts, SignatureKindFact, TokenFact};

/// Whether a signature fulfils baseline B: the CAdES encoding and the signing-certificate
/// attribute.
pub(super) fn is_baseline(facts: &SignatureFacts, deviations: &[Deviation]) -> bool {
    let is_cades = facts.sub_filter.as_deref() == Some("ETSI.CAdES.detached");
    let unbound = deviations.iter().any(|deviation| {
        matches!(
            deviation,
            Deviation::SigningCertificateAbsent | Deviation::SignedAttributesAbsent
        )
    });
    is_cades && !unbound
}

/// The baseline level of every signature that fulfils baseline B. The time of baseline T may come
/// from a document time stamp; baseline LTA needs one that covers the evidence too.
pub(super) fn with_levels(mut signatures: Vec<SignatureFacts>) -> Vec<SignatureFacts> {
    let stamped: Vec<usize> = signatures
        .iter()
        .filter(|signature| {
            signature.kind == SignatureKindFact::DocumentTimestamp
                && signature.integrity == IntegrityFact::Intact
                && signature
                    .timestamps
                    .first()
                    .is_some_and(|stamp| stamp.token == TokenFact::Intact)
        })
        .filter_map(|signature| signature.revision)
        .collect();
    for signature in &mut signatures {
        if signature.level.is_none() {
            continue;
        }
        let later = |from: usize| stamped.iter().any(|revision| *revision >= from);
        let signed = signature
            .revision
            .map(|revision| revision.saturating_add(1));
        let is_stamped = signature
            .timestamps
            .iter()
            .any(|stamp| stamp.token == TokenFact::Intact);
        let level = match signature.evidence_in_file {
            _ if !is_stamped && !signed.is_some_and(later) => "PAdES-B-B",
            EvidenceInFile::Incomplete => "PAdES-B-T",
            EvidenceInFile::Complete { covered_from } => {
                if signed.is_some_and(later) && covered_from.is_some_and(later) {
                    "PAdES-B-LTA"
                } else {
                    "PAdES-B-LT"
                }
            }
            _ => "PAdES-B-T",
        };
        signature.level = Some(level.to_owned());
    }
    signatures
}
