//! `GET /v1/certificates`: the signing certificates of all tokens, without a PIN and without a
//! signature.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use trien::token::{PinState, ProtectedAuthenticationPath};
use trien::x509::const_oid::ObjectIdentifier;
use trien::x509::{Certificate, DistinguishedName, SubjectKind};
use trien::{Language, UnixTime, UtcOffset};

use crate::daemon::Daemon;
use crate::http::gate::Paired;
use crate::rejection::{Code, Rejection};
use crate::token_worker::{CertificateReport, ModuleReport, TokenReport, TokenServiceError, words};

pub(super) async fn list(
    State(daemon): State<Daemon>,
    _caller: Paired,
) -> Result<Json<Value>, Rejection> {
    let listed = tokio::task::spawn_blocking(move || {
        let now = daemon.now();
        let modules = daemon.tokens().tokens();
        tokens_json(&modules, now)
    });
    let tokens = listed.await.map_err(|_| Code::Internal)?;
    Ok(Json(json!({ "tokens": tokens })))
}

/// The tokens as callers and the consent page see them (docs/adr/0017-the-daemon.md). Paths of
/// modules are the machine's own business.
pub(crate) fn tokens_json(modules: &[ModuleReport], now: UnixTime) -> Vec<Value> {
    let tokens = modules.iter().flat_map(ModuleReport::tokens);
    tokens.map(|token| token_json(token, now)).collect()
}

fn token_json(token: &TokenReport, now: UnixTime) -> Value {
    let certificates: Vec<Value> = token
        .signing_certificates()
        .map(|certificate| certificate_json(certificate, now))
        .collect();
    let error = token.certificates.as_ref().err().map(error_json);
    json!({
        "label": token.label,
        "pin_state": pin_state(token.pin_state),
        "pad": token.protected_authentication_path == ProtectedAuthenticationPath::Present,
        "error": error,
        "certificates": certificates,
    })
}

/// Why a token or driver could not be asked: a sentence for who is to sign, and beside it the names
/// that help a technician.
pub(crate) fn error_json(error: &TokenServiceError) -> Value {
    json!({
        "code": error.code(),
        "message": words::sentence(error, Language::Vi),
        "message_en": words::sentence(error, Language::En),
        "detail": words::technical(error),
    })
}

const fn pin_state(state: PinState) -> &'static str {
    match state {
        PinState::CountLow => "count-low",
        PinState::FinalTry => "final-try",
        PinState::Locked => "locked",
        PinState::Initialised | PinState::NotInitialised | _ => "unknown",
    }
}

fn certificate_json(report: &CertificateReport, now: UnixTime) -> Value {
    let id = report.id.to_string();
    let Ok(certificate) = Certificate::from_der(report.der()) else {
        return json!({ "id": id, "usable": false, "why_not": "unreadable" });
    };
    let time = |time: UnixTime| time.to_rfc3339(UtcOffset::VIETNAM);
    let why_not = if now < certificate.not_before() {
        Some("not-yet-valid")
    } else if now > certificate.not_after() {
        Some("expired")
    } else {
        None
    };
    json!({
        "id": id,
        "subject": certificate.subject().to_string(),
        "name": certificate.subject().common_name(),
        "organisation": organisation(certificate.subject()),
        "issuer": certificate.issuer().to_string(),
        "issuer_name": certificate.issuer().common_name(),
        "serial": certificate.serial().to_string(),
        "valid_from": time(certificate.not_before()),
        "valid_until": time(certificate.not_after()),
        "kind": kind(&certificate),
        "usable": why_not.is_none(),
        "why_not": why_not,
    })
}

/// `organizationName` (X.520).
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// The last organisation in a name, which is the most specific one.
fn organisation(name: &DistinguishedName) -> Option<&str> {
    name.attributes()
        .filter(|attribute| attribute.oid == ORGANISATION)
        .last()
        .map(|attribute| attribute.text.as_str())
}

fn kind(certificate: &Certificate) -> &'static str {
    match certificate.subject_kind() {
        SubjectKind::Person | SubjectKind::PersonInOrganisation => "personal",
        SubjectKind::Organisation => "organisation",
        SubjectKind::Unknown | _ => "unknown",
    }
}
