//! The values of /SubFilter that name a signature format (ISO 32000-2, 12.8.3; EN 319 142-1, 6).
//! Does not read the dictionary they stand in.

use std::fmt;

/// The format of what stands in /Contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubFilter {
    /// `adbe.pkcs7.detached`: CMS without content, over the signed spans.
    AdbePkcs7Detached,
    /// `adbe.pkcs7.sha1`: CMS whose content is the SHA-1 of the signed spans.
    AdbePkcs7Sha1,
    /// `adbe.x509.rsa_sha1`: a bare RSASSA-PKCS1-v1_5 value; certificates in /Cert.
    AdbeX509RsaSha1,
    /// `ETSI.CAdES.detached`: CAdES without content, over the signed spans.
    EtsiCadesDetached,
    /// `ETSI.RFC3161`: a time-stamp token over the signed spans.
    EtsiRfc3161,
}

impl SubFilter {
    /// The format that a /SubFilter name means, given without the slash.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        [
            Self::AdbePkcs7Detached,
            Self::AdbePkcs7Sha1,
            Self::AdbeX509RsaSha1,
            Self::EtsiCadesDetached,
            Self::EtsiRfc3161,
        ]
        .into_iter()
        .find(|format| format.name().as_bytes() == name)
    }

    /// The name as written in a PDF, without the slash.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdbePkcs7Detached => "adbe.pkcs7.detached",
            Self::AdbePkcs7Sha1 => "adbe.pkcs7.sha1",
            Self::AdbeX509RsaSha1 => "adbe.x509.rsa_sha1",
            Self::EtsiCadesDetached => "ETSI.CAdES.detached",
            Self::EtsiRfc3161 => "ETSI.RFC3161",
        }
    }
}

impl fmt::Display for SubFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
