//! The members of a request: read by name and kind, unknown ones left alone, a PIN refused
//! without being read.
//! Does not know what they are for.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{CscError, Version};

/// The octets of a request, overwritten when they are dropped: a client may have put a PIN in
/// them, though nobody asked.
#[derive(Debug)]
pub struct Body(Zeroizing<Vec<u8>>);

/// The members of a request's object, as they stand in its body.
#[derive(Debug)]
pub struct Parameters<'b> {
    members: BTreeMap<String, &'b RawValue>,
    version: Version,
}

/// Members in which other services take what opens the key.
const SECRETS: [&str; 2] = ["PIN", "OTP"];

/// What v2 calls the same: the window asks for it.
const AUTHENTICATION_DATA: &str = "authData";

impl Body {
    /// The octets as they came.
    #[must_use]
    pub fn new(octets: Vec<u8>) -> Self {
        Self(Zeroizing::new(octets))
    }

    /// Its members.
    ///
    /// # Errors
    /// It is no JSON object, or has a member twice: two readers would see two requests.
    pub fn parameters(&self, version: Version) -> Result<Parameters<'_>, CscError> {
        serde_json::from_slice::<Members<'_>>(&self.0)
            .map(|Members(members)| Parameters { members, version })
            .map_err(|_| CscError::request("The request is no JSON object with unique members"))
    }
}

impl<'b> Parameters<'b> {
    /// A member that is there and not null.
    fn present(&self, name: &str) -> Option<&'b RawValue> {
        let raw = self.members.get(name).copied()?;
        (raw.get() != "null").then_some(raw)
    }

    fn read<T: DeserializeOwned>(&self, kind: &str, name: &str) -> Result<Option<T>, CscError> {
        self.present(name)
            .map(|raw| serde_json::from_str(raw.get()).map_err(|_| CscError::missing(kind, name)))
            .transpose()
    }

    /// Refuses a PIN or one-time password, whatever it is: both are typed in the window.
    ///
    /// # Errors
    /// There is one.
    pub fn refuse_secrets(&self) -> Result<(), CscError> {
        if let Some(name) = SECRETS.iter().find(|name| self.present(name).is_some()) {
            return Err(CscError::invalid(name));
        }
        let Some(raw) = self.present(AUTHENTICATION_DATA) else {
            return Ok(());
        };
        // Borrowed: what stands in a value is copied nowhere.
        let given: Vec<Members<'_>> = serde_json::from_str(raw.get())
            .map_err(|_| CscError::missing("array", AUTHENTICATION_DATA))?;
        let is_asked_for = |members: &Members<'_>| {
            let id = members.0.get("id").is_some_and(|id| id.get() == "\"PIN\"");
            let value = members.0.get("value");
            id && value.is_none_or(|value| value.get() == "null")
        };
        if given.len() <= 1 && given.iter().all(is_asked_for) {
            Ok(())
        } else {
            Err(CscError::invalid(AUTHENTICATION_DATA))
        }
    }

    pub(super) const fn version(&self) -> Version {
        self.version
    }

    pub(super) fn string(&self, name: &str) -> Result<Option<String>, CscError> {
        self.read("string", name)
    }

    pub(super) fn required_string(&self, name: &str) -> Result<String, CscError> {
        self.string(name)?
            .ok_or_else(|| CscError::missing("string", name))
    }

    pub(super) fn boolean(&self, name: &str) -> Result<bool, CscError> {
        Ok(self.read("boolean", name)?.unwrap_or(false))
    }

    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, CscError> {
        self.read("integer", name)
    }

    /// The elements of an array of objects.
    pub(super) fn objects(&self, name: &str) -> Result<Option<Vec<Self>>, CscError> {
        let Some(raw) = self.present(name) else {
            return Ok(None);
        };
        let objects: Vec<Members<'b>> = serde_json::from_str(raw.get())
            .map_err(|_| CscError::request(format!("Invalid array parameter {name}")))?;
        let objects = objects.into_iter().map(|Members(members)| Self {
            members,
            version: self.version,
        });
        Ok(Some(objects.collect()))
    }

    /// Names of documents beside the hashes, as some Vietnamese services take them; whatever
    /// else stands there.
    pub(super) fn document_names(&self) -> Vec<String> {
        let values: Vec<serde_json::Value> = self
            .present("documents")
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or_default();
        let name = |value: &serde_json::Value| {
            let named = |member: &str| value.get(member).and_then(|name| name.as_str());
            let name = value.as_str().or_else(|| named("document_name"));
            name.or_else(|| named("name")).map(str::to_owned)
        };
        values.iter().filter_map(name).collect()
    }

    /// `hash` of version 1 or `hashes` of version 2, on either path.
    pub(super) fn hashes(&self) -> Result<Option<Vec<Vec<u8>>>, CscError> {
        const OLD: &str = "hash";
        let old: Option<Vec<String>> = self.read("array", OLD)?;
        let new: Option<Vec<String>> = self
            .read("array", "hashes")
            .map_err(|_| CscError::missing("array", OLD))?;
        let Some(texts) = one_of(old, new, "hash and hashes")? else {
            return Ok(None);
        };
        if texts.is_empty() {
            return Err(CscError::request("Empty hash array"));
        }
        let decoded = texts.iter().map(|text| {
            STANDARD
                .decode(text)
                .map_err(|_| CscError::request("Invalid Base64 hash string parameter"))
        });
        decoded.collect::<Result<_, _>>().map(Some)
    }

    /// The same where they must be there.
    pub(super) fn required_hashes(&self) -> Result<Vec<Vec<u8>>, CscError> {
        self.hashes()?
            .ok_or_else(|| CscError::missing("array", "hash"))
    }

    /// `hashAlgo` of version 1 or `hashAlgorithmOID` of version 2, on either path.
    pub(super) fn hash_algorithm(&self) -> Result<Option<String>, CscError> {
        let old = self.string("hashAlgo")?;
        let new = self.string("hashAlgorithmOID")?;
        one_of(old, new, "hashAlgo and hashAlgorithmOID")
    }

    /// Under which name this version has the digest's algorithm.
    pub(super) const fn hash_algorithm_name(&self) -> &'static str {
        match self.version {
            Version::One => "hashAlgo",
            Version::Two => "hashAlgorithmOID",
        }
    }

    /// Base64 of octets.
    pub(super) fn octets(&self, name: &str) -> Result<Option<Vec<u8>>, CscError> {
        self.string(name)?
            .map(|text| STANDARD.decode(text).map_err(|_| CscError::invalid(name)))
            .transpose()
    }
}

/// One spelling or the other; both where they agree.
fn one_of<T: PartialEq>(
    old: Option<T>,
    new: Option<T>,
    names: &str,
) -> Result<Option<T>, CscError> {
    match (old, new) {
        (Some(old), Some(new)) if old != new => {
            Err(CscError::request(format!("Parameters {names} differ")))
        }
        (old, new) => Ok(old.or(new)),
    }
}

/// An object whose members are there once each.
struct Members<'b>(BTreeMap<String, &'b RawValue>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject;
        impl<'de> Visitor<'de> for OfObject {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("a member is there twice"));
                    }
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(OfObject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str) -> Result<(), CscError> {
        Body::new(json.into())
            .parameters(Version::Two)?
            .refuse_secrets()
    }

    #[test]
    fn a_pin_is_refused_wherever_it_stands_and_an_empty_place_for_it_is_not() {
        for json in [
            r#"{"PIN":"1234"}"#,
            r#"{"PIN":1234}"#,
            r#"{"PIN":""}"#,
            r#"{"OTP":"1234"}"#,
            r#"{"authData":[{"id":"PIN","value":"1234"}]}"#,
            r#"{"authData":[{"id":"OTP"}]}"#,
            r#"{"authData":[{"id":"PIN"},{"id":"PIN"}]}"#,
            r#"{"authData":{"PIN":"1234"}}"#,
        ] {
            let refused = check(json).unwrap_err();
            assert_eq!(refused.name().as_str(), "invalid_request", "{json}");
            assert!(!refused.to_string().contains("1234"), "{refused}");
        }
        for json in [
            "{}",
            r#"{"PIN":null,"authData":null}"#,
            r#"{"authData":[]}"#,
            r#"{"authData":[{"id":"PIN"}]}"#,
            r#"{"authData":[{"id":"PIN","value":null}],"other":[1,{}]}"#,
        ] {
            check(json).unwrap();
        }
    }

    #[test]
    fn both_spellings_are_taken_and_must_agree() {
        let hashes = |json: &str| {
            let body = Body::new(json.into());
            let parameters = body.parameters(Version::One).unwrap();
            parameters
                .required_hashes()
                .map_err(|error| error.to_string())
        };
        for json in [
            r#"{"hash":["AAE="]}"#,
            r#"{"hashes":["AAE="]}"#,
            r#"{"hashes":["AAE="],"hash":["AAE="]}"#,
            r#"{"hashes":["AAE="],"hash":null}"#,
        ] {
            assert_eq!(hashes(json), Ok(vec![vec![0, 1]]), "{json}");
        }
        for (json, expected) in [
            ("{}", "Missing (or invalid type) array parameter hash"),
            (
                r#"{"hashes":"AAE="}"#,
                "Missing (or invalid type) array parameter hash",
            ),
            (
                r#"{"hashes":[1]}"#,
                "Missing (or invalid type) array parameter hash",
            ),
            (r#"{"hash":[]}"#, "Empty hash array"),
            (
                r#"{"hash":["AAE"]}"#,
                "Invalid Base64 hash string parameter",
            ),
            (
                r#"{"hash":["AA E="]}"#,
                "Invalid Base64 hash string parameter",
            ),
            (
                r#"{"hash":["AAE="],"hashes":["AAI="]}"#,
                "Parameters hash and hashes differ",
            ),
        ] {
            assert_eq!(
                hashes(json),
                Err(format!("invalid_request: {expected}")),
                "{json}"
            );
        }
    }

    #[test]
    fn what_is_no_object_or_says_a_thing_twice_is_no_request() {
        for json in [
            "",
            "[]",
            "1",
            "{",
            r#"{"a":1,"a":1}"#,
            "{\"a\":1}x",
            "\u{feff}{}",
        ] {
            assert!(
                Body::new(json.into()).parameters(Version::One).is_err(),
                "{json}"
            );
        }
        // What nobody reads may be as deep as it likes; what is read, not.
        let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let body = Body::new(format!("{{\"other\":{nested},\"hash\":{nested}}}").into());
        let parameters = body.parameters(Version::One).unwrap();
        assert!(parameters.hashes().is_err());
    }
}
