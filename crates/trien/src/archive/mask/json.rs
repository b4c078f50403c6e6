//! JSON whose names keep their order. How deep it may nest is bounded by its reader.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

/// A value as it stands.
#[derive(Debug)]
pub(super) enum Json {
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
    /// A number, a truth value or null.
    Other(Value),
}

impl Json {
    fn named(&mut self, name: &str) -> Option<&mut Self> {
        let Self::Object(entries) = self else {
            return None;
        };
        let entry = entries.iter_mut().find(|(own, _)| own == name)?;
        Some(&mut entry.1)
    }

    /// Changes the text of a name.
    pub(super) fn text(&mut self, name: &str, change: impl Fn(&str) -> String) {
        if let Some(Self::Text(text)) = self.named(name) {
            *text = change(text);
        }
    }

    /// Changes each text of a list.
    pub(super) fn texts(&mut self, name: &str, change: impl Fn(&str) -> String) {
        if let Some(Self::List(values)) = self.named(name) {
            for value in values {
                if let Self::Text(text) = value {
                    *text = change(text);
                }
            }
        }
    }

    /// Goes into the value of a name.
    pub(super) fn inside(&mut self, name: &str, change: impl FnOnce(&mut Self)) {
        if let Some(value) = self.named(name) {
            change(value);
        }
    }

    /// Goes into each value of a list.
    pub(super) fn objects(&mut self, name: &str, change: impl FnMut(&mut Self)) {
        if let Some(Self::List(values)) = self.named(name) {
            values.iter_mut().for_each(change);
        }
    }

    /// The text of a name as a word of the contract.
    pub(super) fn word<T: serde::de::DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let Some(Self::Text(text)) = self.named(name) else {
            return None;
        };
        serde_json::from_value(Value::String(text.clone())).ok()
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Other(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Other(Value::Number(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Other(Value::Number(value.into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        let number = Number::from_f64(value).map_or(Value::Null, Value::Number);
        Ok(Json::Other(number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Other(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = access.next_element()? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::Other(value) => value.serialize(serializer),
            Self::List(values) => {
                let mut list = serializer.serialize_seq(Some(values.len()))?;
                for value in values {
                    list.serialize_element(value)?;
                }
                list.end()
            }
            Self::Object(entries) => {
                let mut object = serializer.serialize_map(Some(entries.len()))?;
                for (name, value) in entries {
                    object.serialize_entry(name, value)?;
                }
                object.end()
            }
        }
    }
}
