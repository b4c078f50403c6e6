//! Until when algorithms can be relied on: dates, not code.
//!
//! Dates are the ends of the periods of NIST SP 800-131A and SP 800-57 part 1, the tables that the
//! hardware and libraries in schools follow too; a profile may shorten them (TT 15/2025, app. I).

use trien_types::UnixTime;

use crate::AlgorithmFact;

/// 2013-12-31T23:59:59Z: the end of 80 bits of strength (SP 800-131A).
const END_OF_80_BITS: UnixTime = UnixTime::from_seconds(1_388_534_399);
/// 2030-12-31T23:59:59Z: the end of 112 bits of strength (SP 800-57 part 1).
const END_OF_112_BITS: UnixTime = UnixTime::from_seconds(1_924_991_999);
/// 2004-08-17T00:00:00Z: collisions of MD5 were published; older digests count as ended then too.
const END_OF_MD5: UnixTime = UnixTime::from_seconds(1_092_700_800);

/// The last moment at which a digest resists collisions; `None` without a known end. A digest that
/// this program does not know has ended before it began.
#[must_use]
pub(crate) fn digest_until(name: &str) -> Option<UnixTime> {
    match name {
        "SHA-1" | "RIPEMD-160" => Some(END_OF_80_BITS),
        "SHA-224" | "SHA-512/224" | "SHA3-224" => Some(END_OF_112_BITS),
        "SHA-256" | "SHA-384" | "SHA-512" | "SHA-512/256" | "SHA3-256" | "SHA3-384"
        | "SHA3-512" | "SHAKE128" | "SHAKE256" => None,
        _ => Some(END_OF_MD5),
    }
}

/// The last moment at which a key of this kind and size can be relied on; `None` without one.
#[must_use]
pub(crate) fn key_until(kind: &str, bits: u32) -> Option<UnixTime> {
    // Bits of RSA and DSA moduli, and of orders of curves, by strength (SP 800-57 part 1, table 2).
    let (weakest, weak) = match kind {
        "RSA" | "RSASSA-PSS" | "DSA" => (2_048, 3_072),
        "EC" => (224, 256),
        // Ed25519, Ed448 and ML-DSA exist in sizes above these only.
        _ => return None,
    };
    if bits < weakest {
        Some(END_OF_80_BITS)
    } else if bits < weak {
        Some(END_OF_112_BITS)
    } else {
        None
    }
}

/// The earlier of two ends.
pub(crate) fn earlier(left: Option<UnixTime>, right: Option<UnixTime>) -> Option<UnixTime> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}

/// The last moment at which a signature made so can be relied on; `None` without one.
#[must_use]
pub(crate) fn reliable_until(algorithm: &AlgorithmFact) -> Option<UnixTime> {
    let key = key_until(&algorithm.key.kind, algorithm.key.bits);
    earlier(key, algorithm.digest.as_deref().and_then(digest_until))
}

/// How the algorithm is called in a detail.
#[must_use]
pub(crate) fn name_of(algorithm: &AlgorithmFact) -> String {
    let key = format!("{} {}", algorithm.key.kind, algorithm.key.bits);
    match &algorithm.digest {
        Some(digest) => format!("{key}, {digest}"),
        None => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyFact;

    fn made(kind: &str, bits: u32, digest: &str) -> Option<UnixTime> {
        reliable_until(&AlgorithmFact::new(
            KeyFact::new(kind, bits),
            Some(digest.to_owned()),
        ))
    }

    #[test]
    fn the_weaker_of_key_and_digest_decides() {
        assert_eq!(made("RSA", 1_024, "SHA-256"), Some(END_OF_80_BITS));
        assert_eq!(made("RSA", 2_048, "SHA-1"), Some(END_OF_80_BITS));
        assert_eq!(made("RSA", 2_048, "SHA-256"), Some(END_OF_112_BITS));
        assert_eq!(made("RSA", 3_072, "SHA-256"), None);
        assert_eq!(made("EC", 256, "SHA-256"), None);
        assert_eq!(made("EC", 192, "SHA-256"), Some(END_OF_80_BITS));
    }

    #[test]
    fn an_unknown_digest_is_not_relied_on() {
        assert_eq!(digest_until("MD5"), Some(END_OF_MD5));
        assert_eq!(digest_until("whatever"), Some(END_OF_MD5));
    }

    #[test]
    fn ends_are_the_last_seconds_of_their_years() {
        assert_eq!(END_OF_80_BITS.to_string(), "2014-01-01T06:59:59+07:00");
        assert_eq!(END_OF_112_BITS.to_string(), "2031-01-01T06:59:59+07:00");
    }
}
