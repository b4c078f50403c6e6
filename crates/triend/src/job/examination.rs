//! What is asked about every document before the PIN is: whether it can be read, what the rules
//! say, where its mark stands.
//! Signs nothing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use trien::{Document, Error, Language, Limits, UnixTime, propose};
use trien_preview::left_out_of_document;

use super::entry::{Job, ShownMark, Warning};
use super::ground::Ground;
use super::original::Original;
use super::placing::page_count;
use super::spool::{Spool, rejection_of};
use super::state::DocumentState;
use super::trouble;
use crate::rejection::{Code, Rejection};
use crate::words;

/// Threads that examine: each holds one document.
const MOST_THREADS: usize = 4;

/// What is known of a document before it is signed.
#[derive(Debug)]
struct Examined {
    pages: usize,
    mark: Option<ShownMark>,
    warnings: Vec<Warning>,
}

/// Examines every document that waits, and notes what was found with each.
///
/// `candidates` are the grounds of everybody who may turn out to sign, where that is not known yet:
/// a document that none of them may sign is refused before anybody types a PIN.
pub(super) fn examine(
    job: &Job,
    spool: &Spool,
    (ground, candidates): (&Ground, &[Ground]),
    time: UnixTime,
) {
    let waiting = job.numbers(|document| document.state == DocumentState::Received);
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism()
        .map_or(1, usize::from)
        .clamp(1, MOST_THREADS)
        .min(waiting.len());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(number) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if job.is_cancelled() {
                        return;
                    }
                    examine_one(job, spool, (ground, candidates), (*number, time));
                }
            });
        }
    });
}

fn examine_one(
    job: &Job,
    spool: &Spool,
    (ground, candidates): (&Ground, &[Ground]),
    (number, time): (u32, UnixTime),
) {
    let examined = Original::open(&spool.input(job.id(), number), job.came(number))
        .and_then(|file| Ok((examined(&file, (ground, candidates), time)?, file.hash())))
        .and_then(|examined| {
            // Without room for a copy there is none for a signed document.
            spool
                .begin_result(job.id(), number)
                .map_err(|error| rejection_of(&error))?;
            Ok(examined)
        });
    job.change_document(number, |document| match examined {
        Ok((examined, hash)) => {
            document.came = Some(hash);
            document.pages = Some(examined.pages);
            document.mark = examined.mark;
            document.warnings = examined.warnings;
        }
        Err(rejection) => document.end(DocumentState::Refused, rejection),
    });
}

fn examined(
    octets: &[u8],
    (ground, candidates): (&Ground, &[Ground]),
    time: UnixTime,
) -> Result<Examined, Rejection> {
    let document = Document::open(octets, &Limits::default()).map_err(|_| Code::NotAPdf)?;
    document
        .check_placeable()
        .map_err(|error| trouble::of_place(&error))?;
    let pages = page_count(&document).map_err(|error| trouble::of_place(&error))?;
    if pages == 0 {
        return Err(Code::DocumentWithoutPages.into());
    }
    let request = ground.request(&document, time, Language::Vi)?;
    let warnings = match &ground.signer {
        None => warnings_of_all(&document, candidates, time)?,
        Some(signer) => {
            let certificate = signer.path.first().ok_or(Code::CertificateUnknown)?;
            warnings(&document, certificate, ground, time)?
        }
    };
    let beyond = beyond_pictures(&document);
    let warnings = beyond.into_iter().chain(warnings).collect();
    let (_, mark) = ground.shown(&document, request, None)?;
    Ok(Examined {
        pages,
        mark,
        warnings,
    })
}

/// What no picture of a page shows, said before anybody looks at one: whoever signs a class looks at
/// the first pages.
fn beyond_pictures(document: &Document<'_>) -> Option<Warning> {
    let left_out = left_out_of_document(document);
    if left_out.is_empty() {
        return None;
    }
    let named = |language| {
        let names = left_out.iter().map(|one| words::left_out(*one, language));
        names.collect::<Vec<_>>().join("; ")
    };
    Some(Warning {
        vietnamese: format!(
            "Hình xem trước không cho thấy hết tài liệu này: {}. Hãy mở bằng chương trình khác trước \
             khi ký.",
            named(Language::Vi)
        ),
        english: format!(
            "The pictures do not show all of this document: {}. Look at it in another program before \
             you sign.",
            named(Language::En)
        ),
        clause: "",
    })
}

/// What the rules warn those of who may sign, each once: it is not known yet who will, and whoever
/// types a PIN has read it. Nothing where nobody is known.
///
/// # Errors
/// None of them may sign; in the words of the one who is told least.
fn warnings_of_all(
    document: &Document<'_>,
    candidates: &[Ground],
    time: UnixTime,
) -> Result<Vec<Warning>, Rejection> {
    let mut found: Vec<Warning> = Vec::new();
    let mut refusals = Vec::with_capacity(candidates.len());
    for ground in candidates {
        let signer = ground.signer.as_ref();
        let Some(certificate) = signer.and_then(|signer| signer.path.first()) else {
            continue;
        };
        match warnings(document, certificate, ground, time) {
            Ok(warnings) => {
                for warning in warnings {
                    if !found.contains(&warning) {
                        found.push(warning);
                    }
                }
            }
            Err(rejection) => refusals.push(rejection),
        }
    }
    let are_all_refused = !candidates.is_empty() && refusals.len() == candidates.len();
    let words = |rejection: &Rejection| rejection.message().len();
    match refusals.into_iter().min_by_key(words) {
        Some(refusal) if are_all_refused => Err(refusal),
        _ => Ok(found),
    }
}

/// What the rules warn of, in both languages.
fn warnings(
    document: &Document<'_>,
    certificate: &[u8],
    ground: &Ground,
    time: UnixTime,
) -> Result<Vec<Warning>, Rejection> {
    let ask = |language| {
        let request = ground.request(document, time, language)?;
        Ok::<_, Rejection>(propose(document, certificate, request))
    };
    let vietnamese = match ask(Language::Vi)? {
        Ok(permitted) => permitted,
        Err(error) => return Err(refusal(document, certificate, ground, (time, &error))),
    };
    if vietnamese.permit().warnings().next().is_none() {
        return Ok(Vec::new());
    }
    let english = ask(Language::En)?.ok();
    let mut in_english = english
        .iter()
        .flat_map(|permitted| permitted.permit().warnings());
    let warnings = vietnamese.permit().warnings();
    Ok(warnings
        .map(|finding| trouble::warning(finding, in_english.next()))
        .collect())
}

/// The words of an error of the road; a refusal's in both languages.
pub(super) fn refusal(
    document: &Document<'_>,
    certificate: &[u8],
    ground: &Ground,
    (time, error): (UnixTime, &Error),
) -> Rejection {
    let Some(vietnamese) = error.refusal() else {
        return trouble::of_road(error);
    };
    let english = ground
        .request(document, time, Language::En)
        .ok()
        .and_then(|request| propose(document, certificate, request).err());
    let english = english.as_ref().and_then(Error::refusal);
    trouble::refused(vietnamese, english.unwrap_or(vietnamese))
}
