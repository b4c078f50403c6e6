//! One signature found and checked → its facts.

use std::collections::BTreeSet;

use trien_cms::{SubFilter, TimeStampStatus, TimeStampToken, Verdict};
use trien_pdf::{
    ByteRange, ChangeKind, Coverage, Document, History, Permission, Sealing, SignatureDictionary,
    Widget, ending,
};
use trien_policy::{
    ChangeFact, ChangeVerdict, ChangeWord, CoverageFact, Language, PlacedFact, SignatureFacts,
    SignatureKindFact, SignerFacts, SignerKind, TimestampFacts, TokenFact,
};
use trien_trust::PathPurpose;
use trien_types::Limits;
use trien_x509::{Certificate, SubjectKind};

use super::algorithm::algorithm_fact;
use super::change_fact::{Places, change_fact};
use super::found::{Contents, FoundSignature, Reached, Value};
use super::integrity::Checked;
use super::level::is_baseline;
use super::span_digests::{SpanDigests, spans_of};
use super::trust::PathFinder;
use crate::words::{
    attribute_words, broken_words, choose, deviation_words, fault_words, unsupported_words,
};

/// A document that could be read, and what was found out about it for all its signatures.
#[derive(Debug)]
pub(super) struct Known<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) history: &'d History,
    pub(super) places: Places<'d, 'a>,
}

pub(super) fn signature_facts(
    known: Option<&Known<'_, '_>>,
    checked: Checked,
    intact_fields: &BTreeSet<String>,
    (digests, paths): (&SpanDigests<'_>, &PathFinder<'_>),
    permission: &mut Permission,
) -> SignatureFacts {
    let document = known.map(|known| known.document);
    let language = paths.language();
    let Checked {
        found,
        integrity,
        verdict,
    } = checked;
    let Value::Signature(dictionary) = &found.value else {
        return SignatureFacts::new(found.field, SignatureKindFact::Approval, integrity);
    };
    let kind = kind_of(dictionary);
    let mut facts = SignatureFacts::new(found.field.clone(), kind, integrity);
    facts.sub_filter = dictionary.sub_filter().map(ToString::to_string);
    // 7.6.2: strings of an encrypted document are no text without the password.
    if document.is_some_and(Document::has_encrypted_strings) {
        let object = dictionary.object.map(|id| id.to_string());
        facts.field = object.unwrap_or_default();
    } else {
        facts.reason = dictionary.text("Reason");
        facts.claimed_signing_time = dictionary.claimed_signing_time().map(|(time, _)| time);
    }
    let signer = match (&verdict, &found.contents) {
        (Some(Verdict::Intact(intact)), _) => Some(intact.certificate().clone()),
        (_, Contents::Parsed(contents)) => contents.claimed_signer(&[]),
        _ => None,
    };
    // A time-stamp authority is an organisation, and seals nothing.
    let of_organisation = |signer| kind_of_signer(signer) == SignerKind::Organisation;
    let seals = kind != SignatureKindFact::DocumentTimestamp
        && signer.as_ref().is_some_and(of_organisation);
    let mark = if seals { Mark::Seal } else { Mark::Hand };
    facts.placed = document.and_then(|document| placed(document, &found.widgets, mark));
    if seals {
        permission.sealing = Sealing::Sealed;
    }
    cover(&mut facts, known, &found, intact_fields, permission);
    if let Contents::Parsed(contents) = &found.contents {
        let certificates = contents.certificates();
        let purpose = match kind {
            SignatureKindFact::DocumentTimestamp => PathPurpose::TimeStamping,
            SignatureKindFact::Approval | SignatureKindFact::Certification | _ => {
                PathPurpose::DocumentSigning
            }
        };
        if let Some(signer) = &signer {
            facts.signer = Some(signer_facts(signer));
            let answer = paths.find(signer, &certificates, purpose);
            facts.path = answer.path.clone();
            facts.evidence_in_file = answer.evidence;
        }
        if facts.claimed_signing_time.is_none() {
            facts.claimed_signing_time = contents
                .signer_info()
                .and_then(|signer| signer.claimed_signing_time().ok().flatten());
        }
        facts.timestamps = timestamps(contents, digests, &found.value, paths);
    }
    if let Some(Verdict::Intact(intact)) = &verdict {
        facts.deviations.extend(
            intact
                .deviations()
                .iter()
                .map(|one| deviation_words(one, language)),
        );
        facts.algorithm = algorithm_fact(intact.certificate(), intact.scheme());
        facts.digests = vec![intact.digest_algorithm().to_string()];
        if let Contents::Parsed(contents) = &found.contents {
            state(&mut facts, contents, language);
        }
        // The first level; what else the file brings raises it when all is known.
        facts.level = is_baseline(&facts, intact.deviations()).then(|| "PAdES-B-B".to_owned());
    }
    note_form(&mut facts, document, dictionary, language);
    facts
}

/// What of the file's own form departs from the standard and breaks nothing.
fn note_form(
    facts: &mut SignatureFacts,
    document: Option<&Document<'_>>,
    dictionary: &SignatureDictionary,
    language: Language,
) {
    let mut note = |vi, en| facts.deviations.push(choose(language, vi, en).to_owned());
    if document.is_some_and(|document| document.header_offset() > 0) {
        note(
            "có dữ liệu nằm trước dấu hiệu %PDF- ở đầu tệp",
            "octets stand before the %PDF- header",
        );
    }
    if dictionary.contents_form == Some(trien_pdf::StringForm::HexadecimalOdd) {
        note(
            "/Contents có số chữ số lẻ",
            "/Contents has an odd number of digits",
        );
    }
}

/// Whose a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// A person's: seen or not, it signs.
    Hand,
    /// A body's: a record shows its seal.
    Seal,
}

/// The first widget that takes room on a page: a rectangle of no height or width shows nothing
/// (ISO 32000-2, 12.7.5.5).
fn placed(document: &Document<'_>, widgets: &[Widget], mark: Mark) -> Option<PlacedFact> {
    widgets.iter().find_map(|widget| {
        let [x, y, other_x, other_y] = widget.rectangle?;
        let rectangle = [
            x.min(other_x),
            y.min(other_y),
            x.max(other_x),
            y.max(other_y),
        ];
        let [left, bottom, right, top] = rectangle;
        if !(right > left && top > bottom && rectangle.iter().all(|side| side.is_finite())) {
            return None;
        }
        let page = document.page_of_widget(widget).ok()?;
        if mark == Mark::Seal && !document.shows_widget(&page, widget).unwrap_or(true) {
            return None;
        }
        let number = document.page_number(page.object(), document.latest());
        Some(PlacedFact::new(number.ok()??, rectangle))
    })
}

/// In which role and to what end an intact signature says that it was made.
fn state(facts: &mut SignatureFacts, contents: &trien_cms::SignatureContents, language: Language) {
    let Some(signer) = contents.signer_info() else {
        return;
    };
    match signer.claimed_roles() {
        Ok(roles) => facts.claimed_roles = roles,
        Err(error) => facts.deviations.push(attribute_words(&error, language)),
    }
    match signer.commitments() {
        Ok(commitments) => facts.commitments = commitments,
        Err(error) => facts.deviations.push(attribute_words(&error, language)),
    }
    if facts.reason.is_some() && !facts.commitments.is_empty() {
        facts.deviations.push(
            choose(
                language,
                "/Reason có cùng lúc với mục đích ký (EN 319 142-1, 6.3)",
                "/Reason stands beside a commitment (EN 319 142-1, 6.3)",
            )
            .to_owned(),
        );
    }
}

/// ETSI.RFC3161 is a document time stamp whatever /Type says (ATTACKS.md, M4).
fn kind_of(dictionary: &SignatureDictionary) -> SignatureKindFact {
    let is_time_stamp = |name: &trien_pdf::Name| *name == "ETSI.RFC3161";
    if dictionary.sub_filter().is_some_and(is_time_stamp) {
        SignatureKindFact::DocumentTimestamp
    } else if dictionary.certification.is_some() {
        SignatureKindFact::Certification
    } else {
        SignatureKindFact::Approval
    }
}

/// Fills in what is covered, what came after, and whether it may have.
fn cover(
    facts: &mut SignatureFacts,
    known: Option<&Known<'_, '_>>,
    found: &FoundSignature,
    intact_fields: &BTreeSet<String>,
    permission: &mut Permission,
) {
    let Value::Signature(dictionary) = &found.value else {
        return;
    };
    let forbidden = |kind| ChangeFact::new(0, kind, ChangeVerdict::Forbidden);
    let Some(Known {
        document,
        history,
        places,
    }) = known
    else {
        facts.changes = vec![forbidden(ChangeWord::StructureDamaged)];
        return;
    };
    let coverage = match &dictionary.byte_range {
        Ok(range) => Coverage::of(document, range),
        Err(_) => Coverage::Broken,
    };
    facts.coverage = match coverage {
        Coverage::WholeFile => CoverageFact::WholeFile,
        Coverage::Revision(_) => CoverageFact::Revision,
        Coverage::Broken | _ => CoverageFact::Broken,
    };
    let Some(signed) = coverage.revision(document) else {
        return;
    };
    facts.revision = Some(signed.number());
    let declared = permission
        .clone()
        .and(document, dictionary, found.dictionary.as_ref(), signed);
    match declared {
        Ok(declared) => *permission = declared,
        Err(_) => facts
            .changes
            .push(forbidden(ChangeWord::PermissionUnreadable)),
    }
    // What stands behind the last revision is no change of that revision.
    let covered = dictionary.byte_range.as_ref().map_or(0, ByteRange::end);
    let behind = ending(document, signed, covered).filter(|change| {
        matches!(
            change.kind,
            ChangeKind::TrailingLineEnds { .. } | ChangeKind::UnaccountedOctets { .. }
        )
    });
    let mut judge = permission.judge().among(intact_fields);
    facts.changes.extend(
        history
            .after(signed)
            .chain(history.structure(signed))
            .chain(&behind)
            .map(|change| change_fact(places, change, &mut judge)),
    );
    if found.reached == Reached::EarlierForm {
        let kind = ChangeWord::SignatureRemoved;
        let latest = document.latest().number();
        facts
            .changes
            .push(ChangeFact::new(latest, kind, ChangeVerdict::Forbidden));
    }
}

/// Whom a certificate names.
pub(crate) fn kind_of_signer(certificate: &Certificate) -> SignerKind {
    match certificate.subject_kind() {
        SubjectKind::Person => SignerKind::Person,
        SubjectKind::Organisation => SignerKind::Organisation,
        SubjectKind::PersonInOrganisation => SignerKind::PersonInOrganisation,
        SubjectKind::Unknown | _ => SignerKind::Unknown,
    }
}

pub(crate) fn signer_facts(certificate: &Certificate) -> SignerFacts {
    let kind = kind_of_signer(certificate);
    let mut facts = SignerFacts::new(
        certificate.subject().to_string(),
        certificate.issuer().to_string(),
        certificate.serial().to_string(),
        kind,
        (certificate.not_before(), certificate.not_after()),
    );
    facts.common_name = certificate.subject().common_name().map(str::to_owned);
    facts.issuer_common_name = certificate.issuer().common_name().map(str::to_owned);
    facts
}

fn timestamps(
    contents: &trien_cms::SignatureContents,
    digests: &SpanDigests<'_>,
    value: &Value,
    paths: &PathFinder<'_>,
) -> Vec<TimestampFacts> {
    if let (SubFilter::EtsiRfc3161, Some(token)) =
        (contents.sub_filter(), contents.time_stamp_token())
    {
        let Some(spans) = spans_of(value) else {
            return Vec::new();
        };
        let verification = token.verify(&digests.of(spans), &[]);
        return vec![timestamp_facts(token, &verification, paths)];
    }
    let Some(signer) = contents.signer_info() else {
        return Vec::new();
    };
    let stamped = signer.signature().to_vec();
    signer
        .signature_time_stamps()
        .map(
            |octets| match TimeStampToken::parse(octets, &Limits::default()) {
                Err(error) => TimestampFacts::new(
                    None,
                    TokenFact::Refused {
                        detail: match paths.language() {
                            Language::En => error.to_string(),
                            Language::Vi | _ => "không đọc được dấu thời gian".to_owned(),
                        },
                    },
                ),
                Ok(token) => {
                    let verification = token.verify(&stamped, &contents.certificates());
                    timestamp_facts(&token, &verification, paths)
                }
            },
        )
        .collect()
}

fn timestamp_facts(
    token: &TimeStampToken,
    verification: &trien_cms::TimeStampVerification,
    paths: &PathFinder<'_>,
) -> TimestampFacts {
    let state = match verification.status() {
        TimeStampStatus::Intact => TokenFact::Intact,
        TimeStampStatus::Unsupported => TokenFact::Unsupported {
            detail: detail_of(verification, paths.language()),
        },
        TimeStampStatus::Refused | _ => TokenFact::Refused {
            detail: detail_of(verification, paths.language()),
        },
    };
    let mut facts = TimestampFacts::new(Some(verification.stated_time()), state);
    if let Some(authority) = verification.authority() {
        let certificates: Vec<Certificate> = token
            .signed_data()
            .parsed_certificates()
            .iter()
            .flatten()
            .cloned()
            .collect();
        facts.path = paths
            .find(authority, &certificates, PathPurpose::TimeStamping)
            .path
            .clone();
    }
    if let Some(intact) = verification.intact() {
        let signer = intact.signer();
        facts.algorithm = algorithm_fact(signer.certificate(), signer.scheme());
        facts.digests = vec![signer.digest_algorithm().to_string()];
        let imprint = token.tst_info().imprint_algorithm().digest();
        facts
            .digests
            .extend(imprint.ok().map(|used| used.to_string()));
        facts.digests.dedup();
    }
    facts
}

/// Why a token does not hold.
fn detail_of(verification: &trien_cms::TimeStampVerification, language: Language) -> String {
    let broken = verification.broken();
    let broken = broken.map(|because| broken_words(because, language));
    let unsupported = verification.unsupported();
    let unsupported = unsupported.map(|because| unsupported_words(because, language));
    let faults = verification.faults().iter();
    let faults = faults.map(|fault| fault_words(*fault, language));
    let all: Vec<String> = broken
        .into_iter()
        .chain(unsupported)
        .chain(faults)
        .collect();
    all.join("; ")
}
