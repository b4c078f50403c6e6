//! The one encoding of a list of fields that is hashed: different lists never give the same octets.
//! Does not know what the fields mean.
//!
//! Each field is a tag, the length of its octets in eight octets (big-endian), and the octets. The
//! first field names what is encoded.

use rusqlite::{Connection, Row};
use trien_types::UnixTime;

use super::content_hash::ContentHash;
use super::error::StoreError;

/// The kind of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Absent,
    Text,
    Octets,
    Number,
}

impl Tag {
    const fn octet(self) -> u8 {
        match self {
            Self::Absent => 0,
            Self::Text => 1,
            Self::Octets => 2,
            Self::Number => 3,
        }
    }
}

/// The canonical hash of a row that the log tells of, with the row's number.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowHash {
    pub(super) id: i64,
    pub(super) hash: ContentHash,
}

/// The canonical hash of every row that `select` gives for `id`, or for none of all. Its first
/// column is the row's number; `canonical` adds what follows.
pub(super) fn row_hashes(
    connection: &Connection,
    select: &str,
    id: Option<i64>,
    canonical: impl Fn(&Row<'_>, i64) -> rusqlite::Result<Canonical>,
) -> Result<Vec<RowHash>, StoreError> {
    let mut statement = connection.prepare(select)?;
    let rows = statement.query_map([id], |row| {
        let id: i64 = row.get(0)?;
        let hash = canonical(row, id)?.hash();
        Ok(RowHash { id, hash })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The hash of the one row that was just written.
pub(super) fn one_hash(rows: &[RowHash]) -> Result<ContentHash, StoreError> {
    match rows {
        [row] => Ok(row.hash),
        _ => Err(rusqlite::Error::QueryReturnedNoRows.into()),
    }
}

/// A list of fields under way.
#[derive(Debug, Clone)]
pub(super) struct Canonical(Vec<u8>);

impl Canonical {
    /// Starts the encoding of what `name` names, with the encoding's version in the name.
    pub(super) fn of(name: &str) -> Self {
        Self(Vec::with_capacity(256)).text(name)
    }

    pub(super) fn text(self, text: &str) -> Self {
        self.field(Tag::Text, text.as_bytes())
    }

    pub(super) fn octets(self, octets: &[u8]) -> Self {
        self.field(Tag::Octets, octets)
    }

    pub(super) fn hash_value(self, hash: ContentHash) -> Self {
        self.octets(hash.as_octets())
    }

    pub(super) fn number(self, number: i64) -> Self {
        self.field(Tag::Number, &number.to_be_bytes())
    }

    pub(super) fn moment(self, time: UnixTime) -> Self {
        self.number(time.seconds())
    }

    /// An absent field is a field too: lists of one kind always have as many.
    pub(super) fn optional<T>(self, value: Option<T>, add: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => add(self, value),
            None => self.field(Tag::Absent, &[]),
        }
    }

    fn field(mut self, tag: Tag, octets: &[u8]) -> Self {
        // A length in memory always fits eight octets.
        let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        self.0.push(tag.octet());
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(octets);
        self
    }

    pub(super) fn into_octets(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn hash(&self) -> ContentHash {
        ContentHash::of(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone, PartialEq, Eq)]
    enum Field {
        Absent,
        Text(String),
        Octets(Vec<u8>),
        Number(i64),
    }

    fn encoded(fields: &[Field]) -> Vec<u8> {
        let start = Canonical::of("test/1");
        let end = fields.iter().fold(start, |list, field| match field {
            Field::Absent => list.optional(None::<i64>, Canonical::number),
            Field::Text(text) => list.text(text),
            Field::Octets(octets) => list.octets(octets),
            Field::Number(number) => list.number(*number),
        });
        end.0
    }

    /// A reader that exists only to show that nothing is lost: an encoding that can be read back
    /// is one that no other list gives.
    fn decoded(mut octets: &[u8]) -> Vec<Field> {
        let mut fields = vec![];
        while let Some((tag, rest)) = octets.split_first() {
            let (length, rest) = rest.split_at(8);
            let length = u64::from_be_bytes(length.try_into().unwrap());
            let (value, rest) = rest.split_at(usize::try_from(length).unwrap());
            fields.push(match tag {
                0 => Field::Absent,
                1 => Field::Text(String::from_utf8(value.to_vec()).unwrap()),
                2 => Field::Octets(value.to_vec()),
                3 => Field::Number(i64::from_be_bytes(value.try_into().unwrap())),
                other => panic!("tag {other}"),
            });
            octets = rest;
        }
        fields
    }

    fn field() -> impl Strategy<Value = Field> {
        prop_oneof![
            Just(Field::Absent),
            ".{0,20}".prop_map(Field::Text),
            prop::collection::vec(any::<u8>(), 0..20).prop_map(Field::Octets),
            any::<i64>().prop_map(Field::Number),
        ]
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_read_back(fields in prop::collection::vec(field(), 0..8)) {
            let mut expected = vec![Field::Text("test/1".to_owned())];
            expected.extend(fields.iter().cloned());
            prop_assert_eq!(decoded(&encoded(&fields)), expected);
        }

        #[test]
        fn two_lists_have_one_encoding_only_when_they_are_one(
            left in prop::collection::vec(field(), 0..4),
            right in prop::collection::vec(field(), 0..4),
        ) {
            prop_assert_eq!(left == right, encoded(&left) == encoded(&right));
        }

        #[test]
        fn moving_the_border_between_two_texts_changes_the_encoding(
            text in ".{2,20}", left in 0_usize..20, right in 0_usize..20,
        ) {
            let characters: Vec<char> = text.chars().collect();
            let split = |at: usize| {
                let at = at.min(characters.len());
                let (start, end) = characters.split_at(at);
                (at, Canonical::of("t").text(&start.iter().collect::<String>())
                    .text(&end.iter().collect::<String>()).hash())
            };
            let (left_at, left) = split(left);
            let (right_at, right) = split(right);
            prop_assert_eq!(left_at == right_at, left == right);
        }
    }
}
