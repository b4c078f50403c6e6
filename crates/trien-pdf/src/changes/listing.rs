//! Which page lists an annotation, earlier and now (ISO 32000-2, 7.7.3.3): there it is drawn,
//! whatever its /P says.

use std::collections::HashSet;
use std::rc::Rc;

use super::comment::Comment;
use super::occupied::Site;
use super::page::is_page;
use super::references::References;
use super::step::{Result, Step};
use crate::{Dictionary, Object, ObjectId, RevisionIndex};

/// The page that lists an annotation; without one, what the annotation could hide is unclear.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    /// The annotation, where it is an object of its own.
    pub(super) object: Option<ObjectId>,
    pub(super) before: Option<Rc<Site>>,
    pub(super) after: Option<Rc<Site>>,
}

impl Listing {
    pub(super) fn was<'c>(
        &'c self,
        step: &Step<'_, '_>,
        dictionary: &'c Dictionary,
    ) -> Comment<'c> {
        Comment {
            dictionary,
            object: self.object,
            site: self.before.as_deref(),
            at: step.before,
        }
    }

    pub(super) fn is<'c>(&'c self, step: &Step<'_, '_>, dictionary: &'c Dictionary) -> Comment<'c> {
        Comment {
            dictionary,
            object: self.object,
            site: self.after.as_deref(),
            at: step.after,
        }
    }
}

impl Step<'_, '_> {
    /// A page, as what lists annotations.
    pub(super) fn listing_on(&self, page: ObjectId) -> Result<Listing> {
        Ok(Listing {
            object: None,
            before: Site::of(self.document, page, self.before)?.map(Rc::new),
            after: Site::of(self.document, page, self.after)?.map(Rc::new),
        })
    }

    /// The page of a list of annotations, while it is that of one page.
    pub(super) fn listing_of_list(
        &mut self,
        list: ObjectId,
        references: &References,
    ) -> Result<Listing> {
        let mut pages = HashSet::new();
        for at in [self.before, self.after] {
            let places = references.places_of(self.document, list.number, at)?;
            pages.extend(places.into_iter().map(|(referrer, _)| referrer));
        }
        let mut only = pages.into_iter();
        match (only.next(), only.next()) {
            (Some(page), None) => {
                let page = ObjectId::new(page, 0);
                self.locate(list, page);
                self.listing_on(page)
            }
            _ => Ok(Listing::default()),
        }
    }

    /// The page that lists an annotation in a revision, while exactly one does: what /P says is
    /// asked for and not believed.
    pub(super) fn listing_of(
        &mut self,
        annotation: ObjectId,
        (dictionary, at): (&Dictionary, RevisionIndex),
        references: &References,
    ) -> Result<Listing> {
        let places = references.places_of(self.document, annotation.number, at)?;
        // Under a key the page itself lists it; under none, an array that the page refers to.
        let lists: HashSet<(u32, bool)> = places
            .into_iter()
            .filter(|(_, place)| matches!(place.last_key(), Some("Annots") | None))
            .map(|(referrer, place)| (referrer, place.last_key().is_some()))
            .collect();
        let mut only = lists.into_iter();
        let (Some((list, has_keys)), None) = (only.next(), only.next()) else {
            return Ok(Listing::default());
        };
        let list = ObjectId::new(list, 0);
        let stated = dictionary.get("P").and_then(Object::as_reference);
        // An array is not asked whether it is a page: it can be long, and is none.
        for page in stated.into_iter().chain(has_keys.then_some(list)) {
            let listing = self.listing_on(page)?;
            let site = if at == self.before {
                &listing.before
            } else {
                &listing.after
            };
            let lists = |site: &Site| {
                page == list || site.page.get("Annots") == Some(&Object::Reference(list))
            };
            if site
                .as_ref()
                .is_some_and(|site| is_page(&site.page) && lists(site.as_ref()))
            {
                self.locate(annotation, page);
                return Ok(Listing {
                    object: Some(annotation),
                    ..listing
                });
            }
        }
        Ok(Listing::default())
    }
}
