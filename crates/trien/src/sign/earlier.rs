//! What stands against signing a document further: its earlier signatures, looked at without
//! asking about trust.

use trien_pdf::{DocMdpPermission, Document, FieldValue, signature_fields};
use trien_policy::{
    ChangesFact, CoverageFact, EarlierSignature, IntegrityFact, SignatureFacts, SignatureKindFact,
    SignerKind,
};
use trien_trust::TrustAnchors;
use trien_types::UnixTime;

use crate::error::Error;
use crate::verify::{Verification, inspect};

/// Every signature in the document with what is wrong with it; nobody is trusted or not.
pub(crate) fn earlier_signatures(
    document: &Document<'_>,
    signing_time: UnixTime,
) -> Vec<EarlierSignature> {
    let anchors = TrustAnchors::default();
    earlier_signatures_under(document, &Verification::new(&anchors, signing_time))
}

/// The same, with whether their certificates lead to an anchor of `verification`.
pub(super) fn earlier_signatures_under(
    document: &Document<'_>,
    verification: &Verification<'_>,
) -> Vec<EarlierSignature> {
    let mut verification = verification.clone();
    verification.limits = document.limits().clone();
    inspect(document.bytes(), &verification)
        .signatures
        .iter()
        .map(|facts| {
            let mut earlier = match objection(facts) {
                None => EarlierSignature::sound(&facts.field),
                Some(objection) => EarlierSignature::objectionable(&facts.field, objection),
            };
            earlier.path = facts.path.clone();
            // The authority of a time stamp is nobody who signed.
            match &facts.signer {
                _ if facts.kind == SignatureKindFact::DocumentTimestamp => {
                    earlier.is_time_stamp = true;
                    earlier.by(SignerKind::Organisation)
                }
                Some(signer) => earlier.signed_by(signer.clone(), facts.claimed_roles.clone()),
                None => earlier.by(SignerKind::Organisation),
            }
        })
        .collect()
}

pub(super) fn objection(facts: &SignatureFacts) -> Option<String> {
    match &facts.integrity {
        IntegrityFact::Intact => {}
        IntegrityFact::Broken { detail, .. } | IntegrityFact::Unsupported { detail } => {
            return Some(detail.clone());
        }
        _ => return Some("its state is unknown".to_owned()),
    }
    if facts.coverage == CoverageFact::Broken {
        return Some("it covers no whole revision".to_owned());
    }
    if ChangesFact::of(&facts.changes) == ChangesFact::Forbidden {
        return Some("the document was changed after it".to_owned());
    }
    None
}

/// The field of a certification that allows no changes at all, if there is one.
pub(super) fn certified_without_changes(document: &Document<'_>) -> Result<Option<String>, Error> {
    let fields = signature_fields(document, document.latest())?;
    Ok(fields.into_iter().find_map(|field| {
        let FieldValue::Signature(signature) = field.value else {
            return None;
        };
        (signature.certification == Some(DocMdpPermission::NoChanges)).then_some(field.full_name)
    }))
}
