//! The verifying road: octets → facts → report. Reads nothing but what it is given, fetches
//! nothing, and knows no time but the one it is told.

pub(crate) mod algorithm;
mod answers;
mod change_fact;
mod evidence_signer;
pub(crate) mod fact;
mod found;
mod gathered;
mod integrity;
mod level;
mod resolve;
mod span_digests;
mod status;
mod supplied;
mod trust;

use trien_pdf::{DocMdpPermission, Document, History, Permission};
use trien_policy::{
    DocumentFacts, Language, PathFact, ProfileChoice, Report, ValidationFacts, judge,
};
use trien_trust::{PathPurpose, TrustAnchors};
use trien_types::{Limits, UnixTime};
use trien_x509::Certificate;

pub use resolve::{Resolved, resolve, resolve_signer};
pub use supplied::SuppliedEvidence;

use change_fact::Places;
use found::{Found, find};
use gathered::Gathered;
use integrity::{Checked, intact_fields};
use span_digests::SpanDigests;
use trust::PathFinder;

use crate::words::{read_words, unfinished_words};

/// What a verification needs beside the octets. Time and trust are inputs: there is no default
/// for either.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Verification<'t> {
    /// Whom to trust; none leaves trust undecided and integrity known.
    pub anchors: &'t TrustAnchors,
    /// The time of judgement.
    pub validation_time: UnixTime,
    /// The rules that judge.
    pub profile: ProfileChoice,
    /// What may follow a signature while nobody certified the document (ISO 32000-2, 12.8.2.2
    /// leaves it open): further signatures and filled fields, unless the caller says otherwise.
    pub uncertified: DocMdpPermission,
    /// The language of the findings.
    pub language: Language,
    /// What is known beside the file: fetched or kept apart. Nothing is fetched here.
    pub supplied: SuppliedEvidence,
    /// Bounds for hostile input.
    pub limits: Limits,
}

impl<'t> Verification<'t> {
    /// A verification at a time with these anchors, under the default profile and limits.
    #[must_use]
    pub fn new(anchors: &'t TrustAnchors, validation_time: UnixTime) -> Self {
        Self {
            anchors,
            validation_time,
            profile: ProfileChoice::default(),
            uncertified: DocMdpPermission::FormsAndSignatures,
            language: Language::default(),
            supplied: SuppliedEvidence::default(),
            limits: Limits::default(),
        }
    }
}

/// Verifies every signature in `bytes`. A forged or broken signature, and a file that is no PDF
/// at all, are reports.
#[must_use]
pub fn verify(bytes: &[u8], verification: &Verification<'_>) -> Report {
    let facts = inspect(bytes, verification);
    judge(
        &facts,
        &verification.profile,
        verification.validation_time,
        verification.language,
    )
}

/// Records what there is to know about every signature in `bytes`, offline.
#[must_use]
pub fn inspect(bytes: &[u8], verification: &Verification<'_>) -> ValidationFacts {
    let limits = &verification.limits;
    let language = verification.language;
    let (document, mut facts) = match Document::open(bytes, limits) {
        Ok(document) => {
            let mut facts = DocumentFacts::default();
            facts.revisions = document.revisions().count();
            facts.encrypted = document.is_encrypted();
            facts.pages = document.page_count();
            (Some(document), facts)
        }
        Err(error) => {
            let mut facts = DocumentFacts::default();
            facts.unreadable = Some(read_words(&error, language));
            (None, facts)
        }
    };
    let history = document
        .as_ref()
        .map(History::of_signed)
        .unwrap_or_default();
    let known = document.as_ref().map(|document| (document, &history));
    let Found {
        signatures,
        empty_fields,
        problem,
    } = find(known, bytes, limits);
    // 7.6.2: names in an encrypted document are no text without the password.
    facts.empty_fields = if document
        .as_ref()
        .is_some_and(Document::has_encrypted_strings)
    {
        Vec::new()
    } else {
        empty_fields
    };
    if facts.unreadable.is_none() && signatures.is_empty() {
        facts.unreadable = problem.map(|error| read_words(&error, language));
    }
    if facts.unreadable.is_none()
        && signatures.is_empty()
        && let Some(offset) = document.as_ref().and_then(Document::unfinished_tail)
    {
        facts.unreadable = Some(unfinished_words(offset, language));
    }
    let digests = SpanDigests::compute(bytes, &signatures);
    let gathered = Gathered::of(
        document.as_ref(),
        &signatures,
        &verification.supplied,
        (limits, language),
    );
    facts.evidence_problems = gathered.problems();
    let time = verification.validation_time;
    let paths = PathFinder::new(verification.anchors, time, &gathered);
    let known = known.map(|(document, history)| fact::Known {
        document,
        history,
        places: Places::new(document),
    });
    // In the order of signing: each signature adds to what the ones before it declared.
    let mut permission = Permission::uncertified(verification.uncertified);
    let checked: Vec<Checked> = signatures
        .into_iter()
        .map(|found| Checked::of(found, &digests, language))
        .collect();
    let intact = intact_fields(&checked);
    let signatures = checked
        .into_iter()
        .map(|checked| {
            let known_of_signers = (&digests, &paths);
            fact::signature_facts(
                known.as_ref(),
                checked,
                &intact,
                known_of_signers,
                &mut permission,
            )
        })
        .collect();
    ValidationFacts::new(facts, level::with_levels(signatures))
}

/// The report about a file that could not even be opened.
#[must_use]
pub fn unreadable(reason: impl Into<String>, verification: &Verification<'_>) -> Report {
    let mut facts = DocumentFacts::default();
    facts.unreadable = Some(reason.into());
    let facts = ValidationFacts::new(facts, Vec::new());
    judge(
        &facts,
        &verification.profile,
        verification.validation_time,
        verification.language,
    )
}

/// Whether a certificate leads to an anchor, with what is said of its status: asked before signing.
pub(crate) fn path_of_signer(
    certificate: &Certificate,
    anchors: &TrustAnchors,
    supplied: &SuppliedEvidence,
    time: UnixTime,
) -> PathFact {
    // What is asked before signing is told in Vietnamese, as everything else by default.
    let gathered = Gathered::of(None, &[], supplied, (&Limits::default(), Language::Vi));
    PathFinder::new(anchors, time, &gathered)
        .find(certificate, &[], PathPurpose::DocumentSigning)
        .path
        .clone()
}
