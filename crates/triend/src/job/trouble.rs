//! Why a document was not signed, as a rejection: from the errors of the library and of tokens.
//! Tries nothing again.

use trien::{
    Error, ErrorKind, ExtensionError, ExtensionErrorKind, Finding, Language, PlaceError, Refusal,
};

use crate::rejection::{Code, Rejection};
use crate::store::StoreError;
use crate::token_worker::{TokenServiceError, words};

/// What stops one document, or the job with it.
#[derive(Debug)]
pub(super) enum Failure {
    /// This document alone.
    Document(Rejection),
    /// Every further one would fail like it.
    Job(Rejection),
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Self {
        Self::Document(rejection)
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::Document(code.into())
    }
}

/// What the signing road says. Refusals have words of their own: [`refused`].
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is left is the library's own trouble"
)]
pub(super) fn of_road(error: &Error) -> Rejection {
    match error.kind() {
        ErrorKind::Refused(refusal) => refused(refusal, refusal),
        ErrorKind::Read(_) => Code::NotAPdf.into(),
        ErrorKind::Place(place) => of_place(place),
        ErrorKind::Certificate(_) => Code::CertificateUnknown.into(),
        ErrorKind::KeyUnusable | ErrorKind::Key(_) => Code::KeyUnusable.into(),
        ErrorKind::NoAssignment(_) => Rejection::in_words(
            Code::SigningRefused,
            "quy trình không có bước này cho người ký này".to_owned(),
            error.to_string(),
        ),
        ErrorKind::ClaimedRoleUnusable | ErrorKind::ReasonBesideCommitment => Rejection::in_words(
            Code::RequestMalformed,
            "vai trò hoặc lý do không dùng được trong chữ ký này".to_owned(),
            error.to_string(),
        ),
        _ => Rejection::in_words(
            Code::Internal,
            "phần ký gặp lỗi".to_owned(),
            error.to_string(),
        ),
    }
}

/// Why a document takes no signature.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "causes that people do not meet share a sentence"
)]
pub(super) fn of_place(error: &PlaceError) -> Rejection {
    let vietnamese = match error {
        PlaceError::Read(_) => return Code::NotAPdf.into(),
        PlaceError::Encrypted => return Code::DocumentEncrypted.into(),
        PlaceError::FieldFilled { field } => format!("trường chữ ký {field} đã có chữ ký"),
        PlaceError::FieldUnusable { field }
        | PlaceError::FieldOfOtherType { field }
        | PlaceError::FieldHasPlace { field }
        | PlaceError::FieldNameInvalid { field } => {
            format!("trường {field} không nhận chữ ký này")
        }
        PlaceError::NoSuchField { field } => format!("tài liệu không có trường {field}"),
        PlaceError::NoSuchPage { page } => {
            format!("tài liệu không có trang {}", page.saturating_add(1))
        }
        PlaceError::Unfinished { .. } => "tệp bị cắt hoặc hỏng ở cuối".to_owned(),
        _ => "tài liệu không nhận chữ ký".to_owned(),
    };
    Rejection::in_words(Code::NoPlace, vietnamese, error.to_string())
}

/// The grounds of a refusal in both languages.
pub(super) fn refused(vietnamese: &Refusal, english: &Refusal) -> Rejection {
    Rejection::in_words(
        Code::SigningRefused,
        vietnamese.to_string(),
        english.to_string(),
    )
}

/// A warning's sentence with where it comes from.
pub(super) fn warning(vietnamese: &Finding, english: Option<&Finding>) -> super::entry::Warning {
    super::entry::Warning {
        vietnamese: vietnamese.message.clone(),
        english: english.unwrap_or(vietnamese).message.clone(),
        clause: vietnamese.clause,
    }
}

/// What extending says.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is left is about signatures that do not hold"
)]
pub(super) fn of_extension(error: &ExtensionError) -> Rejection {
    match error.kind() {
        ExtensionErrorKind::NoAuthority | ExtensionErrorKind::NoTimeStamp(_) => {
            Code::TimeStampUnavailable.into()
        }
        ExtensionErrorKind::Incomplete(_) => Code::EvidenceUnavailable.into(),
        ExtensionErrorKind::Document(error) => of_road(error),
        _ => Rejection::in_words(
            Code::SigningRefused,
            "chữ ký đã có trong tài liệu không nâng lên mức này được".to_owned(),
            error.to_string(),
        ),
    }
}

/// What a token says.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is left is the driver's trouble, and most codes are none of a token's"
)]
pub(super) fn of_token(error: &TokenServiceError) -> Rejection {
    let code = match error {
        TokenServiceError::Busy { .. } => Code::TokenBusy,
        TokenServiceError::Cancelled => Code::Cancelled,
        TokenServiceError::CertificateNotFound(_) => Code::CertificateUnknown,
        TokenServiceError::FinalTryRefused => Code::PinFinalTry,
        TokenServiceError::PinIncorrect { .. } | TokenServiceError::PinLength { .. } => {
            Code::PinIncorrect
        }
        TokenServiceError::PinLocked => Code::PinLocked,
        TokenServiceError::SessionEnded
        | TokenServiceError::TokenNotPresent
        | TokenServiceError::TokenRemoved => Code::TokenRemoved,
        TokenServiceError::KeyUnusable { .. }
        | TokenServiceError::MessageTooLong { .. }
        | TokenServiceError::ProtectedPathMissing
        | TokenServiceError::SchemeUnsupported(_) => Code::KeyUnusable,
        _ => Code::TokenFailed,
    };
    match (code, error) {
        // The code says all, and these are met often.
        (Code::Cancelled | Code::TokenRemoved | Code::TokenBusy | Code::PinLocked, _) => {
            code.into()
        }
        // The code says what to do; the driver's own words are for the log.
        (_, TokenServiceError::CallFailed(call)) => {
            tracing::warn!(%call, "a token's driver failed");
            code.into()
        }
        // That it was wrong and not tried again, the code says.
        (_, TokenServiceError::PinIncorrect { state }) => Rejection::in_words(
            code,
            words::tries_left(*state, Language::Vi),
            words::tries_left(*state, Language::En),
        ),
        _ => {
            if words::technical(error).is_some() {
                tracing::warn!(cause = %error, "a token's driver failed");
            }
            Rejection::in_words(
                code,
                words::error(error, Language::Vi),
                words::error(error, Language::En),
            )
        }
    }
}

/// What a token says about one signature: a value that does not hold is one document's trouble,
/// everything else is the token's.
pub(super) fn of_signature(error: &TokenServiceError) -> Failure {
    let is_its_own = matches!(
        error,
        TokenServiceError::SignatureWrong(_) | TokenServiceError::MessageTooLong { .. }
    );
    if is_its_own {
        Failure::Document(of_token(error))
    } else {
        Failure::Job(of_token(error))
    }
}

/// What the store says.
pub(super) fn of_store(error: &StoreError) -> Rejection {
    if matches!(error, StoreError::NoRoom(_)) {
        return Code::NoRoom.into();
    }
    tracing::error!(%error, "the store failed");
    Code::Internal.into()
}

#[cfg(test)]
mod tests {
    use trien::token::PinState;

    use super::*;

    #[test]
    fn a_wrong_pin_is_said_once_with_what_the_token_says_of_its_tries() {
        let state = PinState::CountLow;
        let wrong = of_token(&TokenServiceError::PinIncorrect { state });
        for (said, once) in [
            (wrong.message(), "không đúng"),
            (wrong.message(), "thử lại"),
            (wrong.message(), "Thiết bị đã tính một lần nhập sai"),
            (wrong.message_in_english(), "not tried again"),
            (wrong.message_in_english(), "has counted a wrong try"),
        ] {
            assert_eq!(said.matches(once).count(), 1, "{said}");
            // A sentence, for it is what the person must know: not in brackets.
            assert!(!said.contains('('), "{said}");
        }
        let state = PinState::FinalTry;
        let last = of_token(&TokenServiceError::PinIncorrect { state }).message();
        assert!(
            last.ends_with("Thiết bị chỉ còn một lần nhập; nếu sai nữa sẽ bị khóa."),
            "{last}"
        );
        let locked = of_token(&TokenServiceError::PinLocked).message();
        assert_eq!(locked.matches("khóa do").count(), 1, "{locked}");
        assert!(!locked.contains('('), "{locked}");
    }
}
