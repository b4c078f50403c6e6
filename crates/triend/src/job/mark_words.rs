//! Why a mark was not placed, as a rejection with its reason in both languages.
//! Places nothing.

use trien::mark::{InkFault, MarkError};

use crate::rejection::{Code, Rejection};

/// The rejection for a mark that cannot be drawn or has no place.
pub(super) fn mark_words(error: &MarkError) -> Rejection {
    Rejection::in_words(code(error), vietnamese(error), error.to_string())
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not the description's own fault is the place's"
)]
const fn code(error: &MarkError) -> Code {
    match error {
        MarkError::Appearance(_)
        | MarkError::MeasureInvalid { .. }
        | MarkError::Ink(_)
        | MarkError::Empty
        | MarkError::QrTooLong => Code::RequestMalformed,
        MarkError::FontMissing => Code::Internal,
        MarkError::Read(_) => Code::NotAPdf,
        _ => Code::NoPlace,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "causes that people do not meet share a sentence"
)]
fn vietnamese(error: &MarkError) -> String {
    match error {
        MarkError::MeasureInvalid {
            millimetres,
            least,
            most,
        } => format!("kích thước {millimetres} mm không nằm trong khoảng {least} - {most} mm"),
        MarkError::Ink(InkFault::Opaque) => "ảnh không có nền trong suốt".to_owned(),
        MarkError::Ink(InkFault::NotBlue) => "ảnh chữ ký không phải màu xanh".to_owned(),
        MarkError::Ink(InkFault::NotRed) => "ảnh con dấu không phải màu đỏ".to_owned(),
        MarkError::Ink(InkFault::NotRound) => "ảnh con dấu không tròn".to_owned(),
        MarkError::FontMissing => {
            "máy thiếu phông chữ có đủ chữ tiếng Việt: cài Times New Roman hoặc Liberation Serif 2"
                .to_owned()
        }
        MarkError::FieldMissing { field } => format!("tài liệu không có trường chữ ký {field}"),
        MarkError::FieldInvisible { field } => format!("trường {field} không nằm trên trang nào"),
        MarkError::FieldTooSmall { field, .. } => format!("trường {field} nhỏ hơn hình chữ ký"),
        MarkError::OffPage { page, .. } => {
            format!("hình chữ ký vượt mép trang {}", page.saturating_add(1))
        }
        MarkError::TitleMissing { title, page, .. } => format!(
            "không tìm thấy \"{title}\" trên trang {}",
            page.saturating_add(1)
        ),
        MarkError::TitleAmbiguous { title, count } => {
            format!("\"{title}\" có {count} lần trên trang")
        }
        MarkError::NoRoom { title, .. } => format!("không đủ chỗ trống dưới \"{title}\""),
        MarkError::HeadingCovered { page } => format!(
            "hình chữ ký che quốc hiệu, tiêu ngữ ở trang {}",
            page.saturating_add(1)
        ),
        MarkError::Place(_) => "trang hoặc trường chữ ký không có trong tài liệu".to_owned(),
        MarkError::Read(_) => "không đọc được nội dung trang".to_owned(),
        _ => "không vẽ được hình chữ ký".to_owned(),
    }
}
