//! Moments in stored facts: whole seconds since 1970.

pub(super) mod seconds {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use trien_types::UnixTime;

    pub(in crate::facts) fn serialize<S: Serializer>(
        time: &UnixTime,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.seconds().serialize(serializer)
    }

    pub(in crate::facts) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<UnixTime, D::Error> {
        i64::deserialize(deserializer).map(UnixTime::from_seconds)
    }
}

pub(super) mod optional_seconds {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use trien_types::UnixTime;

    #[expect(clippy::ref_option, reason = "serde gives the field by reference")]
    pub(in crate::facts) fn serialize<S: Serializer>(
        time: &Option<UnixTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(UnixTime::seconds).serialize(serializer)
    }

    pub(in crate::facts) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<UnixTime>, D::Error> {
        Ok(Option::<i64>::deserialize(deserializer)?.map(UnixTime::from_seconds))
    }
}
