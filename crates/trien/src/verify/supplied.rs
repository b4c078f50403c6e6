//! What a caller knows beside the file: certificates, lists and answers fetched or kept apart.
//! Fetches nothing itself.

use std::io::Read;
use std::path::Path;

use trien_trust::revocation::RevocationEvidence;
use trien_types::Limits;
use trien_x509::Certificate;

use crate::evidence::Evidence;

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
    /// Reads every `.cer`, `.crt`, `.der`, `.crl`, `.ocsp` and `.ors` file of a folder, and what
    /// stands in it under other names is left alone.
    ///
    /// # Errors
    /// The folder or a file in it cannot be read. What is larger than
    /// [`Limits::decoded_octets`] is cut off there and counts as unreadable evidence.
    pub fn read_dir(folder: &Path, limits: &Limits) -> std::io::Result<Self> {
        let mut supplied = Self::default();
        let mut paths: Vec<_> = std::fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        paths.sort();
        for path in paths {
            let extension = path.extension().and_then(|text| text.to_str());
            let Some(extension) = extension.map(str::to_ascii_lowercase) else {
                continue;
            };
            let add: fn(&mut Self, &[u8], &Limits) = match extension.as_str() {
                "cer" | "crt" | "der" => |to, octets, _| to.add_certificate(octets),
                "crl" => Self::add_crl,
                "ocsp" | "ors" => Self::add_ocsp_response,
                _ => continue,
            };
            let mut octets = Vec::new();
            let most = u64::try_from(limits.decoded_octets).unwrap_or(u64::MAX);
            std::fs::File::open(&path)?
                .take(most)
                .read_to_end(&mut octets)?;
            add(&mut supplied, &octets, limits);
        }
        Ok(supplied)
    }

    /// Adds what was collected.
    pub(super) fn take(&mut self, evidence: &Evidence, limits: &Limits) {
        for crl in &evidence.crls {
            self.add_crl(crl, limits);
        }
        for response in &evidence.ocsps {
            self.add_ocsp_response(response, limits);
        }
        self.certificates
            .extend(evidence.certificates.iter().cloned());
    }

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
