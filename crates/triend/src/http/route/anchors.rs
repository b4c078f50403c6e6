//! `/v1/anchors`: the roots that verification rests on. Anybody who is paired may see them; the person
//! decides about each that comes or goes.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use trien::UtcOffset;
use trien::trust::{AnchorPurposes, KnownCertificate, KnownRole, PathPurpose, TrustAnchor};
use trien::x509::Certificate;
use trien_types::{CertificateId, UnixTime};

use crate::anchors::{self, NarrowPurpose, NewBounds, RemovalError};
use crate::consent::{AnchorChange, Subject};
use crate::daemon::Daemon;
use crate::http::body::JsonBody;
use crate::http::form::{Fingerprint, Moment, OneCertificate};
use crate::http::gate::Paired;
use crate::rejection::{Code, Rejection};
use crate::store::{Actor, ContentHash, StoreError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Addition {
    certificate: OneCertificate,
    /// As its publisher prints it.
    fingerprint: Fingerprint,
    purpose: Option<Purpose>,
    trusted_until: Option<Moment>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Purpose {
    Signing,
    TimeStamping,
}

pub(super) fn routes() -> Router<Daemon> {
    Router::new()
        .route("/v1/anchors", get(list).post(add))
        .route("/v1/anchors/{fingerprint}", delete(remove))
}

async fn list(State(daemon): State<Daemon>, _caller: Paired) -> Result<Json<Value>, Rejection> {
    let folder = on_a_thread(move || anchors::read(daemon.config())).await?;
    let problems = folder.problems.iter().map(|problem| {
        // Where the folder is is the machine's own business.
        let name = problem.path.file_name().unwrap_or_default();
        let name = name.to_string_lossy();
        let path = problem.path.display().to_string();
        json!({ "file": name, "message_en": problem.to_string().replace(&path, &name) })
    });
    Ok(Json(json!({
        "anchors": folder.anchors.iter().map(anchor).collect::<Vec<_>>(),
        "problems": problems.collect::<Vec<_>>(),
    })))
}

fn anchor(anchor: &TrustAnchor) -> Value {
    let purpose = match anchor.purposes() {
        AnchorPurposes::Only(PathPurpose::DocumentSigning) => Some("signing"),
        AnchorPurposes::Only(PathPurpose::TimeStamping) => Some("time-stamping"),
        AnchorPurposes::Only(_) | AnchorPurposes::All | _ => None,
    };
    described(anchor.certificate(), purpose, anchor.valid_until())
}

fn described(certificate: &Certificate, purpose: Option<&str>, until: Option<UnixTime>) -> Value {
    let time = |time: UnixTime| time.to_rfc3339(UtcOffset::VIETNAM);
    let known = KnownCertificate::find(certificate.id());
    json!({
        "fingerprint": certificate.id().to_string(),
        "subject": certificate.subject().to_string(),
        "issuer": certificate.issuer().to_string(),
        "serial": certificate.serial().to_string(),
        "valid_from": time(certificate.not_before()),
        "valid_until": time(certificate.not_after()),
        "purpose": purpose,
        "trusted_until": until.map(time),
        "known": known.map(|known| json!({ "name": known.name(), "role": role(known.role()) })),
    })
}

fn role(role: KnownRole) -> &'static str {
    match role {
        KnownRole::NationalRoot => "national-root",
        KnownRole::GovernmentRoot => "government-root",
        KnownRole::GovernmentIssuer => "government-issuer",
        KnownRole::Issuer | _ => "issuer",
    }
}

async fn add(
    State(daemon): State<Daemon>,
    Paired(caller): Paired,
    JsonBody(addition): JsonBody<Addition>,
) -> Result<(StatusCode, Json<Value>), Rejection> {
    let certificate = addition.certificate.0;
    let id = certificate.id();
    if addition.fingerprint.0 != ContentHash::from(id) {
        return Err(Code::FingerprintDiffers.into());
    }
    if present(&daemon, id).await?.is_some() {
        return Err(Rejection::in_words(
            Code::AnchorRefused,
            "đã có trong thư mục tin cậy".to_owned(),
            "it is trusted already".to_owned(),
        ));
    }
    let (purpose, word) = match addition.purpose {
        Some(Purpose::Signing) => (Some(NarrowPurpose::Signing), Some("signing")),
        Some(Purpose::TimeStamping) => (Some(NarrowPurpose::TimeStamping), Some("time-stamping")),
        None => (None, None),
    };
    let until = addition.trusted_until.map(|moment| moment.0);
    let answer = described(&certificate, word, until);
    let der = certificate.as_der().to_vec();
    let subject = Subject::Anchor {
        certificate: der.clone(),
        change: AnchorChange::Add,
    };
    let (actor, config) = (Actor::Pairing(caller.pairing), daemon.config().clone());
    let bounds = NewBounds { purpose, until };
    let written = daemon.ask_and_do::<_, Rejection>(&caller, subject, move |store, now| {
        let folder = anchors::folder(&config)?;
        store.change_anchor((AnchorChange::Add, id), actor, now, || {
            anchors::add(folder, &der, id, bounds)
        })?;
        Ok(())
    });
    written.await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

async fn remove(
    State(daemon): State<Daemon>,
    Paired(caller): Paired,
    Path(fingerprint): Path<String>,
) -> Result<StatusCode, Rejection> {
    let id = ContentHash::from_hex(&fingerprint).ok_or(Code::AnchorUnknown)?;
    let id = CertificateId::from(id);
    let certificate = present(&daemon, id).await?.ok_or(Code::AnchorUnknown)?;
    let config = daemon.config().clone();
    on_a_thread(move || {
        let folder = anchors::folder(&config)?;
        anchors::check_removable(folder, id).map_err(|error| of_removal(&error))
    })
    .await?;
    let subject = Subject::Anchor {
        certificate,
        change: AnchorChange::Remove,
    };
    let (actor, config) = (Actor::Pairing(caller.pairing), daemon.config().clone());
    let removed = daemon.ask_and_do::<_, Rejection>(&caller, subject, move |store, now| {
        let folder = anchors::folder(&config)?;
        let change = (AnchorChange::Remove, id);
        store.change_anchor(change, actor, now, || {
            anchors::remove(folder, id).map_err(|error| match error {
                RemovalError::Folder(cause) => StoreError::File(folder.to_owned(), cause),
                // It was looked at before the person was asked.
                RemovalError::Shared => StoreError::Busy,
            })
        })?;
        Ok(())
    });
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}

fn of_removal(error: &RemovalError) -> Rejection {
    match error {
        RemovalError::Shared => Rejection::in_words(
            Code::AnchorRefused,
            "tệp này còn chứa chứng thư số gốc khác: hãy sửa tệp bằng tay".to_owned(),
            error.to_string(),
        ),
        RemovalError::Folder(cause) => {
            tracing::error!(%cause, "the folder of trust anchors cannot be read");
            Rejection::about(Code::Internal, "anchors")
        }
    }
}

/// DER of the root of this name, where it is trusted.
async fn present(daemon: &Daemon, id: CertificateId) -> Result<Option<Vec<u8>>, Rejection> {
    let daemon = daemon.clone();
    let folder = on_a_thread(move || anchors::read(daemon.config())).await?;
    let found = folder.anchors.find(id);
    Ok(found.map(|anchor| anchor.certificate().as_der().to_vec()))
}

async fn on_a_thread<T: Send + 'static>(
    action: impl FnOnce() -> Result<T, Rejection> + Send + 'static,
) -> Result<T, Rejection> {
    let task = tokio::task::spawn_blocking(action);
    task.await.map_err(|_| Code::Internal)?
}
