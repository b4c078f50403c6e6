//! What of a page's objects the renderer shows in another way than other programs, or not at all.
//! Images that state more pixels than a drawing process could decode are found before the renderer
//! sees them, and made to have none.
//! Decodes nothing, and trusts nothing beyond what a dictionary states: an image that states less
//! than its data hold is met by the limits of the process.

use std::collections::HashSet;

use trien::{Dictionary, Document, Object};

use crate::font;

/// Most pixels that an image may state. A sheet of A4 scanned at 600 dots an inch has 35 million; in
/// four colours the renderer holds several copies of them, and so many of these are all its memory.
pub(super) const MOST_IMAGE_PIXELS: u64 = 50_000_000;

/// Most objects that are looked at for one page; a class list with its fields has some thousands.
const MOST_OBJECTS: usize = 20_000;

/// Most ancestors of a page; trees of a thousand pages have three.
const MOST_ANCESTORS: usize = 32;

/// What a page leads to and does not show, by /Type.
const ELSEWHERE: [&str; 3] = ["Catalog", "Page", "Pages"];

/// The two names of a width and of a height: an image's dictionary may have the short ones, and
/// the renderer takes these first (ISO 32000-2, 8.9.5 and 8.9.7).
const WIDTHS: [&str; 2] = ["Width", "W"];
const HEIGHTS: [&str; 2] = ["Height", "H"];

/// A number in a file, from its first octet up to the one behind it.
pub(super) type NumberPlace = (usize, usize);

/// What the renderer is kept from, or leaves out without a word, of what a page may show.
#[derive(Debug, Default)]
pub(super) struct Odd {
    /// Where the widths and heights of all images stand that are too large.
    pub(super) huge_images: Vec<NumberPlace>,
    /// Forms without a `/BBox`, which other programs draw all the same (8.10.2).
    pub(super) forms_without_box: usize,
    /// Images that other programs may show another one for, on paper above all (8.9.5.4).
    pub(super) images_with_alternates: usize,
    /// Fonts that are not in the file: each program takes another one (9.6.2).
    pub(super) fonts_not_embedded: usize,
}

/// Looks through what a page may show.
pub(super) fn odd_objects(document: &Document<'_>, page: &Dictionary) -> Odd {
    let mut found = Odd::default();
    let mut seen = HashSet::new();
    let mut waiting = inherited_resources(document, page);
    waiting.extend(values(page));
    while let Some(object) = waiting.pop() {
        match object {
            Object::Reference(id) => {
                if seen.len() >= MOST_OBJECTS || !seen.insert(id) {
                    continue;
                }
                // What cannot be read here is the renderer's to refuse.
                if let Ok(located) = document.object(id, document.latest()) {
                    waiting.push(located.object);
                }
            }
            Object::Array(elements) => waiting.extend(elements),
            Object::Dictionary(dictionary) if leads_elsewhere(&dictionary) => {}
            Object::Dictionary(dictionary) => {
                if font::is_elsewhere(document, &dictionary) {
                    found.fonts_not_embedded = found.fonts_not_embedded.saturating_add(1);
                }
                waiting.extend(values(&dictionary));
            }
            Object::Stream(stream) => {
                if pixels(document, &stream.dictionary) > MOST_IMAGE_PIXELS {
                    found.huge_images.extend(size_places(&stream.dictionary));
                }
                if has_alternates(document, &stream.dictionary) {
                    found.images_with_alternates = found.images_with_alternates.saturating_add(1);
                }
                if is_form_without_box(document, &stream.dictionary) {
                    found.forms_without_box = found.forms_without_box.saturating_add(1);
                }
                waiting.extend(values(&stream.dictionary));
            }
            Object::Boolean(_)
            | Object::Integer(_)
            | Object::Name(_)
            | Object::Null
            | Object::Real(_)
            | Object::String(_)
            | _ => {}
        }
    }
    found
}

/// Makes these numbers zero, each in its place: an image without pixels is not decoded.
pub(super) fn make_zero(octets: &mut [u8], numbers: &[NumberPlace]) {
    for (start, end) in numbers {
        let number = octets.get_mut(*start..*end);
        if let Some((first, rest)) = number.and_then(<[u8]>::split_first_mut) {
            *first = b'0';
            rest.fill(b' ');
        }
    }
}

fn is_form_without_box(document: &Document<'_>, stream: &Dictionary) -> bool {
    let value = |key| document.value(stream, key, document.latest()).ok();
    let subtype = value("Subtype");
    let is_form = subtype.is_some_and(|name| name.as_name().is_some_and(|name| *name == *"Form"));
    is_form && value("BBox").is_none_or(|found| found.as_array().is_none())
}

fn has_alternates(document: &Document<'_>, stream: &Dictionary) -> bool {
    let alternates = document.value(stream, "Alternates", document.latest());
    alternates.is_ok_and(|found| found.as_array().is_some_and(|all| !all.is_empty()))
}

fn values(dictionary: &Dictionary) -> Vec<Object> {
    let entries = dictionary.entries().iter();
    entries.map(|entry| entry.value.clone()).collect()
}

fn leads_elsewhere(dictionary: &Dictionary) -> bool {
    let Some(Object::Name(kind)) = dictionary.get("Type") else {
        return false;
    };
    ELSEWHERE.iter().any(|known| *kind == *known)
}

/// The resources of the nodes above a page: it may have none of its own (7.7.3.4).
fn inherited_resources(document: &Document<'_>, page: &Dictionary) -> Vec<Object> {
    let mut resources = Vec::new();
    let mut node = page.clone();
    for _ in 0..MOST_ANCESTORS {
        let parent = document.value(&node, "Parent", document.latest());
        let Some(parent) = parent.ok().and_then(|one| one.as_dictionary().cloned()) else {
            break;
        };
        resources.extend(parent.get("Resources").cloned());
        node = parent;
    }
    resources
}

fn pixels(document: &Document<'_>, image: &Dictionary) -> u64 {
    let largest = |names: [&str; 2]| {
        let values = names.into_iter().filter_map(|name| {
            let value = document.value(image, name, document.latest()).ok()?;
            u64::try_from(value.as_integer()?).ok()
        });
        values.max().unwrap_or(0)
    };
    largest(WIDTHS).saturating_mul(largest(HEIGHTS))
}

fn size_places(image: &Dictionary) -> impl Iterator<Item = NumberPlace> {
    let entries = image.entries().iter();
    let sizes = entries.filter(|entry| {
        let mut names = WIDTHS.iter().chain(&HEIGHTS);
        names.any(|name| entry.key == *name)
    });
    sizes.map(|entry| (entry.span.start(), entry.span.end()))
}
