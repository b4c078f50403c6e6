//! What repeats in the records, written once: a record names it by its number.
//! Knows nothing of what the parts are.
//!
//! Ten thousand records of three signatures hold two million sentences, of which some hundred
//! differ. A part is numbered when it is seen for the second time, or at once where it is known to
//! repeat. The table is bounded: once it is full, records hold their parts themselves.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use serde::{Serialize, Serializer};

/// Octets of parts in the table: some hundred rules, ten thousand signers, with room.
const TABLE_OCTETS: usize = 16 << 20;

/// Parts that were seen once: eight octets each.
const SEEN: usize = 1 << 18;

/// A part in a record: its number, or itself.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Number(u32),
    Itself(Box<serde_json::value::RawValue>),
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::Itself(value) => value.serialize(serializer),
        }
    }
}

/// When a part is given a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    Surely,
    Perhaps,
}

/// The table.
#[derive(Debug, Default)]
pub(super) struct Parts {
    numbers: HashMap<String, u32>,
    octets: usize,
    /// Keyed anew in each run, so that no file can be made to meet another's hash: a part is never
    /// taken for another one anyhow, only numbered early.
    hasher: RandomState,
    seen: std::collections::HashSet<u64>,
    new: Vec<u8>,
    count: u32,
}

impl Parts {
    /// The part of a record for a value that is no number. `None` where it cannot be written as
    /// JSON, which no value of a record is.
    pub(super) fn part(&mut self, value: &impl Serialize, repeats: Repeats) -> Option<Part> {
        let json = serde_json::to_string(value).ok()?;
        if let Some(number) = self.numbers.get(&json) {
            return Some(Part::Number(*number));
        }
        let octets = self.octets.saturating_add(json.len());
        if octets > TABLE_OCTETS || !self.is_to_be_numbered(&json, repeats) {
            return serde_json::value::RawValue::from_string(json)
                .ok()
                .map(Part::Itself);
        }
        let number = self.count;
        self.count = self.count.saturating_add(1);
        self.octets = octets;
        if number > 0 && !self.new.is_empty() {
            self.new.push(b',');
        }
        self.new.extend_from_slice(json.as_bytes());
        self.numbers.insert(json, number);
        Some(Part::Number(number))
    }

    /// The parts that were numbered since, as the inside of a JSON array.
    pub(super) fn take_new(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.new)
    }

    fn is_to_be_numbered(&mut self, json: &str, repeats: Repeats) -> bool {
        if repeats == Repeats::Surely {
            return true;
        }
        let hash = self.hasher.hash_one(json);
        if self.seen.contains(&hash) {
            return true;
        }
        if self.seen.len() < SEEN {
            self.seen.insert(hash);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_numbered_when_it_comes_again() {
        let mut parts = Parts::default();
        let part = |parts: &mut Parts, text: &str, repeats| {
            serde_json::to_string(&parts.part(&text, repeats)).unwrap()
        };
        assert_eq!(part(&mut parts, "a", Repeats::Perhaps), "\"a\"");
        assert_eq!(part(&mut parts, "b", Repeats::Surely), "0");
        assert_eq!(part(&mut parts, "a", Repeats::Perhaps), "1");
        assert_eq!(part(&mut parts, "a", Repeats::Perhaps), "1");
        assert_eq!(parts.take_new(), b"\"b\",\"a\"");
        assert_eq!(part(&mut parts, "c", Repeats::Surely), "2");
        assert_eq!(parts.take_new(), b"\"c\"");
        assert_eq!(parts.take_new(), b"");
    }

    #[test]
    fn a_full_table_numbers_no_more() {
        let mut parts = Parts::default();
        let long = "x".repeat(TABLE_OCTETS);
        assert!(matches!(
            parts.part(&long, Repeats::Surely),
            Some(Part::Itself(_))
        ));
        assert!(matches!(
            parts.part(&"short", Repeats::Surely),
            Some(Part::Number(0))
        ));
    }
}
