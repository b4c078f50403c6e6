//! The mark of a signature: lines of text, an image and a border laid out in a box.
//! Knows nothing of what the lines say.

use pdf_writer::writers::ColorSpace;
use pdf_writer::{Filter, Rect};

use super::layout::{FONT, IMAGE, SPACE};
use super::object::{Objects, SharedResources, WrittenObjects, deflate};
use super::{AppearanceError, EmbeddedFont, Image, QuarterTurns, SquareGrid};

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

    pub(super) fn components(self) -> [f32; 3] {
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
    /// At the right edge.
    Right,
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub(super) text: String,
    pub(super) size: f32,
    pub(super) colour: Colour,
    pub(super) alignment: Alignment,
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
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum ImagePlace {
    /// As large as the box allows, in its middle, the text painted over it: seals and handwritten
    /// signatures.
    Behind,
    /// In the left part of the box, at most two fifths of its width, the text beside it.
    Left,
    /// In the middle of the box at this size, whatever the border: seals at their true size.
    /// What reaches over the box is not shown.
    Sized {
        /// Width in points.
        width: f32,
        /// Height in points.
        height: f32,
    },
    /// One of `count` upright strips of equal width that the image is cut into, filling the box:
    /// the part of a seal that each page shows when the seal goes over all of them.
    Strip {
        /// Which strip, from 0 at the left.
        index: u8,
        /// How many strips there are.
        count: std::num::NonZeroU8,
    },
}

/// The largest page of PDF 1.x in points (ISO 32000-1, C.1): no mark is larger.
const LARGEST: f32 = 14_400.0;

/// The look of a signature in a box of a given size. Lines that do not fit are all made smaller
/// together until they do.
#[derive(Debug, Clone)]
pub struct Mark {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) lines: Vec<Line>,
    pub(super) image: Option<(Image, ImagePlace)>,
    pub(super) grid: Option<SquareGrid>,
    pub(super) border: Option<Border>,
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
            grid: None,
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

    /// Sets a grid of squares, in the left part of the box, as large as the box is high; the text
    /// stands beside it, and so does the image.
    #[must_use]
    pub fn with_grid(mut self, grid: SquareGrid) -> Self {
        self.grid = Some(grid);
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
        let shared = &mut SharedResources::default();
        self.write_turned(font, QuarterTurns::None, shared, allocate)
    }

    /// The same for a page that is turned, so that the mark stands upright on it. An image or font
    /// that `shared` knows already is not written again.
    pub(crate) fn write_turned(
        &self,
        font: &EmbeddedFont,
        turns: QuarterTurns,
        shared: &mut SharedResources,
        allocate: &mut dyn FnMut() -> u32,
    ) -> Result<WrittenObjects, AppearanceError> {
        let mut objects = Objects::new(allocate);
        let form = objects.number()?;
        let font_number = if self.lines.is_empty() {
            None
        } else {
            Some(shared.font(font, &mut objects)?)
        };
        let image_number = match &self.image {
            None => None,
            Some((image, _)) => Some(shared.image(image, &mut objects)?),
        };
        let content = deflate(&self.content(font)?);
        objects.add(form, |chunk| {
            let mut writer = chunk.form_xobject(form, &content);
            writer.filter(Filter::FlateDecode);
            writer.bbox(Rect::new(0.0, 0.0, self.width, self.height));
            if let Some(matrix) = turns.upright() {
                writer.matrix(matrix);
            }
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
}

fn check(points: f32, least: f32) -> Result<f32, AppearanceError> {
    if points >= least && points <= LARGEST {
        Ok(points)
    } else {
        Err(AppearanceError::SizeUnusable { points })
    }
}
