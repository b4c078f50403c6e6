//! Marks that say something in words: copies, attachments, information about a signature.
//! Knows nothing of places.

use qrcodegen::{QrCode, QrCodeEcc};
use trien_pdf::Drawing;
use trien_pdf::appearance::{Alignment, Border, Colour, Line, Mark, SquareGrid};
use trien_types::{UnixTime, UtcOffset};

use super::image::measure;
use super::{MarkError, SerifFont};

/// Points of a millimetre.
pub(super) const POINTS: f64 = 72.0 / 25.4;

/// Size of the letters in points (vis.6).
const SIZE: f32 = 10.0;

/// Space that a mark keeps on each side of its text, in points.
const PADDING: f32 = 2.0;

/// Space between a QR code and the text beside it, in points.
const BESIDE: f32 = 4.0;

/// How large a QR code may be, in millimetres: smaller ones no telephone reads from paper.
const QR_SIDES: (f64, f64) = (15.0, 60.0);

/// The largest QR code that is drawn: version 10 has 57 squares a side, and 213 octets of text.
const QR_SQUARES: i32 = 57;

/// How an electronic copy came to be (NĐ 30/2020, điều 25).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyKind {
    /// The whole of an original: sao y.
    SaoY,
    /// The whole of a copy: sao lục.
    SaoLuc,
    /// A part: trích sao.
    TrichSao,
}

impl CopyKind {
    /// The words that stand on the copy.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::SaoY => "SAO Y",
            Self::SaoLuc => "SAO LỤC",
            Self::TrichSao => "TRÍCH SAO",
        }
    }
}

/// A mark of text in black upright letters of 10 points, each line as it is given.
#[derive(Debug, Clone)]
pub struct TextMark {
    lines: Vec<String>,
    alignment: Alignment,
    frame: Option<Colour>,
    /// The code and its side in millimetres.
    qr: Option<(SquareGrid, f64)>,
}

impl TextMark {
    /// The mark of an electronic copy (vis.6): its kind, its number and symbol if it has one, the
    /// body that copies, the time of its signature.
    #[must_use]
    pub fn copy(
        kind: CopyKind,
        number_and_symbol: Option<&str>,
        body: &str,
        signing_time: UnixTime,
    ) -> Self {
        let mut lines = vec![kind.words().to_owned()];
        lines.extend(number_and_symbol.map(number_line));
        lines.push(body.to_owned());
        lines.push(time_line(signing_time));
        Self::of(lines)
    }

    /// The mark of an attachment in a file of its own (vis.5): number and symbol of the document
    /// it belongs to, the body if wanted, the time of its signature.
    #[must_use]
    pub fn attachment(number_and_symbol: &str, body: Option<&str>, signing_time: UnixTime) -> Self {
        let mut lines = vec![number_line(number_and_symbol)];
        lines.extend(body.map(str::to_owned));
        lines.push(time_line(signing_time));
        Self::of(lines)
    }

    /// A framed block that names a signer, with the body and the reason if wanted, and the time.
    #[must_use]
    pub fn information(
        signer: &str,
        body: Option<&str>,
        reason: Option<&str>,
        signing_time: UnixTime,
    ) -> Self {
        let mut lines = vec![format!("Người ký: {signer}")];
        lines.extend(body.map(|body| format!("Cơ quan: {body}")));
        lines.extend(reason.map(|reason| format!("Lý do: {reason}")));
        lines.push(time_line(signing_time));
        Self {
            alignment: Alignment::Left,
            frame: Some(Colour::BLUE),
            ..Self::of(lines)
        }
    }

    /// These lines, aligned to the right.
    #[must_use]
    pub fn of_lines(lines: &[String]) -> Self {
        Self::of(lines.to_vec())
    }

    fn of(lines: Vec<String>) -> Self {
        Self {
            // From certificates and forms: on one line, and without what has no shape.
            lines: lines
                .iter()
                .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
                .filter(|line| !line.is_empty())
                .collect(),
            alignment: Alignment::Right,
            frame: None,
            qr: None,
        }
    }

    /// The same with a QR code of `side` millimetres that holds an address to look the document
    /// up at.
    ///
    /// # Errors
    /// The address is too long for a code that can be read, or the side is not from 15 to 60 mm.
    pub fn with_qr(mut self, address: &str, side: f64) -> Result<Self, MarkError> {
        let side = measure(side, QR_SIDES)?;
        let code = QrCode::encode_text(address, QrCodeEcc::Medium)
            .ok()
            .filter(|code| code.size() <= QR_SQUARES)
            .ok_or(MarkError::QrTooLong)?;
        let squares = u8::try_from(code.size()).unwrap_or_default();
        let is_dark = |x: u8, y: u8| code.get_module(x.into(), y.into());
        self.qr = Some((SquareGrid::new(squares, is_dark), side));
        self.alignment = Alignment::Left;
        Ok(self)
    }

    /// The mark in a box of its own size, or in the middle of a larger one of `size` millimetres;
    /// gives the size it needs when that one is smaller.
    pub(super) fn drawing(
        &self,
        font: &SerifFont,
        size: Option<(f64, f64)>,
    ) -> Result<Result<Drawing, (f64, f64)>, MarkError> {
        if self.lines.is_empty() {
            return Err(MarkError::Empty);
        }
        let (width, height) = self.needed(font)?;
        let (width, height) = match size {
            None => (width, height),
            Some((has_width, has_height)) => {
                let (has_width, has_height) = (points(has_width), points(has_height));
                if has_width + ROUNDING < width || has_height + ROUNDING < height {
                    return Ok(Err((f64::from(width) / POINTS, f64::from(height) / POINTS)));
                }
                (has_width.max(width), has_height.max(height))
            }
        };
        let mut mark = Mark::new(width, height)?;
        if let Some(colour) = self.frame {
            mark = mark.with_border(Border::new(FRAME, colour))?;
        }
        if let Some((grid, _)) = &self.qr {
            mark = mark.with_grid(grid.clone());
        }
        for line in &self.lines {
            mark = mark.with_line(Line::new(line, SIZE).aligned(self.alignment))?;
        }
        let embedded = font.embedded(mark.texts())?;
        Ok(Ok(Drawing::new(mark, embedded)))
    }

    /// Width and height in points.
    fn needed(&self, font: &SerifFont) -> Result<(f32, f32), MarkError> {
        let face = font.face()?;
        let mut width = 0.0_f32;
        let mut height = 0.0_f32;
        for line in &self.lines {
            width = width.max(face.width(line, SIZE)?);
            height += face.ascent(SIZE) - face.descent(SIZE);
        }
        if let Some((_, side)) = &self.qr {
            let side = points(*side);
            height = height.max(side);
            // The code is as high as the mark.
            width += height + BESIDE;
        }
        let around = 2.0 * (PADDING + self.frame.map_or(0.0, |_| FRAME));
        // A frame as far from the ends of the lines as from what stands before them.
        let behind = self.frame.map_or(0.0, |_| 3.0 * PADDING);
        Ok((
            width + around + behind + ROUNDING,
            height + around + ROUNDING,
        ))
    }
}

/// Thickness of a frame in points.
const FRAME: f32 = 0.75;

/// What rounding may take away, in points.
const ROUNDING: f32 = 0.1;

/// Points of a length in millimetres.
pub(super) fn points(millimetres: f64) -> f32 {
    narrowed(millimetres * POINTS)
}

/// The nearest number of the precision that drawings have.
#[expect(
    clippy::as_conversions,
    reason = "no other conversion narrows; the value is a place on a page"
)]
pub(super) const fn narrowed(value: f64) -> f32 {
    value as f32
}

fn number_line(number_and_symbol: &str) -> String {
    format!("Số: {number_and_symbol}")
}

/// vis.12: local time with its offset, never marked as UTC.
fn time_line(time: UnixTime) -> String {
    format!("Thời gian ký: {}", time.to_rfc3339(UtcOffset::VIETNAM))
}
