//! What a caller knows beside the file: certificates, lists and answers fetched or kept apart.
//! Fetches nothing itself.

use trien_trust::revocation::RevocationEvidence;
use trien_types::Limits;
use trien_x509::Certificate;

/// Certificates and revocation evidence that do not stand in the file. They are candidates only:
/// each counts by its own signature and the anchors. Nothing proves since when they exist, so they
/// count as of the time of judgement.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct SuppliedEvidence {
    /// Certificates that may stand on paths, or sign lists and answers.
    pub certificates: Vec<Certificate>,
    /// Revocation lists and OCSP responses.
    pub revocation: RevocationEvidence,
}

impl SuppliedEvidence {
    /// Adds a certificate in DER; one that cannot be read is left out.
    pub fn add_certificate(&mut self, octets: &[u8]) {
        self.certificates.extend(Certificate::from_der(octets).ok());
    }

    /// Adds a revocation list in DER or PEM.
    pub fn add_crl(&mut self, octets: &[u8], limits: &Limits) {
        self.revocation.add_crl(octets, limits);
    }

    /// Adds an OCSP response in DER.
    pub fn add_ocsp_response(&mut self, octets: &[u8], limits: &Limits) {
        self.revocation.add_ocsp_response(octets, limits);
    }
}
