//! `/v1/workflows`: which there are, and how far a document is in one: what is signed, what is next,
//! and who may.

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use trien::{Due, Language, Necessity, SigningAct, Step, Workflow, WorkflowReport};

use super::verifications::{Wishes, judge, workflow_named};
use crate::daemon::Daemon;
use crate::http::form::QueryOf;
use crate::http::gate::Paired;
use crate::rejection::{Code, Rejection};

pub(super) fn routes() -> Router<Daemon> {
    Router::new()
        .route("/v1/workflows", get(list))
        .route("/v1/workflows/{id}", get(show))
        .route(
            "/v1/workflows/{id}/states",
            // Bounded by the configuration, and never held in memory.
            post(state).layer(DefaultBodyLimit::disable()),
        )
}

async fn list(_caller: Paired) -> Json<Value> {
    let ready = Workflow::ready_ids();
    let workflows = ready
        .iter()
        .filter_map(|id| Workflow::ready(id).ok().flatten());
    let workflows: Vec<Value> = workflows.map(|workflow| described(&workflow)).collect();
    Json(json!({ "workflows": workflows }))
}

async fn show(_caller: Paired, Path(id): Path<String>) -> Result<Json<Value>, Rejection> {
    workflow_named(&id).map(|workflow| Json(described(&workflow)))
}

fn described(workflow: &Workflow) -> Value {
    json!({
        "id": workflow.id(),
        "title": workflow.title(Language::Vi),
        "title_en": workflow.title(Language::En),
        "steps": workflow.steps().iter().map(step).collect::<Vec<_>>(),
    })
}

fn step(step: &Step) -> Value {
    let signatories = step.signatories().iter();
    json!({
        "id": step.id(),
        "title": step.title(Language::Vi),
        "title_en": step.title(Language::En),
        "act": act(step.act()),
        "needed": step.necessity() == Necessity::Needed,
        "at_least": step.count().at_least,
        "at_most": step.count().at_most,
        "certificates": step.certificates(),
        "signatories": signatories
            .map(|one| json!({ "role": one.code(), "title": one.to_string() }))
            .collect::<Vec<_>>(),
        "fields": step.fields().collect::<Vec<_>>(),
    })
}

/// As jobs name it.
fn act(act: SigningAct) -> &'static str {
    match act {
        SigningAct::Personal => "personal",
        SigningAct::Seal => "seal",
        SigningAct::SealOfCopy => "copy",
        SigningAct::Unstated | _ => "unstated",
    }
}

async fn state(
    State(daemon): State<Daemon>,
    _caller: Paired,
    Path(id): Path<String>,
    QueryOf(wishes): QueryOf<Wishes>,
    request: Request,
) -> Result<Json<Value>, Rejection> {
    let workflow = workflow_named(&id)?;
    if wishes.workflow.is_some() {
        return Err(Rejection::about(Code::RequestMalformed, "workflow"));
    }
    let name = wishes.file_name();
    let mut asked = wishes.checked(&daemon)?;
    asked.workflow = Some(workflow);
    let (verified, asked) = judge(&daemon, asked, request).await?;
    let judged = verified.workflow.as_ref().ok_or(Code::Internal)?;
    let workflow = asked.workflow.as_ref().ok_or(Code::Internal)?;
    let report = verified.report.named(&name).with_workflow(judged);
    Ok(Json(json!({
        "report": report,
        "next": next(workflow, judged, asked.language),
    })))
}

/// What may be signed now, by whom and with what.
fn next(workflow: &Workflow, judged: &WorkflowReport, language: Language) -> Vec<Value> {
    let filled: Vec<&str> = judged
        .signatures
        .iter()
        .map(|signature| signature.field.as_str())
        .collect();
    let due = judged.steps.iter().filter(|step| step.due == Due::Now);
    due.filter_map(|report| {
        let step = workflow.step(&report.step)?;
        let signatories: Vec<Value> = step
            .signatories()
            .iter()
            .filter_map(|one| {
                let assignment = workflow.assignment(step.id(), *one, &filled).ok()?;
                Some(json!({
                    "role": one.code(),
                    "title": one.to_string(),
                    "field": assignment.field,
                    "claimed_role": assignment.claimed_role,
                }))
            })
            .collect();
        Some(json!({
            "step": step.id(),
            "title": step.title(language),
            "act": act(step.act()),
            "needed": step.necessity() == Necessity::Needed,
            "signed": report.signed,
            "at_least": report.needed,
            "at_most": report.at_most,
            "certificates": step.certificates(),
            "commitment": step.commitment().map(|commitment| commitment.code()),
            "signatories": signatories,
        }))
    })
    .collect()
}
