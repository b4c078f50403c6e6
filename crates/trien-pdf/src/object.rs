//! The objects of ISO 32000-2, 7.3, as values with the places they were read from.
//! Knows nothing of files, revisions or cross-references.

use std::fmt;
use std::sync::Arc;

/// Number and generation of an indirect object (ISO 32000-2, 7.3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ObjectId {
    /// The object number.
    pub number: u32,
    /// The generation number: 0 but for numbers that were freed and used again.
    pub generation: u16,
}

impl ObjectId {
    /// An object's number and generation.
    #[must_use]
    pub const fn new(number: u32, generation: u16) -> Self {
        Self { number, generation }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.number, self.generation)
    }
}

/// Octets from `start` up to, not including, `end`. Invariant: `start <= end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The span between two offsets; an end before the start gives the empty span at the start.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self {
            start,
            end: if end < start { start } else { end },
        }
    }

    /// First octet.
    #[must_use]
    pub const fn start(self) -> usize {
        self.start
    }

    /// The octet behind the last one.
    #[must_use]
    pub const fn end(self) -> usize {
        self.end
    }

    /// Number of octets.
    #[must_use]
    pub const fn octets(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// The octets of `bytes` in this span, if all are there.
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> Option<&[u8]> {
        bytes.get(self.start..self.end)
    }
}

/// A name (7.3.5) without its solidus, `#xx` resolved.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Vec<u8>);

impl Name {
    /// A name of these octets.
    #[must_use]
    pub const fn new(octets: Vec<u8>) -> Self {
        Self(octets)
    }

    /// The octets of the name.
    #[must_use]
    pub fn as_octets(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, text: &str) -> bool {
        self.0 == text.as_bytes()
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, text: &&str) -> bool {
        self.0 == text.as_bytes()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "/{self}")
    }
}

/// How a string was written (7.3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StringForm {
    /// `(…)`
    Literal,
    /// `<…>` with an even number of digits.
    Hexadecimal,
    /// `<…>` with an odd number of digits: the missing last one is 0.
    HexadecimalOdd,
}

/// A string (7.3.4). Two strings are equal when their octets are, however written.
#[derive(Debug, Clone, Eq)]
#[non_exhaustive]
pub struct PdfString {
    /// The octets meant.
    pub octets: Vec<u8>,
    /// How they were written.
    pub form: StringForm,
}

impl PdfString {
    /// A string to be written in the given form.
    #[must_use]
    pub const fn new(octets: Vec<u8>, form: StringForm) -> Self {
        Self { octets, form }
    }
}

impl PartialEq for PdfString {
    fn eq(&self, other: &Self) -> bool {
        self.octets == other.octets
    }
}

/// One entry of a dictionary.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Entry {
    /// The key.
    pub key: Name,
    /// The value.
    pub value: Object,
    /// Where the value stands: in the file, or in the decoded object stream it came from.
    pub span: Span,
}

/// What most dictionaries have at most.
const USUAL_ENTRIES: usize = 8;

/// Up to so many entries are compared one with another; to sort more is faster.
const FEW_ENTRIES: usize = 16;

/// A dictionary (7.3.7) with its entries in the order written, duplicates kept. Cheap to clone: what
/// is not changed is shared.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// None are no entries.
    entries: Option<Arc<Vec<Entry>>>,
}

impl Dictionary {
    /// A dictionary without entries.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: None }
    }

    fn entries_mut(&mut self) -> &mut Vec<Entry> {
        let room = || Arc::new(Vec::with_capacity(USUAL_ENTRIES));
        Arc::make_mut(self.entries.get_or_insert_with(room))
    }

    pub(crate) fn push(&mut self, key: Name, value: Object, span: Span) {
        self.entries_mut().push(Entry { key, value, span });
    }

    /// The value of `key`. Of duplicate keys the last one counts, as most readers take it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key` with its place; of duplicates the last one.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| entry.key == key)
    }

    /// All entries in the order written.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.entries
            .as_deref()
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Sets `key` to `value`, in its place if it is there already (duplicates vanish).
    pub fn set(&mut self, key: &str, value: Object) {
        let mut value = Some(value);
        self.entries_mut().retain_mut(|entry| {
            if entry.key != key {
                return true;
            }
            value.take().is_some_and(|value| {
                entry.value = value;
                true
            })
        });
        if let Some(value) = value {
            self.push(Name::from(key), value, Span::new(0, 0));
        }
    }

    /// Removes `key`.
    pub fn remove(&mut self, key: &str) {
        self.entries_mut().retain(|entry| entry.key != key);
    }

    /// The first key that stands twice, if one does.
    #[must_use]
    pub fn duplicate_key(&self) -> Option<&Name> {
        let entries = self.entries();
        if entries.len() <= FEW_ENTRIES {
            let doubled = entries.iter().enumerate().filter(|(place, entry)| {
                let before = entries.iter().take(*place);
                before.into_iter().any(|other| other.key == entry.key)
            });
            return doubled.map(|(_, entry)| &entry.key).min();
        }
        let mut keys: Vec<&Name> = self.entries().iter().map(|entry| &entry.key).collect();
        keys.sort();
        keys.windows(2).find_map(|pair| match pair {
            [first, second] if first == second => Some(*first),
            _ => None,
        })
    }
}

impl PartialEq for Dictionary {
    /// Same keys with the same values, in any order.
    fn eq(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.entries(), other.entries());
        let alike = |(a, b): (&Entry, &Entry)| a.key == b.key && a.value == b.value;
        if ours.len() != theirs.len() {
            return false;
        }
        // Most are the same object, or were written by the same program: no need to sort.
        if std::ptr::eq(ours, theirs) || ours.iter().zip(theirs).all(alike) {
            return true;
        }
        let [mut left, mut right] = [ours, theirs].map(|all| all.iter().collect::<Vec<_>>());
        left.sort_by(|a, b| a.key.cmp(&b.key));
        right.sort_by(|a, b| a.key.cmp(&b.key));
        left.into_iter().zip(right).all(alike)
    }
}

/// A stream (7.3.8): its dictionary and where its encoded data start in the file.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Stream {
    /// The stream dictionary.
    pub dictionary: Dictionary,
    /// Offset of the first octet of encoded data.
    pub data_offset: usize,
}

impl PartialEq for Stream {
    /// The same dictionary and the same place. Equal data elsewhere is compared by the document.
    fn eq(&self, other: &Self) -> bool {
        self.data_offset == other.data_offset && self.dictionary == other.dictionary
    }
}

/// Any object (7.3).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Object {
    /// An array (7.3.6).
    Array(Vec<Self>),
    /// `true` or `false` (7.3.2).
    Boolean(bool),
    /// A dictionary (7.3.7).
    Dictionary(Dictionary),
    /// An integer (7.3.3).
    Integer(i64),
    /// A name (7.3.5).
    Name(Name),
    /// The null object (7.3.9); also what a reference to nothing gives.
    Null,
    /// A real number (7.3.3).
    Real(f64),
    /// A reference to an indirect object (7.3.10).
    Reference(ObjectId),
    /// A stream (7.3.8).
    Stream(Stream),
    /// A string (7.3.4).
    String(PdfString),
}

impl Object {
    /// The dictionary, also that of a stream.
    #[must_use]
    pub const fn as_dictionary(&self) -> Option<&Dictionary> {
        if let Self::Dictionary(dictionary) = self {
            Some(dictionary)
        } else {
            None
        }
    }

    /// The elements of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(elements) = self {
            Some(elements)
        } else {
            None
        }
    }

    /// The integer.
    #[must_use]
    pub const fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    /// The integer, if it is not negative and fits.
    #[must_use]
    pub fn as_usize(&self) -> Option<usize> {
        self.as_integer()
            .and_then(|value| usize::try_from(value).ok())
    }

    /// The name.
    #[must_use]
    pub const fn as_name(&self) -> Option<&Name> {
        if let Self::Name(name) = self {
            Some(name)
        } else {
            None
        }
    }

    /// The string.
    #[must_use]
    pub const fn as_string(&self) -> Option<&PdfString> {
        if let Self::String(string) = self {
            Some(string)
        } else {
            None
        }
    }

    /// The object referred to.
    #[must_use]
    pub const fn as_reference(&self) -> Option<ObjectId> {
        if let Self::Reference(id) = self {
            Some(*id)
        } else {
            None
        }
    }

    /// The stream.
    #[must_use]
    pub const fn as_stream(&self) -> Option<&Stream> {
        if let Self::Stream(stream) = self {
            Some(stream)
        } else {
            None
        }
    }
}
