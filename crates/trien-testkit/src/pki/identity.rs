//! A certificate with its private key and its issuers, in the forms that programs take.
//! Knows nothing of how it was made.

use std::fmt;

use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, PKeyRef, Private};
use openssl::stack::Stack;
use openssl::x509::X509;

use super::{CertificatePurpose, PkiError, PkiStep};

/// A certificate, its key, and the certificates above it.
#[derive(Clone)]
pub struct Identity {
    name: String,
    purpose: CertificatePurpose,
    key: PKey<Private>,
    certificate: X509,
    issuers: Vec<X509>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Identity")
            .field("name", &self.name)
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

impl Identity {
    pub(super) fn new(
        name: &str,
        purpose: CertificatePurpose,
        key: PKey<Private>,
        certificate: X509,
        issuers: Vec<X509>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            purpose,
            key,
            certificate,
            issuers,
        }
    }

    /// The same certificate beside the key of `other`: what it signs does not hold.
    #[must_use]
    pub fn with_key_of(&self, other: &Self) -> Self {
        Self {
            key: other.key.clone(),
            ..self.clone()
        }
    }

    /// Its ASCII name: the role's label, or the name it was issued under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the certificate is for.
    #[must_use]
    pub const fn purpose(&self) -> CertificatePurpose {
        self.purpose
    }

    /// The private key.
    #[must_use]
    pub fn key(&self) -> &PKeyRef<Private> {
        &self.key
    }

    /// The certificate.
    #[must_use]
    pub const fn certificate(&self) -> &X509 {
        &self.certificate
    }

    /// The issuer, its issuer, up to the root. Empty for a root.
    #[must_use]
    pub fn issuers(&self) -> &[X509] {
        &self.issuers
    }

    /// DER octets of the certificate.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn certificate_der(&self) -> Result<Vec<u8>, PkiError> {
        self.certificate
            .to_der()
            .map_err(PkiError::during(PkiStep::Encode))
    }

    /// The certificate in PEM.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn certificate_pem(&self) -> Result<Vec<u8>, PkiError> {
        self.certificate
            .to_pem()
            .map_err(PkiError::during(PkiStep::Encode))
    }

    /// DER octets of the certificate, its issuer, and so on up to the root.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn path_der(&self) -> Result<Vec<Vec<u8>>, PkiError> {
        std::iter::once(&self.certificate)
            .chain(&self.issuers)
            .map(|certificate| {
                certificate
                    .to_der()
                    .map_err(PkiError::during(PkiStep::Encode))
            })
            .collect()
    }

    /// The private key as unencrypted PKCS#8 DER (RFC 5958).
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn key_pkcs8(&self) -> Result<Vec<u8>, PkiError> {
        self.key
            .private_key_to_pkcs8()
            .map_err(PkiError::during(PkiStep::Encode))
    }

    /// The private key as unencrypted PKCS#8 PEM.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn key_pem(&self) -> Result<Vec<u8>, PkiError> {
        self.key
            .private_key_to_pem_pkcs8()
            .map_err(PkiError::during(PkiStep::Encode))
    }

    /// Key, certificate and issuers as PKCS#12 (RFC 7292) under `password`.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn pkcs12(&self, password: &str) -> Result<Vec<u8>, PkiError> {
        let encode = || {
            let mut issuers = Stack::new()?;
            for issuer in &self.issuers {
                issuers.push(issuer.clone())?;
            }
            let mut builder = Pkcs12::builder();
            builder
                .name(&self.name)
                .pkey(&self.key)
                .cert(&self.certificate)
                .ca(issuers);
            builder.build2(password)?.to_der()
        };
        encode().map_err(PkiError::during(PkiStep::Encode))
    }
}
