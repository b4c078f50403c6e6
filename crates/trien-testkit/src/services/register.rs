//! Who is revoked, for the responder and the lists alike.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use trien_types::UnixTime;
use trien_x509::{CertStatus, RevocationReason};

use super::ServiceError;
use super::crl::{RevokedCertificate, serial};
use crate::pki::Identity;

/// Statuses by issuer's name and serial number; a certificate without an entry is good. Clones
/// share the register.
#[derive(Debug, Clone, Default)]
pub struct RevocationRegister(Arc<Mutex<BTreeMap<Key, CertStatus>>>);

/// DER of the issuer's name, and content octets of the serial number.
type Key = (Vec<u8>, Vec<u8>);

impl RevocationRegister {
    fn entries(&self) -> MutexGuard<'_, BTreeMap<Key, CertStatus>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says of `identity`'s certificate what `status` is, from now on. A revocation shows only
    /// where the service's clock has reached its time.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn set(&self, identity: &Identity, status: CertStatus) -> Result<(), ServiceError> {
        let certificate = identity.certificate();
        let key = (certificate.issuer_name().to_der()?, serial(certificate)?);
        self.entries().insert(key, status);
        Ok(())
    }

    /// Revokes `identity`'s certificate.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn revoke(
        &self,
        identity: &Identity,
        time: UnixTime,
        reason: RevocationReason,
    ) -> Result<(), ServiceError> {
        self.set(identity, CertStatus::Revoked { time, reason })
    }

    /// What is known at `now` of the certificate with this serial number.
    pub(super) fn status(&self, issuer: &[u8], serial: &[u8], now: UnixTime) -> CertStatus {
        let key = (issuer.to_vec(), serial.to_vec());
        match self.entries().get(&key) {
            Some(CertStatus::Revoked { time, .. }) if *time > now => CertStatus::Good,
            Some(status) => *status,
            None => CertStatus::Good,
        }
    }

    /// Who is revoked by `issuer` after `from` and until `until`; all issuers where none is given.
    pub(super) fn revoked(
        &self,
        issuer: Option<&[u8]>,
        from: UnixTime,
        until: UnixTime,
    ) -> Vec<RevokedCertificate> {
        self.entries()
            .iter()
            .filter(|((name, _), _)| issuer.is_none_or(|issuer| issuer == name))
            .filter_map(|((name, serial), status)| {
                let CertStatus::Revoked { time, reason } = status else {
                    return None;
                };
                (from < *time && *time <= until).then(|| RevokedCertificate {
                    serial: serial.clone(),
                    time: *time,
                    reason: Some(*reason),
                    invalidity: None,
                    issuer: issuer.is_none().then(|| name.clone()),
                })
            })
            .collect()
    }
}
