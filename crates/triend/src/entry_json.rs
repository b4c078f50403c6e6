//! Entries of the register, the evidence and the log as JSON: the same at the command line and over
//! HTTP.
//! Does not know who may see them.

use serde_json::{Value, json};
use trien::{Language, UtcOffset};
use trien_types::UnixTime;

use crate::store::{
    AuditEntry, Completeness, KeptEvidence, Record, RecordState, SealAssignment, ShortText, Signer,
    Withdrawal,
};
use crate::words;

fn time(time: UnixTime) -> String {
    time.to_rfc3339(UtcOffset::VIETNAM)
}

fn text(text: Option<&ShortText>) -> Option<&str> {
    text.map(ShortText::as_str)
}

/// An entry of the register of signers.
#[must_use]
pub fn signer(signer: &Signer) -> Value {
    json!({
        "id": signer.id.number(),
        "person": signer.person.as_str(),
        "body": signer.body.as_str(),
        "role": signer.role,
        "capacity": signer.capacity,
        "certificate": signer.certificate.to_string(),
        "from": time(signer.term.from()),
        "until": signer.term.until().map(time),
        "decision": text(signer.decision.as_ref()),
        "end_decision": text(signer.end_decision.as_ref()),
    })
}

/// An assignment of a seal device.
#[must_use]
pub fn seal_assignment(seal: &SealAssignment) -> Value {
    json!({
        "seal_assignment": seal.id.number(),
        "device": seal.device.as_str(),
        "clerk": seal.clerk.number(),
        "decision": seal.decision.as_str(),
        "from": time(seal.term.from()),
        "until": seal.term.until().map(time),
    })
}

/// The line of a record.
#[must_use]
pub fn record(record: &Record) -> Value {
    json!({
        "id": record.id.number(),
        "direction": record.direction.code(),
        "sha256": record.sha256.to_string(),
        "number": text(record.number.as_ref()),
        "symbol": text(record.symbol.as_ref()),
        "kept": time(record.kept),
        "state": match record.state {
            RecordState::Kept => "kept",
            RecordState::DestructionBegun => "destruction-begun",
            RecordState::Destroyed => "destroyed",
        },
        "withdrawn": record.is_withdrawn,
    })
}

/// An item of evidence, without its octets.
#[must_use]
pub fn item(item: &KeptEvidence) -> Value {
    json!({
        "kind": item.kind.code(),
        "sha256": item.sha256.to_string(),
        "octets": item.octets.as_ref().map(Vec::len),
        "url": text(item.url.as_ref()),
        "role": item.role,
        "capacity": item.capacity,
        "assignment": text(item.assignment.as_ref()),
    })
}

/// The withdrawal of a record.
#[must_use]
pub fn withdrawal(withdrawal: &Withdrawal) -> Value {
    let reports = withdrawal.reports.iter();
    json!({
        "notice": withdrawal.notice.as_str(),
        "notice_time": time(withdrawal.notice_time),
        "replaced_by": withdrawal.replaced_by.map(|id| id.number()),
        "reports": reports
            .map(|report| json!({
                "reference": report.reference.as_str(),
                "time": time(report.time),
            }))
            .collect::<Vec<_>>(),
    })
}

/// What art. 9 asks for and is missing.
#[must_use]
pub fn completeness(found: &Completeness) -> Value {
    let missing = found.missing.iter();
    json!({
        "complete": found.is_complete(),
        "missing": missing
            .map(|missing| json!({
                "message": words::missing(*missing, Language::Vi),
                "message_en": words::missing(*missing, Language::En),
            }))
            .collect::<Vec<_>>(),
    })
}

/// An entry of the log.
#[must_use]
pub fn audit_entry(entry: &AuditEntry) -> Value {
    json!({
        "sequence": entry.sequence,
        "time": time(entry.time),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject.to_string(),
        "previous": entry.previous.to_string(),
        "hash": entry.hash.to_string(),
    })
}
