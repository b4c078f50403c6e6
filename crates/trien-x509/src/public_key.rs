//! Public keys, and whether a signature value holds under one.
//! Does not know who holds the key or whether the algorithm is still good enough.

mod der_signature;
mod error;
mod ml_dsa;
mod rsa;

use std::cell::RefCell;
use std::fmt;

use openssl::pkey::{Id, PKey, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::sign::Verifier;
use trien_types::{Digest, DigestAlgorithm, SignatureInput, SignatureScheme};

use self::ml_dsa::MlDsaKey;
use crate::digester::Digester;

pub use error::{PublicKeyError, VerifyError};

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
    /// ML-DSA-44 (FIPS 204).
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
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
    key: Key,
}

/// The key in the hands of whoever computes with it.
#[derive(Clone)]
enum Key {
    MlDsa(MlDsaKey),
    OpenSsl(PKey<Public>),
}

impl KeyKind {
    /// The kind in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dsa => "a DSA key",
            Self::Ec => "an elliptic curve key",
            Self::Ed25519 => "an Ed25519 key",
            Self::Ed448 => "an Ed448 key",
            Self::MlDsa44 => "an ML-DSA-44 key",
            Self::MlDsa65 => "an ML-DSA-65 key",
            Self::MlDsa87 => "an ML-DSA-87 key",
            Self::Rsa => "an RSA key",
            Self::RsaPss => "an RSA key for PSS only",
            Self::Other => "a key of another kind",
        }
    }
}

/// Octets of a key that is remembered: every kind in use is shorter.
const REMEMBERED_OCTETS: usize = 4_096;

thread_local! {
    /// The key that this thread read last. OpenSSL 3 takes longer to read a key than to verify with
    /// it, and one signature has the same key read several times, a batch thousands of times.
    static LAST_READ: RefCell<Option<(Box<[u8]>, PublicKey)>> = const { RefCell::new(None) };
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` (RFC 5280, 4.1.2.7).
    ///
    /// # Errors
    /// OpenSSL does not read it, or it is an ML-DSA key of another form than RFC 9881, 4 gives.
    pub fn from_subject_public_key_info(octets: &[u8]) -> Result<Self, PublicKeyError> {
        let known = LAST_READ.with_borrow(|last| {
            let (read, key) = last.as_ref()?;
            (**read == *octets).then(|| key.clone())
        });
        if let Some(key) = known {
            return Ok(key);
        }
        let key = Self::read(octets)?;
        if octets.len() <= REMEMBERED_OCTETS {
            LAST_READ.set(Some((octets.into(), key.clone())));
        }
        Ok(key)
    }

    fn read(octets: &[u8]) -> Result<Self, PublicKeyError> {
        // ML-DSA is the same with every OpenSSL: before 3.5 it does not know these keys.
        if let Some(key) = MlDsaKey::from_subject_public_key_info(octets)? {
            return Ok(Self {
                kind: key.kind(),
                key: Key::MlDsa(key),
            });
        }
        let key = match rsa::usual_key(octets) {
            Some(key) => key,
            None => PKey::public_key_from_der(octets).map_err(PublicKeyError::Unreadable)?,
        };
        let kind = match key.id() {
            Id::RSA => KeyKind::Rsa,
            Id::RSA_PSS => KeyKind::RsaPss,
            Id::EC => KeyKind::Ec,
            Id::DSA => KeyKind::Dsa,
            Id::ED25519 => KeyKind::Ed25519,
            Id::ED448 => KeyKind::Ed448,
            _ => KeyKind::Other,
        };
        Ok(Self {
            kind,
            key: Key::OpenSsl(key),
        })
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The strength-giving size in bits: modulus, group order, or curve. For ML-DSA the size of
    /// the public key, as OpenSSL counts it from 3.5 on; its strength follows from the kind alone.
    #[must_use]
    pub fn bits(&self) -> u32 {
        match &self.key {
            Key::MlDsa(key) => key.bits(),
            Key::OpenSsl(key) => key.bits(),
        }
    }

    /// The most octets a signature value under this key can have.
    #[must_use]
    pub fn value_octets_at_most(&self) -> usize {
        match &self.key {
            Key::MlDsa(key) => key.value_octets(),
            Key::OpenSsl(key) => key.size(),
        }
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
        if scheme.input() == SignatureInput::Message {
            let holds = match &self.key {
                Key::MlDsa(key) => key.holds(message, value),
                Key::OpenSsl(key) => {
                    eddsa_holds(key, message, value).ok_or(VerifyError::Unsupported(scheme))?
                }
            };
            return holds.then_some(()).ok_or(VerifyError::ValueDoesNotHold);
        }
        let digest = Digester::digest(scheme.digest_algorithm(), message)
            .map_err(VerifyError::DigestUnavailable)?;
        self.verify_digest(scheme, &digest, value)
    }

    /// As [`PublicKey::verify`], for a message whose digest is known.
    ///
    /// # Errors
    /// As there; [`VerifyError::MessageNeeded`] for `EdDSA` and ML-DSA. A digest of another
    /// algorithm than the scheme's does not hold.
    pub fn verify_digest(
        &self,
        scheme: SignatureScheme,
        digest: &Digest,
        value: &[u8],
    ) -> Result<(), VerifyError> {
        self.fits(scheme)?;
        let unsupported = || VerifyError::Unsupported(scheme);
        let Key::OpenSsl(key) = &self.key else {
            return Err(VerifyError::MessageNeeded);
        };
        let holds = match scheme {
            // Told first: a digest of any kind does not do for these.
            SignatureScheme::Ed25519
            | SignatureScheme::Ed448
            | SignatureScheme::MlDsa44
            | SignatureScheme::MlDsa65
            | SignatureScheme::MlDsa87 => return Err(VerifyError::MessageNeeded),
            _ if digest.algorithm() != scheme.digest_algorithm() => false,
            SignatureScheme::RsaPkcs1v15(_) => {
                rsa::pkcs1_holds(key, digest, value).ok_or_else(unsupported)?
            }
            SignatureScheme::RsaPss(parameters) => {
                rsa::pss_holds(key, &parameters, digest, value).ok_or_else(unsupported)?
            }
            SignatureScheme::Ecdsa(_) => {
                der_signature::check(value, self.bits())?;
                raw_holds(key, digest, value).ok_or_else(unsupported)?
            }
            SignatureScheme::Dsa(_) => {
                let dsa = key.dsa().map_err(|_| unsupported())?;
                let order_bits = dsa.q_opt().map_or(0, |order| order.num_bits());
                der_signature::check(value, u32::try_from(order_bits).unwrap_or(0))?;
                raw_holds(key, digest, value).ok_or_else(unsupported)?
            }
            _ => return Err(unsupported()),
        };
        holds.then_some(()).ok_or(VerifyError::ValueDoesNotHold)
    }

    /// Whether a key of this kind can make values under `scheme`.
    ///
    /// # Errors
    /// [`VerifyError::KeyDoesNotFit`], or [`VerifyError::Unsupported`] for an unknown scheme.
    pub fn fits(&self, scheme: SignatureScheme) -> Result<(), VerifyError> {
        let fits = match scheme {
            SignatureScheme::RsaPkcs1v15(_) => self.kind == KeyKind::Rsa,
            SignatureScheme::RsaPss(_) => matches!(self.kind, KeyKind::Rsa | KeyKind::RsaPss),
            SignatureScheme::Ecdsa(_) => self.kind == KeyKind::Ec,
            SignatureScheme::Dsa(_) => self.kind == KeyKind::Dsa,
            SignatureScheme::Ed25519 => self.kind == KeyKind::Ed25519,
            SignatureScheme::Ed448 => self.kind == KeyKind::Ed448,
            SignatureScheme::MlDsa44 => self.kind == KeyKind::MlDsa44,
            SignatureScheme::MlDsa65 => self.kind == KeyKind::MlDsa65,
            SignatureScheme::MlDsa87 => self.kind == KeyKind::MlDsa87,
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
        match &self.key {
            Key::MlDsa(_) => None,
            Key::OpenSsl(key) => rsa::pkcs1_digest_algorithm(key, value),
        }
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
            KeyKind::Dsa
            | KeyKind::MlDsa44
            | KeyKind::MlDsa65
            | KeyKind::MlDsa87
            | KeyKind::Other => Vec::new(),
        }
    }
}

/// Verifies over the digest's octets as they are, cut to the group order by OpenSSL.
fn raw_holds(key: &PKey<Public>, digest: &Digest, value: &[u8]) -> Option<bool> {
    let mut context = PkeyCtx::new(key).ok()?;
    context.verify_init().ok()?;
    // A value out of range is an error in OpenSSL; it does not hold either.
    Some(context.verify(digest.as_octets(), value).unwrap_or(false))
}

fn eddsa_holds(key: &PKey<Public>, message: &[u8], value: &[u8]) -> Option<bool> {
    let mut verifier = Verifier::new_without_digest(key).ok()?;
    // OpenSSL reports malformed values as errors; they do not hold either.
    Some(verifier.verify_oneshot(value, message).unwrap_or(false))
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
