//! What is asked, as JSON for the page.
//! Does not know how the page looks.

use std::fs::File;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use trien::x509::Certificate;
use trien_types::encode_hex;

use crate::consent::{AnchorChange, Ask, Outcome, Subject};
use crate::daemon::Daemon;
use crate::entry_json;
use crate::job::{Job, JobId};
use crate::rejection::{Code, Rejection};
use crate::secret::Secret;
use crate::store::ContentHash;

/// The JSON of a session's question; and the same as text without the time that is left, which
/// tells whether anything changed. Tokens are `null` until they are listed.
pub(super) fn of(
    daemon: &Daemon,
    session: &Secret,
    tokens: &Value,
) -> Result<(Value, String), Rejection> {
    of_watched(daemon, session, tokens, &mut None)
}

/// The same for a window that watches: the job that it asks about is kept with it, and is shown to its
/// end after its caller has removed it.
pub(super) fn of_watched(
    daemon: &Daemon,
    session: &Secret,
    tokens: &Value,
    watched: &mut Option<Arc<Job>>,
) -> Result<(Value, String), Rejection> {
    let (_, ask, left) = daemon
        .asks()
        .of_session(session)
        .ok_or(Code::ConsentUnknown)?;
    let mut members = Map::new();
    members.insert("kind".to_owned(), kind(&ask.subject).into());
    members.insert("answered".to_owned(), left.is_none().into());
    members.insert("caller".to_owned(), caller(&ask));
    members.insert(
        kind(&ask.subject).to_owned(),
        subject(daemon, &ask, watched)?,
    );
    if signs(&ask.subject) && left.is_some() {
        members.insert("tokens".to_owned(), tokens.clone());
    }
    let outcome = daemon.asks().outcome(session);
    members.insert("outcome".to_owned(), outcome.map_or(Value::Null, to_json));
    let without_time = Value::Object(members.clone()).to_string();
    members.insert(
        "seconds_left".to_owned(),
        left.map(|left| left.as_secs()).into(),
    );
    Ok((Value::Object(members), without_time))
}

/// Whether the session's question still waits for a certificate to be chosen.
pub(super) fn wants_tokens(daemon: &Daemon, session: &Secret) -> bool {
    daemon
        .asks()
        .of_session(session)
        .is_some_and(|(_, ask, left)| signs(&ask.subject) && left.is_some())
}

const fn signs(subject: &Subject) -> bool {
    matches!(subject, Subject::Signing { .. } | Subject::Digests { .. })
}

/// Stops what the question led to.
pub(super) fn cancel(daemon: &Daemon, ask: &Ask) -> Result<(), Rejection> {
    job(daemon, ask)?.cancel();
    Ok(())
}

/// A document of the job that is asked about, and the hash of what came: whoever reads it compares.
pub(super) async fn document(
    daemon: &Daemon,
    ask: &Ask,
    number: u32,
) -> Result<(File, ContentHash), Rejection> {
    let job = job(daemon, ask)?;
    let came = job.came(number).ok_or(Code::DocumentUnknown)?;
    let path = daemon.jobs().spool().input(job.id(), number);
    let opened = tokio::task::spawn_blocking(move || File::open(path)).await;
    let file = opened
        .map_err(|_| Code::Internal)?
        .map_err(|_| Code::DocumentUnknown)?;
    Ok((file, came))
}

/// Pages of a document of the job that is asked about, where they were counted.
pub(super) fn pages(daemon: &Daemon, ask: &Ask, number: u32) -> Result<Option<usize>, Rejection> {
    Ok(job(daemon, ask)?.pages(number))
}

/// The job that is asked about. A question about anything else has none.
pub(super) fn job(daemon: &Daemon, ask: &Ask) -> Result<Arc<Job>, Rejection> {
    let Subject::Signing { job } = &ask.subject else {
        return Err(Code::JobUnknown.into());
    };
    JobId::parse(job)
        .and_then(|id| daemon.jobs().find(id))
        .ok_or_else(|| Code::JobUnknown.into())
}

/// SHA-256 of a certificate in hexadecimal.
pub(super) fn fingerprint(der: &[u8]) -> String {
    encode_hex(&Sha256::digest(der))
}

/// What came of the answer; where it failed, why.
fn to_json(outcome: Outcome) -> Value {
    match outcome {
        Outcome::Underway(refused) => json!({
            "state": "underway",
            "stopped": null,
            "refused": refused.as_ref().map(Rejection::to_json),
        }),
        Outcome::Done => json!({ "state": "done", "stopped": null, "refused": null }),
        Outcome::Failed(rejection) => json!({
            "state": "stopped",
            "stopped": rejection.to_json(),
            "refused": null,
        }),
    }
}

const fn kind(subject: &Subject) -> &'static str {
    match subject {
        Subject::Pairing { .. } => "pairing",
        Subject::Signing { .. } => "signing",
        Subject::Digests { .. } => "digests",
        Subject::Anchor { .. } => "anchor",
        Subject::Rights { .. } => "rights",
        Subject::Destruction { .. } => "destruction",
    }
}

fn caller(ask: &Ask) -> Value {
    ask.caller.as_ref().map_or(Value::Null, |caller| {
        json!({
            "origin": caller.origin.as_ref().map(|origin| origin.as_str()),
            "name": caller.name,
        })
    })
}

fn subject(daemon: &Daemon, ask: &Ask, watched: &mut Option<Arc<Job>>) -> Result<Value, Rejection> {
    Ok(match &ask.subject {
        Subject::Pairing { origin, name } => json!({
            "origin": origin.as_ref().map(|origin| origin.as_str()),
            "name": name,
        }),
        Subject::Signing { .. } => {
            let job = match watched {
                Some(job) => job,
                None => watched.insert(job(daemon, ask)?),
            };
            job.signing_json()
        }
        Subject::Digests {
            credential,
            description,
            digests,
            names,
        } => json!({
            "credential": credential.to_string(),
            "description": description,
            "count": digests.len(),
            "digests": digests,
            "names": names,
        }),
        Subject::Anchor {
            certificate,
            change,
        } => anchor(certificate, *change),
        Subject::Rights { rights } => json!({
            "rights": rights.iter().map(|right| right.code()).collect::<Vec<_>>(),
        }),
        Subject::Destruction {
            record,
            items,
            decision,
        } => json!({
            "record": entry_json::record(record),
            "items": items,
            "decision": decision.as_str(),
        }),
    })
}

fn anchor(der: &[u8], change: AnchorChange) -> Value {
    let mut view = json!({
        "change": match change {
            AnchorChange::Add => "add",
            AnchorChange::Remove => "remove",
        },
        "fingerprint": fingerprint(der),
    });
    // One that cannot be read is shown by its fingerprint alone.
    if let (Ok(certificate), Some(members)) = (Certificate::from_der(der), view.as_object_mut()) {
        members.insert(
            "subject".to_owned(),
            certificate.subject().to_string().into(),
        );
        members.insert("issuer".to_owned(), certificate.issuer().to_string().into());
        members.insert(
            "valid_from".to_owned(),
            certificate.not_before().to_string().into(),
        );
        members.insert(
            "valid_until".to_owned(),
            certificate.not_after().to_string().into(),
        );
    }
    view
}
