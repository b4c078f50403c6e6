//! What can stop `sign` and `countersign`, and the sentence for each in either language. Messages
//! of OpenSSL and names of PKCS#11 values stay out of them.

use std::error::Error;
use std::path::PathBuf;

use trien::token::{PinError, SoftKeyError, TokenError};
use trien::{ExtensionError, ExtensionErrorKind, FileError, Language, PlaceError, system_words};

use crate::causes::{file_words, key_file, placed, signing, token};
use crate::levels::{extension, no_time_stamp};
use crate::words::choose;
use crate::{Ending, FontMissing};

/// What stopped the program.
#[derive(Debug)]
pub(crate) enum Trouble {
    AnchorsEmpty(PathBuf),
    AnchorsMissing,
    AnchorsUnusable(PathBuf, String),
    AuthorityMissing,
    CertificateNotUnique,
    CertificateMissing {
        wanted: Option<String>,
        there: Vec<String>,
    },
    Document(Box<dyn Error>),
    EvidenceUnusable(PathBuf, std::io::Error),
    Extension(ExtensionError),
    File(FileError),
    Font(FontMissing),
    KeyFile(PathBuf, SoftKeyError),
    LevelTooLow,
    LevelMissing,
    MarkTooSmall(Millimetres),
    Module(PathBuf),
    /// There is a signature, and no time stamp for it: what each authority said.
    NoTimeStamp(String),
    NotSigned,
    OffPage {
        /// From 1.
        page: usize,
        size: Millimetres,
    },
    Pin(PinError),
    Place(PlaceError),
    PinPrompt,
    PinVariable(String),
    /// A seal, and nobody signed the report before it.
    SealAlone(trien::Error),
    Signing(trien::Error),
    Token(TokenError),
    TokenMissing(Vec<String>),
    TokenNotUnique(Vec<String>),
    Unreadable(PathBuf),
}

impl From<FileError> for Trouble {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// Width and height.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Millimetres(pub(crate) f64, pub(crate) f64);

impl Millimetres {
    /// A PDF point is 1/72 inch.
    pub(crate) fn of_points(width: f64, height: f64) -> Self {
        let one = |points: f64| points * 25.4 / 72.0;
        Self(one(width), one(height))
    }
}

impl std::fmt::Display for Millimetres {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:.0} × {:.0} mm", self.0, self.1)
    }
}

/// The smallest mark whose text can be read in print, in points: about 20 × 10 mm.
pub(crate) const SMALLEST_MARK: (f32, f32) = (56.0, 28.0);

impl Trouble {
    pub(crate) fn ending(&self) -> Ending {
        let refused = if let Self::Extension(error) = self {
            matches!(
                error.kind(),
                ExtensionErrorKind::Incomplete(_)
                    | ExtensionErrorKind::NotIntact(_)
                    | ExtensionErrorKind::NotSigned
            )
        } else if let Self::Signing(error) | Self::SealAlone(error) = self {
            error.refusal().is_some()
        } else {
            matches!(self, Self::NotSigned)
        };
        if refused {
            Ending::Objection
        } else {
            Ending::Unable
        }
    }

    /// What happened and what to do, on one line.
    #[expect(
        clippy::too_many_lines,
        reason = "one sentence for each trouble, side by side in both languages"
    )]
    pub(crate) fn sentence(&self, language: Language) -> String {
        let say = |vi: String, en: String| match language {
            Language::En => en,
            Language::Vi | _ => vi,
        };
        match self {
            Self::AnchorsEmpty(folder) => say(
                format!(
                    "thư mục {} (--anchors) không có chứng thư số gốc nào: không chữ ký nào dẫn tới \
                     gốc tin cậy nên không gia hạn được tệp nào",
                    folder.display()
                ),
                format!(
                    "the folder {} (--anchors) holds no trusted root: no signature leads to one, so \
                     that no file can be renewed",
                    folder.display()
                ),
            ),
            Self::AnchorsMissing => say(
                "cần thư mục chứng thư số gốc được tin cậy: hãy ghi --anchors".into(),
                "a folder of trusted roots is needed: name it with --anchors".into(),
            ),
            Self::AnchorsUnusable(folder, detail) => say(
                format!(
                    "không dùng được thư mục chứng thư số gốc {}: {detail}",
                    folder.display()
                ),
                format!(
                    "the folder of trusted roots {} cannot be used: {detail}",
                    folder.display()
                ),
            ),
            Self::AuthorityMissing => say(
                "cần địa chỉ máy chủ dấu thời gian: hãy ghi --tsa".into(),
                "the address of a time-stamping authority is needed: name it with --tsa".into(),
            ),
            Self::CertificateNotUnique => say(
                "thiết bị có nhiều chứng thư số: hãy chọn một bằng --certificate".into(),
                "the token has several certificates: name one with --certificate".into(),
            ),
            Self::CertificateMissing { wanted, there } => {
                let name = wanted.as_deref().unwrap_or_default();
                let there = listed(there, language);
                say(
                    format!(
                        "trên thiết bị không có chứng thư số {name} kèm khóa bí mật: hãy chọn chứng \
                         thư số khác hoặc liên hệ nơi cấp{there}"
                    ),
                    format!(
                        "the token has no certificate {name} with a key of its own: name another \
                         or ask its issuer{there}"
                    ),
                )
            }
            Self::Document(error) => say(
                format!("không đọc được tệp PDF: tệp bị hỏng hoặc không phải PDF ({error})"),
                format!("the PDF cannot be read: it is damaged or no PDF ({error})"),
            ),
            Self::EvidenceUnusable(folder, error) => say(
                format!(
                    "không đọc được thư mục bằng chứng {} (--evidence): {}",
                    folder.display(),
                    system_words(error, language)
                ),
                format!(
                    "the folder of evidence {} (--evidence) cannot be read: {}",
                    folder.display(),
                    system_words(error, language)
                ),
            ),
            Self::Extension(error) => extension(error, language),
            Self::File(error) => file_words(error, language),
            Self::Font(FontMissing::NotFound) => say(
                "không tìm thấy phông chữ tiếng Việt: hãy cài fonts-liberation hoặc \
                 fonts-dejavu-core"
                    .into(),
                "no font for the mark: install fonts-liberation or fonts-dejavu-core".into(),
            ),
            Self::Font(FontMissing::Unusable(error)) => say(
                format!("không vẽ được khung chữ ký với các phông chữ (font) trên máy: {error}"),
                format!("the mark cannot be drawn with this machine's fonts: {error}"),
            ),
            Self::KeyFile(path, error) => {
                let path = path.display();
                let because = key_file(error, language);
                say(
                    format!("không dùng được tệp khóa {path}: {because}"),
                    format!("the key file {path} cannot be used: {because}"),
                )
            }
            Self::LevelTooLow => say(
                "B-B là mức của chữ ký: hãy chọn b-t, b-lt hoặc b-lta".into(),
                "B-B is what a signature has: choose b-t, b-lt or b-lta".into(),
            ),
            Self::LevelMissing => say(
                "--tsa chỉ dùng cho mức có dấu thời gian: hãy ghi --level b-t, b-lt hoặc b-lta"
                    .into(),
                "--tsa is named and no level: name --level b-t, b-lt or b-lta".into(),
            ),
            Self::MarkTooSmall(size) => {
                let (width, height) = SMALLEST_MARK;
                let least = Millimetres::of_points(width.into(), height.into());
                say(
                    format!(
                        "khung chữ ký {size} quá nhỏ để đọc được: cần ít nhất {least} \
                         ({width:.0} × {height:.0} điểm)"
                    ),
                    format!(
                        "a mark of {size} is too small to be read: at least {least} \
                         ({width:.0} × {height:.0} points) is needed"
                    ),
                )
            }
            Self::Module(path) => say(
                format!(
                    "không dùng được mô-đun PKCS#11 {}: hãy cài lại phần mềm của thiết bị (token) \
                     hoặc chỉ định mô-đun khác bằng --module",
                    path.display()
                ),
                format!(
                    "the PKCS#11 module {} cannot be used: install the token's software again, or \
                     name another with --module",
                    path.display()
                ),
            ),
            Self::NoTimeStamp(detail) => no_time_stamp(detail, language),
            Self::NotSigned => say(
                "tệp chưa có chữ ký nào để ký duyệt: hãy dùng lệnh sign".into(),
                "there is no signature to countersign: use sign".into(),
            ),
            Self::OffPage { page, size } => say(
                format!(
                    "khung chữ ký nằm ngoài trang {page}: trang có khổ {size} (rộng × cao, gốc tọa \
                     độ ở góc dưới bên trái); hãy chọn lại --show"
                ),
                format!(
                    "the mark does not lie on page {page}, which is {size} (width × height, from \
                     the lower left corner): choose another --show"
                ),
            ),
            Self::Pin(PinError::Empty) => say(
                "mã PIN trống: hãy nhập lại".into(),
                "the PIN is empty: enter it".into(),
            ),
            Self::Pin(PinError::TooLong) => say(
                "mã PIN quá dài: hãy nhập lại".into(),
                "the PIN is too long: enter it again".into(),
            ),
            Self::Pin(_) => say(
                "không đọc được mã PIN".into(),
                "the PIN could not be read".into(),
            ),
            Self::PinPrompt => say(
                "không có cửa sổ dòng lệnh để hỏi mã PIN: hãy dùng --pin-file hoặc --pin-env"
                    .into(),
                "there is no terminal to ask for the PIN at: use --pin-file or --pin-env".into(),
            ),
            Self::PinVariable(name) => say(
                format!("biến môi trường {name} (--pin-env) chưa được đặt"),
                format!("the variable {name} named by --pin-env is not set"),
            ),
            Self::Place(error) => say(placed(error), error.to_string()),
            Self::SealAlone(error) => say(
                format!(
                    "{}; con dấu đi sau chữ ký: hãy ký báo cáo bằng chứng thư số cá nhân, rồi đóng \
                     dấu bằng countersign --as seal",
                    signing(error, language)
                ),
                format!(
                    "{}; a seal comes behind a signature: sign the report with a person's \
                     certificate, then seal it with countersign --as seal",
                    signing(error, language)
                ),
            ),
            Self::Signing(error) => signing(error, language),
            Self::Token(error) => token(error, language),
            Self::TokenMissing(there) => {
                let there = listed(there, language);
                say(
                    format!(
                        "không thấy thiết bị (token) này: hãy cắm thiết bị, hoặc chỉ định mô-đun \
                         bằng --module{there}"
                    ),
                    format!(
                        "no such token is plugged in: plug it in, or name its module with \
                         --module{there}"
                    ),
                )
            }
            Self::TokenNotUnique(there) => {
                let there = listed(there, language);
                say(
                    format!(
                        "có nhiều thiết bị: hãy chọn một bằng --token hoặc rút bớt thiết bị{there}"
                    ),
                    format!(
                        "there are several tokens: name one with --token, or unplug the \
                         others{there}"
                    ),
                )
            }
            Self::Unreadable(path) => say(
                format!("không đọc được tệp {}", path.display()),
                format!("{} cannot be read", path.display()),
            ),
        }
    }
}

/// Labels in brackets; nothing when there are none.
fn listed(labels: &[String], language: Language) -> String {
    let labels: Vec<&str> = labels.iter().map(|label| label.trim_end()).collect();
    if labels.is_empty() {
        return String::new();
    }
    let there = choose(language, "hiện có", "there");
    format!(" ({there}: {})", labels.join(", "))
}
