//! What was written on the command line and cannot be meant, in the words of who wrote it.
//! Knows no command.

use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::num::ParseIntError;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use trien::Language;

use super::{Ending, complain};

/// Why a value cannot be meant, in both languages. Shown in English by clap itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    vietnamese: String,
    english: String,
}

impl Misfit {
    pub(crate) fn new(vietnamese: impl Into<String>, english: impl Into<String>) -> Self {
        Self {
            vietnamese: vietnamese.into(),
            english: english.into(),
        }
    }

    /// None of these words.
    pub(crate) fn none_of(words: &[&str]) -> Self {
        let words = words.join(", ");
        Self::new(
            format!("hãy chọn một trong: {words}"),
            format!("one of: {words}"),
        )
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.english)
    }
}

impl Error for Misfit {}

/// The language that is asked for, as far as the arguments can be read.
pub(crate) fn language(arguments: impl Iterator<Item = OsString>) -> Language {
    let arguments: Vec<OsString> = arguments.collect();
    let is_pair =
        |pair: &[OsString]| matches!(pair, [name, word] if name == "--lang" && word == "en");
    if arguments.windows(2).any(is_pair) || arguments.iter().any(|one| one == "--lang=en") {
        Language::En
    } else {
        Language::Vi
    }
}

/// Says what cannot be read, or prints the help or the version that was asked for.
pub(crate) fn tell(error: &clap::Error, language: Language) -> Ending {
    let is_asked_for = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if is_asked_for || is_help || language == Language::En {
        // Nobody reads what cannot be written.
        let _ = error.print();
    } else {
        complain([
            format!("triend: {}", sentence(error)),
            "Xem cách dùng: triend --help, hoặc --help sau tên lệnh.".to_owned(),
        ]);
    }
    if is_asked_for {
        Ending::Well
    } else {
        Ending::Unable
    }
}

/// One line in Vietnamese.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other kinds do not come up with these commands, and share a sentence"
)]
fn sentence(error: &clap::Error) -> String {
    let said = |kind| error.get(kind).map(shown).unwrap_or_default();
    let argument = said(ContextKind::InvalidArg);
    let value = said(ContextKind::InvalidValue);
    let perhaps = |kind| match said(kind) {
        meant if meant.is_empty() => String::new(),
        meant => format!("; có phải là {meant}?"),
    };
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} cần một giá trị"),
        ErrorKind::InvalidValue => {
            let valid = said(ContextKind::ValidValue);
            format!("{argument} không nhận “{value}”: hãy chọn một trong: {valid}")
        }
        ErrorKind::ValueValidation => {
            format!("{argument} không nhận “{value}”: {}", why(error.source()))
        }
        ErrorKind::UnknownArgument => {
            let meant = perhaps(ContextKind::SuggestedArg);
            format!("không có tham số {argument} ở đây{meant}")
        }
        ErrorKind::InvalidSubcommand => {
            let meant = perhaps(ContextKind::SuggestedSubcommand);
            let command = said(ContextKind::InvalidSubcommand);
            format!("không có lệnh {command}{meant}")
        }
        ErrorKind::MissingSubcommand => {
            format!("cần thêm một lệnh: {}", said(ContextKind::ValidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("còn thiếu {argument}"),
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg) {
            prior if prior.is_empty() || prior == argument => {
                format!("{argument} chỉ được nêu một lần")
            }
            prior => format!("{argument} không dùng cùng {prior}"),
        },
        ErrorKind::InvalidUtf8 => "có tham số không phải là chữ UTF-8".to_owned(),
        _ if argument.is_empty() => "tham số không đúng".to_owned(),
        _ => format!("số giá trị của {argument} không đúng"),
    }
}

fn why(cause: Option<&(dyn Error + 'static)>) -> String {
    let Some(cause) = cause else {
        return "không đúng dạng".to_owned();
    };
    if let Some(misfit) = cause.downcast_ref::<Misfit>() {
        return misfit.vietnamese.clone();
    }
    if cause.is::<ParseIntError>() {
        return "cần một số nguyên".to_owned();
    }
    "không đúng dạng".to_owned()
}

/// What clap knows, in a form that leaves the terminal as it is.
fn shown(value: &ContextValue) -> String {
    let text = match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        other @ (ContextValue::None
        | ContextValue::Bool(_)
        | ContextValue::StyledStr(_)
        | ContextValue::StyledStrs(_)
        | ContextValue::Number(_)
        | _) => other.to_string(),
    };
    text.chars()
        .map(|character| {
            if character.is_control() {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::command::Arguments;

    fn said(words: &[&str]) -> String {
        let words = std::iter::once("triend").chain(words.iter().copied());
        sentence(&Arguments::try_parse_from(words).err().unwrap())
    }

    #[test]
    fn what_cannot_be_read_is_told_in_vietnamese() {
        for (words, expected) in [
            (
                &["pairing"][..],
                "không có lệnh pairing; có phải là pairings?",
            ),
            (
                &["--dat", "x"],
                "không có tham số --dat ở đây; có phải là --data?",
            ),
            (
                &["--lang", "fr"],
                "--lang <LANG> không nhận “fr”: hãy chọn một trong: vi, en",
            ),
            (
                &["--as", "a"],
                "--as <ID> không nhận “a”: cần một số nguyên",
            ),
            (&["pairings", "revoke"], "còn thiếu <IDS>..."),
            (&["--data"], "--data <DIR> cần một giá trị"),
            (
                &["--as", "1", "--as", "2"],
                "--as <ID> chỉ được nêu một lần",
            ),
            (
                &["pairings", "grant", "1", "all"],
                "<RIGHTS>... không nhận “all”: hãy chọn một trong: records-read, records-write",
            ),
            (
                &["pairings", "add", "https://a.example/"],
                "<ORIGIN> không nhận “https://a.example/”: cần đúng giao thức, tên máy và cổng nếu khác thường, chữ thường, không có gì phía sau: https://hocba.example.edu.vn",
            ),
            (
                &["pairings", "add", "http://a.example"],
                "<ORIGIN> không nhận “http://a.example”: trang phải dùng https; http chỉ được dùng với trang của chính máy này: http://localhost:8080",
            ),
            (
                &["serve\u{1b}[31m"],
                "không có lệnh serve\u{fffd}[31m; có phải là serve?",
            ),
        ] {
            assert_eq!(said(words), expected);
        }
    }

    #[test]
    fn the_language_is_found_where_nothing_else_can_be_read() {
        let of = |words: &[&str]| language(words.iter().map(OsString::from));
        assert_eq!(of(&["triend", "--x", "--lang", "en"]), Language::En);
        assert_eq!(of(&["triend", "--lang=en", "--x"]), Language::En);
        assert_eq!(of(&["triend", "--lang", "vi", "en"]), Language::Vi);
    }
}
