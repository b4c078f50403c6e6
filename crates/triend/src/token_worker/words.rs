//! The sentence for each failure of a token, in Vietnamese and English: what happened and what to
//! do. A sentence that is missing does not compile.
//! Decides nothing.

use std::path::Path;

use trien::Language;
use trien_token::{Machine, ModuleFileError, PinState};

use super::error::{KeyFault, TokenServiceError};

/// The sentence for an error, without its cause: for the person at the machine. It names modules
/// by file name, and neither signers, documents nor what drivers call things: see [`technical`].
#[must_use]
pub fn error(error: &TokenServiceError, language: Language) -> String {
    if language == Language::En {
        english(error)
    } else {
        vietnamese(error)
    }
}

/// The same as a sentence of its own, where nothing stands before it.
#[must_use]
pub fn sentence(error: &TokenServiceError, language: Language) -> String {
    let words = self::error(error, language);
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

/// What happened, in the names of PKCS#11 and of the system: for technicians, beside the sentence.
#[must_use]
pub fn technical(error: &TokenServiceError) -> Option<String> {
    use TokenServiceError as E;
    match error {
        E::CallFailed(call) | E::ModuleLoad { call, .. } => Some(call.to_string()),
        E::ModuleCrashed { end, .. } => Some(end.to_string()),
        E::WorkerStart { kind, .. } => Some(kind.to_string()),
        E::Busy { .. }
        | E::Cancelled
        | E::CertificateNotFound(_)
        | E::FinalTryRefused
        | E::KeyUnusable { .. }
        | E::MessageTooLong { .. }
        | E::ModuleFaulty { .. }
        | E::ModuleFile { .. }
        | E::ModuleSilent { .. }
        | E::PinIncorrect { .. }
        | E::PinLength { .. }
        | E::PinLocked
        | E::ProtectedPathMissing
        | E::SchemeUnsupported(_)
        | E::SessionEnded
        | E::SignatureWrong(_)
        | E::TokenNotPresent
        | E::TokenRemoved
        | E::TokenTooLarge => None,
    }
}

/// The module's file name: a path may hold the user's name.
fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

pub(super) fn english(error: &TokenServiceError) -> String {
    use TokenServiceError as E;
    match error {
        E::Busy { .. } => "the token is signing for another job: wait for its end".into(),
        E::CallFailed(_) => {
            "the token's driver failed: unplug the token, plug it in again and repeat".into()
        }
        E::Cancelled => "it was cancelled at the token or in its window".into(),
        E::CertificateNotFound(_) => {
            "the certificate is on no token that is plugged in: plug in its token".into()
        }
        E::FinalTryRefused => {
            "one try is left before the token locks: it was not used; confirm to use it".into()
        }
        E::KeyUnusable { fault, .. } => key_fault_english(*fault).into(),
        E::MessageTooLong { limit_octets } => format!(
            "the message has more than {limit_octets} octets and the key signs no digests: sign a \
             shorter one"
        ),
        E::ModuleCrashed { path, .. } => format!(
            "module {} crashed: repeat; if it crashes again, install the token's software \
             again",
            name(path)
        ),
        E::ModuleFaulty { path } => format!(
            "module {} damaged the process it runs in, which was ended: repeat; if it happens \
             again, install the token's software again",
            name(path)
        ),
        E::ModuleFile { path, error } => format!("module {}: {error}", name(path)),
        E::ModuleLoad { path, .. } => format!(
            "module {} did not start: install the token's software again",
            name(path)
        ),
        E::ModuleSilent { path, seconds } => format!(
            "module {} did not answer for {seconds} s and was ended: look for a PIN window behind \
             others, plug the token in again and repeat",
            name(path)
        ),
        E::PinIncorrect { state } => {
            format!("the PIN was not accepted and not tried again; {state}")
        }
        E::PinLength { state } => {
            format!("the token takes no PIN of this length; it was not tried again; {state}")
        }
        E::PinLocked => PinState::Locked.to_string(),
        E::ProtectedPathMissing => "the token has no pad of its own: enter the PIN here".into(),
        E::SchemeUnsupported(scheme) => {
            format!("the key cannot sign this with {scheme}: choose one of its schemes")
        }
        E::SessionEnded => "the session with the token has ended: open the key again".into(),
        E::SignatureWrong(scheme) => format!(
            "the token returned a value that is no {scheme} signature under the certificate: it \
             was discarded; repeat"
        ),
        E::TokenNotPresent => "the token is not there any more: plug it in and repeat".into(),
        E::TokenRemoved => "the token was removed: plug it in and repeat".into(),
        E::TokenTooLarge => {
            "the token holds more than is read from one: remove what is not needed from it".into()
        }
        E::WorkerStart { path, .. } => format!(
            "no process could be started for module {}: close other programs and repeat",
            name(path)
        ),
    }
}

fn vietnamese(error: &TokenServiceError) -> String {
    use TokenServiceError as E;
    match error {
        E::Busy { .. } => {
            "thiết bị ký đang được dùng cho việc khác: hãy chờ việc đó kết thúc".into()
        }
        E::CallFailed(_) => {
            "trình điều khiển của thiết bị ký gặp lỗi: hãy rút thiết bị, cắm lại rồi làm lại".into()
        }
        E::Cancelled => "thao tác đã bị hủy trên thiết bị ký hoặc trong cửa sổ của nó".into(),
        E::CertificateNotFound(_) => {
            "không thiết bị ký nào đang cắm có chứng thư số này: hãy cắm đúng thiết bị".into()
        }
        E::FinalTryRefused => {
            "chỉ còn một lần nhập PIN trước khi thiết bị bị khóa: chưa dùng lần này; hãy xác nhận \
             nếu muốn dùng"
                .into()
        }
        E::KeyUnusable { fault, .. } => key_fault_vietnamese(*fault).into(),
        E::MessageTooLong { limit_octets } => format!(
            "dữ liệu dài hơn {limit_octets} byte và khóa không ký giá trị băm: hãy ký dữ liệu ngắn \
             hơn"
        ),
        E::ModuleCrashed { path, .. } => format!(
            "trình điều khiển {} gặp sự cố và đã dừng: hãy làm lại; nếu vẫn vậy, hãy cài \
             lại phần mềm của thiết bị",
            name(path)
        ),
        E::ModuleFaulty { path } => format!(
            "trình điều khiển {} làm hỏng tiến trình của nó nên đã bị dừng: hãy làm lại; nếu vẫn \
             vậy, hãy cài lại phần mềm của thiết bị",
            name(path)
        ),
        E::ModuleFile { path, error } => {
            format!("trình điều khiển {}: {}", name(path), module_file(error))
        }
        E::ModuleLoad { path, .. } => format!(
            "trình điều khiển {} không khởi động được: hãy cài lại phần mềm của thiết bị",
            name(path)
        ),
        E::ModuleSilent { path, seconds } => format!(
            "trình điều khiển {} không trả lời trong {seconds} giây và đã bị dừng: hãy tìm cửa sổ \
             nhập PIN bị che, cắm lại thiết bị rồi làm lại",
            name(path)
        ),
        E::PinIncorrect { state } => {
            format!("PIN không đúng, chưa thử lại; {}", pin_state(*state))
        }
        E::PinLength { state } => format!(
            "thiết bị không nhận PIN có độ dài này, chưa thử lại; {}",
            pin_state(*state)
        ),
        E::PinLocked => pin_state(PinState::Locked).into(),
        E::ProtectedPathMissing => "thiết bị không có bàn phím riêng: hãy nhập PIN tại đây".into(),
        E::SchemeUnsupported(scheme) => {
            format!("khóa không ký được nội dung này bằng {scheme}: hãy chọn cách ký khác của khóa")
        }
        E::SessionEnded => "phiên làm việc với thiết bị đã kết thúc: hãy mở khóa lại".into(),
        E::SignatureWrong(scheme) => format!(
            "giá trị thiết bị trả về không phải chữ ký {scheme} theo chứng thư số nên đã bị bỏ: \
             hãy làm lại"
        ),
        E::TokenNotPresent => "thiết bị ký không còn ở đó: hãy cắm lại rồi làm lại".into(),
        E::TokenRemoved => "thiết bị ký đã bị rút ra: hãy cắm lại rồi làm lại".into(),
        E::TokenTooLarge => {
            "thiết bị chứa nhiều hơn mức được đọc: hãy xóa những gì không cần khỏi thiết bị".into()
        }
        E::WorkerStart { path, .. } => format!(
            "không khởi động được tiến trình cho trình điều khiển {}: hãy đóng bớt chương \
             trình rồi làm lại",
            name(path)
        ),
    }
}

fn key_fault_english(fault: KeyFault) -> &'static str {
    match fault {
        KeyFault::CertificateUnreadable => "the certificate cannot be read: have it renewed",
        KeyFault::Conflicting => {
            "the key that bears the certificate's id is another key: have the token written again"
        }
        KeyFault::Missing => {
            "the token holds no private key for the certificate: use the token it was issued on"
        }
        KeyFault::SchemeMissing => {
            "the token lists no mechanism that this key can sign with: update its software"
        }
    }
}

fn key_fault_vietnamese(fault: KeyFault) -> &'static str {
    match fault {
        KeyFault::CertificateUnreadable => "không đọc được chứng thư số: hãy đề nghị cấp lại",
        KeyFault::Conflicting => {
            "khóa trên thiết bị không phải khóa của chứng thư số: hãy đề nghị ghi lại thiết bị"
        }
        KeyFault::Missing => {
            "thiết bị không có khóa riêng của chứng thư số: hãy dùng thiết bị được cấp cùng chứng \
             thư số"
        }
        KeyFault::SchemeMissing => {
            "thiết bị không hỗ trợ cách ký nào của khóa này: hãy cập nhật phần mềm của thiết bị"
        }
    }
}

/// After a wrong PIN: what it has cost and what is left, as a sentence for the page that asks for it.
#[must_use]
pub fn tries_left(state: PinState, language: Language) -> String {
    let (vietnamese, english) = match state {
        PinState::FinalTry => (
            "Thiết bị chỉ còn một lần nhập; nếu sai nữa sẽ bị khóa.",
            "The token has one try left; after another wrong one it locks.",
        ),
        PinState::Locked => (
            "Thiết bị đã bị khóa: hãy liên hệ nơi cấp để mở khóa.",
            "The token is locked: ask its issuer to unlock it.",
        ),
        PinState::NotInitialised => (
            "Thiết bị chưa có mã PIN: hãy đặt mã bằng phần mềm của thiết bị.",
            "The token has no PIN yet: set one with the token's software.",
        ),
        PinState::CountLow => (
            "Thiết bị đã tính một lần nhập sai; sai thêm vài lần sẽ bị khóa.",
            "The token has counted a wrong try; after a few more it locks.",
        ),
        PinState::Initialised | _ => (
            "Thiết bị không cho biết còn mấy lần nhập.",
            "The token does not say how many tries are left.",
        ),
    };
    let words = if language == Language::En {
        english
    } else {
        vietnamese
    };
    words.to_owned()
}

fn pin_state(state: PinState) -> &'static str {
    match state {
        PinState::CountLow => "thiết bị báo đã có lần nhập sai",
        PinState::FinalTry => "chỉ còn một lần nhập trước khi thiết bị bị khóa",
        PinState::Locked => "thiết bị đã bị khóa; đơn vị cấp thiết bị sẽ mở khóa",
        PinState::NotInitialised => "thiết bị chưa có PIN; hãy đặt PIN bằng phần mềm của thiết bị",
        PinState::Initialised | _ => "thiết bị không báo thiếu lần nhập",
    }
}

fn module_file(error: &ModuleFileError) -> String {
    match error {
        ModuleFileError::Missing => {
            "không có tệp này: hãy cài phần mềm của thiết bị hoặc sửa đường dẫn".into()
        }
        ModuleFileError::Unreadable(_) => "không đọc được tệp".into(),
        ModuleFileError::WrongMachine { found, needed } => {
            let found: Vec<_> = found.iter().map(Machine::to_string).collect();
            format!(
                "tệp dành cho {} còn chương trình này là {needed}: hãy cài phần mềm bản {needed} \
                 của thiết bị",
                found.join(", ")
            )
        }
        ModuleFileError::NoEntryPoint => {
            "thư viện không có C_GetFunctionList nên không phải mô-đun PKCS#11".into()
        }
        ModuleFileError::NotALibrary | _ => {
            "tệp không phải thư viện dùng chung: hãy chỉ đúng mô-đun PKCS#11 của thiết bị".into()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::time::Duration;

    use trien_types::{CertificateId, DigestAlgorithm, SignatureScheme};

    use super::super::error::{Asked, FailedCall, WorkerEnd};
    use super::super::fault::WorkerFault;
    use super::super::frame::FrameReader;
    use super::*;

    /// Every error that a worker can report, by its number in the protocol, and those of the
    /// daemon itself.
    fn errors() -> Vec<TokenServiceError> {
        let path = PathBuf::from("/home/nguyen.thi.hoa/vendor/libtoken.so");
        let asked = Asked {
            module: &path,
            limit: Duration::from_secs(40),
            certificate: Some(CertificateId::from_sha256([7; 32])),
            scheme: Some(SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256)),
        };
        let mut errors: Vec<_> = (0..=u8::MAX)
            .map_while(|kind| {
                // Kind, state of the PIN, no function, no return value.
                let octets = [kind, 0, 0, 0, 0, 0, 0, 0, 0, 0];
                WorkerFault::take(&mut FrameReader::new(&octets)).ok()
            })
            .map(|fault| TokenServiceError::of_fault(fault, &asked))
            .collect();
        assert_eq!(errors.len(), 24);
        errors.extend([
            TokenServiceError::MessageTooLong { limit_octets: 9 },
            TokenServiceError::ModuleCrashed {
                path: path.clone(),
                end: WorkerEnd::Signal(6),
            },
            TokenServiceError::ModuleFaulty { path: path.clone() },
            TokenServiceError::ModuleFile {
                path: path.clone(),
                error: Arc::new(ModuleFileError::NoEntryPoint),
            },
            TokenServiceError::WorkerStart {
                path: path.clone(),
                kind: std::io::ErrorKind::NotFound,
            },
        ]);
        errors
    }

    #[test]
    fn every_error_has_a_code_and_a_sentence_in_both_languages_that_names_no_person() {
        let mut codes = BTreeSet::new();
        for error in errors() {
            codes.insert(error.code());
            assert!(error.code().starts_with("token."));
            let [vi, en] = [Language::Vi, Language::En].map(|lang| super::error(&error, lang));
            assert!(error.to_string().starts_with(&en), "{error}");
            assert_ne!(vi, en);
            for sentence in [vi, en] {
                assert!(!sentence.contains("hoa"), "{sentence}");
                assert!(!sentence.contains("  "), "{sentence}");
                assert!(!sentence.contains('\n'), "{sentence}");
                assert!(!sentence.contains("CKR_"), "{sentence}");
            }
        }
        assert_eq!(codes.len(), 23, "{codes:?}");
    }

    #[test]
    fn what_a_driver_answered_is_said_to_technicians_and_the_advice_once() {
        let call = FailedCall {
            function: "C_GetTokenInfo".to_owned(),
            return_value: "CKR_GENERAL_ERROR".to_owned(),
        };
        let error = TokenServiceError::CallFailed(call);
        let said = sentence(&error, Language::Vi);
        assert_eq!(
            said,
            "Trình điều khiển của thiết bị ký gặp lỗi: hãy rút thiết bị, cắm lại rồi làm lại."
        );
        let named = "C_GetTokenInfo: CKR_GENERAL_ERROR";
        assert_eq!(technical(&error).as_deref(), Some(named));
        // The log is for technicians.
        assert!(error.to_string().ends_with(&format!(" ({named})")));
    }
}
