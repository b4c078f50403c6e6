//! From a signature to the level that `sign` and `countersign` are asked for.

use trien::trust::TrustAnchors;
use trien::{
    Document, ExtensionLevel, Language, Limits, SignatureRequest, SignedDocument, SigningKey,
    SuppliedEvidence, TimestampFailure, TimestampedSigningError, Transport, sign_and_timestamp,
};

use crate::levels::{LevelName, ServiceArguments};
use crate::signing::printable;
use crate::trouble::Trouble;
use crate::words::choose;

/// What levels above B-B need. Looked for before the key is asked: a missing folder costs no PIN.
pub(crate) struct Services<'a> {
    level: LevelName,
    arguments: &'a ServiceArguments,
    anchors: TrustAnchors,
    supplied: SuppliedEvidence,
    transport: Box<dyn Transport>,
    language: Language,
}

impl<'a> Services<'a> {
    /// `None` for B-B, which needs nobody.
    pub(crate) fn of(
        level: LevelName,
        arguments: &'a ServiceArguments,
        language: Language,
    ) -> Result<Option<Self>, Trouble> {
        if level == LevelName::BB {
            return Ok(None);
        }
        arguments.authority()?;
        if !arguments.has_anchors() && level == LevelName::BT {
            eprintln!("! {}", authority_unchecked(language));
        }
        let anchors = if level >= LevelName::BLt {
            arguments.anchors(language)?
        } else {
            TrustAnchors::default()
        };
        Ok(Some(Self {
            level,
            arguments,
            anchors,
            supplied: arguments.supplied(language)?,
            transport: arguments.transport(),
            language,
        }))
    }
}

/// What becomes of a signature that gets no time stamp.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithoutTimeStamp {
    /// It is kept as B-B, because the caller said so.
    Kept,
    /// Nothing is written.
    Refused,
}

/// Signs, and goes on to the level that is asked for. Gives the level reached.
pub(crate) fn raised<'d>(
    document: &'d Document<'d>,
    key: &mut dyn SigningKey,
    request: SignatureRequest,
    services: Option<&Services<'_>>,
    without: WithoutTimeStamp,
) -> Result<(SignedDocument<'d>, &'static str), Trouble> {
    let Some(services) = services else {
        let signed = trien::sign(document, key, request).map_err(Trouble::Signing)?;
        return Ok((signed, LevelName::BB.standard()));
    };
    let time = request.signing_time;
    let transport = services.transport.as_ref();
    let authority = services.arguments.authority()?;
    let signed = match sign_and_timestamp(document, key, request, transport, &authority) {
        Ok(stamped) => stamped.finish(),
        Err(TimestampedSigningError::Timestamp(failed)) => {
            let why = if let TimestampFailure::NoTimeStamp(error) = failed.failure() {
                causes(error)
            } else {
                causes(&failed)
            };
            if without == WithoutTimeStamp::Refused {
                return Err(Trouble::NoTimeStamp(why));
            }
            let language = services.language;
            eprintln!("! {}", printable(&kept_basic(&why, language)));
            return Ok((failed.into_basic().finish(), LevelName::BB.standard()));
        }
        Err(TimestampedSigningError::Sign(error)) => return Err(Trouble::Signing(error)),
        Err(other) => return Err(Trouble::NoTimeStamp(causes(&other))),
    };
    let reached = services.level.standard();
    let level = match services.level.extension() {
        Some(level) if level > ExtensionLevel::BT => level,
        _ => return Ok((signed, reached)),
    };
    let arguments = services.arguments;
    let wanted = arguments.request(
        level,
        (&services.anchors, &services.supplied),
        time,
        transport,
    );
    let extended = signed
        .extend_to(&wanted, &Limits::default())
        .map_err(Trouble::Extension)?;
    Ok((extended.document, reached))
}

fn authority_unchecked(language: Language) -> &'static str {
    choose(
        language,
        "chưa kiểm tra máy chủ dấu thời gian có đáng tin cậy không: hãy ghi --anchors",
        "whether the time-stamping authority is trusted was not checked: name roots with --anchors",
    )
}

fn kept_basic(why: &str, language: Language) -> String {
    match language {
        Language::En => format!("no time stamp, the signature stays at level B-B: {why}"),
        Language::Vi | _ => {
            format!("không lấy được dấu thời gian, chữ ký chỉ đạt mức B-B: {why}")
        }
    }
}

/// An error with what caused it, on one line. What was said already is not said again.
fn causes(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !line.contains(&said) {
            line.push_str(": ");
            line.push_str(&said);
        }
        cause = error.source();
    }
    line
}
