//! Certificates as data, algorithm identifiers, digests, and signatures under public keys.
//! Knows nothing of PDF, CMS or trust: whether a certificate is believed is decided elsewhere.

pub mod algorithm;
pub mod asn1;
mod certificate;
mod digester;
mod name;
mod oid;
mod public_key;
mod subject_kind;

pub use algorithm::{AlgorithmError, AlgorithmIdentifier};
pub use certificate::{
    BasicConstraints, Certificate, CertificateError, CertificateErrorKind,
    CertificateSignatureError, ExtendedKeyUsage, Extension, IssuerAndSerial, KeyUsage,
    SerialNumber,
};
pub use const_oid;
pub use digester::{DigestUnavailable, Digester};
pub use name::{DistinguishedName, NameAttribute};
pub use public_key::{KeyKind, PublicKey, PublicKeyError, VerifyError};
pub use subject_kind::SubjectKind;
