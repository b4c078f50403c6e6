//! What is wrong with a text that should be TOML of a certain form, in either language, on one line.
//! Knows the sentences of the reader, and nothing of what the text is for.

use crate::Language;

/// The line, from 1, and what stands there.
#[must_use]
pub fn toml_words(error: &toml::de::Error, language: Language) -> String {
    let what = what(error.message(), language);
    match (line(error), language) {
        (Some(line), Language::En) => format!("line {line}: {what}"),
        (Some(line), _) => format!("dòng {line}: {what}"),
        (None, _) => what,
    }
}

/// The same without the line, for whoever tells that otherwise.
pub(crate) fn what(message: &str, language: Language) -> String {
    // Some messages have a second line with a hint.
    let message = message.lines().next().unwrap_or_default();
    if language == Language::En {
        return message.to_owned();
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let mut name = || quoted.next().unwrap_or_default().to_owned();
    if message.starts_with("missing field") {
        return format!("còn thiếu mục {}", name());
    }
    let expected = |first: String, others: Vec<String>| match others.is_empty() {
        true => first,
        false => format!("{first}: hãy dùng một trong {}", others.join(", ")),
    };
    if message.starts_with("unknown field") {
        let first = format!("không có mục {}", name());
        return expected(first, quoted.map(str::to_owned).collect());
    }
    if message.starts_with("unknown variant") {
        let first = format!("không có giá trị {}", name());
        return expected(first, quoted.map(str::to_owned).collect());
    }
    if message.starts_with("duplicate") {
        return "mục này đã có ở trên".to_owned();
    }
    if message.starts_with("invalid type")
        || message.starts_with("invalid value")
        || message.starts_with("data did not match")
    {
        return "giá trị không đúng kiểu (chữ cần đặt trong dấu ngoặc kép)".to_owned();
    }
    "không đúng cú pháp TOML".to_owned()
}

/// The reader names it in its whole message alone, on the first line of that.
fn line(error: &toml::de::Error) -> Option<usize> {
    let whole = error.to_string();
    let (_, behind) = whole.lines().next()?.split_once(" at line ")?;
    let digits = behind
        .split(|letter: char| !letter.is_ascii_digit())
        .next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Form {
        title: String,
        kind: Option<Kind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Needed,
        NotNeeded,
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_without_english() {
        for (text, expected) in [
            (
                "title = \"a\"\nx = 1",
                "dòng 2: không có mục x: hãy dùng một trong title, kind",
            ),
            ("kind = \"needed\"", "dòng 1: còn thiếu mục title"),
            (
                "title = \"a\"\n\nkind = \"no\"",
                "dòng 3: không có giá trị no: hãy dùng một trong needed, not-needed",
            ),
            (
                "title = \"a\"\ntitle = \"b\"",
                "dòng 2: mục này đã có ở trên",
            ),
            (
                "title = 1",
                "dòng 1: giá trị không đúng kiểu (chữ cần đặt trong dấu ngoặc kép)",
            ),
            ("title = \"a", "dòng 1: không đúng cú pháp TOML"),
        ] {
            let error = toml::from_str::<Form>(text).unwrap_err();
            assert_eq!(toml_words(&error, Language::Vi), expected);
            assert_eq!(toml_words(&error, Language::En).lines().count(), 1);
        }
    }
}
