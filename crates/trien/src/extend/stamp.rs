//! A document time stamp (EN 319 142-1, 5.4.3): a signature of its own whose value is a token over
//! the whole document.

use std::num::NonZeroUsize;

use trien_cms::SignedSpans as _;
use trien_pdf::{Document, PlaceError, Placement, PreparedUpdate, SecurityStore, signature_fields};
use trien_types::UnixTime;
use trien_x509::Certificate;

use super::error::{ExtensionError, ExtensionErrorKind};
use super::{KIND, update_identifier};
use crate::error::{Error, ErrorKind};
use crate::evidence::EvidenceSearch;
use crate::time_stamp_authority::{ObtainedTimeStamp, TimeStampAuthority};

/// Room for the token at first; it grows when the authority's tokens are larger. Tokens with the
/// authority's path have 3 to 8 kB.
const CONTENTS_OCTETS: usize = 12 * 1024;

/// Tokens of one authority differ by their serial numbers, times and signature values.
const MARGIN_OCTETS: usize = 256;

/// Layouts tried before giving up: the first may be too small, the second has the size needed.
const MOST_LAYOUTS: usize = 3;

/// Names that are tried: fields that are no signature fields may have some of them.
const MOST_NAMES: usize = 1_000;

pub(super) struct StampedDocument {
    pub(super) appended: Vec<u8>,
    pub(super) time: UnixTime,
}

pub(super) fn stamp_document(
    document: &Document<'_>,
    search: EvidenceSearch<'_>,
    authority: &TimeStampAuthority,
) -> Result<StampedDocument, ExtensionError> {
    let mut octets = CONTENTS_OCTETS;
    for _ in 1..MOST_LAYOUTS {
        let (update, obtained) = lay_out_and_stamp(document, search, authority, octets)?;
        match update.complete(obtained.accepted.as_octets()) {
            Ok(appended) => return Ok(stamped(appended, &obtained)),
            Err(too_small) => octets = too_small.needed_octets.saturating_add(MARGIN_OCTETS),
        }
    }
    let (update, obtained) = lay_out_and_stamp(document, search, authority, octets)?;
    let appended = update
        .complete(obtained.accepted.as_octets())
        .map_err(|error| Error::new(ErrorKind::ContentsTooSmall(error)))?;
    Ok(stamped(appended, &obtained))
}

const fn stamped(appended: Vec<u8>, obtained: &ObtainedTimeStamp) -> StampedDocument {
    StampedDocument {
        appended,
        time: obtained.accepted.intact().gen_time(),
    }
}

fn lay_out_and_stamp<'b>(
    document: &'b Document<'_>,
    search: EvidenceSearch<'_>,
    authority: &TimeStampAuthority,
    octets: usize,
) -> Result<(PreparedUpdate<'b>, ObtainedTimeStamp), ExtensionError> {
    let update = lay_out(document, search.time, octets)?;
    let obtained = authority
        .stamp(
            |algorithm| update.signed_spans().digest(algorithm),
            &search,
            &stored_certificates(document)?,
            document.limits(),
        )
        .map_err(|error| ExtensionError::new(ExtensionErrorKind::NoTimeStamp(error)))?;
    Ok((update, obtained))
}

/// What the document's store has: issuers of the authority may be among them.
fn stored_certificates(document: &Document<'_>) -> Result<Vec<Certificate>, ExtensionError> {
    let store = SecurityStore::read(document, document.latest(), document.limits());
    let Some(store) = store.map_err(Error::from)? else {
        return Ok(Vec::new());
    };
    Ok(store
        .all_certificates()
        .filter_map(|datum| Certificate::from_der(datum.octets.clone()).ok())
        .collect())
}

/// The update with an empty gap, in a field whose name is free.
fn lay_out<'b>(
    document: &'b Document<'_>,
    time: UnixTime,
    octets: usize,
) -> Result<PreparedUpdate<'b>, ExtensionError> {
    let place = |error| Error::new(ErrorKind::Place(error));
    let octets = NonZeroUsize::new(octets).unwrap_or(NonZeroUsize::MIN);
    let fields = signature_fields(document, document.latest()).map_err(Error::from)?;
    for number in 1..=MOST_NAMES {
        let name = format!("DocTimeStamp{number}");
        if fields.iter().any(|field| field.full_name == name) {
            continue;
        }
        let mut placement = Placement::invisible(&name);
        placement.kind = KIND;
        placement.update_identifier = Some(update_identifier(document.bytes(), time, &name)?);
        match document.place(&placement, octets) {
            Err(PlaceError::FieldOfOtherType { .. }) => {}
            placed => return placed.map_err(|error| place(error).into()),
        }
    }
    Err(place(PlaceError::FieldFilled {
        field: format!("DocTimeStamp{MOST_NAMES}"),
    })
    .into())
}
