//! What a file lacks to be judged, fetched: certificates, lists and answers, for a verification
//! that may use a network. Judges nothing.

use trien_pdf::Document;
use trien_types::{Limits, Transport};
use trien_x509::Certificate;

use super::Verification;
use super::supplied::SuppliedEvidence;
use crate::error::{Error, ErrorKind};
use crate::evidence::{EvidenceSearch, Missing, collect_evidence, collect_evidence_for};

/// What is known beside a file after asking, and what could not be had.
#[derive(Debug)]
#[non_exhaustive]
pub struct Resolved {
    /// What was known before, and what was fetched.
    pub supplied: SuppliedEvidence,
    /// What could not be had, with what was tried. The verification goes on without it: it says
    /// that the status is not known.
    pub missing: Vec<Missing>,
}

/// Fetches what `bytes` lacks to be judged at the verification's time. Each thing is verified
/// before it is taken; nothing is fetched without an anchor to lead to.
///
/// # Errors
/// The file cannot be read: then there is nothing to fetch for.
pub fn resolve(
    bytes: &[u8],
    verification: &Verification<'_>,
    transport: &dyn Transport,
) -> Result<Resolved, Error> {
    let mut supplied = verification.supplied.clone();
    if verification.anchors.is_empty() {
        return Ok(Resolved {
            supplied,
            missing: Vec::new(),
        });
    }
    let document = Document::open(bytes, &verification.limits)?;
    let time = verification.validation_time;
    let search = EvidenceSearch::new(verification.anchors, time, transport);
    let evidence = collect_evidence(&document, &search)?;
    supplied.take(&evidence, &verification.limits);
    Ok(Resolved {
        supplied,
        missing: evidence.missing,
    })
}

/// Fetches what is to be known about a certificate (DER) before it signs, its issuers' being
/// at hand: [`crate::SignatureRequest::checked_with`] takes it.
///
/// # Errors
/// The certificate cannot be read.
pub fn resolve_signer(
    certificate: &[u8],
    issuers: &[Vec<u8>],
    search: &EvidenceSearch<'_>,
    limits: &Limits,
) -> Result<Resolved, Error> {
    let signer = Certificate::from_der(certificate)
        .map_err(|error| Error::new(ErrorKind::Certificate(error)))?;
    let mut supplied = SuppliedEvidence::default();
    for issuer in issuers {
        supplied.add_certificate(issuer);
    }
    let evidence = collect_evidence_for(&signer, &supplied.certificates, search, limits);
    supplied.take(&evidence, limits);
    Ok(Resolved {
        supplied,
        missing: evidence.missing,
    })
}
