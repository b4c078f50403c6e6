//! What the evidence at hand says about the certificates of a path, as facts without a moment.

use trien_policy::{CertificateStatus, EvidenceKind, Language, StatusFact};
use trien_trust::revocation::{StatedStatus, StatementKind, StatusStatement, StatusSubject};
use trien_trust::{Budget, CertificationPath};
use trien_x509::ReasonFlags;

use super::algorithm::algorithm_fact;
use super::evidence_signer::{EvidenceSigners, Reliance, moment};
use super::gathered::Gathered;
use crate::words::{reason_words, rejection_words};

/// What is said of one certificate.
#[derive(Debug, Default)]
pub(super) struct Statuses {
    pub(super) facts: Vec<StatusFact>,
    /// Evidence that does not count, each with its reason.
    pub(super) rejected: Vec<String>,
    /// What the file itself says of it.
    pub(super) in_file: Option<InFile>,
}

/// A statement in the file that tells a certificate's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InFile {
    /// The first signed revision that covers it, if any does.
    pub(super) covered_from: Option<usize>,
}

/// Asks the evidence about one certificate.
pub(super) fn statuses(
    subject: StatusSubject<'_>,
    path: &CertificationPath,
    gathered: &Gathered,
) -> Statuses {
    let budget = Budget::default();
    let answer = gathered
        .revocation
        .ask(subject, &gathered.certificates, &budget);
    let mut statuses = Statuses {
        rejected: answer
            .rejected_of_note()
            .map(|rejected| rejection_words(&rejected.reason, gathered.language))
            .collect(),
        ..Statuses::default()
    };
    let mut partial: Vec<(&StatusStatement, Reliance)> = Vec::new();
    let mut signers = EvidenceSigners::default();
    for statement in &answer.statements {
        let reliance = match signers.reliance(statement, path, gathered) {
            Ok(reliance) => reliance,
            // Whoever says "revoked" with a right to sign is heard: it can only lower.
            Err(_) if matches!(statement.status, StatedStatus::Revoked(_)) => Reliance::default(),
            Err(reason) => {
                statuses.rejected.push(reason);
                continue;
            }
        };
        if statement.status == StatedStatus::Good && !is_about_all_reasons(statement) {
            partial.push((statement, reliance));
        } else {
            statuses.add(statement, reliance, gathered);
        }
    }
    // Lists that are each about some reasons say "good" together or not at all (RFC 5280, 6.3.3).
    let together = partial
        .iter()
        .map(|(statement, _)| statement.reasons)
        .reduce(ReasonFlags::union);
    if together.is_some_and(|together| together.contains(ReasonFlags::ALL))
        && let Some((oldest, reliance)) = partial
            .iter()
            .min_by_key(|(statement, _)| moment(statement))
    {
        statuses.add(oldest, *reliance, gathered);
    }
    statuses.facts.sort_by_key(|fact| fact.this_update);
    statuses
}

impl Statuses {
    fn add(&mut self, statement: &StatusStatement, reliance: Reliance, gathered: &Gathered) {
        let ids = || statement.evidence.iter().map(|used| used.id);
        if statement.status != StatedStatus::Unknown && gathered.is_in_file(ids()) {
            let covered_from = gathered.covered_from(ids());
            // The one that is covered first serves best.
            let known = self.in_file.and_then(|known| known.covered_from);
            let covered_from = match (known, covered_from) {
                (Some(known), Some(new)) => Some(known.min(new)),
                (known, new) => known.or(new),
            };
            self.in_file = Some(InFile { covered_from });
        }
        let kind = match statement.kind {
            StatementKind::Ocsp => EvidenceKind::Ocsp,
            StatementKind::Crl | StatementKind::DeltaCrl | _ => EvidenceKind::Crl,
        };
        let mut fact = StatusFact::new(
            kind,
            status_of(statement, gathered.language),
            moment(statement),
            statement.next_update,
        );
        fact.expired_since = statement.retained_since;
        fact.signer_until = reliance.until;
        fact.algorithm = statement
            .evidence
            .last()
            .and_then(|used| algorithm_fact(&statement.signer.certificate, used.scheme));
        fact.evidence = ids().map(|id| id.to_string()).collect();
        fact.covered_from = gathered.covered_from(ids());
        self.facts.push(fact);
    }
}

fn is_about_all_reasons(statement: &StatusStatement) -> bool {
    statement.reasons.contains(ReasonFlags::ALL)
}

fn status_of(statement: &StatusStatement, language: Language) -> CertificateStatus {
    match statement.status {
        StatedStatus::Good => CertificateStatus::Good,
        StatedStatus::Revoked(revocation) => {
            if revocation.is_hold() {
                return CertificateStatus::OnHold {
                    since: revocation.since(),
                };
            }
            CertificateStatus::Revoked {
                since: revocation.distrusted_since(),
                reason: Some(reason_words(revocation.reason, language)),
            }
        }
        StatedStatus::Unknown | _ => CertificateStatus::Unknown,
    }
}
