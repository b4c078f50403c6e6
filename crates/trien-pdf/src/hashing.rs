//! Maps keyed by object numbers and offsets, of which a large file has hundreds of thousands: with a
//! hash that is ten times as fast as the standard one, and seeded anew for each map, so that a file
//! cannot be made to fill one bucket.

/// A map by numbers.
pub(crate) type NumberMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// A set of numbers.
pub(crate) type NumberSet<K> = std::collections::HashSet<K, foldhash::fast::RandomState>;
