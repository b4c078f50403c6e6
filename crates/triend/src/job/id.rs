//! The name of a job. Does not know what it names.

use std::fmt;

use trien_types::{decode_hex, encode_hex};

use crate::secret::NoRandomness;

/// 16 random octets: who does not know a job's name does not find it, and nobody finds another's
/// by counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId([u8; 16]);

impl JobId {
    /// A new one.
    ///
    /// # Errors
    /// The operating system gives no random octets.
    pub fn new() -> Result<Self, NoRandomness> {
        let mut octets = [0; 16];
        getrandom::fill(&mut octets).map_err(|_| NoRandomness)?;
        Ok(Self(octets))
    }

    /// Reads what [`fmt::Display`] wrote: 32 hexadecimal digits in lower case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(decode_hex(text).ok()?.try_into().ok()?);
        // Each job has one name, and the spool one folder for it.
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&encode_hex(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_back_in_its_one_form() {
        let id = JobId::new().unwrap();
        let text = id.to_string();
        assert_eq!(JobId::parse(&text), Some(id));
        assert_eq!(JobId::parse("abcdef"), None);
        assert_eq!(JobId::parse("../../../../../../etc/passwd00000"), None);
        assert_eq!(JobId::parse("0123456789ABCDEF0123456789ABCDEF"), None);
    }
}
