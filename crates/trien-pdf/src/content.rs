//! What a page shows, as far as placing a mark needs it: letters and images with their places.
//! Reads the text operators of content streams (ISO 32000-2, 8.4, 9.4) and draws nothing: no
//! outlines, no clipping, no colour. Letters whose meaning the file does not tell are counted.

mod character_map;
mod colour_space;
mod drawn_font;
mod encoding;
mod font;
mod ink;
mod operators;
mod paint;
mod pen;
mod state;
mod text_line;
mod visible;
mod x_object;

use trien_types::Limit;

use crate::{
    Dictionary, Document, Object, ObjectId, Page, PageArea, ReadError, ReadErrorKind,
    RevisionIndex, Stream,
};

pub(crate) use colour_space::redefines_device_colours;
pub(crate) use encoding::character_of_name;
pub(crate) use font::{Code, Font};
pub(crate) use ink::Tone;
pub use text_line::TextLine;

use operators::Interpreter;

pub(crate) use state::Matrix;

/// Letters of one page at most: a page of small print has ten thousand.
const LETTERS: usize = 200_000;

/// Images of one page at most: scans have one, forms a few.
const IMAGES: usize = 10_000;

/// Operators of one page, forms it uses included: drawings of maps have a few hundred thousand.
const OPERATORS: usize = 2_000_000;

/// Octets that a page's contents and its forms may decode to, these each time they are drawn.
const DECODED_OCTETS: usize = 64 * 1024 * 1024;

/// Octets that a page's contents may decode to, or a font's map of characters. They are held while
/// they are read, and an archive is verified on many threads at a time. Drawings of maps have some
/// millions. Of a longer page it is not known what it draws.
const CONTENT_OCTETS: usize = 24 * 1024 * 1024;

/// How deep form `XObject`s may stand in one another.
const FORM_DEPTH: usize = 8;

/// What a page shows.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct PageContent {
    /// Lines of text, in the order in which their first letters are painted. Text with a wide gap
    /// in it is two lines.
    pub lines: Vec<TextLine>,
    /// Places of images on the page as it is shown.
    pub images: Vec<PageArea>,
    /// Letters whose meaning the file does not tell: fonts without a map to Unicode.
    pub unreadable: usize,
    /// Letters that are painted, whatever they mean. Text that programs recognised on a scan lies on
    /// the page without being painted (9.3.6, text rendering mode 3), and is in `lines` all the same.
    pub painted: usize,
    /// Whether a limit or a damaged stream stopped the reading before the end.
    pub is_cut: bool,
}

/// One letter, or several that one code stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Letter {
    pub(crate) text: String,
    pub(crate) area: PageArea,
    /// Height of the font, in millimetres on the page as shown.
    pub(crate) size: f64,
}

/// What the interpreter finds, in user space.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) letters: Vec<FoundLetter>,
    pub(crate) images: Vec<FoundImage>,
    /// Filled areas, when everything is sought.
    pub(crate) shapes: Vec<Shape>,
    /// Boxes around strokes that may be letters or drawings, when everything is sought.
    pub(crate) strokes: Vec<[f64; 4]>,
    /// Boxes around the segments of lines, in a look.
    pub(crate) lines: Vec<[f64; 4]>,
    /// Width of the widest line, 0 without one.
    pub(crate) widest_line: f64,
    pub(crate) unreadable: usize,
    /// Letters in a text rendering mode that paints.
    pub(crate) painted: usize,
    /// How many things are drawn that cannot be told: readers may show them.
    pub(crate) unclear: usize,
    pub(crate) is_cut: bool,
    /// Operators that were read.
    pub(crate) operators: usize,
}

#[derive(Debug)]
pub(crate) struct FoundLetter {
    /// `None` where the file does not tell; such letters are kept when everything is sought.
    pub(crate) text: Option<String>,
    pub(crate) rectangle: [f64; 4],
    /// Whether the letter is drawn within its box, as those of fonts are that readers bring; those
    /// of a font in the file draw whatever it says.
    pub(crate) keeps_to_box: bool,
    pub(crate) tone: Tone,
}

/// An image where it is painted.
#[derive(Debug)]
pub(crate) struct FoundImage {
    pub(crate) rectangle: [f64; 4],
    /// Places the unit square that it fills (8.9.5).
    pub(crate) matrix: Matrix,
    /// `None` for an inline image.
    pub(crate) object: Option<ObjectId>,
}

/// A filled area: the box around one part of a path.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) rectangle: [f64; 4],
    pub(crate) tone: Tone,
}

/// What a reading is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sought {
    /// Words and pictures, to place a mark by.
    Words,
    /// Whatever is drawn, known or not: what something may cover.
    Everything,
    /// Whatever a look draws, with as much room as it may take: what may cover something.
    Look,
}

impl Document<'_> {
    /// The letters and images of a page as of the latest revision, without its annotations.
    /// What is damaged ends the reading, and the answer says so.
    ///
    /// # Errors
    /// A bound of the document's limits.
    pub fn page_content(&self, page: &Page) -> Result<PageContent, ReadError> {
        let found = self.drawn_on(page.dictionary(), self.latest(), Sought::Words)?;
        Ok(shown(found, page))
    }

    /// What a page shows in user space as of a revision, without its annotations.
    pub(crate) fn drawn_on(
        &self,
        page: &Dictionary,
        revision: RevisionIndex,
        sought: Sought,
    ) -> Result<Found, ReadError> {
        let mut interpreter = Interpreter::new(self, revision, sought);
        let resources = self
            .inherited(page, "Resources", revision, |value| {
                value.as_dictionary().cloned()
            })?
            .unwrap_or_default();
        interpreter.enter(&resources)?;
        match self.contents_of(page, revision) {
            Ok(data) => {
                interpreter.decoded = data.len();
                interpreter.run(&data, &resources)?;
            }
            Err(error) if error.is_limit() && !is_too_long(&error) => return Err(error),
            Err(_) => interpreter.found.is_cut = true,
        }
        interpreter.found.operators = interpreter.operators;
        Ok(interpreter.found)
    }

    /// What an appearance draws in user space when it is laid onto a rectangle (12.5.5).
    pub(crate) fn drawn_by(
        &self,
        appearance: &Stream,
        rectangle: [f64; 4],
        revision: RevisionIndex,
    ) -> Result<Found, ReadError> {
        let mut interpreter = Interpreter::new(self, revision, Sought::Look);
        interpreter.run_appearance(appearance, rectangle)?;
        interpreter.found.operators = interpreter.operators;
        Ok(interpreter.found)
    }

    /// Places of the images that the normal appearance of a widget shows (12.5.5), on its page as
    /// that is shown: where in the widget's rectangle the picture of a signature is.
    ///
    /// # Errors
    /// A bound of the document's limits.
    pub fn widget_images(
        &self,
        page: &Page,
        widget: &crate::Widget,
    ) -> Result<Vec<PageArea>, ReadError> {
        let revision = self.latest();
        let none = Ok(Vec::new());
        let (Some(id), Some(rectangle)) = (widget.object, widget.rectangle) else {
            return none;
        };
        let Object::Dictionary(annotation) = self.object(id, revision)?.object else {
            return none;
        };
        let Object::Dictionary(appearance) = self.value(&annotation, "AP", revision)? else {
            return none;
        };
        let Object::Stream(form) = self.value(&appearance, "N", revision)? else {
            return none;
        };
        let mut interpreter = Interpreter::new(self, revision, Sought::Words);
        interpreter.run_appearance(&form, rectangle)?;
        Ok(shown(interpreter.found, page).images)
    }

    /// 7.8.2: the streams of /Contents are one, cut between tokens.
    fn contents_of(
        &self,
        page: &Dictionary,
        revision: RevisionIndex,
    ) -> Result<Vec<u8>, ReadError> {
        let streams = match self.value(page, "Contents", revision)? {
            Object::Array(streams) => streams,
            Object::Null => Vec::new(),
            single => vec![single],
        };
        let mut data = Vec::new();
        for stream in &streams {
            let Object::Stream(stream) = self.resolve(stream, revision)? else {
                continue;
            };
            let left = CONTENT_OCTETS.saturating_sub(data.len());
            let more = self.decoded_within(&stream, revision, left)?;
            if data.is_empty() {
                data = more;
            } else {
                data.reserve_exact(more.len().saturating_add(1));
                data.push(b'\n');
                data.extend_from_slice(&more);
            }
        }
        Ok(data)
    }

    /// Decoded data of a form, `most` octets; `None` when they are damaged or encoded as only images
    /// are.
    pub(crate) fn form_data(
        &self,
        form: &Stream,
        revision: RevisionIndex,
        most: usize,
    ) -> Result<Option<Vec<u8>>, ReadError> {
        match self.decoded_within(form, revision, most) {
            Ok(data) => Ok(Some(data)),
            Err(error) if error.is_limit() => Err(error),
            Err(_) => Ok(None),
        }
    }
}

/// Whether it is the stream alone that is refused, not the document: what it draws is not known.
fn is_too_long(error: &ReadError) -> bool {
    error.kind == ReadErrorKind::LimitReached(Limit::DecodedOctets)
}

fn shown(found: Found, page: &Page) -> PageContent {
    let view = page.view();
    let letters = found
        .letters
        .into_iter()
        .filter_map(|letter| {
            let area = view.shown(letter.rectangle);
            // Lines that run across the page as shown have their height upright on it.
            Some(Letter {
                size: area.height,
                text: letter.text?,
                area,
            })
        })
        .collect();
    PageContent {
        lines: text_line::lines(letters),
        images: found
            .images
            .into_iter()
            .map(|image| view.shown(image.rectangle))
            .collect(),
        unreadable: found.unreadable,
        painted: found.painted,
        is_cut: found.is_cut,
    }
}
