//! Why evidence about revocation says nothing, and why a certificate was revoked.

use trien_policy::Language;
use trien_trust::revocation::RejectionReason;
use trien_x509::{OcspResponseStatus, RevocationReason};

use super::certificate_path::{budget_words, path_words};

/// Why a piece of evidence makes no statement about a certificate.
pub(crate) fn rejection_words(reason: &RejectionReason, language: Language) -> String {
    if language == Language::En {
        return reason.to_string();
    }
    match reason {
        RejectionReason::AboutOtherCertificates => "trả lời OCSP nói về chứng thư số khác",
        RejectionReason::BudgetSpent(item) => {
            return format!("dừng xét vì vượt {}", budget_words(*item));
        }
        RejectionReason::CertificateKindOutOfScope(_) => {
            "danh sách thu hồi dành cho loại chứng thư số khác"
        }
        RejectionReason::DeltaWithoutBase => {
            "danh sách thu hồi bổ sung thiếu danh sách đầy đủ mà nó bổ sung cho"
        }
        RejectionReason::EntryUnreadable(_) => {
            "dòng về chứng thư số này trong danh sách thu hồi không đọc được"
        }
        RejectionReason::IssuerDoesNotFit => {
            "danh sách thu hồi không phải của bên cấp chứng thư số này"
        }
        RejectionReason::OtherDistributionPoint => "danh sách thu hồi của nơi phát hành khác",
        RejectionReason::ReasonsDoNotMeet => {
            "danh sách thu hồi không gồm các lý do thu hồi cần biết"
        }
        RejectionReason::ResponderOutsideValidity { produced_at, .. } => {
            return format!(
                "chứng thư số của bên trả lời OCSP không có hiệu lực lúc {produced_at}"
            );
        }
        RejectionReason::SignatureNotShown { .. } => "chữ ký trên bằng chứng thu hồi không đúng",
        RejectionReason::SignerKeyUsage { .. } => {
            "chứng thư số ký bằng chứng thu hồi không được phép ký việc này"
        }
        RejectionReason::SignerNotAuthorised { .. } => {
            "bên trả lời OCSP không được bên cấp ủy quyền"
        }
        RejectionReason::SignerNotFound => "không có chứng thư số của bên ký bằng chứng thu hồi",
        RejectionReason::SignerWithoutPath { cause, .. } => {
            return format!(
                "chứng thư số của bên ký bằng chứng thu hồi không dẫn tới gốc: {}",
                path_words(cause, language)
            );
        }
        RejectionReason::Unsuccessful(status) => {
            return format!("bên trả lời OCSP không trả lời: {}", status_words(*status));
        }
        RejectionReason::UnknownCriticalExtension(oid) => {
            return format!("bằng chứng thu hồi có phần mở rộng bắt buộc {oid} không được biết");
        }
        _ => "bằng chứng thu hồi không dùng được",
    }
    .to_owned()
}

fn status_words(status: OcspResponseStatus) -> String {
    match status {
        OcspResponseStatus::MalformedRequest => "câu hỏi sai quy cách".to_owned(),
        OcspResponseStatus::InternalError => "lỗi bên trong".to_owned(),
        OcspResponseStatus::TryLater => "hãy thử lại sau".to_owned(),
        OcspResponseStatus::SignatureRequired => "câu hỏi phải được ký".to_owned(),
        OcspResponseStatus::Unauthorized => "không được phép hỏi".to_owned(),
        OcspResponseStatus::Unlisted(number) => format!("mã {number}"),
        OcspResponseStatus::Successful | _ => "không rõ".to_owned(),
    }
}

/// Why a certificate was revoked (RFC 5280, 5.3.1).
pub(crate) fn reason_words(reason: RevocationReason, language: Language) -> String {
    if language == Language::En {
        return reason.to_string();
    }
    match reason {
        RevocationReason::Unspecified => "không nêu lý do".to_owned(),
        RevocationReason::KeyCompromise => "lộ khóa".to_owned(),
        RevocationReason::CaCompromise => "bên cấp bị lộ khóa".to_owned(),
        RevocationReason::AffiliationChanged => "thay đổi nơi công tác".to_owned(),
        RevocationReason::Superseded => "được thay bằng chứng thư số khác".to_owned(),
        RevocationReason::CessationOfOperation => "ngừng hoạt động".to_owned(),
        RevocationReason::CertificateHold => "tạm dừng".to_owned(),
        RevocationReason::RemoveFromCrl => "bỏ khỏi danh sách thu hồi".to_owned(),
        RevocationReason::PrivilegeWithdrawn => "bị rút quyền".to_owned(),
        RevocationReason::AaCompromise => "bên cấp thuộc tính bị lộ khóa".to_owned(),
        RevocationReason::Unlisted(number) => format!("lý do số {number}"),
        _ => "lý do khác".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use trien_types::CertificateId;

    use super::*;
    use crate::words::ENGLISH;

    #[test]
    fn nothing_of_a_vietnamese_sentence_is_english() {
        let certificate = CertificateId::from_sha256([7; 32]);
        let rejections = [
            RejectionReason::AboutOtherCertificates,
            RejectionReason::DeltaWithoutBase,
            RejectionReason::IssuerDoesNotFit,
            RejectionReason::OtherDistributionPoint,
            RejectionReason::ReasonsDoNotMeet,
            RejectionReason::SignerKeyUsage { certificate },
            RejectionReason::SignerNotAuthorised { certificate },
            RejectionReason::SignerNotFound,
            RejectionReason::Unsuccessful(OcspResponseStatus::TryLater),
        ];
        let reasons = [
            RevocationReason::KeyCompromise,
            RevocationReason::Superseded,
            RevocationReason::PrivilegeWithdrawn,
        ];
        let said = rejections
            .iter()
            .map(|reason| rejection_words(reason, Language::Vi))
            .chain(reasons.map(|reason| reason_words(reason, Language::Vi)));
        for said in said {
            assert!(!said.is_ascii(), "{said}");
            for word in ENGLISH {
                assert!(!said.contains(word), "{said}");
            }
        }
        let lost = RevocationReason::KeyCompromise;
        assert_eq!(reason_words(lost, Language::En), lost.to_string());
    }
}
