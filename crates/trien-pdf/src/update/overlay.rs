//! Objects that an update adds or replaces, over the document they come from.

use std::collections::BTreeMap;

use crate::write::write_object;
use crate::{Dictionary, Document, Object, ObjectId, PlaceError, RevisionIndex};

/// The new state of some objects. Ordered by number, so that the same update is written alike.
pub(crate) struct Overlay<'d, 'a> {
    pub(crate) document: &'d Document<'a>,
    pub(crate) revision: RevisionIndex,
    next_number: u32,
    bodies: BTreeMap<ObjectId, Vec<u8>>,
    changed: BTreeMap<ObjectId, Object>,
    /// /FieldMDP to be declared by the signature, from the field's lock.
    pub(crate) field_lock: Option<Dictionary>,
}

impl<'d, 'a> Overlay<'d, 'a> {
    pub(crate) fn new(document: &'d Document<'a>) -> Result<Self, PlaceError> {
        let revision = document.latest();
        let next_number = document.next_number(revision)?;
        Ok(Self {
            document,
            revision,
            next_number,
            bodies: BTreeMap::new(),
            changed: BTreeMap::new(),
            field_lock: None,
        })
    }

    pub(crate) fn allocate(&mut self) -> ObjectId {
        let id = ObjectId::new(self.next_number, 0);
        self.next_number = self.next_number.saturating_add(1);
        id
    }

    /// The object as this update leaves it.
    pub(crate) fn object(&self, id: ObjectId) -> Result<Object, PlaceError> {
        match self.changed.get(&id) {
            Some(object) => Ok(object.clone()),
            None => Ok(self.document.object(id, self.revision)?.object),
        }
    }

    /// Id and dictionary of the catalog as this update leaves it.
    pub(crate) fn catalog(&self) -> Result<(ObjectId, Dictionary), PlaceError> {
        let (id, catalog) = self.document.catalog(self.revision)?;
        match self.changed.get(&id) {
            Some(Object::Dictionary(changed)) => Ok((id, changed.clone())),
            _ => Ok((id, catalog)),
        }
    }

    pub(crate) fn set(&mut self, id: ObjectId, object: Object) {
        self.changed.insert(id, object);
    }

    /// Adds an object whose octets are written already.
    pub(crate) fn set_body(&mut self, number: u32, body: Vec<u8>) {
        self.bodies.insert(ObjectId::new(number, 0), body);
    }

    /// Whether the update changes or adds anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.bodies.is_empty()
    }

    /// Numbers from here on are unused.
    pub(crate) const fn next_number(&self) -> u32 {
        self.next_number
    }

    /// All objects as octets, by number.
    pub(crate) fn into_bodies(self) -> BTreeMap<ObjectId, Vec<u8>> {
        let mut bodies = self.bodies;
        for (id, object) in self.changed {
            let mut body = Vec::new();
            write_object(&mut body, &object);
            bodies.insert(id, body);
        }
        bodies
    }
}
