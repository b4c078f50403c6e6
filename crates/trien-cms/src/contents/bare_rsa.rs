//! `adbe.x509.rsa_sha1` (ISO 32000-2, 12.8.3.2; ATTACKS M2): an OCTET STRING with the RSA value,
//! the certificates beside it in /Cert.
//! Nothing in this format binds the certificate.

use trien_types::{DigestAlgorithm, Limits, SignatureScheme, Strength};
use trien_x509::Certificate;
use trien_x509::asn1::{Reader, Tag};

use crate::deviation::Deviation;
use crate::error::{CmsError, CmsErrorKind};
use crate::signed_data::{Trailing, trailing};
use crate::spans::SignedSpans;
use crate::verdict::{BrokenBecause, SignerIntact, Stop};
use crate::verify::trailing_allowed;

#[derive(Debug, Clone)]
pub(super) struct BareRsa {
    value: Vec<u8>,
    trailing: Trailing,
    signer: Option<Certificate>,
    certificates: Vec<Certificate>,
}

impl BareRsa {
    pub(super) fn parse(
        contents: &[u8],
        certificate_entry: &[Vec<u8>],
        limits: &Limits,
    ) -> Result<Self, CmsError> {
        if contents.iter().all(|octet| *octet == 0) {
            return Err(CmsError::new(0, CmsErrorKind::NotSigned));
        }
        let mut reader = Reader::new(contents, limits);
        let value = reader.expect(Tag::OCTET_STRING)?.string_octets()?;
        let mut parsed = certificate_entry
            .iter()
            .take(limits.certificates)
            .map(|octets| Certificate::from_der(octets.as_slice()).ok());
        // The first one is the signer's, readable or not.
        let signer = parsed.next().flatten();
        Ok(Self {
            value: value.into_owned(),
            trailing: trailing(&reader, limits),
            certificates: signer.iter().cloned().chain(parsed.flatten()).collect(),
            signer,
        })
    }

    pub(super) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// SHA-1 by the format's name; other digests are met, and the padding tells which.
    pub(super) fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        let key = self.signer.as_ref()?.public_key().ok()?;
        Some(
            key.pkcs1_digest_algorithm(&self.value)
                .unwrap_or(DigestAlgorithm::Sha1),
        )
    }

    pub(super) fn verify(&self, spans: &dyn SignedSpans) -> Result<SignerIntact, Stop> {
        let mut deviations = vec![Deviation::CertificateUnsigned];
        deviations.extend(trailing_allowed(self.trailing)?);
        let certificate = self
            .signer
            .clone()
            .ok_or(BrokenBecause::SignerCertificateAbsent)?;
        let key = certificate.public_key()?;
        let digest_algorithm = key
            .pkcs1_digest_algorithm(&self.value)
            .unwrap_or(DigestAlgorithm::Sha1);
        let scheme = SignatureScheme::RsaPkcs1v15(digest_algorithm);
        key.verify_digest(scheme, &spans.digest(digest_algorithm)?, &self.value)?;

        if digest_algorithm != DigestAlgorithm::Sha1 {
            deviations.push(Deviation::DigestNotSha1(digest_algorithm));
        }
        if digest_algorithm.strength() == Strength::Weak {
            deviations.push(Deviation::WeakDigest(digest_algorithm));
        }
        Ok(SignerIntact::new(
            certificate,
            digest_algorithm,
            scheme,
            deviations,
        ))
    }
}
