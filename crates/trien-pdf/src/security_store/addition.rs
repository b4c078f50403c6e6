//! Adding to a store with one incremental update (ISO 32000-2, 7.5.6, 12.8.4.3): what is there
//! stays, and what it has already is not written again.

use std::collections::HashMap;
use std::io::Write as _;

use trien_types::{UnixTime, UtcOffset};

use super::{SecurityStore, StoreFinding, StoreFindingKind, StoredDatum};
use crate::update::{Overlay, declare_extension, lay_out_objects};
use crate::write::{write_dictionary, write_text};
use crate::{Dictionary, Document, Name, Object, ObjectId, PlaceError, encode_date};

/// Streams shorter than this are written as they are: certificates and OCSP responses hardly
/// shrink, long lists do.
const WORTH_DEFLATING_OCTETS: usize = 4096;

/// What is to be in the store of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreAddition {
    /// DER of certificates.
    pub certificates: Vec<Vec<u8>>,
    /// DER of revocation lists.
    pub crls: Vec<Vec<u8>>,
    /// DER of OCSP responses (RFC 6960, the whole `OCSPResponse`).
    pub ocsps: Vec<Vec<u8>>,
    /// What belongs to single signatures. The standard asks for none (EN 319 142-1, 5.4.2.3).
    pub validation_related: Vec<ValidationRelatedAddition>,
    /// The second half of the file identifier (ISO 32000-2, 14.4), which changes with each
    /// update; `None` keeps the old one.
    pub update_identifier: Option<[u8; 16]>,
}

/// What is to be in the store for one signature, beside the lists of all.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidationRelatedAddition {
    /// SHA-1 of the signature's /Contents, padding included, in upper-case hexadecimal.
    pub key: String,
    /// DER of certificates.
    pub certificates: Vec<Vec<u8>>,
    /// DER of revocation lists.
    pub crls: Vec<Vec<u8>>,
    /// DER of OCSP responses.
    pub ocsps: Vec<Vec<u8>>,
    /// /TU: when the entry is made. Written in UTC, and only into an entry that is new.
    pub time: Option<UnixTime>,
}

impl ValidationRelatedAddition {
    /// An entry without data for the signature with this key.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            certificates: Vec::new(),
            crls: Vec::new(),
            ocsps: Vec::new(),
            time: None,
        }
    }
}

/// An update that adds to the store: octets to append to the original file.
#[derive(Debug, Clone)]
pub struct StoreUpdate<'a> {
    original: &'a [u8],
    appended: Vec<u8>,
}

impl<'a> StoreUpdate<'a> {
    /// The original file.
    #[must_use]
    pub const fn original(&self) -> &'a [u8] {
        self.original
    }

    /// The octets that follow it.
    #[must_use]
    pub fn appended(&self) -> &[u8] {
        &self.appended
    }

    /// The octets that follow it, to keep.
    #[must_use]
    pub fn into_appended(self) -> Vec<u8> {
        self.appended
    }
}

impl<'a> Document<'a> {
    /// Lays out one update of this document that brings everything of `addition` into its
    /// security store. `None` when all of it is there: nothing needs to be written.
    ///
    /// The same input gives the same octets.
    ///
    /// # Errors
    /// The file is encrypted or cut off, or its store is damaged where it would have to grow.
    pub fn add_to_security_store(
        &self,
        addition: &StoreAddition,
    ) -> Result<Option<StoreUpdate<'a>>, PlaceError> {
        self.check_placeable()?;
        let store = SecurityStore::read(self, self.latest(), self.limits())?;
        let mut growth = Growth::new(self, store.as_ref())?;
        growth.grow(addition)?;
        if growth.overlay.is_empty() {
            return Ok(None);
        }
        declare_extension(&mut growth.overlay)?;
        Ok(Some(StoreUpdate {
            original: self.bytes(),
            appended: lay_out_objects(growth.overlay, addition.update_identifier)?,
        }))
    }
}

/// A dictionary of the store on its way, with the place its reference or itself stands at.
struct Container {
    place: String,
    object: Option<ObjectId>,
    dictionary: Dictionary,
    changed: bool,
}

struct Growth<'d, 'a> {
    overlay: Overlay<'d, 'a>,
    /// Streams of the store by what they hold.
    known: HashMap<Vec<u8>, ObjectId>,
}

impl<'d, 'a> Growth<'d, 'a> {
    fn new(document: &'d Document<'a>, store: Option<&SecurityStore>) -> Result<Self, PlaceError> {
        let mut known = HashMap::new();
        if let Some(store) = store {
            let data: [Vec<&StoredDatum>; 3] = [
                store.all_certificates().collect(),
                store.all_crls().collect(),
                store.all_ocsps().collect(),
            ];
            for datum in data.into_iter().flatten() {
                known.entry(datum.octets.to_vec()).or_insert(datum.object);
            }
        }
        Ok(Self {
            overlay: Overlay::new(document)?,
            known,
        })
    }

    fn grow(&mut self, addition: &StoreAddition) -> Result<(), PlaceError> {
        let (root, catalog) = self.overlay.catalog()?;
        let mut store = self.container("DSS", catalog.get("DSS"))?;
        for (key, data) in [
            ("Certs", &addition.certificates),
            ("CRLs", &addition.crls),
            ("OCSPs", &addition.ocsps),
        ] {
            self.extend_list(&mut store, key, data)?;
        }
        if !addition.validation_related.is_empty() {
            let mut all = self.container("DSS/VRI", store.dictionary.get("VRI"))?;
            for entry in &addition.validation_related {
                self.grow_entry(&mut all, entry)?;
            }
            self.put(all, &mut store, "VRI");
        }
        if store.changed && store.dictionary.get("Type").is_none() {
            store
                .dictionary
                .set("Type", Object::Name(Name::from("DSS")));
        }
        let mut parent = Container {
            place: String::new(),
            object: Some(root),
            dictionary: catalog,
            changed: false,
        };
        self.put(store, &mut parent, "DSS");
        if parent.changed {
            self.overlay
                .set(root, Object::Dictionary(parent.dictionary));
        }
        Ok(())
    }

    fn grow_entry(
        &mut self,
        all: &mut Container,
        addition: &ValidationRelatedAddition,
    ) -> Result<(), PlaceError> {
        let place = format!("{}/{}", all.place, addition.key);
        let existing = all.dictionary.get(&addition.key).cloned();
        let mut entry = self.container(&place, existing.as_ref())?;
        for (key, data) in [
            ("Cert", &addition.certificates),
            ("CRL", &addition.crls),
            ("OCSP", &addition.ocsps),
        ] {
            self.extend_list(&mut entry, key, data)?;
        }
        if entry.changed && existing.is_none() {
            entry
                .dictionary
                .set("Type", Object::Name(Name::from("VRI")));
            if let Some(time) = addition.time {
                let date = encode_date(time, UtcOffset::UTC).ok_or(PlaceError::TimeInvalid)?;
                entry.dictionary.set("TU", Object::String(date));
            }
        }
        self.put(entry, all, &addition.key);
        Ok(())
    }

    /// The dictionary at `place`: what stands there, or an empty one.
    fn container(&self, place: &str, value: Option<&Object>) -> Result<Container, PlaceError> {
        let object = value.and_then(Object::as_reference);
        let value = match object {
            Some(id) => self.overlay.object(id)?,
            None => value.cloned().unwrap_or(Object::Null),
        };
        let dictionary = match value {
            Object::Dictionary(dictionary) if dictionary.duplicate_key().is_none() => dictionary,
            Object::Dictionary(_) => return Err(unusable(place, StoreFindingKind::KeyTwice)),
            Object::Null => Dictionary::new(),
            _ => return Err(unusable(place, StoreFindingKind::NotADictionary)),
        };
        Ok(Container {
            place: place.to_owned(),
            object,
            dictionary,
            changed: false,
        })
    }

    /// Puts a container that changed back where it was; a new one becomes an object.
    fn put(&mut self, child: Container, parent: &mut Container, key: &str) {
        if !child.changed {
            return;
        }
        let dictionary = Object::Dictionary(child.dictionary);
        match (child.object, parent.dictionary.get(key)) {
            (Some(id), _) => self.overlay.set(id, dictionary),
            (None, Some(_)) => {
                parent.dictionary.set(key, dictionary);
                parent.changed = true;
            }
            (None, None) => {
                let id = self.overlay.allocate();
                self.overlay.set(id, dictionary);
                parent.dictionary.set(key, Object::Reference(id));
                parent.changed = true;
            }
        }
    }

    /// Adds what the list at `key` does not have, each as a stream of its own.
    fn extend_list(
        &mut self,
        container: &mut Container,
        key: &str,
        data: &[Vec<u8>],
    ) -> Result<(), PlaceError> {
        if data.is_empty() {
            return Ok(());
        }
        let place = format!("{}/{key}", container.place);
        let value = container.dictionary.get(key).cloned();
        let id = value.as_ref().and_then(Object::as_reference);
        let mut elements = match id {
            Some(id) => array(&place, self.overlay.object(id)?)?,
            None => array(&place, value.unwrap_or(Object::Null))?,
        };
        let before = elements.len();
        for octets in data {
            let reference = Object::Reference(self.stream(octets));
            if !elements.contains(&reference) {
                elements.push(reference);
            }
        }
        if elements.len() == before {
            return Ok(());
        }
        match id {
            Some(id) => self.overlay.set(id, Object::Array(elements)),
            None => {
                container.dictionary.set(key, Object::Array(elements));
                container.changed = true;
            }
        }
        Ok(())
    }

    /// The stream that holds these octets, written now if there is none.
    fn stream(&mut self, octets: &[u8]) -> ObjectId {
        if let Some(id) = self.known.get(octets) {
            return *id;
        }
        let id = self.overlay.allocate();
        self.overlay.set_body(id.number, stream_body(octets));
        self.known.insert(octets.to_vec(), id);
        id
    }
}

fn unusable(place: &str, kind: StoreFindingKind) -> PlaceError {
    PlaceError::StoreUnusable(StoreFinding {
        place: place.to_owned(),
        kind,
    })
}

fn array(place: &str, value: Object) -> Result<Vec<Object>, PlaceError> {
    match value {
        Object::Array(elements) => Ok(elements),
        Object::Null => Ok(Vec::new()),
        _ => Err(unusable(place, StoreFindingKind::NotAnArray)),
    }
}

fn stream_body(octets: &[u8]) -> Vec<u8> {
    let deflated = (octets.len() >= WORTH_DEFLATING_OCTETS)
        .then(|| deflate(octets))
        .flatten()
        .filter(|deflated| deflated.len() < octets.len());
    let mut dictionary = Dictionary::new();
    if deflated.is_some() {
        dictionary.set("Filter", Object::Name(Name::from("FlateDecode")));
    }
    let data = deflated.as_deref().unwrap_or(octets);
    let length = i64::try_from(data.len()).unwrap_or(i64::MAX);
    dictionary.set("Length", Object::Integer(length));
    let mut body = Vec::new();
    write_dictionary(&mut body, &dictionary);
    write_text(&mut body, format_args!("\nstream\n"));
    body.extend_from_slice(data);
    body.extend_from_slice(b"\nendstream");
    body
}

/// `None` when the encoder fails, which a writer in memory gives it no reason to.
fn deflate(octets: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(octets).ok()?;
    encoder.finish().ok()
}
