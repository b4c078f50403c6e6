//! Why a mark was not placed, in Vietnamese and English, with what to do.

use trien::Language;
use trien::mark::{InkFault, MarkError};

use crate::causes;

/// One sentence that says what is wrong and what to do.
#[must_use]
pub fn mark_words(error: &MarkError, language: Language) -> String {
    match language {
        Language::En => error.to_string(),
        Language::Vi | _ => vietnamese(error),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "causes that users do not meet keep the library's own sentence"
)]
fn vietnamese(error: &MarkError) -> String {
    match error {
        MarkError::Place(error) => causes::placed(error),
        MarkError::Read(_) => "không đọc được văn bản: hãy lấy lại bản gốc".to_owned(),
        MarkError::MeasureInvalid {
            millimetres,
            least,
            most,
        } => format!(
            "kích thước {millimetres} mm không nằm trong khoảng {least} - {most} mm: hãy đo lại"
        ),
        MarkError::Ink(InkFault::Opaque) => {
            "ảnh không có nền trong suốt: hãy lưu ảnh dạng .png nền trong suốt".to_owned()
        }
        MarkError::Ink(InkFault::NotBlue) => {
            "ảnh chữ ký không phải màu xanh: hãy ký bằng mực xanh rồi quét lại".to_owned()
        }
        MarkError::Ink(InkFault::NotRed) => {
            "ảnh con dấu không phải màu đỏ: hãy đóng dấu mực đỏ rồi quét lại".to_owned()
        }
        MarkError::Ink(InkFault::NotRound) => {
            "ảnh con dấu không tròn: hãy cắt ảnh sát vành dấu".to_owned()
        }
        MarkError::FontMissing => {
            "không tìm thấy phông chữ có đủ chữ tiếng Việt: hãy cài Times New Roman hoặc \
             Liberation Serif 2"
                .to_owned()
        }
        MarkError::Empty => "chưa có nội dung để thể hiện trên trang".to_owned(),
        MarkError::QrTooLong => "địa chỉ tra cứu quá dài cho mã QR: hãy rút ngắn".to_owned(),
        MarkError::FieldMissing { field } => {
            format!("văn bản không có trường chữ ký {field}: hãy kiểm tra lại tên trường")
        }
        MarkError::FieldInvisible { field } => {
            format!("trường {field} không có vị trí trên trang: hãy chọn trang và vị trí")
        }
        MarkError::FieldTooSmall {
            field,
            needed,
            found,
        } => format!(
            "trường {field} rộng {:.1} × {:.1} mm, cần {:.1} × {:.1} mm: hãy dùng trường lớn hơn",
            found.0, found.1, needed.0, needed.1
        ),
        MarkError::FieldAmongOthers => {
            "trường có sẵn chỉ nhận một hình: hãy đặt các hình khác theo trang".to_owned()
        }
        MarkError::OffPage { page, size } => format!(
            "hình vượt ra ngoài trang {} (khổ {:.0} × {:.0} mm): hãy dời vị trí",
            page.saturating_add(1),
            size.0,
            size.1
        ),
        MarkError::TitleMissing { title, page, .. } => format!(
            "không tìm thấy chữ \"{title}\" trên trang {}: hãy chọn trang khác hoặc vị trí theo mm",
            page.saturating_add(1)
        ),
        MarkError::TitleAmbiguous { title, count } => {
            format!("chữ \"{title}\" có {count} lần trên trang: hãy nói rõ lần đầu hay lần cuối")
        }
        MarkError::NoRoom { title, gap } => format!(
            "không đủ chỗ cho chữ ký dưới chữ \"{title}\" (chỉ còn {gap:.0} mm): hãy chừa thêm dòng"
        ),
        MarkError::HeadingCovered { page } => format!(
            "hình sẽ che Quốc hiệu, Tiêu ngữ trên trang {}: hãy dời vị trí",
            page.saturating_add(1)
        ),
        MarkError::PageCount { pages } => {
            format!("đóng dấu giáp lai cần từ 2 trang trở lên, văn bản có {pages} trang")
        }
        _ => format!("không thể hiện được hình trên trang ({error})"),
    }
}
