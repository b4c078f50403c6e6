//! X.509 certificates as received (RFC 5280, 4), read leniently, kept octet for octet.
//! Does not judge them: no path, no validity at a time, no revocation.

mod distribution_point;
mod error;
pub(crate) mod extension;
pub(crate) mod parse;
mod serial;

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use trien_types::{CertificateId, Remembered, UnixTime};

use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::ObjectIdentifier;
use crate::name::DistinguishedName;
use crate::public_key::{PublicKey, PublicKeyError, VerifyError};
use crate::subject_kind::SubjectKind;

pub use distribution_point::{AccessDescription, AccessMethod, DistributionPoint};
pub use error::{CertificateError, CertificateErrorKind};
pub use extension::{BasicConstraints, ExtendedKeyUsage, Extension, KeyUsage};
pub use serial::{IssuerAndSerial, SerialNumber};

/// A certificate. Cheap to clone; two are equal when their octets are.
#[derive(Clone)]
pub struct Certificate(Arc<Parsed>);

/// What was read, once.
pub(crate) struct Parsed {
    pub(crate) der: Arc<[u8]>,
    pub(crate) id: CertificateId,
    pub(crate) tbs_certificate: std::ops::Range<usize>,
    pub(crate) serial: SerialNumber,
    pub(crate) issuer: DistinguishedName,
    pub(crate) subject: DistinguishedName,
    pub(crate) not_before: UnixTime,
    pub(crate) not_after: UnixTime,
    pub(crate) subject_public_key_info: Box<[u8]>,
    pub(crate) signature_algorithm: AlgorithmIdentifier,
    pub(crate) signature_value: Box<[u8]>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) known: extension::Known,
    /// Read when it is first asked for.
    pub(crate) key: OnceLock<PublicKey>,
}

/// Certificates repeat: those of a school are on each of its records. What was read last is kept,
/// with the key inside, which takes OpenSSL longer to read than to verify with. Kept under the
/// octets themselves: to digest them for a key takes longer than to compare them.
static READ: Remembered<Arc<[u8]>, Certificate> = Remembered::new(MOST_READ);

/// Signers, authorities, stamping authorities and responders of a large archive; 4 MB with their
/// keys.
const MOST_READ: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

/// Longer ones are nobody's and are not kept: certificates have 1 to 3 kB, those with ML-DSA 8 kB.
const LONGEST_READ: usize = 16 * 1_024;

impl Certificate {
    /// Reads a certificate. Breaches of DER that leave the meaning clear are tolerated: BOOLEANs
    /// other than 0xFF, odd times, negative or long serial numbers, names in any alphabet.
    ///
    /// # Errors
    /// The structure is not that of RFC 5280, 4.1, or octets follow it.
    pub fn from_der(octets: impl Into<Arc<[u8]>>) -> Result<Self, CertificateError> {
        let der = octets.into();
        let may_be_kept = der.len() <= LONGEST_READ;
        if may_be_kept && let Some(known) = READ.find(&der) {
            return Ok(known);
        }
        let id = parse::id(&der)?;
        let certificate = Self(Arc::new(parse::certificate(der, id)?));
        if may_be_kept {
            READ.keep(certificate.shared_der(), certificate.clone());
        }
        Ok(certificate)
    }

    /// The octets as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// The octets as received, shared.
    #[must_use]
    pub fn shared_der(&self) -> Arc<[u8]> {
        Arc::clone(&self.0.der)
    }

    /// SHA-256 of the octets.
    #[must_use]
    pub fn id(&self) -> CertificateId {
        self.0.id
    }

    /// The serial number.
    #[must_use]
    pub fn serial(&self) -> &SerialNumber {
        &self.0.serial
    }

    /// The issuer's name.
    #[must_use]
    pub fn issuer(&self) -> &DistinguishedName {
        &self.0.issuer
    }

    /// The subject's name.
    #[must_use]
    pub fn subject(&self) -> &DistinguishedName {
        &self.0.subject
    }

    /// Whom the subject's name names (person, organisation).
    #[must_use]
    pub fn subject_kind(&self) -> SubjectKind {
        SubjectKind::of(self.subject())
    }

    /// First moment of validity.
    #[must_use]
    pub fn not_before(&self) -> UnixTime {
        self.0.not_before
    }

    /// Last moment of validity.
    #[must_use]
    pub fn not_after(&self) -> UnixTime {
        self.0.not_after
    }

    /// Whether `time` lies in the validity, ends included (RFC 5280, 4.1.2.5).
    #[must_use]
    pub fn is_within_validity(&self, time: UnixTime) -> bool {
        self.not_before() <= time && time <= self.not_after()
    }

    /// The octets of the `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn subject_public_key_info(&self) -> &[u8] {
        &self.0.subject_public_key_info
    }

    /// The public key.
    ///
    /// # Errors
    /// OpenSSL does not read it.
    pub fn public_key(&self) -> Result<PublicKey, PublicKeyError> {
        if let Some(key) = self.0.key.get() {
            return Ok(key.clone());
        }
        let key = PublicKey::from_subject_public_key_info(self.subject_public_key_info())?;
        Ok(self.0.key.get_or_init(|| key).clone())
    }

    /// The octets the issuer signed.
    #[must_use]
    pub fn tbs_certificate(&self) -> &[u8] {
        self.0
            .der
            .get(self.0.tbs_certificate.clone())
            .unwrap_or_default()
    }

    /// The algorithm of the issuer's signature.
    #[must_use]
    pub fn signature_algorithm(&self) -> &AlgorithmIdentifier {
        &self.0.signature_algorithm
    }

    /// The issuer's signature value.
    #[must_use]
    pub fn signature_value(&self) -> &[u8] {
        &self.0.signature_value
    }

    /// Whether the issuer's signature holds under `issuer_key`. Names and purposes are not looked
    /// at.
    ///
    /// # Errors
    /// It does not hold or could not be decided.
    pub fn verify_signature(
        &self,
        issuer_key: &PublicKey,
    ) -> Result<(), CertificateSignatureError> {
        let scheme = self
            .signature_algorithm()
            .signature_scheme(None)
            .map_err(CertificateSignatureError::Algorithm)?;
        issuer_key
            .verify(scheme, self.tbs_certificate(), self.signature_value())
            .map_err(CertificateSignatureError::Verify)
    }

    /// All extensions in the order written.
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        &self.0.extensions
    }

    /// The first extension of this kind.
    #[must_use]
    pub fn extension(&self, oid: const_oid::ObjectIdentifier) -> Option<&Extension> {
        self.extensions()
            .iter()
            .find(|extension| extension.oid == oid)
    }

    /// Subject key identifier (RFC 5280, 4.2.1.2).
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.0.known.subject_key_identifier.as_deref()
    }

    /// The key identifier of the authority key identifier (RFC 5280, 4.2.1.1).
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.0.known.authority_key_identifier.as_deref()
    }

    /// Basic constraints (RFC 5280, 4.2.1.9).
    #[must_use]
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.0.known.basic_constraints
    }

    /// Key usage (RFC 5280, 4.2.1.3).
    #[must_use]
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.0.known.key_usage
    }

    /// Extended key usage (RFC 5280, 4.2.1.12).
    #[must_use]
    pub fn extended_key_usage(&self) -> Option<&ExtendedKeyUsage> {
        self.0.known.extended_key_usage.as_ref()
    }

    /// Extensions that this crate knows but whose value it cannot read, so that the accessor
    /// answers `None` although the extension is there.
    #[must_use]
    pub fn unreadable_extensions(&self) -> &[ObjectIdentifier] {
        &self.0.known.unreadable
    }

    /// Issuer and serial number, which name the certificate in CMS.
    #[must_use]
    pub fn issuer_and_serial(&self) -> IssuerAndSerial {
        IssuerAndSerial::new(self.issuer().as_der(), self.serial().clone())
    }

    /// Whether issuer and subject are the same octets.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.issuer().as_der() == self.subject().as_der()
    }
}

/// Why an issuer's signature on a certificate is not shown to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateSignatureError {
    /// The algorithm names no scheme known here.
    Algorithm(crate::AlgorithmError),
    /// The value does not hold or could not be checked.
    Verify(VerifyError),
}

impl fmt::Display for CertificateSignatureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the issuer's signature on the certificate is not shown to hold")
    }
}

impl std::error::Error for CertificateSignatureError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Algorithm(error) => Some(error),
            Self::Verify(error) => Some(error),
        }
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl std::hash::Hash for Certificate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Certificate({}, serial {})",
            self.subject(),
            self.serial()
        )
    }
}
