//! Marks that the person moved: whether they may be, and whether they then have a place.
//! Signs nothing.

use std::collections::BTreeSet;

use trien::{Document, Language, Limits, MappedFile};

use super::description::of_document;
use super::entry::{Job, ShownMark};
use super::ground::Ground;
use super::mark_description::Movable;
use crate::consent::MovedMark;
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};

/// Holds moved marks against the documents they are of. Blocks.
///
/// # Errors
/// The job has no such document, it stands there twice, it has no mark or one that stays where it
/// is, or the mark has no place where it was moved to.
pub fn check_moved(daemon: &Daemon, job: &Job, moved: &[MovedMark]) -> Result<(), Rejection> {
    let mut seen = BTreeSet::new();
    let mut marks = Vec::with_capacity(moved.len());
    for one in moved {
        if !seen.insert(one.document) {
            return Err(not_movable(one, "có hai lần", "it is there twice"));
        }
        marks.push((one, movable(job, one)?));
    }
    let ground = Ground::of(job, daemon.config())?;
    for (one, (number, mark)) in marks {
        let input = daemon.jobs().spool().input(job.id(), number);
        let file = MappedFile::open(&input).map_err(|_| Code::DocumentUnknown)?;
        let document = Document::open(&file, &Limits::default()).map_err(|_| Code::NotAPdf)?;
        let request = ground.request(&document, daemon.now(), Language::Vi)?;
        ground
            .shown(&document, request, Some((one, &mark)))
            .map_err(|rejection| with_number(one, &rejection))?;
    }
    Ok(())
}

/// Notes where the marks are to stand: what the window and the caller are shown from now on.
pub(super) fn note_moved(job: &Job, moved: &[MovedMark]) {
    for one in moved {
        let Ok((number, _)) = movable(job, one) else {
            continue;
        };
        job.change_document(number, |document| {
            if let Some(mark) = &mut document.mark {
                mark.page = one.page;
                mark.left = f64::from(one.left);
                mark.bottom = f64::from(one.bottom);
            }
        });
    }
}

fn movable(job: &Job, moved: &MovedMark) -> Result<(u32, ShownMark), Rejection> {
    let number = u32::try_from(moved.document).unwrap_or(0);
    let mark = job
        .progress()
        .document(number)
        .ok_or_else(|| not_movable(moved, "không có tài liệu này", "there is no such document"))?
        .mark;
    let mark = mark.ok_or_else(|| not_movable(moved, "không có hình", "it has no mark"))?;
    if mark.movable == Movable::No {
        return Err(not_movable(moved, "chỗ đã định", "its place is fixed"));
    }
    Ok((number, mark))
}

fn not_movable(moved: &MovedMark, vietnamese: &str, english: &str) -> Rejection {
    of_document(Code::MarkNotMovable, moved.document, (vietnamese, english))
}

/// The same with the number of the document.
fn with_number(moved: &MovedMark, rejection: &Rejection) -> Rejection {
    let details = rejection.details().unwrap_or_default();
    of_document(rejection.code(), moved.document, details)
}
