//! A private key in a file or in memory as a `SigningKey`: for tests, remote services and time
//! stamps, and for seals that a law allows to be kept so.
//! Reads no file itself and asks nobody for a password.

use std::error::Error;
use std::fmt;

use openssl::error::ErrorStack;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};
use openssl::x509::X509;
use trien_types::{SignatureScheme, SigningKey, SigningKeyError, SigningKeyErrorKind};

use crate::Pin;
use crate::certificate_order::certificate_path;
use crate::mechanism::schemes;
use crate::public_key::{KeyFamily, message_digest};

/// A private key held in memory by OpenSSL, with its certificates. Never printed.
pub struct SoftKey {
    key: PKey<Private>,
    certificate_path: Vec<Vec<u8>>,
    schemes: Vec<SignatureScheme>,
}

impl SoftKey {
    /// Joins a key with its certificates (DER), in any order; those that are not in the path of
    /// the key's certificate are left out.
    ///
    /// # Errors
    /// None of the certificates is the key's, or the key cannot sign.
    pub fn new(key: PKey<Private>, certificates: &[Vec<u8>]) -> Result<Self, SoftKeyError> {
        let signer = certificates.iter().find(|der| {
            X509::from_der(der)
                .and_then(|certificate| certificate.public_key())
                .is_ok_and(|public| public.public_eq(&key))
        });
        let signer = signer.ok_or(SoftKeyError::CertificateMissing)?;
        let family = KeyFamily::of(&key).ok_or(SoftKeyError::KeyUnsupported)?;
        Ok(Self {
            certificate_path: certificate_path(signer, certificates),
            schemes: schemes(family, key.size()),
            key,
        })
    }

    /// Reads a PKCS#12 file (RFC 7292): the key, its certificate and those of its issuers.
    ///
    /// # Errors
    /// The octets are no PKCS#12, the password is wrong, the file is protected by algorithms that
    /// OpenSSL 3 keeps in its legacy provider, or the parts are missing.
    pub fn from_pkcs12(der: &[u8], password: &Pin) -> Result<Self, SoftKeyError> {
        let password = std::str::from_utf8(password.as_octets())
            .ok()
            // OpenSSL takes the password as a C string.
            .filter(|password| !password.contains('\0'))
            .ok_or(SoftKeyError::PasswordIncorrect)?;
        let file = Pkcs12::from_der(der).map_err(SoftKeyError::Malformed)?;
        let parsed = file.parse2(password).map_err(SoftKeyError::of_pkcs12)?;
        let key = parsed.pkey.ok_or(SoftKeyError::KeyMissing)?;
        let mut certificates = Vec::new();
        for certificate in parsed
            .cert
            .iter()
            .map(AsRef::as_ref)
            .chain(parsed.ca.iter().flatten())
        {
            certificates.push(certificate.to_der().map_err(SoftKeyError::Malformed)?);
        }
        Self::new(key, &certificates)
    }

    /// Reads PEM text (RFC 7468) with one private key, encrypted or not, and its certificates.
    ///
    /// # Errors
    /// The text holds no key that can be read with this password, or not its certificate.
    pub fn from_pem(pem: &[u8], password: Option<&Pin>) -> Result<Self, SoftKeyError> {
        let mut asked = false;
        // Always with a callback: without one OpenSSL would ask at the terminal.
        let key = PKey::private_key_from_pem_callback(pem, |buffer| {
            asked = true;
            let octets = password.map_or(&b""[..], Pin::as_octets);
            match buffer.get_mut(..octets.len()) {
                Some(place) => {
                    place.copy_from_slice(octets);
                    Ok(octets.len())
                }
                None => Ok(0),
            }
        });
        let key = key.map_err(|error| match (asked, has_reason(&error, NO_KEY)) {
            (true, _) => SoftKeyError::PasswordIncorrect,
            (false, true) => SoftKeyError::KeyMissing,
            (false, false) => SoftKeyError::Malformed(error),
        })?;
        let mut certificates = Vec::new();
        for certificate in X509::stack_from_pem(pem).map_err(SoftKeyError::Malformed)? {
            certificates.push(certificate.to_der().map_err(SoftKeyError::Malformed)?);
        }
        Self::new(key, &certificates)
    }

    fn value(&self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, SoftKeyError> {
        if !self.schemes.contains(&scheme) {
            return Err(SoftKeyError::SchemeUnsupported(scheme));
        }
        let signed = match message_digest(scheme.digest_algorithm()) {
            // EdDSA hashes by itself and takes the message.
            Some(digest) if !matches!(scheme, SignatureScheme::Ed25519) => {
                Signer::new(digest, &self.key).and_then(|mut signer| {
                    set_padding(&mut signer, scheme)?;
                    signer.sign_oneshot_to_vec(message)
                })
            }
            _ => Signer::new_without_digest(&self.key)
                .and_then(|mut signer| signer.sign_oneshot_to_vec(message)),
        };
        signed.map_err(SoftKeyError::Computation)
    }
}

fn set_padding(signer: &mut Signer<'_>, scheme: SignatureScheme) -> Result<(), ErrorStack> {
    match scheme {
        SignatureScheme::RsaPkcs1v15(_) => signer.set_rsa_padding(Padding::PKCS1),
        SignatureScheme::RsaPss(parameters) => {
            let salt = i32::try_from(parameters.salt_octets).unwrap_or(i32::MAX);
            signer.set_rsa_padding(Padding::PKCS1_PSS)?;
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::custom(salt))?;
            message_digest(parameters.mask_digest)
                .map_or(Ok(()), |mask| signer.set_rsa_mgf1_md(mask))
        }
        SignatureScheme::Dsa(_)
        | SignatureScheme::Ecdsa(_)
        | SignatureScheme::Ed25519
        | SignatureScheme::Ed448
        | SignatureScheme::MlDsa44
        | SignatureScheme::MlDsa65
        | SignatureScheme::MlDsa87
        | _ => Ok(()),
    }
}

impl SigningKey for SoftKey {
    fn certificate_path(&self) -> &[Vec<u8>] {
        &self.certificate_path
    }

    fn schemes(&self) -> &[SignatureScheme] {
        &self.schemes
    }

    fn sign(
        &mut self,
        scheme: SignatureScheme,
        message: &[u8],
    ) -> Result<Vec<u8>, SigningKeyError> {
        self.value(scheme, message).map_err(|error| {
            let kind = if matches!(error, SoftKeyError::SchemeUnsupported(_)) {
                SigningKeyErrorKind::SchemeUnsupported
            } else {
                SigningKeyErrorKind::Other
            };
            SigningKeyError::new(kind, error)
        })
    }
}

impl fmt::Debug for SoftKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SoftKey")
            .field("certificates", &self.certificate_path.len())
            .field("schemes", &self.schemes)
            .finish_non_exhaustive()
    }
}

/// Why a soft key cannot be read or cannot sign. Never carries key material or a password.
#[derive(Debug)]
#[non_exhaustive]
pub enum SoftKeyError {
    /// None of the certificates has the key's public key.
    CertificateMissing,
    /// OpenSSL could not compute; the source tells.
    Computation(ErrorStack),
    /// There is no private key, or none that OpenSSL knows.
    KeyMissing,
    /// The key is of a kind that signs no documents, such as DSA or X25519.
    KeyUnsupported,
    /// The file is protected by algorithms such as RC2 that OpenSSL 3 keeps in its legacy
    /// provider.
    LegacyEncryption,
    /// The octets are no file of this kind; the source tells.
    Malformed(ErrorStack),
    /// The password does not open the file, or one is needed.
    PasswordIncorrect,
    /// The key cannot sign under this scheme.
    SchemeUnsupported(SignatureScheme),
}

impl SoftKeyError {
    fn of_pkcs12(error: ErrorStack) -> Self {
        if has_reason(&error, &["mac verify failure"]) {
            Self::PasswordIncorrect
        } else if has_reason(&error, &["unsupported", "unknown pbe algorithm"]) {
            Self::LegacyEncryption
        } else {
            Self::Malformed(error)
        }
    }
}

/// OpenSSL's reasons for PEM text without a private key that it knows.
const NO_KEY: &[&str] = &["no start line", "unsupported"];

/// Whether OpenSSL gave one of these reasons.
fn has_reason(error: &ErrorStack, reasons: &[&str]) -> bool {
    error
        .errors()
        .iter()
        .any(|error| error.reason().is_some_and(|r| reasons.contains(&r)))
}

impl fmt::Display for SoftKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CertificateMissing => {
                formatter.write_str("the file holds no certificate of this key: add it")
            }
            Self::Computation(_) => formatter.write_str("OpenSSL could not sign"),
            Self::KeyMissing => {
                formatter.write_str("the file holds no private key of a known kind")
            }
            Self::KeyUnsupported => {
                formatter.write_str("the key is no RSA, ECDSA or EdDSA key: use one of these")
            }
            Self::LegacyEncryption => formatter.write_str(
                "the file is protected by outdated algorithms: enable OpenSSL's legacy provider \
                 or convert the file with openssl pkcs12 -legacy",
            ),
            Self::Malformed(_) => formatter.write_str("the file is no key file of this kind"),
            Self::PasswordIncorrect => {
                formatter.write_str("the password does not open the key file")
            }
            Self::SchemeUnsupported(scheme) => {
                write!(
                    formatter,
                    "the key cannot sign with {scheme}: choose one of its schemes"
                )
            }
        }
    }
}

impl Error for SoftKeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Computation(error) | Self::Malformed(error) => Some(error),
            Self::CertificateMissing
            | Self::KeyMissing
            | Self::KeyUnsupported
            | Self::LegacyEncryption
            | Self::PasswordIncorrect
            | Self::SchemeUnsupported(_) => None,
        }
    }
}
