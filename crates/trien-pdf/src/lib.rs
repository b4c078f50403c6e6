//! PDF (ISO 32000-2) as a signature sees it: revisions, objects as of a revision, signature
//! fields and dictionaries, coverage, incremental updates.
//!
//! Knows nothing of hashes, certificates or CMS, and neither opens files nor reads a clock.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "to a reader that needs one kind of object, all other kinds are the same"
)]

pub mod appearance;
mod byte_range;
mod changes;
mod content;
mod coverage;
mod cursor;
mod document;
mod entry_index;
mod error;
mod field;
mod field_names;
mod filter;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod hashing;
mod object;
mod object_stream;
mod page;
mod page_number;
mod parse;
mod permission;
mod revision;
mod room;
mod salvage;
mod security_store;
mod signature;
mod text;
mod update;
mod write;
mod xref;

pub use byte_range::{ByteRange, ByteRangeError};
pub use changes::{
    Change, ChangeClass, ChangeKind, Covered, Covering, FilledValues, History, Locking, Look,
    LookShows, Loss, MarkPlace, ShownMark, WrongLook, ending,
};
pub use content::{PageContent, TextLine};
pub use coverage::Coverage;
pub use document::Document;
pub use document::object::{LocatedObject, ObjectPlace};
pub use error::{Expected, ReadError, ReadErrorKind};
pub use field::{FieldValue, SignatureField, Widget, rectangle, signature_fields};
pub use field_names::FieldNames;
pub use object::{Dictionary, Entry, Name, Object, ObjectId, PdfString, Span, Stream, StringForm};
pub use page::{Page, PageArea, PageView};
pub use permission::{FieldLock, Permission, Sealing, Verdict};
pub use revision::RevisionIndex;
pub use room::{Judge, MarkFault};
pub use salvage::salvage_signatures;
pub use security_store::{
    SecurityStore, StoreAddition, StoreFinding, StoreFindingKind, StoreUpdate, StoredDatum,
    ValidationRelatedAddition, ValidationRelatedInformation,
};
pub use signature::{DocMdpPermission, SignatureDictionary};
pub use text::{decode_date, decode_text, encode_date, encode_text};
pub use update::{
    ContentsTooSmall, Drawing, PlaceError, PlacedDrawing, Placement, PreparedUpdate, SignatureKind,
    WidgetPlacement,
};
pub use xref::{XrefEntry, XrefForm};
