//! Whether a stage that was stored as text still adds one signature to its original and nothing
//! else: the text may have come by ways on which others could write.
//! Does not know what the mark, the reason or the place ought to say: only who asked for them does.

use trien_pdf::{
    Change, ChangeKind, Covering, Dictionary, Document, FieldValue, History, PreparedUpdate,
    SignatureField, signature_fields,
};
use trien_policy::{CoverageFact, Language, Profile, SigningFacts, permit};
use trien_trust::TrustAnchors;
use trien_types::{Limits, UnixTime};
use trien_x509::Certificate;

use super::earlier::{certified_without_changes, earlier_signatures, objection};
use super::permitted::signing_facts;
use super::request::SignatureRequest;
use super::stored::ResumeError;
use crate::error::Error;
use crate::verify::{Verification, inspect};

/// What this library writes into a signature dictionary (ISO 32000-2, table 255).
const SIGNATURE_ENTRIES: [&str; 10] = [
    "ByteRange",
    "ContactInfo",
    "Contents",
    "Filter",
    "Location",
    "M",
    "Name",
    "Reason",
    "SubFilter",
    "Type",
];

/// Any octets that are not the zeros of an empty gap: an empty SEQUENCE.
const PLACEHOLDER: [u8; 2] = [0x30, 0];

/// What is known of a stage besides its text.
pub(super) enum Expected<'p> {
    /// The profile alone.
    Profile(&'p Profile),
    /// All that was asked for.
    Request(Box<SignatureRequest>),
}

impl Expected<'_> {
    /// The signed attributes that must be there beside those of every signature.
    pub(super) fn statements(&self) -> Result<Vec<Vec<u8>>, Error> {
        match self {
            Self::Profile(_) => Ok(Vec::new()),
            Self::Request(request) => request.statements(),
        }
    }
}

/// Asks the rules again, and compares the update with what signing does. Gives the signing time
/// that the update states.
///
/// # Errors
/// The rules refuse, or the update is none that only signs.
pub(super) fn check(
    update: &PreparedUpdate<'_>,
    signer: &Certificate,
    expected: &Expected<'_>,
) -> Result<UnixTime, ResumeError> {
    let limits = Limits::default();
    let opened = |bytes| Document::open(bytes, &limits).map_err(|_| ResumeError::UpdateDiffers);
    let original =
        Document::open(update.original(), &limits).map_err(|_| ResumeError::OtherFile)?;
    original
        .check_placeable()
        .map_err(|_| ResumeError::OtherFile)?;
    let filled = update
        .complete(&PLACEHOLDER)
        .map_err(|_| ResumeError::Malformed)?;
    let octets = [update.original(), &filled].concat();
    let signed = opened(&octets)?;
    let (field, signing_time) = signature_alone(&original, &signed, update)?;
    match expected {
        Expected::Profile(profile) => ask_the_rules(&original, signer, signing_time, profile)?,
        Expected::Request(request) => {
            if request.field != field || request.signing_time != signing_time {
                return Err(ResumeError::UpdateDiffers);
            }
            let facts =
                signing_facts(&original, signer, request).map_err(|_| ResumeError::OtherFile)?;
            permit(&facts, &request.profile, request.language).map_err(ResumeError::Refused)?;
        }
    }
    earlier_unharmed(&original, &signed, signing_time)?;
    Ok(signing_time)
}

/// The rules as `propose` asks them, at the time that the update itself states.
fn ask_the_rules(
    original: &Document<'_>,
    signer: &Certificate,
    signing_time: UnixTime,
    profile: &Profile,
) -> Result<(), ResumeError> {
    let mut facts = SigningFacts::new(signing_time, (signer.not_before(), signer.not_after()));
    facts.earlier = earlier_signatures(original, signing_time);
    facts.certified_without_changes =
        certified_without_changes(original).map_err(|_| ResumeError::OtherFile)?;
    permit(&facts, profile, Language::default()).map_err(ResumeError::Refused)?;
    Ok(())
}

/// One more revision, up to the end of the file, whose only content is one signature with the
/// prepared byte range. Gives its field and its claimed signing time.
fn signature_alone(
    original: &Document<'_>,
    signed: &Document<'_>,
    update: &PreparedUpdate<'_>,
) -> Result<(String, UnixTime), ResumeError> {
    let differs = || ResumeError::UpdateDiffers;
    let before = original.latest();
    let one_more = original.revisions().count().checked_add(1) == Some(signed.revisions().count());
    if !one_more || signed.unfinished_tail().is_some() {
        return Err(differs());
    }
    let fields = signature_fields(signed, signed.latest()).map_err(|_| differs())?;
    let (field, dictionary) = fields
        .iter()
        .find_map(|field| {
            let FieldValue::Signature(value) = &field.value else {
                return None;
            };
            (value.byte_range == Ok(update.byte_range())).then_some((field, value))
        })
        .ok_or_else(differs)?;
    let old_fields = signature_fields(original, before).map_err(|_| ResumeError::OtherFile)?;
    let old = old_fields
        .iter()
        .find(|old| old.full_name == field.full_name);
    if dictionary.certification.is_some() || !is_as_written(field, &dictionary.dictionary, old) {
        return Err(differs());
    }
    let history = History::since(signed, before);
    let changes = history.of(signed.latest());
    if !changes
        .iter()
        .all(|change| belongs_to(change, &field.full_name))
    {
        return Err(differs());
    }
    let (time, _) = dictionary.claimed_signing_time().ok_or_else(differs)?;
    Ok((field.full_name.clone(), time))
}

/// The signature dictionary has the entries that this library writes, and locks nothing that the
/// field did not lock before.
fn is_as_written(
    field: &SignatureField,
    dictionary: &Dictionary,
    old: Option<&SignatureField>,
) -> bool {
    let locked_before = old.is_some_and(|old| old.dictionary.get("Lock").is_some());
    let locks = field.dictionary.get("Lock").is_some() || dictionary.get("Reference").is_some();
    let known = dictionary.entries().iter().all(|entry| {
        let mut known = SIGNATURE_ENTRIES.iter().chain(["Reference"].iter());
        known.any(|name| entry.key == *name)
    });
    let is = |key: &str, wanted: &str| {
        let name = dictionary.get(key).and_then(trien_pdf::Object::as_name);
        name.is_some_and(|name| *name == wanted)
    };
    known
        && (locked_before || !locks)
        && is("Type", "Sig")
        && is("Filter", "Adobe.PPKLite")
        && is("SubFilter", "ETSI.CAdES.detached")
}

/// What placing a signature in `field` changes. A mark over most of a page would hide what is
/// signed.
fn belongs_to(change: &Change, field: &str) -> bool {
    if let ChangeKind::SignatureFieldAdded {
        field: added,
        covering,
    } = &change.kind
    {
        return added == field && *covering != Covering::Page;
    }
    if let ChangeKind::SignatureFieldFilled { field: filled, .. } = &change.kind {
        return filled == field;
    }
    matches!(
        change.kind,
        ChangeKind::FormExtended
            | ChangeKind::FormResourcesExtended
            | ChangeKind::StructureExtended
            | ChangeKind::WidgetAdded
    )
}

/// The signatures of the original are in the signed file, and nothing new speaks against them.
fn earlier_unharmed(
    original: &Document<'_>,
    signed: &Document<'_>,
    time: UnixTime,
) -> Result<(), ResumeError> {
    let before = earlier_signatures(original, time);
    let after = earlier_signatures(signed, time);
    let more = before.len().checked_add(1) == Some(after.len());
    if more
        && before
            .iter()
            .zip(&after)
            .all(|(before, after)| before == after)
    {
        Ok(())
    } else {
        Err(ResumeError::UpdateDiffers)
    }
}

/// The finished file as a stranger sees it: every signature intact and nothing behind one
/// forbidden, the last one over the whole file with `signer`'s certificate.
///
/// # Errors
/// What is wrong, in technical English.
pub(super) fn verify_finished(octets: &[u8], signer: &Certificate) -> Result<(), String> {
    let anchors = TrustAnchors::default();
    let verification = Verification::new(&anchors, signer.not_before());
    let facts = inspect(octets, &verification);
    for signature in &facts.signatures {
        if let Some(objection) = objection(signature) {
            return Err(format!("{}: {objection}", signature.field));
        }
    }
    let last = facts.signatures.last();
    let is_signers = last.is_some_and(|last| {
        last.coverage == CoverageFact::WholeFile
            && last
                .signer
                .as_ref()
                .is_some_and(|stated| stated.serial == signer.serial().to_string())
    });
    if is_signers {
        Ok(())
    } else {
        Err("the last signature is not the one that was prepared".to_owned())
    }
}
