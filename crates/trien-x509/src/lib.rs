//! Certificates, CRLs and OCSP responses as data, algorithm identifiers, digests, and signatures
//! under public keys.
//! Knows nothing of PDF, CMS or trust: whether a certificate is believed is decided elsewhere.

pub mod algorithm;
pub mod asn1;
mod certificate;
mod crl;
mod digester;
mod general_name;
mod name;
mod ocsp;
mod oid;
mod public_key;
mod random;
mod revocation_error;
mod revocation_reason;
mod subject_kind;

pub use algorithm::{AlgorithmError, AlgorithmIdentifier};
pub use certificate::{
    AccessDescription, AccessMethod, BasicConstraints, Certificate, CertificateError,
    CertificateErrorKind, CertificateSignatureError, DistributionPoint, ExtendedKeyUsage,
    Extension, IssuerAndSerial, KeyUsage, SerialNumber,
};
pub use const_oid;
pub use crl::{
    CertificateScope, Crl, CrlEntry, CrlNumber, DistributionPointName, IssuingDistributionPoint,
    ReasonFlags,
};
pub use digester::{DigestUnavailable, Digester};
pub use general_name::GeneralName;
pub use name::{DistinguishedName, NameAttribute};
pub use ocsp::{
    BasicOcspResponse, CertStatus, OcspCertificateId, OcspResponse, OcspResponseStatus,
    ResponderId, SingleResponse, ocsp_request,
};
pub use public_key::{KeyKind, PublicKey, PublicKeyError, VerifyError};
pub use random::{RandomUnavailable, random_nonce};
pub use revocation_error::{RevocationError, RevocationErrorKind, RevocationSignatureError};
pub use revocation_reason::RevocationReason;
pub use subject_kind::SubjectKind;
