//! Headings, lines and tables on sheets of A4, top to bottom. Heads of tables are repeated, rows are
//! never cut.
//! Knows nothing of archives, and nothing of PDF beyond where things are.

use trien::appearance::{AppearanceError, FontFace};

use crate::words::is_unseen;

/// A4 in PDF points.
pub(super) const WIDTH: f32 = 595.276;
pub(super) const HEIGHT: f32 = 841.89;

/// NĐ 30/2020, appendix I: 30 mm at the left for binding, 20 mm above and below, 15 mm at the right.
const LEFT: f32 = 85.04;
const RIGHT: f32 = 42.52;
const TOP: f32 = 56.69;
const BOTTOM: f32 = 56.69;

/// Width that is written on.
const ROOM: f32 = WIDTH - LEFT - RIGHT;

/// Sizes: of a title, of a heading, of text, of tables and feet.
pub(super) const TITLE: f32 = 16.0;
pub(super) const HEADING: f32 = 12.5;
pub(super) const TEXT: f32 = 11.0;
const SMALL: f32 = 9.0;

/// From one line to the next, in sizes.
const LEADING: f32 = 1.3;

/// Around what stands in a cell.
const PADDING: f32 = 3.0;

/// Lines of a cell: a row always fits a sheet.
const LINES: usize = 12;

/// What stands on a sheet.
pub(super) enum Mark {
    /// Left, bottom, width and height, filled.
    Area { area: [f32; 4] },
    /// A line of text on its base line.
    Text {
        left: f32,
        bottom: f32,
        size: f32,
        text: String,
    },
}

#[derive(Default)]
pub(super) struct Sheet {
    pub(super) marks: Vec<Mark>,
}

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// A column: its heading, its part of the width in hundredths, its side.
pub(super) type Column<'a> = (&'a str, u8, Side);

/// Sheets that are being written.
pub(super) struct Sheets<'f> {
    face: FontFace<'f>,
    sheets: Vec<Sheet>,
    /// Where the next line begins, from the bottom.
    at: f32,
}

impl<'f> Sheets<'f> {
    pub(super) fn new(face: FontFace<'f>) -> Self {
        Self {
            face,
            sheets: vec![Sheet::default()],
            at: HEIGHT - TOP,
        }
    }

    /// The sheets, with feet: `foot` makes the one of sheet so and so of so many.
    pub(super) fn finish(
        mut self,
        foot: impl Fn(usize, usize) -> String,
    ) -> Result<Vec<Sheet>, AppearanceError> {
        let count = self.sheets.len();
        let mut sheets = std::mem::take(&mut self.sheets);
        for (number, sheet) in (1_usize..).zip(&mut sheets) {
            let text = foot(number, count);
            let left = WIDTH - RIGHT - self.width(&text, SMALL)?;
            sheet.marks.push(Mark::Text {
                left,
                bottom: BOTTOM / 2.0,
                size: SMALL,
                text,
            });
        }
        Ok(sheets)
    }

    /// A heading, kept with what follows.
    pub(super) fn heading(&mut self, text: &str, size: f32) -> Result<(), AppearanceError> {
        self.need(size * LEADING * 4.0);
        if self.at < HEIGHT - TOP {
            self.at -= size * 0.7;
        }
        self.text(text, size)?;
        self.at -= size * 0.2;
        Ok(())
    }

    /// Lines of text over the whole width.
    pub(super) fn text(&mut self, text: &str, size: f32) -> Result<(), AppearanceError> {
        for line in self.lines(text, size, ROOM)? {
            self.need(size * LEADING);
            self.at -= size * LEADING;
            self.put(LEFT, self.at + size * 0.3, size, line);
        }
        Ok(())
    }

    /// A table. Rows may have fewer cells than there are columns.
    pub(super) fn table(
        &mut self,
        columns: &[Column<'_>],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Result<(), AppearanceError> {
        let heads: Vec<String> = columns
            .iter()
            .map(|(head, ..)| (*head).to_owned())
            .collect();
        let head = self.cells(columns, heads)?;
        self.need(height(&head) * 2.0);
        self.row(columns, &head, 1.0);
        for row in rows {
            let row = self.cells(columns, row)?;
            if self.at - height(&row) < BOTTOM {
                self.turn();
                self.row(columns, &head, 1.0);
            }
            self.row(columns, &row, 0.3);
        }
        self.at -= TEXT * 0.5;
        Ok(())
    }

    fn cells(
        &self,
        columns: &[Column<'_>],
        row: Vec<String>,
    ) -> Result<Vec<Vec<String>>, AppearanceError> {
        row.iter()
            .zip(columns)
            .map(|(text, (_, part, _))| {
                self.lines(text, SMALL, ROOM * f32::from(*part) / 100.0 - 2.0 * PADDING)
            })
            .collect()
    }

    /// `rule` is the thickness of the line below.
    fn row(&mut self, columns: &[Column<'_>], row: &[Vec<String>], rule: f32) {
        let height = height(row);
        let bottom = self.at - height;
        self.area([LEFT, bottom, ROOM, rule]);
        let mut left = LEFT;
        for ((_, part, side), lines) in columns.iter().zip(row) {
            let width = ROOM * f32::from(*part) / 100.0;
            let mut at = self.at - PADDING;
            for line in lines {
                at -= SMALL * LEADING;
                // A line was measured when it was broken.
                let from = match side {
                    Side::Left => left + PADDING,
                    Side::Right => {
                        left + width - PADDING - self.width(line, SMALL).unwrap_or_default()
                    }
                };
                self.put(from, at + SMALL * 0.35, SMALL, line.clone());
            }
            left += width;
        }
        self.at = bottom;
    }

    fn put(&mut self, left: f32, bottom: f32, size: f32, text: String) {
        self.mark(Mark::Text {
            left,
            bottom,
            size,
            text,
        });
    }

    fn area(&mut self, area: [f32; 4]) {
        self.mark(Mark::Area { area });
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.marks.push(mark);
        }
    }

    fn need(&mut self, height: f32) {
        if self.at - height < BOTTOM {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.sheets.push(Sheet::default());
        self.at = HEIGHT - TOP;
    }

    fn width(&self, text: &str, size: f32) -> Result<f32, AppearanceError> {
        self.face.width(text, size)
    }

    /// The text in lines of this width: broken between words, and within words that are too long.
    fn lines(&self, text: &str, size: f32, width: f32) -> Result<Vec<String>, AppearanceError> {
        let text = self.shown(text);
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let joined = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if self.width(&joined, size)? <= width {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            let most = self.letters(word, size, width)?;
            for letter in word.chars() {
                line.push(letter);
                let is_full = line.chars().nth(most).is_some();
                if (is_full || self.width(&line, size)? > width) && line.chars().nth(1).is_some() {
                    line.pop();
                    lines.push(std::mem::take(&mut line));
                    line.push(letter);
                }
                if lines.len() >= LINES {
                    break;
                }
            }
            if lines.len() >= LINES {
                break;
            }
        }
        if !line.is_empty() && lines.len() < LINES {
            lines.push(line);
        } else if let Some(last) = lines.last_mut().filter(|_| !line.is_empty()) {
            last.pop();
            last.push('…');
        }
        Ok(lines)
    }

    /// Letters in a line of a word that is too long for one: numbers stand in lines of one length, so
    /// that no digit or two are left over; anything else fills its lines.
    fn letters(&self, word: &str, size: f32, width: f32) -> Result<usize, AppearanceError> {
        if !word
            .trim_end_matches(',')
            .bytes()
            .all(|octet| octet.is_ascii_hexdigit())
        {
            return Ok(usize::MAX);
        }
        // Never more than a sheet has columns of: the numbers are short.
        let mut lines = 1_u16;
        while self.width(word, size)? > width * f32::from(lines) && lines < u16::MAX {
            lines = lines.saturating_add(1);
        }
        Ok(word.len().div_ceil(usize::from(lines)))
    }

    /// The letters that the font has; a question mark for others and for what shows nothing.
    fn shown(&self, text: &str) -> String {
        let mut buffer = [0; 4];
        let composed: String = text
            .chars()
            .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
            .collect();
        // Marks that combine are composed by the font's own measure, with the letter before them.
        if self.face.width(&composed, 1.0).is_ok() && !composed.contains(is_unseen) {
            return composed;
        }
        composed
            .chars()
            .map(|letter| {
                let known = self
                    .face
                    .width(letter.encode_utf8(&mut buffer), 1.0)
                    .is_ok();
                if known && !is_unseen(letter) && !letter.is_control() {
                    letter
                } else {
                    '?'
                }
            })
            .collect()
    }
}

fn height(row: &[Vec<String>]) -> f32 {
    let lines = row.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let lines = u16::try_from(lines).map_or(f32::from(u16::MAX), f32::from);
    lines * SMALL * LEADING + 2.0 * PADDING
}
