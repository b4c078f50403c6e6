//! Extensions of the certificates on a path: none twice, and no critical one that is not known.
//! Values are read elsewhere: by OpenSSL, by `policies` and by revocation.

use std::collections::HashSet;

use trien_x509::Certificate;
use trien_x509::const_oid::ObjectIdentifier as Oid;

use super::PathFailureReason as Reason;

/// Extensions that may be critical, because they are processed: those of RFC 5280, 4.2 by OpenSSL,
/// and two that only help to find or to spare revocation data, so that ignoring them is safe.
const PROCESSED: [Oid; 12] = [
    // Key usage, subject alternative name, basic constraints, name constraints.
    Oid::new_unwrap("2.5.29.15"),
    Oid::new_unwrap("2.5.29.17"),
    Oid::new_unwrap("2.5.29.19"),
    Oid::new_unwrap("2.5.29.30"),
    // CRL distribution points, certificate policies, policy mappings, policy constraints.
    Oid::new_unwrap("2.5.29.31"),
    Oid::new_unwrap("2.5.29.32"),
    Oid::new_unwrap("2.5.29.33"),
    Oid::new_unwrap("2.5.29.36"),
    // Extended key usage, inhibit anyPolicy.
    Oid::new_unwrap("2.5.29.37"),
    Oid::new_unwrap("2.5.29.54"),
    // Authority information access: critical in time-stamping certificates of public Vietnamese
    // authorities, against RFC 5280, 4.2.2.1. OpenSSL refuses it for that.
    Oid::new_unwrap("1.3.6.1.5.5.7.1.1"),
    // id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1).
    Oid::new_unwrap("1.3.6.1.5.5.7.48.1.5"),
];

/// Whether every certificate's extensions are in order, the target's first.
pub(super) fn in_order(path: &[&Certificate]) -> Result<(), Reason> {
    for certificate in path {
        let mut seen = HashSet::new();
        for extension in certificate.extensions() {
            if !seen.insert(&extension.oid) {
                return Err(Reason::ExtensionRepeated {
                    certificate: certificate.id(),
                    extension: extension.oid.clone(),
                });
            }
            if extension.critical && !PROCESSED.iter().any(|known| extension.oid == *known) {
                return Err(Reason::CriticalExtensionUnknown {
                    certificate: certificate.id(),
                    extension: Some(extension.oid.clone()),
                });
            }
        }
    }
    Ok(())
}
