//! Indications and sub-indications (EN 319 102-1, 5.1.3, tables 5 and 6). A sub-indication exists
//! only under the indication that may carry it.

use serde::{Deserialize, Serialize};

use crate::language::{Language, Sentence};

/// What the judgement of one signature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Conclusion {
    /// TOTAL-PASSED
    Passed,
    /// TOTAL-FAILED
    Failed(FailedBecause),
    /// INDETERMINATE
    Indeterminate(IndeterminateBecause),
}

/// Sub-indications of TOTAL-FAILED, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum FailedBecause {
    /// `FORMAT_FAILURE`: the signature is malformed, or covers no whole state of the document.
    FormatFailure,
    /// `HASH_FAILURE`: the signed data were changed.
    HashFailure,
    /// `SIG_CRYPTO_FAILURE`: the value does not hold under the signer's key.
    SigCryptoFailure,
    /// `REVOKED`: it is proven that the signature was made after the certificate was revoked.
    Revoked,
    /// `EXPIRED`: it is proven that the signature was made after the certificate expired.
    Expired,
}

/// Sub-indications of INDETERMINATE that are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum IndeterminateBecause {
    /// `SIG_CONSTRAINTS_FAILURE`: something the profile demands does not hold.
    SigConstraintsFailure,
    /// `GENERIC`: this program cannot tell whether the signature holds at all.
    Generic,
    /// `NO_SIGNING_CERTIFICATE_FOUND`
    NoSigningCertificateFound,
    /// `NO_CERTIFICATE_CHAIN_FOUND`
    NoCertificateChainFound,
    /// `REVOKED_NO_POE`: the certificate was revoked, and nothing proves that the signature is
    /// older.
    RevokedNoPoe,
    /// `REVOKED_CA_NO_POE`: a certificate above it was revoked, and nothing proves that the
    /// signature is older.
    RevokedCaNoPoe,
    /// `CRYPTO_CONSTRAINTS_FAILURE_NO_POE`: a weak algorithm, and no proof that the signature is
    /// older than its weakness.
    CryptoConstraintsFailureNoPoe,
    /// `NOT_YET_VALID`
    NotYetValid,
    /// `OUT_OF_BOUNDS_NO_POE`
    OutOfBoundsNoPoe,
    /// `TIMESTAMP_ORDER_FAILURE`: time stamps name times in an order in which they cannot have been
    /// made.
    TimestampOrderFailure,
    /// `TRY_LATER`: the status of the certificate is not known yet.
    TryLater,
}

impl FailedBecause {
    /// The sub-indication's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FormatFailure => "FORMAT_FAILURE",
            Self::HashFailure => "HASH_FAILURE",
            Self::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
        }
    }
}

impl IndeterminateBecause {
    /// The sub-indication's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            Self::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::RevokedNoPoe => "REVOKED_NO_POE",
            Self::RevokedCaNoPoe => "REVOKED_CA_NO_POE",
            Self::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            Self::TimestampOrderFailure => "TIMESTAMP_ORDER_FAILURE",
            Self::TryLater => "TRY_LATER",
            Self::Generic => "GENERIC",
        }
    }
}

impl FailedBecause {
    /// What it means, in one sentence for people who do not know the standard.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match self {
            Self::FormatFailure => Sentence {
                vi: "Chữ ký sai định dạng nên không có giá trị.",
                en: "The signature is malformed and has no value.",
            },
            Self::HashFailure => Sentence {
                vi: "Nội dung văn bản đã bị thay đổi sau khi ký.",
                en: "The document was changed after signing.",
            },
            Self::SigCryptoFailure => Sentence {
                vi: "Chữ ký không phải do khóa của người có tên trong chứng thư số tạo ra.",
                en: "The signature was not made with the key of the person in the certificate.",
            },
            Self::Revoked => Sentence {
                vi: "Chữ ký được tạo sau khi chứng thư số đã bị thu hồi.",
                en: "The signature was made after the certificate was revoked.",
            },
            Self::Expired => Sentence {
                vi: "Chữ ký được tạo sau khi chứng thư số đã hết hạn.",
                en: "The signature was made after the certificate expired.",
            },
        }
        .in_language(language)
    }
}

impl IndeterminateBecause {
    /// What it means, in one sentence for people who do not know the standard.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match self {
            Self::SigConstraintsFailure => Sentence {
                vi: "Chữ ký chưa đáp ứng một yêu cầu của quy định, xem dòng có dấu ✗.",
                en: "The signature does not meet something the rules demand: see the line marked ✗.",
            },
            Self::Generic => Sentence {
                vi: "Chương trình chưa hỗ trợ loại chữ ký này nên chưa kết luận được.",
                en: "This kind of signature is not supported, so nothing can be said.",
            },
            Self::NoSigningCertificateFound => Sentence {
                vi: "Không tìm thấy chứng thư số của người ký trong văn bản.",
                en: "The signer's certificate was not found in the document.",
            },
            Self::NoCertificateChainFound => Sentence {
                vi: "Chưa xác nhận được ai cấp chứng thư số: không dẫn tới chứng thư số gốc nào được tin cậy.",
                en: "Who issued the certificate is not confirmed: it leads to no trusted root.",
            },
            Self::RevokedNoPoe | Self::RevokedCaNoPoe => Sentence {
                vi: "Chứng thư số đã bị thu hồi và không có dấu thời gian chứng minh đã ký từ trước đó.",
                en: "A certificate was revoked, and no time stamp proves that the signature is older.",
            },
            Self::CryptoConstraintsFailureNoPoe => Sentence {
                vi: "Chữ ký dùng thuật toán đã yếu và không có dấu thời gian chứng minh đã ký từ khi còn an toàn.",
                en: "A weak algorithm was used, and no time stamp proves that the signature is older than the weakness.",
            },
            Self::NotYetValid => Sentence {
                vi: "Chứng thư số chưa có hiệu lực tại thời điểm xét.",
                en: "The certificate was not in force yet at the time in question.",
            },
            Self::OutOfBoundsNoPoe => Sentence {
                vi: "Chứng thư số đã hết hạn và không có dấu thời gian chứng minh đã ký khi còn hạn.",
                en: "The certificate has expired, and no time stamp proves that the signature was made before.",
            },
            Self::TimestampOrderFailure => Sentence {
                vi: "Các dấu thời gian ghi những thời điểm mâu thuẫn nhau.",
                en: "The time stamps contradict one another.",
            },
            Self::TryLater => Sentence {
                vi: "Chữ ký chưa thấy có gì sai; chỉ còn chưa biết chứng thư số có bị thu hồi hay không, cần kiểm tra lại khi có thông tin này.",
                en: "Nothing wrong was found; only whether the certificate was revoked is not known yet: check again when it is.",
            },
        }
        .in_language(language)
    }
}

impl Conclusion {
    /// What the sub-indication means, in one sentence; `None` when all is well.
    #[must_use]
    pub const fn sentence(self, language: Language) -> Option<&'static str> {
        match self {
            Self::Passed => None,
            Self::Failed(because) => Some(because.sentence(language)),
            Self::Indeterminate(because) => Some(because.sentence(language)),
        }
    }

    /// The indication's name.
    #[must_use]
    pub const fn indication(self) -> &'static str {
        match self {
            Self::Passed => "TOTAL-PASSED",
            Self::Failed(_) => "TOTAL-FAILED",
            Self::Indeterminate(_) => "INDETERMINATE",
        }
    }

    /// The sub-indication's name.
    #[must_use]
    pub const fn sub_indication(self) -> Option<&'static str> {
        match self {
            Self::Passed => None,
            Self::Failed(because) => Some(because.name()),
            Self::Indeterminate(because) => Some(because.name()),
        }
    }

    /// The graver of two conclusions: rules lower a conclusion and never raise it.
    #[must_use]
    pub fn lowered_by(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed(left), Self::Failed(right)) => Self::Failed(left.min(right)),
            (Self::Failed(because), _) | (_, Self::Failed(because)) => Self::Failed(because),
            (Self::Indeterminate(left), Self::Indeterminate(right)) => {
                Self::Indeterminate(left.min(right))
            }
            (Self::Indeterminate(because), Self::Passed)
            | (Self::Passed, Self::Indeterminate(because)) => Self::Indeterminate(because),
            (Self::Passed, Self::Passed) => Self::Passed,
        }
    }
}

/// What the document as a whole is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DocumentConclusion {
    /// Every signature passed.
    Valid,
    /// A signature is broken, or the document was changed without permission.
    Invalid,
    /// Nothing is wrong that can be seen, and something cannot be told.
    Indeterminate,
    /// There is no signature.
    Unsigned,
    /// The file could not be read.
    Unreadable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conclusion_is_lowered_and_never_raised() {
        let all = [
            Conclusion::Passed,
            Conclusion::Failed(FailedBecause::HashFailure),
            Conclusion::Failed(FailedBecause::FormatFailure),
            Conclusion::Indeterminate(IndeterminateBecause::TryLater),
            Conclusion::Indeterminate(IndeterminateBecause::NoCertificateChainFound),
        ];
        for first in all {
            for second in all {
                let both = first.lowered_by(second);
                assert_eq!(both, second.lowered_by(first));
                assert!(both == first || both == second);
                if first != Conclusion::Passed {
                    assert_ne!(both, Conclusion::Passed);
                }
            }
        }
    }
}
