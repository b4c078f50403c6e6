//! Raising a signed file to a higher level of EN 319 142-1, whoever signed it: B-T by a document
//! time stamp where a signature has none, B-LT by the evidence in the security store, B-LTA by a
//! document time stamp over all that. Done again, it renews the archive: evidence for the last
//! document time stamp, then a new one. Every step is a revision of its own; nothing before it is
//! touched.

mod error;
mod stamp;

use std::borrow::Cow;

use trien_pdf::{Document, SignatureKind};
use trien_types::{DigestAlgorithm, Limits, UnixTime};
use trien_x509::{DigestUnavailable, Digester};

use crate::error::{Error, ErrorKind};
use crate::evidence::{
    EvidenceSearch, Missing, ValidationRelated, collect_evidence, read_signatures,
};
use crate::sign::{SignedDocument, earlier_signatures};
use crate::time_stamp_authority::TimeStampAuthority;

pub use error::{ExtensionError, ExtensionErrorKind, Objection};

/// The level a file is raised to. Ordered: each has what the ones before it have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ExtensionLevel {
    /// Every signature is time-stamped.
    BT,
    /// The document holds the evidence for every signature and time stamp.
    BLt,
    /// A document time stamp covers all that.
    BLta,
}

/// What is done when evidence is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum IncompleteEvidence {
    /// The file is not extended; the error lists what is missing.
    #[default]
    Refused,
    /// What was found is stored, and the rest is listed: the file may never reach the level.
    Accepted,
}

/// An extension that is asked for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ExtensionRequest<'s> {
    /// Up to where.
    pub level: ExtensionLevel,
    /// Anchors, time and transport.
    pub search: EvidenceSearch<'s>,
    /// Who stamps; needed for B-LTA, and wherever a signature has no time stamp.
    pub authority: Option<TimeStampAuthority>,
    /// What is done when evidence is missing.
    pub incomplete: IncompleteEvidence,
    /// Whether /VRI is written.
    pub validation_related: ValidationRelated,
}

impl<'s> ExtensionRequest<'s> {
    /// An extension without an authority, that is refused when evidence is missing.
    #[must_use]
    pub const fn new(level: ExtensionLevel, search: EvidenceSearch<'s>) -> Self {
        Self {
            level,
            search,
            authority: None,
            incomplete: IncompleteEvidence::Refused,
            validation_related: ValidationRelated::Omitted,
        }
    }

    /// The same with an authority for time stamps.
    #[must_use]
    pub fn stamped_by(mut self, authority: TimeStampAuthority) -> Self {
        self.authority = Some(authority);
        self
    }

    /// The same, storing what is found even when something is missing.
    #[must_use]
    pub const fn accepting_incomplete_evidence(mut self) -> Self {
        self.incomplete = IncompleteEvidence::Accepted;
        self
    }
}

/// A file that was extended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Extended<'d> {
    /// The document with its new revisions; without any when there was nothing to do.
    pub document: SignedDocument<'d>,
    /// The times of the document time stamps that were added.
    pub stamped: Vec<UnixTime>,
    /// What was missing, under [`IncompleteEvidence::Accepted`]; empty otherwise.
    pub missing: Vec<Missing>,
}

/// Extends the signed file `bytes`. Nothing is written in case of an error.
///
/// # Errors
/// The file has no signature, or one that is not intact; evidence is missing; or no time stamp is
/// to be had.
pub fn extend<'d>(
    bytes: &'d [u8],
    request: &ExtensionRequest<'_>,
    limits: &Limits,
) -> Result<Extended<'d>, ExtensionError> {
    let mut extended = Extended {
        document: SignedDocument::new(bytes, Vec::new()),
        stamped: Vec::new(),
        missing: Vec::new(),
    };
    check_intact(bytes, request, limits)?;
    if has_unstamped_signature(bytes, limits)? {
        stamp(&mut extended, request, limits)?;
    }
    if request.level >= ExtensionLevel::BLt {
        store_evidence(&mut extended, request, limits)?;
    }
    if request.level >= ExtensionLevel::BLta {
        stamp(&mut extended, request, limits)?;
    }
    if !extended.document.appended().is_empty() {
        check_intact(&extended.document.whole(), request, limits)?;
    }
    Ok(extended)
}

impl<'d> SignedDocument<'d> {
    /// This document raised to a higher level; see [`extend`]. The document itself stays as it is,
    /// whatever happens.
    ///
    /// # Errors
    /// As [`extend`].
    pub fn extend_to(
        &self,
        request: &ExtensionRequest<'_>,
        limits: &Limits,
    ) -> Result<Extended<'d>, ExtensionError> {
        let whole = self.whole();
        let more = extend(&whole, request, limits)?;
        let mut document = self.clone();
        document.append(more.document.appended());
        Ok(Extended {
            document,
            stamped: more.stamped,
            missing: more.missing,
        })
    }

    /// This document with the evidence for its signatures: level B-LT.
    ///
    /// # Errors
    /// As [`extend`].
    pub fn archive(
        &self,
        search: EvidenceSearch<'_>,
        limits: &Limits,
    ) -> Result<Extended<'d>, ExtensionError> {
        self.extend_to(&ExtensionRequest::new(ExtensionLevel::BLt, search), limits)
    }
}

fn open<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Document<'b>, ExtensionError> {
    Document::open(bytes, limits).map_err(|error| Error::from(error).into())
}

/// Evidence for a broken signature proves nothing: the document must be intact, with nothing
/// behind its signatures that is forbidden there.
fn check_intact(
    bytes: &[u8],
    request: &ExtensionRequest<'_>,
    limits: &Limits,
) -> Result<(), ExtensionError> {
    let document = open(bytes, limits)?;
    document
        .check_placeable()
        .map_err(|error| Error::new(ErrorKind::Place(error)))?;
    let signatures = earlier_signatures(&document, request.search.time);
    if signatures.is_empty() {
        return Err(ExtensionError::new(ExtensionErrorKind::NotSigned));
    }
    let objections: Vec<Objection> = signatures
        .into_iter()
        .filter_map(|signature| {
            Some(Objection {
                field: signature.field,
                objection: signature.objection?,
            })
        })
        .collect();
    if objections.is_empty() {
        Ok(())
    } else {
        Err(ExtensionError::new(ExtensionErrorKind::NotIntact(
            objections,
        )))
    }
}

fn has_unstamped_signature(bytes: &[u8], limits: &Limits) -> Result<bool, ExtensionError> {
    let document = open(bytes, limits)?;
    let signatures = read_signatures(&document, limits)?;
    Ok(signatures.iter().any(|signature| {
        !signature.is_document_time_stamp() && signature.stamped_time(&signatures, limits).is_none()
    }))
}

fn store_evidence(
    extended: &mut Extended<'_>,
    request: &ExtensionRequest<'_>,
    limits: &Limits,
) -> Result<(), ExtensionError> {
    let whole: Cow<'_, [u8]> = extended.document.whole();
    let document = open(&whole, limits)?;
    let evidence = collect_evidence(&document, &request.search)?;
    let mut addition = evidence.addition(request.validation_related, request.search.time);
    if !evidence.missing.is_empty() && request.incomplete == IncompleteEvidence::Refused {
        return Err(ExtensionError::new(ExtensionErrorKind::Incomplete(
            evidence.missing,
        )));
    }
    addition.update_identifier = Some(update_identifier(&whole, request.search.time, "DSS")?);
    let update = document
        .add_to_security_store(&addition)
        .map_err(|error| Error::new(ErrorKind::Place(error)))?;
    let appended = update.map(trien_pdf::StoreUpdate::into_appended);
    drop(document);
    if let Some(appended) = appended {
        extended.document.append(&appended);
    }
    extended.missing = evidence.missing;
    Ok(())
}

fn stamp(
    extended: &mut Extended<'_>,
    request: &ExtensionRequest<'_>,
    limits: &Limits,
) -> Result<(), ExtensionError> {
    let authority = request
        .authority
        .as_ref()
        .ok_or_else(|| ExtensionError::new(ExtensionErrorKind::NoAuthority))?;
    let whole: Cow<'_, [u8]> = extended.document.whole();
    let document = open(&whole, limits)?;
    let stamped = stamp::stamp_document(&document, request.search, authority)?;
    drop(document);
    extended.document.append(&stamped.appended);
    extended.stamped.push(stamped.time);
    Ok(())
}

/// ISO 32000-2, 14.4: the second half of the file identifier changes with each update; made from
/// what the update is about.
fn update_identifier(
    bytes: &[u8],
    time: UnixTime,
    what: &str,
) -> Result<[u8; 16], DigestUnavailable> {
    let mut digester = Digester::new(DigestAlgorithm::Sha256)?;
    digester.update(&bytes.len().to_be_bytes());
    digester.update(&time.seconds().to_be_bytes());
    digester.update(what.as_bytes());
    let digest = digester.finish()?;
    let mut identifier = [0; 16];
    for (target, octet) in identifier.iter_mut().zip(digest.as_octets()) {
        *target = *octet;
    }
    Ok(identifier)
}

/// The kind of the signatures that an extension adds.
const KIND: SignatureKind = SignatureKind::DocumentTimestamp;
