//! A grid of dark and light squares, such as a QR code, drawn as areas and not as an image: sharp
//! at any size.
//! Knows nothing of what the squares encode.

use pdf_writer::Content;

use super::layout::SPACE;

/// Squares of light margin that QR codes want on each side (ISO/IEC 18004, 6.3.8).
const QUIET_SQUARES: u16 = 4;

/// A grid of dark and light squares with as many rows as columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SquareGrid {
    side: u16,
    dark: Vec<bool>,
}

impl SquareGrid {
    /// A grid of `side` by `side` squares (at most 255; the largest QR code has 177). `is_dark`
    /// is asked of each column and row, counted from the upper left corner.
    #[must_use]
    pub fn new(side: u8, is_dark: impl Fn(u8, u8) -> bool) -> Self {
        let squares = (0..side).flat_map(|row| (0..side).map(move |column| (column, row)));
        Self {
            side: side.into(),
            dark: squares.map(|(column, row)| is_dark(column, row)).collect(),
        }
    }

    /// Paints the grid with its quiet margin into a square of `size` points, on white.
    pub(super) fn paint(&self, content: &mut Content, (left, bottom): (f32, f32), size: f32) {
        let squares = self.side.saturating_add(QUIET_SQUARES.saturating_mul(2));
        let square = size / f32::from(squares);
        let margin = f32::from(QUIET_SQUARES) * square;
        content
            .set_fill_color_space(SPACE)
            .set_fill_color([1.0, 1.0, 1.0])
            .rect(left, bottom, size, size)
            .fill_nonzero()
            .set_fill_color([0.0, 0.0, 0.0]);
        let mut drawn = false;
        let rows = self.dark.chunks(usize::from(self.side).max(1));
        for (row, number) in rows.zip(0_u16..) {
            let top = bottom + size - margin - f32::from(number) * square;
            // Neighbours in a row are one rectangle; all rectangles are one path, so that no
            // light line shows between them.
            let mut start = None;
            let ends = std::iter::once(&false);
            for (is_dark, column) in row.iter().chain(ends).zip(0_u16..) {
                match (start, is_dark) {
                    (None, true) => start = Some(column),
                    (Some(first), false) => {
                        let x = left + margin + f32::from(first) * square;
                        let width = f32::from(column.saturating_sub(first)) * square;
                        content.rect(x, top - square, width, square);
                        drawn = true;
                        start = None;
                    }
                    _ => {}
                }
            }
        }
        if drawn {
            content.fill_nonzero();
        }
    }
}
