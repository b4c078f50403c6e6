//! The digests of all signed spans, in one pass over the file: signatures in a chain share their
//! beginnings, so the state is cloned at each gap and finished at each end.

use std::borrow::Cow;
use std::collections::HashMap;

use trien_cms::SignedSpans;
use trien_pdf::{ByteRangeError, Span};
use trien_types::{Digest, DigestAlgorithm};
use trien_x509::{DigestUnavailable, Digester};

use super::found::{Contents, FoundSignature, Value};

/// Octets fed to a digest at a time: large enough to be efficient, small enough that a mapped
/// file is read once for all algorithms while it is in the processor's cache.
const PIECE_OCTETS: usize = 256 * 1024;

type Key = (DigestAlgorithm, [Span; 2]);

/// Digests by algorithm and spans.
#[derive(Debug)]
pub(super) struct SpanDigests<'b> {
    bytes: &'b [u8],
    digests: HashMap<Key, Result<Digest, DigestUnavailable>>,
}

/// The spans that a signature is compared with: its byte range, or the spans as declared where
/// their gap is not its own value, so that what they hold can still be told.
pub(super) fn spans_of(value: &Value) -> Option<[Span; 2]> {
    let Value::Signature(dictionary) = value else {
        return None;
    };
    match &dictionary.byte_range {
        Ok(range) => Some(range.spans()),
        Err(ByteRangeError::GapIsNotContents { declared }) => Some(*declared),
        Err(_) => None,
    }
}

impl<'b> SpanDigests<'b> {
    pub(super) fn compute(bytes: &'b [u8], signatures: &[FoundSignature]) -> Self {
        let mut wanted: HashMap<DigestAlgorithm, Vec<[Span; 2]>> = HashMap::new();
        for signature in signatures {
            let (Contents::Parsed(contents), Some(spans)) =
                (&signature.contents, spans_of(&signature.value))
            else {
                continue;
            };
            for algorithm in contents.digest_algorithms() {
                wanted.entry(algorithm).or_default().push(spans);
            }
        }
        let mut digests = HashMap::new();
        for (algorithm, mut spans) in wanted {
            spans.sort_by_key(|[first, second]| (first.end(), second.start(), second.end()));
            spans.dedup();
            one_pass(bytes, algorithm, &spans, &mut digests);
        }
        Self { bytes, digests }
    }

    pub(super) const fn of(&self, spans: [Span; 2]) -> DigestsOf<'_> {
        DigestsOf { all: self, spans }
    }
}

/// `spans` are sorted by the end of their first span, which starts at octet 0. Gives the octets that
/// were digested.
fn one_pass(
    bytes: &[u8],
    algorithm: DigestAlgorithm,
    spans: &[[Span; 2]],
    digests: &mut HashMap<Key, Result<Digest, DigestUnavailable>>,
) -> usize {
    let mut running = Digester::new(algorithm);
    let mut position = 0;
    let mut fed = 0_usize;
    for pair in spans {
        let [first, second] = pair;
        let result = running
            .as_mut()
            .map_err(|error| *error)
            .and_then(|digester| {
                let prefix = Span::new(position, first.end());
                feed(digester, bytes, prefix);
                let mut own = digester.clone();
                feed(&mut own, bytes, *second);
                fed = fed.saturating_add(prefix.octets().saturating_add(second.octets()));
                own.finish()
            });
        position = first.end();
        digests.insert((algorithm, *pair), result);
    }
    fed
}

fn feed(digester: &mut Digester, bytes: &[u8], span: Span) {
    for piece in span.of(bytes).unwrap_or_default().chunks(PIECE_OCTETS) {
        digester.update(piece);
    }
}

/// The digests of one signature's spans.
#[derive(Debug, Clone, Copy)]
pub(super) struct DigestsOf<'d> {
    all: &'d SpanDigests<'d>,
    spans: [Span; 2],
}

impl DigestsOf<'_> {
    fn pieces(&self) -> [&[u8]; 2] {
        self.spans
            .map(|span| span.of(self.all.bytes).unwrap_or_default())
    }
}

impl SignedSpans for DigestsOf<'_> {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Digest, DigestUnavailable> {
        match self.all.digests.get(&(algorithm, self.spans)) {
            Some(result) => result.clone(),
            None => SignedSpans::digest(&self.pieces(), algorithm),
        }
    }

    fn octets(&self) -> Cow<'_, [u8]> {
        Cow::Owned(self.pieces().concat())
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing,
        clippy::unwrap_used,
        reason = "test code"
    )]

    use super::*;

    /// A file of so many signed revisions: 100,000 octets, then 1,000 for each, its gap in the
    /// middle.
    fn chain(signatures: usize) -> (Vec<u8>, Vec<[Span; 2]>) {
        let start = 100_000;
        let bytes = (0..start + 1_000 * signatures)
            .map(|place| u8::try_from(place % 251).unwrap())
            .collect();
        let spans = (0..signatures).map(|number| {
            let revision = start + 1_000 * number;
            [
                Span::new(0, revision + 400),
                Span::new(revision + 700, revision + 1_000),
            ]
        });
        (bytes, spans.collect())
    }

    #[test]
    fn however_many_signatures_the_file_is_digested_once() {
        for signatures in [1, 2, 10, 100] {
            let (bytes, spans) = chain(signatures);
            let mut digests = HashMap::new();
            let fed = one_pass(&bytes, DigestAlgorithm::Sha256, &spans, &mut digests);
            // Each tail once more: it is part of the next signature's first span.
            assert!(fed <= bytes.len() + 300 * signatures, "{signatures}: {fed}");
            assert_eq!(digests.len(), signatures);
        }
    }

    #[test]
    fn what_one_pass_gives_is_what_each_alone_gives() {
        let (bytes, spans) = chain(5);
        for algorithm in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha3_256] {
            let mut digests = HashMap::new();
            one_pass(&bytes, algorithm, &spans, &mut digests);
            for pair in spans.clone() {
                let pieces = pair.map(|span| span.of(&bytes).unwrap());
                let alone = Digester::digest(algorithm, &pieces.concat()).unwrap();
                assert_eq!(digests[&(algorithm, pair)].as_ref().unwrap(), &alone);
            }
        }
    }
}
