//! What stands for a name, a number and a subject. Each is made of the text alone.

use crate::archive::mapping::folded;
use crate::archive::subject;

/// Digits of a number that count as a person's: identity cards have nine or twelve, telephones ten.
const DIGITS: usize = 9;
/// Digits that stay.
const DIGITS_SHOWN: usize = 3;
/// Digits of the shortest digest that is written anywhere (MD5).
const DIGITS_OF_A_DIGEST: usize = 32;
/// Digits of a certificate's serial number that stay.
const SERIAL_DIGITS_SHOWN: usize = 4;
/// Digits that belong together when one blank, dot or dash parts them: `031 123 456 789`.
const GROUPED: std::ops::RangeInclusive<usize> = 3..=4;

/// `Nguyễn Văn An` → `N. V. A.`
pub(super) fn initials(name: &str) -> String {
    name.split(|letter: char| !letter.is_alphanumeric())
        .filter_map(|word| word.chars().next())
        .map(|letter| format!("{}.", letter.to_uppercase()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text with initials where a name stands in it, however it is written: with its accents, without,
/// or without what parts its words.
pub(super) fn without_name(text: &str, name: &str) -> String {
    let wanted: Vec<char> = folded(name).chars().collect();
    if wanted.is_empty() {
        return text.to_owned();
    }
    // Each letter of the text as it is compared, with where it begins and ends.
    let letters: Vec<(char, usize, usize)> = text
        .char_indices()
        .flat_map(|(start, letter)| {
            let end = start.saturating_add(letter.len_utf8());
            let compared: Vec<char> = folded(letter.encode_utf8(&mut [0; 4])).chars().collect();
            compared.into_iter().map(move |one| (one, start, end))
        })
        .collect();
    let mut masked = String::with_capacity(text.len());
    let (mut written, mut at) = (0_usize, 0_usize);
    while let Some(run) = letters.get(at..at.saturating_add(wanted.len())) {
        let is_name = run.iter().map(|(letter, ..)| letter).eq(&wanted);
        let (Some((_, start, _)), Some((_, _, end))) = (run.first(), run.last()) else {
            break;
        };
        if !is_name {
            at = at.saturating_add(1);
            continue;
        }
        masked.push_str(text.get(written..*start).unwrap_or_default());
        masked.push_str(&initials(name));
        // Accents that combine with the last letter go with it.
        let rest = text.get(*end..).unwrap_or_default();
        let accents = rest.len().saturating_sub(
            rest.trim_start_matches(unicode_normalization::char::is_combining_mark)
                .len(),
        );
        written = end.saturating_add(accents);
        at = at.saturating_add(wanted.len());
    }
    masked.push_str(text.get(written..).unwrap_or_default());
    masked
}

/// The last digits of a serial number, and never more than half of it.
pub(super) fn serial(serial: &str) -> String {
    end_of(serial, SERIAL_DIGITS_SHOWN)
}

fn end_of(text: &str, shown: usize) -> String {
    let letters = text.chars().count();
    let hidden = letters.saturating_sub(shown.min(letters / 2));
    std::iter::repeat_n('*', hidden)
        .chain(text.chars().skip(hidden))
        .collect()
}

/// A person's number with its kind, however it is spaced: `CCCD:*********001`.
fn number(value: &str) -> String {
    let plain: String = value.chars().filter(|one| one.is_alphanumeric()).collect();
    let kinds = [
        "CCCD", "CMND", "HC", "BHXH", "MST", "PNOVN", "IDCVN", "PASVN",
    ];
    let upper = plain.to_uppercase();
    match kinds.into_iter().find(|kind| upper.starts_with(kind)) {
        // The kinds are ASCII, and one octet of them is one letter.
        Some(kind) => {
            let digits: String = plain.chars().skip(kind.len()).collect();
            format!("{kind}:{}", end_of(&digits, DIGITS_SHOWN))
        }
        None => end_of(&plain, DIGITS_SHOWN),
    }
}

/// A person's subject: the country and the organisation stay, the name is initials, numbers keep
/// their last digits, where somebody lives goes, and anything else is `hidden`.
pub(super) fn person(subject: &str, hidden: &str) -> String {
    let names: Vec<String> = subject::attributes(subject)
        .filter(|(name, _)| name.eq_ignore_ascii_case("CN"))
        .map(|(_, value)| folded(value))
        .filter(|name| !name.is_empty())
        .collect();
    let parts = subject::attributes(subject).filter_map(|(name, value)| {
        let upper = name.to_ascii_uppercase();
        let said = match upper.as_str() {
            _ if subject::is_place(name) => return None,
            // A trader's business is called by the trader's name.
            "O" if names
                .iter()
                .any(|name| folded(value).contains(name.as_str())) =>
            {
                hidden.to_owned()
            }
            "C" | "O" => value.to_owned(),
            "CN" | "SN" | "GN" | "SURNAME" | "GIVENNAME" => initials(value),
            "UID" | "SERIALNUMBER" => number(value),
            _ => hidden.to_owned(),
        };
        Some(format!("{name}={said}"))
    });
    parts.collect::<Vec<_>>().join(",")
}

/// Masks numbers, whatever letters they touch: `HB012345678906`. Digests stay.
pub(super) fn numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let (run, behind) = from.split_at(number_length(from));
        masked.push_str(before);
        let digits = run.chars().filter(char::is_ascii_digit).count();
        let word = text.len().saturating_sub(from.len());
        if digits >= DIGITS && !is_in_digest(text, word) {
            let plain: String = run.chars().filter(char::is_ascii_digit).collect();
            masked.push_str(&end_of(&plain, DIGITS_SHOWN));
        } else {
            masked.push_str(run);
        }
        rest = behind;
    }
    masked.push_str(rest);
    masked
}

/// Whether the word around a place is a digest: nobody's number has so many digits, or a letter.
fn is_in_digest(text: &str, at: usize) -> bool {
    let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
    let is_other = |letter: char| !letter.is_ascii_alphanumeric();
    let before = before.rsplit(is_other).next().unwrap_or_default();
    let behind = behind.split(is_other).next().unwrap_or_default();
    let mut letters = before.bytes().chain(behind.bytes());
    before.len().saturating_add(behind.len()) >= DIGITS_OF_A_DIGEST
        && letters.all(|letter| letter.is_ascii_hexdigit())
}

/// The octets of the number that a text begins with, in one piece or in groups.
fn number_length(text: &str) -> usize {
    let digits = |text: &str| {
        text.find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let first = digits(text);
    let mut length = first;
    if !GROUPED.contains(&first) {
        return first;
    }
    while let Some(behind) = text.get(length..).and_then(|rest| {
        rest.strip_prefix([' ', '.', '-'])
            .filter(|behind| GROUPED.contains(&digits(behind)))
    }) {
        length = text
            .len()
            .saturating_sub(behind.len())
            .saturating_add(digits(behind));
    }
    let all = text.get(..length).unwrap_or_default();
    let count = all.chars().filter(char::is_ascii_digit).count();
    if count >= DIGITS { length } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_last_digits_however_they_are_spaced() {
        for (text, masked) in [
            ("hb_001203012345.pdf", "hb_*********345.pdf"),
            ("hb 031.123.456.782.pdf", "hb *********782.pdf"),
            ("0912 345 678 a", "*******678 a"),
            ("2026-05-31T08:00:00+07:00", "2026-05-31T08:00:00+07:00"),
            ("2024-2025/00036.pdf", "2024-2025/00036.pdf"),
            ("trang 12", "trang 12"),
        ] {
            assert_eq!(numbers(text), masked);
        }
    }

    #[test]
    fn fe7_10_a_letter_that_touches_a_number_does_not_keep_it() {
        for (text, masked) in [
            ("HB012345678906.pdf", "HB*********906.pdf"),
            ("a012345678901b", "a*********901b"),
            ("012345678901v2.pdf", "*********901v2.pdf"),
            ("HB031.123.456.782b", "HB*********782b"),
            ("hồ sơ012345678901ạ", "hồ sơ*********901ạ"),
            // Digits alone are no digest, however many.
            ("x123456789012", "x*********012"),
        ] {
            assert_eq!(numbers(text), masked);
        }
        let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c1512345678";
        assert_eq!(numbers(digest), digest);
    }

    #[test]
    fn a_name_is_found_in_every_spelling_and_other_words_stay() {
        let masked = |text: &str| without_name(text, "Nguyễn Văn An");
        for text in [
            "Nguyễn Văn An.pdf",
            "Nguyen Van An.pdf",
            "nguyen-van_an.pdf",
            "NguyenVanAn.pdf",
            "Nguye\u{302}\u{303}n Va\u{306}n An.pdf",
        ] {
            assert_eq!(masked(text), "N. V. A..pdf", "{text}");
        }
        assert_eq!(masked("hb NguyenVanAn 2.pdf"), "hb N. V. A. 2.pdf");
        assert_eq!(masked("Nguyễn Văn.pdf"), "Nguyễn Văn.pdf");
        assert_eq!(without_name("a.pdf", "…"), "a.pdf");
    }

    #[test]
    fn a_subject_keeps_the_organisation_and_hides_what_it_does_not_know() {
        let subject = "CN=Hoàng Riêng,UID=CCCD 031 123 456 789,serialNumber=PASSPORT:B1234567,\
                       L=Quận 3,description=sinh 01-02-1980,E=a@b.vn,O=Trường A\\, B,C=VN";
        let masked = person(subject, "…");
        assert!(masked.starts_with("CN=H. R.,UID=CCCD:*********789,serialNumber=***"));
        assert!(
            masked.ends_with("567,description=…,E=…,O=Trường A\\, B,C=VN"),
            "{masked}"
        );
        assert_eq!(serial("0A"), "*A");
        assert_eq!(serial("540110A7F3C29B"), "**********C29B");
    }
}
