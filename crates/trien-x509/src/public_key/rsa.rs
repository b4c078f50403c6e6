//! RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017, 8).
//! Does not know whether the key is long enough.

use openssl::bn::BigNum;
use openssl::md::{Md, MdRef};
use openssl::pkey::{PKey, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};
use openssl::sign::RsaPssSaltlen;
use trien_types::{Digest, DigestAlgorithm, Limits, PssParameters};

use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{self, Element, Framing, Reader, Tag};
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

/// `rsaEncryption` with its NULL, as every certificate has it (RFC 3279, 2.3.1).
const RSA_ENCRYPTION: [u8; 15] = [
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// Octets of a modulus that is read here: 1,024 to 8,192 bits.
const USUAL_MODULUS: std::ops::RangeInclusive<usize> = 128..=1_024;

/// Octets of an exponent that is read here; customary is 65,537.
const USUAL_EXPONENT: std::ops::RangeInclusive<usize> = 1..=4;

/// The RSA key of a `SubjectPublicKeyInfo` in the form that every key in use has: OpenSSL's decoder
/// takes a hundred times as long to find out what kind of key stands there. `None`: it is anything
/// else, which OpenSSL is asked about.
pub(super) fn usual_key(octets: &[u8]) -> Option<PKey<Public>> {
    let limits = Limits::default();
    let read = |octets| {
        let whole = Reader::new(octets, &limits);
        if whole.framing() != Framing::Der {
            return None;
        }
        let mut reader = whole;
        let inside = reader.expect(Tag::SEQUENCE).ok()?.elements().ok()?;
        reader.finish().ok()?;
        Some(inside)
    };
    let mut info = read(octets)?;
    if info.expect(Tag::SEQUENCE).ok()?.raw() != RSA_ENCRYPTION {
        return None;
    }
    let key = info.expect(Tag::BIT_STRING).ok()?;
    info.finish().ok()?;
    // RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
    let mut key = read(
        primitive(&key)?
            .split_first()
            .filter(|(unused, _)| **unused == 0)?
            .1,
    )?;
    let modulus = magnitude(&key.expect(Tag::INTEGER).ok()?)?;
    let exponent = magnitude(&key.expect(Tag::INTEGER).ok()?)?;
    key.finish().ok()?;
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let is_usual = USUAL_MODULUS.contains(&modulus.len())
        && USUAL_EXPONENT.contains(&exponent.len())
        && is_odd(modulus)
        && is_odd(exponent)
        && exponent != [1];
    if !is_usual {
        return None;
    }
    let (modulus, exponent) = (BigNum::from_slice(modulus), BigNum::from_slice(exponent));
    let rsa = Rsa::from_public_components(modulus.ok()?, exponent.ok()?).ok()?;
    PKey::from_rsa(rsa).ok()
}

fn primitive<'a>(element: &Element<'a>) -> Option<&'a [u8]> {
    (!element.is_constructed()).then_some(element.content())
}

/// The octets of a positive INTEGER in its shortest form, without the zero of its sign.
fn magnitude<'a>(element: &Element<'a>) -> Option<&'a [u8]> {
    match primitive(element)? {
        [0, magnitude @ ..] if magnitude.first().is_some_and(|first| *first >= 0x80) => {
            Some(magnitude)
        }
        magnitude @ [1..0x80, ..] => Some(magnitude),
        _ => None,
    }
}

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "test code")]

    use super::*;

    fn key(bits: u32) -> (PKey<openssl::pkey::Private>, Vec<u8>) {
        let private = PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap();
        let public = private.public_key_to_der().unwrap();
        (private, public)
    }

    #[test]
    fn an_ordinary_key_is_the_one_that_openssl_reads() {
        for bits in [1_024, 2_048, 3_072, 4_096] {
            let (private, octets) = key(bits);
            let usual = usual_key(&octets).unwrap();
            let read = PKey::public_key_from_der(&octets).unwrap();
            assert!(usual.public_eq(&read) && usual.public_eq(&private));
            assert_eq!(
                (usual.id(), usual.bits(), usual.size()),
                (read.id(), read.bits(), read.size())
            );
            assert_eq!(usual.public_key_to_der().unwrap(), octets);
        }
    }

    #[test]
    fn what_is_written_in_any_other_way_is_left_to_openssl() {
        let (_, octets) = key(1_024);
        assert!(usual_key(&octets).is_some());
        for place in 0..octets.len() {
            // Another length, tag, algorithm, count of unused bits or sign; a modulus or exponent
            // that is even. Of other digits any key may be made.
            let mut changed = octets.clone();
            let framing = place < 33 || place > octets.len() - 6;
            changed[place] ^= if framing { 0x81 } else { continue };
            let usual = usual_key(&changed);
            let same = usual.is_none_or(|usual| {
                let read = PKey::public_key_from_der(&changed);
                read.is_ok_and(|read| usual.public_eq(&read))
            });
            assert!(same, "octet {place}");
        }
        for end in 0..octets.len() {
            assert!(usual_key(&octets[..end]).is_none());
        }
        assert!(usual_key(&[&octets[..], b"\0"].concat()).is_none());
        let (_, small) = key(512);
        assert!(usual_key(&small).is_none());
    }
}
