//! From a signature to the level that `sign` and `countersign` are asked for.

use trien::trust::TrustAnchors;
use trien::{
    Document, ExtensionLevel, Limits, SignatureRequest, SignedDocument, SigningKey,
    TimestampedSigningError, Transport, sign_and_timestamp,
};

use crate::levels::{LevelName, ServiceArguments};
use crate::trouble::Trouble;

/// What levels above B-B need. Looked for before the key is asked: a missing folder costs no PIN.
pub(crate) struct Services<'a> {
    level: LevelName,
    arguments: &'a ServiceArguments,
    anchors: TrustAnchors,
    transport: Box<dyn Transport>,
}

impl<'a> Services<'a> {
    /// `None` for B-B, which needs nobody.
    pub(crate) fn of(
        level: LevelName,
        arguments: &'a ServiceArguments,
    ) -> Result<Option<Self>, Trouble> {
        if level == LevelName::BB {
            return Ok(None);
        }
        arguments.authority()?;
        let anchors = if level >= LevelName::BLt {
            arguments.anchors()?
        } else {
            TrustAnchors::default()
        };
        Ok(Some(Self {
            level,
            arguments,
            anchors,
            transport: arguments.transport(),
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
            if without == WithoutTimeStamp::Refused {
                return Err(Trouble::NoTimeStamp(causes(&failed)));
            }
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
    let wanted = arguments.request(level, &services.anchors, time, transport);
    let extended = signed
        .extend_to(&wanted, &Limits::default())
        .map_err(Trouble::Extension)?;
    Ok((extended.document, reached))
}

/// An error with what caused it, on one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}
