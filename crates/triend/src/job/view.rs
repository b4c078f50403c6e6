//! A job as JSON: for its caller, for the consent page, and as the store keeps parts of it.
//! Decides nothing.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use trien::{CommitmentType, UtcOffset};
use trien_types::{CertificateId, decode_hex};

use super::entry::{Job, JobDocument, Progress, ShownMark, Warning};
use super::mark_description::{MarkContent, Movable};
use super::signature::{Signature, SignatureDescription};
use super::state::DocumentState;
use crate::rejection::{Code, Rejection};

impl Job {
    /// The job for its caller: `GET /v1/jobs/{id}`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let progress = self.progress();
        let mut value = self.head(&progress);
        let documents: Vec<Value> = progress
            .documents
            .iter()
            .map(|document| self.document_json(document))
            .collect();
        if let Some(members) = value.as_object_mut() {
            members.insert("documents".to_owned(), documents.into());
        }
        value
    }

    /// The member `signing` of `GET /consent/ask` (docs/adr/0017-the-daemon.md).
    #[must_use]
    pub fn signing_json(&self) -> Value {
        let mut value = self.to_json();
        let signature = self.signature();
        let before = self.progress().certificate;
        if let Some(members) = value.as_object_mut() {
            // What was chosen before a stop binds nobody: another token may be there now.
            let wanted = self.wanted.map(|id| id.to_string());
            members.insert("certificate".to_owned(), wanted.into());
            let before = before.map(|id| id.to_string());
            members.insert("certificate_before".to_owned(), before.into());
            let commitment = signature.commitment.map(CommitmentType::code);
            members.insert("commitment".to_owned(), commitment.into());
            let looks = signature
                .mark
                .as_ref()
                .map(|mark| looks_json(&mark.content));
            members.insert("looks".to_owned(), looks.into());
        }
        value
    }

    /// What the caller would have put on the pages as a picture, as a PNG for the window.
    #[must_use]
    pub fn mark_picture(&self) -> Option<Vec<u8>> {
        match &self.signature().mark.as_ref()?.content {
            MarkContent::Signature(image) => image.to_png(),
            MarkContent::Seal(seal) => seal.to_png(),
            MarkContent::Text(_) | MarkContent::Information => None,
        }
    }

    /// The job without its documents.
    pub(super) fn head(&self, progress: &Progress) -> Value {
        json!({
            "job": self.id.to_string(),
            "state": progress.state.code(),
            "stopped": progress.stopped.as_ref().map(Rejection::to_json),
            "level": self.signature.level.code(),
            "act": self.signature.act_code(),
            "reason": self.signature.reason,
            "role": self.signature.role,
            "certificate": progress.certificate.or(self.wanted).map(|id| id.to_string()),
            "created": self.created.to_rfc3339(UtcOffset::VIETNAM),
            "expires": self.expires.to_rfc3339(UtcOffset::VIETNAM),
            "total": progress.documents.len(),
            "signed": progress.count(|state| state == DocumentState::Signed),
            "failed": progress.count(DocumentState::is_unsigned_end),
        })
    }

    pub(super) fn document_json(&self, document: &JobDocument) -> Value {
        let result = (document.state == DocumentState::Signed)
            .then(|| format!("/v1/jobs/{}/documents/{}", self.id, document.number));
        json!({
            "number": document.number,
            "name": document.name,
            "octets": document.octets,
            "pages": document.pages,
            "state": document.state.code(),
            "mark": document.mark.as_ref().map(mark_json),
            "warnings": document.warnings.iter().map(warning_json).collect::<Vec<_>>(),
            "error": document.error.as_ref().map(Rejection::to_json),
            "result": result,
        })
    }
}

/// What will be seen on the pages: nobody agrees to words or a picture that only the caller knows.
fn looks_json(content: &MarkContent) -> Value {
    match content {
        MarkContent::Text(lines) => json!({ "kind": "text", "lines": lines }),
        MarkContent::Signature(_) | MarkContent::Seal(_) => json!({ "kind": "picture" }),
        MarkContent::Information => json!({ "kind": "information" }),
    }
}

fn mark_json(mark: &ShownMark) -> Value {
    json!({
        "page": mark.page,
        "left": mark.left,
        "bottom": mark.bottom,
        "width": mark.width,
        "height": mark.height,
        "movable": mark.movable == Movable::Yes,
    })
}

fn warning_json(warning: &Warning) -> Value {
    json!({
        "message": warning.vietnamese,
        "message_en": warning.english,
        "clause": warning.clause,
    })
}

/// Why something failed, as the store keeps it.
#[derive(Debug, Serialize, Deserialize)]
struct StoredRejection {
    code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    details: Option<(String, String)>,
}

/// As the store keeps it.
pub(super) fn to_stored(rejection: &Rejection) -> String {
    let stored = StoredRejection {
        code: rejection.code().name().to_owned(),
        details: rejection
            .details()
            .map(|(vietnamese, english)| (vietnamese.to_owned(), english.to_owned())),
    };
    serde_json::to_string(&stored).unwrap_or_default()
}

/// As it was kept. A text that was altered leaves a failure without a reason.
pub(super) fn from_stored(text: &str) -> Rejection {
    let stored: Option<StoredRejection> = serde_json::from_str(text).ok();
    let Some(stored) = stored else {
        return Code::Internal.into();
    };
    let code = Code::from_name(&stored.code).unwrap_or(Code::Internal);
    match stored.details {
        None => code.into(),
        Some((vietnamese, english)) => Rejection::in_words(code, vietnamese, english),
    }
}

/// What was asked for, as the store keeps it.
#[derive(Debug, Serialize, Deserialize)]
struct StoredOrder<S> {
    signature: S,
    certificate: Option<String>,
}

pub(super) fn order_to_stored(signature: &Signature, wanted: Option<CertificateId>) -> String {
    let stored = StoredOrder {
        signature: signature.description(),
        certificate: wanted.map(|id| id.to_string()),
    };
    serde_json::to_string(&stored).unwrap_or_default()
}

/// What was asked for, read and checked again.
pub(super) fn order_from_stored(text: &str) -> Option<(Signature, Option<CertificateId>)> {
    let stored: StoredOrder<SignatureDescription> = serde_json::from_str(text).ok()?;
    let certificate = match stored.certificate {
        None => None,
        Some(text) => Some(CertificateId::from_sha256(
            decode_hex(&text).ok()?.try_into().ok()?,
        )),
    };
    Some((Signature::checked(stored.signature).ok()?, certificate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_kept_with_its_words() {
        for rejection in [
            Rejection::new(Code::NoRoom),
            Rejection::in_words(Code::NoPlace, "chỗ".to_owned(), "place".to_owned()),
        ] {
            assert_eq!(from_stored(&to_stored(&rejection)), rejection);
        }
        assert_eq!(from_stored("{").code(), Code::Internal);
    }
}
