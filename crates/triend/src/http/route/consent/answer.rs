//! The person's answer. The PIN in it goes into `Pin` without another copy, and the body that it
//! came in is overwritten.
//! Does not know what the answer leads to.

mod pin;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::value::RawValue;
use trien_types::{CertificateId, decode_hex};
use zeroize::Zeroizing;

use super::session::Session;
use super::{BODY_OCTETS, view};
use crate::consent::{Answer, Approval, FinalTryConfirmed, MovedMark, Subject};
use crate::daemon::Daemon;
use crate::http::body::is_of_type;
use crate::job::{JobId, check_moved};
use crate::rejection::{Code, Rejection};

/// Most marks that one answer moves: one for each document of a job.
const MOVED_MARKS: usize = 1_000;

/// Longest side of a page in PDF points: 14,400 units (ISO 32000-2, annex C) of the largest unit
/// that is met. Where the mark fits is the job's question.
const PAGE_POINTS: f32 = 1_000_000.0;

/// Hexadecimal digits of an anchor's fingerprint that a person types.
const TYPED_DIGITS: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given<'a> {
    answer: Word,
    #[serde(default)]
    certificate: Option<String>,
    /// As it stands in the body: the JSON reader would unescape it into memory that it leaves.
    #[serde(borrow, default)]
    pin: Option<&'a RawValue>,
    #[serde(default)]
    final_try: bool,
    #[serde(default)]
    moved: Vec<GivenMark>,
    #[serde(default)]
    fingerprint: Option<String>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Word {
    Approved,
    Refused,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenMark {
    document: usize,
    page: usize,
    left: f32,
    bottom: f32,
}

/// `POST /consent/answer`. The connection ends with it: what it was read into is given back, and
/// overwritten with that.
pub(super) async fn give(
    session: Session,
    State(daemon): State<Daemon>,
    request: Request,
) -> Result<impl IntoResponse, Rejection> {
    let (_, ask, left) = daemon
        .asks()
        .of_session(&session.0)
        .ok_or(Code::ConsentUnknown)?;
    if left.is_none() {
        return Err(Code::ConsentUnknown.into());
    }
    let body = body_of(request).await?;
    let given: Given<'_> = serde_json::from_slice(&body)
        // The reader's own words could quote the body.
        .map_err(|_| Rejection::new(Code::RequestMalformed))?;
    let answer = match given.answer {
        Word::Refused => Answer::Refused,
        Word::Approved => {
            let subject = &ask.subject;
            let (octets, approval) = approval(subject, given)?;
            let approval = checked(&daemon, subject, (octets, approval)).await?;
            Answer::Approved(Box::new(approval))
        }
    };
    daemon
        .asks()
        .answer(&session.0, answer)
        .map_err(|_| Rejection::new(Code::ConsentUnknown))?;
    Ok((StatusCode::NO_CONTENT, [(header::CONNECTION, "close")]))
}

/// Holds an answer against the token and the job that it is for: what cannot be meant is said
/// while the window is open, and uses no try of the PIN.
async fn checked(
    daemon: &Daemon,
    subject: &Subject,
    (octets, approval): (Option<usize>, Approval),
) -> Result<Approval, Rejection> {
    if !matches!(subject, Subject::Signing { .. } | Subject::Digests { .. }) {
        return Ok(approval);
    }
    let job = if let Subject::Signing { job } = subject {
        (!approval.moved.is_empty()).then(|| job.clone())
    } else {
        None
    };
    let daemon = daemon.clone();
    let task = tokio::task::spawn_blocking(move || {
        if let Some(certificate) = &approval.certificate {
            pin::fits(&daemon.tokens().tokens(), certificate, octets)?;
        }
        if let Some(job) = job {
            let job = JobId::parse(&job).and_then(|id| daemon.jobs().find(id));
            let job = job.ok_or(Code::JobUnknown)?;
            check_moved(&daemon, &job, &approval.moved)?;
        }
        Ok(approval)
    });
    task.await.map_err(|_| Code::Internal)?
}

async fn body_of(request: Request) -> Result<Zeroizing<Vec<u8>>, Rejection> {
    if !is_of_type(&request, "application/json") {
        return Err(Code::ContentTypeWrong.into());
    }
    let octets = axum::body::to_bytes(request.into_body(), BODY_OCTETS)
        .await
        .map_err(|_| Rejection::new(Code::BodyTooLarge))?;
    // Where others still hold the octets this is a copy; the allocator overwrites theirs.
    Ok(Zeroizing::new(octets.into()))
}

/// What was agreed to, as far as it belongs to what was asked; and how many octets the PIN has.
fn approval(subject: &Subject, given: Given<'_>) -> Result<(Option<usize>, Approval), Rejection> {
    let signs = matches!(subject, Subject::Signing { .. } | Subject::Digests { .. });
    let pin = given.pin.map(|raw| pin::read(raw.get())).transpose()?;
    let (octets, pin) = pin.unzip();
    if !signs && (pin.is_some() || given.certificate.is_some() || given.final_try) {
        return Err(Code::RequestMalformed.into());
    }
    let marks = matches!(subject, Subject::Signing { .. });
    if given.moved.len() > MOVED_MARKS || !(marks || given.moved.is_empty()) {
        return Err(Code::RequestMalformed.into());
    }
    let chosen = given.certificate.as_deref().map(certificate).transpose()?;
    let certificate = match subject {
        Subject::Signing { .. } => Some(chosen.ok_or(Code::CertificateUnknown)?),
        Subject::Digests { credential, .. } => match chosen {
            Some(other) if other != *credential => return Err(Code::CertificateUnknown.into()),
            Some(_) | None => Some(*credential),
        },
        Subject::Anchor { certificate, .. } => {
            check_typed(certificate, given.fingerprint.as_deref())?;
            None
        }
        Subject::Pairing { .. } | Subject::Rights { .. } | Subject::Destruction { .. } => None,
    };
    let approval = Approval {
        certificate,
        pin,
        final_try: if given.final_try {
            FinalTryConfirmed::Yes
        } else {
            FinalTryConfirmed::No
        },
        moved: given.moved.iter().map(moved).collect::<Result<_, _>>()?,
    };
    Ok((octets, approval))
}

fn certificate(text: &str) -> Result<CertificateId, Rejection> {
    let octets = decode_hex(text).map_err(|_| Code::CertificateUnknown)?;
    let octets: [u8; 32] = octets.try_into().map_err(|_| Code::CertificateUnknown)?;
    Ok(CertificateId::from_sha256(octets))
}

fn moved(mark: &GivenMark) -> Result<MovedMark, Rejection> {
    let on_a_page = |length: f32| length.is_finite() && length.abs() <= PAGE_POINTS;
    if mark.document == 0 || !on_a_page(mark.left) || !on_a_page(mark.bottom) {
        return Err(Code::RequestMalformed.into());
    }
    Ok(MovedMark {
        document: mark.document,
        page: mark.page,
        left: mark.left,
        bottom: mark.bottom,
    })
}

/// The last digits of the fingerprint, as a person read them from another source and typed them.
fn check_typed(der: &[u8], typed: Option<&str>) -> Result<(), Rejection> {
    let fingerprint = view::fingerprint(der);
    let expected = fingerprint
        .len()
        .checked_sub(TYPED_DIGITS)
        .and_then(|start| fingerprint.get(start..));
    let typed: String = typed
        .unwrap_or_default()
        .chars()
        .filter(|character| !character.is_whitespace() && *character != ':')
        .collect();
    if expected.is_some_and(|expected| typed.eq_ignore_ascii_case(expected)) {
        Ok(())
    } else {
        Err(Code::FingerprintDiffers.into())
    }
}

#[cfg(test)]
mod tests;
