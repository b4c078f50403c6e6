//! Who may sign CRLs and OCSP responses about a certificate, and whether they did.
//! Whether a signer was itself revoked is not asked here.

use std::collections::HashMap;

use trien_types::{CertificateId, UnixTime};
use trien_x509::const_oid::ObjectIdentifier as Oid;
use trien_x509::{BasicOcspResponse, Certificate, Crl, DistinguishedName, KeyUsage};

use super::evidence::Item;
use super::{RejectionReason, SignerRole, StatementSigner, StatusSubject};
use crate::anchor::{TrustAnchor, TrustAnchors};
use crate::name_key::NameKey;
use crate::path::{
    Budget, BudgetItem, CertificationPath, PathFailure, PathFailureReason, build_paths,
    same_authority,
};
use crate::purpose::PathPurpose;

/// id-kp-OCSPSigning (RFC 6960, 4.2.2.2).
const OCSP_SIGNING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.9");

/// The certificates that may be a signer's, and the work that may still be done.
pub(super) struct Signers<'a> {
    pub(super) subject: StatusSubject<'a>,
    candidates: &'a [Certificate],
    /// Candidates and certificates of the path by subject.
    by_subject: HashMap<NameKey, Vec<&'a Certificate>>,
    /// Certificates that are for OCSP signing.
    responders: Vec<&'a Certificate>,
    /// The anchor of the subject's path and no other.
    anchors: TrustAnchors,
    budget: &'a Budget,
    signatures_left: usize,
    paths: HashMap<(CertificateId, PathPurpose), Result<CertificationPath, PathFailure>>,
}

impl<'a> Signers<'a> {
    pub(super) fn new(
        subject: StatusSubject<'a>,
        candidates: &'a [Certificate],
        budget: &'a Budget,
    ) -> Self {
        let mut by_subject: HashMap<NameKey, Vec<&Certificate>> = HashMap::new();
        let mut responders = Vec::new();
        for certificate in subject.path.issuers().iter().chain(candidates) {
            by_subject
                .entry(NameKey::of(certificate.subject()))
                .or_default()
                .push(certificate);
            if is_for_ocsp(certificate) {
                responders.push(certificate);
            }
        }
        let anchor = TrustAnchor::new(subject.path.anchor().clone());
        Self {
            subject,
            candidates,
            by_subject,
            responders,
            anchors: std::iter::once(anchor).collect(),
            budget,
            signatures_left: budget.signatures,
            paths: HashMap::new(),
        }
    }

    fn verify(&mut self, item: &Item, by: &Certificate) -> Result<(), RejectionReason> {
        let info = by.subject_public_key_info();
        let result = match item.known(info) {
            Some(known) => known.map_err(Some),
            None => {
                let Some(left) = self.signatures_left.checked_sub(1) else {
                    return Err(RejectionReason::BudgetSpent(BudgetItem::Signatures));
                };
                self.signatures_left = left;
                match by.public_key() {
                    Ok(key) => item.verify(info, &key).map_err(Some),
                    Err(_) => Err(None),
                }
            }
        };
        result.map_err(|cause| RejectionReason::SignatureNotShown {
            certificate: by.id(),
            cause,
        })
    }

    /// A path that holds at `time`, or else one that holds at another time.
    fn path_of(
        &mut self,
        certificate: &Certificate,
        purpose: PathPurpose,
        time: UnixTime,
    ) -> Result<CertificationPath, RejectionReason> {
        let key = (certificate.id(), purpose);
        let known = match self.paths.get(&key) {
            Some(known) => known.clone(),
            None => {
                // A responder is authorised by the issuer itself: nobody else may stand between.
                let mut issuers = self.subject.path.issuers().to_vec();
                if purpose != PathPurpose::OcspSigning {
                    issuers.extend(self.candidates.iter().cloned());
                }
                let result = build_paths(
                    certificate,
                    &issuers,
                    &self.anchors,
                    time,
                    purpose,
                    self.budget,
                );
                let found = match (result.path(), result.failure()) {
                    (Some(path), _) => Ok(path.clone()),
                    (None, Some(failure)) => failure
                        .path_at_another_time()
                        .cloned()
                        .ok_or_else(|| failure.clone()),
                    (None, None) => return Err(RejectionReason::SignerNotFound),
                };
                self.paths.insert(key, found.clone());
                found
            }
        };
        known.map_err(|failure| {
            // A responder that does not even lead to the issuer has nothing from it.
            let unlinked = failure.certificates().count() == 1
                && !matches!(failure.reason(), PathFailureReason::BudgetSpent(_));
            if purpose == PathPurpose::OcspSigning && unlinked {
                RejectionReason::SignerNotAuthorised {
                    certificate: certificate.id(),
                }
            } else {
                RejectionReason::SignerWithoutPath {
                    certificate: certificate.id(),
                    cause: Box::new(failure.reason().clone()),
                }
            }
        })
    }

    fn issuer_as_signer(&self) -> StatementSigner {
        StatementSigner {
            certificate: self.subject.issuer.clone(),
            role: SignerRole::Issuer,
            path: None,
        }
    }

    /// The signer of a CRL: the issuer's own key first, then every certificate of the CRL
    /// issuer's name that leads to the anchor.
    pub(super) fn of_crl(
        &mut self,
        item: &Item,
        crl: &Crl,
    ) -> Result<StatementSigner, RejectionReason> {
        let issuer = self.subject.issuer;
        let mut tried = Tried::default();
        if same_but_for_dashes(crl.issuer(), issuer.subject()) {
            match self.crl_signed_by(item, issuer) {
                Ok(()) => return Ok(self.issuer_as_signer()),
                Err(reason) => tried.note(reason),
            }
        }
        let named = self.by_subject.get(&NameKey::of(crl.issuer()));
        for certificate in named.cloned().unwrap_or_default() {
            let is_issuer = same_authority(certificate, issuer);
            if is_issuer && certificate == issuer {
                continue;
            }
            match self.crl_signed_by(item, certificate) {
                Err(reason) => {
                    let spent = matches!(reason, RejectionReason::BudgetSpent(_));
                    tried.note(reason);
                    if spent {
                        break;
                    }
                }
                Ok(()) => {
                    match self.path_of(certificate, PathPurpose::CrlSigning, crl.this_update()) {
                        Ok(path) => {
                            return Ok(StatementSigner {
                                certificate: certificate.clone(),
                                role: SignerRole::CrlIssuer,
                                path: Some(path),
                            });
                        }
                        Err(reason) => tried.note(reason),
                    }
                }
            }
        }
        Err(tried.reason())
    }

    fn crl_signed_by(
        &mut self,
        item: &Item,
        certificate: &Certificate,
    ) -> Result<(), RejectionReason> {
        let usage = certificate.key_usage();
        if usage.is_some_and(|usage| !usage.contains(KeyUsage::CRL_SIGN)) {
            return Err(RejectionReason::SignerKeyUsage {
                certificate: certificate.id(),
            });
        }
        self.verify(item, certificate)
    }

    /// The signer of an OCSP response (RFC 6960, 4.2.2.2): the issuer, or a responder that it has
    /// issued a certificate for OCSP signing to.
    pub(super) fn of_response(
        &mut self,
        item: &Item,
        basic: &BasicOcspResponse,
    ) -> Result<StatementSigner, RejectionReason> {
        let issuer = self.subject.issuer;
        let embedded: Vec<Certificate> = basic
            .certificates()
            .filter_map(|der| Certificate::from_der(der).ok())
            .collect();
        let others = embedded.iter().chain(self.responders.clone());
        let mut tried = Tried::default();
        for certificate in std::iter::once(issuer).chain(others) {
            if !basic.responder().names(certificate) {
                continue;
            }
            if let Err(reason) = self.verify(item, certificate) {
                tried.note(reason);
                continue;
            }
            if same_authority(certificate, issuer) {
                return Ok(self.issuer_as_signer());
            }
            match self.authorised(certificate, basic.produced_at()) {
                Ok(signer) => return Ok(signer),
                Err(reason) => tried.note(reason),
            }
        }
        Err(tried.reason())
    }

    fn authorised(
        &mut self,
        certificate: &Certificate,
        produced_at: UnixTime,
    ) -> Result<StatementSigner, RejectionReason> {
        let not_authorised = RejectionReason::SignerNotAuthorised {
            certificate: certificate.id(),
        };
        if !is_for_ocsp(certificate) {
            return Err(not_authorised);
        }
        let path = self.path_of(certificate, PathPurpose::OcspSigning, produced_at)?;
        let above = path.issuers().first();
        if !above.is_some_and(|above| same_authority(above, self.subject.issuer)) {
            return Err(not_authorised);
        }
        if !certificate.is_within_validity(produced_at) {
            return Err(RejectionReason::ResponderOutsideValidity {
                certificate: certificate.id(),
                produced_at,
            });
        }
        Ok(StatementSigner {
            certificate: certificate.clone(),
            role: if certificate.ocsp_no_check() {
                SignerRole::DelegatedResponderNoCheck
            } else {
                SignerRole::DelegatedResponder
            },
            path: Some(path),
        })
    }
}

/// The most telling of the reasons met: the one of the signer that came furthest.
#[derive(Default)]
struct Tried(Option<RejectionReason>);

impl Tried {
    fn note(&mut self, reason: RejectionReason) {
        let rank = |reason: &RejectionReason| {
            if matches!(reason, RejectionReason::BudgetSpent(_)) {
                4_u8
            } else if matches!(
                reason,
                RejectionReason::ResponderOutsideValidity { .. }
                    | RejectionReason::SignerWithoutPath { .. }
            ) {
                3
            } else if matches!(reason, RejectionReason::SignerNotAuthorised { .. }) {
                2
            } else {
                1
            }
        };
        if self
            .0
            .as_ref()
            .is_none_or(|kept| rank(kept) < rank(&reason))
        {
            self.0 = Some(reason);
        }
    }

    fn reason(self) -> RejectionReason {
        self.0.unwrap_or(RejectionReason::SignerNotFound)
    }
}

pub(super) fn same_but_for_dashes(one: &DistinguishedName, other: &DistinguishedName) -> bool {
    NameKey::with_dashes_alike(one) == NameKey::with_dashes_alike(other)
}

fn is_for_ocsp(certificate: &Certificate) -> bool {
    certificate.extended_key_usage().is_some_and(|usage| {
        usage
            .purposes
            .iter()
            .any(|purpose| *purpose == OCSP_SIGNING)
    })
}
