//! One certificate put to the pool: every statement about it, and everything that is none.
//! Judges no date.

use std::sync::Arc;

use trien_types::{CertificateId, UnixTime};
use trien_x509::Certificate;

use super::certificate_list::{self, CompleteList, DeltaList};
use super::evidence::{Data, Item};
use super::scope::Scope;
use super::signer::Signers;
use super::{
    RejectedEvidence, RejectionReason, RevocationEvidence, StatusStatement, delta, responder,
};
use crate::path::{Budget, CertificationPath};

/// A certificate on a path whose status is asked for, with the certificate that issued it.
#[derive(Debug, Clone, Copy)]
pub struct StatusSubject<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) issuer: &'a Certificate,
    pub(super) path: &'a CertificationPath,
}

impl<'a> StatusSubject<'a> {
    /// The certificates of a path in its order, without the anchor: its status is the
    /// administrator's matter.
    pub fn on(path: &'a CertificationPath) -> impl Iterator<Item = Self> {
        path.certificates()
            .zip(path.issuers())
            .map(move |(certificate, issuer)| Self {
                certificate,
                issuer,
                path,
            })
    }

    /// The certificate asked about.
    #[must_use]
    pub const fn certificate(&self) -> &'a Certificate {
        self.certificate
    }

    /// The certificate that issued it.
    #[must_use]
    pub const fn issuer(&self) -> &'a Certificate {
        self.issuer
    }
}

/// What a pool says about one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusAnswer {
    /// The certificate.
    pub certificate: CertificateId,
    /// The end of its validity.
    pub not_after: UnixTime,
    /// The statements, in the order of the pool, delta lists last.
    pub statements: Vec<StatusStatement>,
    /// What makes none, in the same order.
    pub rejected: Vec<RejectedEvidence>,
}

impl RevocationEvidence {
    /// Every statement of the pool about `subject`. `candidates` may be signers of CRLs and OCSP
    /// responses and stand on the signers' paths; they are not trusted. A signer must lead to the
    /// anchor of the subject's own path (RFC 5280, 6.3.3 (f)).
    #[must_use]
    pub fn ask(
        &self,
        subject: StatusSubject<'_>,
        candidates: &[Certificate],
        budget: &Budget,
    ) -> StatusAnswer {
        let scope = Scope::of(subject.certificate);
        let mut signers = Signers::new(subject, candidates, budget);
        let mut answer = StatusAnswer {
            certificate: subject.certificate.id(),
            not_after: subject.certificate.not_after(),
            statements: Vec::new(),
            rejected: Vec::new(),
        };
        let mut complete: Vec<CompleteList<'_>> = Vec::new();
        let mut deltas: Vec<DeltaList<'_>> = Vec::new();
        for item in self.items() {
            match &item.data {
                Data::Crl(crl) => match certificate_list::read(item, crl, &scope, &mut signers) {
                    Ok(list) if crl.delta_base().is_some() => deltas.push(list),
                    Ok(list) => {
                        answer.take(item, list.statement());
                        complete.push(list);
                    }
                    Err(reason) => answer.reject(item, reason),
                },
                Data::Ocsp { status, basic, .. } => match basic {
                    Some(basic) => match responder::statements(item, basic, &mut signers) {
                        Ok(statements) => {
                            for statement in statements {
                                answer.take(item, statement);
                            }
                        }
                        Err(reason) => answer.reject(item, reason),
                    },
                    None => answer.reject(item, RejectionReason::Unsuccessful(*status)),
                },
            }
        }
        for list in &deltas {
            answer.take(list.item, delta::statement(list, &complete));
        }
        answer
    }
}

impl StatusAnswer {
    fn take(&mut self, item: &Item, statement: Result<StatusStatement, RejectionReason>) {
        match statement {
            Ok(statement) => self.statements.push(statement),
            Err(reason) => self.rejected.push(RejectedEvidence {
                id: item.id,
                reason,
            }),
        }
    }

    fn reject(&mut self, item: &Arc<Item>, reason: RejectionReason) {
        self.take(item, Err(reason));
    }

    /// Rejected evidence that is not simply about other certificates.
    pub fn rejected_of_note(&self) -> impl Iterator<Item = &RejectedEvidence> {
        self.rejected
            .iter()
            .filter(|rejected| !rejected.reason.is_about_others())
    }
}
