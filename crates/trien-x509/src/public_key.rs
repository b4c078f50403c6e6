//! Public keys, and whether a signature value holds under one.
//! Does not know who holds the key or whether the algorithm is still good enough.

mod der_signature;
mod rsa;

use std::fmt;

use openssl::error::ErrorStack;
use openssl::pkey::{Id, PKey, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::sign::Verifier;
use trien_types::{Digest, DigestAlgorithm, SignatureScheme};

use crate::digester::{DigestUnavailable, Digester};

/// What kind of key a public key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// DSA.
    Dsa,
    /// A key on an elliptic curve, for ECDSA.
    Ec,
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// RSA for any use.
    Rsa,
    /// RSA for PSS only (RFC 4055, 1.2).
    RsaPss,
    /// None of these.
    Other,
}

/// A public key.
#[derive(Clone)]
pub struct PublicKey {
    kind: KeyKind,
    key: PKey<Public>,
}

/// A public key that OpenSSL does not read: damaged, or of a kind or curve it does not know.
#[derive(Debug, Clone)]
pub struct PublicKeyError(ErrorStack);

impl fmt::Display for PublicKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the public key is damaged or of an unknown kind")
    }
}

impl std::error::Error for PublicKeyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// Why a signature value is not shown to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The digest is not available, so nothing was decided.
    DigestUnavailable(DigestUnavailable),
    /// The scheme signs the whole message, so a digest does not do (RFC 8032).
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
    /// The scheme is not supported by the OpenSSL in use, so nothing was decided.
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

impl KeyKind {
    /// The kind in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dsa => "a DSA key",
            Self::Ec => "an elliptic curve key",
            Self::Ed25519 => "an Ed25519 key",
            Self::Ed448 => "an Ed448 key",
            Self::Rsa => "an RSA key",
            Self::RsaPss => "an RSA key for PSS only",
            Self::Other => "a key of another kind",
        }
    }
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` (RFC 5280, 4.1.2.7).
    ///
    /// # Errors
    /// OpenSSL does not read it.
    pub fn from_subject_public_key_info(octets: &[u8]) -> Result<Self, PublicKeyError> {
        let key = PKey::public_key_from_der(octets).map_err(PublicKeyError)?;
        let kind = match key.id() {
            Id::RSA => KeyKind::Rsa,
            Id::RSA_PSS => KeyKind::RsaPss,
            Id::EC => KeyKind::Ec,
            Id::DSA => KeyKind::Dsa,
            Id::ED25519 => KeyKind::Ed25519,
            Id::ED448 => KeyKind::Ed448,
            _ => KeyKind::Other,
        };
        Ok(Self { kind, key })
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The strength-giving size in bits: modulus, group order, or curve.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.key.bits()
    }

    /// The most octets a signature value under this key can have.
    #[must_use]
    pub fn value_octets_at_most(&self) -> usize {
        self.key.size()
    }

    /// Whether `value` holds for `message` under this key and `scheme`.
    ///
    /// # Errors
    /// It does not hold, or could not be decided; the variant tells which.
    pub fn verify(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        value: &[u8],
    ) -> Result<(), VerifyError> {
        self.fits(scheme)?;
        if matches!(scheme, SignatureScheme::Ed25519 | SignatureScheme::Ed448) {
            return self.verify_eddsa(scheme, message, value);
        }
        let digest = Digester::digest(scheme.digest_algorithm(), message)
            .map_err(VerifyError::DigestUnavailable)?;
        self.verify_digest(scheme, &digest, value)
    }

    /// As [`PublicKey::verify`], for a message whose digest is known.
    ///
    /// # Errors
    /// As there; [`VerifyError::MessageNeeded`] for `EdDSA`. A digest of another algorithm than
    /// the scheme's does not hold.
    pub fn verify_digest(
        &self,
        scheme: SignatureScheme,
        digest: &Digest,
        value: &[u8],
    ) -> Result<(), VerifyError> {
        self.fits(scheme)?;
        let unsupported = |_| VerifyError::Unsupported(scheme);
        let holds = match scheme {
            // EdDSA is told first: a digest of any kind does not do for it.
            SignatureScheme::Ed25519 | SignatureScheme::Ed448 => {
                return Err(VerifyError::MessageNeeded);
            }
            _ if digest.algorithm() != scheme.digest_algorithm() => false,
            SignatureScheme::RsaPkcs1v15(_) => rsa::pkcs1_holds(&self.key, digest, value)
                .ok_or(VerifyError::Unsupported(scheme))?,
            SignatureScheme::RsaPss(parameters) => {
                rsa::pss_holds(&self.key, &parameters, digest, value)
                    .ok_or(VerifyError::Unsupported(scheme))?
            }
            SignatureScheme::Ecdsa(_) => {
                der_signature::check(value, self.bits())?;
                self.raw_holds(digest, value)
                    .ok_or(VerifyError::Unsupported(scheme))?
            }
            SignatureScheme::Dsa(_) => {
                let key = self.key.dsa().map_err(unsupported)?;
                let order_bits = key.q_opt().map_or(0, |order| order.num_bits());
                der_signature::check(value, u32::try_from(order_bits).unwrap_or(0))?;
                self.raw_holds(digest, value)
                    .ok_or(VerifyError::Unsupported(scheme))?
            }
            _ => return Err(VerifyError::Unsupported(scheme)),
        };
        if holds {
            Ok(())
        } else {
            Err(VerifyError::ValueDoesNotHold)
        }
    }

    /// Verifies over the digest's octets as they are, cut to the group order by OpenSSL.
    fn raw_holds(&self, digest: &Digest, value: &[u8]) -> Option<bool> {
        let mut context = PkeyCtx::new(&self.key).ok()?;
        context.verify_init().ok()?;
        // A value out of range is an error in OpenSSL; it does not hold either.
        Some(context.verify(digest.as_octets(), value).unwrap_or(false))
    }

    fn verify_eddsa(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        value: &[u8],
    ) -> Result<(), VerifyError> {
        let mut verifier = Verifier::new_without_digest(&self.key)
            .map_err(|_| VerifyError::Unsupported(scheme))?;
        match verifier.verify_oneshot(value, message) {
            Ok(true) => Ok(()),
            // OpenSSL reports malformed values as errors; they do not hold either.
            Ok(false) | Err(_) => Err(VerifyError::ValueDoesNotHold),
        }
    }

    fn fits(&self, scheme: SignatureScheme) -> Result<(), VerifyError> {
        let fits = match scheme {
            SignatureScheme::RsaPkcs1v15(_) => self.kind == KeyKind::Rsa,
            SignatureScheme::RsaPss(_) => matches!(self.kind, KeyKind::Rsa | KeyKind::RsaPss),
            SignatureScheme::Ecdsa(_) => self.kind == KeyKind::Ec,
            SignatureScheme::Dsa(_) => self.kind == KeyKind::Dsa,
            SignatureScheme::Ed25519 => self.kind == KeyKind::Ed25519,
            SignatureScheme::Ed448 => self.kind == KeyKind::Ed448,
            _ => return Err(VerifyError::Unsupported(scheme)),
        };
        if fits {
            Ok(())
        } else {
            Err(VerifyError::KeyDoesNotFit {
                kind: self.kind,
                scheme,
            })
        }
    }

    /// The digest that an RSASSA-PKCS1-v1_5 value under this key names in its padding, where no
    /// algorithm is stated beside it. `None` when it is no such value.
    #[must_use]
    pub fn pkcs1_digest_algorithm(&self, value: &[u8]) -> Option<DigestAlgorithm> {
        rsa::pkcs1_digest_algorithm(&self.key, value)
    }

    /// The schemes a key of this kind is customarily used with, the customary one first; to choose
    /// from when a key in software signs. Empty for kinds that are never made here.
    #[must_use]
    pub fn customary_schemes(&self) -> Vec<SignatureScheme> {
        use trien_types::PssParameters;
        match self.kind {
            KeyKind::Rsa => vec![
                SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256),
                SignatureScheme::RsaPss(PssParameters::matching(DigestAlgorithm::Sha256)),
            ],
            KeyKind::RsaPss => vec![SignatureScheme::RsaPss(PssParameters::matching(
                DigestAlgorithm::Sha256,
            ))],
            // FIPS 186-5, 6.1.1: the digest is at least as strong as the curve.
            KeyKind::Ec => vec![SignatureScheme::Ecdsa(match self.bits() {
                0..=256 => DigestAlgorithm::Sha256,
                257..=384 => DigestAlgorithm::Sha384,
                _ => DigestAlgorithm::Sha512,
            })],
            KeyKind::Ed25519 => vec![SignatureScheme::Ed25519],
            KeyKind::Ed448 => vec![SignatureScheme::Ed448],
            KeyKind::Dsa | KeyKind::Other => Vec::new(),
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "PublicKey({}, {} bits)",
            self.kind.name(),
            self.bits()
        )
    }
}
