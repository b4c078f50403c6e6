//! Why no certification path holds.

use trien_policy::Language;
use trien_trust::{BudgetItem, PathFailureReason, PathPurpose};

/// Certificates are named by their ids, which are long: only what people look up is named.
pub(crate) fn path_words(reason: &PathFailureReason, language: Language) -> String {
    if language == Language::En {
        return reason.to_string();
    }
    match reason {
        PathFailureReason::AnchorEnded {
            valid_until, time, ..
        } => format!("chứng thư số gốc chỉ được tin cậy đến {valid_until}, trước {time}"),
        PathFailureReason::AnchorNotForPurpose { purpose, .. } => {
            format!(
                "chứng thư số gốc không được tin cậy để {}",
                purpose_words(*purpose)
            )
        }
        PathFailureReason::BudgetSpent(item) => format!(
            "dừng tìm đường dẫn chứng thực vì vượt {}",
            budget_words(*item)
        ),
        PathFailureReason::CertificateNotRead { .. } => {
            "có chứng thư số trên đường dẫn không đọc được".to_owned()
        }
        PathFailureReason::CriticalExtensionUnknown { extension, .. } => {
            let words = "chứng thư số có phần mở rộng bắt buộc mà chương trình không biết";
            extension.as_ref().map_or_else(
                || words.to_owned(),
                |extension| format!("{words}: {extension}"),
            )
        }
        PathFailureReason::Expired {
            not_after, time, ..
        } => format!("chứng thư số hết hạn lúc {not_after}, trước {time}"),
        PathFailureReason::ExtensionRepeated { extension, .. } => {
            format!("chứng thư số có phần mở rộng {extension} hai lần")
        }
        PathFailureReason::IssuerNotLinked { .. } => {
            "tên và mã khóa của bên cấp ghi trong chứng thư số không khớp với bên cấp".to_owned()
        }
        PathFailureReason::KeyUsageForbids { .. } => {
            "mục đích sử dụng ghi trong chứng thư số không cho phép việc này".to_owned()
        }
        PathFailureReason::NameNotPermitted { .. } => {
            "tên trong chứng thư số nằm ngoài phạm vi mà bên cấp được phép cấp".to_owned()
        }
        PathFailureReason::NoIssuerFound { issuer, .. } => format!(
            "không có chứng thư số của bên cấp {issuer}: hãy thêm chứng thư số này hoặc gốc của nó"
        ),
        PathFailureReason::NotACa { .. } => {
            "có chứng thư số cấp cho chứng thư số khác mà không phải của bên cấp".to_owned()
        }
        PathFailureReason::NotYetValid {
            not_before, time, ..
        } => format!("chứng thư số có hiệu lực từ {not_before}, sau {time}"),
        PathFailureReason::Other { code, .. } => {
            format!("OpenSSL từ chối đường dẫn chứng thực (mã {code})")
        }
        PathFailureReason::PathTooLong { .. } => {
            "đường dẫn chứng thực dài hơn mức bên cấp cho phép".to_owned()
        }
        PathFailureReason::PolicyNotPermitted { .. } => {
            "chính sách ghi trong chứng thư số không đúng yêu cầu của bên cấp".to_owned()
        }
        PathFailureReason::RootNotAnAnchor { .. } => {
            "đường dẫn kết thúc ở một gốc không có trong các gốc được tin cậy".to_owned()
        }
        PathFailureReason::SignatureDoesNotHold { .. } => {
            "chữ ký của bên cấp trên chứng thư số không đúng".to_owned()
        }
        PathFailureReason::SignatureNotDecided { .. } => {
            "chữ ký của bên cấp trên chứng thư số chưa kiểm tra được".to_owned()
        }
        _ => "đường dẫn chứng thực không được chấp nhận".to_owned(),
    }
}

const fn purpose_words(purpose: PathPurpose) -> &'static str {
    match purpose {
        PathPurpose::CrlSigning => "ký danh sách thu hồi",
        PathPurpose::OcspSigning => "ký trả lời OCSP",
        PathPurpose::DocumentSigning => "ký văn bản",
        PathPurpose::TimeStamping => "cấp dấu thời gian",
        _ => "làm việc này",
    }
}

pub(super) const fn budget_words(item: BudgetItem) -> &'static str {
    match item {
        BudgetItem::CompletePaths => "số đường dẫn được xét",
        BudgetItem::Issuers => "số bên cấp được xét",
        BudgetItem::PathCertificates => "số chứng thư số trên một đường dẫn",
        BudgetItem::Signatures => "số chữ ký phải kiểm tra",
        _ => "mức xử lý cho phép",
    }
}

#[cfg(test)]
mod tests {
    use trien_types::{CertificateId, UnixTime};

    use super::*;
    use crate::words::ENGLISH;

    #[test]
    fn nothing_of_a_vietnamese_sentence_is_english() {
        let certificate = CertificateId::from_sha256([7; 32]);
        let time = UnixTime::from_seconds(0);
        for reason in [
            PathFailureReason::AnchorEnded {
                anchor: certificate,
                valid_until: time,
                time,
            },
            PathFailureReason::AnchorNotForPurpose {
                anchor: certificate,
                purpose: PathPurpose::TimeStamping,
            },
            PathFailureReason::BudgetSpent(BudgetItem::Issuers),
            PathFailureReason::CertificateNotRead { certificate },
            PathFailureReason::Expired {
                certificate,
                not_after: time,
                time,
            },
            PathFailureReason::IssuerNotLinked { certificate },
            PathFailureReason::KeyUsageForbids { certificate },
            PathFailureReason::NameNotPermitted { certificate },
            PathFailureReason::NotACa { certificate },
            PathFailureReason::NotYetValid {
                certificate,
                not_before: time,
                time,
            },
            PathFailureReason::Other {
                code: 1,
                text: "unspecified certificate verification error",
            },
            PathFailureReason::PathTooLong { certificate },
            PathFailureReason::PolicyNotPermitted { certificate },
            PathFailureReason::RootNotAnAnchor { root: certificate },
            PathFailureReason::SignatureDoesNotHold {
                certificate,
                issuer: certificate,
            },
            PathFailureReason::SignatureNotDecided {
                certificate,
                issuer: certificate,
                cause: None,
            },
        ] {
            let said = path_words(&reason, Language::Vi);
            assert_eq!(path_words(&reason, Language::En), reason.to_string());
            assert!(!said.is_ascii(), "{said}");
            for word in ENGLISH {
                assert!(!said.contains(word), "{said}");
            }
        }
    }
}
