//! Real files damaged at random: nothing panics, and what is accepted keeps its promises.
//! Independent of libFuzzer, so that every run of the tests does some of it.

use std::num::NonZeroUsize;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use trien_pdf::{
    Coverage, Document, FieldValue, History, ObjectId, Permission, Placement, salvage_signatures,
    signature_fields,
};
use trien_types::Limits;

use crate::maker::seeds;

/// One piece of damage; places are fractions of the file, so that they fit any.
#[derive(Debug, Clone)]
enum Damage {
    /// One octet becomes another.
    Octet(f64, u8),
    /// The file ends here.
    Cut(f64),
    /// A piece of the file stands at another place too.
    Splice { from: f64, length: usize, to: f64 },
    /// A token becomes another one.
    Token(f64, usize),
}

/// Tokens that matter to a reader of structure.
const TOKENS: [&str; 24] = [
    "endobj",
    "obj",
    "stream",
    "endstream",
    "xref",
    "trailer",
    "startxref",
    "%%EOF",
    "<<",
    ">>",
    "[",
    "]",
    "0 R",
    "/Prev",
    "/Kids",
    "/Parent",
    "/Length",
    "/Size",
    "/W",
    "/Index",
    "/V",
    "/Type",
    "-1",
    "4294967296",
];

fn damage() -> impl Strategy<Value = Damage> {
    let place = 0.0..1.0_f64;
    prop_oneof![
        4 => (place.clone(), any::<u8>()).prop_map(|(at, octet)| Damage::Octet(at, octet)),
        1 => place.clone().prop_map(Damage::Cut),
        2 => (place.clone(), 1..200_usize, place.clone())
            .prop_map(|(from, length, to)| Damage::Splice { from, length, to }),
        3 => (place, 0..TOKENS.len()).prop_map(|(at, token)| Damage::Token(at, token)),
    ]
}

fn place_in(bytes: &[u8], fraction: f64) -> usize {
    (bytes.len() as f64 * fraction) as usize
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    match damage {
        Damage::Octet(at, octet) => {
            let at = place_in(bytes, *at);
            if let Some(target) = bytes.get_mut(at) {
                *target = *octet;
            }
        }
        Damage::Cut(at) => bytes.truncate(place_in(bytes, *at)),
        Damage::Splice { from, length, to } => {
            let from = place_in(bytes, *from);
            let end = (from + length).min(bytes.len());
            let piece = bytes[from..end].to_vec();
            let to = place_in(bytes, *to);
            bytes.splice(to..to, piece);
        }
        Damage::Token(at, token) => {
            let at = place_in(bytes, *at);
            let ends = |octet: &u8| octet.is_ascii_whitespace() || b"/<>[]".contains(octet);
            let start = bytes[at..].iter().position(|octet| !ends(octet));
            let start = at + start.unwrap_or_default();
            let end = bytes[start..].iter().position(ends);
            let end = start + end.unwrap_or_default();
            bytes.splice(start..end, TOKENS[*token].bytes());
        }
    }
}

/// Everything a verifier does with a file, and what must hold of it.
fn read_all(bytes: &[u8], limits: &Limits) {
    for signature in salvage_signatures(bytes, limits) {
        if let Ok(range) = signature.byte_range {
            assert!(range.end() <= bytes.len());
        }
    }
    let Ok(document) = Document::open(bytes, limits) else {
        return;
    };
    let history = History::of_signed(&document);
    let permission = Permission::default();
    for revision in document.revisions() {
        let _catalog = document.catalog(revision);
        for field in signature_fields(&document, revision).unwrap_or_default() {
            if let FieldValue::Signature(signature) = field.value
                && let Ok(range) = signature.byte_range
            {
                let _coverage = Coverage::of(&document, &range);
            }
        }
        for change in history.of(revision) {
            let _verdict = permission.verdict(change);
        }
        for number in 0..32 {
            let _object = document.object(ObjectId::new(number, 0), revision);
        }
    }
    sign(bytes, &document, limits);
}

/// Whatever can be signed can be read again with its signature.
fn sign(bytes: &[u8], document: &Document<'_>, limits: &Limits) {
    let room = NonZeroUsize::new(64).unwrap();
    let Ok(prepared) = document.place(&Placement::invisible("Moi them"), room) else {
        return;
    };
    let mut signed = bytes.to_vec();
    signed.extend(prepared.complete(b"\x30\x00").unwrap());
    let again = Document::open(&signed, limits).unwrap();
    let fields = signature_fields(&again, again.latest()).unwrap();
    let ours = fields.iter().find_map(|field| match &field.value {
        FieldValue::Signature(signature) if field.full_name == "Moi them" => Some(signature),
        _ => None,
    });
    let range = ours.unwrap().byte_range.as_ref().unwrap();
    assert_eq!(Coverage::of(&again, range), Coverage::WholeFile);
}

proptest! {
    // The same files each time: what is found here can be found again. New ones are the fuzz
    // targets' business.
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(0x0074_7269_656E),
        failure_persistence: None,
        ..ProptestConfig::with_cases(400)
    })]

    #[test]
    fn damaged_files_are_read_or_refused(
        seed in 0..seeds().len(),
        damages in prop::collection::vec(damage(), 1..6),
    ) {
        let mut bytes = seeds().swap_remove(seed);
        for damage in &damages {
            apply(&mut bytes, damage);
        }
        read_all(&bytes, &Limits::default());
    }

    #[test]
    fn two_files_joined_anywhere_are_read_or_refused(
        first in 0..seeds().len(),
        second in 0..seeds().len(),
        places in (0.0..1.0_f64, 0.0..1.0_f64),
    ) {
        let mut files = seeds();
        let mut bytes = files[first].clone();
        bytes.truncate(place_in(&bytes, places.0));
        let tail = files.swap_remove(second);
        bytes.extend_from_slice(&tail[place_in(&tail, places.1)..]);
        read_all(&bytes, &Limits::default());
    }
}

#[test]
fn every_cut_and_every_flipped_bit_of_a_small_file_is_read_or_refused() {
    let limits = Limits::default();
    let seed = seeds().remove(0);
    for end in 0..seed.len() {
        read_all(&seed[..end], &limits);
    }
    for place in 0..seed.len() {
        let mut flipped = seed.clone();
        flipped[place] ^= 1 << (place % 8);
        read_all(&flipped, &limits);
    }
}
