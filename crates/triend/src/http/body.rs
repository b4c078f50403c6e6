//! What comes in: JSON of a given form.
//! Does not know what it is for.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;

use crate::rejection::{Code, Rejection};

/// A JSON body. The content type must say so: any other type can be sent by a page without a
/// preflight.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        if !is_of_type(&request, "application/json") {
            return Err(Code::ContentTypeWrong.into());
        }
        let octets = Bytes::from_request(request, state)
            .await
            .map_err(|_| Rejection::new(Code::BodyTooLarge))?;
        serde_json::from_slice(&octets)
            .map(Self)
            .map_err(|error| Rejection::about(Code::RequestMalformed, error.to_string()))
    }
}

/// Whether `Content-Type` names this media type, whatever its parameters.
pub(crate) fn is_of_type(request: &Request, expected: &str) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media| media.trim().eq_ignore_ascii_case(expected))
}
