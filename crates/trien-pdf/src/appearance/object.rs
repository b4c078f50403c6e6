//! Bodies of new indirect objects and the numbers they get.
//! Knows nothing of offsets, generations or cross-reference sections.

use pdf_writer::{Chunk, Ref, Settings};

use super::{AppearanceError, EmbeddedFont, Image};

/// A new indirect object: what stands between `N 0 obj` and `endobj`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewObject {
    /// Its number, as the caller allocated it; the generation is 0.
    pub number: u32,
    /// The object without its `obj` and `endobj` keywords: a dictionary, or a dictionary followed
    /// by `stream` … `endstream`.
    pub body: Vec<u8>,
}

/// Objects that belong together, and which of them to refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrittenObjects {
    /// The number of the object that the others hang on: the form, the font, the image.
    pub root: u32,
    /// All of them, in the order in which their numbers were allocated.
    pub objects: Vec<NewObject>,
}

/// Takes numbers from the caller and collects the objects written under them.
pub(super) struct Objects<'a> {
    allocate: &'a mut dyn FnMut() -> u32,
    written: Vec<NewObject>,
}

impl<'a> Objects<'a> {
    pub(super) fn new(allocate: &'a mut dyn FnMut() -> u32) -> Self {
        Self {
            allocate,
            written: Vec::new(),
        }
    }

    /// A fresh number.
    pub(super) fn number(&mut self) -> Result<Ref, AppearanceError> {
        let number = (self.allocate)();
        match i32::try_from(number) {
            Ok(small) if small > 0 => Ok(Ref::new(small)),
            _ => Err(AppearanceError::ObjectNumberUnusable { number }),
        }
    }

    /// Adds the one object that `write` puts into a chunk under `reference`.
    pub(super) fn add(&mut self, reference: Ref, write: impl FnOnce(&mut Chunk)) {
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        write(&mut chunk);
        let number = u32::try_from(reference.get()).unwrap_or_default();
        let whole = chunk.as_bytes();
        let head = format!("{number} 0 obj\n");
        let body = whole.strip_prefix(head.as_bytes()).unwrap_or(whole);
        let body = body.trim_ascii_end();
        let body = body.strip_suffix(b"endobj").unwrap_or(body);
        let body = body.strip_suffix(b"\n").unwrap_or(body);
        self.written.push(NewObject {
            number,
            body: body.to_vec(),
        });
    }

    pub(super) fn finish(mut self, root: Ref) -> WrittenObjects {
        self.written.sort_by_key(|object| object.number);
        WrittenObjects {
            root: u32::try_from(root.get()).unwrap_or_default(),
            objects: self.written,
        }
    }
}

/// Images and fonts that were written, by the numbers they got: several marks of one update share
/// them.
#[derive(Debug, Default)]
pub(crate) struct SharedResources {
    images: Vec<(Image, Ref)>,
    fonts: Vec<(EmbeddedFont, Ref)>,
}

impl SharedResources {
    pub(super) fn image(
        &mut self,
        image: &Image,
        objects: &mut Objects<'_>,
    ) -> Result<Ref, AppearanceError> {
        if let Some((_, number)) = self.images.iter().find(|(known, _)| known == image) {
            return Ok(*number);
        }
        let number = image.write_into(objects)?;
        self.images.push((image.clone(), number));
        Ok(number)
    }

    pub(super) fn font(
        &mut self,
        font: &EmbeddedFont,
        objects: &mut Objects<'_>,
    ) -> Result<Ref, AppearanceError> {
        if let Some((_, number)) = self.fonts.iter().find(|(known, _)| known.is_same(font)) {
            return Ok(*number);
        }
        let number = font.write_into(objects)?;
        self.fonts.push((font.clone(), number));
        Ok(number)
    }
}

/// Flate at the default level: the same octets for the same input and library version.
pub(super) fn deflate(octets: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing into a vector cannot fail; were it to, the stream would be short and show at once.
    let _ = encoder.write_all(octets);
    encoder.finish().unwrap_or_default()
}
