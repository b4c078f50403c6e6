//! The words of the contract as people read them.
//! A word that is not known is shown as it stands.

use trien::Language;

pub(crate) const fn choose(language: Language, vi: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Vi | _ => vi,
    }
}

/// Words of the contract with their Vietnamese and English.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table(&'static [(&'static str, &'static str, &'static str)]);

impl Table {
    /// The entry in a language, or the word itself.
    pub(crate) fn word(self, word: &str, language: Language) -> &str {
        self.0
            .iter()
            .find(|(known, _, _)| *known == word)
            .map_or(word, |(_, vi, en)| choose(language, vi, en))
    }
}

pub(crate) const VERDICTS: Table = Table(&[
    ("valid", "hợp lệ", "valid"),
    ("invalid", "không hợp lệ", "invalid"),
    ("indeterminate", "chưa xác định", "indeterminate"),
    ("unsigned", "chưa ký", "unsigned"),
    ("not-needed", "không phải ký", "needs no signature"),
    ("unreadable", "không đọc được", "unreadable"),
]);

pub(crate) const KINDS_OF_FILES: Table = Table(&[
    ("record", "hồ sơ phải ký", "record to be signed"),
    ("scan", "bản quét từ giấy", "scan of paper"),
    ("not-due", "không phải ký", "needs no signature"),
    (
        "unreachable",
        "đường dẫn không xem được",
        "path that cannot be looked into",
    ),
]);

/// What was not looked at; an ending such as `.docx` stands for itself.
pub(crate) const KINDS_LEFT_OUT: Table = Table(&[
    (
        "%PDF-",
        "PDF không mang đuôi .pdf",
        "PDF that is not called .pdf",
    ),
    ("link", "liên kết", "link"),
    ("other", "loại khác", "other kinds"),
]);

pub(crate) const KINDS_OF_SIGNATURES: Table = Table(&[
    ("approval", "chữ ký", "approval"),
    ("certification", "chữ ký chứng nhận", "certification"),
    (
        "document-timestamp",
        "dấu thời gian văn bản",
        "document time stamp",
    ),
]);

pub(crate) const KINDS_OF_SIGNERS: Table = Table(&[
    ("person", "cá nhân", "person"),
    ("organisation", "cơ quan, tổ chức", "organisation"),
    (
        "person-in-organisation",
        "cá nhân thuộc tổ chức",
        "person in an organisation",
    ),
    ("unknown", "không rõ", "unknown"),
]);

pub(crate) const INTEGRITIES: Table = Table(&[
    ("intact", "toàn vẹn", "intact"),
    ("broken", "bị phá vỡ", "broken"),
    ("unsupported", "chưa hỗ trợ", "unsupported"),
]);

pub(crate) const CHANGES: Table = Table(&[
    ("none", "không", "none"),
    ("permitted", "được phép", "permitted"),
    ("forbidden", "không được phép", "forbidden"),
]);

pub(crate) const INDICATIONS: Table = Table(&[
    ("TOTAL-PASSED", "đạt", "passed"),
    ("TOTAL-FAILED", "không đạt", "failed"),
    ("INDETERMINATE", "chưa xác định", "indeterminate"),
]);

pub(crate) const WORKFLOWS: Table = Table(&[
    ("complete", "đủ và đúng thứ tự", "complete"),
    (
        "unconfirmed",
        "đủ, chưa xác nhận",
        "complete, not confirmed",
    ),
    ("incomplete", "còn thiếu bước", "incomplete"),
    ("violated", "trái quy trình", "against the workflow"),
]);

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
mod codes;

#[cfg(test)]
mod tests {
    use super::codes::codes;
    use super::*;

    #[test]
    fn every_code_of_the_library_has_a_vietnamese_and_an_english_word() {
        let kinds_left_out = trien::archive::LeftOut::WORDS.map(str::to_owned).to_vec();
        for (table, codes) in [
            (VERDICTS, codes::<trien::archive::Verdict>()),
            (VERDICTS, codes::<trien::DocumentConclusion>()),
            (KINDS_OF_FILES, codes::<trien::archive::RecordKind>()),
            (KINDS_LEFT_OUT, kinds_left_out),
            (KINDS_OF_SIGNATURES, codes::<trien::SignatureKindFact>()),
            (KINDS_OF_SIGNERS, codes::<trien::SignerKind>()),
            (INTEGRITIES, codes::<trien::IntegrityFact>()),
            (CHANGES, codes::<trien::ChangesFact>()),
            (WORKFLOWS, codes::<trien::WorkflowConclusion>()),
        ] {
            assert!(codes.len() > 1, "{codes:?}");
            for code in codes {
                let known = table.0.iter().find(|(known, ..)| *known == code);
                let (_, vi, en) = known.unwrap_or_else(|| panic!("{code}"));
                assert!(!vi.is_empty() && !en.is_empty(), "{code}");
            }
        }
    }

    #[test]
    fn unknown_words_are_shown_as_they_stand() {
        assert_eq!(VERDICTS.word("valid", Language::Vi), "hợp lệ");
        assert_eq!(VERDICTS.word("valid", Language::En), "valid");
        assert_eq!(VERDICTS.word("soon", Language::Vi), "soon");
    }
}
