//! The words of the contract as people read them.
//! A word that is not known is shown as it stands.

use trien::Language;

const fn choose(language: Language, vi: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Vi | _ => vi,
    }
}

/// The entry of a table in a language, or the word itself.
fn of<'w>(
    table: &[(&str, &'static str, &'static str)],
    word: &'w str,
    language: Language,
) -> &'w str {
    table
        .iter()
        .find(|(known, _, _)| *known == word)
        .map_or(word, |(_, vi, en)| choose(language, vi, en))
}

pub(crate) fn conclusion(word: &str, language: Language) -> &str {
    const TABLE: &[(&str, &str, &str)] = &[
        ("valid", "hợp lệ", "valid"),
        ("invalid", "không hợp lệ", "invalid"),
        ("indeterminate", "chưa xác định", "indeterminate"),
        ("unsigned", "chưa ký", "unsigned"),
        ("unreadable", "không đọc được", "unreadable"),
    ];
    of(TABLE, word, language)
}

pub(crate) fn kind_of_file(word: &str, language: Language) -> &str {
    const TABLE: &[(&str, &str, &str)] = &[
        ("record", "hồ sơ phải ký", "record to be signed"),
        ("scan", "bản quét từ giấy", "scan of paper"),
        ("not-due", "chưa đến hạn ký", "not due yet"),
    ];
    of(TABLE, word, language)
}

pub(crate) fn signature_kind(word: &str, language: Language) -> &str {
    const TABLE: &[(&str, &str, &str)] = &[
        ("approval", "chữ ký", "approval"),
        ("certification", "chữ ký chứng nhận", "certification"),
        (
            "document-timestamp",
            "dấu thời gian văn bản",
            "document time stamp",
        ),
    ];
    of(TABLE, word, language)
}

pub(crate) fn signer_kind(word: &str, language: Language) -> &str {
    const TABLE: &[(&str, &str, &str)] = &[
        ("person", "cá nhân", "person"),
        ("organisation", "cơ quan, tổ chức", "organisation"),
        (
            "person-in-organisation",
            "cá nhân thuộc tổ chức",
            "person in an organisation",
        ),
        ("unknown", "không rõ", "unknown"),
    ];
    of(TABLE, word, language)
}

pub(crate) fn integrity(word: &str, language: Language) -> &str {
    const TABLE: &[(&str, &str, &str)] = &[
        ("intact", "toàn vẹn", "intact"),
        ("broken", "bị phá vỡ", "broken"),
        ("unsupported", "chưa hỗ trợ", "unsupported"),
    ];
    of(TABLE, word, language)
}

pub(crate) fn change_word(word: &str, language: Language) -> &str {
    const TABLE: &[(&str, &str, &str)] = &[
        ("none", "không", "none"),
        ("permitted", "được phép", "permitted"),
        ("forbidden", "không được phép", "forbidden"),
    ];
    of(TABLE, word, language)
}

pub(crate) fn indication(word: &str, language: Language) -> &str {
    const TABLE: &[(&str, &str, &str)] = &[
        ("TOTAL-PASSED", "đạt", "passed"),
        ("TOTAL-FAILED", "không đạt", "failed"),
        ("INDETERMINATE", "chưa xác định", "indeterminate"),
    ];
    of(TABLE, word, language)
}

pub(crate) fn workflow_word(word: &str, language: Language) -> &str {
    const TABLE: &[(&str, &str, &str)] = &[
        ("complete", "đủ và đúng thứ tự", "complete"),
        (
            "unconfirmed",
            "đủ, chưa xác nhận",
            "complete, not confirmed",
        ),
        ("incomplete", "còn thiếu bước", "incomplete"),
        (
            "violated",
            "sai thứ tự hoặc thẩm quyền",
            "out of order or without authority",
        ),
    ];
    of(TABLE, word, language)
}

/// Nothing where it is not known.
pub(crate) const fn yes_or_no(answer: Option<bool>, language: Language) -> &'static str {
    match answer {
        Some(true) => choose(language, "có", "yes"),
        Some(false) => choose(language, "không", "no"),
        None => "",
    }
}

/// What turns the order of letters around, or joins none: a name must not show as another one.
pub(crate) const fn turns_around(letter: char) -> bool {
    matches!(letter, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_are_shown_as_they_stand() {
        assert_eq!(conclusion("valid", Language::Vi), "hợp lệ");
        assert_eq!(conclusion("valid", Language::En), "valid");
        assert_eq!(conclusion("soon", Language::Vi), "soon");
    }
}
