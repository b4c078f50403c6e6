//! What a page shows, as far as placing a mark needs it: letters and images with their places.
//! Reads the text operators of content streams (ISO 32000-2, 8.4, 9.4) and draws nothing: no
//! outlines, no clipping, no colour. Letters whose meaning the file does not tell are counted.

mod character_map;
mod encoding;
mod font;
mod operators;
mod state;
mod text_line;

use crate::{Dictionary, Document, Object, Page, PageArea, ReadError, RevisionIndex, Stream};

pub(crate) use font::{Code, Font};
pub use text_line::TextLine;

use operators::Interpreter;

/// Letters of one page at most: a page of small print has ten thousand.
const LETTERS: usize = 200_000;

/// Images of one page at most: scans have one, forms a few.
const IMAGES: usize = 10_000;

/// Operators of one page, forms it uses included: drawings of maps have a few hundred thousand.
const OPERATORS: usize = 2_000_000;

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
    pub(crate) images: Vec<[f64; 4]>,
    pub(crate) unreadable: usize,
    pub(crate) is_cut: bool,
}

#[derive(Debug)]
pub(crate) struct FoundLetter {
    pub(crate) text: String,
    pub(crate) rectangle: [f64; 4],
}

impl Document<'_> {
    /// The letters and images of a page as of the latest revision, without its annotations.
    /// What is damaged ends the reading, and the answer says so.
    ///
    /// # Errors
    /// A bound of the document's limits.
    pub fn page_content(&self, page: &Page) -> Result<PageContent, ReadError> {
        let mut interpreter = Interpreter::new(self);
        let resources = self
            .inherited(page.dictionary(), "Resources", self.latest(), |value| {
                value.as_dictionary().cloned()
            })?
            .unwrap_or_default();
        match self.contents_of(page.dictionary()) {
            Ok(data) => interpreter.run(&data, &resources)?,
            Err(error) if error.is_limit() => return Err(error),
            Err(_) => interpreter.found.is_cut = true,
        }
        Ok(shown(interpreter.found, page))
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
        let mut interpreter = Interpreter::new(self);
        interpreter.run_appearance(&form, rectangle)?;
        Ok(shown(interpreter.found, page).images)
    }

    /// 7.8.2: the streams of /Contents are one, cut between tokens.
    fn contents_of(&self, page: &Dictionary) -> Result<Vec<u8>, ReadError> {
        let revision = self.latest();
        let streams = match self.value(page, "Contents", revision)? {
            Object::Array(streams) => streams,
            Object::Null => Vec::new(),
            single => vec![single],
        };
        let mut data = Vec::new();
        for stream in &streams {
            if let Object::Stream(stream) = self.resolve(stream, revision)? {
                data.extend_from_slice(&self.decoded(&stream, revision)?);
                data.push(b'\n');
            }
            if data.len() > self.limits().decoded_octets {
                return Err(ReadError::limit(trien_types::Limit::DecodedOctets, 0));
            }
        }
        Ok(data)
    }

    /// Decoded data of a form; `None` when they are damaged or encoded as only images are.
    pub(crate) fn form_data(
        &self,
        form: &Stream,
        revision: RevisionIndex,
    ) -> Result<Option<Vec<u8>>, ReadError> {
        match self.decoded(form, revision) {
            Ok(data) => Ok(Some(data)),
            Err(error) if error.is_limit() => Err(error),
            Err(_) => Ok(None),
        }
    }
}

fn shown(found: Found, page: &Page) -> PageContent {
    let view = page.view();
    let letters = found
        .letters
        .into_iter()
        .map(|letter| {
            let area = view.shown(letter.rectangle);
            // Lines that run across the page as shown have their height upright on it.
            Letter {
                size: area.height,
                text: letter.text,
                area,
            }
        })
        .collect();
    PageContent {
        lines: text_line::lines(letters),
        images: found
            .images
            .into_iter()
            .map(|rectangle| view.shown(rectangle))
            .collect(),
        unreadable: found.unreadable,
        is_cut: found.is_cut,
    }
}
