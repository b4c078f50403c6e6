//! RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017, 8).
//! Does not know whether the key is long enough.

use openssl::md::{Md, MdRef};
use openssl::pkey::{PKey, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::RsaPssSaltlen;
use trien_types::{Digest, DigestAlgorithm, PssParameters};

use crate::algorithm::AlgorithmIdentifier;
use crate::asn1;
use crate::digester::message_digest;

/// Digests that RSASSA-PKCS1-v1_5 is met with.
const DIGESTS: [DigestAlgorithm; 12] = [
    DigestAlgorithm::Sha1,
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
    DigestAlgorithm::Md5,
    DigestAlgorithm::Ripemd160,
    DigestAlgorithm::Sha224,
    DigestAlgorithm::Sha512_256,
    DigestAlgorithm::Sha3_224,
    DigestAlgorithm::Sha3_256,
    DigestAlgorithm::Sha3_384,
    DigestAlgorithm::Sha3_512,
];

/// Whether the value is the padding of exactly one of the two encodings of the digest, with NULL
/// parameters and without (RFC 8017, 9.2 and its note). The whole recovered encoding is compared,
/// nothing in it is parsed: what a lenient parser skips cannot hide a forgery. `None`: the digest
/// has no identifier.
pub(super) fn pkcs1_holds(key: &PKey<Public>, digest: &Digest, value: &[u8]) -> Option<bool> {
    let encodings = digest_infos(digest.algorithm(), digest.as_octets())?;
    Some(recover(key, value).is_some_and(|recovered| encodings.contains(&recovered)))
}

/// The digest whose encoding the value pads, whatever was digested.
pub(super) fn pkcs1_digest_algorithm(key: &PKey<Public>, value: &[u8]) -> Option<DigestAlgorithm> {
    let recovered = recover(key, value)?;
    DIGESTS.into_iter().find(|algorithm| {
        recovered
            .len()
            .checked_sub(algorithm.octets())
            .and_then(|start| recovered.get(start..))
            .and_then(|octets| digest_infos(*algorithm, octets))
            .is_some_and(|encodings| encodings.contains(&recovered))
    })
}

/// What the value pads; `None` when it pads nothing under this key.
fn recover(key: &PKey<Public>, value: &[u8]) -> Option<Vec<u8>> {
    let rsa = key.rsa().ok()?;
    let modulus_octets = usize::try_from(rsa.size()).ok()?;
    // RFC 8017, 8.2.2: the value is as long as the modulus.
    if value.len() != modulus_octets {
        return None;
    }
    let mut recovered = vec![0; modulus_octets];
    let length = rsa
        .public_decrypt(value, &mut recovered, Padding::PKCS1)
        .ok()?;
    recovered.truncate(length);
    Some(recovered)
}

/// DigestInfo with NULL parameters and without.
fn digest_infos(algorithm: DigestAlgorithm, digest: &[u8]) -> Option<[Vec<u8>; 2]> {
    let identifier = AlgorithmIdentifier::for_digest(algorithm)?;
    let hash = asn1::octet_string(digest);
    let oid = asn1::encode_tlv(0x06, &[identifier.oid().as_octets()]);
    Some([
        asn1::sequence(&[&asn1::sequence(&[&oid, &[5, 0]]), &hash]),
        asn1::sequence(&[&asn1::sequence(&[&oid]), &hash]),
    ])
}

/// Whether the value holds under PSS; `None` when a digest or the key's restrictions forbid it.
pub(super) fn pss_holds(
    key: &PKey<Public>,
    parameters: &PssParameters,
    digest: &Digest,
    value: &[u8],
) -> Option<bool> {
    let mut context = PkeyCtx::new(key).ok()?;
    context.verify_init().ok()?;
    context.set_rsa_padding(Padding::PKCS1_PSS).ok()?;
    context.set_signature_md(md(parameters.digest)?).ok()?;
    context.set_rsa_mgf1_md(md(parameters.mask_digest)?).ok()?;
    // A salt longer than any encoding can hold does not hold.
    let Ok(salt) = i32::try_from(parameters.salt_octets) else {
        return Some(false);
    };
    context
        .set_rsa_pss_saltlen(RsaPssSaltlen::custom(salt))
        .ok()?;
    // OpenSSL reports a value that does not hold as an error as often as `false`.
    Some(context.verify(digest.as_octets(), value).unwrap_or(false))
}

fn md(algorithm: DigestAlgorithm) -> Option<&'static MdRef> {
    // An extendable-output function has no place in RSASSA-PSS-params (RFC 8702, 3).
    if algorithm == DigestAlgorithm::Shake256 {
        return None;
    }
    Md::from_nid(message_digest(algorithm)?.type_())
}
