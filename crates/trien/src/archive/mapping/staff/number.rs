//! Numbers of people as cells of spreadsheets have them.

use crate::archive::mapping::folded;

/// Digits of a CCCD.
const CARD: usize = 12;
/// Digits of a CMND, the card before it.
const OLD_CARD: usize = 9;

/// What people write before a number, folded; longer ones first.
const LABELS: [&str; 15] = [
    "cancuoccongdan",
    "dinhdanhcanhan",
    "hochieu",
    "cancuoc",
    "dinhdanh",
    "cmtnd",
    "pnovn",
    "idcvn",
    "pasvn",
    "cccd",
    "cmnd",
    "cmt",
    "the",
    "hc",
    "so",
];

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// No number.
    Nothing,
    /// A number, folded.
    Number(String),
    /// A number of which a spreadsheet took the zeros that it began with; here with them.
    Shortened(String),
    /// A number that a spreadsheet rounded (`1,2E+10`): its last digits are lost.
    Rounded,
    /// Something with digits that is no number of a person; folded.
    Strange(String),
}

impl Cell {
    pub(super) fn of(text: &str) -> Self {
        let text: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '\u{200b}')
            .collect();
        // `="012…"` keeps a spreadsheet from calculating, as an apostrophe in front does.
        let text = text.trim_matches(['=', '"', '\'', '\u{2018}', '\u{2019}', '`', '\u{feff}']);
        if is_rounded(text) {
            return Self::Rounded;
        }
        let mut number = folded(without_decimals(text));
        while let Some(rest) = LABELS.iter().find_map(|label| number.strip_prefix(label)) {
            number = rest.to_owned();
        }
        let letters = number.chars().filter(|letter| letter.is_alphabetic());
        let (letters, all) = (letters.count(), number.chars().count());
        if letters == all {
            return Self::Nothing;
        }
        // What takes zeros from the beginning leaves none there.
        let may_be_shortened = letters == 0 && !number.starts_with('0');
        match (letters, all) {
            (0, CARD | OLD_CARD) => Self::Number(number),
            // Hà Nội's begin with two zeros; none begins with three.
            (0, 10 | 11) if may_be_shortened => Self::Shortened(format!("{number:0>CARD$}")),
            (0, 8) if may_be_shortened => Self::Shortened(format!("{number:0>OLD_CARD$}")),
            // Passports: B1234567, E00123456.
            (1 | 2, 7..=9) => Self::Number(number),
            _ => Self::Strange(number),
        }
    }

    /// The number to look for, folded.
    pub(super) fn number(self) -> Option<String> {
        match self {
            Self::Number(number) | Self::Shortened(number) | Self::Strange(number) => Some(number),
            // Rounded, it is nobody's, and stands in the way of the name.
            Self::Rounded => Some(String::new()),
            Self::Nothing => None,
        }
    }
}

/// `1.23457E+10`.
fn is_rounded(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let power = power.trim_start_matches('+');
    let is_number = number.starts_with(|letter: char| letter.is_ascii_digit())
        && number
            .chars()
            .all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ','));
    let is_power = power.len() <= 2 && power.bytes().all(|octet| octet.is_ascii_digit());
    is_number && !power.is_empty() && is_power
}

/// `12345678901.0`, as programs write what they took for a measure.
fn without_decimals(text: &str) -> &str {
    let cut = [".0", ",0", ".00", ",00"]
        .iter()
        .find_map(|end| text.strip_suffix(end));
    cut.filter(|whole| whole.bytes().all(|octet| octet.is_ascii_digit()))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_spreadsheets_and_people_write_them() {
        let number = |text: &str| Cell::Number(text.to_owned());
        let shortened = |text: &str| Cell::Shortened(text.to_owned());
        for (text, expected) in [
            ("012345678901", number("012345678901")),
            ("CCCD: 012 345 678 901", number("012345678901")),
            ("Số CCCD:012345678901", number("012345678901")),
            (
                "Căn cước công dân số 012.345.678.901",
                number("012345678901"),
            ),
            ("'012345678901", number("012345678901")),
            ("\u{2019}012345678901", number("012345678901")),
            ("=\"012345678901\"", number("012345678901")),
            ("012\u{a0}345\u{a0}678\u{a0}901", number("012345678901")),
            ("PNOVN-012345678901", number("012345678901")),
            ("031234567", number("031234567")),
            ("B1234567", number("b1234567")),
            ("12345678901", shortened("012345678901")),
            ("12345678901.0", shortened("012345678901")),
            ("1200000001", shortened("001200000001")),
            ("31234567", shortened("031234567")),
            ("1,23457E+10", Cell::Rounded),
            ("1.2E+11", Cell::Rounded),
            ("", Cell::Nothing),
            ("chưa có", Cell::Nothing),
            ("-", Cell::Nothing),
            ("0123456789012", Cell::Strange("0123456789012".to_owned())),
            ("01234567890", Cell::Strange("01234567890".to_owned())),
            ("35", Cell::Strange("35".to_owned())),
        ] {
            assert_eq!(Cell::of(text), expected, "{text}");
        }
    }
}
