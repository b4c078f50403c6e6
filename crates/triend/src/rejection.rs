//! Every way in which a call fails: a code that never changes, an HTTP status, whether trying again
//! can help, and one sentence in Vietnamese and in English that says what to do.
//! Does not know the routes.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

mod catalogue;
mod of_store;

pub use catalogue::Code;

/// Whether the same call can succeed later without anything being changed in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retriable {
    /// It can.
    Yes,
    /// It cannot.
    No,
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    code: Code,
    /// What exactly, where the sentence leaves room for it: a name, a limit, a position.
    detail: Option<Detail>,
}

/// What stands behind a sentence, in each language.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Detail {
    vietnamese: String,
    english: String,
}

impl Rejection {
    /// With nothing to add to the code's own sentence.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, detail: None }
    }

    /// With what exactly: shown behind the sentence. Never a PIN, a secret or a path.
    #[must_use]
    pub fn about(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: Some(Detail::in_both(detail.into())),
        }
    }

    /// With what exactly, in Vietnamese and in English.
    #[must_use]
    pub fn in_words(code: Code, vietnamese: String, english: String) -> Self {
        Self {
            code,
            detail: Some(Detail {
                vietnamese,
                english,
            }),
        }
    }

    /// Whoever asked has gone away: for the window, which is the only one left to be told.
    #[must_use]
    pub fn caller_gone() -> Self {
        Self::in_words(
            Code::Cancelled,
            "bên yêu cầu đã ngắt kết nối".to_owned(),
            "the caller has gone away".to_owned(),
        )
    }

    /// What exactly, in Vietnamese and in English.
    #[must_use]
    pub fn details(&self) -> Option<(&str, &str)> {
        let detail = self.detail.as_ref()?;
        Some((&detail.vietnamese, &detail.english))
    }

    /// Which.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The sentence in Vietnamese with its detail.
    #[must_use]
    pub fn message(&self) -> String {
        with_detail(
            self.code.vietnamese(),
            self.details().map(|(detail, _)| detail),
        )
    }

    /// The sentence in English with its detail.
    #[must_use]
    pub fn message_in_english(&self) -> String {
        with_detail(
            self.code.english(),
            self.details().map(|(_, detail)| detail),
        )
    }

    /// The body: `{"error": {"code", "message", "message_en", "retriable"}}`.
    #[must_use]
    pub fn body(&self) -> serde_json::Value {
        json!({ "error": self.to_json() })
    }

    /// The inside of the body, as it also stands beside a document that failed.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        json!({
            "code": self.code.name(),
            "message": self.message(),
            "message_en": self.message_in_english(),
            "retriable": self.code.retriable() == Retriable::Yes,
        })
    }
}

impl Detail {
    /// Names and numbers, which are the same in every language.
    fn in_both(text: String) -> Self {
        Self {
            vietnamese: text.clone(),
            english: text,
        }
    }
}

fn with_detail(sentence: &str, detail: Option<&str>) -> String {
    match detail {
        // A sentence of its own needs no brackets.
        Some(detail) if detail.ends_with('.') => format!("{sentence} {detail}"),
        Some(detail) => format!("{sentence} ({detail})"),
        None => sentence.to_owned(),
    }
}

impl From<Code> for Rejection {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.body())).into_response();
        // For the log: the code alone.
        response.extensions_mut().insert(self.code);
        response.headers_mut().insert(
            header::CACHE_CONTROL,
            header::HeaderValue::from_static("no-store"),
        );
        response
    }
}
