//! What a caller knows beside the file: certificates, lists and answers fetched or kept apart.
//! Fetches nothing itself.

use std::io::Read;
use std::path::{Path, PathBuf};

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
    /// Files of the folder that could not be read, or hold no evidence of the kind that their ending
    /// says: none of them counts, all others do.
    pub unreadable: Vec<PathBuf>,
}

/// Adds a file's octets; whether they could be read, where nothing was there before.
type Adding = fn(&mut SuppliedEvidence, &[u8], &Limits) -> bool;

impl SuppliedEvidence {
    /// Reads every `.cer`, `.crt`, `.der`, `.crl`, `.ocsp` and `.ors` file of a folder, and what
    /// stands in it under other names is left alone. What cannot be read is named in
    /// [`SuppliedEvidence::unreadable`]; so is what is larger than [`Limits::decoded_octets`], which
    /// is cut off there.
    ///
    /// # Errors
    /// The folder cannot be read.
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
            let add: Adding = match extension.as_str() {
                "cer" | "crt" | "der" => |to, octets, _| {
                    to.add_certificate(octets);
                    !to.certificates.is_empty()
                },
                "crl" => |to, octets, limits| {
                    to.add_crl(octets, limits);
                    to.revocation.unreadable().is_empty()
                },
                "ocsp" | "ors" => |to, octets, limits| {
                    to.add_ocsp_response(octets, limits);
                    to.revocation.unreadable().is_empty()
                },
                _ => continue,
            };
            let mut octets = Vec::new();
            let most = u64::try_from(limits.decoded_octets).unwrap_or(u64::MAX);
            // To open a pipe that nobody writes to waits for ever.
            let is_file = std::fs::metadata(&path).is_ok_and(|found| found.is_file());
            let read = match is_file {
                true => std::fs::File::open(&path)
                    .and_then(|file| file.take(most).read_to_end(&mut octets)),
                false => Err(std::io::ErrorKind::InvalidInput.into()),
            };
            // By itself first: in the one pool, a file that cannot be read is every record's.
            if read.is_ok() && add(&mut Self::default(), &octets, limits) {
                add(&mut supplied, &octets, limits);
            } else {
                supplied.unreadable.push(path);
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn fe7b_8_a_pipe_among_kept_evidence_is_named_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("a.crl");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let supplied = SuppliedEvidence::read_dir(folder.path(), &Limits::default()).unwrap();
        assert_eq!(supplied.unreadable, [pipe]);
    }

    #[test]
    fn fe7_29_a_file_that_holds_no_evidence_is_named_and_blamed_on_no_record() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["cấp.cer", "danh-sách.crl", "trả-lời.ocsp"];
        for name in names.iter().chain(&["ghi-chú.txt"]) {
            std::fs::write(folder.path().join(name), b"none").unwrap();
        }
        std::fs::create_dir(folder.path().join("x.crl")).unwrap();
        let read = SuppliedEvidence::read_dir(folder.path(), &Limits::default()).unwrap();
        let mut named: Vec<_> = names.iter().map(|name| folder.path().join(name)).collect();
        named.push(folder.path().join("x.crl"));
        named.sort();
        assert_eq!(read.unreadable, named);
        assert!(read.certificates.is_empty() && read.revocation.unreadable().is_empty());
    }
}
