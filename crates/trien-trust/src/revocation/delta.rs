//! Delta CRLs joined with the complete ones they add to (RFC 5280, 5.2.4 and 6.3.3 (c)).

use trien_x509::{Crl, RevocationReason};

use super::certificate_list::{CompleteList, DeltaList};
use super::{RejectionReason, StatedStatus, StatementDeviation, StatementKind, StatusStatement};
use crate::name_key::NameKey;

/// What `list` says together with the newest complete list that it adds to.
pub(super) fn statement(
    list: &DeltaList<'_>,
    complete: &[CompleteList<'_>],
) -> Result<StatusStatement, RejectionReason> {
    let base = complete
        .iter()
        .filter(|base| adds_to(list, base))
        .max_by(|one, other| one.crl.number().cmp(&other.crl.number()));
    let listed = list.listed.clone()?;
    let Some(base) = base else {
        // Without its base a delta list still says what it lists.
        return match listed {
            Some(revocation) if revocation.reason != RevocationReason::RemoveFromCrl => {
                let status = StatedStatus::Revoked(revocation);
                let mut statement = list.saying(StatementKind::DeltaCrl, status)?;
                statement.deviations.push(StatementDeviation::BaseMissing);
                Ok(statement)
            }
            Some(_) | None => Err(RejectionReason::DeltaWithoutBase),
        };
    };
    let status = match listed {
        Some(revocation) if revocation.reason == RevocationReason::RemoveFromCrl => {
            StatedStatus::Good
        }
        Some(revocation) => StatedStatus::Revoked(revocation),
        None => base
            .listed
            .clone()?
            .map_or(StatedStatus::Good, StatedStatus::Revoked),
    };
    // Both lists must be understood for "good".
    let of_base = base.saying(StatementKind::Crl, status)?;
    let mut statement = list.saying(StatementKind::DeltaCrl, status)?;
    statement.evidence.insert(0, base.evidence());
    statement.reasons = base.reasons.intersection(list.reasons);
    statement.retained_since = statement.retained_since.or(of_base.retained_since);
    for deviation in of_base.deviations {
        if !statement.deviations.contains(&deviation) {
            statement.deviations.push(deviation);
        }
    }
    Ok(statement)
}

/// RFC 5280, 6.3.3 (c): same issuer, same scope, same key identifier; and 5.2.4: the complete
/// list is not older than the one named and older than the delta list. 6.3.3 (h): the same key.
fn adds_to(delta: &DeltaList<'_>, base: &CompleteList<'_>) -> bool {
    let same_key = delta.signer.certificate.subject_public_key_info()
        == base.signer.certificate.subject_public_key_info();
    same_key && lists_fit(delta.crl, base.crl)
}

fn lists_fit(delta: &Crl, base: &Crl) -> bool {
    let same_issuer = NameKey::of(delta.issuer()) == NameKey::of(base.issuer());
    let same_scope = delta.issuing_distribution_point() == base.issuing_distribution_point();
    let same_identifier = delta.authority_key_identifier() == base.authority_key_identifier();
    let in_order = match (delta.delta_base(), base.number(), delta.number()) {
        (Some(from), Some(base), Some(to)) => from <= base && base < to,
        _ => false,
    };
    same_issuer && same_scope && same_identifier && in_order
}
