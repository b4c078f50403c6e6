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

/// Whether the value is the padding of exactly one of the two encodings of the digest, with NULL
/// parameters and without (RFC 8017, 9.2 and its note). The whole recovered encoding is compared,
/// nothing in it is parsed: what a lenient parser skips cannot hide a forgery. `None`: the key or
/// digest is not usable.
pub(super) fn pkcs1_holds(key: &PKey<Public>, digest: &Digest, value: &[u8]) -> Option<bool> {
    let rsa = key.rsa().ok()?;
    let modulus_octets = usize::try_from(rsa.size()).ok()?;
    let identifier = AlgorithmIdentifier::for_digest(digest.algorithm())?;
    // RFC 8017, 8.2.2: the value is as long as the modulus.
    if value.len() != modulus_octets {
        return Some(false);
    }
    let mut recovered = vec![0; modulus_octets];
    let Ok(length) = rsa.public_decrypt(value, &mut recovered, Padding::PKCS1) else {
        return Some(false);
    };
    let recovered = recovered.get(..length)?;
    let hash = asn1::octet_string(digest.as_octets());
    let oid = asn1::encode_tlv(0x06, &[identifier.oid().as_octets()]);
    let with_null = asn1::sequence(&[&asn1::sequence(&[&oid, &[5, 0]]), &hash]);
    let without = asn1::sequence(&[&asn1::sequence(&[&oid]), &hash]);
    Some(recovered == with_null || recovered == without)
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
