//! One kept answer as a file: a head that repeats the request, a digest, the octets.

use sha2::{Digest as _, Sha256};
use trien_types::{Purpose, TransportRequest, UnixTime};

/// First octets of every file; the number is the form's.
const MAGIC: &[u8] = b"trien-answer 1\n";
/// Octets of a SHA-256 digest.
const DIGEST: usize = 32;

/// An answer with the request it belongs to and until when it is used.
pub(super) struct Entry {
    pub(super) key: [u8; DIGEST],
    pub(super) until: UnixTime,
    pub(super) answer: Vec<u8>,
}

impl Entry {
    pub(super) fn new(request: TransportRequest<'_>, until: UnixTime, answer: &[u8]) -> Self {
        Self {
            key: key(request),
            until,
            answer: answer.to_vec(),
        }
    }

    /// Magic, key, moment, digest of the octets, the octets.
    pub(super) fn to_octets(&self) -> Vec<u8> {
        [
            MAGIC,
            &self.key,
            &self.until.seconds().to_be_bytes(),
            &checksum(self.until, &self.answer),
            &self.answer,
        ]
        .concat()
    }

    /// `None` where the file is not whole, of another form, or of another request.
    pub(super) fn from_octets(octets: &[u8], key: &[u8; DIGEST]) -> Option<Self> {
        let rest = octets.strip_prefix(MAGIC)?.strip_prefix(key)?;
        let (seconds, rest) = rest.split_first_chunk::<8>()?;
        let until = UnixTime::from_seconds(i64::from_be_bytes(*seconds));
        let (digest, answer) = rest.split_first_chunk::<DIGEST>()?;
        (*digest == checksum(until, answer)).then(|| Self {
            key: *key,
            until,
            answer: answer.to_vec(),
        })
    }

    /// Octets beside the answer's.
    pub(super) const HEAD: usize = MAGIC.len() + DIGEST + 8 + DIGEST;
}

/// SHA-256 over purpose, address and body, each with its length before it.
pub(super) fn key(request: TransportRequest<'_>) -> [u8; DIGEST] {
    let purpose: &[u8] = match request.purpose {
        Purpose::TimeStamp => b"time-stamp",
        Purpose::Ocsp => b"ocsp",
        Purpose::Crl => b"crl",
        Purpose::IssuerCertificate => b"issuer-certificate",
        _ => b"other",
    };
    let mut digest = Sha256::new();
    for part in [purpose, request.url.as_bytes(), request.body] {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        digest.update(length.to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// Finds files that a crash or a full disk left broken; says nothing against forgers.
fn checksum(until: UnixTime, answer: &[u8]) -> [u8; DIGEST] {
    let mut digest = Sha256::new();
    digest.update(until.seconds().to_be_bytes());
    digest.update(answer);
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_whole_is_no_entry() {
        let request = TransportRequest::new(Purpose::Crl, "http://a.example/", b"");
        let entry = Entry::new(request, UnixTime::from_seconds(7), b"answer");
        let octets = entry.to_octets();
        assert_eq!(octets.len(), Entry::HEAD + 6);
        let read = Entry::from_octets(&octets, &entry.key).unwrap();
        assert_eq!(read.answer, b"answer");
        assert_eq!(read.until, entry.until);
        for length in 0..octets.len() {
            assert!(Entry::from_octets(&octets[..length], &entry.key).is_none());
        }
        for position in 0..octets.len() {
            let mut flipped = octets.clone();
            flipped[position] ^= 1;
            assert!(Entry::from_octets(&flipped, &entry.key).is_none());
        }
    }

    #[test]
    fn requests_that_differ_have_different_keys() {
        let of = |purpose, url, body| key(TransportRequest::new(purpose, url, body));
        let one = of(Purpose::Ocsp, "http://a.example/", b"b");
        assert_ne!(one, of(Purpose::Crl, "http://a.example/", b"b"));
        assert_ne!(one, of(Purpose::Ocsp, "http://a.example/b", b""));
        assert_ne!(one, of(Purpose::Ocsp, "http://a.example/", b"c"));
    }
}
