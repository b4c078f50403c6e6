//! Which schemes a key can sign with, through which mechanism of the token, and the forms of
//! input and output that the mechanism has.
//! Calls nothing.

use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::hash;
use trien_types::{Digest, DigestAlgorithm, PssParameters, SignatureScheme};

use crate::public_key::{KeyFamily, message_digest};

/// Digests a signature is made with, the preferred one first. SHA-1 and SHA-224 are not strong.
const DIGESTS: [DigestAlgorithm; 3] = [
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
];

/// The mechanisms that [`signings`] chooses from.
pub(crate) const SIGNING_MECHANISMS: [MechanismType; 13] = [
    MechanismType::ECDSA,
    MechanismType::ECDSA_SHA256,
    MechanismType::ECDSA_SHA384,
    MechanismType::ECDSA_SHA512,
    MechanismType::EDDSA,
    MechanismType::RSA_PKCS,
    MechanismType::RSA_PKCS_PSS,
    MechanismType::SHA256_RSA_PKCS,
    MechanismType::SHA256_RSA_PKCS_PSS,
    MechanismType::SHA384_RSA_PKCS,
    MechanismType::SHA384_RSA_PKCS_PSS,
    MechanismType::SHA512_RSA_PKCS,
    MechanismType::SHA512_RSA_PKCS_PSS,
];

/// A scheme together with the mechanism that carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signing {
    pub(crate) scheme: SignatureScheme,
    mechanism: MechanismType,
}

/// The ways a key of `family` with a modulus of `modulus_octets` can sign on a token that lists
/// `mechanisms`, the preferred one first: RSASSA-PKCS1-v1_5 before PSS, SHA-256 before longer
/// digests, for ECDSA the digest of the curve's size (RFC 5753, 8; RFC 5480, 4). Whether a
/// padding is allowed is the caller's policy.
pub(crate) fn signings(
    family: KeyFamily,
    modulus_octets: usize,
    mechanisms: &[MechanismType],
) -> Vec<Signing> {
    let listed = |type_: MechanismType| mechanisms.contains(&type_).then_some(type_);
    let mut signings = Vec::new();
    let mut add = |scheme, mechanism: Option<MechanismType>| {
        signings.extend(mechanism.map(|mechanism| Signing { scheme, mechanism }));
    };
    match family {
        KeyFamily::Rsa | KeyFamily::RsaPss => {
            if family == KeyFamily::Rsa {
                for digest in DIGESTS {
                    let own = hashing(digest).and_then(|types| listed(types.pkcs1));
                    let mechanism = own.or_else(|| listed(MechanismType::RSA_PKCS));
                    add(SignatureScheme::RsaPkcs1v15(digest), mechanism);
                }
            }
            for digest in DIGESTS {
                let parameters = PssParameters::matching(digest);
                // RFC 8017, 9.1.1: the encoded message holds digest, salt and two octets more.
                let needed = digest.octets().saturating_add(parameters.salt_octets);
                if modulus_octets >= needed.saturating_add(2) {
                    let own = hashing(digest).and_then(|types| listed(types.pss));
                    let mechanism = own.or_else(|| listed(MechanismType::RSA_PKCS_PSS));
                    add(SignatureScheme::RsaPss(parameters), mechanism);
                }
            }
        }
        KeyFamily::Ec { field_bits } => {
            let preferred = match field_bits {
                0..=256 => DigestAlgorithm::Sha256,
                257..=384 => DigestAlgorithm::Sha384,
                385.. => DigestAlgorithm::Sha512,
            };
            let shorter = DIGESTS
                .into_iter()
                .rev()
                .filter(|digest| *digest < preferred);
            for digest in [preferred].into_iter().chain(shorter) {
                let own = || hashing(digest).and_then(|types| listed(types.ecdsa));
                let mechanism = listed(MechanismType::ECDSA).or_else(own);
                add(SignatureScheme::Ecdsa(digest), mechanism);
            }
        }
        KeyFamily::Ed25519 => add(SignatureScheme::Ed25519, listed(MechanismType::EDDSA)),
        KeyFamily::Ed448 => add(SignatureScheme::Ed448, listed(MechanismType::EDDSA)),
    }
    signings
}

/// The mechanisms that are given a digest and hash nothing.
const DIGEST_MECHANISMS: [MechanismType; 3] = [
    MechanismType::ECDSA,
    MechanismType::RSA_PKCS,
    MechanismType::RSA_PKCS_PSS,
];

/// As [`signings`], for a caller that has the digest and not the message: also PSS with the longest
/// salt that the key has room for, which is what such callers ask for beside the digest's length
/// (RFC 8017, 9.1.1).
pub(crate) fn digest_signings(
    family: KeyFamily,
    modulus_octets: usize,
    mechanisms: &[MechanismType],
) -> Vec<Signing> {
    let mut taking_digests = mechanisms.to_vec();
    taking_digests.retain(|type_| DIGEST_MECHANISMS.contains(type_));
    let mut found = signings(family, modulus_octets, &taking_digests);
    let with_longest_salt = found.iter().filter_map(|signing| match signing.scheme {
        SignatureScheme::RsaPss(matching) => {
            let room = modulus_octets.checked_sub(2)?;
            let salt_octets = room.checked_sub(matching.digest.octets())?;
            let longest = PssParameters::new(matching.digest, matching.mask_digest, salt_octets);
            (longest != matching).then_some(Signing {
                scheme: SignatureScheme::RsaPss(longest),
                ..*signing
            })
        }
        SignatureScheme::Dsa(_)
        | SignatureScheme::Ecdsa(_)
        | SignatureScheme::Ed25519
        | SignatureScheme::Ed448
        | SignatureScheme::MlDsa44
        | SignatureScheme::MlDsa65
        | SignatureScheme::MlDsa87
        | SignatureScheme::RsaPkcs1v15(_)
        | _ => None,
    });
    let with_longest_salt: Vec<Signing> = with_longest_salt.collect();
    found.extend(with_longest_salt);
    found
}

/// The schemes of some signings, in their order.
pub(crate) fn schemes_of(signings: &[Signing]) -> Vec<SignatureScheme> {
    signings.iter().map(|signing| signing.scheme).collect()
}

/// The schemes of a key that is not bound to a token's mechanisms, in the same order.
pub(crate) fn schemes(family: KeyFamily, modulus_octets: usize) -> Vec<SignatureScheme> {
    schemes_of(&signings(family, modulus_octets, &SIGNING_MECHANISMS))
}

/// The mechanisms that hash and sign in one.
struct Hashing {
    digest: MechanismType,
    mask: PkcsMgfType,
    pkcs1: MechanismType,
    pss: MechanismType,
    ecdsa: MechanismType,
}

fn hashing(digest: DigestAlgorithm) -> Option<Hashing> {
    if digest == DigestAlgorithm::Sha256 {
        Some(Hashing {
            digest: MechanismType::SHA256,
            mask: PkcsMgfType::MGF1_SHA256,
            pkcs1: MechanismType::SHA256_RSA_PKCS,
            pss: MechanismType::SHA256_RSA_PKCS_PSS,
            ecdsa: MechanismType::ECDSA_SHA256,
        })
    } else if digest == DigestAlgorithm::Sha384 {
        Some(Hashing {
            digest: MechanismType::SHA384,
            mask: PkcsMgfType::MGF1_SHA384,
            pkcs1: MechanismType::SHA384_RSA_PKCS,
            pss: MechanismType::SHA384_RSA_PKCS_PSS,
            ecdsa: MechanismType::ECDSA_SHA384,
        })
    } else if digest == DigestAlgorithm::Sha512 {
        Some(Hashing {
            digest: MechanismType::SHA512,
            mask: PkcsMgfType::MGF1_SHA512,
            pkcs1: MechanismType::SHA512_RSA_PKCS,
            pss: MechanismType::SHA512_RSA_PKCS_PSS,
            ecdsa: MechanismType::ECDSA_SHA512,
        })
    } else {
        None
    }
}

impl Signing {
    /// The mechanism with its parameters; none for a scheme that [`signings`] does not give.
    pub(crate) fn mechanism(self) -> Option<Mechanism<'static>> {
        Some(match self.scheme {
            SignatureScheme::RsaPkcs1v15(digest) => match self.mechanism {
                MechanismType::RSA_PKCS => Mechanism::RsaPkcs,
                _ if digest == DigestAlgorithm::Sha256 => Mechanism::Sha256RsaPkcs,
                _ if digest == DigestAlgorithm::Sha384 => Mechanism::Sha384RsaPkcs,
                _ => Mechanism::Sha512RsaPkcs,
            },
            SignatureScheme::RsaPss(parameters) => {
                let types = hashing(parameters.digest)?;
                let pss = PkcsPssParams {
                    hash_alg: types.digest,
                    mgf: hashing(parameters.mask_digest)?.mask,
                    s_len: parameters.salt_octets.try_into().ok()?,
                };
                match self.mechanism {
                    MechanismType::RSA_PKCS_PSS => Mechanism::RsaPkcsPss(pss),
                    MechanismType::SHA256_RSA_PKCS_PSS => Mechanism::Sha256RsaPkcsPss(pss),
                    MechanismType::SHA384_RSA_PKCS_PSS => Mechanism::Sha384RsaPkcsPss(pss),
                    _ => Mechanism::Sha512RsaPkcsPss(pss),
                }
            }
            SignatureScheme::Ecdsa(digest) => match self.mechanism {
                MechanismType::ECDSA => Mechanism::Ecdsa,
                _ if digest == DigestAlgorithm::Sha256 => Mechanism::EcdsaSha256,
                _ if digest == DigestAlgorithm::Sha384 => Mechanism::EcdsaSha384,
                _ => Mechanism::EcdsaSha512,
            },
            SignatureScheme::Ed25519 => {
                Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Ed25519))
            }
            SignatureScheme::Ed448 => {
                Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Ed448(b"")))
            }
            SignatureScheme::Dsa(_)
            | SignatureScheme::MlDsa44
            | SignatureScheme::MlDsa65
            | SignatureScheme::MlDsa87
            | _ => return None,
        })
    }

    /// What `C_Sign` is given for `message`: its `DigestInfo`, its digest, or the message itself.
    pub(crate) fn input(self, message: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        let hashed_here = message_digest(self.scheme.digest_algorithm())
            .filter(|_| DIGEST_MECHANISMS.contains(&self.mechanism));
        match hashed_here {
            Some(digest) => Ok(self.around(&hash(digest, message)?)),
            None => Ok(message.to_vec()),
        }
    }

    /// What `C_Sign` is given for a message with this digest. None if the digest is not the
    /// scheme's, or the mechanism hashes by itself.
    pub(crate) fn input_of_digest(self, digest: &Digest) -> Option<Vec<u8>> {
        let fits = digest.algorithm() == self.scheme.digest_algorithm()
            && DIGEST_MECHANISMS.contains(&self.mechanism);
        fits.then(|| self.around(digest.as_octets()))
    }

    /// The digest's octets as the mechanism takes them.
    fn around(self, digest: &[u8]) -> Vec<u8> {
        let mut input = Vec::new();
        if self.mechanism == MechanismType::RSA_PKCS {
            input.extend(digest_info_prefix(self.scheme.digest_algorithm()));
        }
        input.extend_from_slice(digest);
        input
    }

    /// The value as CMS carries it: for ECDSA the token's r and s, each half of the octets
    /// (PKCS#11 3.1, 6.3.1), become a DER SEQUENCE. None if the octets cannot be that.
    pub(crate) fn output(self, value: Vec<u8>) -> Result<Option<Vec<u8>>, ErrorStack> {
        if !matches!(self.scheme, SignatureScheme::Ecdsa(_)) {
            return Ok((!value.is_empty()).then_some(value));
        }
        let half = value.len() / 2;
        let Some((r, s)) = value.split_at_checked(half) else {
            return Ok(None);
        };
        if r.is_empty() || r.len() != s.len() {
            return Ok(None);
        }
        let pair =
            EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?;
        pair.to_der().map(Some)
    }
}

/// DER of a `DigestInfo` up to the digest's octets (RFC 8017, 9.2, note 1).
///
/// ```asn1
/// DigestInfo ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTET STRING }
/// ```
fn digest_info_prefix(digest: DigestAlgorithm) -> Vec<u8> {
    // The last arc of 2.16.840.1.101.3.4.2.n.
    let arc = if digest == DigestAlgorithm::Sha256 {
        1
    } else if digest == DigestAlgorithm::Sha384 {
        2
    } else {
        3
    };
    let octets = u8::try_from(digest.octets()).unwrap_or(u8::MAX);
    let mut prefix = vec![0x30, octets.saturating_add(17), 0x30, 13, 6, 9];
    prefix.extend([
        0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, arc, 5, 0, 4, octets,
    ]);
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(family: KeyFamily, octets: usize, listed: &[MechanismType]) -> Vec<String> {
        let signings = signings(family, octets, listed);
        signings
            .iter()
            .map(|signing| signing.scheme.to_string())
            .collect()
    }

    #[test]
    fn pkcs1_with_sha_256_is_preferred_and_the_hashing_mechanism_if_listed() {
        let listed = [MechanismType::RSA_PKCS, MechanismType::SHA256_RSA_PKCS];
        let signings = signings(KeyFamily::Rsa, 256, &listed);
        assert_eq!(signings[0].mechanism, MechanismType::SHA256_RSA_PKCS);
        assert_eq!(signings[1].mechanism, MechanismType::RSA_PKCS);
        assert_eq!(
            signings[0].scheme,
            SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256)
        );
        assert_eq!(signings.len(), 3);
    }

    #[test]
    fn a_curve_prefers_its_own_digest_and_takes_no_longer_one() {
        let listed = [MechanismType::ECDSA];
        let found = names(KeyFamily::Ec { field_bits: 384 }, 0, &listed);
        assert_eq!(found, ["ECDSA with SHA-384", "ECDSA with SHA-256"]);
        let found = names(KeyFamily::Ec { field_bits: 256 }, 0, &listed);
        assert_eq!(found, ["ECDSA with SHA-256"]);
    }

    #[test]
    fn pss_needs_a_modulus_with_room_and_excludes_pkcs1_when_the_certificate_says_so() {
        let listed = [MechanismType::RSA_PKCS, MechanismType::RSA_PKCS_PSS];
        let found = names(KeyFamily::RsaPss, 128, &listed);
        assert_eq!(
            found,
            ["RSASSA-PSS with SHA-256", "RSASSA-PSS with SHA-384"]
        );
    }

    #[test]
    fn a_token_without_a_mechanism_for_the_key_offers_nothing() {
        assert!(signings(KeyFamily::Ed25519, 0, &[MechanismType::ECDSA]).is_empty());
    }

    #[test]
    fn a_digest_is_taken_only_by_mechanisms_that_hash_nothing() {
        let hashing = [MechanismType::SHA256_RSA_PKCS];
        assert!(digest_signings(KeyFamily::Rsa, 256, &hashing).is_empty());
        let both = [MechanismType::SHA256_RSA_PKCS, MechanismType::RSA_PKCS];
        let signing = digest_signings(KeyFamily::Rsa, 256, &both)[0];
        let digest = Digest::new(DigestAlgorithm::Sha256, vec![7; 32]).unwrap();
        let input = signing.input_of_digest(&digest).unwrap();
        assert_eq!(input.len(), 19 + 32);
        assert_eq!(input[19..], [7; 32]);
        let longer = Digest::new(DigestAlgorithm::Sha384, vec![7; 48]).unwrap();
        assert_eq!(signing.input_of_digest(&longer), None);
        let own = signings(KeyFamily::Rsa, 256, &both)[0];
        assert_eq!(own.input_of_digest(&digest), None);
    }

    #[test]
    fn r_and_s_become_der_and_halves_of_unequal_length_nothing() {
        let listed = [MechanismType::ECDSA];
        let signing = signings(KeyFamily::Ec { field_bits: 256 }, 0, &listed)[0];
        let der = signing.output(vec![0, 1, 0, 0x80]).unwrap();
        assert_eq!(der.unwrap(), [0x30, 7, 2, 1, 1, 2, 2, 0, 0x80]);
        assert_eq!(signing.output(vec![1, 2, 3]).unwrap(), None);
        assert_eq!(signing.output(Vec::new()).unwrap(), None);
    }
}
