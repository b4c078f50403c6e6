//! What one OCSP response says about a certificate (RFC 6960, 3.2).

use trien_types::Limits;
use trien_x509::{BasicOcspResponse, CertStatus, ReasonFlags, SingleResponse};

use super::evidence::Item;
use super::signer::Signers;
use super::{
    EvidenceUse, RejectionReason, Revocation, StatedStatus, StatementDeviation, StatementKind,
    StatementSigner, StatusStatement,
};

type Statement = Result<StatusStatement, RejectionReason>;

/// One statement for each answer that names the certificate.
pub(super) fn statements(
    item: &Item,
    basic: &BasicOcspResponse,
    signers: &mut Signers<'_>,
) -> Result<Vec<Statement>, RejectionReason> {
    let subject = signers.subject;
    let issuer_name = subject.certificate.issuer().as_der();
    let serial = subject.certificate.serial();
    let mut named = basic
        .responses()
        .iter()
        // The serial number is compared before anything is digested.
        .filter(|single| single.certificate.serial == *serial)
        .filter(|single| {
            single
                .certificate
                .names(subject.issuer, issuer_name, serial)
        })
        .peekable();
    if named.peek().is_none() {
        return Err(RejectionReason::AboutOtherCertificates);
    }
    let signer = signers.of_response(item, basic)?;
    // A signature that held has a scheme.
    let scheme = basic
        .signature_algorithm()
        .signature_scheme(None)
        .map_err(|_| RejectionReason::SignerNotFound)?;
    let evidence = EvidenceUse {
        id: item.id,
        scheme,
    };
    Ok(named
        .map(|single| statement(single, basic, evidence, &signer))
        .collect())
}

fn statement(
    single: &SingleResponse,
    basic: &BasicOcspResponse,
    evidence: EvidenceUse,
    signer: &StatementSigner,
) -> Statement {
    let limits = Limits::default();
    let mut deviations = Vec::new();
    let unknown = basic
        .unknown_critical_extensions()
        .chain(single.unknown_critical_extensions())
        .next();
    if let Some(unknown) = unknown {
        if !matches!(single.status, CertStatus::Revoked { .. }) {
            return Err(RejectionReason::UnknownCriticalExtension(unknown.clone()));
        }
        let unknown = unknown.clone();
        deviations.push(StatementDeviation::UnknownCriticalExtension(unknown));
    }
    let status = match single.status {
        CertStatus::Good => StatedStatus::Good,
        CertStatus::Revoked { time, reason } => StatedStatus::Revoked(Revocation {
            time: Some(time),
            reason,
            invalidity_date: single.invalidity_date(&limits).unwrap_or_else(|_| {
                deviations.push(StatementDeviation::InvalidityDateUnreadable);
                None
            }),
        }),
        // A status that is not known here is none.
        CertStatus::Unknown | _ => StatedStatus::Unknown,
    };
    let retained_since = single.archive_cutoff(&limits).unwrap_or_else(|_| {
        deviations.push(StatementDeviation::ArchiveCutoffUnreadable);
        None
    });
    Ok(StatusStatement {
        kind: StatementKind::Ocsp,
        evidence: vec![evidence],
        status,
        this_update: single.this_update,
        next_update: single.next_update,
        produced_at: Some(basic.produced_at()),
        reasons: ReasonFlags::ALL,
        retained_since,
        signer: signer.clone(),
        deviations,
    })
}
