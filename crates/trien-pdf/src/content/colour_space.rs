//! Colour spaces that resources hold (ISO 32000-2, 8.6.5.6): some take the place of the device's,
//! and every colour that a stream sets is another one then. Reads none of them.

use crate::{Dictionary, Document, Object, ReadError, RevisionIndex};

/// The names under which colour spaces take the place of those of the device.
const DEFAULTS: [&str; 3] = ["DefaultCMYK", "DefaultGray", "DefaultRGB"];

/// Whether resources make other colours of those of the device, or may: a key that stands twice is
/// read as one likes.
pub(crate) fn redefines_device_colours(
    document: &Document<'_>,
    resources: &Dictionary,
    revision: RevisionIndex,
) -> Result<bool, ReadError> {
    if resources.duplicate_key().is_some() {
        return Ok(true);
    }
    Ok(match document.value(resources, "ColorSpace", revision)? {
        Object::Null => false,
        Object::Dictionary(spaces) => {
            let mut names = spaces.entries().iter();
            names.any(|entry| DEFAULTS.iter().any(|default| entry.key == *default))
        }
        _ => true,
    })
}
