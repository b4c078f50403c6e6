//! Why a public key is not read, and why a value is not shown to hold.

use std::fmt;

use openssl::error::ErrorStack;
use trien_types::SignatureScheme;

use super::KeyKind;
use crate::digester::DigestUnavailable;

/// A public key that is not read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// The algorithm of an ML-DSA key has parameters, or its bits are no whole octets
    /// (RFC 9881, 2 and 4).
    MlDsaForm(KeyKind),
    /// An ML-DSA key has not as many octets as its parameter set fixes (FIPS 204, table 2).
    MlDsaOctets {
        /// The kind the algorithm names.
        kind: KeyKind,
        /// How many octets there are.
        found: usize,
    },
    /// OpenSSL does not read it: damaged, or of a kind or curve it does not know.
    Unreadable(ErrorStack),
}

impl fmt::Display for PublicKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MlDsaForm(kind) => {
                write!(
                    formatter,
                    "the public key is not encoded as {}",
                    kind.name()
                )
            }
            Self::MlDsaOctets { kind, found } => {
                write!(formatter, "{found} octets are not {}", kind.name())
            }
            Self::Unreadable(_) => {
                formatter.write_str("the public key is damaged or of an unknown kind")
            }
        }
    }
}

impl std::error::Error for PublicKeyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::MlDsaForm(_) | Self::MlDsaOctets { .. } => None,
            Self::Unreadable(stack) => Some(stack),
        }
    }
}

/// Why a signature value is not shown to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The digest is not available, so nothing was decided.
    DigestUnavailable(DigestUnavailable),
    /// The scheme signs the whole message, so a digest does not do (RFC 8032; FIPS 204, 5.4).
    MessageNeeded,
    /// The kind of key does not fit the scheme.
    KeyDoesNotFit {
        /// The kind of key.
        kind: KeyKind,
        /// The scheme the value claims.
        scheme: SignatureScheme,
    },
    /// The value is plain r and s side by side, not the DER SEQUENCE CMS carries (ATTACKS M10).
    PlainRAndS,
    /// The value is not the DER SEQUENCE of two positive INTEGERs (RFC 3279, 2.2.3).
    NotASequenceOfTwoIntegers,
    /// The scheme is not supported here or by the OpenSSL in use, so nothing was decided.
    Unsupported(SignatureScheme),
    /// The value does not hold for this message under this key.
    ValueDoesNotHold,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DigestUnavailable(error) => error.fmt(formatter),
            Self::MessageNeeded => formatter.write_str("the scheme needs the whole message"),
            Self::KeyDoesNotFit { kind, scheme } => {
                write!(formatter, "{} does not fit {scheme}", kind.name())
            }
            Self::PlainRAndS => {
                formatter.write_str("the value is plain r and s, not their DER sequence")
            }
            Self::NotASequenceOfTwoIntegers => {
                formatter.write_str("the value is no DER sequence of two positive integers")
            }
            Self::Unsupported(scheme) => write!(formatter, "{scheme} is not supported"),
            Self::ValueDoesNotHold => formatter.write_str("the signature value does not hold"),
        }
    }
}

impl std::error::Error for VerifyError {}
