//! How one file of an archive is renewed.

use trien::archive::{ArchiveError, Source, provable_until};
use trien::{
    DocumentConclusion, ExtensionError, ExtensionRequest, Limits, Report, SignatureKindFact,
    UnixTime, Verification, extend,
};

use crate::trouble::Trouble;

/// What a file came to that nothing is wrong with.
pub(crate) enum Renewed {
    Added {
        /// Until when it can be proven now.
        end: Option<UnixTime>,
    },
    NotNeeded,
}

/// Why a file stays as it is though its end is near.
pub(crate) enum NotRenewed {
    /// What would be added ends no later than what the file has.
    NoFurther {
        end: UnixTime,
    },
    Refused(ExtensionError),
    Unable(String),
    Zip,
}

/// Renews a file in place, whole or not at all, and only where that moves its end or raises a
/// signature's level: each run would add a time stamp otherwise, for ever and for nothing.
pub(crate) fn renew_one(
    source: &Source,
    verification: &Verification<'_>,
    before: UnixTime,
    request: &ExtensionRequest<'_>,
) -> Result<Renewed, NotRenewed> {
    let language = verification.language;
    let unable = |error: ArchiveError| NotRenewed::Unable(error.told(language));
    let file = source.open().map_err(unable)?;
    let report = trien::verify(&file, verification);
    if report.conclusion == DocumentConclusion::Unreadable {
        let reason = report.document.unreadable.unwrap_or_default();
        return Err(NotRenewed::Unable(reason));
    }
    // What is unsigned has nothing to prove; what is broken is refused below, by name.
    let now = provable_until(&report).map(|end| end.time);
    let ages = now.is_some_and(|end| end < before);
    if !ages && report.conclusion != DocumentConclusion::Invalid {
        return Ok(Renewed::NotNeeded);
    }
    let had = levels(&report);
    let Some(path) = source.path() else {
        return Err(NotRenewed::Zip);
    };
    let extended = extend(&file, request, &Limits::default()).map_err(NotRenewed::Refused)?;
    if extended.document.appended().is_empty() {
        return Ok(Renewed::NotNeeded);
    }
    // The stamps are younger than the moment that this run began at.
    let stamped = extended.stamped.iter().copied();
    let mut verification = verification.clone();
    verification.validation_time = stamped.fold(verification.validation_time, UnixTime::max);
    let renewed = trien::verify(&extended.document.to_vec(), &verification);
    let end = provable_until(&renewed).map(|end| end.time);
    if let Some(now) = now
        && end.is_none_or(|end| end <= now)
        && levels(&renewed) == had
    {
        return Err(NotRenewed::NoFurther { end: now });
    }
    // The new file takes the old one's name when it is whole on the disk; the map keeps the old.
    extended
        .document
        .write_to(path, None)
        .map_err(|error| NotRenewed::Unable(Trouble::File(error).sentence(language)))?;
    Ok(Renewed::Added { end })
}

/// The levels that the signatures of people and bodies have reached.
fn levels(report: &Report) -> Vec<Option<String>> {
    report
        .signatures
        .iter()
        .filter(|signature| signature.facts.kind != SignatureKindFact::DocumentTimestamp)
        .map(|signature| signature.facts.level.clone())
        .collect()
}
