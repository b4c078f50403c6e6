//! Questions to the person at the machine, and the windows in which they are answered.
//! Does not know what a question leads to, nor how its page looks.
//!
//! The daemon opens each window itself, with a secret that the caller never sees. The secret is
//! exchanged once for a session; the session alone may answer, and later watch what comes of it.

mod asks;
mod window;

use std::collections::BTreeSet;

use trien::token::Pin;
use trien_types::CertificateId;

use crate::caller::{Caller, Origin, Right};
use crate::rejection::Rejection;
use crate::store::{Record, ShortText};

pub use asks::{AskId, AskLimits, AskRefusal, Asks, Awaited, OpenedAsk, Watching};
pub use window::{Browser, NoWindow};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// May this page or program call at all?
    Pairing {
        /// The page's origin; none for a program.
        origin: Option<Origin>,
        /// What it calls itself.
        name: String,
    },
    /// May these documents be signed? They are the job's.
    Signing {
        /// Name of the job.
        job: String,
    },
    /// May these digests be signed, unseen? (CSC API)
    Digests {
        /// Whose key.
        credential: CertificateId,
        /// What the caller says they are.
        description: String,
        /// The digests in hexadecimal, at most as many as are authorised.
        digests: Vec<String>,
        /// Names of documents as the caller gives them: shown, and never trusted.
        names: Vec<String>,
    },
    /// May this root be trusted, or no longer?
    Anchor {
        /// DER of the certificate.
        certificate: Vec<u8>,
        /// Which of the two.
        change: AnchorChange,
    },
    /// May this pairing do more than sign and verify?
    Rights {
        /// What it asks for and does not have.
        rights: BTreeSet<Right>,
    },
    /// May the evidence of this record be destroyed for good (TT 41/2017, art. 10)?
    Destruction {
        /// The record.
        record: Box<Record>,
        /// Items of evidence kept with it.
        items: usize,
        /// The decision that is named.
        decision: ShortText,
    },
}

/// What happens to a trust anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnchorChange {
    /// It is trusted from now on.
    Add,
    /// It is trusted no longer.
    Remove,
}

/// A question with who asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ask {
    /// Who; none for a pairing, whose caller is not let in yet.
    pub caller: Option<Caller>,
    /// What.
    pub subject: Subject,
}

impl Ask {
    /// This question by this caller.
    #[must_use]
    pub const fn new(caller: Option<Caller>, subject: Subject) -> Self {
        Self { caller, subject }
    }
}

/// A mark that the person moved: where its lower left corner is to be, in PDF points of the page
/// as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct MovedMark {
    /// Number of the document in the job, from 1.
    pub document: usize,
    /// The page, from 0.
    pub page: usize,
    /// Distance from the left edge of the page as shown, in PDF points.
    pub left: f32,
    /// Distance from the lower edge of the page as shown, in PDF points.
    pub bottom: f32,
}

/// What the person agreed to.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Approval {
    /// Which certificate signs.
    pub certificate: Option<CertificateId>,
    /// The PIN typed into the window; none where the token has its own pad or nothing is signed.
    pub pin: Option<Pin>,
    /// That the last try of the PIN may be used.
    pub final_try: FinalTryConfirmed,
    /// Marks that were moved.
    pub moved: Vec<MovedMark>,
}

/// Whether the person was told that one try is left, and wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FinalTryConfirmed {
    /// Not asked, or declined.
    #[default]
    No,
    /// Confirmed.
    Yes,
}

/// What came of an approved question, or why it was not even put: for its window to show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The caller has been let on, and something is still to come. With why its last call was
    /// refused: that ends nothing, and callers may show nothing of it.
    Underway(Option<Rejection>),
    /// All of it is done.
    Done,
    /// It ended with this. Callers may show nothing of it.
    Failed(Rejection),
}

/// How a question ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answer {
    /// Yes.
    Approved(Box<Approval>),
    /// No.
    Refused,
    /// Nobody answered in time.
    Expired,
    /// Its window was closed, or never opened.
    Closed,
}
