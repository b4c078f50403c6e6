//! Laying out a page: lines of text, paragraphs, tables, rules and pictures at places in points.
//! Knows nothing of objects: `assemble` turns pages into a document.

use super::RecordError;
use super::fonts::SystemFonts;
use trien_pdf::appearance::{Alignment, FontFace};

/// Width of A4 in points.
pub(super) const WIDTH: f32 = 595.28;
/// Height of A4 in points.
pub(super) const HEIGHT: f32 = 841.89;
/// Left margin: 30 mm (vis.10).
pub(super) const LEFT: f32 = 85.0;
/// Right edge of the text: 15 mm from the paper's edge (vis.10).
pub(super) const RIGHT: f32 = WIDTH - 42.5;

/// A style of the record's family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    Regular,
    Bold,
    Italic,
}

impl Style {
    pub(super) const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Italic];

    /// The resource name of its font.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Regular => "FR",
            Self::Bold => "FB",
            Self::Italic => "FI",
        }
    }
}

/// One thing painted on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Painted {
    Text {
        left: f32,
        baseline: f32,
        style: Style,
        size: f32,
        text: String,
    },
    /// A straight stroke from one point to another.
    Rule {
        from: (f32, f32),
        to: (f32, f32),
        thickness: f32,
    },
    /// Picture `index` of the document in this rectangle.
    Picture {
        index: usize,
        left: f32,
        bottom: f32,
        width: f32,
        height: f32,
    },
}

/// A rectangle on a page in points: left, bottom, right, top.
pub type Rectangle = [f32; 4];

/// A page that is being laid out.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Page {
    pub(super) painted: Vec<Painted>,
    /// Places of signature fields: name and rectangle.
    pub(super) fields: Vec<(String, Rectangle)>,
}

/// The three faces, for measuring.
#[derive(Debug)]
pub(super) struct Faces<'a> {
    faces: [FontFace<'a>; 3],
}

impl<'a> Faces<'a> {
    pub(super) fn parse(fonts: &'a SystemFonts) -> Result<Self, RecordError> {
        Ok(Self {
            faces: [
                FontFace::parse(&fonts.regular, 0)?,
                FontFace::parse(&fonts.bold, 0)?,
                FontFace::parse(&fonts.italic, 0)?,
            ],
        })
    }

    pub(super) const fn face(&self, style: Style) -> &FontFace<'a> {
        let [regular, bold, italic] = &self.faces;
        match style {
            Style::Regular => regular,
            Style::Bold => bold,
            Style::Italic => italic,
        }
    }

    /// Breaks a paragraph at spaces so that no line is wider than `width`.
    fn wrap(
        &self,
        text: &str,
        style: Style,
        size: f32,
        width: f32,
    ) -> Result<Vec<String>, RecordError> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split(' ') {
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if line.is_empty() || self.face(style).width(&longer, size)? <= width {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            }
        }
        lines.push(line);
        Ok(lines)
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) width: f32,
    pub(super) alignment: Alignment,
}

impl Column {
    pub(super) const fn left(width: f32) -> Self {
        Self {
            width,
            alignment: Alignment::Left,
        }
    }

    pub(super) const fn centre(width: f32) -> Self {
        Self {
            width,
            alignment: Alignment::Centre,
        }
    }
}

impl Page {
    /// One line with its left end at `left`.
    pub(super) fn text(&mut self, left: f32, baseline: f32, style: Style, size: f32, text: &str) {
        self.painted.push(Painted::Text {
            left,
            baseline,
            style,
            size,
            text: text.to_owned(),
        });
    }

    /// One line with its middle at `middle`; gives its width.
    pub(super) fn centred(
        &mut self,
        faces: &Faces<'_>,
        middle: f32,
        baseline: f32,
        (style, size): (Style, f32),
        text: &str,
    ) -> Result<f32, RecordError> {
        let width = faces.face(style).width(text, size)?;
        self.text(middle - width / 2.0, baseline, style, size, text);
        Ok(width)
    }

    /// As [`Page::centred`], in a smaller size where the text would be wider than `most`.
    pub(super) fn fitted(
        &mut self,
        faces: &Faces<'_>,
        (middle, most): (f32, f32),
        baseline: f32,
        (style, size): (Style, f32),
        text: &str,
    ) -> Result<f32, RecordError> {
        let width = faces.face(style).width(text, size)?;
        let size = size * (most / width).min(1.0);
        self.centred(faces, middle, baseline, (style, size), text)
    }

    /// A paragraph from `left` to `right`; gives the baseline of the line that would follow.
    pub(super) fn paragraph(
        &mut self,
        faces: &Faces<'_>,
        (left, right): (f32, f32),
        baseline: f32,
        (style, size): (Style, f32),
        text: &str,
    ) -> Result<f32, RecordError> {
        let mut baseline = baseline;
        for line in faces.wrap(text, style, size, right - left)? {
            self.text(left, baseline, style, size, &line);
            baseline -= size * 1.3;
        }
        Ok(baseline)
    }

    pub(super) fn rule(&mut self, from: (f32, f32), to: (f32, f32), thickness: f32) {
        self.painted.push(Painted::Rule {
            from,
            to,
            thickness,
        });
    }

    /// A table with borders, the first row in bold and centred; gives the height of its foot.
    pub(super) fn table(
        &mut self,
        faces: &Faces<'_>,
        (left, top): (f32, f32),
        columns: &[Column],
        size: f32,
        rows: &[Vec<String>],
    ) -> Result<f32, RecordError> {
        const THIN: f32 = 0.6;
        let right = left + columns.iter().map(|column| column.width).sum::<f32>();
        let mut edge = top;
        self.rule((left, top), (right, top), THIN);
        for (number, row) in rows.iter().enumerate() {
            let style = if number == 0 {
                Style::Bold
            } else {
                Style::Regular
            };
            let mut cells = Vec::new();
            let mut most = 1_u16;
            for (cell, column) in row.iter().zip(columns) {
                let lines = faces.wrap(cell, style, size, column.width - 8.0)?;
                most = most.max(u16::try_from(lines.len()).unwrap_or(u16::MAX));
                cells.push(lines);
            }
            let height = f32::from(most) * size * 1.2 + 5.0;
            let mut x = left;
            for (lines, column) in cells.iter().zip(columns) {
                let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
                let block = f32::from(count) * size * 1.2;
                let mut baseline = edge - (height - block) / 2.0 - size * 0.92;
                for line in lines {
                    if number == 0 || column.alignment == Alignment::Centre {
                        let middle = x + column.width / 2.0;
                        self.centred(faces, middle, baseline, (style, size), line)?;
                    } else {
                        self.text(x + 4.0, baseline, style, size, line);
                    }
                    baseline -= size * 1.2;
                }
                x += column.width;
            }
            edge -= height;
            self.rule((left, edge), (right, edge), THIN);
        }
        let mut x = left;
        self.rule((x, top), (x, edge), THIN);
        for column in columns {
            x += column.width;
            self.rule((x, top), (x, edge), THIN);
        }
        Ok(edge)
    }
}
