//! The developer extension of PAdES in the catalog (ISO 32000-1, 7.12; EN 319 142-1, 5.6).

use super::PlaceError;
use super::overlay::Overlay;
use crate::{Dictionary, Name, Object};

/// The prefix that ETSI registered, and the level that names security stores and document time
/// stamps.
const PREFIX: &str = "ESIC";
const BASE_VERSION: &str = "1.7";
const LEVEL: i64 = 1;

/// Declares in the catalog that the file uses what ETSI adds to PDF 1.7. In PDF 2.0 it is part of
/// the standard and needs no declaration.
pub(crate) fn declare_extension(overlay: &mut Overlay<'_, '_>) -> Result<(), PlaceError> {
    let (root, mut catalog) = overlay.catalog()?;
    if is_version_2(overlay, &catalog)? {
        return Ok(());
    }
    let value = overlay
        .document
        .value(&catalog, "Extensions", overlay.revision)?;
    let mut extensions = match value {
        Object::Dictionary(extensions) => extensions,
        _ => Dictionary::new(),
    };
    if extensions.get(PREFIX).is_some() {
        return Ok(());
    }
    let mut extension = Dictionary::new();
    extension.set("BaseVersion", Object::Name(Name::from(BASE_VERSION)));
    extension.set("ExtensionLevel", Object::Integer(LEVEL));
    extensions.set(PREFIX, Object::Dictionary(extension));
    // 7.12: the dictionary is direct, wherever an earlier writer put it.
    catalog.set("Extensions", Object::Dictionary(extensions));
    overlay.set(root, Object::Dictionary(catalog));
    Ok(())
}

fn is_version_2(overlay: &Overlay<'_, '_>, catalog: &Dictionary) -> Result<bool, PlaceError> {
    let document = overlay.document;
    let version = document.value(catalog, "Version", overlay.revision)?;
    let in_catalog = version
        .as_name()
        .is_some_and(|name| name.as_octets().starts_with(b"2."));
    let header = document.bytes().get(document.header_offset()..);
    Ok(in_catalog || header.is_some_and(|header| header.starts_with(b"%PDF-2.")))
}
