//! Whether a key object on a token and a certificate have the same public key, and whether a
//! signature value verifies under it.
//! Knows nothing of sessions, names or trust.

use openssl::bn::BigNumContext;
use openssl::ec::PointConversionForm;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::md::{Md, MdRef};
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use trien_types::{Digest, DigestAlgorithm, SignatureScheme};

/// The family a key belongs to, as far as PKCS#11 and `SignatureScheme` both know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyFamily {
    Rsa,
    /// RSA, bound to RSASSA-PSS by the certificate (RFC 4055, 1.2).
    RsaPss,
    /// On a curve of this many bits.
    Ec {
        field_bits: u32,
    },
    Ed25519,
    Ed448,
}

impl KeyFamily {
    pub(crate) fn of<T: HasPublic>(key: &PKeyRef<T>) -> Option<Self> {
        let id = key.id();
        if id == Id::RSA {
            Some(Self::Rsa)
        } else if id == Id::RSA_PSS {
            Some(Self::RsaPss)
        } else if id == Id::EC {
            Some(Self::Ec {
                field_bits: key.ec_key().ok()?.group().degree(),
            })
        } else if id == Id::ED25519 {
            Some(Self::Ed25519)
        } else if id == Id::ED448 {
            Some(Self::Ed448)
        } else {
            None
        }
    }
}

/// What a token shows of a key's public part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PublicPart {
    /// `CKA_PUBLIC_KEY_INFO`: a DER `SubjectPublicKeyInfo`.
    Info(Vec<u8>),
    /// `CKA_MODULUS`, big-endian.
    Modulus(Vec<u8>),
    /// `CKA_EC_POINT`: an octet string with the point in it, or, with some vendors, the point.
    Point(Vec<u8>),
}

impl PublicPart {
    /// Whether this is the public part of `key`; none when the two cannot be compared.
    pub(crate) fn agrees(&self, key: &PKeyRef<Public>) -> Option<bool> {
        match self {
            Self::Info(info) => Some(PKey::public_key_from_der(info).ok()?.public_eq(key)),
            Self::Modulus(modulus) => {
                let expected = key.rsa().ok().map(|rsa| rsa.n().to_vec());
                let leading = modulus.iter().take_while(|octet| **octet == 0).count();
                Some(expected.as_deref() == modulus.get(leading..))
            }
            Self::Point(point) => {
                let inner = unwrap_octet_string(point);
                let forms = point_forms(key);
                Some(
                    forms
                        .iter()
                        .any(|form| form == point || Some(form.as_slice()) == inner),
                )
            }
        }
    }
}

/// The content of a DER OCTET STRING, if the octets are one.
fn unwrap_octet_string(octets: &[u8]) -> Option<&[u8]> {
    let (tag, rest) = octets.split_first()?;
    let (first, rest) = rest.split_first()?;
    // Points of curves up to 1,000 bits have under 256 octets: one or two octets of length.
    let (length, content) = match first {
        0..=0x7f => (first, rest),
        0x81 => rest.split_first()?,
        _ => return None,
    };
    (*tag == 4 && usize::from(*length) == content.len()).then_some(content)
}

/// The encodings under which a token may give the public point of `key`.
fn point_forms(key: &PKeyRef<Public>) -> Vec<Vec<u8>> {
    if let Ok(ec) = key.ec_key() {
        let Ok(mut context) = BigNumContext::new() else {
            return Vec::new();
        };
        [
            PointConversionForm::UNCOMPRESSED,
            PointConversionForm::COMPRESSED,
            PointConversionForm::HYBRID,
        ]
        .into_iter()
        .filter_map(|form| {
            ec.public_key()
                .to_bytes(ec.group(), form, &mut context)
                .ok()
        })
        .collect()
    } else {
        key.raw_public_key().into_iter().collect()
    }
}

/// OpenSSL's digest of that name, for those a signature is made with today.
pub(crate) fn message_digest(algorithm: DigestAlgorithm) -> Option<MessageDigest> {
    match algorithm {
        DigestAlgorithm::Sha256 => Some(MessageDigest::sha256()),
        DigestAlgorithm::Sha384 => Some(MessageDigest::sha384()),
        DigestAlgorithm::Sha512 => Some(MessageDigest::sha512()),
        DigestAlgorithm::Md5
        | DigestAlgorithm::Ripemd160
        | DigestAlgorithm::Sha1
        | DigestAlgorithm::Sha224
        | DigestAlgorithm::Sha512_256
        | DigestAlgorithm::Sha3_224
        | DigestAlgorithm::Sha3_256
        | DigestAlgorithm::Sha3_384
        | DigestAlgorithm::Sha3_512
        | DigestAlgorithm::Shake256
        | _ => None,
    }
}

fn hash_function(algorithm: DigestAlgorithm) -> Option<&'static MdRef> {
    message_digest(algorithm).and_then(|digest| Md::from_nid(digest.type_()))
}

/// Whether `value` is a signature of `message` under `key` and `scheme`. A value that OpenSSL
/// cannot read is none.
pub(crate) fn verifies<T: HasPublic>(
    key: &PKeyRef<T>,
    scheme: SignatureScheme,
    message: &[u8],
    value: &[u8],
) -> Result<bool, ErrorStack> {
    let digest = message_digest(scheme.digest_algorithm());
    let mut verifier = match (scheme, digest) {
        (SignatureScheme::RsaPkcs1v15(_), Some(digest)) => {
            let mut verifier = Verifier::new(digest, key)?;
            verifier.set_rsa_padding(Padding::PKCS1)?;
            verifier
        }
        (SignatureScheme::RsaPss(parameters), Some(digest)) => {
            let Some(mask) = message_digest(parameters.mask_digest) else {
                return Ok(false);
            };
            let mut verifier = Verifier::new(digest, key)?;
            let salt = i32::try_from(parameters.salt_octets).unwrap_or(i32::MAX);
            verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::custom(salt))?;
            verifier.set_rsa_mgf1_md(mask)?;
            verifier
        }
        (SignatureScheme::Ecdsa(_), Some(digest)) => Verifier::new(digest, key)?,
        (SignatureScheme::Ed25519 | SignatureScheme::Ed448, _) => {
            Verifier::new_without_digest(key)?
        }
        _ => return Ok(false),
    };
    Ok(verifier.verify_oneshot(value, message).unwrap_or(false))
}

/// As [`verifies`], for whoever has the digest of the message and not the message.
pub(crate) fn verifies_digest<T: HasPublic>(
    key: &PKeyRef<T>,
    scheme: SignatureScheme,
    digest: &Digest,
    value: &[u8],
) -> Result<bool, ErrorStack> {
    let algorithm = scheme.digest_algorithm();
    let Some(hashed) = hash_function(algorithm).filter(|_| digest.algorithm() == algorithm) else {
        return Ok(false);
    };
    let mut context = PkeyCtx::new(key)?;
    context.verify_init()?;
    match scheme {
        SignatureScheme::RsaPkcs1v15(_) => {
            context.set_rsa_padding(Padding::PKCS1)?;
            context.set_signature_md(hashed)?;
        }
        SignatureScheme::RsaPss(parameters) => {
            let Some(mask) = hash_function(parameters.mask_digest) else {
                return Ok(false);
            };
            let salt = i32::try_from(parameters.salt_octets).unwrap_or(i32::MAX);
            context.set_rsa_padding(Padding::PKCS1_PSS)?;
            context.set_signature_md(hashed)?;
            context.set_rsa_pss_saltlen(RsaPssSaltlen::custom(salt))?;
            context.set_rsa_mgf1_md(mask)?;
        }
        SignatureScheme::Ecdsa(_) => context.set_signature_md(hashed)?,
        SignatureScheme::Dsa(_)
        | SignatureScheme::Ed25519
        | SignatureScheme::Ed448
        | SignatureScheme::MlDsa44
        | SignatureScheme::MlDsa65
        | SignatureScheme::MlDsa87
        | _ => return Ok(false),
    }
    Ok(context.verify(digest.as_octets(), value).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::ec::{EcGroup, EcKey};
    use openssl::nid::Nid;
    use openssl::rsa::Rsa;

    fn public<T: HasPublic>(key: &PKeyRef<T>) -> PKey<Public> {
        PKey::public_key_from_der(&key.public_key_to_der().unwrap()).unwrap()
    }

    #[test]
    fn a_point_agrees_wrapped_or_bare_compressed_or_not() {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let other = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let key = public(&key);
        for form in point_forms(&key) {
            let mut wrapped = vec![4, u8::try_from(form.len()).unwrap()];
            wrapped.extend(&form);
            assert_eq!(PublicPart::Point(form.clone()).agrees(&key), Some(true));
            assert_eq!(PublicPart::Point(wrapped).agrees(&key), Some(true));
            assert_eq!(PublicPart::Point(form).agrees(&public(&other)), Some(false));
        }
    }

    #[test]
    fn a_modulus_agrees_with_and_without_leading_zeros() {
        let rsa = Rsa::generate(2048).unwrap();
        let modulus = rsa.n().to_vec();
        let key = public(&PKey::from_rsa(rsa).unwrap());
        let mut padded = vec![0];
        padded.extend(&modulus);
        assert_eq!(
            PublicPart::Modulus(modulus.clone()).agrees(&key),
            Some(true)
        );
        assert_eq!(PublicPart::Modulus(padded).agrees(&key), Some(true));
        assert_eq!(
            PublicPart::Modulus(modulus[1..].to_vec()).agrees(&key),
            Some(false)
        );
    }

    #[test]
    fn octets_that_are_no_signature_do_not_verify_and_are_no_error() {
        let key = PKey::generate_ed25519().unwrap();
        for value in [&b""[..], &[0; 64], &[0; 3]] {
            assert!(!verifies(&public(&key), SignatureScheme::Ed25519, b"message", value).unwrap());
        }
    }
}
