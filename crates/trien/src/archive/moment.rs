//! Times of the JSON contracts: RFC 3339 at +07:00, as `trien.verify/1` writes them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use trien_types::{UnixTime, UtcOffset};

pub(super) fn serialize<S: Serializer>(time: &UnixTime, serializer: S) -> Result<S::Ok, S::Error> {
    time.to_rfc3339(UtcOffset::VIETNAM).serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<UnixTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    UnixTime::from_rfc3339(&text).map_err(de::Error::custom)
}

/// The same for a time that may not be known: `null`.
pub(super) mod optional {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
    use trien_types::{UnixTime, UtcOffset};

    #[expect(clippy::ref_option, reason = "serde gives the field by reference")]
    pub(in crate::archive) fn serialize<S: Serializer>(
        time: &Option<UnixTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(|time| time.to_rfc3339(UtcOffset::VIETNAM))
            .serialize(serializer)
    }

    pub(in crate::archive) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<UnixTime>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| UnixTime::from_rfc3339(&text).map_err(de::Error::custom))
            .transpose()
    }
}
