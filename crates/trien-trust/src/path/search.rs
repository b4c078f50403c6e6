//! The search: every way up from the target by issuer's name, depth first, within the budget.
//! Leaves it to OpenSSL whether a complete path holds.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;
use std::vec;

use trien_types::{CertificateId, Remembered, UnixTime};
use trien_x509::{Certificate, CertificateSignatureError, VerifyError};

use super::verification::{self, OpenSslCertificates};
use super::{
    Budget, BudgetItem, CertificationPath, InitialPolicies, PathCheck, PathFailure,
    PathFailureReason as Reason, PathResult, TIMELESS,
};
use crate::anchor::{TrustAnchor, TrustAnchors};
use crate::name_key::NameKey;
use crate::purpose::PathPurpose;

/// Whether a certificate's signature holds under another's key.
#[derive(Debug, Clone)]
enum Link {
    Holds,
    DoesNotHold,
    NotDecided(Option<CertificateSignatureError>),
}

/// Links of all searches: whether a signature holds depends on the two certificates alone.
static LINKS: Remembered<(CertificateId, CertificateId), Link> = Remembered::new(MOST_LINKS);

/// Two for each certificate that is remembered: its issuer's, and one that was tried in vain. 0.4 MB.
const MOST_LINKS: NonZeroUsize = NonZeroUsize::new(2_048).unwrap();

/// The issuers still to be tried for the last certificate on the path.
struct Level<'a> {
    issuers: vec::IntoIter<&'a Certificate>,
    /// Why the path ends here if no issuer's key holds; `None` once one does, or at an anchor.
    dead_end: Option<Reason>,
}

pub(super) struct Search<'a> {
    target: &'a Certificate,
    candidates: HashMap<NameKey, Vec<&'a Certificate>>,
    anchors: &'a TrustAnchors,
    time: UnixTime,
    purpose: PathPurpose,
    /// What is left of it.
    budget: Budget,
    policies: &'a InitialPolicies,
    links: HashMap<(CertificateId, CertificateId), Link>,
    openssl: OpenSslCertificates,
    found: Vec<CertificationPath>,
    failure: Option<PathFailure>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        target: &'a Certificate,
        candidates: &'a [Certificate],
        anchors: &'a TrustAnchors,
        time: UnixTime,
        purpose: PathPurpose,
        budget: &Budget,
        policies: &'a InitialPolicies,
    ) -> Self {
        let mut seen = HashSet::new();
        let mut by_subject: HashMap<NameKey, Vec<&Certificate>> = HashMap::new();
        for candidate in candidates {
            if anchors.find(candidate.id()).is_none() && seen.insert(candidate.id()) {
                by_subject
                    .entry(NameKey::of(candidate.subject()))
                    .or_default()
                    .push(candidate);
            }
        }
        Self {
            target,
            candidates: by_subject,
            anchors,
            time,
            purpose,
            budget: budget.clone(),
            policies,
            links: HashMap::new(),
            openssl: OpenSslCertificates::default(),
            found: Vec::new(),
            failure: None,
        }
    }

    pub(super) fn run(mut self) -> PathResult {
        let mut path = vec![self.target];
        if let Err(item) = self.walk(&mut path) {
            self.note(Reason::BudgetSpent(item), &path);
        }
        let mut found = self.found.into_iter();
        match (found.next(), self.failure) {
            (Some(path), _) => PathResult::Found {
                path,
                others: found.collect(),
            },
            (None, Some(failure)) => PathResult::NotFound(failure),
            (None, None) => {
                let path = CertificationPath::new(self.target.clone(), Vec::new(), Vec::new());
                PathResult::NotFound(PathFailure::new(no_issuer(self.target), path))
            }
        }
    }

    /// Not recursive, so that the stack does not depend on the budget.
    fn walk(&mut self, path: &mut Vec<&'a Certificate>) -> Result<(), BudgetItem> {
        let mut levels = vec![self.arrive(path)?];
        while let Some(level) = levels.last_mut() {
            if self.found.len() >= self.budget.found {
                return Ok(());
            }
            let Some(issuer) = level.issuers.next() else {
                if let Some(reason) = level.dead_end.take() {
                    self.note(reason, path);
                }
                levels.pop();
                path.pop();
                continue;
            };
            let Some(child) = path.last().copied() else {
                return Ok(());
            };
            match self.link(child, issuer)? {
                Link::Holds => {
                    level.dead_end = None;
                    path.push(issuer);
                    levels.push(self.arrive(path)?);
                }
                Link::DoesNotHold => refuse(
                    level,
                    Reason::SignatureDoesNotHold {
                        certificate: child.id(),
                        issuer: issuer.id(),
                    },
                ),
                Link::NotDecided(cause) => refuse(
                    level,
                    Reason::SignatureNotDecided {
                        certificate: child.id(),
                        issuer: issuer.id(),
                        cause,
                    },
                ),
            }
        }
        Ok(())
    }

    /// The last certificate on the path is new: judges the path if it is an anchor, and lists the
    /// ways on.
    fn arrive(&mut self, path: &[&'a Certificate]) -> Result<Level<'a>, BudgetItem> {
        let last = path.last().copied().unwrap_or(self.target);
        let anchor = self.anchors.find(last.id());
        if let Some(anchor) = anchor {
            spend(
                &mut self.budget.complete_paths,
                1,
                BudgetItem::CompletePaths,
            )?;
            match self.judge(path, anchor) {
                Ok(()) => {
                    let now = [PathCheck::AnchorEnd, PathCheck::Validity];
                    self.found.push(self.collect(path, &TIMELESS, &now));
                }
                Err(reason) => self.note(reason, path),
            }
        }
        // Nothing is above a root. Another authority of its name with another key may be.
        if last.is_self_issued() && matches!(self.link(last, last)?, Link::Holds) {
            let root = last.id();
            return Ok(Level {
                issuers: Vec::new().into_iter(),
                dead_end: anchor.is_none().then_some(Reason::RootNotAnAnchor { root }),
            });
        }
        let issuers = self.issuers_of(last, path)?;
        if path.len() >= self.budget.path_certificates && !issuers.is_empty() {
            self.note(Reason::BudgetSpent(BudgetItem::PathCertificates), path);
            return Ok(Level {
                issuers: Vec::new().into_iter(),
                dead_end: None,
            });
        }
        Ok(Level {
            issuers: issuers.into_iter(),
            dead_end: anchor.is_none().then(|| no_issuer(last)),
        })
    }

    /// Certificates that may have issued `child`, the likely ones first.
    fn issuers_of(
        &mut self,
        child: &Certificate,
        path: &[&Certificate],
    ) -> Result<Vec<&'a Certificate>, BudgetItem> {
        let name = NameKey::of(child.issuer());
        let anchors = self.anchors;
        let mut issuers: Vec<&'a Certificate> = anchors
            .with_subject(&name)
            .map(TrustAnchor::certificate)
            .collect();
        let anchors_end = issuers.len();
        issuers.extend(self.candidates.get(&name).into_iter().flatten());
        spend(&mut self.budget.issuers, issuers.len(), BudgetItem::Issuers)?;
        let mut ranked: Vec<((bool, bool, bool), &'a Certificate)> = issuers
            .into_iter()
            .enumerate()
            .filter(|(_, issuer)| !path.iter().any(|member| same_authority(member, issuer)))
            .filter_map(|(place, issuer)| {
                let identified = identifies(child, issuer)?;
                let anchor = place < anchors_end;
                let valid = issuer.is_within_validity(self.time);
                Some(((!anchor, !identified, !valid), issuer))
            })
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        Ok(ranked.into_iter().map(|(_, issuer)| issuer).collect())
    }

    fn link(&mut self, child: &Certificate, issuer: &Certificate) -> Result<Link, BudgetItem> {
        let pair = (child.id(), issuer.id());
        if let Some(known) = self.links.get(&pair) {
            return Ok(known.clone());
        }
        // Also where the answer is remembered: what is found must not depend on earlier searches.
        spend(&mut self.budget.signatures, 1, BudgetItem::Signatures)?;
        let link = match LINKS.find(&pair) {
            Some(known) => known,
            None => {
                let link = verify(child, issuer);
                LINKS.keep(pair, link.clone());
                link
            }
        };
        self.links.insert(pair, link.clone());
        Ok(link)
    }

    /// All that must hold of a complete path, what does not depend on time first.
    fn judge(&mut self, path: &[&Certificate], anchor: &TrustAnchor) -> Result<(), Reason> {
        verification::verify(path, &mut self.openssl, self.policies)?;
        verification::fits(self.target, self.purpose)?;
        let time = self.time;
        let id = anchor.certificate().id();
        if !anchor.purposes().contains(self.purpose) {
            return Err(Reason::AnchorNotForPurpose {
                anchor: id,
                purpose: self.purpose,
            });
        }
        match anchor.valid_until() {
            Some(valid_until) if valid_until < time => {
                return Err(Reason::AnchorEnded {
                    anchor: id,
                    valid_until,
                    time,
                });
            }
            Some(_) | None => {}
        }
        match path.iter().find(|member| !member.is_within_validity(time)) {
            None => Ok(()),
            Some(early) if time < early.not_before() => Err(Reason::NotYetValid {
                certificate: early.id(),
                not_before: early.not_before(),
                time,
            }),
            Some(late) => Err(Reason::Expired {
                certificate: late.id(),
                not_after: late.not_after(),
                time,
            }),
        }
    }

    /// Keeps the most telling reason, the first of equals.
    fn note(&mut self, reason: Reason, path: &[&Certificate]) {
        let outranked = self
            .failure
            .as_ref()
            .is_some_and(|kept| kept.reason().rank() >= reason.rank());
        if outranked {
            return;
        }
        let path = if matches!(reason, Reason::AnchorEnded { .. }) {
            self.collect(path, &TIMELESS, &[])
        } else if reason.is_by_time() {
            self.collect(path, &TIMELESS, &[PathCheck::AnchorEnd])
        } else {
            self.collect(path, &[], &[])
        };
        self.failure = Some(PathFailure::new(reason, path));
    }

    fn collect(
        &self,
        path: &[&Certificate],
        timeless: &[PathCheck],
        at_time: &[PathCheck],
    ) -> CertificationPath {
        let issuers = path.iter().skip(1).map(|member| (*member).clone());
        CertificationPath::new(
            self.target.clone(),
            issuers.collect(),
            [timeless, at_time].concat(),
        )
    }
}

fn verify(child: &Certificate, issuer: &Certificate) -> Link {
    match issuer.public_key() {
        Ok(key) => match child.verify_signature(&key) {
            Ok(()) => Link::Holds,
            Err(error) => refused(error),
        },
        Err(_) => Link::NotDecided(None),
    }
}

fn spend(left: &mut usize, amount: usize, item: BudgetItem) -> Result<(), BudgetItem> {
    *left = left.checked_sub(amount).ok_or(item)?;
    Ok(())
}

fn no_issuer(certificate: &Certificate) -> Reason {
    Reason::NoIssuerFound {
        certificate: certificate.id(),
        subject: certificate.subject().clone(),
        issuer: certificate.issuer().clone(),
    }
}

/// A refused signature tells more than a missing issuer, but only while no other issuer's holds.
fn refuse(level: &mut Level<'_>, reason: Reason) {
    if let Some(kept @ Reason::NoIssuerFound { .. }) = &mut level.dead_end {
        *kept = reason;
    }
}

/// RFC 4158, 2.4.2: the same name with the same key twice is a loop, whatever certificate it is in.
pub(crate) fn same_authority(one: &Certificate, other: &Certificate) -> bool {
    one.subject().as_der() == other.subject().as_der()
        && one.subject_public_key_info() == other.subject_public_key_info()
}

/// Whether the child's authority key identifier names the issuer: `Some(false)` when one of them
/// has no identifier, `None` when it names another key. OpenSSL does not follow the last.
fn identifies(child: &Certificate, issuer: &Certificate) -> Option<bool> {
    match (
        child.authority_key_identifier(),
        issuer.subject_key_identifier(),
    ) {
        (Some(authority), Some(subject)) => (authority == subject).then_some(true),
        (None, _) | (_, None) => Some(false),
    }
}

fn refused(error: CertificateSignatureError) -> Link {
    let does_not_hold = matches!(
        error,
        CertificateSignatureError::Verify(
            VerifyError::KeyDoesNotFit { .. }
                | VerifyError::NotASequenceOfTwoIntegers
                | VerifyError::PlainRAndS
                | VerifyError::ValueDoesNotHold
        )
    );
    if does_not_hold {
        Link::DoesNotHold
    } else {
        Link::NotDecided(Some(error))
    }
}
