//! The document security store, /DSS of the catalog (ISO 32000-2, 12.8.4.3; EN 319 142-1, 5.4.2):
//! certificates, revocation lists and OCSP responses that were stored for later, as octets.
//! Does not look into them: whether they are what they are stored as, and whom they speak of, is
//! decided elsewhere.

mod addition;
mod finding;
mod read;

use std::sync::Arc;

use trien_types::{Limits, UnixTime};

use crate::{Document, ObjectId, ReadError, RevisionIndex};

pub use addition::{StoreAddition, StoreUpdate, ValidationRelatedAddition};
pub use finding::{StoreFinding, StoreFindingKind};

/// One certificate, list, response or token of a store: the decoded octets of one stream.
/// Cloning shares the octets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredDatum {
    /// The stream's object. An object that several lists name is read once and shared.
    pub object: ObjectId,
    /// The octets, DER where the writer kept the standard.
    pub octets: Arc<[u8]>,
}

/// One entry of /VRI (ISO 32000-2, table 262): what its writer used for one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidationRelatedInformation {
    /// The key as written: SHA-1 of the signature's /Contents in upper-case hexadecimal.
    pub key: String,
    /// /Cert.
    pub certificates: Vec<StoredDatum>,
    /// /CRL.
    pub crls: Vec<StoredDatum>,
    /// /OCSP.
    pub ocsps: Vec<StoredDatum>,
    /// /TU: the moment the entry was made, as its writer claims. Proves nothing.
    pub time: Option<UnixTime>,
    /// /TS: a time-stamp token in place of /TU.
    pub time_stamp: Option<StoredDatum>,
}

/// All that a store holds as of one revision, in the order written, with what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityStore {
    /// The store's own object; `None` when it stands in the catalog.
    pub object: Option<ObjectId>,
    /// /Certs.
    pub certificates: Vec<StoredDatum>,
    /// /CRLs.
    pub crls: Vec<StoredDatum>,
    /// /OCSPs.
    pub ocsps: Vec<StoredDatum>,
    /// /VRI. What it names need not stand in the three lists above.
    pub validation_related: Vec<ValidationRelatedInformation>,
    /// What could not be read or is not as the standard has it. What is named here is missing
    /// above; everything else is there.
    pub findings: Vec<StoreFinding>,
}

impl SecurityStore {
    /// Reads the store as of `revision`; `None` when the catalog of that revision has no /DSS.
    /// A damaged part is a finding and hides no other part.
    ///
    /// At most [`SecurityStore::MOST_DATA`] streams and [`Limits::decoded_octets`] octets of all
    /// of them together are read.
    ///
    /// # Errors
    /// The catalog itself cannot be read.
    pub fn read(
        document: &Document<'_>,
        revision: RevisionIndex,
        limits: &Limits,
    ) -> Result<Option<Self>, ReadError> {
        read::read(document, revision, limits)
    }

    /// References that are followed in one store: 100 signatures with ten certificates, lists and
    /// responses each, ten times over.
    pub const MOST_DATA: usize = 10_000;

    /// Every certificate of the store, those that only /VRI names among them, each object once.
    pub fn all_certificates(&self) -> impl Iterator<Item = &StoredDatum> {
        self.all(&self.certificates, |entry| &entry.certificates)
    }

    /// Every revocation list of the store, as [`SecurityStore::all_certificates`].
    pub fn all_crls(&self) -> impl Iterator<Item = &StoredDatum> {
        self.all(&self.crls, |entry| &entry.crls)
    }

    /// Every OCSP response of the store, as [`SecurityStore::all_certificates`].
    pub fn all_ocsps(&self) -> impl Iterator<Item = &StoredDatum> {
        self.all(&self.ocsps, |entry| &entry.ocsps)
    }

    fn all<'s>(
        &'s self,
        list: &'s [StoredDatum],
        of: fn(&'s ValidationRelatedInformation) -> &'s Vec<StoredDatum>,
    ) -> impl Iterator<Item = &'s StoredDatum> {
        let mut seen = std::collections::HashSet::new();
        list.iter()
            .chain(self.validation_related.iter().flat_map(of))
            .filter(move |datum| seen.insert(datum.object))
    }
}

#[cfg(test)]
mod tests;
