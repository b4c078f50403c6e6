//! What was tolerated, and what a time stamp lacks.

use trien_cms::{AttributeError, AttributeErrorKind, Deviation, TimeStampFault};
use trien_policy::Language;

/// What departs from a standard and leaves the signature intact.
pub(crate) fn deviation_words(deviation: &Deviation, language: Language) -> String {
    if language == Language::En {
        return deviation.to_string();
    }
    match deviation {
        Deviation::BerEncoding => "chữ ký được mã hóa theo BER, không phải DER",
        Deviation::CertificateUnsigned => {
            "chứng thư số lấy từ mục /Cert, phần này không được ký bảo vệ"
        }
        Deviation::DigestsDiffer { content, value } => {
            return format!(
                "chữ ký ghi hai phép băm, {content} cho văn bản và {value} cho chính nó; cả hai đã được kiểm tra và đều đúng"
            );
        }
        Deviation::DigestNotListed => "phép băm của người ký không có trong danh sách ở đầu chữ ký",
        Deviation::DigestWeakerThanScheme { content, scheme } => {
            let scheme = super::broken::scheme_name(*scheme);
            return format!("phép băm {content} yếu hơn mức {scheme} đòi hỏi");
        }
        Deviation::DigestNotSha1(digest) => {
            return format!("dùng phép băm {digest} ở chỗ định dạng ghi SHA-1");
        }
        Deviation::EssIssuerSerialDiffers => {
            "tên bên cấp và số hiệu trong thuộc tính signing-certificate không phải của chứng thư số này"
        }
        Deviation::KeyAlgorithmForSignature => {
            "ghi thuật toán của khóa ở chỗ phải ghi thuật toán của chữ ký"
        }
        Deviation::MaskDigestDiffers { message, mask } => {
            return format!("mặt nạ PSS dùng phép băm {mask} trong khi nội dung dùng {message}");
        }
        Deviation::SeveralCertificatesOfSigner => {
            "có nhiều chứng thư số mang số hiệu của người ký"
        }
        Deviation::SignedAttributesNotInDer => "các thuộc tính được ký không xếp theo thứ tự DER",
        Deviation::SignedAttributesOnlyAsReceived => {
            "giá trị chữ ký chỉ đúng với các thuộc tính không xếp theo thứ tự DER"
        }
        Deviation::SignedAttributesAbsent => "chữ ký không có thuộc tính nào được ký",
        Deviation::SignerNameEncodedDifferently => {
            "tên bên cấp của người ký được viết bằng kiểu chữ khác với trong chứng thư số"
        }
        Deviation::SigningCertificateAbsent => "chữ ký không có thuộc tính signing-certificate",
        Deviation::TimeStamp(fault) => return fault_words(*fault, language),
        Deviation::TrailingResidue { offset } => {
            return format!("sau chữ ký còn dữ liệu thừa, từ byte {offset}");
        }
        Deviation::UnsignedAttributeMalformed { offset } => {
            return format!("một thuộc tính không được ký bị hỏng tại byte {offset}");
        }
        Deviation::WeakDigest(digest) => return format!("phép băm {digest} đã yếu"),
        _ => "chữ ký có chỗ khác với tiêu chuẩn",
    }
    .to_owned()
}

/// Why a verifier of time stamps refuses one whose octets hold.
pub(crate) fn fault_words(fault: TimeStampFault, language: Language) -> String {
    if language == Language::En {
        return fault.to_string();
    }
    match fault {
        TimeStampFault::SigningCertificateAbsent => {
            "dấu thời gian không ghi chứng thư số của bên cấp"
        }
        TimeStampFault::ImprintDiffers => "dấu thời gian được cấp cho dữ liệu khác",
        TimeStampFault::OutsideValidity => {
            "thời điểm của dấu thời gian nằm ngoài thời hạn chứng thư số của bên cấp"
        }
        TimeStampFault::PurposeAbsent => {
            "chứng thư số của bên cấp dấu thời gian không ghi mục đích"
        }
        TimeStampFault::PurposeNotCritical => {
            "chứng thư số của bên cấp dấu thời gian không ghi mục đích là bắt buộc"
        }
        TimeStampFault::PurposeNotSole => {
            "chứng thư số của bên cấp dấu thời gian không chỉ dùng để cấp dấu thời gian"
        }
        _ => "dấu thời gian không đúng quy cách",
    }
    .to_owned()
}

/// An attribute that cannot be used, by its object identifier.
pub(crate) fn attribute_words(error: &AttributeError, language: Language) -> String {
    if language == Language::En {
        return error.to_string();
    }
    let what = match error.kind {
        AttributeErrorKind::Malformed(_) => "sai cấu trúc".to_owned(),
        AttributeErrorKind::Missing => "không có".to_owned(),
        AttributeErrorKind::Repeated => "có hơn một lần".to_owned(),
        AttributeErrorKind::ValueCount { found } => format!("có {found} giá trị, không phải một"),
        _ => "không dùng được".to_owned(),
    };
    format!("thuộc tính {} của chữ ký {what}", error.oid)
}

#[cfg(test)]
mod tests {
    use trien_types::DigestAlgorithm;

    use super::*;
    use crate::words::ENGLISH;

    #[test]
    fn nothing_of_a_vietnamese_sentence_is_english() {
        let digest = DigestAlgorithm::Sha256;
        for deviation in [
            Deviation::BerEncoding,
            Deviation::CertificateUnsigned,
            Deviation::DigestsDiffer {
                content: digest,
                value: digest,
            },
            Deviation::DigestNotListed,
            Deviation::DigestNotSha1(digest),
            Deviation::EssIssuerSerialDiffers,
            Deviation::KeyAlgorithmForSignature,
            Deviation::MaskDigestDiffers {
                message: digest,
                mask: digest,
            },
            Deviation::SeveralCertificatesOfSigner,
            Deviation::SignedAttributesNotInDer,
            Deviation::SignedAttributesOnlyAsReceived,
            Deviation::SignedAttributesAbsent,
            Deviation::SignerNameEncodedDifferently,
            Deviation::SigningCertificateAbsent,
            Deviation::TimeStamp(TimeStampFault::OutsideValidity),
            Deviation::TimeStamp(TimeStampFault::PurposeNotSole),
            Deviation::TrailingResidue { offset: 7 },
            Deviation::UnsignedAttributeMalformed { offset: 7 },
            Deviation::WeakDigest(digest),
        ] {
            let said = deviation_words(&deviation, Language::Vi);
            assert_eq!(
                deviation_words(&deviation, Language::En),
                deviation.to_string()
            );
            assert!(!said.is_ascii(), "{said}");
            for word in ENGLISH {
                assert!(!said.contains(word), "{said}");
            }
        }
    }
}
