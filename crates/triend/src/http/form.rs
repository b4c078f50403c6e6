//! Members of requests that have a form of their own: moments, lines of text, digests, octets.
//! Does not know which request they stand in. What is wrong is not repeated.

use std::str::FromStr;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use trien::trust::certificates_in;
use trien::x509::Certificate;
use trien_types::{Capacity, Role, UnixTime};

use crate::rejection::{Code, Rejection};
use crate::store::{ContentHash, ShortText};

/// What stands behind the question mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct QueryOf<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        let query: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        let Query(query) = query.map_err(|_| Rejection::about(Code::RequestMalformed, "?"))?;
        Ok(Self(query))
    }
}

/// A member that was read from text.
macro_rules! from_text {
    ($(#[doc = $doc:literal] $name:ident($inner:ty) = $read:expr, $expected:literal;)+) => {
        $(
            #[doc = $doc]
            #[derive(Debug, Clone)]
            pub(super) struct $name(pub(super) $inner);

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(deserializer)?;
                    let read: fn(&str) -> Option<$inner> = $read;
                    read(&text).map(Self).ok_or_else(|| D::Error::custom($expected))
                }
            }
        )+
    };
}

from_text! {
    #[doc = "A moment (RFC 3339). A plus that came as a blank, as it does in an address, is one."]
    Moment(UnixTime) = |text| UnixTime::from_rfc3339(&text.replace(' ', "+")).ok(),
        "a moment of RFC 3339 is needed";
    #[doc = "A line that people read."]
    Line(ShortText) = |text| ShortText::new(text).ok(), "a line of 1 to 300 characters is needed";
    #[doc = "SHA-256 in hexadecimal, in groups or not."]
    Fingerprint(ContentHash) = |text| {
        let plain = |character: &char| !character.is_whitespace() && *character != ':';
        ContentHash::from_hex(&text.chars().filter(plain).collect::<String>())
    }, "a SHA-256 is needed";
    #[doc = "Octets in base64."]
    Octets(Vec<u8>) = |text| STANDARD.decode(text).ok(), "base64 is needed";
    #[doc = "A role by its code."]
    RoleCode(Role) = Role::from_code, "the code of a role is needed";
    #[doc = "A capacity by its code."]
    CapacityCode(Capacity) = Capacity::from_code, "the code of a capacity is needed";
    #[doc = "One certificate: PEM, or DER in base64."]
    OneCertificate(Certificate) = one_certificate, "one certificate is needed";
}

fn one_certificate(text: &str) -> Option<Certificate> {
    let octets = if text.contains("-----BEGIN ") {
        text.as_bytes().to_vec()
    } else {
        let packed: String = text.split_ascii_whitespace().collect();
        STANDARD.decode(packed).ok()?
    };
    let mut found = certificates_in(&octets).into_iter();
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// A number in an address; what is none names nothing that is there.
pub(super) fn number(text: &str) -> Result<i64, Rejection> {
    let number = as_written(text).filter(|number| *number > 0);
    number.ok_or_else(|| Code::EntryUnknown.into())
}

/// A number that stands there as it is written out: one thing has one address, and `01` is none.
pub(super) fn as_written<N: FromStr + ToString>(text: &str) -> Option<N> {
    let number: N = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_an_address_is_taken_as_it_is_written_alone() {
        assert_eq!(as_written("10"), Some(10_u32));
        for other in ["01", "+1", "-0", "1 ", " 1", "1.0", "", "١", "4294967296"] {
            assert_eq!(as_written::<u32>(other), None, "{other:?}");
        }
        assert_eq!(number("7").unwrap(), 7);
        for other in ["07", "+7", "0", "-7"] {
            assert!(number(other).is_err(), "{other:?}");
        }
    }
}
