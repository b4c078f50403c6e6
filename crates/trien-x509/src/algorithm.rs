//! `AlgorithmIdentifier`s (RFC 5280, 4.1.1.2) and the digests and schemes they name, both ways.
//! Does not judge strength: that is policy.

mod error;
mod pss;
mod table;

use trien_types::{ContentDigest, DigestAlgorithm, Limits, SignatureScheme};

use crate::asn1::{self, Asn1Error, Element, ObjectIdentifier, Reader, Tag};
use crate::oid;

pub use error::AlgorithmError;

/// An algorithm and its parameters as received.
///
/// ```text
/// AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AlgorithmIdentifier {
    oid: ObjectIdentifier,
    parameters: Option<Vec<u8>>,
}

/// DER of NULL.
const NULL: [u8; 2] = [5, 0];

impl AlgorithmIdentifier {
    /// Reads the elements of an `AlgorithmIdentifier`.
    ///
    /// # Errors
    /// The element is no SEQUENCE of an OBJECT IDENTIFIER and at most one more element.
    pub fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = element.elements()?;
        let oid = reader.expect(Tag::OBJECT_IDENTIFIER)?.object_identifier()?;
        let parameters = if reader.is_empty() {
            None
        } else {
            Some(reader.element()?.raw().to_vec())
        };
        reader.finish()?;
        Ok(Self { oid, parameters })
    }

    /// Reads a whole `AlgorithmIdentifier`.
    ///
    /// # Errors
    /// The octets are none, or something follows.
    pub fn from_der(octets: &[u8], limits: &Limits) -> Result<Self, Asn1Error> {
        let mut reader = Reader::new(octets, limits);
        let element = reader.expect(Tag::SEQUENCE)?;
        reader.finish()?;
        Self::from_element(&element)
    }

    /// The identifier to write for a digest: without parameters, as RFC 5754, 2 recommends.
    /// `None` where none is registered.
    #[must_use]
    pub fn for_digest(digest: DigestAlgorithm) -> Option<Self> {
        Some(Self {
            oid: table::oid_of_digest(digest)?.into(),
            parameters: None,
        })
    }

    /// The identifier to write for a signature under `scheme`; `None` where none is registered.
    #[must_use]
    pub fn for_signature(scheme: SignatureScheme) -> Option<Self> {
        let (known, parameters) = match scheme {
            // RFC 4055, 5: NULL belongs to the RSA identifiers.
            SignatureScheme::RsaPkcs1v15(_) => (table::oid_of_scheme(scheme)?, Some(NULL.to_vec())),
            SignatureScheme::RsaPss(parameters) => {
                (oid::RSASSA_PSS, Some(pss::encode(&parameters)?))
            }
            SignatureScheme::Dsa(_)
            | SignatureScheme::Ecdsa(_)
            | SignatureScheme::Ed25519
            | SignatureScheme::Ed448
            | SignatureScheme::MlDsa44
            | SignatureScheme::MlDsa65
            | SignatureScheme::MlDsa87
            | _ => (table::oid_of_scheme(scheme)?, None),
        };
        Some(Self {
            oid: known.into(),
            parameters,
        })
    }

    /// The algorithm's object identifier.
    #[must_use]
    pub const fn oid(&self) -> &ObjectIdentifier {
        &self.oid
    }

    /// The parameters as received, tag and length included.
    #[must_use]
    pub fn parameters(&self) -> Option<&[u8]> {
        self.parameters.as_deref()
    }

    /// DER of the whole `AlgorithmIdentifier`.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        asn1::sequence(&[
            &asn1::encode_tlv(0x06, &[self.oid.as_octets()]),
            self.parameters().unwrap_or_default(),
        ])
    }

    /// The digest this names.
    ///
    /// # Errors
    /// It names a signature algorithm or key (ATTACKS M8), or nothing known here.
    pub fn digest(&self) -> Result<DigestAlgorithm, AlgorithmError> {
        let unknown = || AlgorithmError::Unknown(self.oid.clone());
        let known = self.oid.known().ok_or_else(unknown)?;
        if known == oid::SHAKE256_LEN {
            // RFC 8419, 2.3: the parameter is the length in bits; only 512 is used here.
            return match self.parameters() {
                Some([2, 2, 2, 0]) => Ok(DigestAlgorithm::Shake256),
                _ => Err(AlgorithmError::BadParameters(self.oid.clone())),
            };
        }
        table::digest_of_oid(known).ok_or_else(|| {
            if table::is_signature_or_key(known) {
                AlgorithmError::NotADigest(self.oid.clone())
            } else {
                unknown()
            }
        })
    }

    /// Whether the identifier names no digest, so that the one stated beside it counts:
    /// rsaEncryption is meant so (RFC 3370, 3.2), id-dsa and the arc of ECDSA are met so.
    #[must_use]
    pub fn leaves_digest_open(&self) -> bool {
        self.oid.known().is_some_and(|known| {
            table::scheme_with_stated_digest(known, DigestAlgorithm::Sha256).is_some()
        })
    }

    /// Whether this is rsaEncryption, the one key identifier CMS allows for signatures.
    #[must_use]
    pub fn is_rsa_encryption(&self) -> bool {
        self.oid == oid::RSA_ENCRYPTION
    }

    /// The scheme that a signature value with this algorithm is made under. `stated` is the
    /// digest that stands elsewhere in the structure: rsaEncryption takes it, most other
    /// algorithms fix their own, which must agree with it (RFC 5652, 5.3; RFC 4056, 3; RFC 8419, 3.1),
    /// and ML-DSA goes with any (RFC 9882, 3.3).
    ///
    /// # Errors
    /// The algorithm is unknown, names a key or digest, lacks its parameters or has some where none
    /// belong, or fixes another digest than the one stated.
    pub fn signature_scheme(
        &self,
        stated: Option<DigestAlgorithm>,
    ) -> Result<SignatureScheme, AlgorithmError> {
        let unknown = || AlgorithmError::Unknown(self.oid.clone());
        let known = self.oid.known().ok_or_else(unknown)?;
        if self.leaves_digest_open() {
            let digest = stated.ok_or(AlgorithmError::DigestNotStated)?;
            return table::scheme_with_stated_digest(known, digest).ok_or_else(unknown);
        }
        let scheme = if known == oid::RSASSA_PSS {
            SignatureScheme::RsaPss(pss::decode(self)?)
        } else {
            table::scheme_of_oid(known).ok_or_else(|| {
                if table::is_signature_or_key(known) || table::digest_of_oid(known).is_some() {
                    AlgorithmError::NotASignature(self.oid.clone())
                } else {
                    unknown()
                }
            })?
        };
        let is_ml_dsa = matches!(
            scheme,
            SignatureScheme::MlDsa44 | SignatureScheme::MlDsa65 | SignatureScheme::MlDsa87
        );
        if is_ml_dsa && self.parameters.is_some() {
            // RFC 9881, 2 and RFC 9882, 2: absent, not even NULL.
            return Err(AlgorithmError::BadParameters(self.oid.clone()));
        }
        match stated {
            Some(stated) if scheme.content_digest(stated) == ContentDigest::Contradicts => {
                Err(AlgorithmError::DigestMismatch {
                    stated,
                    fixed: scheme.digest_algorithm(),
                })
            }
            _ => Ok(scheme),
        }
    }
}
