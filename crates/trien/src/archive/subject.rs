//! Subjects of certificates as RFC 4514 writes them: their attributes, and the person they name.
//!
//! Knows the text alone; whether a certificate is to be believed is not asked here.

use unicode_normalization::UnicodeNormalization;

use super::SignerRecord;

/// The attributes of a subject with the names they are written under, escapes left in.
pub(super) fn attributes(subject: &str) -> impl Iterator<Item = (&str, &str)> {
    parts(subject).filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        Some((name.trim(), value.trim()))
    })
}

/// The numbers by which a subject is told from a namesake's (UID, serialNumber), as they are written.
#[must_use]
pub fn subject_numbers(subject: &str) -> Vec<&str> {
    attributes(subject)
        .filter(|(name, _)| {
            name.eq_ignore_ascii_case("UID") || name.eq_ignore_ascii_case("serialNumber")
        })
        .map(|(_, value)| value)
        .collect()
}

/// Whether an attribute says where somebody lives.
pub(super) fn is_place(name: &str) -> bool {
    ["L", "ST", "STREET", "POSTALCODE", "POSTALADDRESS"]
        .contains(&name.to_ascii_uppercase().as_str())
}

/// Whether a subject says the number of a person's card, passport or insurance.
pub(super) fn has_number_of_a_person(subject: &str) -> bool {
    attributes(subject).any(|(name, value)| {
        let is_number =
            name.eq_ignore_ascii_case("UID") || name.eq_ignore_ascii_case("serialNumber");
        let value = value.trim_start().to_uppercase();
        is_number
            && [
                "CCCD", "CMND", "HC:", "BHXH", "PNOVN", "IDCVN", "PASVN", "PASSPORT",
            ]
            .iter()
            .any(|kind| value.starts_with(kind))
    })
}

/// What tells one person from another, whichever certificate is used: the number that the state
/// gave, where the subject has one; else the common name and the organisation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Person {
    /// By kind and number.
    Numbered(NumberKind, String),
    /// By common name (without one, the whole subject) and organisation.
    Named(String, Option<String>),
}

/// What a person's number is of; of several in a subject, the first kind counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NumberKind {
    /// CCCD, twelve digits.
    Card,
    /// CMND, the card before it, nine digits.
    OldCard,
    /// HC.
    Passport,
    /// BHXH.
    Insurance,
}

impl Person {
    pub(super) fn of(signer: &SignerRecord) -> Self {
        let numbers = attributes(&signer.subject)
            .filter(|(name, _)| {
                name.eq_ignore_ascii_case("UID") || name.eq_ignore_ascii_case("serialNumber")
            })
            .filter_map(|(_, value)| number(value));
        if let Some((kind, number)) = numbers.min() {
            return Self::Numbered(kind, number);
        }
        let organisation = attributes(&signer.subject)
            .find(|(name, _)| name.eq_ignore_ascii_case("O"))
            .map(|(_, value)| plain(value));
        let name = signer.common_name.as_ref().unwrap_or(&signer.subject);
        Self::Named(plain(name), organisation)
    }
}

/// The number of a person with its kind. `MST:` is the tax number of whom the person works for.
fn number(value: &str) -> Option<(NumberKind, String)> {
    const KINDS: [(&str, NumberKind); 7] = [
        ("CCCD:", NumberKind::Card),
        ("CMND:", NumberKind::OldCard),
        ("HC:", NumberKind::Passport),
        ("BHXH:", NumberKind::Insurance),
        // EN 319 412-1, 5.1.3.
        ("PNOVN-", NumberKind::Card),
        ("IDCVN-", NumberKind::Card),
        ("PASVN-", NumberKind::Passport),
    ];
    let value: String = value
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect();
    for (prefix, kind) in KINDS {
        if let Some(number) = value.strip_prefix(prefix) {
            return (!number.is_empty()).then(|| (kind, number.to_owned()));
        }
    }
    // Tax numbers have ten or thirteen digits.
    let is_number = value.bytes().all(|octet| octet.is_ascii_digit());
    match value.len() {
        12 if is_number => Some((NumberKind::Card, value)),
        9 if is_number => Some((NumberKind::OldCard, value)),
        _ => None,
    }
}

/// The numbers in a subject by which somebody can be found: those of people, and whatever else has
/// six signs with digits among them. The tax number is of whom the person works for.
pub(super) fn numbers_of(subject: &str) -> impl Iterator<Item = String> {
    const SHORTEST: usize = 6;
    let own = attributes(subject).filter(|(_, value)| {
        !value
            .get(..3)
            .is_some_and(|kind| kind.eq_ignore_ascii_case("MST"))
    });
    own.flat_map(|(_, value)| {
        let parts = value
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .filter(|part| part.len() >= SHORTEST && part.bytes().any(|one| one.is_ascii_digit()))
            .map(str::to_owned);
        parts.chain(number(value).map(|(_, number)| number))
    })
}

/// Composed, in small letters, with single blanks: accents part names and stay.
pub(super) fn plain(text: &str) -> String {
    text.nfc()
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The parts between commas and plus signs that are not escaped.
fn parts(subject: &str) -> impl Iterator<Item = &str> {
    let mut is_escaped = false;
    subject
        .split(move |letter: char| {
            let parts = !is_escaped && matches!(letter, ',' | '+');
            is_escaped = !is_escaped && letter == '\\';
            parts
        })
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use trien_policy::SignerKind;
    use trien_types::UnixTime;

    use super::*;

    fn person(common_name: &str, subject: &str) -> Person {
        Person::of(&SignerRecord {
            common_name: Some(common_name.to_owned()),
            issuer_common_name: None,
            subject: subject.to_owned(),
            issuer: "CN=CA".to_owned(),
            serial: "01".to_owned(),
            kind: SignerKind::Person,
            not_before: UnixTime::from_seconds(0),
            not_after: UnixTime::from_seconds(1),
        })
    }

    #[test]
    fn a_person_is_the_same_under_one_number_however_it_is_written() {
        let one = person("An", "CN=An,UID=CCCD:001200000001,UID=MST:0101234567,O=A");
        for other in [
            "CN=Nguyễn An,serialNumber=001200000001,O=B",
            "CN=An,UID=BHXH:1+UID=cccd: 001200000001",
            "CN=An,serialNumber=PNOVN-001200000001,C=VN",
        ] {
            assert_eq!(one, person("Nguyễn An", other), "{other}");
        }
        for other in [
            "CN=An,UID=CCCD:001200000002,O=A",
            "CN=An,UID=MST:0101234567",
        ] {
            assert_ne!(one, person("An", other), "{other}");
        }
    }

    #[test]
    fn without_a_number_the_name_and_the_organisation_tell_people_apart() {
        let one = person("Nguyễn Văn An", "CN=Nguyễn Văn An,O=Trường A\\, Hà Nội,L=1");
        let same = person("NGUYỄN  VĂN AN", "CN=x,O=trường a\\, hà nội,L=2");
        assert_eq!(one, same);
        for (name, subject) in [
            ("Nguyễn Văn Ân", "O=Trường A\\, Hà Nội"),
            ("Nguyễn Văn An", "O=Trường A"),
            ("Nguyễn Văn An", "UID=MST:0101234567"),
        ] {
            assert_ne!(one, person(name, subject), "{name} {subject}");
        }
    }
}
