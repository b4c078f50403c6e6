//! A path to an anchor, with issuers fetched where certificates say they are (RFC 5280, 4.2.2.1).

use trien_trust::{
    Budget, CertificationPath, PathFailure, PathPurpose, TrustAnchor, TrustAnchors, build_paths,
    certificates_in,
};
use trien_types::{Purpose, UnixTime};
use trien_x509::{AccessMethod, Certificate, DistributionPointName, GeneralName};

use super::fetch::{Fetched, Fetcher, MOST_ADDRESSES};
use super::missing::{FetchAttempt, FetchFailure};
use super::subject::Pool;

/// Issuers above issuers that are fetched for one path: real paths have up to four above the
/// signer.
const MOST_ROUNDS: usize = 8;

/// Certificates taken from one answer: a PKCS#7 with a national authority's tree has some twenty.
const MOST_ISSUERS: usize = 64;

/// Looks for a path; fetches issuers as long as that brings new certificates.
pub(super) fn find(
    target: &Certificate,
    pool: &mut Pool,
    anchors: &TrustAnchors,
    (time, purpose): (UnixTime, PathPurpose),
    fetcher: &mut Fetcher<'_>,
    attempts: &mut Vec<FetchAttempt>,
) -> Result<CertificationPath, Option<Box<PathFailure>>> {
    let budget = Budget::default();
    let mut round = 0_usize;
    loop {
        let result = build_paths(target, &pool.certificates, anchors, time, purpose, &budget);
        if let Some(path) = result.path() {
            return Ok(path.clone());
        }
        round = round.saturating_add(1);
        if round > MOST_ROUNDS || !climb(target, pool, anchors, fetcher, attempts) {
            let failure = result.failure().cloned();
            return Err(failure.map(Box::new));
        }
    }
}

/// Fetches issuers of the certificates that can be reached upwards from `target`, those without
/// any known issuer first. Says whether the pool grew. What was fetched once is not again, so
/// that addresses leading in a circle end.
fn climb(
    target: &Certificate,
    pool: &mut Pool,
    anchors: &TrustAnchors,
    fetcher: &mut Fetcher<'_>,
    attempts: &mut Vec<FetchAttempt>,
) -> bool {
    let mut reached: Vec<Certificate> = vec![target.clone()];
    let mut without_issuer = Vec::new();
    let mut others = Vec::new();
    let mut next = 0_usize;
    while let Some(certificate) = reached.get(next).cloned() {
        next = next.saturating_add(1);
        if certificate.is_self_issued() {
            continue;
        }
        let anchor_certificates = anchors.iter().map(TrustAnchor::certificate);
        let issuers: Vec<Certificate> = pool
            .certificates
            .iter()
            .chain(anchor_certificates)
            .filter(|candidate| candidate.subject() == certificate.issuer())
            .cloned()
            .collect();
        if issuers.is_empty() {
            without_issuer.push(certificate);
        } else {
            others.push(certificate);
        }
        for issuer in issuers {
            if reached.len() < MOST_ISSUERS && !reached.iter().any(|one| one.id() == issuer.id()) {
                reached.push(issuer);
            }
        }
    }
    let before = pool.certificates.len();
    for certificate in without_issuer.iter().chain(&others) {
        fetch_issuers(certificate, pool, fetcher, attempts);
        if pool.certificates.len() > before {
            return true;
        }
    }
    false
}

fn fetch_issuers(
    certificate: &Certificate,
    pool: &mut Pool,
    fetcher: &mut Fetcher<'_>,
    attempts: &mut Vec<FetchAttempt>,
) {
    for url in addresses(certificate, &AccessMethod::CaIssuers) {
        let failure = match fetcher.fetch(Purpose::IssuerCertificate, &url, &[]) {
            Fetched::Answer(octets) => {
                let certificates = certificates_in(&octets);
                if certificates.is_empty() {
                    FetchFailure::NoCertificate
                } else {
                    for certificate in certificates.into_iter().take(MOST_ISSUERS) {
                        pool.add(certificate);
                    }
                    continue;
                }
            }
            Fetched::Failed(error) => FetchFailure::Transport(error),
            Fetched::AskedBefore => continue,
            Fetched::TooMany => FetchFailure::TooMany,
        };
        attempts.push(FetchAttempt {
            purpose: Purpose::IssuerCertificate,
            url,
            failure,
        });
    }
}

/// The addresses of one kind in the certificate's authority information access.
pub(super) fn addresses(certificate: &Certificate, wanted: &AccessMethod) -> Vec<String> {
    let descriptions = certificate.authority_information_access();
    descriptions
        .unwrap_or_default()
        .into_iter()
        .filter(|description| description.method == *wanted)
        .filter_map(|description| web_address(description.location))
        .take(MOST_ADDRESSES)
        .collect()
}

/// The addresses in the certificate's distribution points (RFC 5280, 4.2.1.13).
pub(super) fn list_addresses(certificate: &Certificate) -> Vec<String> {
    let points = certificate.crl_distribution_points().unwrap_or_default();
    points
        .into_iter()
        .filter_map(|point| point.name)
        .flat_map(|name| match name {
            DistributionPointName::Full(names) => names,
            DistributionPointName::RelativeToIssuer(_) | _ => Vec::new(),
        })
        .filter_map(web_address)
        .take(MOST_ADDRESSES)
        .collect()
}

/// LDAP and files are no places for a transport.
fn web_address(name: GeneralName) -> Option<String> {
    let GeneralName::Uri(uri) = name else {
        return None;
    };
    ["http://", "https://"]
        .iter()
        .any(|scheme| {
            uri.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        })
        .then_some(uri)
}
