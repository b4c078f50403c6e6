//! Laying out a mark in its box: the image or grid first, the text in what is left.
//! Knows nothing of objects: it writes one content stream.

use pdf_writer::{Content, Name, Str};

use super::mark::{Alignment, ImagePlace, Mark};
use super::{AppearanceError, EmbeddedFont, Image};

pub(super) const FONT: Name<'static> = Name(b"F0");
pub(super) const IMAGE: Name<'static> = Name(b"Im0");
pub(super) const SPACE: Name<'static> = Name(b"CS0");

/// Space between the edge and the content, in points.
const PADDING: f32 = 2.0;

/// Share of the width that an image at the left may take.
const IMAGE_SHARE: f32 = 0.4;

/// How much wider or higher than its area text may be without being made smaller: no more than
/// rounding, in points.
const ROUNDING: f32 = 0.01;

/// A box in the mark's own coordinates.
#[derive(Debug, Clone, Copy)]
struct Area {
    left: f32,
    bottom: f32,
    width: f32,
    height: f32,
}

impl Mark {
    pub(super) fn content(&self, font: &EmbeddedFont) -> Result<Vec<u8>, AppearanceError> {
        let mut content = Content::new();
        content.save_state();
        let border = self.border.map_or(0.0, |border| border.thickness);
        let inset = (PADDING + border)
            .min(self.width / 4.0)
            .min(self.height / 4.0);
        let mut area = Area {
            left: inset,
            bottom: inset,
            width: self.width - 2.0 * inset,
            height: self.height - 2.0 * inset,
        };
        if let Some(grid) = &self.grid {
            let size = area.height.min(area.width);
            let bottom = area.bottom + (area.height - size) / 2.0;
            grid.paint(&mut content, (area.left, bottom), size);
            area = beside(area, size);
        }
        if let Some((image, place)) = &self.image {
            let whole = Area {
                left: 0.0,
                bottom: 0.0,
                width: self.width,
                height: self.height,
            };
            area = paint_image(&mut content, image, *place, (area, whole));
        }
        if let Some(border) = self.border {
            content
                .set_stroke_color_space(SPACE)
                .set_stroke_color(border.colour.components())
                .set_line_width(border.thickness)
                .rect(
                    border.thickness / 2.0,
                    border.thickness / 2.0,
                    self.width - border.thickness,
                    self.height - border.thickness,
                )
                .stroke();
        }
        self.paint_lines(&mut content, font, area)?;
        content.restore_state();
        Ok(content.finish().into_vec())
    }

    fn paint_lines(
        &self,
        content: &mut Content,
        font: &EmbeddedFont,
        area: Area,
    ) -> Result<(), AppearanceError> {
        let mut widest = 0.0_f32;
        let mut total = 0.0_f32;
        for line in &self.lines {
            widest = widest.max(font.width(&line.text, line.size)?);
            total += font.ascent(line.size) - font.descent(line.size);
        }
        let mut scale = 1.0_f32;
        if widest > area.width + ROUNDING {
            scale = scale.min(area.width / widest);
        }
        if total > area.height + ROUNDING {
            scale = scale.min(area.height / total);
        }
        // The block of lines stands in the middle of the height.
        let mut baseline = area.bottom + area.height / 2.0 + total * scale / 2.0;
        for line in &self.lines {
            let size = line.size * scale;
            baseline -= font.ascent(size);
            let slack = area.width - font.width(&line.text, size)?;
            let left = match line.alignment {
                Alignment::Centre => area.left + slack / 2.0,
                Alignment::Left => area.left,
                Alignment::Right => area.left + slack,
            };
            content
                .begin_text()
                .set_font(FONT, size)
                .set_fill_color_space(SPACE)
                .set_fill_color(line.colour.components())
                .set_text_matrix([1.0, 0.0, 0.0, 1.0, left, baseline])
                .show(Str(&font.encode(&line.text)?))
                .end_text();
            baseline += font.descent(size);
        }
        Ok(())
    }
}

/// What is left of an area beside something of this width at its left edge.
fn beside(area: Area, width: f32) -> Area {
    Area {
        left: area.left + width + 2.0 * PADDING,
        width: (area.width - width - 2.0 * PADDING).max(1.0),
        ..area
    }
}

/// Paints the image into an area, or by the whole box; returns what is left for the text.
fn paint_image(
    content: &mut Content,
    image: &Image,
    place: ImagePlace,
    (area, whole): (Area, Area),
) -> Area {
    let fitted = |room: Area| {
        let width = room.width.min(room.height * proportion(image));
        let height = width / proportion(image);
        Area {
            left: room.left + (room.width - width) / 2.0,
            bottom: room.bottom + (room.height - height) / 2.0,
            width,
            height,
        }
    };
    let (drawn, left) = match place {
        ImagePlace::Behind => (fitted(area), area),
        ImagePlace::Left => {
            let width = (area.width * IMAGE_SHARE).min(area.height * proportion(image));
            (fitted(Area { width, ..area }), beside(area, width))
        }
        ImagePlace::Sized { width, height } => {
            let drawn = Area {
                left: (whole.width - width) / 2.0,
                bottom: (whole.height - height) / 2.0,
                width,
                height,
            };
            (drawn, area)
        }
        ImagePlace::Strip { index, count } => {
            let drawn = Area {
                left: -whole.width * f32::from(index),
                width: whole.width * f32::from(count.get()),
                ..whole
            };
            (drawn, area)
        }
    };
    content
        .save_state()
        .transform([
            drawn.width,
            0.0,
            0.0,
            drawn.height,
            drawn.left,
            drawn.bottom,
        ])
        .x_object(IMAGE)
        .restore_state();
    left
}

/// Width over height; neither is ever 0.
fn proportion(image: &Image) -> f32 {
    f32::from(image.width()) / f32::from(image.height())
}
