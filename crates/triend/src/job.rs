//! Jobs: up to a thousand documents, one PIN. From the request over the spool, the rules and the
//! person's consent to the signed documents, which wait there until they are collected.
//! Does not know HTTP; how a signature is made is [`trien`]'s to know.
//!
//! A document counts as signed when its result and its row are on the disk. One that fails never
//! loses the others. After a restart what is signed stays so, and the rest can be tried again.

mod course;
mod description;
mod document;
mod engine;
mod entry;
mod examination;
pub(crate) mod ground;
mod id;
mod jobs;
mod mark_description;
mod mark_words;
mod moving;
mod news;
mod original;
mod placing;
mod reconciliation;
mod seen;
mod signature;
mod spool;
mod state;
mod trouble;
mod view;

pub use course::{begin, begin_if_collected, prepare_retry};
pub use description::{JobDescription, MOST_DOCUMENTS, NewDocument, NewJob};
pub use entry::Job;
pub(crate) use ground::transport;
pub use id::JobId;
pub use jobs::{Collected, Jobs};
pub use mark_description::{Mark, MarkContent, MarkDescription, MarkPage, MarkPlace, Movable};
pub use moving::check_moved;
pub use news::{News, NewsId};
pub use signature::{Signature, SignatureDescription, SignatureLevel, Turn};
pub(crate) use spool::rejection_of;
pub use spool::{PartFile, Spool};
pub use state::{DocumentState, JobState};
