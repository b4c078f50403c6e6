//! Pages by their index (ISO 32000-2, 7.7.3), and the widget that joins their annotations.

use std::collections::HashSet;

use trien_types::Limit;

use super::overlay::Overlay;
use crate::{
    Dictionary, Document, Expected, Object, ObjectId, PlaceError, ReadError, RevisionIndex,
};

/// Finds the page of this index, skipping whole branches by their /Count.
pub(crate) fn page_by_index(
    document: &Document<'_>,
    revision: RevisionIndex,
    index: usize,
) -> Result<(ObjectId, Dictionary), PlaceError> {
    let missing = PlaceError::NoSuchPage { page: index };
    let (_, catalog) = document.catalog(revision)?;
    let Some(mut node) = catalog.get("Pages").and_then(Object::as_reference) else {
        return Err(missing);
    };
    let mut left = index;
    let mut visited = HashSet::new();
    'descend: loop {
        let dictionary = tree_node(document, revision, node, &mut visited)?;
        let Object::Array(kids) = document.value(&dictionary, "Kids", revision)? else {
            return Err(missing);
        };
        for kid in kids.iter().filter_map(Object::as_reference) {
            let dictionary = tree_node(document, revision, kid, &mut visited)?;
            if dictionary.get("Kids").is_none() {
                let kind = dictionary.get("Type").and_then(Object::as_name);
                if kind.is_some_and(|name| *name != "Page") {
                    return Err(missing);
                }
                if left == 0 {
                    return Ok((kid, dictionary));
                }
                left = left.saturating_sub(1);
                continue;
            }
            let count = document.value(&dictionary, "Count", revision)?.as_usize();
            match count {
                Some(count) if left >= count => left = left.saturating_sub(count),
                _ => {
                    visited.remove(&kid);
                    node = kid;
                    continue 'descend;
                }
            }
        }
        return Err(missing);
    }
}

fn tree_node(
    document: &Document<'_>,
    revision: RevisionIndex,
    id: ObjectId,
    visited: &mut HashSet<ObjectId>,
) -> Result<Dictionary, ReadError> {
    if !visited.insert(id) {
        return Err(ReadError::new(crate::ReadErrorKind::ReferenceLoops(id), 0));
    }
    if visited.len() > document.limits().pages {
        return Err(ReadError::limit(Limit::Pages, 0));
    }
    match document.object(id, revision)?.object {
        Object::Dictionary(dictionary) => Ok(dictionary),
        _ => Err(ReadError::unexpected(Expected::Dictionary, 0)),
    }
}

/// Puts `widget` at the end of the page's annotations (12.5.2), wherever the list is.
pub(super) fn add_annotation(
    overlay: &mut Overlay<'_, '_>,
    page: ObjectId,
    mut dictionary: Dictionary,
    widget: ObjectId,
) -> Result<(), PlaceError> {
    let reference = Object::Reference(widget);
    match dictionary.get("Annots").cloned() {
        Some(Object::Reference(list)) => {
            let mut elements = match overlay.object(list)? {
                Object::Array(elements) => elements,
                _ => Vec::new(),
            };
            elements.push(reference);
            overlay.set(list, Object::Array(elements));
        }
        other => {
            let mut elements = match other {
                Some(Object::Array(elements)) => elements,
                _ => Vec::new(),
            };
            elements.push(reference);
            dictionary.set("Annots", Object::Array(elements));
            overlay.set(page, Object::Dictionary(dictionary));
        }
    }
    Ok(())
}
