//! Which page an object is, by number (ISO 32000-2, 7.7.3).

use crate::{Dictionary, Document, Object, ObjectId, ReadError, RevisionIndex};

impl Document<'_> {
    /// How many pages the latest revision states to have (7.7.3.2, /Count of the root); `None`
    /// where it states none that may be.
    #[must_use]
    pub fn page_count(&self) -> Option<usize> {
        let (_, catalog) = self.catalog(self.latest()).ok()?;
        let root = self.value(&catalog, "Pages", self.latest()).ok()?;
        let count = self.value(root.as_dictionary()?, "Count", self.latest());
        let count = count.ok()?.as_usize()?;
        (count <= self.limits().pages).then_some(count)
    }

    /// The number of a page, from 1, as of a revision; `None` when the page tree does not lead to
    /// it. Walks up from the page and counts what stands before it.
    ///
    /// # Errors
    /// A node on the way cannot be read.
    pub fn page_number(
        &self,
        page: ObjectId,
        revision: RevisionIndex,
    ) -> Result<Option<usize>, ReadError> {
        let (_, catalog) = self.catalog(revision)?;
        let root = catalog.get("Pages").and_then(Object::as_reference);
        let mut before = 0_usize;
        let mut node = page;
        for _ in 0..self.limits().nesting {
            if Some(node) == root {
                return Ok(before.checked_add(1));
            }
            let Object::Dictionary(dictionary) = self.object(node, revision)?.object else {
                return Ok(None);
            };
            let Some(parent) = dictionary.get("Parent").and_then(Object::as_reference) else {
                return Ok(None);
            };
            let Some(pages) = self.pages_before(node, parent, revision)? else {
                return Ok(None);
            };
            before = before.saturating_add(pages);
            node = parent;
        }
        Ok(None)
    }

    /// Pages below the kids of `parent` that stand before `node`; `None` when it is no kid.
    fn pages_before(
        &self,
        node: ObjectId,
        parent: ObjectId,
        revision: RevisionIndex,
    ) -> Result<Option<usize>, ReadError> {
        let Object::Dictionary(parent) = self.object(parent, revision)?.object else {
            return Ok(None);
        };
        let Object::Array(kids) = self.value(&parent, "Kids", revision)? else {
            return Ok(None);
        };
        let mut pages = 0_usize;
        for kid in kids.iter().filter_map(Object::as_reference) {
            if kid == node {
                return Ok(Some(pages));
            }
            if pages > self.limits().pages {
                return Ok(None);
            }
            let object = self.object(kid, revision)?.object;
            let count = object
                .as_dictionary()
                .map_or(0, |kid| self.pages_of(kid, revision));
            pages = pages.saturating_add(count);
        }
        Ok(None)
    }

    fn pages_of(&self, kid: &Dictionary, revision: RevisionIndex) -> usize {
        if kid.get("Kids").is_none() {
            return 1;
        }
        self.value(kid, "Count", revision)
            .ok()
            .and_then(|count| count.as_usize())
            .unwrap_or(0)
    }
}
