//! Personal data kept out of what is handed on: names become initials, numbers of people and the
//! serial numbers of their certificates the last digits, and where they live goes. Bodies and
//! authorities for time stamps keep their names; verdicts and digests stay.
//!
//! Knows the people who signed. A pupil's name in the name of a file is not known to be one: files
//! that are named after pupils are to be handed on by number.

mod json;

use std::collections::BTreeMap;

use trien_policy::{SignatureKindFact, SignerKind};

use super::{Record, RecordError, RecordLine, Summary, subject};

use json::Json;

/// Digits of a number that count as a person's: identity cards have nine or twelve, telephones ten.
const DIGITS: usize = 9;
/// Digits that stay.
const DIGITS_SHOWN: usize = 3;
/// Digits of a certificate's serial number that stay.
const SERIAL_DIGITS_SHOWN: usize = 4;
/// A serial number with fewer digits may be anything in a sentence: it is masked by its name alone.
const SERIAL_DIGITS_IN_TEXT: usize = 8;
/// Names whose values are serial numbers of certificates.
const SERIALS: [&str; 2] = ["serial", "serials"];
/// Names whose values are no personal data although they hold digits.
const KEPT_AS_THEY_ARE: [&str; 5] = ["sha256", "evidence", "octets", "schema", "validation_time"];

/// The people seen so far, with what stands for each.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    names: BTreeMap<String, String>,
    /// Of the certificates of people.
    serials: BTreeMap<String, String>,
}

impl Mask {
    /// Nobody is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up the people who signed a record.
    pub fn learn(&mut self, record: &Record) {
        for signature in &record.signatures {
            let Some(signer) = &signature.signer else {
                continue;
            };
            if signer.kind == SignerKind::Organisation
                || signature.kind == SignatureKindFact::DocumentTimestamp
            {
                continue;
            }
            self.learn_certificate(&signer.subject, &signer.serial);
            if let Some(name) = &signer.common_name {
                self.learn_name(name);
            }
            // RFC 4514: what names a person beside the common name.
            for (attribute, value) in subject::attributes(&signer.subject) {
                if ["SN", "GN", "GIVENNAME", "SURNAME", "EMAILADDRESS", "E"]
                    .contains(&attribute.to_ascii_uppercase().as_str())
                {
                    self.learn_name(value);
                }
            }
        }
    }

    fn learn_certificate(&mut self, subject: &str, serial: &str) {
        let placeless = subject::without_place(subject);
        if placeless != subject {
            self.names.insert(subject.to_owned(), placeless);
        }
        if self.serials.contains_key(serial) {
            return;
        }
        let short = serial_end(serial);
        if serial.len() >= SERIAL_DIGITS_IN_TEXT {
            self.names.insert(serial.to_owned(), short.clone());
        }
        self.serials.insert(serial.to_owned(), short);
    }

    fn learn_name(&mut self, name: &str) {
        if name.chars().any(char::is_alphabetic) && !self.names.contains_key(name) {
            self.names.insert(name.to_owned(), initials(name));
        }
    }

    /// A text with names and numbers masked.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        // The longest first: a name may begin another.
        let mut names: Vec<(&String, &String)> = self
            .names
            .iter()
            .filter(|(name, _)| text.contains(name.as_str()))
            .collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let mut masked = text.to_owned();
        for (name, short) in names {
            masked = masked.replace(name.as_str(), short);
        }
        numbers(&masked)
    }

    /// A record's line with every text in it masked.
    ///
    /// # Errors
    /// The line is no JSON.
    pub fn line(&self, line: &RecordLine) -> Result<RecordLine, RecordError> {
        let mut read: Json =
            serde_json::from_str(line.as_json()).map_err(RecordError::Malformed)?;
        self.value(&mut read);
        let text = serde_json::to_string(&read).map_err(RecordError::Malformed)?;
        RecordLine::from_json(text)
    }

    /// A summary with every text in it masked, by all the people seen.
    ///
    /// # Errors
    /// Never for a summary of this library; what the reader of JSON says.
    pub fn summary(&self, summary: &Summary) -> Result<Summary, RecordError> {
        let mut all = self.clone();
        for person in summary.schools.iter().flat_map(|one| &one.staff.people) {
            // Of those who did not sign, the list alone knows the name.
            if let Some(name) = &person.common_name {
                all.learn_name(name);
            }
            all.learn_certificate(&person.subject, "");
            for serial in person.serials.iter().chain([&person.serial]) {
                all.learn_certificate("", serial);
            }
        }
        let text = serde_json::to_string(summary).map_err(RecordError::Malformed)?;
        let mut read: Json = serde_json::from_str(&text).map_err(RecordError::Malformed)?;
        all.value(&mut read);
        let text = serde_json::to_string(&read).map_err(RecordError::Malformed)?;
        serde_json::from_str(&text).map_err(RecordError::Malformed)
    }

    /// Serial numbers, those of bodies as they are.
    fn serial(&self, value: &mut Json) {
        match value {
            Json::Text(text) => {
                if let Some(short) = self.serials.get(text) {
                    short.clone_into(text);
                }
            }
            Json::List(values) => values.iter_mut().for_each(|value| self.serial(value)),
            Json::Object(_) | Json::Other(_) => {}
        }
    }

    /// As deep as what serde read, which is bounded.
    fn value(&self, value: &mut Json) {
        match value {
            Json::Text(text) => *text = self.text(text),
            Json::List(values) => values.iter_mut().for_each(|value| self.value(value)),
            Json::Object(entries) => {
                for (name, value) in entries {
                    if SERIALS.contains(&name.as_str()) {
                        self.serial(value);
                    } else if !KEPT_AS_THEY_ARE.contains(&name.as_str()) {
                        self.value(value);
                    }
                }
            }
            Json::Other(_) => {}
        }
    }
}

/// The last digits of a serial number, and never more than half of it.
fn serial_end(serial: &str) -> String {
    let digits = serial.chars().count();
    let shown = SERIAL_DIGITS_SHOWN.min(digits / 2);
    let hidden = digits.saturating_sub(shown);
    let end = serial.chars().skip(hidden);
    std::iter::repeat_n('*', hidden).chain(end).collect()
}

/// `Nguyễn Văn An` → `N. V. A.`
fn initials(name: &str) -> String {
    name.split(|letter: char| !letter.is_alphanumeric())
        .filter_map(|word| word.chars().next())
        .map(|letter| format!("{}.", letter.to_uppercase()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Masks numbers that stand by themselves: those between letters are digests.
fn numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(from.len());
        let (digits, behind) = from.split_at(end);
        let touches = |letter: Option<char>| letter.is_some_and(|one| one.is_ascii_alphabetic());
        let touched = touches(before.chars().next_back()) || touches(behind.chars().next());
        masked.push_str(before);
        if digits.len() >= DIGITS && !touched {
            let (hidden, shown) = digits.split_at(digits.len().saturating_sub(DIGITS_SHOWN));
            masked.extend(std::iter::repeat_n('*', hidden.len()));
            masked.push_str(shown);
        } else {
            masked.push_str(digits);
        }
        rest = behind;
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_initials_and_numbers_their_last_digits() {
        let mut mask = Mask::new();
        mask.learn_name("Nguyễn Văn An");
        mask.learn_name("Nguyễn Văn An Bình");
        let text =
            "CN=Nguyễn Văn An Bình,UID=CCCD:001203012345; hb_001203012345.pdf; Nguyễn Văn An";
        assert_eq!(
            mask.text(text),
            "CN=N. V. A. B.,UID=CCCD:*********345; hb_*********345.pdf; N. V. A."
        );
    }

    #[test]
    fn certificates_of_people_show_four_digits_and_no_place_and_authorities_stay() {
        let signature = |kind: &str, who: &str, name: &str, serial: &str| {
            serde_json::json!({"field": "a", "kind": kind, "sub_filter": null, "level": null,
                "integrity": "intact", "integrity_reason": null, "coverage": "whole-file",
                "revision": 1, "changes": "none", "indication": "TOTAL-PASSED",
                "sub_indication": null, "claimed_signing_time": null,
                "best_signature_time": null, "signer": {"common_name": name,
                "issuer_common_name": null, "subject": format!("CN={name},L=Quận 3,C=VN"),
                "issuer": "CN=CA", "serial": serial, "kind": who,
                "not_before": "2026-01-01T00:00:00+07:00",
                "not_after": "2027-01-01T00:00:00+07:00"}})
        };
        let line = serde_json::json!({"file": "a.pdf", "document": {"conclusion": "valid",
            "error": null, "revisions": 1, "encrypted": false}, "profile": "p",
            "validation_time": "2026-01-01T00:00:00+07:00", "signatures": [
            signature("approval", "person", "Nguyễn Văn An", "540110A7F3C29B"),
            signature("approval", "organisation", "Trường A", "540110A7F3C29C"),
            signature("document-timestamp", "person", "Dấu thời gian", "540110A7F3C29D")]});
        let line = RecordLine::from_json(line.to_string()).unwrap();
        let mut mask = Mask::new();
        mask.learn(&line.record().unwrap());
        let masked = mask.line(&line).unwrap().record().unwrap();
        let said: Vec<(String, String)> = masked
            .signatures
            .into_iter()
            .filter_map(|signature| signature.signer)
            .map(|signer| (signer.subject, signer.serial))
            .collect();
        assert_eq!(said[0].0, "CN=N. V. A.,C=VN");
        assert_eq!(said[0].1, "**********C29B");
        assert_eq!(said[1].0, "CN=Trường A,L=Quận 3,C=VN");
        assert_eq!(said[1].1, "540110A7F3C29C");
        assert_eq!(said[2].0, "CN=Dấu thời gian,L=Quận 3,C=VN");
        assert_eq!(said[2].1, "540110A7F3C29D");
        assert_eq!(
            mask.text("số hiệu 540110A7F3C29B; CN=Nguyễn Văn An,L=Quận 3,C=VN"),
            "số hiệu **********C29B; CN=N. V. A.,C=VN"
        );
        assert_eq!(serial_end("0A"), "*A");
    }

    #[test]
    fn digests_and_dates_stay() {
        let mask = Mask::new();
        for text in [
            "2026-05-31T08:00:00+07:00",
            "a012345678901b",
            "trang 12",
            "0123456789abcdef",
        ] {
            assert_eq!(mask.text(text), text);
        }
    }

    #[test]
    fn a_line_keeps_its_names_and_their_order() {
        let mask = Mask::new();
        let text = r#"{"z":1.5,"file":"001203012345.pdf","sha256":"123456789012","a":[null,true]}"#;
        let line = RecordLine::from_json(text.to_owned()).unwrap();
        assert_eq!(
            mask.line(&line).unwrap().as_json(),
            r#"{"z":1.5,"file":"*********345.pdf","sha256":"123456789012","a":[null,true]}"#
        );
    }
}
