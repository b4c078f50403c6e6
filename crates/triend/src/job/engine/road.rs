//! One document's way: opened, the rules asked again, laid out, signed, stamped, extended.
//! Knows nothing of the other documents.

use std::sync::atomic::Ordering;

use trien::{
    Document, ErrorKind, EvidenceSearch, ExtensionRequest, Language, Limits, Signed,
    SignedDocument, TimestampFailure, propose,
};

use super::super::entry::ShownMark;
use super::super::examination::refusal;
use super::super::mark_description::Movable;
use super::super::original::Original;
use super::super::signature::SignatureLevel;
use super::super::spool::rejection_of;
use super::super::trouble::{self, Failure};
use super::line::Line;
use super::writing::Unwritten;
use crate::consent::MovedMark;
use crate::rejection::{Code, Rejection};
use crate::token_worker::{TokenServiceError, WorkerKey};

/// Layouts tried before giving up: the first may be too small for the time stamp, the second has
/// the size needed.
const MOST_LAYOUTS: usize = 3;

/// Tokens of one authority differ by their serial numbers, times and signature values.
const MARGIN_OCTETS: usize = 256;

/// Whether a signature got its time stamp.
enum Stamped<'d> {
    Done(SignedDocument<'d>),
    /// The time stamp is so many octets larger than its room.
    Lacking(usize),
}

impl Line<'_> {
    /// Signs one document: all but writing it.
    pub(super) fn walk(&self, key: &WorkerKey, number: u32) -> Result<Unwritten<'_>, Failure> {
        let spool = self.daemon.jobs().spool();
        // The copy that the signature is appended to is what is signed.
        let begun = spool.begun_result(self.job.id(), number);
        let octets = std::fs::metadata(&begun).map_err(|error| rejection_of(&error))?;
        let share = self.open(octets.len());
        // It is signed where it is what came and was shown, and nowhere else.
        let came = self.job.came(number).ok_or(Code::DocumentChanged)?;
        let file = Original::open(&begun, Some(came))?;
        let document = Document::open(&file, &Limits::default()).map_err(|_| Code::NotAPdf)?;
        let signed = self.signed(key, &document, number)?;
        let appended = self.extended(signed)?.appended().to_vec();
        drop(document);
        Ok(Unwritten {
            number,
            original: file,
            appended,
            _share: share,
        })
    }

    fn signed<'d>(
        &self,
        key: &WorkerKey,
        document: &'d Document<'d>,
        number: u32,
    ) -> Result<SignedDocument<'d>, Failure> {
        for _ in 0..MOST_LAYOUTS {
            let (signed, room) = self.signed_basic(key, document, number)?;
            if self.ground.level() == SignatureLevel::BB {
                return Ok(signed.finish());
            }
            match self.stamped(signed, room)? {
                Stamped::Done(document) => return Ok(document),
                Stamped::Lacking(octets) => {
                    // For this document and for those after it.
                    self.stamp_octets.fetch_max(octets, Ordering::Relaxed);
                }
            }
        }
        Err(Rejection::in_words(
            Code::TimeStampUnavailable,
            "dấu thời gian lớn hơn chỗ dành cho nó".to_owned(),
            "the time stamp is larger than its room".to_owned(),
        )
        .into())
    }

    fn signed_basic<'d>(
        &self,
        key: &WorkerKey,
        document: &'d Document<'d>,
        number: u32,
    ) -> Result<(Signed<'d>, usize), Failure> {
        let time = self.daemon.now();
        let signer = self.path.first().ok_or(Code::CertificateUnknown)?;
        let mut request = self.ground.request(document, time, Language::Vi)?;
        if self.ground.level() >= SignatureLevel::BT {
            request = request.with_room_for_time_stamp();
            let learnt = self.stamp_octets.load(Ordering::Relaxed);
            request.time_stamp_octets = request.time_stamp_octets.max(learnt);
        }
        let room = request.time_stamp_octets;
        let moved = self.moved(number);
        let moved = moved.as_ref().map(|(moved, shown)| (moved, shown));
        let (request, _) = self.ground.shown(document, request, moved)?;
        // Asked again, with the file as it is now: what was asked before was asked for a person.
        let permitted = propose(document, signer, request).map_err(|error| {
            Failure::Document(refusal(document, signer, &self.ground, (time, &error)))
        })?;
        // What they warn of now must have been read before the PIN was typed.
        let is_unseen = permitted
            .permit()
            .warnings()
            .any(|warning| !self.seen.has_warning(number, &warning.message));
        if is_unseen {
            return Err(Code::DocumentUnseen.into());
        }
        let prepared = permitted
            .prepare(&self.path, self.scheme)
            .map_err(|error| Failure::Document(trouble::of_road(&error)))?;
        let value = self.value(key, prepared.to_be_signed())?;
        let signed = prepared.complete(&value).map_err(|error| {
            if matches!(error.kind(), ErrorKind::ValueDoesNotHold(_)) {
                return trouble::of_signature(&TokenServiceError::SignatureWrong(self.scheme));
            }
            Failure::Document(trouble::of_road(&error))
        })?;
        Ok((signed, room))
    }

    /// `room` is what was laid out for the time stamp, in octets.
    fn stamped<'d>(&self, signed: Signed<'d>, room: usize) -> Result<Stamped<'d>, Failure> {
        // Documents may have waited for the token.
        let signed = signed.stamped_at(self.daemon.now());
        let failed = match signed.timestamp(self.ground.transport.as_ref(), &self.ground.authority)
        {
            Ok(stamped) => return Ok(Stamped::Done(stamped.finish())),
            Err(failed) => failed,
        };
        match failed.failure() {
            TimestampFailure::ContentsTooSmall(small) => {
                let lacking = small.needed_octets.saturating_sub(small.room_octets);
                let octets = room.saturating_add(lacking).saturating_add(MARGIN_OCTETS);
                Ok(Stamped::Lacking(octets))
            }
            TimestampFailure::NoTimeStamp(_)
            | TimestampFailure::Build(_)
            | TimestampFailure::Verify(_)
            | _ => Err(Code::TimeStampUnavailable.into()),
        }
    }

    fn extended<'d>(&self, signed: SignedDocument<'d>) -> Result<SignedDocument<'d>, Failure> {
        let Some(level) = self.ground.level().extension() else {
            return Ok(signed);
        };
        let search = EvidenceSearch::new(
            &self.ground.anchors,
            self.daemon.now(),
            self.ground.transport.as_ref(),
        );
        let request =
            ExtensionRequest::new(level, search).stamped_by(self.ground.authority.clone());
        let extended = signed
            .extend_to(&request, &Limits::default())
            .map_err(|error| Failure::Document(trouble::of_extension(&error)))?;
        Ok(extended.document)
    }

    /// Where the person moved the mark of a document to, where that was allowed.
    fn moved(&self, number: u32) -> Option<(MovedMark, ShownMark)> {
        let is_its = |moved: &&MovedMark| u32::try_from(moved.document) == Ok(number);
        let moved = *self.moved.iter().find(is_its)?;
        let shown = self.job.progress().document(number)?.mark?;
        (shown.movable == Movable::Yes).then_some((moved, shown))
    }
}
