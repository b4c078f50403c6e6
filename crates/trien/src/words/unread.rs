//! The sentences, in either language, for why octets, files and folders were not read.
//!
//! In English the error's own words; in Vietnamese nothing of these but what the file itself calls
//! by an English name.

use std::io;

use trien_pdf::{Expected, ReadError, ReadErrorKind, StoreFinding, StoreFindingKind};
use trien_policy::Language;
use trien_types::Limit;

/// Why octets were not read as PDF.
pub(crate) fn read_words(error: &ReadError, language: Language) -> String {
    if language == Language::En {
        return error.to_string();
    }
    let words = match &error.kind {
        ReadErrorKind::Empty => return "tệp rỗng (0 byte): hãy chép lại từ nơi gửi".to_owned(),
        ReadErrorKind::NoHeader => {
            return "không phải tệp PDF: đầu tệp không có dấu hiệu %PDF-".to_owned();
        }
        ReadErrorKind::NoStartXref => {
            return "tệp bị cắt hoặc chưa ghi xong: cuối tệp không có startxref".to_owned();
        }
        ReadErrorKind::FilterFailed => "dữ liệu nén bị hỏng".to_owned(),
        ReadErrorKind::FilterUnknown => "cách nén không được biết".to_owned(),
        ReadErrorKind::LimitReached(limit) => format!("vượt giới hạn {}", limit_words(*limit)),
        ReadErrorKind::Encrypted => "đối tượng nằm trong phần bị mã hóa".to_owned(),
        ReadErrorKind::EntryOutsideRevision(id) => {
            format!("mục lục chỉ đối tượng {id} ra ngoài phiên bản của nó")
        }
        ReadErrorKind::ObjectNotAtOffset(id) => {
            format!("đối tượng {id} không nằm ở chỗ mục lục ghi")
        }
        ReadErrorKind::ObjectNotInStream(id) => {
            format!("đối tượng {id} không có trong luồng đối tượng mà mục lục ghi")
        }
        ReadErrorKind::PreviousLoops => {
            "chuỗi mục lục (/Prev) quay vòng hoặc chỉ về phía sau".to_owned()
        }
        ReadErrorKind::ReferenceLoops(id) => format!("tham chiếu tới đối tượng {id} quay vòng"),
        ReadErrorKind::NoRoot => "phần cuối tệp không ghi gốc tài liệu (/Root)".to_owned(),
        ReadErrorKind::StreamOutsideRevision => {
            "dữ liệu của luồng vượt ra ngoài phiên bản của nó".to_owned()
        }
        ReadErrorKind::Unexpected(expected) => format!("thiếu {}", expected_words(*expected)),
        ReadErrorKind::UnexpectedEnd => "dữ liệu dừng giữa chừng".to_owned(),
        _ => "cấu trúc tệp bị hỏng".to_owned(),
    };
    format!("{words} (tại byte {})", error.offset)
}

const fn expected_words(expected: Expected) -> &'static str {
    match expected {
        Expected::Array => "một mảng",
        Expected::Dictionary => "một từ điển PDF",
        Expected::UnsignedInteger => "một số nguyên không âm",
        Expected::EndObj => "từ khóa endobj",
        Expected::EndStream => "từ khóa endstream",
        Expected::Name => "một tên PDF",
        Expected::HexDigit => "chữ số thập lục phân",
        Expected::Number => "một số",
        Expected::Object => "một đối tượng PDF",
        Expected::ObjectHeader => "phần mở đầu của một đối tượng",
        Expected::StreamLineEnd => "dấu xuống dòng sau từ khóa stream",
        Expected::Trailer => "từ khóa trailer",
        Expected::XrefEntry => "một dòng của bảng mục lục (xref)",
        Expected::XrefSection => "bảng mục lục (xref)",
        Expected::Stream => "một luồng dữ liệu",
        _ => "một phần của cấu trúc PDF",
    }
}

const fn limit_words(limit: Limit) -> &'static str {
    match limit {
        Limit::Nesting => "độ sâu lồng nhau",
        Limit::Revisions => "số phiên bản",
        Limit::Objects => "số đối tượng",
        Limit::DecodedOctets => "số byte của một luồng sau giải nén",
        Limit::Filters => "số lần nén của một luồng",
        Limit::Fields => "số trường biểu mẫu",
        Limit::Pages => "số nút của cây trang",
        Limit::DictionaryOctets => "số byte của một đối tượng",
        Limit::ReadOctets => "tổng số byte phải đọc",
        Limit::CmsOctets => "số byte của một chữ ký CMS",
        Limit::CrlOctets => "số byte của một danh sách thu hồi (CRL)",
        Limit::OcspOctets => "số byte của một trả lời OCSP",
        Limit::Certificates => "số chứng thư số",
        Limit::SignerInfos => "số người ký trong một chữ ký CMS",
        _ => "của chương trình",
    }
}

/// What of a security store could not be used, with its place in the file.
pub(crate) fn store_words(finding: &StoreFinding, language: Language) -> String {
    if language == Language::En {
        return finding.to_string();
    }
    let words = match &finding.kind {
        StoreFindingKind::Encrypted => "bị mã hóa nên không đọc",
        StoreFindingKind::KeyUnusual => "không phải SHA-1 viết hoa của một chữ ký",
        StoreFindingKind::KeyTwice => "có hai lần, chỉ đọc lần sau cùng",
        StoreFindingKind::NotAnArray => "không phải mảng",
        StoreFindingKind::NotADictionary => "không phải từ điển PDF",
        StoreFindingKind::NotAStream { .. } => "không phải luồng dữ liệu",
        StoreFindingKind::TimeUnreadable => "không phải ngày giờ",
        StoreFindingKind::TooMuch => "nhiều hơn mức cho phép",
        StoreFindingKind::Unreadable(_) | _ => "không đọc được",
    };
    format!("kho bằng chứng trong tệp, {}: {words}", finding.place)
}

/// Objects stand behind the last finished revision.
pub(crate) fn unfinished_words(offset: usize, language: Language) -> String {
    match language {
        Language::En => format!(
            "objects stand behind the last finished revision: the file is cut off or damaged (at \
             octet {offset})"
        ),
        Language::Vi | _ => format!(
            "có dữ liệu nằm sau phiên bản hoàn chỉnh cuối cùng: tệp bị cắt hoặc bị hỏng (tại byte \
             {offset})"
        ),
    }
}

/// What the system says of a file or a connection, with its number where it has one: a short sentence
/// in the reader's language, in English the system's own.
#[must_use]
pub fn system_words(error: &io::Error, language: Language) -> String {
    if language == Language::En {
        return error.to_string();
    }
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other kinds have the number of the system's message"
    )]
    let words = match error.kind() {
        io::ErrorKind::NotFound => "không có tệp hoặc thư mục này",
        io::ErrorKind::PermissionDenied => "không có quyền đọc hoặc ghi",
        io::ErrorKind::AlreadyExists => "tên này đã có",
        io::ErrorKind::NotADirectory => "không phải là thư mục",
        io::ErrorKind::IsADirectory => "là thư mục",
        io::ErrorKind::StorageFull => "ổ đĩa đã đầy",
        io::ErrorKind::QuotaExceeded => "vượt hạn mức lưu trữ",
        io::ErrorKind::FileTooLarge => "tệp quá lớn",
        io::ErrorKind::ReadOnlyFilesystem => "ổ đĩa chỉ cho đọc",
        io::ErrorKind::UnexpectedEof => "dữ liệu dừng giữa chừng",
        io::ErrorKind::InvalidData => "dữ liệu bị hỏng",
        io::ErrorKind::TimedOut => "quá thời gian chờ",
        io::ErrorKind::OutOfMemory => "không đủ bộ nhớ",
        io::ErrorKind::Interrupted => "bị ngắt giữa chừng",
        io::ErrorKind::StaleNetworkFileHandle => "mất liên lạc với thư mục mạng",
        _ => "lỗi của hệ thống hoặc ổ đĩa",
    };
    match error.raw_os_error() {
        Some(number) => format!("{words} (mã lỗi {number})"),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use trien_pdf::Document;
    use trien_types::Limits;

    use super::*;
    use crate::words::ENGLISH;

    #[test]
    fn nothing_of_a_vietnamese_sentence_is_english() {
        let whole = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Size 2 >>\n\
                      startxref\n9\n%%EOF\n";
        let mut seen = Vec::new();
        // Whatever the end and the octets of a file may be.
        let cut = (0..whole.len()).map(|end| whole[..end].to_vec());
        let changed = (0..whole.len()).map(|at| {
            let mut octets = whole.to_vec();
            octets[at] = b'(';
            octets
        });
        for octets in cut.chain(changed) {
            let Err(error) = Document::open(&octets, &Limits::default()) else {
                continue;
            };
            let said = read_words(&error, Language::Vi);
            assert_eq!(read_words(&error, Language::En), error.to_string());
            for word in ENGLISH {
                assert!(!said.contains(word), "{said}");
            }
            seen.push(said);
        }
        seen.sort();
        seen.dedup_by_key(|said| said.split(" (").next().unwrap().to_owned());
        assert!(seen.len() > 3, "{seen:?}");
        assert!(seen.contains(&"tệp rỗng (0 byte): hãy chép lại từ nơi gửi".to_owned()));
        let denied = io::Error::from_raw_os_error(13);
        assert!(system_words(&denied, Language::Vi).starts_with("không có quyền"));
    }
}
