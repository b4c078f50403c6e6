//! The structures in ASN.1 that a signed PDF carries, taken out as they stand: for seeds of the
//! fuzz targets, and for tests that read what others wrote.
//!
//! Knows nothing of whether anything holds; what cannot be read is left out.

use std::collections::BTreeSet;

use trien_cms::{SignedData, TimeStampToken};
use trien_pdf::{Dictionary, Document, FieldValue, Object, RevisionIndex, signature_fields};
use trien_types::Limits;
use trien_x509::asn1::{Asn1Error, Reader, Tag};

/// The parts of one file, each kind without repetition, in the order of their octets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parts {
    /// Certificates, from CMS structures and the security store.
    pub certificates: BTreeSet<Vec<u8>>,
    /// CMS structures without the padding of /Contents.
    pub cms: BTreeSet<Vec<u8>>,
    /// Certificate revocation lists.
    pub crls: BTreeSet<Vec<u8>>,
    /// OCSP responses.
    pub ocsp_responses: BTreeSet<Vec<u8>>,
    /// Time-stamp tokens, of signatures and of documents.
    pub time_stamps: BTreeSet<Vec<u8>>,
}

impl Parts {
    /// Takes apart the signatures and the security store of `file`; nothing where it cannot be
    /// opened.
    #[must_use]
    pub fn of_pdf(file: &[u8]) -> Self {
        let limits = Limits::default();
        let mut parts = Self::default();
        let Ok(document) = Document::open(file, &limits) else {
            return parts;
        };
        let revision = document.latest();
        for field in signature_fields(&document, revision).unwrap_or_default() {
            if let FieldValue::Signature(signature) = field.value {
                parts.add_cms(&signature.contents, &limits);
            }
        }
        if document.is_encrypted() {
            // Streams are unreadable then; /Contents never is.
            return parts;
        }
        for (key, kind) in [
            ("CRLs", &mut parts.crls),
            ("OCSPs", &mut parts.ocsp_responses),
            ("Certs", &mut parts.certificates),
        ] {
            kind.extend(stored(&document, revision, key).unwrap_or_default());
        }
        parts
    }

    /// Joins what another file held.
    pub fn join(&mut self, other: Self) {
        self.certificates.extend(other.certificates);
        self.cms.extend(other.cms);
        self.crls.extend(other.crls);
        self.ocsp_responses.extend(other.ocsp_responses);
        self.time_stamps.extend(other.time_stamps);
    }

    fn add_cms(&mut self, octets: &[u8], limits: &Limits) {
        let Ok(signed_data) = SignedData::parse(octets, limits) else {
            return;
        };
        let received = signed_data.as_received();
        for certificate in signed_data.certificates() {
            self.certificates.insert(certificate.to_vec());
        }
        self.crls.extend(signed_data.crls().iter().cloned());
        if TimeStampToken::parse(received, limits).is_ok() {
            self.time_stamps.insert(received.to_vec());
            return;
        }
        self.cms.insert(received.to_vec());
        for signer in signed_data.signer_infos() {
            for token in signer.signature_time_stamps() {
                // A token holds no token: this goes one level deep.
                self.add_cms(token, limits);
            }
            for archival in signer.revocation_info_archival() {
                // What cannot be read adds nothing.
                let _ = self.add_archival(archival, limits);
            }
        }
    }

    /// adbe-revocationInfoArchival (ISO 32000-2, 12.8.3.3.2).
    ///
    /// ```text
    /// SEQUENCE { crl [0] EXPLICIT SEQUENCE OF OPTIONAL, ocsp [1] EXPLICIT SEQUENCE OF OPTIONAL }
    /// ```
    fn add_archival(&mut self, octets: &[u8], limits: &Limits) -> Result<(), Asn1Error> {
        let mut lists = Reader::new(octets, limits)
            .expect(Tag::SEQUENCE)?
            .elements()?;
        for (number, parts) in [(0, &mut self.crls), (1, &mut self.ocsp_responses)] {
            if let Some(list) = lists.optional(Tag::context(number))? {
                let mut elements = list.elements()?.expect(Tag::SEQUENCE)?.elements()?;
                while !elements.is_empty() {
                    parts.insert(elements.element()?.raw().to_vec());
                }
            }
        }
        Ok(())
    }
}

/// The streams under `key` of the security store (EN 319 142-1, 5.4.2.2).
fn stored(document: &Document<'_>, revision: RevisionIndex, key: &str) -> Option<Vec<Vec<u8>>> {
    let (_, catalog) = document.catalog(revision).ok()?;
    let store = document.value(&catalog, "DSS", revision).ok()?;
    let list = store
        .as_dictionary()
        .map(|store: &Dictionary| document.value(store, key, revision).unwrap_or(Object::Null))?;
    let streams = list.as_array()?.iter();
    Some(
        streams
            .filter_map(|element| {
                let object = document.resolve(element, revision).ok()?;
                document.decoded(object.as_stream()?, revision).ok()
            })
            .collect(),
    )
}
