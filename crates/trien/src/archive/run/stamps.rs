//! The newest time that a record's time stamps state: no clock is right that is behind it.

use trien_policy::{
    IndeterminateBecause, SignatureKindFact, SignatureReport, TimestampFacts, TimestampStatus,
    TokenFact,
};
use trien_types::UnixTime;

use crate::archive::SignatureRecord;

/// The newest time among the sound stamps of a report.
pub(super) fn newest_of(signatures: &[SignatureReport]) -> Option<UnixTime> {
    let stamps = signatures.iter().flat_map(|signature| {
        let facts = signature.facts.timestamps.iter();
        facts.zip(&signature.timestamps)
    });
    stamps
        .filter(|(fact, stamp)| is_sound(fact, stamp.status, stamp.objection))
        .filter_map(|(_, stamp)| stamp.time)
        .max()
}

/// The same of a record, which tells whether the authority leads to an anchor for document time
/// stamps alone.
pub(super) fn newest_in(signatures: &[SignatureRecord]) -> Option<UnixTime> {
    let ahead = IndeterminateBecause::TimestampOrderFailure.name();
    let stamps = signatures.iter().flat_map(|signature| {
        let is_trusted = signature.kind == SignatureKindFact::DocumentTimestamp
            && signature.integrity == "intact"
            && signature.trust_anchor.is_some();
        let stamps = signature.timestamps.iter();
        stamps.filter(move |stamp| {
            stamp.status == TimestampStatus::Valid
                || (is_trusted && stamp.sub_indication.as_deref() == Some(ahead))
        })
    });
    stamps.filter_map(|stamp| stamp.time).max()
}

/// Whether a time stamp tells a time that has come. One that is newer than the clock is doubtful
/// by that clock alone: it is the clock that is to be doubted, if an authority that leads to an
/// anchor gave it.
fn is_sound(
    stamp: &TimestampFacts,
    status: TimestampStatus,
    objection: Option<IndeterminateBecause>,
) -> bool {
    let stood = |time: UnixTime| {
        stamp.path.paths().iter().any(|path| {
            let mut certificates = path.certificates.iter();
            certificates.all(|one| one.not_before <= time && time <= one.not_after)
        })
    };
    status == TimestampStatus::Valid
        || (objection == Some(IndeterminateBecause::TimestampOrderFailure)
            && stamp.token == TokenFact::Intact
            && stamp.time.is_some_and(stood))
}

#[cfg(test)]
mod tests {
    use trien_policy::{CertificateFacts, PathFact, PathFacts};

    use super::*;

    #[test]
    fn a_stamp_newer_than_the_clock_tells_its_time_if_its_authority_leads_to_an_anchor() {
        let at = UnixTime::from_seconds;
        let mut stamp = TimestampFacts::new(Some(at(1_500)), TokenFact::Intact);
        let ahead = Some(IndeterminateBecause::TimestampOrderFailure);
        let doubtful = TimestampStatus::Indeterminate;
        assert!(!is_sound(&stamp, doubtful, ahead), "nobody's");
        let certificate = CertificateFacts::new("aa", "CN=A", (at(1_000), at(2_000)));
        stamp.path = PathFact::Found {
            paths: vec![PathFacts::new(vec![certificate], None)],
        };
        assert!(is_sound(&stamp, doubtful, ahead));
        assert!(is_sound(&stamp, TimestampStatus::Valid, None));
        let revoked = Some(IndeterminateBecause::RevokedNoPoe);
        assert!(!is_sound(&stamp, doubtful, revoked));
        stamp.time = Some(at(2_001));
        assert!(!is_sound(&stamp, doubtful, ahead), "after its end");
    }
}
