//! `POST /v1/verifications`: a PDF in, the report out (DESIGN.md, 9), the same as `verify --format
//! json` prints.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use trien::{Language, Workflow};

use crate::daemon::Daemon;
use crate::http::form::{Line, Moment, QueryOf};
use crate::http::gate::Paired;
use crate::http::pdf_body;
use crate::rejection::{Code, Rejection};
use crate::verification::{Network, VerificationRequest, Verified, profile_named};

/// What may stand in the address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wishes {
    time: Option<Moment>,
    profile: Option<String>,
    pub(super) workflow: Option<String>,
    pub(super) lang: Option<LanguageCode>,
    online: Option<Flag>,
    /// The name of the file in the report.
    name: Option<Line>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LanguageCode {
    Vi,
    En,
}

impl From<LanguageCode> for Language {
    fn from(code: LanguageCode) -> Self {
        match code {
            LanguageCode::Vi => Self::Vi,
            LanguageCode::En => Self::En,
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
enum Flag {
    #[serde(rename = "0")]
    No,
    #[serde(rename = "1")]
    Yes,
}

pub(super) fn routes() -> Router<Daemon> {
    Router::new()
        .route("/v1/verifications", post(verify))
        // Bounded by the configuration, and never held in memory.
        .layer(DefaultBodyLimit::disable())
}

async fn verify(
    State(daemon): State<Daemon>,
    _caller: Paired,
    QueryOf(wishes): QueryOf<Wishes>,
    request: Request,
) -> Result<Response, Rejection> {
    let name = wishes.file_name();
    let asked = wishes.checked(&daemon)?;
    let (verified, _) = judge(&daemon, asked, request).await?;
    let named = verified.report.named(&name);
    let text = match &verified.workflow {
        Some(workflow) => serde_json::to_string(&named.with_workflow(workflow)),
        None => serde_json::to_string(&named),
    };
    let json = HeaderValue::from_static("application/json");
    Ok((
        [(header::CONTENT_TYPE, json)],
        text.map_err(|_| Code::Internal)?,
    )
        .into_response())
}

/// Receives a document and judges it, in its turn.
pub(super) async fn judge(
    daemon: &Daemon,
    asked: VerificationRequest,
    request: Request,
) -> Result<(Verified, VerificationRequest), Rejection> {
    let _place = daemon.verifications().receive()?;
    let file = pdf_body::receive(daemon, request).await?;
    let turn = daemon.verifications().begin().await?;
    let at = daemon.clone();
    let judged = tokio::task::spawn_blocking(move || {
        // Until it is done, also where the caller has gone away.
        let _turn = turn;
        let verified = asked.verify(&file, at.config())?;
        Ok::<_, Rejection>((verified, asked))
    });
    judged.await.map_err(|_| Code::Internal)?
}

impl Wishes {
    /// The name of the file in the report.
    pub(super) fn file_name(&self) -> String {
        let name = self.name.as_ref();
        name.map_or_else(String::new, |name| name.0.as_str().to_owned())
    }

    /// What is to be done.
    ///
    /// # Errors
    /// There is no such profile or workflow.
    pub(super) fn checked(&self, daemon: &Daemon) -> Result<VerificationRequest, Rejection> {
        let mut asked = VerificationRequest::new(daemon.config(), daemon.now());
        if let Some(time) = &self.time {
            asked.time = time.0;
        }
        if let Some(profile) = &self.profile {
            asked.profile = profile_named(profile)
                .ok_or_else(|| Rejection::about(Code::RequestMalformed, "profile"))?;
        }
        if let Some(language) = self.lang {
            asked.language = language.into();
        }
        if matches!(self.online, Some(Flag::Yes)) {
            asked.network = Network::Online;
        }
        asked.workflow = self.workflow.as_deref().map(workflow_named).transpose()?;
        Ok(asked)
    }
}

/// A ready workflow.
///
/// # Errors
/// There is none of this name.
pub(super) fn workflow_named(id: &str) -> Result<Workflow, Rejection> {
    let found = Workflow::ready(id).ok().flatten();
    found.ok_or_else(|| Code::WorkflowUnknown.into())
}
