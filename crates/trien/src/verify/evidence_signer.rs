//! How long what a list's or an answer's signer said can be relied on: the validity and the status
//! of certificates that are not on the path asked about. An expired or lost key of a responder, or
//! an older key of the same authority, else says "good" for ever after.

use std::collections::HashMap;

use trien_policy::Language;
use trien_trust::revocation::{SignerRole, StatedStatus, StatusStatement, StatusSubject};
use trien_trust::{Budget, CertificationPath};
use trien_types::{CertificateId, UnixTime};

use super::gathered::Gathered;

/// From when until when the signers of evidence can be relied on; `None` without a bound of its
/// own (the issuer itself, which the path asked about bounds).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reliance {
    from: Option<UnixTime>,
    pub(super) until: Option<UnixTime>,
}

/// What is known about signers so far: many statements have the same one.
#[derive(Debug, Default)]
pub(super) struct EvidenceSigners {
    known: HashMap<(CertificateId, UnixTime), Result<Reliance, String>>,
}

/// The moment a statement is from: an answer says nothing of what came after it was signed, whatever
/// thisUpdate claims (RFC 6960, 4.2.2.1).
pub(super) fn moment(statement: &StatusStatement) -> UnixTime {
    statement
        .produced_at
        .map_or(statement.this_update, |produced| {
            produced.min(statement.this_update)
        })
}

impl EvidenceSigners {
    /// The bounds of a statement's signer, or why it cannot be relied on at all. `path` is the one
    /// whose certificate is asked about.
    pub(super) fn reliance(
        &mut self,
        statement: &StatusStatement,
        path: &CertificationPath,
        gathered: &Gathered,
    ) -> Result<Reliance, String> {
        let Some(signers) = &statement.signer.path else {
            return Ok(Reliance::default());
        };
        let at = moment(statement);
        let key = (statement.signer.certificate.id(), at);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = of_path(statement, signers, path, gathered);
        self.known.insert(key, found.clone());
        found
    }
}

fn of_path(
    statement: &StatusStatement,
    signers: &CertificationPath,
    path: &CertificationPath,
    gathered: &Gathered,
) -> Result<Reliance, String> {
    let at = moment(statement);
    let mut reliance = Reliance::default();
    let on_path = |id: CertificateId| path.certificates().any(|one| one.id() == id);
    let is_exempt = statement.signer.role == SignerRole::DelegatedResponderNoCheck;
    for (index, subject) in StatusSubject::on(signers).enumerate() {
        let certificate = subject.certificate();
        if on_path(certificate.id()) {
            continue;
        }
        reliance.narrow(certificate.not_before(), certificate.not_after());
        let budget = Budget::default();
        let answer = gathered
            .revocation
            .ask(subject, &gathered.certificates, &budget);
        let mut is_known = is_exempt && index == 0;
        for said in &answer.statements {
            match said.status {
                StatedStatus::Revoked(revocation) => {
                    reliance.end(revocation.distrusted_since().plus_seconds(-1));
                }
                // Nobody vouches for himself.
                StatedStatus::Good if !shares_evidence(said, statement) => {
                    is_known |=
                        moment(said) >= at || said.next_update.is_some_and(|next| at <= next);
                }
                StatedStatus::Good | StatedStatus::Unknown | _ => {}
            }
        }
        if !is_known {
            let subject = certificate.subject();
            return Err(match gathered.language {
                Language::En => format!(
                    "it is signed by {subject}, and nothing says whether that certificate was revoked"
                ),
                Language::Vi | _ => format!(
                    "bằng chứng do {subject} ký, mà không có gì cho biết chứng thư số này có bị thu hồi không"
                ),
            });
        }
    }
    let subject = statement.signer.certificate.subject();
    if reliance.from.is_some_and(|from| at < from) {
        return Err(match gathered.language {
            Language::En => format!("it is older than the certificate of its signer, {subject}"),
            Language::Vi | _ => {
                format!("bằng chứng có trước chứng thư số của bên ký nó, {subject}")
            }
        });
    }
    if reliance.until.is_some_and(|until| until < at) {
        return Err(match gathered.language {
            Language::En => {
                format!("it is signed by {subject}, whose certificate had expired or was revoked")
            }
            Language::Vi | _ => format!(
                "bằng chứng do {subject} ký khi chứng thư số của bên này đã hết hạn hoặc bị thu hồi"
            ),
        });
    }
    Ok(reliance)
}

fn shares_evidence(left: &StatusStatement, right: &StatusStatement) -> bool {
    left.evidence
        .iter()
        .any(|used| right.evidence.iter().any(|other| other.id == used.id))
}

impl Reliance {
    fn narrow(&mut self, from: UnixTime, until: UnixTime) {
        self.from = Some(self.from.map_or(from, |known| known.max(from)));
        self.end(until);
    }

    fn end(&mut self, until: UnixTime) {
        self.until = Some(self.until.map_or(until, |known| known.min(until)));
    }
}
