//! What one CRL says about a certificate (RFC 5280, 6.3.3), without the delta lists.

use trien_types::SignatureScheme;
use trien_x509::asn1::Asn1Error;
use trien_x509::{Certificate, Crl, CrlEntry, ReasonFlags, RevocationReason};

use super::evidence::Item;
use super::scope::{Scope, names_directory};
use super::signer::{Signers, same_but_for_dashes};
use super::{
    EvidenceUse, RejectionReason, Revocation, StatedStatus, StatementDeviation, StatementKind,
    StatementSigner, StatusStatement,
};
use crate::name_key::NameKey;

/// A list of a signer that may sign it, with the certificate's entry.
pub(super) struct List<'p> {
    pub(super) item: &'p Item,
    pub(super) crl: &'p Crl,
    pub(super) signer: StatementSigner,
    pub(super) scheme: SignatureScheme,
    pub(super) reasons: ReasonFlags,
    /// The entry, or why it cannot be read.
    pub(super) listed: Result<Option<Revocation>, RejectionReason>,
    pub(super) deviations: Vec<StatementDeviation>,
}

pub(super) type CompleteList<'p> = List<'p>;
pub(super) type DeltaList<'p> = List<'p>;

/// Scope first, because it costs nothing, then signature and signer, then the entry.
pub(super) fn read<'p>(
    item: &'p Item,
    crl: &'p Crl,
    scope: &Scope,
    signers: &mut Signers<'_>,
) -> Result<List<'p>, RejectionReason> {
    let reasons = scope.reasons(crl)?;
    let signer = signers.of_crl(item, crl)?;
    // A signature that held has a scheme.
    let scheme = crl
        .signature_algorithm()
        .signature_scheme(None)
        .map_err(|_| RejectionReason::SignerNotFound)?;
    let mut deviations = Vec::new();
    let subject = signers.subject;
    if NameKey::of(crl.issuer()) != NameKey::of(signer.certificate.subject()) {
        deviations.push(StatementDeviation::IssuerNameDashes);
    }
    let listed = entry_of(crl, subject.certificate).map_err(RejectionReason::EntryUnreadable);
    let listed = listed.map(|entry| entry.map(|entry| revocation(&entry, &mut deviations)));
    let unknown = crl
        .unknown_critical_extensions()
        .next()
        .or(crl.unknown_critical_entry_extension());
    if let Some(unknown) = unknown {
        deviations.push(StatementDeviation::UnknownCriticalExtension(
            unknown.clone(),
        ));
    }
    Ok(List {
        item,
        crl,
        signer,
        scheme,
        reasons,
        listed,
        deviations,
    })
}

/// The entry about the certificate. On a list with several, one for good stands before one on
/// hold, and one of these before a removal.
fn entry_of<'c>(
    crl: &'c Crl,
    certificate: &Certificate,
) -> Result<Option<CrlEntry<'c>>, Asn1Error> {
    let mut found: Option<(u8, CrlEntry<'c>)> = None;
    for entry in crl.entries_of(certificate.serial()) {
        let issuer = entry.certificate_issuer()?;
        let about = if issuer.is_empty() {
            same_but_for_dashes(crl.issuer(), certificate.issuer())
        } else {
            names_directory(&issuer, certificate.issuer())
        };
        if !about {
            continue;
        }
        let weight = match entry.reason() {
            Ok(RevocationReason::RemoveFromCrl) => 0,
            Ok(RevocationReason::CertificateHold) => 1,
            Ok(_) | Err(_) => 2,
        };
        if found.as_ref().is_none_or(|(kept, _)| *kept < weight) {
            found = Some((weight, entry));
        }
    }
    Ok(found.map(|(_, entry)| entry))
}

/// Parts that cannot be read leave the certificate revoked.
fn revocation(entry: &CrlEntry<'_>, deviations: &mut Vec<StatementDeviation>) -> Revocation {
    let time = entry.revocation_date().ok();
    if time.is_none() {
        deviations.push(StatementDeviation::RevocationDateUnreadable);
    }
    let reason = entry.reason().unwrap_or_else(|_| {
        deviations.push(StatementDeviation::ReasonUnreadable);
        RevocationReason::Unspecified
    });
    let invalidity_date = entry.invalidity_date().unwrap_or_else(|_| {
        deviations.push(StatementDeviation::InvalidityDateUnreadable);
        None
    });
    Revocation {
        time,
        reason,
        invalidity_date,
    }
}

impl List<'_> {
    pub(super) fn evidence(&self) -> EvidenceUse {
        EvidenceUse {
            id: self.item.id,
            scheme: self.scheme,
        }
    }

    /// What the list says by itself.
    pub(super) fn statement(&self) -> Result<StatusStatement, RejectionReason> {
        let status = self
            .listed
            .clone()?
            .map_or(StatedStatus::Good, StatedStatus::Revoked);
        self.saying(StatementKind::Crl, status)
    }

    /// A statement with the dates of this list; "good" is not concluded from what is not known.
    pub(super) fn saying(
        &self,
        kind: StatementKind,
        status: StatedStatus,
    ) -> Result<StatusStatement, RejectionReason> {
        if status == StatedStatus::Good {
            for deviation in &self.deviations {
                if let StatementDeviation::UnknownCriticalExtension(oid) = deviation {
                    return Err(RejectionReason::UnknownCriticalExtension(oid.clone()));
                }
            }
        }
        Ok(StatusStatement {
            kind,
            evidence: vec![self.evidence()],
            status,
            this_update: self.crl.this_update(),
            next_update: self.crl.next_update(),
            produced_at: None,
            reasons: self.reasons,
            retained_since: self.crl.expired_certificates_since(),
            signer: self.signer.clone(),
            deviations: self.deviations.clone(),
        })
    }
}
