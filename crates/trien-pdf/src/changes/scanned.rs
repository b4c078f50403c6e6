//! What readers that rebuild a file by scanning it take for its structure, wherever it stands: in
//! streams, strings, names and comments (ATTACKS.md, I2). Something makes each of them rebuild, and
//! then they show what was hidden there.
//! Knows octets, not objects.

use crate::cursor::{is_regular, is_white_space};

/// Where the first such word stands. One pass: each word has an octet that data in hexadecimal have
/// not, and text has seldom.
pub(super) fn structure_word(octets: &[u8]) -> Option<usize> {
    memchr::memchr3_iter(b'j', b't', b'x', octets).find(|at| is_structure(octets, *at))
}

/// Whether the octet at `at` belongs to a word of structure.
fn is_structure(octets: &[u8], at: usize) -> bool {
    let Some((before, rest)) = octets.split_at_checked(at) else {
        return false;
    };
    match rest.first() {
        Some(b'j') => before
            .strip_suffix(b"ob")
            .is_some_and(|before| before.ends_with(b"end") || names_object(before, rest)),
        Some(b't') => {
            before.ends_with(b"ends") && rest.starts_with(b"tream")
                || rest.strip_prefix(b"trailer").is_some_and(is_dictionary)
        }
        Some(b'x') => rest.strip_prefix(b"xref").is_some_and(|behind| {
            before.ends_with(b"start")
                || stands_alone(before.last()) && stands_alone(behind.first())
        }),
        _ => false,
    }
}

fn stands_alone(beside: Option<&u8>) -> bool {
    beside.is_none_or(|octet| is_white_space(*octet))
}

/// Whether a dictionary follows, behind white space and comments.
fn is_dictionary(octets: &[u8]) -> bool {
    let mut cursor = crate::cursor::Cursor::new(octets, 0);
    cursor.skip_white_space();
    cursor.rest().starts_with(b"<<")
}

/// Whether `before` ends in the two numbers of an object whose header's letters `ob` follow, and
/// then `rest`. Readers take signs and points for numbers, comments and more than the standard's
/// white space for what sets them apart.
fn names_object(before: &[u8], rest: &[u8]) -> bool {
    let (behind_generation, gap) = without(before, is_gap);
    if is_behind_comment(gap, behind_generation) {
        // As a word: such lines are common in data, and the letters behind them are not.
        return rest.get(1).is_none_or(|octet| !is_regular(*octet));
    }
    let (behind_gap, generation) = without(behind_generation, is_numeric);
    if !generation.iter().any(u8::is_ascii_digit) {
        return false;
    }
    let is_joined = gap.is_empty();
    let (behind_number, gap) = without(behind_gap, is_gap);
    if is_behind_comment(gap, behind_number) {
        return true;
    }
    // Where nothing is between the generation and the word, data have them by chance too often.
    let is_number = behind_number.last().is_some_and(|octet| is_numeric(*octet));
    let is_plain = || gap.iter().all(|octet| is_white_space(*octet));
    is_number && !gap.is_empty() && (!is_joined || is_plain())
}

/// Without the octets at the end that are so, and those.
fn without(octets: &[u8], is_so: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let kept = octets.iter().rposition(|octet| !is_so(*octet));
    octets.split_at(kept.map_or(0, |at| at.saturating_add(1)))
}

const fn is_numeric(octet: u8) -> bool {
    matches!(octet, b'0'..=b'9' | b'+' | b'-' | b'.')
}

/// What readers skip between words: control characters, and the space that does not break.
const fn is_gap(octet: u8) -> bool {
    octet <= b' ' || octet == 0xA0
}

/// Whether a line ends in this gap that ends in a comment, which nothing or a number stands before.
fn is_behind_comment(gap: &[u8], before: &[u8]) -> bool {
    if memchr::memchr2(b'\r', b'\n', gap).is_none() {
        return false;
    }
    let line = memchr::memrchr2(b'\r', b'\n', before).map_or(0, |at| at.saturating_add(1));
    let line = before.get(line..).unwrap_or_default();
    memchr::memchr_iter(b'%', line).any(|at| {
        let (before, _) = without(line.get(..at).unwrap_or_default(), is_gap);
        before.last().is_none_or(|octet| is_numeric(*octet))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i2_what_a_scanning_reader_takes_for_structure_is_found_anywhere() {
        for word in [
            "4 0 obj",
            "x4\t0\u{0}obj<<",
            "(4 0 obj",
            "4 0obj",
            "+4 -0 obj",
            "4. 0. obj",
            "4\r\n\r\n0\u{b}obj",
            "4%\n0 obj",
            "4 0 %x\r\nobj<<",
            "4 0\n%x\n%y\nobj ",
            "endobj",
            "xendobjx",
            "endstream",
            "startxref",
            "\nxref\n",
            " xref 0",
            "trailer<<",
            "trailer %x\n<<",
        ] {
            let octets = format!("object text {word}");
            assert!(structure_word(octets.as_bytes()).is_some(), "{word:?}");
        }
        assert!(structure_word(b"4\xA00\xA0obj").is_some());
    }

    #[test]
    fn text_about_objects_and_trailers_is_no_structure() {
        for text in [
            "/Type/ObjStm/N 4/First 0",
            "two objects, 4 0 objects of it: object",
            "a trailer of 4 wheels",
            "<rdf:li>obj</rdf:li>",
            "crossxref xrefs",
            "stream",
            "% comment\nobject",
            "4 0 R 5 0 R",
        ] {
            let found = structure_word(text.as_bytes());
            let expected = text.contains("0 obj");
            assert_eq!(found.is_some(), expected, "{text:?}");
        }
    }
}
