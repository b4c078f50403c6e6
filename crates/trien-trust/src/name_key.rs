//! Distinguished names in the form in which path building compares them.
//! Only finds issuers that may fit: whether names match is decided by OpenSSL on the whole path.

use trien_x509::DistinguishedName;

/// A name folded as RFC 5280, 7.1 compares names: string types do not count, runs of space are one
/// space, ASCII letters have no case. Grouping into relative names is left out, so that names
/// which differ in it alone share a key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct NameKey(Vec<u8>);

/// Hyphens and dashes of Unicode that stand for one another in names: hyphen, non-breaking hyphen,
/// figure dash, en dash, em dash, horizontal bar, minus.
const DASHES: [char; 7] = [
    '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}',
];

impl NameKey {
    pub(crate) fn of(name: &DistinguishedName) -> Self {
        Self::folded(name, |character| character.to_ascii_lowercase())
    }

    /// As [`NameKey::of`], and all kinds of dash are one: the national root names itself with a
    /// hyphen, and the issuer of its lists with an en dash. Only where a key decides as well.
    pub(crate) fn with_dashes_alike(name: &DistinguishedName) -> Self {
        Self::folded(name, |character| {
            if DASHES.contains(&character) {
                '-'
            } else {
                character.to_ascii_lowercase()
            }
        })
    }

    fn folded(name: &DistinguishedName, fold: impl Fn(char) -> char) -> Self {
        let mut key = Vec::new();
        for attribute in name.attributes() {
            let mut folded = String::with_capacity(attribute.text.len());
            for word in attribute.text.split_ascii_whitespace() {
                if !folded.is_empty() {
                    folded.push(' ');
                }
                folded.extend(word.chars().map(&fold));
            }
            // Lengths first, so that no text can pass for the start of the next attribute.
            for part in [attribute.oid.as_octets(), folded.as_bytes()] {
                key.extend_from_slice(&part.len().to_be_bytes());
                key.extend_from_slice(part);
            }
        }
        Self(key)
    }
}
