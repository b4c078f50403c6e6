//! The sentences, in either language, for what the library says stopped it.

use std::path::Path;

use trien::token::{PinState, SoftKeyError, TokenError};
use trien::trust::{AnchorProblem, AnchorProblemKind};
use trien::{ErrorKind, FileError, Language, PlaceError, SigningKeyErrorKind, system_words};

use crate::words::choose;

/// A file that was not read or written.
#[must_use]
pub fn file_words(error: &FileError, language: Language) -> String {
    error.told(language)
}

/// What a file among the trusted roots lacks, in a sentence that begins with its path.
#[must_use]
pub fn anchor_words(problem: &AnchorProblem, language: Language) -> String {
    if language == Language::En {
        return problem.to_string();
    }
    let said = match &problem.kind {
        AnchorProblemKind::Bounds(_) => {
            "tệp giới hạn đi kèm không dùng được nên không tin cậy chứng thư số trong tệp này"
                .into()
        }
        AnchorProblemKind::BoundsAlone => {
            "tệp giới hạn mà không có tệp chứng thư số đi kèm: hãy xóa hoặc đổi tên".into()
        }
        AnchorProblemKind::BoundsDiffer { certificate } => format!(
            "chứng thư số {certificate} có giới hạn khác ở một tệp khác nên không được tin cậy"
        ),
        AnchorProblemKind::NoCertificate => "không có chứng thư số nào trong tệp".into(),
        AnchorProblemKind::NotACertificate { offset, .. } => {
            format!("không phải là chứng thư số (từ byte {offset})")
        }
        AnchorProblemKind::NotAFile => "không phải là tệp: hãy chuyển đi nơi khác".into(),
        AnchorProblemKind::NotBase64 { offset } => {
            format!("khối từ byte {offset} không phải là base64")
        }
        AnchorProblemKind::NotClosed { offset } => {
            format!("khối từ byte {offset} không có dòng kết thúc")
        }
        AnchorProblemKind::NotSignedData { offset, .. } => {
            format!("PKCS#7 bị hỏng (từ byte {offset})")
        }
        AnchorProblemKind::OtherBlock { offset } => {
            format!("khối từ byte {offset} không phải là chứng thư số")
        }
        AnchorProblemKind::TooLarge { limit } => format!("dài hơn {limit} byte nên không đọc"),
        AnchorProblemKind::TooManyCertificates { limit } => {
            format!("có hơn {limit} chứng thư số, phần còn lại không đọc")
        }
        AnchorProblemKind::TooManyFiles { limit, left_out } => {
            format!("có hơn {limit} tệp, {left_out} tệp cuối không đọc")
        }
        AnchorProblemKind::Unreadable(error) => {
            format!("không đọc được: {}", system_words(error, language))
        }
        _ => return problem.to_string(),
    };
    format!("{}: {said}", problem.path.display())
}

/// That a file of kept evidence does not count.
#[must_use]
pub fn unread_evidence(path: &Path, language: Language) -> String {
    let path = path.display();
    match language {
        Language::En => format!(
            "{path} was left out, the others count: it cannot be read, or holds no certificate in \
             DER, revocation list or OCSP response as its ending says"
        ),
        Language::Vi | _ => format!(
            "bỏ qua {path}, các tệp khác vẫn dùng: không đọc được, hoặc không phải chứng thư số \
             (DER), danh sách thu hồi hay trả lời OCSP như đuôi tên tệp"
        ),
    }
}

/// Why a soft-key file is not used; without the words of OpenSSL.
pub(crate) fn key_file(error: &SoftKeyError, language: Language) -> &'static str {
    let (vi, en) = match error {
        SoftKeyError::CertificateMissing => (
            "trong tệp không có chứng thư số của khóa này, hãy thêm vào",
            "it holds no certificate of this key: add it",
        ),
        SoftKeyError::KeyMissing => (
            "trong tệp không có khóa bí mật đọc được",
            "it holds no private key of a known kind",
        ),
        SoftKeyError::KeyUnsupported | SoftKeyError::SchemeUnsupported(_) => (
            "loại khóa này không ký được văn bản, hãy dùng khóa RSA, ECDSA hoặc EdDSA",
            "this kind of key signs no documents: use RSA, ECDSA or EdDSA",
        ),
        SoftKeyError::LegacyEncryption => (
            "tệp được bảo vệ bằng thuật toán cũ (như RC2) không còn được chấp nhận; hãy xuất lại tệp \
             .p12 với mã hóa AES-256, hoặc xin nơi cấp tệp mới",
            "it is protected by an outdated algorithm (such as RC2) that is not accepted any more: \
             export the .p12 again with AES-256, or ask its issuer for a new file",
        ),
        SoftKeyError::PasswordIncorrect => (
            "mật khẩu không mở được tệp",
            "the password does not open it",
        ),
        SoftKeyError::Computation(_) | SoftKeyError::Malformed(_) | _ => (
            "tệp bị hỏng hoặc không phải tệp khóa .p12 hay PEM",
            "it is damaged, or no .p12 or PEM key file",
        ),
    };
    choose(language, vi, en)
}

/// How many tries are left, as far as the token tells.
fn tries(state: PinState, language: Language) -> &'static str {
    let (vi, en) = match state {
        PinState::CountLow => (
            "thiết bị báo số lần thử đã giảm: hãy kiểm tra kỹ trước khi nhập lại",
            "the token says that tries are used up: be sure before you enter it again",
        ),
        PinState::FinalTry => (
            "CHỈ CÒN MỘT LẦN THỬ, sai lần nữa thiết bị sẽ bị khóa",
            "ONE TRY IS LEFT, another wrong PIN locks the token",
        ),
        PinState::Locked => (
            "thiết bị đã bị khóa, hãy liên hệ nơi cấp để mở khóa",
            "the token is locked: its issuer's office unlocks it",
        ),
        PinState::NotInitialised => (
            "thiết bị chưa được đặt mã PIN, hãy đặt bằng phần mềm của thiết bị",
            "the token has no PIN: set one with its vendor's tool",
        ),
        PinState::Initialised | _ => (
            "thiết bị không cho biết còn mấy lần thử",
            "the token does not say how many tries are left",
        ),
    };
    choose(language, vi, en)
}

/// What a token did not do; without names of PKCS#11 values.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "causes that users do not meet keep the library's own sentence"
)]
pub(crate) fn token(error: &TokenError, language: Language) -> String {
    let say = |vi: &str, en: &str| match language {
        Language::En => en.to_owned(),
        Language::Vi | _ => vi.to_owned(),
    };
    match error {
        TokenError::PinIncorrect { state, .. } => {
            let tries = tries(*state, language);
            say(
                &format!("mã PIN không đúng; chỉ thử một lần, không tự thử lại; {tries}"),
                &format!(
                    "the PIN was not accepted; it was tried once and no second try was made; \
                     {tries}"
                ),
            )
        }
        TokenError::PinLocked { .. } => say(
            &format!("mã PIN: {}", tries(PinState::Locked, language)),
            &format!("PIN: {}", tries(PinState::Locked, language)),
        ),
        TokenError::FinalTryRefused => say(
            "mã PIN chỉ còn một lần thử và chưa được dùng: hãy đăng nhập một lần bằng phần mềm của \
             thiết bị rồi ký lại",
            "one PIN try is left and was not used: log in once with the vendor's tool, then sign \
             again",
        ),
        TokenError::KeyMissing(_) | TokenError::KeyConflicts(_) => say(
            "thiết bị không có khóa bí mật của chứng thư số này: hãy liên hệ nơi cấp",
            "the token has no private key for this certificate: ask its issuer",
        ),
        TokenError::Call(_) | TokenError::Computation(_) => {
            key_trouble(error.kind(), language).to_owned()
        }
        _ => say(
            &format!("thiết bị không ký được ({error})"),
            &error.to_string(),
        ),
    }
}

fn key_trouble(kind: SigningKeyErrorKind, language: Language) -> &'static str {
    let (vi, en) = match kind {
        SigningKeyErrorKind::Cancelled => (
            "người dùng đã hủy ở thiết bị, chưa ký gì",
            "it was cancelled at the token, nothing was signed",
        ),
        SigningKeyErrorKind::PinIncorrect => (
            "mã PIN không đúng; chỉ thử một lần, không tự thử lại",
            "the PIN was not accepted; no second try was made",
        ),
        SigningKeyErrorKind::PinLocked => (
            "mã PIN đã bị khóa, hãy liên hệ nơi cấp để mở khóa",
            "the PIN is locked: its issuer's office unlocks it",
        ),
        SigningKeyErrorKind::SchemeUnsupported => (
            "khóa không ký được bằng thuật toán cần dùng",
            "the key cannot sign with the algorithm that is needed",
        ),
        SigningKeyErrorKind::Unreachable => (
            "mất liên lạc với thiết bị: hãy cắm lại thiết bị rồi ký lại",
            "the token is gone: plug it in again and repeat",
        ),
        SigningKeyErrorKind::Other | _ => (
            "khóa không ký được: hãy rút thiết bị, cắm lại rồi ký lại",
            "the key did not sign: unplug the token, plug it in again and repeat",
        ),
    };
    choose(language, vi, en)
}

/// What stopped the signing road.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "causes that users do not meet keep the library's own sentence"
)]
pub(crate) fn signing(error: &trien::Error, language: Language) -> String {
    let say = |vi: String, en: String| match language {
        Language::En => en,
        Language::Vi | _ => vi,
    };
    match error.kind() {
        ErrorKind::Refused(refusal) => say(
            format!("từ chối ký: {refusal}"),
            format!("signing is refused: {refusal}"),
        ),
        ErrorKind::Place(place) => say(placed(place), place.to_string()),
        ErrorKind::Key(key) => key_trouble(key.kind(), language).to_owned(),
        ErrorKind::Certificate(_) | ErrorKind::KeyUnusable => say(
            "không đọc được chứng thư số của người ký: hãy chọn khóa khác".into(),
            "the signer's certificate cannot be used: choose another key".into(),
        ),
        ErrorKind::ClaimedRoleUnusable => say(
            "không ghi được vai trò người ký: hãy viết trên một dòng, không quá 512 byte".into(),
            error.to_string(),
        ),
        ErrorKind::NoAssignment(missing) => say(
            "quy trình không có bước ký này cho vai trò này: hãy chọn lại bước hoặc vai trò".into(),
            missing.to_string(),
        ),
        ErrorKind::ReasonBesideCommitment => say(
            "chữ ký đã nêu cam kết thì không nêu lý do: hãy bỏ một trong hai".into(),
            error.to_string(),
        ),
        ErrorKind::Read(read) => say(
            format!("không đọc được tệp PDF ({read})"),
            format!("the PDF cannot be read ({read})"),
        ),
        _ => say(
            format!("chưa ký được, chưa ghi gì ({error})"),
            error.to_string(),
        ),
    }
}

/// In Vietnamese; the English sentence is the error's own.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "causes that users do not meet keep the library's own sentence"
)]
pub(crate) fn placed(error: &PlaceError) -> String {
    match error {
        PlaceError::Encrypted => {
            "tệp PDF đã mã hóa: hãy lưu lại không đặt mật khẩu rồi ký".to_owned()
        }
        PlaceError::FieldFilled { field } => {
            format!("trường chữ ký {field} đã có chữ ký: hãy chọn tên khác bằng --field")
        }
        PlaceError::FieldNameInvalid { field } => {
            format!("tên trường {field:?} trống hoặc có dấu chấm: hãy chọn tên khác bằng --field")
        }
        PlaceError::FieldHasPlace { field } => {
            format!("trường {field} đã có vị trí trên trang: hãy bỏ --show")
        }
        PlaceError::FieldUnusable { field } | PlaceError::FieldOfOtherType { field } => {
            format!("trường {field} không nhận chữ ký: hãy chọn tên khác bằng --field")
        }
        PlaceError::NoSuchPage { page } => {
            format!("văn bản không có trang {}", page.saturating_add(1))
        }
        PlaceError::PageWithoutBox => {
            "trang không ghi khổ giấy: hãy lưu lại văn bản rồi ký".to_owned()
        }
        PlaceError::WidgetWithoutPage => {
            "không trang nào chứa trường chữ ký: hãy chọn trang và vị trí".to_owned()
        }
        PlaceError::PlaceInvalid => "vị trí khung chữ ký không hợp lệ".to_owned(),
        PlaceError::Unfinished { .. } => {
            "tệp PDF bị cắt hoặc hỏng ở cuối: hãy lấy lại bản gốc".to_owned()
        }
        _ => format!("không đặt được chữ ký vào văn bản ({error})"),
    }
}
