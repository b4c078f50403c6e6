//! One signature together with what follows from all of them: what time it is proven to be from,
//! and what becomes of its certification paths then.

use trien_types::UnixTime;

use crate::certificate_validation::{CertificateValidation, Question};
use crate::proof_of_existence::{ProofsOfExistence, TimestampValidation, validate};
use crate::report::TrustAnchorReport;
use crate::{SignatureFacts, SignatureKindFact, SignerKind};

/// A signature's facts together with the time they are judged at.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Judged {
    /// The facts.
    pub signature: SignatureFacts,
    /// The time of judgement.
    pub validation_time: UnixTime,
    /// How many people had signed before without certifying.
    pub earlier_approvals: usize,
    /// Whom the certificates of the signatures before it name.
    pub earlier_signers: Vec<SignerKind>,
    /// The earliest moment at which the signature is proven to have existed
    /// (EN 319 102-1: best-signature-time); `None` when nothing proves any.
    pub best_signature_time: Option<UnixTime>,
    /// The latest proven moment before which it cannot have been made.
    pub made_after: Option<UnixTime>,
    /// What became of each of its time stamps, in their order.
    pub(crate) timestamps: Vec<TimestampValidation>,
    /// What becomes of the path that serves best; `None` without any.
    pub(crate) certificate: Option<CertificateValidation>,
    /// The anchor of that path.
    pub(crate) trust_anchor: Option<TrustAnchorReport>,
}

impl Judged {
    pub(crate) fn new(
        signature: SignatureFacts,
        earlier_approvals: usize,
        proofs: &ProofsOfExistence,
        validation_time: UnixTime,
    ) -> Self {
        // The value of the signature, and with it the tokens beside it, which no stamp on the
        // signature covers.
        let by_document = proofs.of_contents(signature.revision);
        let timestamps: Vec<TimestampValidation> = signature
            .timestamps
            .iter()
            .map(|stamp| validate(stamp, by_document, proofs))
            .collect();
        let accepted = signature
            .timestamps
            .iter()
            .zip(&timestamps)
            .filter(|(_, judged)| judged.objection.is_none())
            .filter_map(|(stamp, _)| stamp.time);
        let proven = accepted.fold(by_document, UnixTime::min);
        let best_signature_time = (proven < validation_time).then_some(proven);
        let question = Question {
            validation_time,
            // A document time stamp proves for others; it is itself proven by those after it.
            proven: match signature.kind {
                SignatureKindFact::DocumentTimestamp => by_document,
                SignatureKindFact::Approval | SignatureKindFact::Certification => proven,
            },
            status_time: proven,
        };
        let best = signature
            .path
            .paths()
            .iter()
            .map(|path| (path, CertificateValidation::of(path, question, proofs)))
            .min_by_key(|(_, validation)| validation.misses());
        let trust_anchor = best
            .as_ref()
            .and_then(|(path, _)| TrustAnchorReport::of(path));
        let certificate = best.map(|(_, validation)| validation);
        let made_after = proofs.not_before(signature.revision);
        Self {
            signature,
            validation_time,
            earlier_approvals,
            earlier_signers: Vec::new(),
            best_signature_time,
            made_after,
            timestamps,
            certificate,
            trust_anchor,
        }
    }

    /// The time the signature is judged at: what is proven, else the time of judgement
    /// (EN 319 102-1, 5.3.4).
    #[must_use]
    pub fn judged_time(&self) -> UnixTime {
        self.best_signature_time.unwrap_or(self.validation_time)
    }

    /// The moments of all its time stamps that hold and whose authorities were trusted then,
    /// whether or not they still prove anything.
    pub(crate) fn stamped(&self) -> impl Iterator<Item = UnixTime> {
        self.signature
            .timestamps
            .iter()
            .zip(&self.timestamps)
            .filter(|(_, judged)| judged.status == crate::TimestampStatus::Valid)
            .filter_map(|(stamp, _)| stamp.time)
    }
}
