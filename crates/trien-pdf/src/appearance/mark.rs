//! The mark of a signature: lines of text, an image and a border laid out in a box.
//! Knows nothing of what the lines say.

use pdf_writer::writers::ColorSpace;
use pdf_writer::{Content, Filter, Name, Rect, Str};

use super::object::{Objects, WrittenObjects, deflate};
use super::{AppearanceError, EmbeddedFont, Image};

/// A colour by its sRGB components, each 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Colour {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Colour {
    /// Black: text (vis.6 of the visible rules).
    pub const BLACK: Self = Self::new(0, 0, 0);
    /// Blue ink: handwritten signatures (vis.1).
    pub const BLUE: Self = Self::new(0, 32, 160);
    /// Red: the seal (vis.2).
    pub const RED: Self = Self::new(200, 0, 0);

    /// A colour of these components.
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    fn components(self) -> [f32; 3] {
        [self.red, self.green, self.blue].map(|component| f32::from(component) / 255.0)
    }
}

/// Where a line stands in its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Alignment {
    /// Centred.
    Centre,
    /// At the left edge.
    Left,
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    text: String,
    size: f32,
    colour: Colour,
    alignment: Alignment,
}

impl Line {
    /// Black text of `size` points at the left edge.
    #[must_use]
    pub fn new(text: impl Into<String>, size: f32) -> Self {
        Self {
            text: text.into(),
            size,
            colour: Colour::BLACK,
            alignment: Alignment::Left,
        }
    }

    /// The same in another colour.
    #[must_use]
    pub const fn coloured(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// The same at another place.
    #[must_use]
    pub const fn aligned(mut self, alignment: Alignment) -> Self {
        self.alignment = alignment;
        self
    }
}

/// A frame around the box.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Border {
    /// Thickness in points.
    pub thickness: f32,
    /// Colour.
    pub colour: Colour,
}

impl Border {
    /// A border of this thickness in points and this colour.
    #[must_use]
    pub const fn new(thickness: f32, colour: Colour) -> Self {
        Self { thickness, colour }
    }
}

/// Where the image stands. It always keeps its proportions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImagePlace {
    /// As large as the box allows, in its middle, the text painted over it: seals and handwritten
    /// signatures.
    Behind,
    /// In the left part of the box, at most two fifths of its width, the text beside it.
    Left,
}

/// Space between the edge and the content, in points.
const PADDING: f32 = 2.0;

/// Share of the width that an image at the left may take.
const IMAGE_SHARE: f32 = 0.4;

/// The largest page of PDF 1.x in points (ISO 32000-1, C.1): no mark is larger.
const LARGEST: f32 = 14_400.0;

/// The look of a signature in a box of a given size. Lines that do not fit are all made smaller
/// together until they do.
#[derive(Debug, Clone)]
pub struct Mark {
    width: f32,
    height: f32,
    lines: Vec<Line>,
    image: Option<(Image, ImagePlace)>,
    border: Option<Border>,
}

/// A box in the mark's own coordinates.
#[derive(Debug, Clone, Copy)]
struct Area {
    left: f32,
    bottom: f32,
    width: f32,
    height: f32,
}

impl Mark {
    /// An empty mark of a width and height in points: those of the widget's rectangle.
    ///
    /// # Errors
    /// A width or height that is not above 0 and at most 14,400.
    pub fn new(width: f32, height: f32) -> Result<Self, AppearanceError> {
        Ok(Self {
            width: check(width, f32::MIN_POSITIVE)?,
            height: check(height, f32::MIN_POSITIVE)?,
            lines: Vec::new(),
            image: None,
            border: None,
        })
    }

    /// Width in points.
    #[must_use]
    pub const fn width(&self) -> f32 {
        self.width
    }

    /// Height in points.
    #[must_use]
    pub const fn height(&self) -> f32 {
        self.height
    }

    /// Adds a line below those there are.
    ///
    /// # Errors
    /// The line's size is not above 0 and at most 14,400.
    pub fn with_line(mut self, line: Line) -> Result<Self, AppearanceError> {
        check(line.size, f32::MIN_POSITIVE)?;
        self.lines.push(line);
        Ok(self)
    }

    /// Sets the image.
    #[must_use]
    pub fn with_image(mut self, image: Image, place: ImagePlace) -> Self {
        self.image = Some((image, place));
        self
    }

    /// Sets the border.
    ///
    /// # Errors
    /// The thickness is negative or above 14,400.
    pub fn with_border(mut self, border: Border) -> Result<Self, AppearanceError> {
        check(border.thickness, 0.0)?;
        self.border = Some(border);
        Ok(self)
    }

    /// The texts of its lines, for [`EmbeddedFont::new`].
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| line.text.as_str())
    }

    /// Writes the mark and what it needs; the root of the result is the form `XObject`, with
    /// the lower left corner of the box at the origin. Without lines, `font` is not written.
    ///
    /// # Errors
    /// A character that `font` was not embedded for, or an object number that cannot be.
    pub fn write(
        &self,
        font: &EmbeddedFont,
        allocate: &mut dyn FnMut() -> u32,
    ) -> Result<WrittenObjects, AppearanceError> {
        let mut objects = Objects::new(allocate);
        let form = objects.number()?;
        let font_number = if self.lines.is_empty() {
            None
        } else {
            Some(font.write_into(&mut objects)?)
        };
        let image_number = match &self.image {
            None => None,
            Some((image, _)) => Some(image.write_into(&mut objects)?),
        };
        let content = deflate(&self.content(font)?);
        objects.add(form, |chunk| {
            let mut writer = chunk.form_xobject(form, &content);
            writer.filter(Filter::FlateDecode);
            writer.bbox(Rect::new(0.0, 0.0, self.width, self.height));
            if matches!(&self.image, Some((image, _)) if image.has_alpha()) {
                // PDF/A-2 (ISO 19005-2, 6.2.10): say in which space transparency blends.
                let mut group = writer.group();
                group.transparency();
                group.color_space().srgb();
            }
            let mut resources = writer.resources();
            resources
                .color_spaces()
                .insert(SPACE)
                .start::<ColorSpace<'_>>()
                .srgb();
            if let Some(font) = font_number {
                resources.fonts().pair(FONT, font);
            }
            if let Some(image) = image_number {
                resources.x_objects().pair(IMAGE, image);
            }
        });
        Ok(objects.finish(form))
    }

    fn content(&self, font: &EmbeddedFont) -> Result<Vec<u8>, AppearanceError> {
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
        if let Some((image, place)) = &self.image {
            area = paint_image(&mut content, image, *place, area);
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
        if widest > area.width {
            scale = scale.min(area.width / widest);
        }
        if total > area.height {
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

const FONT: Name<'static> = Name(b"F0");
const IMAGE: Name<'static> = Name(b"Im0");
const SPACE: Name<'static> = Name(b"CS0");

/// Paints the image and returns what is left for the text.
fn paint_image(content: &mut Content, image: &Image, place: ImagePlace, area: Area) -> Area {
    let room = match place {
        ImagePlace::Behind => area,
        ImagePlace::Left => Area {
            width: (area.width * IMAGE_SHARE).min(area.height * proportion(image)),
            ..area
        },
    };
    let width = room.width.min(room.height * proportion(image));
    let height = width / proportion(image);
    content
        .save_state()
        .transform([
            width,
            0.0,
            0.0,
            height,
            room.left + (room.width - width) / 2.0,
            room.bottom + (room.height - height) / 2.0,
        ])
        .x_object(IMAGE)
        .restore_state();
    match place {
        ImagePlace::Behind => area,
        ImagePlace::Left => Area {
            left: room.left + room.width + 2.0 * PADDING,
            width: (area.width - room.width - 2.0 * PADDING).max(1.0),
            ..area
        },
    }
}

/// Width over height; neither is ever 0.
fn proportion(image: &Image) -> f32 {
    f32::from(image.width()) / f32::from(image.height())
}

fn check(points: f32, least: f32) -> Result<f32, AppearanceError> {
    if points >= least && points <= LARGEST {
        Ok(points)
    } else {
        Err(AppearanceError::SizeUnusable { points })
    }
}
