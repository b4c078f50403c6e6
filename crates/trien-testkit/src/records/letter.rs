//! An official letter (công văn) of one page after NĐ 30/2020, phụ lục I, on paper of any size,
//! turned, cropped and measured in odd ways: what marks are placed on.
//! Knows nothing of marks.

use super::assemble::{About, assemble_shaped};
use super::page::{Faces, Page, Style};
use super::{Conformance, PlainDocument, RecordError, SignatureFields, SystemFonts};

/// How a page is put into the file. Whatever it is, the page shows the same.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PageShape {
    /// Width and height as shown, in points.
    pub size: (f32, f32),
    /// /Rotate: a multiple of 90.
    pub rotate: u16,
    /// Where the lower left corner of the media box is in user space.
    pub origin: (f32, f32),
    /// How much larger than the crop box the media box is, in user space, at each edge.
    pub cropped: f32,
    /// `/UserUnit`.
    pub user_unit: f32,
}

impl PageShape {
    /// A4 upright and plain.
    pub const A4: Self = Self::of((595.28, 841.89));
    /// A4 on its side.
    pub const A4_LANDSCAPE: Self = Self::of((841.89, 595.28));
    /// A5 upright.
    pub const A5: Self = Self::of((419.53, 595.28));

    /// A plain page of this size in points.
    #[must_use]
    pub const fn of(size: (f32, f32)) -> Self {
        Self {
            size,
            rotate: 0,
            origin: (0.0, 0.0),
            cropped: 0.0,
            user_unit: 1.0,
        }
    }

    /// The same, stored turned by degrees that `/Rotate` takes back.
    #[must_use]
    pub const fn rotated(mut self, degrees: u16) -> Self {
        self.rotate = degrees;
        self
    }

    /// The same with its media box at another place.
    #[must_use]
    pub const fn moved(mut self, origin: (f32, f32)) -> Self {
        self.origin = origin;
        self
    }

    /// The same with a crop box this much inside the media box.
    #[must_use]
    pub const fn cropped(mut self, points: f32) -> Self {
        self.cropped = points;
        self
    }

    /// The same in units of so many points.
    #[must_use]
    pub const fn in_units(mut self, points: f32) -> Self {
        self.user_unit = points;
        self
    }

    /// Left, bottom, right and top of what is shown, in user space.
    fn visible(&self) -> [f32; 4] {
        let (width, height) = self.size;
        let (width, height) = if self.rotate % 180 == 90 {
            (height, width)
        } else {
            (width, height)
        };
        let (left, bottom) = (self.origin.0 + self.cropped, self.origin.1 + self.cropped);
        [
            left,
            bottom,
            left + width / self.user_unit,
            bottom + height / self.user_unit,
        ]
    }

    /// Entries of the page dictionary.
    pub(super) fn entries(&self) -> String {
        let [left, bottom, right, top] = self.visible();
        let margin = self.cropped;
        let mut entries = format!(
            "/MediaBox [ {} {} {} {} ] ",
            left - margin,
            bottom - margin,
            right + margin,
            top + margin
        );
        if margin != 0.0 {
            // Corners in the other order, as some writers have them.
            entries.push_str(&format!("/CropBox [ {right} {top} {left} {bottom} ] "));
        }
        if self.rotate != 0 {
            entries.push_str(&format!("/Rotate {} ", self.rotate));
        }
        if (self.user_unit - 1.0).abs() > f32::EPSILON {
            entries.push_str(&format!("/UserUnit {} ", self.user_unit));
        }
        entries
    }

    /// The matrix from points on the page as shown, from its lower left corner, to user space.
    pub(super) fn matrix(&self) -> [f32; 6] {
        let [left, bottom, right, top] = self.visible();
        let unit = 1.0 / self.user_unit;
        match self.rotate % 360 {
            90 => [0.0, unit, -unit, 0.0, right, bottom],
            180 => [-unit, 0.0, 0.0, -unit, right, top],
            270 => [0.0, -unit, unit, 0.0, left, top],
            _ => [unit, 0.0, 0.0, unit, left, bottom],
        }
    }
}

/// A letter of `pages` pages: the heading on the first, "HIỆU TRƯỞNG" and the principal's name on
/// the last.
///
/// # Errors
/// No font is installed.
pub fn official_letter(
    shape: PageShape,
    pages: u16,
    conformance: Conformance,
) -> Result<PlainDocument, RecordError> {
    let fonts = SystemFonts::find()?;
    let faces = Faces::parse(&fonts)?;
    let mut laid_out = Vec::new();
    for number in 1..=pages.max(1) {
        let mut page = Page::default();
        let (width, height) = shape.size;
        // Letters of A5 paper are smaller.
        let scale = (width / 595.0).clamp(0.66, 1.0);
        let (left, right) = (85.0 * scale, width - 42.5 * scale);
        let mut top = height - 68.0;
        if number == 1 {
            top = heading(&mut page, &faces, (left, right), top, scale)?;
        }
        let text = "Thực hiện kế hoạch năm học 2025 - 2026, nhà trường báo cáo kết quả triển khai \
                    học bạ điện tử: toàn bộ giáo viên đã được cấp chứng thư số, học bạ của học \
                    sinh các khối lớp được ký và phát hành đúng thời hạn.";
        let size = (Style::Regular, 13.0 * scale);
        let end = page.paragraph(&faces, (left, right), top - 24.0 * scale, size, text)?;
        if number == pages.max(1) {
            let middle = right - 105.0 * scale;
            let title = (Style::Bold, 13.0 * scale);
            let line = end - 20.0 * scale;
            page.centred(&faces, middle, line, title, "HIỆU TRƯỞNG")?;
            page.centred(
                &faces,
                middle,
                line - 100.0 * scale,
                title,
                "Phạm Đức Thắng",
            )?;
            let receivers = "Nơi nhận: Như trên; Lưu: VT.";
            page.text(left, line, Style::Italic, 11.0 * scale, receivers);
        }
        laid_out.push(page);
    }
    let about = About {
        title: "Công văn số 12/THCS-VP",
        fields: SignatureFields::Absent,
        conformance,
    };
    assemble_shaped(&laid_out, &[], &faces, about, shape)
}

/// Body and number on the left, quốc hiệu and tiêu ngữ on the right; gives the height under them.
fn heading(
    page: &mut Page,
    faces: &Faces<'_>,
    (left, right): (f32, f32),
    top: f32,
    scale: f32,
) -> Result<f32, RecordError> {
    let (body, nation) = (left + (right - left) * 0.22, left + (right - left) * 0.72);
    let small = 12.0 * scale;
    page.centred(
        faces,
        body,
        top,
        (Style::Regular, small),
        "UBND PHƯỜNG THỬ NGHIỆM",
    )?;
    let school = "TRƯỜNG THCS THỬ NGHIỆM";
    page.centred(
        faces,
        body,
        top - 15.0 * scale,
        (Style::Bold, small),
        school,
    )?;
    let number = "Số: 12/THCS-VP";
    page.centred(
        faces,
        body,
        top - 36.0 * scale,
        (Style::Regular, small),
        number,
    )?;
    let words = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
    page.centred(faces, nation, top, (Style::Bold, small), words)?;
    let motto = "Độc lập - Tự do - Hạnh phúc";
    let size = (Style::Bold, 13.0 * scale);
    let width = page.centred(faces, nation, top - 15.0 * scale, size, motto)?;
    let line = top - 19.0 * scale;
    let ends = (nation - width / 2.0, nation + width / 2.0);
    page.rule((ends.0, line), (ends.1, line), 0.7);
    let date = "Hải Phòng, ngày 28 tháng 5 năm 2026";
    page.centred(
        faces,
        nation,
        top - 36.0 * scale,
        (Style::Italic, small),
        date,
    )?;
    Ok(top - 60.0 * scale)
}
