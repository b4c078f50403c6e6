//! `/csc/v1` and `/csc/v2`: the API of the Cloud Signature Consortium.
//! Decides nothing about signing: see [`crate::csc`].

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::super::body::{is_of_type, octets_of};
use super::super::gate::{MaybePaired, Paired};
use crate::caller::Caller;
use crate::csc::{self, Body, Call, CscError, Parameters, Version};
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};

/// Octets of a request with documents in it: forty scanned records. More go through jobs.
const DOCUMENT_OCTETS: usize = 64 << 20;

/// Where the API begins. Everything below answers in its form.
const START: &str = "/csc/";

/// Methods of the API that this service does not have.
const NOT_OFFERED: [&str; 8] = [
    "auth/login",
    "auth/revoke",
    "credentials/sendOTP",
    "credentials/getChallenge",
    "credentials/authorizeCheck",
    "oauth2/authorize",
    "oauth2/token",
    "signatures/signPolling",
];

/// A method that answers at once, or as soon as the token has.
type Method = fn(&Call, &Parameters<'_>) -> Result<Value, CscError>;

pub(super) fn routes() -> Router<Daemon> {
    Router::new().nest("/csc/v1", version(Version::One)).nest(
        "/csc/v2",
        version(Version::Two).route(
            "/signatures/signDoc",
            post(sign_documents).layer(DefaultBodyLimit::max(DOCUMENT_OCTETS)),
        ),
    )
}

fn version(version: Version) -> Router<Daemon> {
    let mut routes = Router::new()
        .route(
            "/info",
            post(move |daemon, caller, request| information(daemon, caller, request, version)),
        )
        .route(
            "/credentials/authorize",
            post(move |daemon, caller, request| authorize(daemon, caller, request, version)),
        )
        .fallback(|| async { Failed(Code::MethodNotOffered.into()) });
    let methods: [(&str, Method); 5] = [
        ("/credentials/list", csc::list),
        ("/credentials/info", csc::info),
        ("/credentials/extendTransaction", csc::extend),
        ("/signatures/signHash", csc::sign_hashes),
        ("/signatures/timestamp", csc::time_stamp),
    ];
    for (path, method) in methods {
        let handler = move |daemon, caller, request| async move {
            let body = read(request).await?;
            run(daemon, caller, body, (version, method)).await
        };
        routes = routes.route(path, post(handler));
    }
    for method in NOT_OFFERED {
        let refuse = |_caller: Paired| async { Failed(Code::MethodNotOffered.into()) };
        routes = routes.route(&format!("/{method}"), post(refuse));
    }
    routes
}

async fn information(
    State(daemon): State<Daemon>,
    MaybePaired(caller): MaybePaired,
    request: Request,
    version: Version,
) -> Result<Json<Value>, Failed> {
    let body = read(request).await?;
    let parameters = body.parameters(version)?;
    let reply = csc::information(daemon.config(), caller.as_ref(), &parameters)?;
    Ok(Json(reply))
}

async fn authorize(
    State(daemon): State<Daemon>,
    Paired(caller): Paired,
    request: Request,
    version: Version,
) -> Result<Json<Value>, Failed> {
    let body = read(request).await?;
    let call = Call::new(daemon, caller, version);
    Ok(Json(csc::authorize(&call, body).await?))
}

async fn sign_documents(
    State(daemon): State<Daemon>,
    Paired(caller): Paired,
    request: Request,
) -> Result<Json<Value>, Failed> {
    let body = read(request).await?;
    let call = Call::new(daemon, caller, Version::Two);
    Ok(Json(csc::sign_documents(&call, body).await?))
}

async fn run(
    State(daemon): State<Daemon>,
    Paired(caller): Paired,
    body: Body,
    (version, method): (Version, Method),
) -> Result<Json<Value>, Failed> {
    let reply = tokio::task::spawn_blocking(move || answer(daemon, caller, &body, version, method));
    Ok(Json(
        reply.await.map_err(|_| CscError::from(Code::Internal))??,
    ))
}

fn answer(
    daemon: Daemon,
    caller: Caller,
    body: &Body,
    version: Version,
    method: Method,
) -> Result<Value, CscError> {
    let parameters = body.parameters(version)?;
    method(&Call::new(daemon, caller, version), &parameters)
}

/// The body, which is JSON; nothing at all is an empty object, as some clients send for `info`.
async fn read(request: Request) -> Result<Body, Failed> {
    let is_json = is_of_type(&request, "application/json");
    let octets = octets_of(request, &()).await.map_err(CscError::from)?;
    if octets.is_empty() {
        return Ok(Body::new(b"{}".to_vec()));
    }
    if !is_json {
        return Err(Failed(Code::ContentTypeWrong.into()));
    }
    Ok(Body::new(octets.into()))
}

/// A failure in the form of the API.
struct Failed(CscError);

impl From<CscError> for Failed {
    fn from(error: CscError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.name().status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({
            "error": self.0.name().as_str(),
            "error_description": self.0.description(),
        });
        let mut response = (status, Json(body)).into_response();
        response.extensions_mut().insert(self.0.shown().code());
        response.extensions_mut().insert(InForm);
        response
    }
}

/// Marks a reply that has the API's form.
#[derive(Debug, Clone, Copy)]
struct InForm;

/// What the gate and the frame refuse, in the form of the API where it was called.
pub(in crate::http) fn in_form(path: &str, response: Response) -> Response {
    let extensions = response.extensions();
    let code = extensions.get::<Code>().copied();
    match code {
        Some(code) if path.starts_with(START) && extensions.get::<InForm>().is_none() => {
            let mut formed = Failed(Rejection::new(code).into()).into_response();
            // Of the address, not of the API, which knows POST alone.
            if code == Code::MethodUnknown {
                *formed.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            }
            for (name, value) in response.headers() {
                if !formed.headers().contains_key(name) {
                    formed.headers_mut().insert(name, value.clone());
                }
            }
            formed
        }
        _ => response,
    }
}
