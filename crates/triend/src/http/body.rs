//! What comes in: JSON of a given form.
//! Does not know what it is for.

use std::error::Error;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;

use super::watched_body::TooSlow;
use crate::rejection::{Code, Rejection};

/// The largest JSON that a route takes which does not say otherwise, in octets.
pub const JSON_OCTETS: usize = 1 << 20;

/// A JSON body. The content type must say so: any other type can be sent by a page without a
/// preflight. Its size is limited by `DefaultBodyLimit`, which a route may set.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        if !is_of_type(&request, "application/json") {
            return Err(Code::ContentTypeWrong.into());
        }
        let octets = octets_of(request, state).await?;
        serde_json::from_slice(&octets).map(Self).map_err(|error| {
            let (vietnamese, english) = place_of(&error);
            Rejection::in_words(Code::RequestMalformed, vietnamese, english)
        })
    }
}

/// A whole body, within the limit of its route.
pub(crate) async fn octets_of<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Code> {
    Bytes::from_request(request, state).await.map_err(|error| {
        let too_large = matches!(
            &error,
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_))
        );
        if too_large {
            Code::BodyTooLarge
        } else {
            of_broken_body(&error)
        }
    })
}

/// Why a body did not come to its end: too slowly, or the caller went away. For routes that read
/// the body themselves.
#[must_use]
pub fn of_broken_body(error: &(dyn Error + 'static)) -> Code {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<TooSlow>() {
            return Code::TooSlow;
        }
        cause = error.source();
    }
    Code::RequestMalformed
}

/// What is wrong with a JSON text, in Vietnamese and in English, without repeating what stands in it:
/// it may be a PIN.
fn place_of(error: &serde_json::Error) -> (String, String) {
    let (vietnamese, english) = match error.classify() {
        serde_json::error::Category::Io => ("không đọc được", "io"),
        serde_json::error::Category::Syntax => ("không phải JSON", "not JSON"),
        serde_json::error::Category::Data => (
            "thiếu thành phần, thừa hoặc sai kiểu",
            "member missing, unknown or of the wrong kind",
        ),
        serde_json::error::Category::Eof => ("bị cắt", "cut off"),
    };
    let (vietnamese, english) =
        member_of(error).unwrap_or_else(|| (vietnamese.to_owned(), english.to_owned()));
    let (line, column) = (error.line(), error.column());
    (
        format!("{vietnamese}, dòng {line} cột {column}"),
        format!("{english}, line {line} column {column}"),
    )
}

/// Characters of a member's name that are repeated; ours have a dozen.
const LONGEST_MEMBER: usize = 40;

/// The member that is unknown or missing: its name, never a value.
fn member_of(error: &serde_json::Error) -> Option<(String, String)> {
    let text = error.to_string();
    let (what, rest) = text.split_once(" field `")?;
    let (name, _) = rest.split_once('`')?;
    let is_name = matches!(what, "unknown" | "missing" | "duplicate")
        && name.chars().nth(LONGEST_MEMBER).is_none()
        && !name.chars().any(char::is_control);
    let vietnamese = match what {
        "missing" => "thiếu",
        "duplicate" => "hai lần",
        _ => "không có",
    };
    is_name.then(|| {
        let vietnamese = format!("{vietnamese} thành phần {name}");
        (vietnamese, format!("{what} member {name}"))
    })
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

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Form {
        #[expect(dead_code, reason = "only its name is asked for")]
        pin: u32,
    }

    #[test]
    fn a_member_is_named_and_a_value_is_not_repeated() {
        for (text, said) in [
            (
                r#"{"pin": 1, "colour": 2}"#,
                "unknown member colour, line 1 column 19",
            ),
            ("{}", "missing member pin, line 1 column 2"),
            (
                r#"{"pin": "12345678"}"#,
                "member missing, unknown or of the wrong kind, line 1 column 18",
            ),
        ] {
            let error = serde_json::from_str::<Form>(text).unwrap_err();
            assert_eq!(place_of(&error).1, said);
        }
    }
}
