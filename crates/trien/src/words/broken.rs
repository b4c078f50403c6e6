//! Why a signature is broken, or cannot be checked.

use trien_cms::{BrokenBecause, CmsError, UnsupportedBecause};
use trien_pdf::ByteRangeError;
use trien_policy::Language;
use trien_types::SignatureScheme;
use trien_x509::{AlgorithmError, VerifyError};

use super::deviation::attribute_words;

/// Why a signature does not hold.
pub(crate) fn broken_words(because: &BrokenBecause, language: Language) -> String {
    if language == Language::En {
        return because.to_string();
    }
    match because {
        BrokenBecause::Algorithm(error) => return algorithm_words(error),
        BrokenBecause::Attribute(error) => return attribute_words(error, language),
        BrokenBecause::AttributesHoldDocument => {
            "các thuộc tính được ký có chứa một văn bản: văn bản đó mới là phần đã ký"
        }
        BrokenBecause::ContentTypeDiffers { attribute, content } => {
            return format!("thuộc tính content-type ghi {attribute}, nội dung lại là {content}");
        }
        BrokenBecause::ContentDiffers => "nội dung nhúng không phải giá trị băm của văn bản",
        BrokenBecause::ContentAbsent => "thiếu nội dung nhúng",
        BrokenBecause::ContentPresent => "chữ ký tách rời mà lại có nội dung nhúng",
        BrokenBecause::DigestNotListed(oid) => {
            return format!("phép băm {oid} của người ký không có trong danh sách của chữ ký");
        }
        BrokenBecause::ImprintDiffers => "dấu thời gian được cấp cho dữ liệu khác",
        BrokenBecause::MessageDigestDiffers => "giá trị băm không khớp với phần được ký",
        BrokenBecause::NoSigner => "không có người ký",
        BrokenBecause::SeveralSigners { count } => {
            return format!("có {count} người ký trong một chữ ký, không phải một");
        }
        BrokenBecause::SignerCertificateAbsent => "không kèm chứng thư số của người ký",
        BrokenBecause::SignerCertificateMalformed => "chứng thư số của người ký không đọc được",
        BrokenBecause::SigningCertificateDiffers => "thuộc tính được ký ghi một chứng thư số khác",
        BrokenBecause::TrailingStructure { offset } => {
            return format!("sau chữ ký còn một cấu trúc thứ hai, tại byte {offset}");
        }
        BrokenBecause::Value(error) => return value_words(error),
        _ => "chữ ký không đúng",
    }
    .to_owned()
}

/// What this program cannot check.
pub(crate) fn unsupported_words(because: &UnsupportedBecause, language: Language) -> String {
    if language == Language::En {
        return because.to_string();
    }
    match because {
        UnsupportedBecause::Algorithm(error) => algorithm_words(error),
        UnsupportedBecause::Digest(_) => {
            "OpenSSL trên máy này không có phép băm đã dùng".to_owned()
        }
        UnsupportedBecause::PublicKey(_) => "không đọc được khóa công khai của người ký".to_owned(),
        UnsupportedBecause::Verify(error) => value_words(error),
        _ => "cách ký này chưa được hỗ trợ".to_owned(),
    }
}

fn algorithm_words(error: &AlgorithmError) -> String {
    match error {
        AlgorithmError::BadParameters(oid) => format!("tham số của thuật toán {oid} sai"),
        AlgorithmError::DigestMismatch { stated, fixed } => {
            format!("ghi phép băm {stated} trong khi thuật toán chữ ký dùng {fixed}")
        }
        AlgorithmError::DigestNotStated => "không ghi phép băm".to_owned(),
        AlgorithmError::NotADigest(oid) => format!("{oid} không phải phép băm"),
        AlgorithmError::NotASignature(oid) => format!("{oid} không phải thuật toán chữ ký"),
        AlgorithmError::Unknown(oid) => format!("không biết thuật toán {oid}"),
        AlgorithmError::UnknownDigestMismatch { .. } | _ => {
            "các thuật toán ghi trong chữ ký mâu thuẫn nhau".to_owned()
        }
    }
}

/// `ECDSA với SHA-256`.
pub(super) fn scheme_name(scheme: SignatureScheme) -> String {
    scheme.to_string().replace(" with ", " với ")
}

fn value_words(error: &VerifyError) -> String {
    match error {
        VerifyError::DigestUnavailable(_) => {
            "OpenSSL trên máy này không có phép băm đã dùng".to_owned()
        }
        VerifyError::MessageNeeded => "thuật toán cần toàn bộ nội dung".to_owned(),
        VerifyError::KeyDoesNotFit { scheme, .. } => format!(
            "thuật toán {} không dùng được với khóa của người ký",
            scheme_name(*scheme)
        ),
        VerifyError::PlainRAndS => {
            "giá trị là r và s viết liền, không phải cấu trúc DER của chúng".to_owned()
        }
        VerifyError::NotASequenceOfTwoIntegers => {
            "giá trị không phải cấu trúc DER của hai số nguyên dương".to_owned()
        }
        VerifyError::Unsupported(scheme) => {
            format!("chưa hỗ trợ thuật toán {}", scheme_name(*scheme))
        }
        VerifyError::ValueDoesNotHold => "giá trị chữ ký sai".to_owned(),
        _ => "giá trị chữ ký không dùng được".to_owned(),
    }
}

/// What /Contents is instead of a signature.
pub(crate) fn malformed_words(error: &CmsError, language: Language) -> String {
    match language {
        Language::En => error.to_string(),
        Language::Vi | _ => {
            "dữ liệu trong /Contents không phải chữ ký CMS đúng cấu trúc".to_owned()
        }
    }
}

/// Why /ByteRange names no signed spans.
pub(crate) fn byte_range_words(error: &ByteRangeError, language: Language) -> String {
    if language == Language::En {
        return error.to_string();
    }
    match error {
        ByteRangeError::Absent => "chữ ký không có /ByteRange",
        ByteRangeError::NotIntegers => "/ByteRange không phải mảng số nguyên từ 0",
        ByteRangeError::NotTwoSpans { integers } => {
            return format!("/ByteRange có {integers} số, không phải 4");
        }
        ByteRangeError::StartsLater => "phần được ký không bắt đầu từ byte đầu của tệp",
        ByteRangeError::OutsideFile => "/ByteRange chỉ ra ngoài tệp hoặc tự chồng lên nhau",
        ByteRangeError::ContentsAbsent => "chữ ký không có /Contents",
        ByteRangeError::ContentsNotHexadecimal => "/Contents không phải chuỗi thập lục phân",
        ByteRangeError::ContentsUnfilled => "chỗ ký đã chuẩn bị nhưng chưa ai ký",
        ByteRangeError::GapIsNotContents { .. } => {
            "phần bỏ ra ngoài chữ ký không đúng là /Contents của chữ ký"
        }
        ByteRangeError::DuplicateKey => "một khóa có hai lần trong từ điển chữ ký",
        ByteRangeError::InObjectStream => "từ điển chữ ký nằm trong luồng đối tượng",
        _ => "phạm vi được ký không đúng",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::ENGLISH;

    #[test]
    fn nothing_of_a_vietnamese_sentence_is_english() {
        let broken = [
            BrokenBecause::AttributesHoldDocument,
            BrokenBecause::ContentDiffers,
            BrokenBecause::ContentAbsent,
            BrokenBecause::ContentPresent,
            BrokenBecause::ImprintDiffers,
            BrokenBecause::MessageDigestDiffers,
            BrokenBecause::NoSigner,
            BrokenBecause::SeveralSigners { count: 2 },
            BrokenBecause::SignerCertificateAbsent,
            BrokenBecause::SignerCertificateMalformed,
            BrokenBecause::SigningCertificateDiffers,
            BrokenBecause::TrailingStructure { offset: 7 },
            BrokenBecause::Value(VerifyError::ValueDoesNotHold),
            BrokenBecause::Value(VerifyError::MessageNeeded),
            BrokenBecause::Value(VerifyError::PlainRAndS),
            BrokenBecause::Value(VerifyError::NotASequenceOfTwoIntegers),
            BrokenBecause::Algorithm(AlgorithmError::DigestNotStated),
        ];
        let ranges = [
            ByteRangeError::Absent,
            ByteRangeError::NotIntegers,
            ByteRangeError::NotTwoSpans { integers: 3 },
            ByteRangeError::StartsLater,
            ByteRangeError::OutsideFile,
            ByteRangeError::ContentsAbsent,
            ByteRangeError::ContentsNotHexadecimal,
            ByteRangeError::ContentsUnfilled,
            ByteRangeError::DuplicateKey,
            ByteRangeError::InObjectStream,
        ];
        let said = broken
            .iter()
            .map(|because| broken_words(because, Language::Vi))
            .chain(
                ranges
                    .iter()
                    .map(|error| byte_range_words(error, Language::Vi)),
            );
        for said in said {
            assert!(!said.is_ascii(), "{said}");
            for word in ENGLISH {
                assert!(!said.contains(word), "{said}");
            }
        }
        let first = &broken[0];
        assert_eq!(broken_words(first, Language::En), first.to_string());
    }
}
