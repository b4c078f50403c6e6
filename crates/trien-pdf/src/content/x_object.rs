//! Images and forms that a content stream paints (ISO 32000-2, 8.9, 8.10), and forms as
//! appearances (12.5.5): where they are placed. Decodes no image.

use super::colour_space::redefines_device_colours;
use super::operators::Interpreter;
use super::state::Matrix;
use super::{DECODED_OCTETS, FORM_DEPTH, FoundImage, IMAGES, Sought, is_too_long};
use crate::field::{number_of, rectangle_of};
use crate::{Dictionary, Object, ObjectId, ReadError, Stream};

/// Entries of a form by which its contents are elsewhere (7.3.8.2; 8.10.2, table 93): in another
/// file, or in PostScript.
const ELSEWHERE: [&str; 5] = ["F", "OPI", "PS", "Ref", "Subtype2"];

impl Interpreter<'_, '_> {
    pub(super) fn image(&mut self, object: Option<ObjectId>) {
        // 8.9.5: an image fills the unit square.
        let matrix = self.state.transformation;
        let rectangle = matrix.around([0.0, 0.0, 1.0, 1.0]);
        if self.found.images.len() >= IMAGES {
            self.found.is_cut = true;
        } else if rectangle.iter().all(|value| value.is_finite()) {
            self.found.images.push(FoundImage {
                rectangle,
                matrix,
                object,
            });
        }
    }

    pub(super) fn x_object(&mut self, name: &str, resources: &Dictionary) -> Result<(), ReadError> {
        let revision = self.revision;
        let objects = self.document.value(resources, "XObject", revision)?;
        let Some(named) = objects
            .as_dictionary()
            .and_then(|objects| objects.get(name))
        else {
            self.found.unclear = self.found.unclear.saturating_add(1);
            return Ok(());
        };
        let Object::Stream(stream) = self.document.resolve(named, revision)? else {
            self.found.unclear = self.found.unclear.saturating_add(1);
            return Ok(());
        };
        let subtype = self
            .document
            .value(&stream.dictionary, "Subtype", revision)?;
        match subtype.as_name() {
            Some(name) if *name == "Image" => self.image(named.as_reference()),
            Some(name) if *name == "Form" => self.form(&stream, resources)?,
            _ => self.found.unclear = self.found.unclear.saturating_add(1),
        }
        Ok(())
    }

    /// 8.10.1: the state is saved, the form's matrix comes first, its resources are its own.
    fn form(&mut self, form: &Stream, inherited: &Dictionary) -> Result<(), ReadError> {
        let revision = self.revision;
        // What another file or another language says is shown instead, by those who can.
        let is_elsewhere = ELSEWHERE
            .iter()
            .any(|key| form.dictionary.get(key).is_some());
        if self.sought == Sought::Look && is_elsewhere {
            self.found.unclear = self.found.unclear.saturating_add(1);
        }
        let matrix = self.document.value(&form.dictionary, "Matrix", revision)?;
        let resources = self
            .document
            .value(&form.dictionary, "Resources", revision)?;
        let resources = resources.as_dictionary().unwrap_or(inherited).clone();
        if self.sought == Sought::Look
            && redefines_device_colours(self.document, &resources, revision)?
        {
            self.found.unclear = self.found.unclear.saturating_add(1);
        }
        let outer = (self.state, self.text_matrix, self.line_matrix);
        self.state.transformation = matrix_of(&matrix).then(self.state.transformation);
        let done = self.run_stream(form, &resources);
        (self.state, self.text_matrix, self.line_matrix) = outer;
        done
    }

    /// Runs a stream within another one; the state is the caller's to keep.
    pub(super) fn run_stream(
        &mut self,
        stream: &Stream,
        resources: &Dictionary,
    ) -> Result<(), ReadError> {
        if self.depth >= FORM_DEPTH {
            self.found.is_cut = true;
            return Ok(());
        }
        // A stream that is drawn again and again is decoded again and again.
        let left = DECODED_OCTETS.saturating_sub(self.decoded);
        let data = match self.document.form_data(stream, self.revision, left) {
            Ok(Some(data)) => data,
            Err(error) if !is_too_long(&error) => return Err(error),
            Ok(None) | Err(_) => {
                self.found.is_cut = true;
                return Ok(());
            }
        };
        self.decoded = self.decoded.saturating_add(data.len());
        let saved = std::mem::take(&mut self.saved);
        self.enter(resources)?;
        self.depth = self.depth.saturating_add(1);
        let done = self.run(&data, resources);
        self.depth = self.depth.saturating_sub(1);
        self.saved = saved;
        done
    }

    /// 12.5.5: the form's box, turned by its matrix, is laid onto the annotation's rectangle.
    pub(super) fn run_appearance(
        &mut self,
        form: &Stream,
        [x, y, other_x, other_y]: [f64; 4],
    ) -> Result<(), ReadError> {
        let revision = self.revision;
        let matrix = self.document.value(&form.dictionary, "Matrix", revision)?;
        let corners = self.document.value(&form.dictionary, "BBox", revision)?;
        let Some(corners) = rectangle_of(&corners) else {
            self.found.unclear = self.found.unclear.saturating_add(1);
            return Ok(());
        };
        let [left, bottom, right, top] = matrix_of(&matrix).around(corners);
        let (width, height) = ((right - left).abs(), (top - bottom).abs());
        if !(width > 0.0 && height > 0.0) {
            self.found.unclear = self.found.unclear.saturating_add(1);
            return Ok(());
        }
        let (across, up) = ((other_x - x).abs() / width, (other_y - y).abs() / height);
        let moved = Matrix([
            across,
            0.0,
            0.0,
            up,
            x.min(other_x) - left * across,
            y.min(other_y) - bottom * up,
        ]);
        self.state.transformation = moved;
        self.form(form, &Dictionary::new())
    }
}

fn matrix_of(value: &Object) -> Matrix {
    let numbers: Option<Vec<f64>> = value
        .as_array()
        .and_then(|numbers| numbers.iter().map(number_of).collect());
    numbers
        .and_then(|numbers| numbers.try_into().ok())
        .map_or(Matrix::IDENTITY, Matrix)
}
