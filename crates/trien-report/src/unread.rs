//! Why a file could not be read, in Vietnamese: lines of a run in English have the reader's own words.
//! Knows their beginnings; what it does not know stays as it stands.

use std::borrow::Cow;

use trien::Language;

/// How the reader's sentences begin (`trien_pdf::ReadError`, `trien::verify`), and what they say. The
/// longest one that fits counts, so that the order does not.
const SENTENCES: [(&str, &str); 16] = [
    ("the file is empty", "tệp rỗng"),
    (
        "this is no PDF file",
        "tệp này không phải PDF: không thấy dấu %PDF- ở đầu tệp",
    ),
    (
        "no startxref with a number",
        "tệp bị cắt cụt hoặc chưa ghi xong: không thấy chỗ bắt đầu bảng tham chiếu",
    ),
    ("the stream's data are damaged", "dữ liệu trong tệp bị hỏng"),
    (
        "the stream's filter is unknown",
        "tệp dùng cách nén mà chương trình không biết",
    ),
    (
        "over the limit",
        "tệp vượt giới hạn an toàn của chương trình",
    ),
    (
        "the object is in an encrypted object stream",
        "phần này nằm trong dữ liệu bị mã hóa",
    ),
    (
        "the entry of object",
        "bảng tham chiếu sai: chỉ ra ngoài phiên bản",
    ),
    (
        "object ",
        "bảng tham chiếu sai: đối tượng không ở chỗ đã ghi",
    ),
    ("/Prev leads", "bảng tham chiếu dẫn vòng"),
    ("the reference to object", "tham chiếu dẫn vòng về chính nó"),
    ("the trailer names no /Root", "tệp thiếu phần gốc"),
    (
        "the stream's data go on behind",
        "dữ liệu kéo dài quá phiên bản chứa nó",
    ),
    ("expected ", "cấu trúc tệp sai"),
    ("the bytes end in the middle", "tệp kết thúc giữa chừng"),
    (
        "objects stand behind the last finished revision",
        "sau phiên bản cuối còn đối tượng: tệp bị cắt cụt hoặc hỏng",
    ),
];

/// The sentence in Vietnamese, with the place in the file; `None` for one that is not known, which
/// may be Vietnamese already.
pub(crate) fn in_vietnamese(error: &str) -> Option<String> {
    let fitting = SENTENCES
        .iter()
        .filter(|(english, _)| error.starts_with(english));
    let (_, told) = fitting.max_by_key(|(english, _)| english.len())?;
    let place = error
        .rsplit_once("at octet ")
        .and_then(|(_, place)| place.strip_suffix(')'))
        .filter(|place| place.bytes().all(|octet| octet.is_ascii_digit()));
    Some(place.map_or_else(
        || (*told).to_owned(),
        |place| format!("{told} (tại byte {place})"),
    ))
}

/// The sentence in a language.
pub(crate) fn told(error: &str, language: Language) -> Cow<'_, str> {
    match language {
        Language::En => error.into(),
        Language::Vi | _ => in_vietnamese(error).map_or_else(|| error.into(), Cow::Owned),
    }
}

#[cfg(test)]
mod tests {
    use trien::{Document, Limits, UnixTime, Verification, verify};

    use super::*;

    #[test]
    fn what_the_reader_says_of_broken_files_is_said_in_vietnamese() {
        let anchors = trien::trust::TrustAnchors::default();
        let mut verification = Verification::new(&anchors, UnixTime::from_seconds(1_780_000_000));
        // Of a run in English; one in Vietnamese says it in Vietnamese itself.
        verification.language = Language::En;
        for file in [
            b"".as_slice(),
            b"no PDF at all",
            b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n",
            b"%PDF-1.7\nstartxref\n99999\n%%EOF",
            b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 >>\nstartxref\n9\n%%EOF",
            b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 7 0 R /Prev 9 >>\nstartxref\n9\n%%EOF",
        ] {
            let error = Document::open(file, &Limits::default()).err();
            let said = verify(file, &verification).document.unreadable;
            for error in error.map(|error| error.to_string()).into_iter().chain(said) {
                let told = in_vietnamese(&error);
                assert!(told.is_some_and(|told| !told.is_ascii()), "{error}");
            }
        }
    }

    #[test]
    fn the_place_is_kept_and_other_sentences_stay() {
        assert_eq!(
            told("expected a name (at octet 12)", Language::Vi),
            "cấu trúc tệp sai (tại byte 12)"
        );
        assert_eq!(told("expected a name", Language::En), "expected a name");
        assert_eq!(told("không mở được tệp", Language::Vi), "không mở được tệp");
        assert_eq!(in_vietnamese("=1+1 <script>"), None);
    }
}
